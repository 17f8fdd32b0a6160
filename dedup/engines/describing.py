"""Texts with their paragraphs, normal forms and edge sentences: one at a time, or many at once with the compiled kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedup import paragraphs, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from dedup.model import Paragraph
    from dedup.sentences import Edge, Edges
    from dedup.settings import Mode

    Describe: TypeAlias = Callable[[Sequence[str], Mode], list["Described"]]


@dataclass(slots=True)
class Described:
    """A text with its paragraphs, in order.

    Attributes:
        text: the text.
        paragraphs: of it.
        known_edges: by a paragraph's start, its edge sentences, where they were found with the paragraphs.
    """

    text: str
    paragraphs: list[Paragraph]
    known_edges: dict[int, Edges] = field(default_factory=dict)

    def edges(self, paragraph: Paragraph) -> Edges:
        """The sentences at the edges of one of the paragraphs."""
        found = self.known_edges.get(paragraph.start)
        return sentences.edges_of(self.text, paragraph) if found is None else found

    def all_edges(self) -> Iterator[Edge]:
        """The sentences at the edges of the outer paragraphs."""
        for paragraph in sentences.outer(self.paragraphs):
            for edges in self.edges(paragraph):
                yield from edges


def describe(texts: Sequence[str], mode: Mode) -> list[Described]:
    """Describe texts one after the other: what `fast.describe` is held to, and the way of few texts."""
    return [Described(text, paragraphs.describe(text, paragraphs.split(text, mode))) for text in texts]
