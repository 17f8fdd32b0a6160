"""The compiled kernel: the bits of `reference`, with numba.

Checks and allocates; the loops are in `signing` and `sets`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import checks, sets, signing

if TYPE_CHECKING:
    from numpy.typing import NDArray

name = "fast"


def word_hashes(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes the words of each paragraph: see `Kernel.word_hashes`."""
    data = checks.column("data", data, np.uint8)
    offsets = checks.offsets_of("offsets", offsets, len(data))
    return _word_hashes(data, offsets[:-1], offsets[1:])


def some_word_hashes(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes the words of some paragraphs, as `word_hashes`; the others have none.

    Args:
        data: `uint8[bytes]`, the paragraphs.
        offsets: `int64[paragraphs + 1]`.
        chosen: `bool[paragraphs]`, those whose words are hashed.

    Raises:
        ValueError: An array has another dtype, dimension or length, or offsets do not rise from 0 to the length of `data`.
    """
    data, offsets = checks.column("data", data, np.uint8), checks.offsets_of("offsets", offsets, len(data))
    chosen = checks.column("chosen", chosen, np.bool_)
    if len(chosen) != len(offsets) - 1:
        raise ValueError(f"chosen must have {len(offsets) - 1} members")
    hashes, ends = _word_hashes(data, offsets[:-1][chosen], offsets[1:][chosen])
    word_offsets = np.zeros(len(offsets), np.int64)
    word_offsets[1:][chosen] = np.diff(ends)
    return hashes, np.cumsum(word_offsets)


def _word_hashes(
    data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    spaces = signing.count_spaces(data, starts, ends)
    hashes = np.empty(spaces + len(starts), np.uint64)  # a paragraph has at most one word more than spaces
    word_offsets = np.zeros(len(starts) + 1, np.int64)
    return hashes[: signing.word_hashes(data, starts, ends, hashes, word_offsets)], word_offsets


def shingle_sets(
    word_hashes: NDArray[np.uint64], word_offsets: NDArray[np.int64], k: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes each `k` consecutive words: see `Kernel.shingle_sets`."""
    word_hashes = checks.column("word_hashes", word_hashes, np.uint64)
    word_offsets = checks.offsets_of("word_offsets", word_offsets, len(word_hashes))
    checks.at_least("k", k, 1)
    k = min(k, len(word_hashes) + 1)
    shingles = np.empty(int(np.maximum(np.diff(word_offsets) - (k - 1), 0).sum()), np.uint64)
    offsets = np.zeros(len(word_offsets), np.int64)
    signing.shingles(word_hashes, word_offsets, k, shingles, offsets)
    return shingles[: sets.sort_distinct(shingles, offsets)], offsets


def signatures(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], permutations: int, seed: int = 1) -> NDArray[np.uint32]:
    """Signs each set of shingles: see `Kernel.signatures`."""
    shingles = checks.column("shingles", shingles, np.uint64)
    offsets = checks.offsets_of("offsets", offsets, len(shingles))
    checks.signing(permutations, seed)
    signed = np.empty((len(offsets) - 1, permutations), np.uint32)
    signing.signatures(shingles, offsets, *_permutations(permutations, seed), signed)
    return signed


def text_signatures(  # noqa: PLR0913, PLR0917 (see `Kernel`)
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    k: int,
    permutations: int,
    seed: int = 1,
    out: NDArray[np.uint32] | None = None,
) -> NDArray[np.uint32]:
    """Signs each paragraph of a text: see `Kernel.text_signatures`."""
    data = checks.column("data", data, np.uint8)
    offsets = checks.offsets_of("offsets", offsets, len(data))
    checks.at_least("k", k, 1)
    checks.signing(permutations, seed)
    signed = checks.signed(out, len(offsets) - 1, permutations)
    k = min(k, len(data) + 1)
    signing.text_signatures(data, offsets, k, *_permutations(permutations, seed), signed)
    return signed


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int, band: int) -> NDArray[np.uint64]:
    """Hashes the rows of one band: see `Kernel.band_keys`."""
    signatures = checks.banded(signatures, bands, rows, band)
    keys = np.empty(len(signatures), np.uint64)
    signing.band_keys(signatures, rows, band, keys)
    return keys


def overlaps(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts shared shingles: see `Kernel.overlaps`."""
    shingles = checks.column("shingles", shingles, np.uint64)
    offsets = checks.offsets_of("offsets", offsets, len(shingles))
    pairs = checks.pairs_of(pairs, len(offsets) - 1)
    shared = np.empty(len(pairs), np.int64)
    sets.overlaps(shingles, offsets, pairs, shared)
    return shared


def union_find(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Finds connected components: see `Kernel.union_find`."""
    pairs = checks.pairs_of(pairs, n)
    parent = np.arange(n, dtype=np.int64)
    sets.union_find(parent, pairs)
    return parent


@functools.lru_cache(maxsize=4)  # drawing them takes as long as signing some hundred paragraphs
def _permutations(count: int, seed: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Draws datasketch's factors and addends (`MinHash._init_permutations`, affine32) without importing it."""
    draw = np.random.RandomState(seed)  # the frozen legacy stream: the same numbers on every numpy
    factors = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, draw.randint(0, 1 << 32, count, dtype=np.uint32)
