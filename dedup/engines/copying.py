"""`clean --strip copy`: paragraphs that stand in an earlier or preferred document go as well."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.model import Span
from dedup.reporting.cuts import make_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.engines.verdict import Verdict
    from dedup.model import Document, Finding


def with_copies(document: Document, verdict: Verdict, copied: Sequence[Finding]) -> Verdict:
    """The verdict with copies cut too, unless nothing of the document's own would stay."""
    kept = {Span(p.start, p.end): p.count for p in verdict.kept}
    taken = [item for item in copied if Span(item.start, item.end) in kept]
    gone = sum(kept[Span(item.start, item.end)] for item in taken)
    if not taken or verdict.left or gone >= verdict.kept_words:
        return verdict
    old = [cut.finding for cut in verdict.found] + [finding for cut in verdict.found for finding in cut.also]
    starts = sorted(span.start for span in kept)
    ends = {span.start: span.end for span in kept}
    spans = set(kept)
    for cut in old:  # a cut on a part of a kept paragraph is no paragraph of its own
        place = bisect_right(starts, cut.start)
        if not place or cut.end > ends[starts[place - 1]]:
            spans.add(Span(cut.start, cut.end))
    return replace(verdict, found=make_cuts(document.text, sorted(spans), [*old, *taken]), kept_words=verdict.kept_words - gone)
