"""The embedded engine, on this machine: learns from the inputs, has each record judged, and hands on what is left of it."""

from __future__ import annotations

import select
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from dedup import reading
from dedup.engines.copying import with_copies
from dedup.engines.describing import Describer
from dedup.engines.verdict import Judge, Untold, Verdict, brief, untold
from dedup.engines.workers import Judges
from dedup.errors import InputError
from dedup.model import Skipped
from dedup.reporting.cuts import apply_cuts
from dedup.reporting.representation import cut_bytes
from dedup.writing.sinks import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from dedup.boilerplate.profile import Profile
    from dedup.model import Document, Finding, Record, Source
    from dedup.reporting.report import Report
    from dedup.settings import CleanSettings


_SOON = 0.005  # seconds: nobody notices that a record is late by so much, and a writer on a busy machine may need it


class Sink(Protocol):
    """Takes the records of one source, in order."""

    def write(self, record: Record, raw: bytes) -> None:
        """Take a record, of whose `raw` the given bytes are left."""


class Outputs(Protocol):
    """Where the sources' records go."""

    def open(self, source: Source) -> AbstractContextManager[Sink]:
        """The sink of one source; what it took appears under its name when the context ends well."""


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


class Event(NamedTuple):
    """What happens while sources are read, in order: one opens, gives records, and ends well or with an error.

    Attributes:
        document: of the record, to be judged.
    """

    source: Source
    record: Record | None = None
    document: Document | None = None
    ended: bool = False
    error: InputError | None = None


def events(inputs: Inputs, ids: reading.Ids) -> Iterator[Event]:
    """All that happens while the sources are read."""
    for source in inputs.sources[: inputs.settled]:
        read_on(inputs.cleaned_records(source, ids))
    for source in inputs.sources[inputs.settled :]:
        yield Event(source)
        try:
            for record in inputs.records(source, ids):
                yield Event(source, record, record.document)
        except InputError as error:
            yield Event(source, ended=True, error=error)
        else:
            yield Event(source, ended=True)


def read_on(records: Iterable[object]) -> None:
    """Read what is left of a source that nobody wants, so that later documents get the ids they had; it may end in an error."""
    with suppress(InputError):
        deque(records, maxlen=0)


def clean(  # noqa: PLR0913 (the engine's parts)
    inputs: Inputs,
    settings: CleanSettings,
    profiles: Mapping[str, Profile],
    written: Report,
    outputs: Outputs,
    *,
    workers: int = 1,
    copied: Mapping[str, list[Finding]] | None = None,
    given: Callable[[Event], Verdict | None] | None = None,
) -> None:
    """Judge every document, tell the report, and hand what is left to the outputs.

    Args:
        inputs: what is read.
        settings: how it is judged.
        profiles: by site.
        written: the report; its `failures` are what could not be read.
        outputs: where the rest goes.
        workers: processes that judge; the result is the same.
        copied: by document, paragraphs that stand in other documents and go too (`--strip copy`).
        given: gives the verdicts, in order, instead of judging (`--report-in`).

    Raises:
        OutputError: an output or the report cannot be written.
    """
    for skipped in inputs.skipped:
        written.skipped(skipped)
    ids = reading.Ids()
    finish = _whole if copied is not None else untold if written.silent else brief
    ready = None if inputs.stdin is None else inputs.ready
    judge = Judge(settings, profiles, Describer(waits=inputs.waits), notes=False)
    judging = Judges[Event, Verdict | Untold](judge, workers, attrgetter("document"), finish, ready=ready)
    with judging as judges, ExitStack() as stack:
        sink: Sink | None = None
        error: InputError | None = None  # of the source at hand; its output may have to read it too, as for Parquet
        read = events(inputs, ids)
        for event, verdict in judges.judged(read) if given is None else ((event, given(event)) for event in read):
            record = event.record
            if event.ended:
                error = _end(stack, error or event.error, written)
                if error is not None:
                    written.skipped(inputs.failed(event.source, error))
                sink = error = None
                continue
            try:
                if record is None:
                    sink = stack.enter_context(outputs.open(event.source))
                elif sink is not None and error is None:
                    if record.reason is not None:
                        written.skipped(Skipped(record.source, record.reason, record.number))
                    sink.write(record, _cut_record(event.source, record, verdict, written, copied or {}))
            except InputError as raised:
                error = raised
    written.counts["ids_repeated"] += ids.repeated
    written.end()


def _whole(_: Document, verdict: Verdict) -> Verdict | Untold:
    return verdict


def _end(stack: ExitStack, error: InputError | None, written: Report) -> InputError | None:
    """Let an output appear under its name, or, after an error, be given up; gives the error of either."""
    written.flush()
    try:
        with stack.pop_all():
            if error is not None:
                raise error
    except InputError as raised:
        return raised
    return None


def _cut_record(
    source: Source, record: Record, verdict: Verdict | Untold | None, written: Report, copied: Mapping[str, list[Finding]]
) -> bytes:
    """What is left of a record's representation; tells the report."""
    if record.document is None or verdict is None:
        return record.raw
    if record.document.id in copied and isinstance(verdict, Verdict):
        verdict = with_copies(record.document, verdict, copied[record.document.id])
    stretches = verdict.stretches
    cleaned, spans = cut_bytes(record, stretches)
    refused = refuses(source, record, cleaned) if spans else None
    if refused is not None:
        verdict.left, cleaned, spans, stretches = refused, record.raw, [], []
        verdict.kept_words = verdict.words
    record.cleaned = apply_cuts(record.document.text, stretches)
    written.document(record, cleaned, verdict.words)
    written.counts["words_kept"] += verdict.kept_words
    written.counts["changed"] += bool(spans)
    if isinstance(verdict, Untold):
        written.cuts(verdict.rules if spans else [])
    else:
        for cut, span in zip(verdict.cuts, spans, strict=True):
            written.cut(record, cut, span)
    if verdict.left is not None:
        written.left(record.document.id, verdict.left)
    return cleaned
