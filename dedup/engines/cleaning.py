"""The engine's way of `clean`: has each record of the inputs judged, and hands on what is left of it."""

from __future__ import annotations

from contextlib import ExitStack
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dedup import reading
from dedup.engines.copying import with_copies
from dedup.engines.describing import Describer
from dedup.engines.inputs import read_on
from dedup.engines.verdict import BareCuts, Judge, Verdict, bare_cuts, without_texts
from dedup.engines.workers import Judges
from dedup.errors import InputError
from dedup.model import Skipped
from dedup.reporting.cuts import apply_cuts
from dedup.reporting.representation import cut_bytes
from dedup.writing.sinks import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from dedup.boilerplate.profile import Profile
    from dedup.engines.inputs import Inputs, Outputs, Sink
    from dedup.model import Document, Finding, Record, Source
    from dedup.reporting.report import Report
    from dedup.settings import CleanSettings


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


def clean(  # noqa: PLR0913 (the engine's parts)
    inputs: Inputs,
    settings: CleanSettings,
    profiles: Mapping[str, Profile],
    written: Report,
    outputs: Outputs,
    *,
    workers: int = 1,
    copied: Mapping[str, list[Finding]] | None = None,
    given: Callable[[Iterable[Event]], Iterable[tuple[Event, Verdict | None]]] | None = None,
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
        given: gives the events with their verdicts, in order, instead of judging (`--report-in`).

    Raises:
        OutputError: an output or the report cannot be written.
    """
    for skipped in inputs.skipped:
        written.skipped(skipped)
    ids = reading.Ids()
    finish = _with_texts if copied is not None else bare_cuts if written.silent else without_texts
    ready = None if inputs.stdin is None else inputs.ready
    judge = Judge(settings, profiles, Describer(waits=inputs.waits), notes=False)
    judging = Judges[Event, Verdict | BareCuts](judge, workers, attrgetter("document"), finish, ready=ready)
    with judging as judges, ExitStack() as stack:
        sink: Sink | None = None
        error: InputError | None = None  # of the source at hand; its output may have to read it too, as for Parquet
        read = events(inputs, ids)
        for event, verdict in judges.judged(read) if given is None else given(read):
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


def _with_texts(_: Document, verdict: Verdict) -> Verdict | BareCuts:
    """The verdict as it is: `with_copies` has to see the paragraphs."""
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
    source: Source, record: Record, verdict: Verdict | BareCuts | None, written: Report, copied: Mapping[str, list[Finding]]
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
    if isinstance(verdict, BareCuts):
        written.cuts(verdict.rules if spans else [])
    else:
        for cut, span in zip(verdict.cuts, spans, strict=True):
            written.cut(record, cut, span)
    if verdict.left is not None:
        written.left(record.document.id, verdict.left)
    return cleaned
