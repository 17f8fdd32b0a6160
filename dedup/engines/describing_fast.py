"""Describes many texts at once with the compiled kernel: what `describing` gives, Python objects made of columns at the end."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup import normal, paragraphs, repeats
from dedup.engines.describing import Described
from dedup.kernels import fast, repeating
from dedup.kernels import texts as kernel
from dedup.model import GOOD_SIZE, Paragraph
from dedup.repeats import Alike
from dedup.sentences import Edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.model import Span
    from dedup.sentences import Edges
    from dedup.settings import CleanSettings, Mode, RepeatSettings


class _Rows(NamedTuple):
    """Paragraphs of all texts, one a row: where they stand in the bytes of all and in the code points of their own text."""

    byte_start: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]
    """`int64[texts + 1]`."""


def describe(texts: Sequence[str], settings: CleanSettings) -> list[Described]:
    """Describe texts, as `describing.describe` does."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    data = np.frombuffer(b"".join(encoded), np.uint8)
    rows = _rows(data, np.cumsum([0, *map(len, encoded)], dtype=np.int64), texts, settings.paragraphs)
    folded = kernel.fold(data, rows.byte_start, rows.byte_end)
    batch = _Batch(data, rows, folded)
    bounds = rows.offsets.tolist()
    listed = batch.paragraphs
    return [_Described(text, listed[a:b], batch, n) for n, (text, (a, b)) in enumerate(zip(texts, pairwise(bounds), strict=True))]


class _Described(Described):
    """One text of a batch; what is asked of it first is found for all of them."""

    def __init__(self, text: str, paragraphs: list[Paragraph], batch: _Batch, number: int) -> None:
        super().__init__(text, paragraphs)
        self._batch = batch
        self._number = number

    def edges(self, paragraph: Paragraph) -> Edges:
        found = self._batch.edges[self._number].get(paragraph.start)
        return super().edges(paragraph) if found is None else found

    def alike(self, settings: RepeatSettings) -> list[Alike]:
        return self._batch.alike(settings)[self._number]


class _Batch:
    """Texts that are described together."""

    def __init__(self, data: NDArray[np.uint8], rows: _Rows, folded: kernel.Folded) -> None:
        self._data = data
        self._rows = rows
        self._folded = folded
        self._sizes = folded.words - folded.dense * (1 - paragraphs.NO_SPACE_WEIGHT)
        self.paragraphs = _paragraphs(rows, folded, self._sizes)
        self._alike: list[list[Alike]] | None = None

    @functools.cached_property
    def edges(self) -> list[dict[int, Edges]]:
        """By text and start of a paragraph, the edges of the outer ones: the first and the last, of all and of running text."""
        rows = self._rows
        outer = _outer(rows.offsets, self._folded.sentence & (self._sizes >= GOOD_SIZE))
        found = kernel.edge_sentences(self._data, rows.byte_start[outer], rows.byte_end[outer])
        keys = _keys(kernel.fold(self._data, found.byte_start, found.byte_end))
        owners = np.searchsorted(rows.offsets, outer, "right") - 1
        edges: list[Edges] = [([], []) for _ in outer]
        places = rows.start[outer][found.row]
        columns = (found.row, found.begins, places + found.start, places + found.end)
        for row, begins, start, end, key in zip(*(column.tolist() for column in columns), keys, strict=True):
            edges[row][0 if begins else 1].append(Edge(start, end, key))
        by_text: list[dict[int, Edges]] = [{} for _ in rows.offsets[1:]]
        for owner, start, own in zip(owners.tolist(), rows.start[outer].tolist(), edges, strict=True):
            by_text[owner][start] = own
        return by_text

    def alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        """By text, the pairs of its sentences that may be one; the settings are the same at each call."""
        if self._alike is None:
            self._alike = self._find_alike(settings)
        return self._alike

    def _find_alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        rows, folded = self._rows, self._folded
        found = repeating.alike(
            *fast.word_hashes(folded.forms, folded.form_offsets),
            rows.offsets,
            folded.sentence & (self._sizes >= repeats.LEAST_SIZE),
            k=repeats.SHINGLE,
            holders=repeats.HOLDERS,
            near=settings.near,
            contained=settings.contained,
        )
        owners = np.searchsorted(rows.offsets, found.b, "right") - 1
        columns = (owners, rows.start[found.a], rows.start[found.b], found.shared, found.size_a, found.size_b)
        alike: list[list[Alike]] = [[] for _ in rows.offsets[1:]]
        for owner, *pair in zip(*(column.tolist() for column in columns), strict=True):
            alike[owner].append(Alike(*pair))
        return alike


