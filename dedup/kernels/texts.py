"""Lines, normal forms and sentences of many texts at once: what `paragraphs`, `normal` and `sentences` say, compiled with numba.

A batch of texts is their UTF-8 (`surrogatepass`), one behind the other, in a column of bytes; a stretch is the bytes from a
`byte_start` up to a `byte_end` in it, on borders of code points. Each text and each stretch is read as if it stood alone.
Bytes that are no such UTF-8 give anything, but no error. Checks and allocates; the loops are in `lines`, `folding` and `edges`.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import checks, edges, folding, lines
from dedup.text import links, normal, shown, tags

if TYPE_CHECKING:
    from numpy.typing import NDArray
_WIDEST = 3  # bytes of form for a byte of text, at most: see `folding.room`
_MUCH = 1 << 26  # bytes that are worth being measured before they are taken
# A pattern searches an array as it is; bytes would be one more copy of it.
_ASKED = (links.CLOSES, re.compile(links.MARKED.encode())), (tags.OPENS, re.compile(tags.ENDS.encode()))


class Lines(NamedTuple):
    """The lines that are not blank, one a row, without the white space at their end."""

    byte_start: NDArray[np.int64]
    """`int64[lines]`, in the column of bytes."""
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    """`int64[lines]`, code points within the line's own text."""
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]
    """`int64[texts + 1]`: the lines of text `i` are rows `offsets[i]:offsets[i + 1]`."""
    wrapped: NDArray[np.bool_]
    """`bool[texts]`; False: the text's lines are its paragraphs; True: it may be hard-wrapped, ask `paragraphs.split`."""


class Folded(NamedTuple):
    """The forms of stretches, one a row; `*_offsets` have one row more."""

    forms: NDArray[np.uint8]
    """The normal forms, one behind the other, in UTF-8."""
    form_offsets: NDArray[np.int64]
    """`int64[stretches + 1]`, bytes."""
    phrases: NDArray[np.uint8]
    """The phrase forms (`" ".join(phrase_words(piece))`, but that the signs of `signs` count as separators)."""
    phrase_offsets: NDArray[np.int64]
    signs: NDArray[np.bool_]
    """`bool[stretches]`: whether it has © or ℗."""
    words: NDArray[np.int64]
    """`int64[stretches]`: words of the form."""
    dense: NDArray[np.int64]
    """`int64[stretches]`: those of them that begin with a character that `normal.is_no_space`."""
    sentence: NDArray[np.bool_]
    """`bool[stretches]`: `paragraphs.ends_sentence`."""


class Edges(NamedTuple):
    """What begins and what ends stretches, as `sentences.edges_of` says: one a row, in its order."""

    row: NDArray[np.int64]
    """`int64[edges]`: the number of the stretch."""
    begins: NDArray[np.bool_]
    """`bool[edges]`: True for a beginning, False for an end."""
    byte_start: NDArray[np.int64]
    """`int64[edges]`, in the column of bytes."""
    byte_end: NDArray[np.int64]
    start: NDArray[np.int64]
    """`int64[edges]`, code points from the stretch's first."""
    end: NDArray[np.int64]


def split_lines(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Lines:
    """Finds the lines of each text, as `paragraphs.split(text, "line")` does.

    Args:
        data: `uint8[bytes]`, the texts.
        offsets: `int64[texts + 1]`, bytes: text `i` is `data[offsets[i]:offsets[i + 1]]`.

    Raises:
        ValueError: An array has another dtype or dimension, or offsets do not rise from 0 to the length of `data`.
    """
    data = checks.column("data", data, np.uint8)
    offsets = checks.offsets_of("offsets", offsets, len(data))
    most = lines.count_breaks(data) + len(offsets) - 1
    places = np.empty((4, most), np.int64)
    line_offsets = np.zeros(len(offsets), np.int64)
    wrapped = np.zeros(len(offsets) - 1, np.bool_)
    table = _table()
    found = lines.split_lines(
        data, offsets, table.pages, table.cells, places[0], places[1], places[2], places[3], line_offsets, wrapped
    )
    byte_start, byte_end, start, end = places[:, :found]
    wrapped |= _marked(data, offsets)
    return Lines(byte_start, byte_end, start, end, line_offsets, wrapped)


def fold(data: NDArray[np.uint8], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]) -> Folded:
    """Folds each stretch to its normal form and its phrase form, and tells whether it ends as a sentence.

    Args:
        data: `uint8[bytes]`.
        byte_start: `int64[stretches]`; stretches may stand in any order, and share bytes.
        byte_end: `int64[stretches]`.

    Raises:
        ValueError: An array has another dtype or dimension, or a stretch does not lie in `data`.
    """
    data, byte_start, byte_end = _shown(*_stretches(data, byte_start, byte_end))
    pages, cells, units, ascii_forms, digit_leads = _table()
    rows = len(byte_start)
    most = _WIDEST * int((byte_end - byte_start).sum())
    forms = np.empty(most if most < _MUCH else folding.room(data, byte_start, byte_end), np.uint8)
    form_offsets, phrase_offsets = np.zeros(rows + 1, np.int64), np.zeros(rows + 1, np.int64)
    words, dense = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    signs, sentence = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    folding.fold(data, byte_start, byte_end, pages, cells, units, ascii_forms, forms, form_offsets, words, dense, signs)
    forms.resize(form_offsets[-1], refcheck=False)  # what is not used is given back; nobody else has it yet
    phrases = np.empty(form_offsets[-1], np.uint8)
    folding.number(forms, form_offsets, pages, cells, digit_leads, phrases, phrase_offsets)
    phrases.resize(phrase_offsets[-1], refcheck=False)
    edges.ends_of_sentences(data, byte_start, byte_end, _kinds(), pages, cells, sentence)
    return Folded(forms, form_offsets, phrases, phrase_offsets, signs, words, dense, sentence)


