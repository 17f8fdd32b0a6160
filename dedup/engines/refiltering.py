"""`filter` by an earlier report of `find`: drops what its clusters and pairs say, where the texts are still the same."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import xxhash

from dedup import reading
from dedup.engines.acting import AS_IT_IS
from dedup.engines.filtering import CHANGED, Gone, Tally, missing, pass_on
from dedup.engines.inputs import read_on
from dedup.errors import InputError, ReportError
from dedup.model import Skipped
from dedup.reporting import entries
from dedup.reporting.representation import digest
from dedup.settings import FindSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dedup.engines.filtering import IdLines
    from dedup.engines.inputs import Inputs, Outputs
    from dedup.matching.clusters import Dropped
    from dedup.model import Record
    from dedup.reporting.report import Report

_OTHER_TEXT = f"{entries.OTHER_TEXT} {AS_IT_IS}"
_UNKNOWN = f"{entries.UNKNOWN} {AS_IT_IS}"


class FindReport:
    """What an earlier report of `find` says.

    Holds 16 bytes of hashes a document, and the ids of those in clusters.

    Args:
        stream: the report, binary and seekable.
        name: what the report is called in errors.

    Attributes:
        settings: of its header.

    Raises:
        ReportError: it is damaged, or no report of `find`.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.settings: Mapping[str, Any] = {}
        self._name = name
        self._known: set[int] = set()
        self._texts: set[int] = set()
        self._same: dict[str, str] = {}
        self._clusters: list[tuple[str, list[str]]] = []
        self._pairs: dict[tuple[str, str], tuple[Dropped, float, float]] = {}
        self._read(stream)

    def _read(self, stream: IO[bytes]) -> None:
        kind, counted = "", False
        for entry, number, _ in entries.read(stream, self._name):
            kind = entry["kind"]
            if kind == "dropped":
                raise ReportError(f"{self._name}: a report of `dedup filter`, which tells of no clusters: give that of `find`")
            try:
                self._take(entry)
            except (KeyError, TypeError, ValueError) as error:
                raise ReportError(f"{self._name}:{number}: no `{kind}` of a report of `dedup find`") from error
            if kind == "end":
                counts = entry.get("counts")
                counted = isinstance(counts, dict) and bool(counts.get("documents"))
        if "find" not in self.settings or kind != "end" or (counted and not self._known):  # `filter` lists no documents
            raise ReportError(f"{self._name}: not a whole report of `dedup find`: make it anew")
        for keep, _ in self._clusters:
            if _hash(keep) not in self._known:
                raise ReportError(f"{self._name}: `keep` of a cluster is {keep!r}, no document of the report (misspelt?)")

    def _take(self, entry: Mapping[str, Any]) -> None:
        kind = entry["kind"]
        if kind == "header":
            self.settings = dict(entry["settings"])
        elif kind == "document":
            name = _text(entry["document"])
            self._known.add(_hash(name))
            self._texts.add(_hash(name, _text(entry["digest"])))
            if "same_as" in entry:
                self._same[name] = _text(entry["same_as"])
        elif kind == "cluster":
            if not isinstance(entry["documents"], list):
                raise TypeError
            self._clusters.append((_text(entry["keep"]), [_text(member) for member in entry["documents"]]))
        elif kind == "pair" and entry["relation"] in {"near_duplicate", "contained"}:
            a, b, jaccard = _text(entry["a"]), _text(entry["b"]), _share(entry["jaccard"])
            of_a, of_b = _share(entry["containment_a"]), _share(entry["containment_b"])
            self._pairs[a, b] = (entry["relation"], jaccard, of_a)
            self._pairs[b, a] = (entry["relation"], jaccard, of_b)

    def reason(self, record: Record, name: str) -> str | None:
        """Why nothing can be done about a document: it was changed, or is unknown; None where it is as it was."""
        if _hash(name, digest(record.raw)) in self._texts:
            return None
        return _OTHER_TEXT if _hash(name) in self._known else _UNKNOWN

    def members(self) -> set[str]:
        """The ids of all documents in clusters."""
        return {member for _, members in self._clusters for member in members}

    def gone(self, present: Collection[str]) -> dict[str, Gone]:
        """What goes, of the documents that are present and as they were.

        As `filter` does it: the one to keep stays; what is alike to it or contained in it by a pair of the report goes, never
        what contains it and has more to say; of the rest the first that the cluster names stays, and so on. An edited report may
        name a document in several clusters: for one that goes nothing else goes, and one for which others went stays.
        """
        gone: dict[str, Gone] = {}
        needed: set[str] = set()
        for keep, members in self._clusters:
            listed = dict.fromkeys(members)
            first = (keep,) if keep in listed else ()
            ordered = [member for member in dict.fromkeys((*first, *listed)) if member in present and member not in gone]
            while ordered:
                kept, *rest = ordered
                ordered = []
                for member in rest:
                    found = None if member in needed else self._drop(member, kept)
                    if found is None:
                        ordered.append(member)
                    else:
                        gone[member] = found
                        needed.add(kept)
        return gone

    def _drop(self, member: str, kept: str) -> Gone | None:
        one, other = self._same.get(member, member), self._same.get(kept, kept)
        if one == other:
            return Gone(kept, "equal", 1.0, 1.0)
        pair, back = self._pairs.get((one, other)), self._pairs.get((other, one))
        if pair is None or back is None:
            return None
        relation, jaccard, inside = pair
        contained = self._contained()
        if inside < contained and (relation != "near_duplicate" or back[2] >= contained):
            return None
        return Gone(kept, relation, jaccard, inside)

    def _contained(self) -> float:
        find = self.settings["find"]
        share = find.get("contained") if isinstance(find, dict) else None
        return share if isinstance(share, float) else FindSettings().contained


