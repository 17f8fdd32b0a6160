"""The engine's way of `filter`: passes on what no cluster drops."""

from __future__ import annotations

import dataclasses
import json
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

from dedup import reading
from dedup.engines.embedded import events
from dedup.engines.finding import droppings
from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.clusters import Dropping
    from dedup.columns import Row
    from dedup.engines.embedded import Inputs, Outputs, Sink
    from dedup.engines.finding import Found
    from dedup.model import Document, Record, Source
    from dedup.report import Report
    from dedup.settings import CleanSettings


class Ids:
    """Instead of documents, their ids, a line each; what UTF-8 cannot hold (lone surrogates) is escaped."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @contextmanager
    def open(self, source: Source) -> Iterator[Ids]:  # noqa: ARG002 (the interface of outputs)
        """A sink that writes ids."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:  # noqa: ARG002 (the interface of sinks)
        """Write a document's id."""
        if record.document is not None:
            self._stream.write(record.document.id.encode("utf-8", "backslashreplace") + b"\n")


def filter_documents(  # noqa: PLR0913, PLR0917 (the engine's parts)
    inputs: Inputs, found: Found, outputs: Outputs | Ids, written: Report, version: str, cleaning: CleanSettings
) -> None:
    """Write all records but those whose document goes, in a second pass over the inputs; tell the report.

    Records that could not be read pass through. A text file that goes is not written at all, nor is a source that could not be
    read to its end; no document goes for one of such a source.

    Raises:
        InputError: a source is not what it was when it was compared.
        OutputError: an output or the report cannot be written.
    """
    written.header(version, {"find": dataclasses.asdict(found.matches.settings), "clean": dataclasses.asdict(cleaning)})
    for skipped in found.skipped:
        written.skipped(skipped)
    failed = {item.source for item in found.skipped if item.record is None}
    numbers = _Numbers(found)
    gone = _gone(found, failed)
    with ExitStack() as stack:
        sink: Sink | None = None
        for event in events(inputs, reading.Ids()):
            source, record = event.source, event.record
            number = None if event.document is None else numbers.take(source, event.document)
            if source.id in failed:
                continue
            if event.error is not None:
                raise event.error
            if event.ended:
                written.flush()
                stack.close()
                sink = None
                continue
            if record is not None and number is not None:
                written.counts["documents"] += 1
                if number in gone:
                    _tell(written, found.matches.columns.rows, gone[number])
                    continue
            if sink is None and (record is not None or source.format != "text"):
                sink = stack.enter_context(outputs.open(source))
            if sink is not None and record is not None:
                sink.write(record, record.raw)
    written.end()


class _Numbers:
    """Gives documents that are read again the numbers that they have in the columns."""

    def __init__(self, found: Found) -> None:
        self._rows = found.matches.columns.rows
        self._order = iter(found.matches.columns.read_order.tolist())

    def take(self, source: Source, document: Document) -> int:
        """The number of the next document.

        Raises:
            InputError: it is another than the first time.
        """
        number: int | None = next(self._order, None)
        if number is None or self._rows[number].id != document.id:
            raise InputError(source.id, "it was changed while it was filtered; run again")
        return number


def _gone(found: Found, failed: set[str]) -> dict[int, Dropping]:
    """By number, the documents that go: only for others that will be written."""
    gone = droppings(found)
    if not failed or not gone:
        return gone
    unwritten = set()
    with found.lines.open("rb") as lines:
        entries = (json.loads(line) for line in lines if line.startswith(b'{"kind": "document"'))
        for number, entry in zip(found.matches.columns.read_order.tolist(), entries, strict=True):
            if entry["source"] in failed:
                unwritten.add(number)
    return {number: dropping for number, dropping in gone.items() if dropping.kept not in unwritten}


def _tell(written: Report, rows: list[Row], dropping: Dropping) -> None:
    written.counts["dropped"] += 1
    written.write(
        {
            "kind": "dropped",
            "document": rows[dropping.document].id,
            "keep": rows[dropping.kept].id,
            "jaccard": round(dropping.jaccard, 4),
            "containment": round(dropping.containment, 4),
        }
    )
