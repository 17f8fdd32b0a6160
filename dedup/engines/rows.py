"""The paragraphs of many texts as rows: where they stand in the bytes of all and in their own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import texts as kernel
from dedup.text import paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.choices import Mode
    from dedup.model import Span

_STRETCH = 1 << 20  # bytes whose characters are numbered at a time: eight bytes for each

# Places of a text's paragraphs, from its begin or, below 0, from its end.
FIRST_AND_LAST = (0, -1)
TWO_OF_EITHER_END = (0, 1, -2, -1)  # whichever paragraph of a text, its headline, is left out: the outer ones are among these
LAST_TWO = (-2, -1)


class Rows(NamedTuple):
    """Paragraphs of all texts, one a row."""

    byte_start: NDArray[np.int64]
    """`int64[paragraphs]`, in the bytes of all."""
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    """`int64[paragraphs]`, code points of its own text."""
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]
    """`int64[texts + 1]`."""
    owner: NDArray[np.int64]
    """`int64[paragraphs]`, the text."""

    def placed(self, good: NDArray[np.bool_], places: Sequence[int]) -> NDArray[np.int64]:
        """The rows at some places of each text, and of its running text (`sentences.outer`, `furniture.closing_paragraphs`)."""
        placed = np.zeros(len(good), np.bool_)
        for rows in (np.arange(len(good)), np.flatnonzero(good)):
            placed[_of_each(rows, self.offsets, places)] = True
        return np.flatnonzero(placed)


def rows_of(data: NDArray[np.uint8], offsets: NDArray[np.int64], texts: Sequence[str], mode: Mode) -> tuple[Rows, set[int]]:
    """The paragraphs: lines, but where a text is split at blank lines or may be hard-wrapped; and which texts those are.

    Args:
        data: `uint8[bytes]`, the texts in UTF-8.
        offsets: `int64[texts + 1]`, where they begin.
        texts: the same.
        mode: how they are split.
    """
    lines = kernel.split_lines(data, offsets)
    by_lines = lines.byte_start, lines.byte_end, lines.start, lines.end
    others = range(len(texts)) if mode == "blank" else np.flatnonzero(lines.wrapped).tolist() if mode == "auto" else []
    if not others:
        return _rows(by_lines, lines.offsets), set()
    parts: list[list[NDArray[np.int64]]] = [[], [], [], []]
    counts = np.diff(lines.offsets)
    done = 0
    for number in others:
        spans = paragraphs.split(texts[number], mode)
        before = slice(lines.offsets[done], lines.offsets[number])
        counts[number] = len(spans)
        own = _spans(data[offsets[number] : offsets[number + 1]], offsets[number], spans)
        for part, column, of_text in zip(parts, by_lines, own, strict=True):
            part += [column[before], of_text]
        done = number + 1
    for part, column in zip(parts, by_lines, strict=True):
        part.append(column[lines.offsets[done] :])
    return _rows([np.concatenate(part) for part in parts], np.concatenate([[0], np.cumsum(counts)])), set(others)


def _rows(columns: Sequence[NDArray[np.int64]], offsets: NDArray[np.int64]) -> Rows:
    byte_start, byte_end, start, end = columns
    return Rows(byte_start, byte_end, start, end, offsets, np.repeat(np.arange(len(offsets) - 1), np.diff(offsets)))


def _spans(data: NDArray[np.uint8], base: np.int64, spans: Sequence[Span]) -> tuple[NDArray[np.int64], ...]:
    """Spans of one text as columns, with their bytes."""
    points = np.array(spans, np.int64).ravel()
    places = np.full(len(points), len(data), np.int64)
    passed = 0
    for at in range(0, len(data), _STRETCH):
        leads = np.flatnonzero((data[at : at + _STRETCH] & 0xC0) != 0x80)
        here = slice(*np.searchsorted(points, (passed, passed + len(leads))))
        places[here] = leads[points[here] - passed] + at
        passed += len(leads)
    places += base
    return places[::2], places[1::2], points[::2], points[1::2]


def _of_each(rows: NDArray[np.int64], offsets: NDArray[np.int64], places: Sequence[int]) -> NDArray[np.int64]:
    """Of some rows in order, those at some places of each text, from its begin or, below 0, from its end."""
    bounds = np.searchsorted(rows, offsets)
    starts, ends = bounds[:-1], bounds[1:]
    found = np.concatenate([(starts if place >= 0 else ends) + place for place in places])
    inside = (found >= np.tile(starts, len(places))) & (found < np.tile(ends, len(places)))
    return rows[found[inside]]  # type: ignore[no-any-return]  # numpy's indexing is untyped
