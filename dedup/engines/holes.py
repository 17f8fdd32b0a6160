"""Maps offsets of a text that was cut to offsets of the text before."""

from __future__ import annotations

import functools
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from dedup.model import Cut, Finding, Partner, Span

if TYPE_CHECKING:
    from collections.abc import Iterable


class Holes:
    """The stretches that are missing from a text; `spans` has them, touching ones as one.

    Args:
        stretches: ascending and disjoint.
    """

    def __init__(self, stretches: Iterable[Span]) -> None:
        self.spans: list[Span] = []
        for stretch in stretches:
            if self.spans and self.spans[-1].end == stretch.start:
                self.spans[-1] = Span(self.spans[-1].start, stretch.end)
            else:
                self.spans.append(stretch)

    @functools.cached_property
    def _removed(self) -> list[int]:
        return [0, *accumulate(hole.end - hole.start for hole in self.spans)]

    @functools.cached_property
    def _places(self) -> list[int]:
        return [hole.start - removed for hole, removed in zip(self.spans, self._removed, strict=False)]

    def within(self, length: int) -> bool:
        """Whether any of the first characters that are there, `length` of them, stands behind a hole."""
        return bool(self.spans) and self.spans[0].start < length

    def offset(self, offset: int) -> int:
        """Where a character stands in the text."""
        return offset + self._removed[bisect_right(self._places, offset)]

    def span(self, start: int, end: int) -> Span:
        """A stretch that is not empty, from its first character to its last; holes within belong to it."""
        return Span(self.offset(start), self.offset(end - 1) + 1)

    def cut(self, cut: Cut) -> list[Cut]:
        """A cut in offsets of the text: several pieces where it spans holes."""
        if not self.spans:
            return [cut]
        finding, also = self._finding(cut.finding), tuple(map(self._finding, cut.also))
        inner = self.spans[bisect_right(self._places, cut.start) : bisect_right(self._places, cut.end - 1)]
        start, end = self.span(cut.start, cut.end)
        edges = [start, *(offset for hole in inner for offset in hole), end]
        return [Cut(a, b, finding, also) for a, b in zip(edges[::2], edges[1::2], strict=True)]

    def _finding(self, finding: Finding) -> Finding:
        partner = finding.partner
        if partner is not None:
            partner = Partner(partner.document, *self.span(partner.start, partner.end))
        evidence = {key: self.span(*value) if isinstance(value, Span) else value for key, value in finding.evidence.items()}
        start, end = self.span(finding.start, finding.end)
        return replace(finding, start=start, end=end, partner=partner, evidence=evidence)
