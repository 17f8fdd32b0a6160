"""What both kernels demand of their arguments, checked in one place so that their errors are equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

_LARGEST_SEED = 2**32 - 1  # of numpy's RandomState, from which datasketch draws its permutations


def column(name: str, array: NDArray[Any], dtype: DTypeLike, dimensions: int = 1) -> NDArray[Any]:
    """Returns a read-only, contiguous and aligned view (a copy only where the array is not).

    Read-only also serves the compiler: one kind of argument, one compiled function.

    Raises:
        ValueError: If it is no array of this dtype and number of dimensions.
    """
    if not isinstance(array, np.ndarray) or array.dtype != dtype or array.ndim != dimensions:
        raise ValueError(f"{name} must be an array of {np.dtype(dtype)} with {dimensions} dimension(s)")
    flags = array.flags
    view = array.view() if flags.c_contiguous and flags.aligned else np.require(array, requirements=["C", "A"]).view()
    view.flags.writeable = False
    return view


def offsets_of(name: str, offsets: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Checks offsets into a column of `length`: at least one, rising (not strictly) from 0 to `length`."""
    offsets = column(name, offsets, np.int64)
    if len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != length or (offsets[1:] < offsets[:-1]).any():
        raise ValueError(f"{name} must rise from 0 to {length}")
    return offsets


def pairs_of(pairs: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Checks `int64[pairs, 2]` whose members are `0..n-1`."""
    at_least("n", n, 0)
    pairs = column("pairs", pairs, np.int64, 2)
    if pairs.shape[1] != 2:
        raise ValueError("pairs must have two columns")
    if pairs.size and (pairs.min() < 0 or pairs.max() >= n):
        raise ValueError(f"pairs must name members from 0 to {n - 1}")
    return pairs


def at_least(name: str, value: int, least: int) -> None:
    """Checks a count."""
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value}")


def signing(permutations: int, seed: int) -> None:
    """Checks what a signature is made with."""
    at_least("permutations", permutations, 1)
    if not 0 <= seed <= _LARGEST_SEED:
        raise ValueError(f"seed must be from 0 to {_LARGEST_SEED}, not {seed}")


def signed(out: NDArray[np.uint32] | None, paragraphs: int, permutations: int) -> NDArray[np.uint32]:
    """Returns `out`, or a new array where there is none, for so many signatures; what it holds is not defined."""
    if out is None:
        return np.empty((paragraphs, permutations), np.uint32)
    fits = isinstance(out, np.ndarray) and out.dtype == np.uint32 and out.shape == (paragraphs, permutations)
    if not fits or not (out.flags.c_contiguous and out.flags.aligned and out.flags.writeable):
        raise ValueError(f"out must be a contiguous, writable array of uint32 with {paragraphs} rows of {permutations}")
    return out


def banded(signatures: NDArray[np.uint32], bands: int, rows: int, band: int) -> NDArray[np.uint32]:
    """Checks signatures and which rows of them are asked for; returns them as `column` does."""
    signatures = column("signatures", signatures, np.uint32, 2)
    at_least("bands", bands, 1)
    at_least("rows", rows, 1)
    if bands * rows > signatures.shape[1]:
        raise ValueError(f"{bands} bands of {rows} rows need more than the {signatures.shape[1]} rows of the signature")
    if not 0 <= band < bands:
        raise ValueError(f"band must be from 0 to {bands - 1}, not {band}")
    return signatures
