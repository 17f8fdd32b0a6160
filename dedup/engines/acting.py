"""Acts on an earlier report of `clean`: what it says is cut, where the text is still the one that it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.choices import MODES
from dedup.engines.verdict import Verdict
from dedup.errors import ReportError
from dedup.model import Skipped, Span
from dedup.reporting.cuts import apply_cuts
from dedup.reporting.entries import OTHER_TEXT, UNKNOWN, cut_of, is_cut
from dedup.reporting.representation import cut_bytes, cut_raw, digest
from dedup.text import paragraphs

if TYPE_CHECKING:
    from typing import Any

    from dedup.choices import Mode
    from dedup.engines.cleaning import Event
    from dedup.model import Cut, Document, Record
    from dedup.reporting.report import Report
    from dedup.reporting.restoring import Index

AS_IT_IS = "(passed through unchanged)"
"""Ends the reason of a failure whose document is in the output as it was."""


class Earlier:
    """Takes the verdicts on documents from a report instead of judging them.

    Args:
        index: the report.
        written: the report that is written now; it is told of what is not acted on.

    Attributes:
        failures: the documents that are not those of the report; they pass through unchanged.
    """

    def __init__(self, index: Index, written: Report) -> None:
        self._index = index
        self._written = written
        self._mode = _mode_of(index)
        self.failures: list[Skipped] = []

    def verdict(self, event: Event) -> Verdict | None:
        """The verdict on the document of an event, None where it has none."""
        record, document = event.record, event.document
        if record is None or document is None:
            return None
        cuts: list[Cut] = []
        left = None
        try:
            cuts, left = self._cuts(record, document)
        except ReportError as error:
            self._tell(record, str(error))
        words = self._count(document.text)
        return Verdict(cuts, left, words, self._count(apply_cuts(document.text, _spans(cuts))) if cuts else words)

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

    def _count(self, text: str) -> int:
        return sum(p.count for p in paragraphs.describe(text, paragraphs.split(text, self._mode)))


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
