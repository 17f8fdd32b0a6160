"""Many texts at once, in columns made by the compiled kernel; Python objects are made of what is asked for."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup import repeats
from dedup.boilerplate import captions, furniture, menus, phrases
from dedup.boilerplate.occurrences import Counted, occurrences_of_all
from dedup.engines.describing import Possible
from dedup.engines.sieve import Lines
from dedup.kernels import fast, repeating
from dedup.kernels import texts as kernel
from dedup.matching.columns import AllKept
from dedup.model import GOOD_SIZE, SAYS_SIZE, Paragraph, Span
from dedup.repeats import Alike
from dedup.text import links, normal, paragraphs, sentences
from dedup.text.sentences import Edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.choices import Mode
    from dedup.engines.sieve import Sieve
    from dedup.matching.columns import Kept
    from dedup.settings import CleanSettings, RepeatSettings
    from dedup.text.sentences import Edges

_CHARACTER = 4  # bytes of one, at most
_STRETCH = 1 << 20  # bytes whose characters are numbered at a time: eight bytes for each


def _last_bytes(marks: str) -> NDArray[np.bool_]:
    """`bool[256]`: which bytes are the last one of a mark; whatever has one of them is looked at."""
    telling = np.zeros(256, np.bool_)
    telling[[mark.encode()[-1] for mark in marks]] = True
    return telling


_SHARP = _last_bytes("#")
_TELLING = _last_bytes(captions.MARKS + menus.MARKS)
_COLON = _last_bytes(phrases.COLONS)
_BRACKET = _last_bytes(links.CLOSES)


# Places of a text's paragraphs, from its begin or, below 0, from its end.
_FIRST_AND_LAST = (0, -1)
_TWO_OF_EITHER_END = (0, 1, -2, -1)  # whichever paragraph of a text, its headline, is left out: the outer ones are among these
_LAST_TWO = (-2, -1)


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
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        self._data = np.frombuffer(b"".join(encoded), np.uint8)
        del encoded  # a large text stands in memory often enough
        self._rows, self._joined = _rows(self._data, offsets, texts, mode)
        self._folded = kernel.fold(self._data, self._rows.byte_start, self._rows.byte_end)
        self._sizes = paragraphs.size_of(self._folded.words, self._folded.dense)
        self._good = self._folded.sentence & (self._sizes >= GOOD_SIZE)
        self._bounds = self._rows.offsets.tolist()
        self._keys = _keys(self._folded)
        self._alike: list[list[Alike]] | None = None
        self._possible: list[Possible] | None = None

    @functools.cached_property
    def counts(self) -> list[int]:
        """By text, its words."""
        total = np.concatenate([[0], np.cumsum(self._folded.words)])
        return np.diff(total[self._rows.offsets]).tolist()  # type: ignore[no-any-return]  # numpy's lists are untyped

    @functools.cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int], list[int], list[float], list[bool]]:
        folded, rows = self._folded, self._rows
        columns = folded.words.tolist(), self._sizes.tolist(), folded.sentence.tolist()
        return rows.start.tolist(), rows.end.tolist(), self._keys, *columns

    @functools.cached_property
    def _forms(self) -> tuple[bytes, list[int]]:
        return self._folded.forms.tobytes(), self._folded.form_offsets.tolist()

    @functools.cached_property
    def _numbered(self) -> tuple[bytes, list[int]]:
        return self._folded.phrases.tobytes(), self._folded.phrase_offsets.tolist()

    @functools.cached_property
    def _kept(self) -> AllKept:
        folded, rows = self._folded, self._rows
        spans = np.stack([rows.start, rows.end], axis=1)
        return AllKept(self._forms[0], folded.form_offsets, spans, folded.words, self._good, rows.offsets)

    def lined(self, text: int) -> bool:
        """Whether the paragraphs of one text are its lines."""
        return text not in self._joined

    def spans(self, text: int) -> list[Span]:
        """Where the paragraphs of one text stand."""
        (starts, ends, *_), rows = self._lists, slice(self._bounds[text], self._bounds[text + 1])
        return list(map(Span, starts[rows], ends[rows]))

    def paragraph(self, text: int, index: int) -> Paragraph:
        """One paragraph of one text."""
        return self._paragraph(self._bounds[text] + index)

    def paragraphs(self, text: int) -> list[Paragraph]:
        """The paragraphs of one text."""
        return [self._paragraph(row) for row in range(self._bounds[text], self._bounds[text + 1])]

    def _paragraph(self, row: int) -> Paragraph:
        (forms, at), (numbered, numbered_at) = self._forms, self._numbered
        form, other = forms[at[row] : at[row + 1]], numbered[numbered_at[row] : numbered_at[row + 1]]
        own = form.decode("utf-8", "surrogatepass")
        same = own if form == other else other.decode("utf-8", "surrogatepass")  # most have no number
        starts, ends, keys, counts, sizes, sentences = self._lists
        return Paragraph(starts[row], ends[row], own, same, keys[row], counts[row], sizes[row], sentences[row])

    def kept(self, text: int) -> Kept:
        """The paragraphs of one text as `columns.kept` gives them."""
        return self._kept.of(text)

    @functools.cached_property
    def edges(self) -> BatchEdges:
        """The edges of the outer paragraphs: the first and the last of each text, of all and of running text."""
        outer = _placed(self._rows.offsets, self._good, _TWO_OF_EITHER_END)
        found, folded = self._edges_of(outer)
        return BatchEdges(self._owners[outer], self._rows.start[outer], found, _keys(folded), folded.words)

    def _edges_of(self, outer: NDArray[np.int64]) -> tuple[kernel.Edges, kernel.Folded]:
        """The edges of some paragraphs, and what they are folded to."""
        found = kernel.edge_sentences(self._data, self._rows.byte_start[outer], self._rows.byte_end[outer])
        return found, kernel.fold(self._data, found.byte_start, found.byte_end)

    @functools.cached_property
    def occurrences(self) -> Occurrences:
        """What is counted of all texts when the furniture of sites is learned."""
        outer = _placed(self._rows.offsets, self._good, _FIRST_AND_LAST)
        found, folded = self._edges_of(outer)
        enough = folded.words >= np.where(found.begins, *sentences.LEAST_WORDS)
        edge_keys, owners = np.array(_keys(folded), np.uint64)[enough], self._owners[outer][found.row][enough]
        edges = edge_keys, folded.words[enough], owners
        offsets, words = self._rows.offsets, self._folded.words
        says = self._folded.sentence & (self._sizes >= SAYS_SIZE)
        return occurrences_of_all(Counted(self._key_column, self._sizes, words, self._good, says, offsets, *edges))

    def alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        """By text, the pairs of its sentences that may be one; the settings are the same at each call."""
        if self._alike is None:
            self._alike = self._find_alike(settings)
        return self._alike

    def _find_alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        rows, folded = self._rows, self._folded
        compared = repeating.in_company(folded.sentence & (self._sizes >= repeats.LEAST_SIZE), rows.offsets)
        found = repeating.alike(
            *fast.some_word_hashes(folded.forms, folded.form_offsets, compared),
            rows.offsets,
            compared,
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

    def possible(self, sieve: Sieve, settings: CleanSettings) -> list[Possible]:
        """By text, which stages may find anything in it; the arguments are the same at each call."""
        if self._possible is None:
            lines = sieve.lines(self._sieved())
            some, told = self._of_texts(self._owners[lines]).tolist(), lines.tolist()
            by_text = (told[a:b] if known else () for known, (a, b) in zip(some, pairwise(self._bounds), strict=True))
            others = self._may_repeat(settings.repeats), self._may_end_alike(sieve)
            self._possible = list(map(Possible, by_text, *(column.tolist() for column in others)))
        return self._possible

    @functools.cached_property
    def _key_column(self) -> NDArray[np.uint64]:
        return np.array(self._keys, np.uint64)

    @functools.cached_property
    def _owners(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self._rows.offsets) - 1), np.diff(self._rows.offsets))

    def _of_texts(self, owners: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`bool[texts]`: which texts are among those."""
        found = np.zeros(len(self._rows.offsets) - 1, np.bool_)
        found[owners] = True
        return found

    def _may_repeat(self, settings: RepeatSettings) -> NDArray[np.bool_]:
        some = self._sizes >= repeats.LEAST_EQUAL
        owners, keys = self._owners[some], self._key_column[some]
        order = np.lexsort((keys, owners))  # equal paragraphs of a text stand side by side
        again = (np.diff(owners[order]) == 0) & (keys[order[1:]] == keys[order[:-1]])
        return self._of_texts(owners[order[1:][again]]) | np.array([bool(pairs) for pairs in self.alike(settings)], np.bool_)

    def _may_end_alike(self, sieve: Sieve) -> NDArray[np.bool_]:
        glued: list[int] = []
        if sieve.lengths:
            data, at = self._numbered
            closing = _placed(self._rows.offsets, self._good, _LAST_TWO).tolist()
            glued = [i for i in closing if furniture.glued_line(data[at[i] : at[i + 1]], sieve.lengths, sieve.closing)]
        return self._of_texts(self._owners[np.array(glued, np.int64)]) | self._may_be_edged(sieve)

    def _may_be_edged(self, sieve: Sieve) -> NDArray[np.bool_]:
        lengths, keys = sieve.edge_lengths, sieve.edge_keys
        if not keys:
            return self._of_texts(np.empty(0, np.int64))
        if not furniture.lengths_tell(lengths):
            return self._of_texts(self.edges.owners_of(keys))
        data, at = self._numbered
        outer = _placed(self._rows.offsets, self._good, _TWO_OF_EITHER_END).tolist()
        edged = [i for i in outer if furniture.may_be_edged(data[at[i] : at[i + 1]], lengths, keys)]
        return self._of_texts(self._owners[np.array(edged, np.int64)])

    def _sieved(self) -> Lines:
        folded, rows = self._folded, self._rows
        lines = np.flatnonzero((self._sizes <= phrases.LONGEST) & (rows.end - rows.start <= phrases.MOST_CHARACTERS))
        start, end = rows.byte_start[lines], rows.byte_end[lines]
        near = np.minimum(end, start + _CHARACTER * phrases.LABEL_REACH)
        formed = folded.phrases, folded.phrase_offsets[lines], folded.phrase_offsets[lines + 1]
        whole = self._data, start, end
        stretches = ((*formed, _SHARP), (self._data, start, near, _COLON), (*whole, _TELLING), (*whole, _BRACKET))
        flags = [np.zeros(len(self._sizes), np.bool_) for _ in range(5)]
        for flag, having in zip(flags, (True, *(kernel.have_any(*stretch) for stretch in stretches)), strict=True):
            flag[lines] = having
        short, numbers, labelled, marked, linked = flags
        forms = folded.phrases, folded.phrase_offsets
        words = fast.some_word_hashes(*forms, short)
        return Lines(self._key_column, folded.words, short, *forms, *words, numbers, folded.signs, labelled, marked, linked)


