"""Exact similarity of candidate pairs, from sorted shingle hashes; what is below the threshold is dropped.

Every pair that is returned was compared, and its numbers are exact (up to collisions of 64-bit hashes). Which pairs
were compared is up to the candidates: a pair missed by banding, or skipped in a capped bucket, is not looked for here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.kernels import Kernel

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_CHUNK = 1 << 18  # pairs compared at a time: what lies beside the results stays at 20 MB


@dataclass(frozen=True)
class Pairs:
    """Verified pairs as columns of one length, ordered by the numbers of their members.

    Attributes:
        members: `int64[pairs, 2]`, the smaller number first.
        jaccard: `float64[pairs]`, shared shingles / shingles of both together.
        containment_a: `float64[pairs]`, the share of the first member's shingles that the second has.
        containment_b: `float64[pairs]`, the share of the second member's shingles that the first has.
        running: `float64[pairs]`, the share of the smaller one's running text that the other has; NaN where it decides nothing,
            None where it does so nowhere.
    """

    members: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment_a: NDArray[np.float64]
    containment_b: NDArray[np.float64]
    running: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.members)

    def some(self, rows: NDArray[np.bool_]) -> Pairs:
        """Those of some rows."""
        running = None if self.running is None else self.running[rows]
        return Pairs(self.members[rows], self.jaccard[rows], self.containment_a[rows], self.containment_b[rows], running)

    def running_shares(self) -> Iterator[float | None]:
        """Of each pair what both have of the smaller one's running text, where that decides."""
        if self.running is None:
            return repeat(None, len(self))
        return (None if np.isnan(share) else share for share in self.running.tolist())

    def rows(self) -> Iterator[tuple[int, int, float, float, float]]:
        """Each pair as two members, Jaccard, and the containments of the first and of the second."""
        columns = self.members[:, 0], self.members[:, 1], self.jaccard, self.containment_a, self.containment_b
        return zip(*(column.tolist() for column in columns), strict=True)


def verify(  # noqa: PLR0913 (what is compared and how, by name)
    kernel: Kernel,
    sets: tuple[NDArray[np.uint64], NDArray[np.int64]],
    candidates: NDArray[np.uint64],
    threshold: float,
    *,
    containment: float | None = None,
    threads: int = 1,
) -> Pairs:
    """Compares candidates and keeps those that are alike enough.

    Args:
        kernel: Counts the shared shingles.
        sets: Shingles and their offsets, as `Kernel.shingle_sets` returns them; may be mapped from a file.
        candidates: `uint64[pairs]`, ascending and distinct, `a << 32 | b` with `a < b`.
        threshold: Keeps pairs of at least this Jaccard similarity.
        containment: Keeps also pairs of which one contains at least this share of the other; not if None.
        threads: That compare; the result is the same.

    Raises:
        ValueError: If a candidate names a member that is not there.
    """
    sizes, wanted = np.diff(sets[1]), (threshold, containment)
    chunks = [candidates[start : start + _CHUNK] for start in range(0, max(1, len(candidates)), _CHUNK)]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda chunk: _compare(kernel, sets, sizes, chunk, wanted), chunks))
    return Pairs(
        np.concatenate([chunk.members for chunk in found]),
        np.concatenate([chunk.jaccard for chunk in found]),
        np.concatenate([chunk.containment_a for chunk in found]),
        np.concatenate([chunk.containment_b for chunk in found]),
    )


def pack(a: NDArray[np.integer[Any]], b: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """Pairs of numbers from 0 to 2**32 - 1, each as one, `a << 32 | b`: they sort by `a`, then by `b`."""
    return a.astype(np.uint64) << _HALF | b.astype(np.uint64)


def unpack(pairs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of which `pack` made pairs."""
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW).astype(np.int64)


def distinct(*packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """All pairs of some columns, ascending, each once; ascending columns are merged, which `np.unique` does not know to do."""
    pairs = np.concatenate(packed)
    pairs.sort(kind="stable")
    new = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    return pairs[new]


def merged(some: Pairs, others: Pairs) -> Pairs:
    """Pairs of two tables, none of which is in both, in order."""
    members = np.concatenate([some.members, others.members])
    order = np.lexsort((members[:, 1], members[:, 0]))
    shares = [np.full(len(p), np.nan) if p.running is None else p.running for p in (some, others)]
    columns = ((a.jaccard, a.containment_a, a.containment_b, share) for a, share in zip((some, others), shares, strict=True))
    return Pairs(members[order], *(np.concatenate(column)[order] for column in zip(*columns, strict=True)))


def _compare(
    kernel: Kernel,
    sets: tuple[NDArray[np.uint64], NDArray[np.int64]],
    sizes: NDArray[np.int64],
    candidates: NDArray[np.uint64],
    wanted: tuple[float, float | None],
) -> Pairs:
    """Compares one chunk."""
    members = np.empty((len(candidates), 2), np.int64)
    members[:, 0], members[:, 1] = unpack(candidates)
    shared = kernel.overlaps(*sets, members)
    size_a, size_b = sizes[members[:, 0]], sizes[members[:, 1]]
    jaccard = _share(shared, size_a + size_b - shared)
    threshold, containment = wanted
    kept = jaccard >= threshold
    if containment is not None:
        kept |= _share(shared, np.minimum(size_a, size_b)) >= containment
    rows = slice(None) if kept.all() else kept
    members, shared = members[rows], shared[rows]
    return Pairs(members, jaccard[rows], _share(shared, size_a[rows]), _share(shared, size_b[rows]))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Divides; an empty set shares nothing: 0."""
    return part / np.maximum(whole, 1)
