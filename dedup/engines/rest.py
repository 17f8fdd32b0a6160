"""What whole paragraphs leave of a text, described by what is known of the text itself."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dedup.engines.describing import Described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Cut, Paragraph


class Rest(Described):
    """A text without some of its paragraphs, of which the others are the same as before.

    Args:
        text: what is left.
        left: the paragraphs that are left, in order, in offsets of the text before.
        cuts: what was cut, in order, in the same offsets.
    """

    def __init__(self, text: str, left: Sequence[Paragraph], cuts: Sequence[Cut]) -> None:
        super().__init__(text, [])
        self._left = left
        self._cuts = cuts

    @functools.cached_property
    def _moved(self) -> list[Paragraph]:
        moved: list[Paragraph] = []
        passed, removed = 0, 0
        for p in self._left:
            while passed < len(self._cuts) and self._cuts[passed].start < p.start:
                removed += self._cuts[passed].end - self._cuts[passed].start
                passed += 1
            moved.append(p.at(p.start - removed, p.end - removed) if removed else p)
        return moved

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs, in offsets of what is left."""
        return self._moved

    @property
    def count(self) -> int:
        """Words of all of them."""
        return sum(paragraph.count for paragraph in self._left)
