"""A text after whole lines were cut from it: what is known of its paragraphs is taken over, not worked out again."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dedup import repeats
from dedup.boilerplate import furniture
from dedup.engines.describing import Described, MayFind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.engines.onepass import Staying
    from dedup.engines.sieve import Sieve
    from dedup.model import Cut, Paragraph
    from dedup.repeats import Alike
    from dedup.settings import CleanSettings, RepeatSettings


_OUTER = 2  # paragraphs at either end of a text, of which one, the headline, may be left out


class DescribedRest(Described):
    """A text from which whole lines were cut; the lines that stay are the paragraphs that they were.

    Args:
        text: what is left.
        staying: its paragraphs, in offsets of the text before.
        cuts: what was cut, in order, in the same offsets.
        before: the text before.
    """

    sieved = True

    def __init__(self, text: str, staying: Staying, cuts: Sequence[Cut], before: Described) -> None:
        super().__init__(text, [])
        self._staying = staying
        self._cuts = cuts
        self._before = before

    @property
    def lined(self) -> bool:
        """Its paragraphs are its lines."""
        return True

    @functools.cached_property
    def _moved(self) -> list[Paragraph]:
        moved: list[Paragraph] = []
        passed, removed = 0, 0
        for p in self._staying.paragraphs:
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
        return sum(paragraph.count for paragraph in self._staying.paragraphs)

    def may_find(self, sieve: Sieve, settings: CleanSettings) -> MayFind:
        """Which stages may find anything in it."""
        del settings
        suspected, alike = self._staying.suspected, self._staying.alike
        repeated = bool(alike) or repeats.stand_twice(self._staying.paragraphs)
        return MayFind(suspected if any(suspected) else (), repeated, self._may_end(sieve))

    def _may_end(self, sieve: Sieve) -> bool:
        """Whether outer paragraphs may begin or end as known ones do, whichever of them, the headline, is left out."""
        before, lengths, keys = self._before, sieve.edge_lengths, sieve.edge_keys
        for some in (self._staying.paragraphs, [p for p in self._staying.paragraphs if p.good]):
            closing = some[-_OUTER:]
            if any(before.may_be_glued(p) and furniture.glued_line(p, sieve.lengths, sieve.closing) for p in closing):
                return True
            outer = (before.known_edges(p, lengths, keys) for p in (*closing, *some[:-_OUTER][:_OUTER]))
            if any(edge.key in keys for edges in outer for side in edges for edge in side):
                return True
        return False

    def alike(self, settings: RepeatSettings) -> list[Alike]:
        """The pairs of its paragraphs that are alike."""
        del settings
        place = {before.start: moved.start for before, moved in zip(self._staying.paragraphs, self._moved, strict=True)}
        return [pair._replace(a=place[pair.a], b=place[pair.b]) for pair in self._staying.alike]
