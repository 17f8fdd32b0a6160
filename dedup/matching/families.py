"""Families: what verified pairs join, and the same for documents (clusters)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels import Kernel


@dataclass(frozen=True)
class Families:
    """The family of each member, as columns of one length.

    Attributes:
        number: `int64[members]`, the smallest member of the family; its own number for a member that nothing joins.
        size: `int64[members]`, how many members its family has, at least 1.
    """

    number: NDArray[np.int64]
    size: NDArray[np.int64]


@dataclass(frozen=True)
class Clusters:
    """Groups of two and more, one behind the other, ordered by their smallest member.

    Attributes:
        members: `int64`, ascending within each cluster.
        offsets: `int64[clusters + 1]`, offsets into them.
    """

    members: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def families(kernel: Kernel, n: int, pairs: NDArray[np.int64]) -> Families:
    """Joins the members `0..n-1` that `pairs` (`int64[pairs, 2]`) connect.

    Raises:
        ValueError: If a pair names a member that is not there.
    """
    number = kernel.union_find(n, pairs)
    return Families(number, np.bincount(number, minlength=n)[number])


def clusters(kernel: Kernel, n: int, pairs: NDArray[np.int64]) -> Clusters:
    """Lists the groups of two and more that `pairs` (`int64[pairs, 2]`) connect among `0..n-1`.

    Raises:
        ValueError: If a pair names a member that is not there.
    """
    found = families(kernel, n, pairs)
    members = np.flatnonzero(found.size > 1)
    members = members[np.argsort(found.number[members], kind="stable")]
    starts = np.flatnonzero(np.diff(found.number[members], prepend=-1))
    return Clusters(members, np.append(starts, len(members)))
