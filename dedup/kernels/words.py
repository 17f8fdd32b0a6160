"""The loops that find lines by their words: see `engines.sieve`. Nothing is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import compiled, inlined

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Integer: TypeAlias = int | np.int64
    Flags: TypeAlias = NDArray[np.bool_]
    Hashes: TypeAlias = NDArray[np.uint64]
    Numbers: TypeAlias = NDArray[np.int64]

U = np.uint64
FIRST, LAST, ANYWHERE, LABELLED, MARKED = range(5)
"""Where the first word of a trigger stands: it begins or ends a line, or may stand anywhere in any, or in a flagged one."""
_NUMBER, _SPACE = 35, 32  # "#", as the numbered form has it; what stands between its words


@inlined
def _stands(place: Integer, i: int, start: int, end: int, labelled: bool, marked: bool) -> bool:  # noqa: PLR0913, PLR0917 - numba
    """Whether word `i` of a line stands where a trigger wants it."""
    if place <= LAST:
        return i == start if place == FIRST else i == end - 1
    return place == ANYWHERE or (labelled if place == LABELLED else marked)


@compiled
def _has_all(words: Hashes, start: int, end: int, wanted: Hashes, first: int, last: int) -> bool:  # noqa: PLR0913, PLR0917 - as above
    """Whether a line has all of some words."""
    for other in range(first, last):
        at = start
        while at < end and words[at] != wanted[other]:
            at += 1
        if at == end:
            return False
    return True


@compiled
def find_telling(  # noqa: PLR0913, PLR0917 - columns: numba has no records without cost
    words: Hashes,
    offsets: Numbers,
    looked: Flags,
    labelled: Flags,
    marked: Flags,
    slots: NDArray[np.int32],
    firsts: Hashes,
    places: NDArray[np.uint8],
    most: NDArray[np.int16],
    others_at: NDArray[np.int32],
    others: Hashes,
    found: Flags,
) -> None:
    """Finds those of the lines looked at, none of them empty, that have all words of a trigger, and no more than `most`.

    The triggers whose first word's hash has the low bits `s` are rows `slots[s]:slots[s + 1]`; the other words of trigger `t` are
    `others[others_at[t]:others_at[t + 1]]`.
    """
    low = U(len(slots) - 2)
    for row in range(len(looked)):
        if found[row] or not looked[row]:
            continue
        start, end = offsets[row], offsets[row + 1]
        for i in range(start, end):
            slot = np.int64(words[i] & low)
            for t in range(slots[slot], slots[slot + 1]):
                fits = firsts[t] == words[i] and end - start <= most[t]
                if fits and _stands(places[t], i, start, end, labelled[row], marked[row]):
                    found[row] |= _has_all(words, start, end, others, others_at[t], others_at[t + 1])
            if found[row]:
                break


@compiled
def find_dated(  # noqa: PLR0913, PLR0917 - as above
    data: NDArray[np.uint8],
    byte_offsets: Numbers,
    words: Hashes,
    offsets: Numbers,
    looked: Flags,
    dates: Flags,
    longest: int,
    longest_stamp: int,
    most_others: int,
    found: Flags,
) -> None:
    """Finds those of the lines looked at that may be a date, or say when something was written.

    They have words in a row that have a number or are among `dates`, by the low bits of their hashes: all words of up to
    `longest`, or two or more of up to `longest_stamp` with `most_others` beside them, and a number among them.
    """
    low = U(len(dates) - 1)
    for row in range(len(looked)):
        count = offsets[row + 1] - offsets[row]
        if found[row] or not looked[row] or count > longest:
            continue
        at, end = byte_offsets[row], byte_offsets[row + 1]
        run, numbers = 0, 0
        for i in range(offsets[row], offsets[row + 1] + 1):
            numbered = False
            while at < end and data[at] != _SPACE:
                numbered |= data[at] == _NUMBER
                at += 1
            at += 1
            if i < offsets[row + 1] and (numbered or dates[words[i] & low]):
                run += 1
                numbers += numbered
                continue
            if numbers and (run == count or (run > 1 and count <= longest_stamp and count - run <= most_others)):
                found[row] = True
                break
            run, numbers = 0, 0


@compiled
def first_words(data: NDArray[np.uint8], starts: Numbers, ends: Numbers, lengths: Numbers, spans: Numbers) -> None:
    """Fills in where the first words of stretches begin and end, as many as each of the ascending lengths; 0, 0: fewer are."""
    spans[:] = 0
    for row in range(len(starts)):
        at, count = starts[row], 0
        for n in range(len(lengths)):
            while at < ends[row] and count < lengths[n]:
                at += count > 0
                while at < ends[row] and data[at] != _SPACE:
                    at += 1
                count += 1
            if count < lengths[n]:
                break
            spans[0, row, n], spans[1, row, n] = starts[row], at


@compiled
def last_words(data: NDArray[np.uint8], starts: Numbers, ends: Numbers, lengths: Numbers, spans: Numbers) -> None:
    """The same of the last words."""
    spans[:] = 0
    for row in range(len(starts)):
        at, count = ends[row], 0
        for n in range(len(lengths)):
            while at > starts[row] and count < lengths[n]:
                at -= count > 0
                while at > starts[row] and data[at - 1] != _SPACE:
                    at -= 1
                count += 1
            if count < lengths[n]:
                break
            spans[0, row, n], spans[1, row, n] = at, ends[row]
