"""Sentences at the ends of a paragraph: where licence lines and agency notes hide inside the article's last line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from dedup import normal
from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Paragraph

_MOST = 3  # sentences from either end that are looked at together

# A sentence ends at a stop (with closing marks) before white space and no small letter, or at a full-width stop.
_BOUNDARY = re.compile(r"[.!?…\u037e؟۔։।॥።፧။][\"'”’»)\]]*\s++(?![a-zа-яёα-ωա-և])|[。！？｡][”’」』）)]*\s*")  # noqa: RUF001 (scripts)


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """Split `text[start:end]` into sentences; white space between two belongs to neither. Empty for empty text."""
    spans = []
    at = start
    for match in _BOUNDARY.finditer(text, start, end):
        if match.end() < end:
            spans.append(Span(at, at + len(text[at : match.end()].rstrip())))
            at = match.end()
    if at < end:
        spans.append(Span(at, end))
    return spans


class Edge(NamedTuple):
    """Sentences at one end of a paragraph, with the key under which they are counted."""

    start: int
    end: int
    key: int


Edges: TypeAlias = tuple[list[Edge], list[Edge]]
"""What begins and what ends a paragraph: one, two and three sentences, but never all of it."""


def edges_of(text: str, paragraph: Paragraph) -> Edges:
    """The sentences at the edges of a paragraph."""
    sentences = split_sentences(text, paragraph.start, paragraph.end)
    counts = range(1, min(_MOST, len(sentences) - 1) + 1)
    begins = [_edge(text, paragraph.start, sentences[count - 1].end) for count in counts]
    return begins, [_edge(text, sentences[-count].start, paragraph.end) for count in counts]


def _edge(text: str, start: int, end: int) -> Edge:
    return Edge(start, end, normal.text_key(text[start:end]))


def outer(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The first and the last paragraph, and the first and the last of running text; each once, in order.

    On whole pages menus and footers stand outside of the running text.
    """
    running = (next((p for p in order if p.good), None) for order in (paragraphs, reversed(paragraphs)))
    found = {p.start: p for p in (*paragraphs[:1], *paragraphs[-1:], *running) if p is not None}
    return [found[start] for start in sorted(found)]
