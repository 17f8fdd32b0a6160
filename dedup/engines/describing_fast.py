"""Describes many texts at once with the compiled kernel: what `describing` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.engines.batch import Batch
from dedup.engines.describing import Described, MayFind

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Sequence

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.engines.sieve import Sieve
    from dedup.matching.columns import Kept
    from dedup.model import Paragraph, Span
    from dedup.repeats import Alike
    from dedup.settings import CleanSettings, RepeatSettings
    from dedup.text.sentences import Edges


def describe(texts: Sequence[str], settings: CleanSettings) -> list[Described]:
    """Describe texts, as `describing.describe` does."""
    batch = Batch(texts, settings.paragraphs)
    return [_Described(text, batch, number) for number, text in enumerate(texts)]


class _Described(Described):
    """One text of a batch. What the first of them is asked is worked out for all; paragraphs are made for each by itself."""

    sieved = True

    def __init__(self, text: str, batch: Batch, number: int) -> None:
        super().__init__(text, [])
        self._batch = batch
        self._number = number
        self._made = False

    @property
    def lined(self) -> bool:
        return self._batch.lined(self._number)

    @property
    def paragraphs(self) -> list[Paragraph]:
        if not self._made:
            self._paragraphs = self._batch.paragraphs(self._number)
            self._made = True
        return self._paragraphs

    @property
    def spans(self) -> list[Span]:
        return self._batch.spans(self._number)

    def paragraph(self, index: int) -> Paragraph:
        return self._paragraphs[index] if self._made else self._batch.paragraph(self._number, index)

    @property
    def count(self) -> int:
        return self._batch.counts[self._number]

    def kept(self) -> Kept:
        return self._batch.kept(self._number)

    def occurrences(self) -> Occurrences:
        return self._batch.occurrences.of(self._number)

    def all_occurrences(self) -> Occurrences:
        return self._batch.occurrences

    def may_find(self, sieve: Sieve, settings: CleanSettings) -> MayFind:
        return self._batch.may_find(sieve, settings)[self._number]

    def edges(self, paragraph: Paragraph) -> Edges:
        found = self._batch.edges(self._number, paragraph.start)
        return super().edges(paragraph) if found is None else found

    def known_edges(self, paragraph: Paragraph, lengths: Collection[int], keys: Container[int]) -> Edges:
        known = self._batch.known_ends
        found = None if known is None else known.edges(self._number, paragraph.start)
        return super().known_edges(paragraph, lengths, keys) if found is None else found

    def may_be_glued(self, paragraph: Paragraph) -> bool:
        known = self._batch.known_ends
        return known is None or known.may_be_glued(self._number, paragraph.start)

    def alike(self, settings: RepeatSettings) -> list[Alike]:
        return self._batch.alike(settings)[self._number]
