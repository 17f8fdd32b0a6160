"""Looks up documents in a report, and puts back what it says was cut."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import xxhash

from dedup.errors import ReportError
from dedup.reporting import entries
from dedup.reporting.representation import PutBack, cut_raw, digest, put_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.model import Record


ANOTHER = "its text is not the one that was cleaned (another digest than the report's)"
"""Why a text is not restored."""

_TWICE = -1  # where two documents have one name


class Index:
    """Finds the entries of a document in a report without holding the report in memory.

    A report that was cut short serves as far as it goes: each text is proved by its digest.

    Args:
        stream: the report, binary and seekable.
        name: what the report is called in errors.
        alone: whether one input is looked up: a report of a single source then knows its records under any name of the file.

    Attributes:
        header: its first entry.
        sources: ids of the inputs that it tells of.
        complete: whether its last entry, `end`, is there.
        met: where its documents begin that were asked for to be restored.

    Raises:
        ReportError: no report, of another command or format, or damaged.
    """

    def __init__(self, stream: IO[bytes], name: str, *, alone: bool = True) -> None:
        self._stream = stream
        self._name = name
        self._alone = alone
        self._places: dict[tuple[str, int | None], int] = {}
        self._by_id: dict[int, int] = {}  # of records, by a hash of the id: two with one hash are known by their numbers
        self.header: dict[str, Any] = {}
        self.sources: set[str] = set()
        self.complete = False
        self.met: set[int] = set()
        self._build()

    @property
    def unmet(self) -> int:
        """How many of its documents were not asked for."""
        return len(self._places) - len(self.met)

    def _build(self) -> None:
        kind = ""
        for entry, number, offset in entries.read(self._stream, self._name):
            kind = entry["kind"]
            if not self.header:
                self.header = entry
                settings = entry.get("settings")
                if isinstance(settings, dict) and "find" in settings:
                    raise ReportError(
                        f"{self._name}: a report of `dedup find` or `filter`, which cut nothing: give that of `clean`"
                    )
            elif kind == "document":
                self._note(entry, number, offset)
        self.complete = kind == "end"

    def _note(self, entry: dict[str, Any], number: int, offset: int) -> None:
        """Remember where a document's entries begin."""
        source, record = entry.get("source"), entry.get("record")
        if not isinstance(source, str) or not (record is None or isinstance(record, int)):
            raise ReportError(f"{self._name}:{number}: a document needs a `source`")
        self._places[source, record] = offset
        if record is not None:
            name = _hash(entry.get("document"))
            self._by_id[name] = offset if name not in self._by_id else _TWICE
        self.sources.add(source)

    def restore(self, record: Record) -> bytes | None:
        """The original representation of a cleaned record, or None when the report does not know it.

        A text that is the original already stays.

        Raises:
            ReportError: the cleaned text, or what was put back, is not the one that the report tells of.
        """
        place = self._place(record)
        if place is None:
            return None
        self.met.add(place)
        told_of = self._from(place)
        head = next(told_of)
        present = digest(record.raw)
        if present == head.get("digest") != head.get("digest_clean"):
            return record.raw
        if present != head.get("digest_clean"):
            raise ReportError(ANOTHER)
        encoding = str(head.get("encoding"))
        restored = put_back(record.raw, [self._cut(entry, encoding) for entry in told_of if entries.is_cut(entry)])
        if digest(restored) != head.get("digest"):
            raise ReportError("the report's cuts do not give the original text (was the report edited or cut short?)")
        return restored

    def entries(self, record: Record) -> Iterator[dict[str, Any]] | None:
        """What the report tells of a record: its `document`, its cuts, and `left` where it was left; None where nothing.

        One record at a time: the entries are read as they are asked for.
        """
        place = self._place(record)
        return None if place is None else self._from(place)

    def _place(self, record: Record) -> int | None:
        """Where a record's entries begin: those of its id, wherever it stands now, else those of its number."""
        source = record.source
        if self._alone and len(self.sources) == 1:
            source = next(iter(self.sources))
        place = self._places.get((source, record.number))
        if record.number is None or record.document is None:
            return place
        named = self._by_id.get(_hash(record.document.id), _TWICE)
        return place if named == _TWICE else named

    def _from(self, place: int) -> Iterator[dict[str, Any]]:
        self._stream.seek(place)
        yield entries.parse(self._stream.readline(), self._name, 0)
        for raw in self._stream:
            if entries.is_cut_short(raw):
                return
            if raw.isspace():
                continue
            entry = entries.parse(raw, self._name, 0)
            if not entries.is_cut(entry) and entry["kind"] != "left":
                return
            yield entry

    def _cut(self, entry: dict[str, Any], encoding: str) -> PutBack:
        start, data = entry.get("byte_start"), cut_raw(entry, encoding)
        if not isinstance(start, int) or data is None:
            raise ReportError(f"{self._name}: a cut of {entry['document']} lacks `byte_start` or its text")
        return PutBack(start, data)


def _hash(name: object) -> int:
    return xxhash.xxh3_64_intdigest(str(name).encode("utf-8", "surrogatepass"))
