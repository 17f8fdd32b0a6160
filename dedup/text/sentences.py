"""Sentences at the ends of a paragraph: where licence lines and agency notes hide inside the article's last line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from dedup.model import Span
from dedup.text import normal, stops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Paragraph

LEAST_WORDS = 3, 2
"""Words with which what begins a paragraph, or ends one, tells of a site. A stop may be an abbreviation's or a number's: "Mr.",
"U.S." and "Am 3." begin the leads of many texts, "Petersburg." and "Oktober." end them."""

_MOST = 3  # sentences from either end that are looked at together

# A sentence ends at a stop (with closing marks) before white space and no small letter, or at a full-width or Burmese stop.
WIDE_STOP = "。！？｡။"  # noqa: RUF001 (full-width)
_IN_NUMBERS = "．"  # noqa: RUF001 (the full-width dot is that of numbers, too)
STOP = "".join(mark for mark in f"{stops.FULL}{stops.ASKING}…፨" if mark not in f"{WIDE_STOP}{_IN_NUMBERS}")
AFTER_STOP = "\"')]»’”"  # noqa: RUF001 (closing marks)
SMALL = "a-zß-öø-ÿа-џґғқңүұһәөα-ωա-և"  # Latin, Cyrillic, Greek, Armenian
COLON_STOPS = "Ա-Ֆա-և"
"""Armenian letters: a colon behind one is mostly meant for the full stop that looks like it and lies on few keyboards."""
AFTER_WIDE_STOP = "’”」』）)"  # noqa: RUF001 (closing marks)
_BOUNDARY = re.compile(
    rf"(?:[{STOP}]|(?<=[{COLON_STOPS}]):)[{re.escape(AFTER_STOP)}]*\s++(?![{SMALL}])|[{WIDE_STOP}][{re.escape(AFTER_WIDE_STOP)}]*\s*"
)


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
    """Sentences at one end of a paragraph, with the key under which they are counted, and their words."""

    start: int
    end: int
    key: int
    words: int


Edges: TypeAlias = tuple[list[Edge], list[Edge]]
"""What begins and what ends a paragraph: one, two and three sentences, but never all of it."""


def edges_of(text: str, paragraph: Paragraph) -> Edges:
    """The sentences at the edges of a paragraph."""
    sentences = split_sentences(text, paragraph.start, paragraph.end)
    most = min(_MOST, len(sentences) - 1)
    if most < 1:
        return [], []
    first, last = sentences[:most], sentences[-most:]
    begins, ends = _forms(text, first), _forms(text, last)
    return (
        [_edge(paragraph.start, span.end, begins[: n + 1]) for n, span in enumerate(first)],
        [_edge(span.start, paragraph.end, ends[n:]) for n, span in enumerate(last)][::-1],
    )


def telling(edges: Edges) -> list[Edge]:
    """Those of the edges that have words enough to tell of a site."""
    return [edge for side, least in zip(edges, LEAST_WORDS, strict=True) for edge in side if edge.words >= least]


def _forms(text: str, sentences: Sequence[Span]) -> list[str]:
    """What keys are made of, by sentence: no word goes from one into the next."""
    return [normal.numbered(normal.normal_form(text[start:end])) for start, end in sentences]


def _edge(start: int, end: int, forms: Sequence[str]) -> Edge:
    """Sentences that follow one another, with their `normal.text_key`."""
    words = " ".join(forms).split()
    return Edge(start, end, normal.key(" ".join(words)), len(words))


def outer(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The first and the last paragraph, and the first and the last of running text; each once, in order.

    On whole pages menus and footers stand outside of the running text.
    """
    if not paragraphs:
        return []
    last = len(paragraphs) - 1
    running = next((index for index, paragraph in enumerate(paragraphs) if paragraph.good), 0)
    closing = next((index for index in range(last, 0, -1) if paragraphs[index].good), last)
    return [paragraphs[index] for index in sorted({0, running, closing, last})]
