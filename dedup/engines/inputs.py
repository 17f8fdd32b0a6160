"""What the engines read, as records or as documents, and the outputs to which they hand records on."""

from __future__ import annotations

import select
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dedup import reading
from dedup.errors import InputError
from dedup.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from dedup.model import Document, Record, Source
    from dedup.reporting.report import Report

_SOON = 0.005  # seconds: nobody notices that a record is late by so much, and a writer on a busy machine may need it


@dataclass(slots=True)
class Inputs:
    """What is to be read.

    Attributes:
        sources: in byte order of their ids.
        skipped: what was found and is not read.
        named: ids of the sources that the user named outright: when one is no text, that is a failure.
        fields: the records' fields.
        site: the site of all documents, or None.
        progress: called with the bytes read since the last call, or None.
        max_decompressed: bytes that a compressed source may have, or None.
        stdin: read for the source without a path.
        waits: called before the user has to wait for a compiler, which is once.
        settled: so many of the sources, the first ones, an earlier run has dealt with: `clean` reads them for their ids only.
        foreign: by id of a source that was passed over, what is to be done so that it can be read, where anything can.
        textless: ids of the sources that were passed over because they are no text.
    """

    sources: list[Source]
    skipped: list[Skipped] = field(default_factory=list)
    named: frozenset[str] = frozenset()
    fields: reading.Fields = field(default_factory=reading.Fields)
    site: str | None = None
    progress: Callable[[int], None] | None = None
    max_decompressed: int | None = None
    stdin: BinaryIO | None = None
    waits: Callable[[], None] | None = None
    settled: int = 0
    foreign: dict[str, str] = field(default_factory=dict)
    textless: set[str] = field(default_factory=set)

    def records(self, source: Source, ids: reading.Ids, *, bare: bool = False) -> Iterator[Record]:
        """The records of one source; `bare`: their documents are all that is wanted."""
        return self._read(source, ids, bare=bare)

    def cleaned_records(self, source: Source, ids: reading.Ids) -> Iterator[Record]:
        """The records of one source, also where it looks binary, as what is left of a text may."""
        return self._read(source, ids, any_bytes=True)

    def _read(self, source: Source, ids: reading.Ids, *, any_bytes: bool = False, bare: bool = False) -> Iterator[Record]:
        return reading.read(
            source,
            self.fields,
            stream=self.stdin if source.path is None else None,
            ids=ids,
            progress=self.progress,
            site=self.site,
            max_decompressed=self.max_decompressed,
            any_bytes=any_bytes,
            bare=bare,
        )

    def ready(self) -> bool:
        """Whether standard input has more to read, if not at once, then soon; False where that cannot be told."""
        try:
            return self.stdin is None or bool(select.select([self.stdin.fileno()], [], [], _SOON)[0])
        except (OSError, ValueError):  # no file descriptor, or one that cannot be asked
            return False

    def failed(self, source: Source, error: InputError) -> Skipped:
        """What the report says of a source that could not be read."""
        expected = isinstance(error, reading.BinaryError) and source.id not in self.named
        if expected:
            self.textless.add(source.id)
        if expected and error.reason in reading.ADVICE:
            self.foreign[source.id] = error.reason
        return Skipped(source.id, error.reason, expected=expected)


def documents(inputs: Inputs, failures: list[Skipped] | None = None, written: Report | None = None) -> Iterator[Document]:
    """The documents of all sources; what could not be read goes to `failures`, notes to `written`, when these are given."""

    def tell(skipped: Skipped) -> None:
        if failures is not None and not skipped.expected:
            failures.append(skipped)

    ids = reading.Ids()
    for record in records(inputs, ids, tell, bare=True):
        if record.document is not None:
            if written is not None:
                written.note(record)
                written.counts["ids_repeated"] = ids.repeated
            yield record.document


def records(inputs: Inputs, ids: reading.Ids, tell: Callable[[Skipped], object], *, bare: bool = False) -> Iterator[Record]:
    """The records of all sources that have a document; what could not be read is told of, in its order."""
    for source in inputs.sources:
        try:
            for record in inputs.records(source, ids, bare=bare):
                if record.document is not None:
                    yield record
                elif record.reason is not None:
                    tell(Skipped(record.source, record.reason, record.number))
        except InputError as error:
            tell(inputs.failed(source, error))


def read_on(records: Iterable[object]) -> None:
    """Read what is left of a source that nobody wants, so that later documents get the ids they had; it may end in an error."""
    with suppress(InputError):
        deque(records, maxlen=0)


class Sink(Protocol):
    """Takes the records of one source, in order."""

    def write(self, record: Record, raw: bytes) -> None:
        """Take a record, of whose `raw` the given bytes are left."""


class Outputs(Protocol):
    """Where the sources' records go."""

    def open(self, source: Source) -> AbstractContextManager[Sink]:
        """The sink of one source; what it took appears under its name when the context ends well."""
