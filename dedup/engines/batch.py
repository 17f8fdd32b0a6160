"""Many texts at once, in columns made by the compiled kernel; Python objects are made of what is asked for."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup import captions, furniture, normal, paragraphs, phrases, repeats
from dedup.columns import Kept
from dedup.engines.quiet import Lines
from dedup.kernels import fast, repeating
from dedup.kernels import texts as kernel
from dedup.model import GOOD_SIZE, Paragraph
from dedup.repeats import Alike
from dedup.sentences import Edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.engines.quiet import Sieve
    from dedup.model import Span
    from dedup.sentences import Edges
    from dedup.settings import CleanSettings, Mode, RepeatSettings

_SHARP = ord("#")

# The last bytes of the marks that captions and labels have: whoever has one of them is looked at.
_TELLING = np.zeros(256, np.bool_)
_TELLING[[mark.encode()[-1] for mark in ":：/©|–("]] = True  # noqa: RUF001 (marks of many scripts)


class Rows(NamedTuple):
    """Paragraphs of all texts, one a row: where they stand in the bytes of all and in the code points of their own text."""

    byte_start: NDArray[np.int64]
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]
    """`int64[texts + 1]`."""


class Batch:
    """Texts with their paragraphs.

    Args:
        texts: in order.
        mode: how they are split.
    """

    def __init__(self, texts: Sequence[str], mode: Mode) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._data = np.frombuffer(b"".join(encoded), np.uint8)
        self._rows = _rows(self._data, np.cumsum([0, *map(len, encoded)], dtype=np.int64), texts, mode)
        self._folded = kernel.fold(self._data, self._rows.byte_start, self._rows.byte_end)
        self._sizes = paragraphs.size_of(self._folded.words, self._folded.dense)
        self._good = self._folded.sentence & (self._sizes >= GOOD_SIZE)
        self._bounds = self._rows.offsets.tolist()
        self._keys = _keys(self._folded)
        self._alike: list[list[Alike]] | None = None
        self._quiet: list[bool] | None = None

    @functools.cached_property
    def counts(self) -> list[int]:
        """By text, its words."""
        total = np.concatenate([[0], np.cumsum(self._folded.words)])
        return np.diff(total[self._rows.offsets]).tolist()  # type: ignore[no-any-return]  # numpy's lists are untyped

    @functools.cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int], list[float], list[bool]]:
        folded, rows = self._folded, self._rows
        return rows.start.tolist(), rows.end.tolist(), folded.words.tolist(), self._sizes.tolist(), folded.sentence.tolist()

    @functools.cached_property
    def _forms(self) -> tuple[str, list[int]]:
        return _decoded(self._folded.forms), self._folded.form_points.tolist()

    @functools.cached_property
    def _numbered(self) -> tuple[str, list[int]]:
        return _decoded(self._folded.phrases), self._folded.phrase_points.tolist()

    @functools.cached_property
    def _form_bytes(self) -> tuple[bytes, list[int]]:
        return self._folded.forms.tobytes(), self._folded.form_offsets.tolist()

    def paragraphs(self, text: int) -> list[Paragraph]:
        """The paragraphs of one text."""
        return [self._paragraph(row) for row in range(self._bounds[text], self._bounds[text + 1])]

    def _paragraph(self, row: int) -> Paragraph:
        (forms, form_at), (numbered, numbered_at) = self._forms, self._numbered
        starts, ends, counts, sizes, sentences = self._lists
        return Paragraph(
            starts[row],
            ends[row],
            forms[form_at[row] : form_at[row + 1]],
            numbered[numbered_at[row] : numbered_at[row + 1]],
            self._keys[row],
            counts[row],
            sizes[row],
            sentences[row],
        )

    def kept(self, text: int) -> Kept:
        """The paragraphs of one text as `columns.kept` gives them."""
        forms, at = self._form_bytes
        starts, ends, counts, sizes, sentences = self._lists
        return Kept.of(
            (forms[at[i] : at[i + 1]], starts[i], ends[i], counts[i], sentences[i] and sizes[i] >= GOOD_SIZE)
            for i in range(self._bounds[text], self._bounds[text + 1])
        )

    @functools.cached_property
    def edges(self) -> BatchEdges:
        """The edges of the outer paragraphs: the first and the last of each text, of all and of running text."""
        rows = self._rows
        outer = _outer(rows.offsets, self._good)
        found = kernel.edge_sentences(self._data, rows.byte_start[outer], rows.byte_end[outer])
        keys = _keys(kernel.fold(self._data, found.byte_start, found.byte_end))
        owners = np.searchsorted(rows.offsets, outer, "right") - 1
        return BatchEdges(owners, rows.start[outer], found, keys)

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

    def quiet(self, sieve: Sieve, settings: CleanSettings) -> list[bool]:
        """By text, whether it is sure that no stage finds anything in it; the arguments are the same at each call."""
        if self._quiet is None:
            self._quiet = self._find_quiet(sieve, settings)
        return self._quiet

    def _find_quiet(self, sieve: Sieve, settings: CleanSettings) -> list[bool]:
        rows = self._rows
        owners = np.repeat(np.arange(len(rows.offsets) - 1), np.diff(rows.offsets))
        quiet = np.array([not pairs for pairs in self.alike(settings.repeats)], np.bool_)
        keys = np.array(self._keys, np.uint64)
        quiet[owners[sieve.lines(self._sieved(keys))]] = False
        order = np.lexsort((keys, owners))  # equal paragraphs of a text stand side by side
        again = (np.diff(owners[order]) == 0) & (keys[order[1:]] == keys[order[:-1]]) & (keys[order[1:]] != 0)
        quiet[owners[order[1:][again]]] = False
        if sieve.lengths:
            numbered, at = self._numbered
            for row in _outer(rows.offsets, self._good).tolist():
                if furniture.glued_line(numbered[at[row] : at[row + 1]], sieve.lengths, sieve.closing):
                    quiet[owners[row]] = False
        if sieve.knows_edges:
            quiet[self.edges.owners_of(sieve.edges(np.array(self.edges.keys, np.uint64)))] = False
        return quiet.tolist()  # type: ignore[no-any-return]  # numpy's lists are untyped

    def _sieved(self, keys: NDArray[np.uint64]) -> Lines:
        folded, data, rows = self._folded, self._data, self._rows
        words, word_offsets = fast.word_hashes(folded.phrases, folded.phrase_offsets)
        numbers = np.zeros(len(keys), np.bool_)
        numbers[np.searchsorted(folded.phrase_offsets, np.flatnonzero(folded.phrases == _SHARP), "right") - 1] = True
        places = np.flatnonzero(_TELLING[data])
        owners = np.searchsorted(rows.byte_start, places, "right") - 1
        told = np.zeros(len(keys), np.bool_)
        told[owners[(owners >= 0) & (places < rows.byte_end[owners])]] = True
        told &= (rows.end - rows.start <= captions.MOST) | (folded.words <= phrases.LONGEST)
        return Lines(keys, folded.words, words, word_offsets, numbers, told | folded.signs)


class BatchEdges:
    """Edge sentences of a batch: those of one paragraph as objects when they are asked for.

    Args:
        owners: `int64[outer]`, the text of each outer paragraph.
        starts: `int64[outer]`, where it starts in its text.
        found: its edges.
        keys: theirs.
    """

    def __init__(self, owners: NDArray[np.int64], starts: NDArray[np.int64], found: kernel.Edges, keys: list[int]) -> None:
        self.keys = keys
        self._owners = owners
        self._row = found.row
        self._places = {place: row for row, place in enumerate(zip(owners.tolist(), starts.tolist(), strict=True))}
        bounds = np.searchsorted(found.row, np.arange(len(owners) + 1))
        self._bounds = bounds.tolist()
        self._begins, self._starts, self._ends = found.begins.tolist(), found.start.tolist(), found.end.tolist()

    def owners_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The texts of some edges."""
        return self._owners[self._row[chosen]]

    def of(self, text: int, start: int) -> Edges | None:
        """The edges of the paragraph that starts there; None if it is none of the outer ones."""
        row = self._places.get((text, start))
        if row is None:
            return None
        edges: Edges = ([], [])
        for i in range(self._bounds[row], self._bounds[row + 1]):
            edges[0 if self._begins[i] else 1].append(Edge(start + self._starts[i], start + self._ends[i], self.keys[i]))
        return edges


def _rows(data: NDArray[np.uint8], offsets: NDArray[np.int64], texts: Sequence[str], mode: Mode) -> Rows:
    """The paragraphs: lines, but where a text is split at blank lines or may be hard-wrapped."""
    lines = kernel.split_lines(data, offsets)
    by_lines = Rows(lines.byte_start, lines.byte_end, lines.start, lines.end, lines.offsets)
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
    return Rows(columns[0], columns[1], columns[2], columns[3], np.concatenate([[0], np.cumsum(counts)]))


def _spans(data: NDArray[np.uint8], base: np.int64, spans: Sequence[Span]) -> tuple[NDArray[np.int64], ...]:
    """Spans of one text as columns, with their bytes."""
    points = np.array(spans, np.int64).reshape(-1, 2)
    leads = np.append(np.flatnonzero((data & 0xC0) != 0x80), len(data))
    places = leads[points] + base
    return places[:, 0], places[:, 1], points[:, 0], points[:, 1]


def _decoded(data: NDArray[np.uint8]) -> str:
    return data.tobytes().decode("utf-8", "surrogatepass")


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