def filter_by(earlier: FindReport, inputs: Inputs, outputs: Outputs | IdLines, written: Report, version: str) -> Tally:
    """Write all records but those whose document goes; tell the report.

    Two passes over the inputs: the first finds which documents are as they were.

    Returns:
        What was told of the documents that go.

    Raises:
        InputError: an input was changed between the passes, or is gone though others go for it.
        OutputError: an output or the report cannot be written.
    """
    written.header(version, earlier.settings)
    for skipped in inputs.skipped:
        written.skipped(skipped)
    present, failed, absent = _compare(earlier, inputs, written)
    gone = earlier.gone(present)
    needed = {one.kept for one in gone.values()}
    ids, tally = reading.Ids(), Tally(written, absent)
    written.counts["absent"] = len(absent)

    def goes(record: Record) -> bool:
        document = record.document
        if document is None or document.id not in gone:
            return False
        if earlier.reason(record, document.id) is not None:
            raise InputError(record.source, CHANGED)
        tally.tell(document.id, gone[document.id].kept, gone[document.id])
        return True

    for source in inputs.sources:
        records = inputs.records(source, ids)
        if source.id in failed:
            read_on(records)
            continue
        try:
            pass_on(source, ((record, goes(record)) for record in records), outputs, written)
        except InputError as error:
            if source.format != "text" or error.reason == CHANGED or ids.unique(source.id) in needed:
                raise missing(error) from error
            written.skipped(inputs.failed(source, error))
    written.end()
    return tally


def _compare(earlier: FindReport, inputs: Inputs, written: Report) -> tuple[set[str], set[str], set[str]]:
    """Which documents of clusters are as they were, which sources cannot be read to their end, and which ids stand nowhere."""
    members = earlier.members()
    absent = set(members)
    present: set[str] = set()
    failed: set[str] = set()
    ids = reading.Ids()
    for source in inputs.sources:
        found: list[str] = []
        try:
            for record in inputs.records(source, ids):
                document = record.document
                if record.reason is not None:
                    written.skipped(Skipped(record.source, record.reason, record.number))
                if document is None:
                    continue
                written.note(record)
                absent.discard(document.id)
                reason = earlier.reason(record, document.id)
                if reason is not None:
                    written.skipped(Skipped(record.source, reason, record.number))
                elif document.id in members:
                    found.append(document.id)
        except InputError as error:
            written.skipped(inputs.failed(source, error))
            failed.add(source.id)
        else:
            present.update(found)
    if ids.repeated:
        written.counts["ids_repeated"] = ids.repeated
    return present, failed, absent


def _hash(*parts: str) -> int:
    return xxhash.xxh3_64_intdigest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _share(value: object) -> float:
    if not isinstance(value, float | int) or not 0 <= value <= 1:
        raise ValueError
    return float(value)
