"""The loop that finds lines by their words: see `engines.sieve`. Nothing is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import compiled

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Flags: TypeAlias = NDArray[np.bool_]

U = np.uint64


@compiled
def find_telling(  # noqa: PLR0913, PLR0917 - columns: numba has no records without cost
    words: NDArray[np.uint64],
    offsets: NDArray[np.int64],
    looked: Flags,
    labelled: Flags,
    marked: Flags,
    tables: NDArray[np.int16],
    found: Flags,
) -> None:
    """Finds those of the lines looked at, none of them empty, that have a word which means something in a line so short.

    Each of the six tables has, by the low bits of a word's hash, the most words of a line in which it means something: as the
    first word, beside such a first one, as the last, anywhere, and in lines that are `labelled` or `marked`.
    """
    first, beside, last, within, labels, credited = tables
    low = U(len(first) - 1)
    for row in range(len(looked)):
        if found[row] or not looked[row]:
            continue
        start, end = offsets[row], offsets[row + 1]
        count = end - start
        begins = count <= first[words[start] & low]
        known = count <= last[words[end - 1] & low]
        for i in range(start, end):
            if known:
                break
            slot = words[i] & low
            known = (
                count <= within[slot]
                or (begins and count <= beside[slot])
                or (labelled[row] and count <= labels[slot])
                or (marked[row] and count <= credited[slot])
            )
        found[row] = known