def _rows(data: NDArray[np.uint8], offsets: NDArray[np.int64], texts: Sequence[str], mode: Mode) -> _Rows:
    """The paragraphs: lines, but where a text is split at blank lines or may be hard-wrapped."""
    lines = kernel.split_lines(data, offsets)
    by_lines = _Rows(lines.byte_start, lines.byte_end, lines.start, lines.end, lines.offsets)
    others = range(len(texts)) if mode == "blank" else np.flatnonzero(lines.wrapped).tolist() if mode == "auto" else []
    if not others:
        return by_lines
    parts: list[list[NDArray[np.int64]]] = [[], [], [], []]
    counts = np.diff(lines.offsets)
    done = 0
    for number in others:
        spans = paragraphs.split(texts[number], mode)
        before = slice(lines.offsets[done], lines.offsets[number])
        counts[number] = len(spans)
        for part, column in zip(parts, (*(c[before] for c in by_lines[:4]),), strict=True):
            part.append(column)
        for part, column in zip(parts, _spans(data[offsets[number] : offsets[number + 1]], offsets[number], spans), strict=True):
            part.append(column)
        done = number + 1
    for part, column in zip(parts, by_lines[:4], strict=True):
        part.append(column[lines.offsets[done] :])
    columns = [np.concatenate(part) for part in parts]
    return _Rows(columns[0], columns[1], columns[2], columns[3], np.concatenate([[0], np.cumsum(counts)]))


def _spans(data: NDArray[np.uint8], base: np.int64, spans: Sequence[Span]) -> tuple[NDArray[np.int64], ...]:
    """Spans of one text as columns, with their bytes."""
    points = np.array(spans, np.int64).reshape(-1, 2)
    leads = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
    places = leads[points] + base
    return places[:, 0], places[:, 1], points[:, 0], points[:, 1]


def _paragraphs(rows: _Rows, folded: kernel.Folded, sizes: NDArray[np.float64]) -> list[Paragraph]:
    """The paragraphs as objects."""
    forms = _sliced(folded.forms, folded.form_points)
    numbered = _sliced(folded.phrases, folded.phrase_points)
    keys = _keys(folded)
    facts = (rows.start, rows.end, folded.words, sizes, folded.sentence)
    return [
        Paragraph(start, end, form, number, key, count, size, sentence)
        for form, number, key, start, end, count, size, sentence in zip(
            forms, numbered, keys, *(column.tolist() for column in facts), strict=True
        )
    ]


def _sliced(data: NDArray[np.uint8], points: NDArray[np.int64]) -> list[str]:
    """Stretches of a text given by offsets in code points."""
    text = data.tobytes().decode("utf-8", "surrogatepass")
    return [text[a:b] for a, b in pairwise(points.tolist())]


def _keys(folded: kernel.Folded) -> list[int]:
    data = folded.phrases.tobytes()
    return [normal.key_of_bytes(data[a:b]) for a, b in pairwise(folded.phrase_offsets.tolist())]


def _outer(offsets: NDArray[np.int64], good: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows that `sentences.outer` takes of each text."""
    filled = np.flatnonzero(np.diff(offsets))
    running = np.flatnonzero(good)
    owner = np.searchsorted(offsets, running, "right") - 1
    first = running[np.diff(owner, prepend=-1) > 0]
    last = running[np.diff(owner, append=len(offsets)) > 0]
    return np.unique(np.concatenate([offsets[filled], offsets[filled + 1] - 1, first, last]))
