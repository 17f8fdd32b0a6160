"""Pairs of paragraphs of one text that share most of their shingles: `repeats.alike_pairs`, for many texts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import checks
from dedup.kernels.jit import compiled

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Hashes: TypeAlias = NDArray[np.uint64]
    Numbers: TypeAlias = NDArray[np.int64]
    Small: TypeAlias = NDArray[np.int32]

U = np.uint64
_MULTIPLIER = U(0x9E3779B97F4A7C15)
_SPREAD = U(0xFF51AFD7ED558CCD)
_ROOM = 1 << 14  # pairs for which there is room at first: with more of them, all is compared twice


class Alike(NamedTuple):
    """Pairs of paragraphs, one a row, in order of the later one, then by how much they share, then of the earlier one."""

    a: NDArray[np.int64]
    """`int64[pairs]`: the number of the earlier paragraph."""
    b: NDArray[np.int64]
    shared: NDArray[np.int64]
    """`int64[pairs]`: distinct shingles of both."""
    size_a: NDArray[np.int64]
    """`int64[pairs]`: distinct shingles of the earlier one."""
    size_b: NDArray[np.int64]


def in_company(compared: NDArray[np.bool_], text_offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Those of the paragraphs that are compared whose text has another one; without it they need not be looked at.

    Args:
        compared: `bool[paragraphs]`.
        text_offsets: `int64[texts + 1]`, in paragraphs.
    """
    before = np.concatenate([[0], np.cumsum(compared)])[text_offsets]
    return compared & np.repeat(np.diff(before) > 1, np.diff(text_offsets))


def alike(  # noqa: PLR0913 (columns and thresholds, by name)
    words: NDArray[np.uint64],
    word_offsets: NDArray[np.int64],
    text_offsets: NDArray[np.int64],
    compared: NDArray[np.bool_],
    *,
    k: int,
    holders: int,
    near: float,
    contained: float,
) -> Alike:
    """Finds pairs of a text's paragraphs whose Jaccard is at least `near`, or one's containment at least `contained`.

    Args:
        words: `uint64[words]`, their hashes.
        word_offsets: `int64[paragraphs + 1]`.
        text_offsets: `int64[texts + 1]`, in paragraphs.
        compared: `bool[paragraphs]`, those that are compared.
        k: words of a shingle.
        holders: a shingle speaks for so many of the text's paragraphs, the first.
        near: see above.
        contained: see above.

    Raises:
        ValueError: an array has another dtype, or offsets do not fit.
    """
    words = checks.column("words", words, np.uint64)
    word_offsets = checks.offsets_of("word_offsets", word_offsets, len(words))
    text_offsets = checks.offsets_of("text_offsets", text_offsets, len(word_offsets) - 1)
    checks.at_least("k", k, 1)
    checks.at_least("holders", holders, 1)
    most = int(np.diff(word_offsets[text_offsets]).max(initial=1))
    slots = _slots(most)
    table = np.empty(slots, np.uint64), np.empty((3, slots), np.int32), np.empty((2, most), np.int32)
    counts = np.zeros((2, len(compared)), np.int64)
    room = _ROOM
    while True:
        out = np.empty((5, room), np.int64)
        found = _alike(words, word_offsets, text_offsets, compared, k, holders, near, contained, *table, counts, out)
        if found <= room:
            a, b, shared = out[:3, :found]
            order = np.lexsort((a, -shared, b))
            return Alike(*(column[order] for column in out[:, :found]))
        counts[:] = 0
        room = found


def _slots(words: int) -> int:
    """How large the table is: a power of two, no more than two thirds full, as `_alike` takes it."""
    slots = 1
    while 2 * slots < 3 * words:
        slots *= 2
    return slots


@compiled
def _alike(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - one loop over columns: numba has no records without cost
    words: Hashes,
    word_offsets: Numbers,
    text_offsets: Numbers,
    compared: NDArray[np.bool_],
    k: int,
    holders: int,
    near: float,
    contained: float,
    keys: Hashes,
    slots: Small,
    entries: Small,
    counts: Numbers,
    out: Numbers,
) -> int:
    """Fills `out` as far as there is room; returns how many pairs there are.

    `keys` and `slots` are a hash table of the text's shingles (first entry, how many, which paragraph had it last), `entries` the
    paragraphs that hold one (paragraph, next entry), `counts` each paragraph's size and what it shares with the one at hand.
    """
    power = U(1)
    for _ in range(k):
        power *= _MULTIPLIER
    first, held, last = slots
    holder, following = entries
    size, shared = counts
    touched = np.empty(len(compared), np.int64)
    found = 0
    for text in range(len(text_offsets) - 1):
        begin, end = text_offsets[text], text_offsets[text + 1]
        several = 0
        for b in range(begin, end):
            several += compared[b]
        if several < 2:
            continue
        wide = 1
        while 2 * wide < 3 * (word_offsets[end] - word_offsets[begin]):
            wide *= 2
        mask = U(wide - 1)
        held[:wide] = 0
        free = 0
        for b in range(begin, end):
            if not compared[b]:
                continue
            meets = 0
            window = U(0)
            start = word_offsets[b]
            for i in range(start, word_offsets[b + 1]):
                window = window * _MULTIPLIER + words[i]
                if i - start >= k:
                    window -= words[i - k] * power
                if i - start < k - 1:
                    continue
                slot = np.int64(((window ^ window >> U(29)) * _SPREAD) >> U(20) & mask)
                while held[slot] and keys[slot] != window:
                    slot = np.int64(U(slot + 1) & mask)
                if not held[slot]:
                    keys[slot] = window
                    first[slot] = -1
                    last[slot] = -1
                if held[slot] and last[slot] == b:
                    continue  # it had this shingle before
                size[b] += 1
                entry = first[slot]
                while entry >= 0:
                    a = holder[entry]
                    if shared[a] == 0:
                        touched[meets] = a
                        meets += 1
                    shared[a] += 1
                    entry = following[entry]
                last[slot] = b
                if held[slot] < holders:
                    holder[free] = b
                    following[free] = first[slot]
                    first[slot] = free
                    free += 1
                    held[slot] += 1
            for t in range(meets):
                a = touched[t]
                both = shared[a]
                shared[a] = 0
                if both >= near * (size[a] + size[b] - both) or both >= contained * min(size[a], size[b]):
                    if found < out.shape[1]:
                        out[0, found] = a
                        out[1, found] = b
                        out[2, found] = both
                        out[3, found] = size[a]
                        out[4, found] = size[b]
                    found += 1
    return found
