"""Exact similarity of candidate pairs, from sorted shingle hashes; what is below the threshold is dropped.

Every pair that is returned was compared, and its numbers are exact (up to collisions of 64-bit hashes). Which pairs
were compared is up to the candidates: a pair missed by banding, or skipped in a capped bucket, is not looked for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.kernels import Kernel

_CHUNK = 1 << 18  # pairs compared at a time: what lies beside the results stays at 20 MB


@dataclass(frozen=True)
class Pairs:
    """Verified pairs as columns of one length, ordered by the numbers of their members.

    Attributes:
        members: `int64[pairs, 2]`, the smaller number first.
        jaccard: `float64[pairs]`, shared shingles / shingles of both together.
        containment_a: `float64[pairs]`, the share of the first member's shingles that the second has.
        containment_b: `float64[pairs]`, the share of the second member's shingles that the first has.
    """

    members: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    containment_a: NDArray[np.float64]
    containment_b: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.members)

    def rows(self) -> Iterator[tuple[int, int, float, float, float]]:
        """Each pair as two members, Jaccard, and the containments of the first and of the second."""
        columns = self.members[:, 0], self.members[:, 1], self.jaccard, self.containment_a, self.containment_b
        return zip(*(column.tolist() for column in columns), strict=True)


def verify(
    kernel: Kernel,
    sets: tuple[NDArray[np.uint64], NDArray[np.int64]],
    candidates: NDArray[np.uint64],
    threshold: float,
    *,
    containment: float | None = None,
) -> Pairs:
    """Compares candidates and keeps those that are alike enough.

    Args:
        kernel: Counts the shared shingles.
        sets: Shingles and their offsets, as `Kernel.shingle_sets` returns them; may be mapped from a file.
        candidates: `uint64[pairs]`, ascending and distinct, `a << 32 | b` with `a < b`.
        threshold: Keeps pairs of at least this Jaccard similarity.
        containment: Keeps also pairs of which one contains at least this share of the other; not if None.

    Raises:
        ValueError: If a candidate names a member that is not there.
    """
    chunks = [
        _compare(kernel, sets, candidates[start : start + _CHUNK], (threshold, containment))
        for start in range(0, max(1, len(candidates)), _CHUNK)
    ]
    return Pairs(
        np.concatenate([chunk.members for chunk in chunks]),
        np.concatenate([chunk.jaccard for chunk in chunks]),
        np.concatenate([chunk.containment_a for chunk in chunks]),
        np.concatenate([chunk.containment_b for chunk in chunks]),
    )


def _compare(
    kernel: Kernel,
    sets: tuple[NDArray[np.uint64], NDArray[np.int64]],
    candidates: NDArray[np.uint64],
    wanted: tuple[float, float | None],
) -> Pairs:
    """Compares one chunk."""
    members = np.stack([candidates >> np.uint64(32), candidates & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)
    shared = kernel.overlaps(*sets, members)
    offsets = sets[1]
    size_a, size_b = (offsets[members + 1] - offsets[members]).T
    jaccard = _share(shared, size_a + size_b - shared)
    containment_a, containment_b = _share(shared, size_a), _share(shared, size_b)
    threshold, containment = wanted
    kept = jaccard >= threshold
    if containment is not None:
        kept |= np.maximum(containment_a, containment_b) >= containment
    return Pairs(members[kept], jaccard[kept], containment_a[kept], containment_b[kept])


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Divides; an empty set shares nothing: 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