class BatchEdges:
    """Edge sentences of a batch: those of one paragraph as objects when they are asked for.

    Args:
        owners: `int64[outer]`, the text of each outer paragraph.
        starts: `int64[outer]`, where it starts in its text.
        found: its edges.
        keys: theirs.
        words: `int64[edges]`.
    """

    def __init__(
        self,
        owners: NDArray[np.int64],
        starts: NDArray[np.int64],
        found: kernel.Edges,
        keys: list[int],
        words: NDArray[np.int64],
    ) -> None:
        self._keys = keys
        self._words = words.tolist()
        self._owners = owners
        self._row = found.row
        self._places = {place: row for row, place in enumerate(zip(owners.tolist(), starts.tolist(), strict=True))}
        bounds = np.searchsorted(found.row, np.arange(len(owners) + 1))
        self._bounds = bounds.tolist()
        self._begins, self._starts, self._ends = found.begins.tolist(), found.start.tolist(), found.end.tolist()

    def owners_of(self, keys: frozenset[int]) -> NDArray[np.int64]:
        """The texts of the edges that have one of these keys."""
        return self._owners[self._row[[key in keys for key in self._keys]]]

    def of(self, text: int, start: int) -> Edges | None:
        """The edges of the paragraph that starts there; None if it is none of the outer ones."""
        row = self._places.get((text, start))
        if row is None:
            return None
        edges: Edges = ([], [])
        for i in range(self._bounds[row], self._bounds[row + 1]):
            edge = Edge(start + self._starts[i], start + self._ends[i], self._keys[i], self._words[i])
            edges[0 if self._begins[i] else 1].append(edge)
        return edges


