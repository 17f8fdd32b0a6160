"""A document's paragraphs as those see them who judge by where a line stands: sections and main block."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dedup.model import Paragraph


@dataclass(frozen=True)
class Page:
    """A document's paragraphs with what is known of each, in order.

    Attributes:
        paragraphs: the paragraphs.
        rules: the name of the phrase or learned rule that knows it, or None; a heading's only where it is cut.
        cut: whether that rule cuts it.
        stamps: whether it says when something was written, as the lines above readers' comments do.
        spared: paragraphs that the user's wish spares (`--keep legal`): no heading above them cuts them.
        shared: paragraphs that many of the site's documents have.
    """

    paragraphs: Sequence[Paragraph]
    rules: Sequence[str | None]
    cut: Sequence[bool]
    stamps: Sequence[bool]
    spared: Collection[int] = frozenset()
    shared: Collection[int] = frozenset()

    @functools.cached_property
    def _sums(self) -> list[float]:
        sizes = (p.size if rule is None and p.good else 0.0 for p, rule in zip(self.paragraphs, self.rules, strict=True))
        return [0.0, *accumulate(sizes)]

    def is_good(self, index: int) -> bool:
        """Whether a paragraph is running text that no rule knows; False past the end."""
        return index < len(self.paragraphs) and self.rules[index] is None and self.paragraphs[index].good

    def running(self, start: int, end: int) -> float:
        """Words of running text from paragraph `start` up to `end`, which is not below it."""
        return self._sums[end] - self._sums[start]
