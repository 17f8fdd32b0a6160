"""Acts on an earlier report of `clean`: what it says is cut, where the text is still the one that it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dedup.choices import MODES
from dedup.engines.describing import Describer
from dedup.engines.verdict import Verdict
from dedup.engines.workers import batches
from dedup.errors import ReportError
from dedup.model import Skipped, Span
from dedup.reporting.cuts import apply_cuts
from dedup.reporting.entries import OTHER_TEXT, UNKNOWN, cut_of, is_cut
from dedup.reporting.representation import cut_bytes, cut_raw, digest
from dedup.settings import CleanSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from dedup.choices import Mode
    from dedup.engines.cleaning import Event
    from dedup.engines.inputs import Inputs
    from dedup.model import Cut, Document, Record
    from dedup.reporting.report import Report
    from dedup.reporting.restoring import Index

AS_IT_IS = "(passed through unchanged)"
"""Ends the reason of a failure whose document is in the output as it was."""


class _Acted(NamedTuple):
    """What the report tells of a document, or why it is not acted on."""

    cuts: list[Cut]
    left: str | None = None
    refused: str | None = None


class Earlier:
    """Takes the verdicts on documents from a report instead of judging them.

    Args:
        index: the report.
        written: the report that is written now; it is told of what is not acted on.
        inputs: what is read.

    Attributes:
        failures: the documents that are not those of the report; they pass through unchanged.
    """

    def __init__(self, index: Index, written: Report, inputs: Inputs) -> None:
        self._index = index
        self._written = written
        self._settings = CleanSettings(paragraphs=_mode_of(index))
        self._describe = Describer(waits=inputs.waits)
        self._ready = None if inputs.stdin is None else inputs.ready
        self.failures: list[Skipped] = []

    def verdicts(self, events: Iterable[Event]) -> Iterator[tuple[Event, Verdict | None]]:
        """Each event with the verdict on its document, None where it has none, in order."""
        for batch, _ in batches(events, _size, self._ready):
            acted = [self._act(event) for event in batch]
            counts = self._counts(batch, acted)
            for event, act in zip(batch, acted, strict=True):
                if act is None:
                    yield event, None
                    continue
                if act.refused is not None and event.record is not None:
                    self._tell(event.record, act.refused)
                words = next(counts)
                yield event, Verdict(act.cuts, act.left, words, next(counts) if act.cuts else words)

    def _act(self, event: Event) -> _Acted | None:
        record, document = event.record, event.document
        if record is None or document is None:
            return None
        try:
            return _Acted(*self._cuts(record, document))
        except ReportError as error:
            return _Acted([], refused=str(error))

    def _counts(self, batch: Sequence[Event], acted: Sequence[_Acted | None]) -> Iterator[int]:
        """The words of each document, and behind them, where something is cut from it, those of what is left."""
        texts: list[str] = []
        for event, act in zip(batch, acted, strict=True):
            if event.document is not None and act is not None:
                texts.append(event.document.text)
                texts += [apply_cuts(event.document.text, _spans(act.cuts))] if act.cuts else []
        return (described.count for described in self._describe(texts, self._settings))

    def _cuts(self, record: Record, document: Document) -> tuple[list[Cut], str | None]:
        """The cuts that the report tells of, and why the document was left alone.

        Raises:
            ReportError: it tells of another text, or of no possible cuts.
        """
        entries = self._index.entries(record)
        if entries is None:
            raise ReportError(UNKNOWN)
        head = next(entries)
        present = digest(record.raw)
        if present == head.get("digest_clean") != head.get("digest"):
            return [], None  # it is cleaned already
        if present != head.get("digest"):
            raise ReportError(OTHER_TEXT)
        listed: list[dict[str, Any]] = []
        left = None
        for entry in entries:
            if is_cut(entry):
                listed.append(entry)
            else:
                left = str(entry.get("reason"))
        cuts = [cut_of(entry) for entry in listed]
        _check(record, document, cuts, listed)
        return cuts, left

    def _tell(self, record: Record, reason: str) -> None:
        failure = Skipped(record.source, f"{reason} {AS_IT_IS}", record.number)
        self.failures.append(failure)
        self._written.skipped(failure)


def _size(event: Event) -> int:
    return 0 if event.document is None else len(event.document.text)


def _mode_of(index: Index) -> Mode:
    settings = index.header.get("settings")
    mode = settings.get("paragraphs") if isinstance(settings, dict) else None
    return mode if mode in MODES else "auto"


def _spans(cuts: list[Cut]) -> list[Span]:
    return [Span(cut.start, cut.end) for cut in cuts]


def _check(record: Record, document: Document, cuts: list[Cut], entries: list[dict[str, Any]]) -> None:
    """Refuse cuts that overlap, or whose text does not stand where they say."""
    at = 0
    for cut, entry in zip(cuts, entries, strict=True):
        if cut.start < at or cut.end > len(document.text):
            raise ReportError("the report's cuts overlap, or lie outside of the text")
        at = cut.end
        if document.text[cut.start : cut.end] != entry.get("text"):
            raise ReportError("a cut of the report does not hold the text that stands there")
    _, places = cut_bytes(record, _spans(cuts))
    for place, entry in zip(places, entries, strict=True):
        same = record.raw[place.start : place.end] == cut_raw(entry, record.encoding)
        if (place.start, place.end) != (entry.get("byte_start"), entry.get("byte_end")) or not same:
            raise ReportError("a cut of the report does not hold the text that stands there")