def _rows(data: NDArray[np.uint8], offsets: NDArray[np.int64], texts: Sequence[str], mode: Mode) -> tuple[Rows, set[int]]:
    """The paragraphs: lines, but where a text is split at blank lines or may be hard-wrapped; and which texts those are."""
    lines = kernel.split_lines(data, offsets)
    by_lines = Rows(lines.byte_start, lines.byte_end, lines.start, lines.end, lines.offsets)
    others = range(len(texts)) if mode == "blank" else np.flatnonzero(lines.wrapped).tolist() if mode == "auto" else []
    if not others:
        return by_lines, set()
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
    return Rows(columns[0], columns[1], columns[2], columns[3], np.concatenate([[0], np.cumsum(counts)])), set(others)


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


def _keys(folded: kernel.Folded) -> list[int]:
    return normal.keys_of_bytes(folded.phrases.tobytes(), folded.phrase_offsets.tolist())


def _placed(offsets: NDArray[np.int64], good: NDArray[np.bool_], places: Sequence[int]) -> NDArray[np.int64]:
    """The rows at some places of each text, and of its running text: see `sentences.outer`, `furniture.closing_paragraphs`."""
    placed = np.zeros(len(good), np.bool_)
    for rows in (np.arange(len(good)), np.flatnonzero(good)):
        placed[_of_each(rows, offsets, places)] = True
    return np.flatnonzero(placed)


def _of_each(rows: NDArray[np.int64], offsets: NDArray[np.int64], places: Sequence[int]) -> NDArray[np.int64]:
    """Of some rows in order, those at some places of each text, from its begin or, below 0, from its end."""
    bounds = np.searchsorted(rows, offsets)
    starts, ends = bounds[:-1], bounds[1:]
    found = np.concatenate([(starts if place >= 0 else ends) + place for place in places])
    inside = (found >= np.tile(starts, len(places))) & (found < np.tile(ends, len(places)))
    return rows[found[inside]]  # type: ignore[no-any-return]  # numpy's indexing is untyped
