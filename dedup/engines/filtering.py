"""The engine's way of `filter`: passes on what no cluster drops."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from dedup import reading
from dedup.engines.finding import droppings, unwritten
from dedup.engines.inputs import read_on
from dedup.errors import InputError, Writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from dedup.engines.finding import FindResult
    from dedup.engines.inputs import Inputs, Outputs
    from dedup.matching.clusters import Dropped, Dropping
    from dedup.model import Record, Source
    from dedup.reporting.report import Report
    from dedup.settings import CleanSettings

AGAIN = "; run again"
CHANGED = f"an input was changed while it was filtered{AGAIN}"


class IdLines:
    """Instead of documents, their ids, a line each; ends of lines, and what UTF-8 cannot hold (lone surrogates), are escaped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @contextmanager
    def open(self, source: Source) -> Iterator[IdLines]:  # noqa: ARG002 (the interface of outputs)
        """A sink that writes ids."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:  # noqa: ARG002 (the interface of sinks)
        """Write a document's id.

        Raises:
            OutputError: it cannot be written; a reader that is gone stays a BrokenPipeError.
        """
        if record.document is not None:
            line = record.document.id.replace("\n", "\\n").replace("\r", "\\r")
            with Writing("standard output"):
                self._stream.write(line.encode("utf-8", "backslashreplace") + b"\n")


def filter_documents(  # noqa: PLR0913, PLR0917 (the engine's parts)
    inputs: Inputs, found: FindResult, outputs: Outputs | IdLines, written: Report, version: str, cleaning: CleanSettings
) -> Tally:
    """Write all records but those whose document goes, in a second pass over the inputs; tell the report.

    Records that could not be read pass through. A text file that goes is not written at all, nor is a source that could not be
    read to its end; no document goes for one of such a source. A text file that cannot be read any more is told of.

    Returns:
        What was told of the documents that go.

    Raises:
        InputError: a source is not what it was when it was compared, or cannot be read any more though others go for it.
        OutputError: an output or the report cannot be written.
    """
    written.header(version, {"find": dataclasses.asdict(found.matches.settings), "clean": dataclasses.asdict(cleaning)})
    for skipped in found.skipped:
        written.skipped(skipped)
    rows, gone = found.matches.columns.rows, _gone(found)
    numbers, tally = _Numbers(found), Tally(written)
    needed = {dropping.kept for dropping in gone.values()}

    def goes(number: int | None) -> bool:
        if number not in gone:
            return False
        dropping = gone[number]
        tally.tell(rows.id(dropping.document), rows.id(dropping.kept), dropping)
        return True

    for source in inputs.sources:
        records = numbers.of(source, inputs)
        if source.id in found.broken:
            read_on(records)
            continue
        try:
            pass_on(source, ((record, goes(number)) for record, number in records), outputs, written)
        except InputError as error:
            if source.format != "text" or error.reason == CHANGED or numbers.missed(source, inputs) in needed:
                raise missing(error) from error
            found.failures.append(inputs.failed(source, error))
            written.skipped(found.failures[-1])
    written.counts["too_short"] = found.matches.counts["too_short"]
    written.counts.update(found.ranking.counts())
    written.end()
    return tally


def missing(error: InputError) -> InputError:
    """Why the run cannot go on without a source for which others went, or some of whose records may have gone."""
    reason = error.reason if error.reason.endswith(AGAIN) else f"{error.reason} (it was compared with others){AGAIN}"
    return InputError(error.source, reason)


def pass_on(source: Source, records: Iterable[tuple[Record, bool]], outputs: Outputs | IdLines, written: Report) -> None:
    """Write the records of a source but those that go, each told by its bool; a text file that goes is not written at all.

    Raises:
        OutputError: the output or the report cannot be written.
    """
    with ExitStack() as stack:
        sink = None if source.format == "text" else stack.enter_context(outputs.open(source))
        for record, goes in records:
            written.counts["documents"] += record.document is not None
            if not goes:
                sink = sink or stack.enter_context(outputs.open(source))
                sink.write(record, record.raw)
        written.flush()


class _Numbers:
    """Gives documents that are read again the numbers that they have in the columns."""

    def __init__(self, found: FindResult) -> None:
        self._rows = found.matches.columns.rows
        self._order = iter(found.matches.columns.read_order.tolist())
        self._ids = reading.Ids()

    def of(self, source: Source, inputs: Inputs) -> Iterator[tuple[Record, int | None]]:
        """The records of the next source, each with its document's number.

        Raises:
            InputError: it cannot be read, or its documents are others than the first time.
        """
        for record in inputs.records(source, self._ids):
            number: int | None = None
            if record.document is not None:
                number = next(self._order, None)
                if number is None or self._rows.id(number) != record.document.id:
                    raise InputError(source.id, CHANGED)
            yield record, number
        self._check_end(source, inputs)

    def missed(self, source: Source, inputs: Inputs) -> int:
        """The number of a text that cannot be read any more; what is behind it keeps its ids and numbers.

        Raises:
            InputError: it is not there among what was read the first time.
        """
        number: int | None = next(self._order, None)
        if number is None or self._rows.id(number) != self._ids.unique(source.id):
            raise InputError(source.id, CHANGED)
        self._check_end(source, inputs)
        return number

    def _check_end(self, source: Source, inputs: Inputs) -> None:
        if source is inputs.sources[-1] and next(self._order, None) is not None:
            raise InputError(source.id, CHANGED)


def _gone(found: FindResult) -> dict[int, Dropping]:
    """By number, the documents that go: only for others that will be written."""
    lost = unwritten(found)
    return {number: dropping for number, dropping in droppings(found).items() if dropping.kept not in lost}


@dataclasses.dataclass(frozen=True, slots=True)
class Gone:
    """Why a document goes by an earlier report: the one it goes for, by its id, and how alike they are."""

    kept: str
    relation: Dropped
    jaccard: float
    containment: float


class Tally:
    """Tells a report of the documents that go.

    Attributes:
        written: the report.
        absent: ids in clusters of an earlier report that no document has.
        weakest: by relation, the least by which one goes: of near-duplicates the Jaccard, of contained ones their containment.
    """

    def __init__(self, written: Report, absent: AbstractSet[str] = frozenset()) -> None:
        self.written = written
        self.absent = absent
        self.weakest: dict[str, float] = {}

    def tell(self, document: str, keep: str, gone: Dropping | Gone) -> None:
        """Tell of one."""
        relation, jaccard, containment = gone.relation, gone.jaccard, gone.containment
        counts = self.written.counts
        counts["dropped"] += 1
        counts[f"dropped_{relation}"] += 1
        by = containment if relation == "contained" else jaccard
        self.weakest[relation] = min(by, self.weakest.get(relation, by))
        shares = {"jaccard": round(jaccard, 4), "containment": round(containment, 4)}
        self.written.write({"kind": "dropped", "document": document, "keep": keep, "relation": relation, **shares})
