"""The inner loops of matching, twice: `reference` is their meaning, `fast` the same bits compiled with numba.

Both work on flat columns and hold no state. A batch of paragraphs is the bytes of its normal forms, one behind the
other, and `offsets`, one more than there are paragraphs: paragraph `i` is `data[offsets[i]:offsets[i + 1]]`. Its words
are the runs of bytes other than the space. What a shingle hash and a signature are is said in `reference`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from dedup.choices import KERNELS
from dedup.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Kernel(Protocol):
    """What both kernels do: equal arrays and equal errors for any input.

    Arrays must have the dtype and dimensions that are given here; anything else is a `ValueError`, as are offsets that
    do not rise from 0 to the length of their column. All functions take empty columns. Inputs are never written to.
    """

    name: str

    def word_hashes(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Hashes the words: `uint64[words]`, in text order, and `int64[paragraphs + 1]` offsets into them."""

    def shingle_sets(
        self, word_hashes: NDArray[np.uint64], word_offsets: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Hashes each `k` consecutive words of a paragraph.

        Returns:
            The shingle hashes `uint64[shingles]`, ascending and distinct within each paragraph, and
            `int64[paragraphs + 1]` offsets into them. A paragraph of fewer than `k` words has none.

        Raises:
            ValueError: If `k` is below 1.
        """

    def signatures(
        self, shingles: NDArray[np.uint64], offsets: NDArray[np.int64], permutations: int, seed: int = 1
    ) -> NDArray[np.uint32]:
        """Signs each set of shingles.

        Returns:
            `uint32[paragraphs, permutations]`. The signature of an empty set is all ones (4294967295).

        Raises:
            ValueError: If `permutations` is below 1 or `seed` is not in 0..4294967295.
        """

    def text_signatures(  # noqa: PLR0913, PLR0917 (those of the functions that it stands for)
        self,
        data: NDArray[np.uint8],
        offsets: NDArray[np.int64],
        k: int,
        permutations: int,
        seed: int = 1,
        out: NDArray[np.uint32] | None = None,
    ) -> NDArray[np.uint32]:
        """Gives `signatures(*shingle_sets(*word_hashes(data, offsets), k), permutations, seed)` without the columns.

        Args:
            data: As of `word_hashes`.
            offsets: The same.
            k: As of `shingle_sets`.
            permutations: As of `signatures`.
            seed: The same.
            out: `uint32[paragraphs, permutations]`, contiguous: where they go, and what is returned; None: a new array.

        Raises:
            ValueError: As of these functions, and if `out` is no such array.
        """

    def band_keys(self, signatures: NDArray[np.uint32], bands: int, rows: int, band: int) -> NDArray[np.uint64]:
        """Hashes the rows of one band: columns `band * rows` up to `(band + 1) * rows` of the signatures.

        Returns:
            `uint64[paragraphs]`: xxh64, with the band's number as seed, of the rows as little-endian 32-bit integers.

        Raises:
            ValueError: If `bands` or `rows` is below 1, they need more rows than there are, or `band` is not one.
        """

    def overlaps(self, shingles: NDArray[np.uint64], offsets: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Counts the shingles that the two paragraphs of each pair share.

        Args:
            shingles: As `shingle_sets` returns them: ascending and distinct within each paragraph (not checked).
            offsets: Their offsets.
            pairs: `int64[pairs, 2]`, numbers of paragraphs.

        Returns:
            `int64[pairs]`.

        Raises:
            ValueError: If a pair names a paragraph that is not there.
        """

    def union_find(self, n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Finds the connected components of the graph of nodes `0..n-1` and edges `pairs` (`int64[pairs, 2]`).

        Returns:
            `int64[n]`: for each node the smallest node of its component.

        Raises:
            ValueError: If `n` is negative or a pair names a node that is not there.
        """


def waits() -> bool:
    """Tells whether the fast kernel has to be compiled first, which takes some ten seconds; it is kept for the next time."""
    from dedup.kernels import jit, signing  # noqa: F401, PLC0415 - numba, and functions to ask for

    return not jit.is_compiled()


def check(name: str) -> None:
    """Refuses names that are no kernel's.

    Raises:
        UsageError: If there is no such kernel.
    """
    if name not in KERNELS:
        raise UsageError(f"no kernel {name!r}: choose one of {', '.join(KERNELS)}")


def load(name: str = "auto") -> Kernel:
    """Returns a kernel.

    Args:
        name: "fast", "reference", or "auto": the fast one where it can run (numba can be imported, and the machine
            keeps the low byte first), else the reference. The kernel's `name` says which it is.

    Raises:
        UsageError: If there is no such kernel, or the fast one is asked for where it cannot run.
    """
    check(name)
    if name != "reference" and sys.byteorder == "little":
        try:
            from dedup.kernels import fast  # noqa: PLC0415 - numba is imported only where it is used
        except (ImportError, OSError) as error:  # OSError: numba is there, its LLVM library cannot be loaded
            reason = str(error)
        else:
            return fast
    else:
        reason = "it reads words low byte first, and this machine keeps the high byte first"
    if name == "fast":
        raise UsageError(f"the fast kernel cannot run here ({reason}): choose reference, which gives the same result")
    from dedup.kernels import reference  # noqa: PLC0415 - xxhash and numpy are imported only where they are used

    return reference
