"""The kernel that is the definition: short, obvious, slow. Every other kernel must give the same bits.

- The hash of a word is the xxh64 (seed 0) of its UTF-8 bytes.
- The hash of the shingle `w0 … wk-1` is `mix(sum of h(wj) * M**(k-1-j))` modulo 2**64, where M is `MULTIPLIER` and mix
  the 64-bit finalizer of MurmurHash3: Horner's rule over the words, so a window can roll; M is odd, so one changed word
  always changes the hash; mixed, so every bit depends on every word.
- A signature is datasketch's MinHash (scheme "affine32") over the upper 32 bits of the shingle hashes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from xxhash import xxh64_intdigest

from dedup.kernels import checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

name = "reference"

MULTIPLIER = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, made odd: the increment of SplitMix64
_MASK = 2**64 - 1


def mix(value: int) -> int:
    """Spreads 64 bits: fmix64 of MurmurHash3 (Austin Appleby, public domain), a bijection."""
    value = (value ^ value >> 33) * 0xFF51AFD7ED558CCD & _MASK
    value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33


def shingle_hash(words: Iterable[int]) -> int:
    """Returns the hash of consecutive words, given their hashes."""
    value = 0
    for word in words:
        value = (value * MULTIPLIER + word) & _MASK
    return mix(value)


def word_hashes(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes the words of each paragraph: see `Kernel.word_hashes`."""
    data = checks.column("data", data, np.uint8)
    offsets = checks.offsets_of("offsets", offsets, len(data))
    words = [[word for word in data[start:end].tobytes().split(b" ") if word] for start, end in pairwise(offsets)]
    return _columns([[xxh64_intdigest(word, seed=0) for word in paragraph] for paragraph in words])


def shingle_sets(
    word_hashes: NDArray[np.uint64], word_offsets: NDArray[np.int64], k: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes each `k` consecutive words: see `Kernel.shingle_sets`."""
    word_hashes = checks.column("word_hashes", word_hashes, np.uint64)
    word_offsets = checks.offsets_of("word_offsets", word_offsets, len(word_hashes))
    checks.at_least("k", k, 1)
    sets = []
    for start, end in pairwise(word_offsets):
        words = word_hashes[start:end].tolist()
        sets.append(sorted({shingle_hash(words[i : i + k]) for i in range(len(words) - k + 1)}))
    return _columns(sets)


def signatures(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], permutations: int, seed: int = 1) -> NDArray[np.uint32]:
    """Signs each set of shingles: see `Kernel.signatures`."""
    from datasketch import MinHash  # noqa: PLC0415 - imports scipy, 0.7 s: only when something is signed

    shingles = checks.column("shingles", shingles, np.uint64)
    offsets = checks.offsets_of("offsets", offsets, len(shingles))
    checks.signing(permutations, seed)
    empty = MinHash(num_perm=permutations, seed=seed, scheme="affine32", hashfunc=int)
    signed = np.empty((len(offsets) - 1, permutations), np.uint32)
    for row, (start, end) in zip(signed, pairwise(offsets), strict=True):
        minhash = empty.copy()
        minhash.update_batch(shingles[start:end] >> np.uint64(32))
        row[:] = minhash.hashvalues
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
    found = signatures(*shingle_sets(*word_hashes(data, offsets), k), permutations, seed)
    signed = checks.signed(out, *found.shape)
    signed[:] = found
    return signed


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int, band: int) -> NDArray[np.uint64]:
    """Hashes the rows of one band: see `Kernel.band_keys`."""
    signatures = checks.banded(signatures, bands, rows, band)
    cut = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows], "<u4")
    return np.array([xxh64_intdigest(row.tobytes(), seed=band) for row in cut], np.uint64)


def overlaps(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts shared shingles: see `Kernel.overlaps`."""
    shingles = checks.column("shingles", shingles, np.uint64)
    offsets = checks.offsets_of("offsets", offsets, len(shingles))
    pairs = checks.pairs_of(pairs, len(offsets) - 1)
    sets = {i: set(shingles[offsets[i] : offsets[i + 1]].tolist()) for i in set(pairs.ravel().tolist())}
    return np.array([len(sets[a] & sets[b]) for a, b in pairs.tolist()], np.int64)


def union_find(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Finds connected components: see `Kernel.union_find`."""
    pairs = checks.pairs_of(pairs, n)
    parent = list(range(n))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs.tolist():
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return np.array([root(node) for node in range(n)], np.int64)


def _columns(lists: Sequence[Sequence[int]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Lays lists one behind the other, with their offsets."""
    offsets = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return np.array([value for values in lists for value in values], np.uint64), offsets