def edge_sentences(data: NDArray[np.uint8], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]) -> Edges:
    """Finds the sentences that begin and end each stretch: `sentences.edges_of`, arguments and errors as for `fold`."""
    data, byte_start, byte_end = _stretches(data, byte_start, byte_end)
    most = edges.count_edges(len(byte_start))
    row, begins, places = np.empty(most, np.int64), np.empty(most, np.bool_), np.empty((4, most), np.int64)
    found = edges.edge_sentences(data, byte_start, byte_end, _kinds(), row, begins, places)
    byte_starts, byte_ends, start, end = places[:, :found]
    return Edges(row[:found], begins[:found], byte_starts, byte_ends, start, end)


def have_any(
    data: NDArray[np.uint8], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which stretches have one of some bytes.

    Args:
        data: `uint8[bytes]`.
        byte_start: `int64[stretches]`.
        byte_end: `int64[stretches]`.
        wanted: `bool[256]`, by byte.

    Returns:
        `bool[stretches]`.

    Raises:
        ValueError, TypeError: the columns do not fit together.
    """
    data, byte_start, byte_end = _stretches(data, byte_start, byte_end)
    found = np.zeros(len(byte_start), np.bool_)
    lines.have_any(data, byte_start, byte_end, wanted, found)
    return found


def _marked(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which texts have Markdown's links (of these, not all lines are asked for a column), or tags that end lines."""
    found = np.zeros(len(offsets) - 1, np.bool_)
    for byte, pattern in _ASKED:
        if _has(data, byte, pattern):
            found |= [pattern.search(data.data, start, end) is not None for start, end in pairwise(offsets.tolist())]
    return found


def _has(data: NDArray[np.uint8], byte: str, pattern: re.Pattern[bytes]) -> bool:
    """Whether a pattern that finds nothing without a byte finds anything: most data lack the byte, which is told at once."""
    return bool((data == ord(byte)).any()) and pattern.search(data.data) is not None


def _shown(
    data: NDArray[np.uint8], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The stretches as `shown` gives them: those that may be shown otherwise are written once more, behind all others."""
    signs = [sign for pattern, byte, sign in shown.SIGNS if _has(data, byte, pattern)] if len(byte_start) else []
    if not signs:
        return data, byte_start, byte_end
    whole = data.tobytes()
    wanted = np.zeros(256, np.bool_)
    wanted[list(map(ord, signs))] = True
    rows = np.flatnonzero(have_any(data, byte_start, byte_end, wanted))
    pieces = [shown.shown_bytes(whole[start:end]) for start, end in zip(byte_start[rows], byte_end[rows], strict=True)]
    ends = len(whole) + np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    byte_start, byte_end = byte_start.copy(), byte_end.copy()
    byte_start[rows], byte_end[rows] = ends - [len(piece) for piece in pieces], ends
    return np.frombuffer(b"".join([whole, *pieces]), np.uint8), byte_start, byte_end


def _stretches(
    data: NDArray[np.uint8], byte_start: NDArray[np.int64], byte_end: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    data = checks.column("data", data, np.uint8)
    byte_start = checks.column("byte_start", byte_start, np.int64)
    byte_end = checks.column("byte_end", byte_end, np.int64)
    if len(byte_start) != len(byte_end):
        raise ValueError("byte_start and byte_end must be of one length")
    if (byte_start < 0).any() or (byte_end < byte_start).any() or (byte_end > len(data)).any():
        raise ValueError(f"stretches must lie in the {len(data)} bytes of data")
    return data, byte_start, byte_end


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    return edges.kinds_of_characters()


class _Table(NamedTuple):
    """The table of the normal form as the loops take it: see `folding`."""

    pages: NDArray[np.uint16]
    cells: NDArray[np.uint32]
    units: NDArray[np.uint32]
    ascii_forms: NDArray[np.uint8]
    digit_leads: NDArray[np.bool_]


@functools.cache
def _table() -> _Table:
    shipped = normal.table()
    actions = np.zeros(len(shipped.action_class), np.uint32)
    columns = (shipped.action_class, 0), (shipped.action_length, 3), (shipped.action_order, 8), (shipped.action_start, 16)
    for column, shift in columns:
        actions |= np.asarray(column).astype(np.uint32) << np.uint32(shift)
    pages, cells = np.asarray(shipped.page_index), actions[np.asarray(shipped.entries)]
    ascii_forms = np.zeros(256, np.uint8)
    ascii_forms[:128] = [shipped.units(code)[0] for code in range(128)]
    digits = np.flatnonzero(cells.reshape(-1, normal.PAGE)[pages].ravel() & 7 == normal.CharClass.DIGIT)
    digit_leads = np.zeros(256, np.bool_)
    digit_leads[[chr(code).encode()[0] for code in digits.tolist()]] = True
    return _Table(pages, cells, np.asarray(shipped.replacements), ascii_forms, digit_leads)
