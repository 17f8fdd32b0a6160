"""From band keys to candidate pairs: sort a band's keys, pair those that are equal, a band at a time.

Members of a bucket of at most `Caps.all_pairs` are all paired. In a larger one each is paired with several others, so
that a bucket of 100,000 costs as many pairs a member as one of ten, and is *capped*: two of its members need not be
proposed by it, though a chain of proposed pairs joins any two (all of them are paired with its smallest member, and
with others, so that the chain holds where the smallest is not alike).

Pairs are `uint64`, the smaller number in the upper half: `a << 32 | b`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.matching.verify import distinct, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels import Kernel

_EMPTY_ROW = 0xFFFFFFFF  # every row of the signature of a paragraph without shingles
_ORDERS = 4  # orders in which a bucket that comes back in many bands is walked: each adds neighbours, so they are few
_CHUNK = 1 << 14  # signatures looked at together
_WAITING = 1 << 20  # pairs that wait before they are merged with the distinct ones: 8 MB


@dataclass(frozen=True)
class Caps:
    """How a large bucket is kept linear.

    Attributes:
        all_pairs: The largest bucket of which all members are paired with each other.
        anchors: In a larger one, each member is paired with this many of its smallest members (1 to `all_pairs`),
        neighbours: and with this many that follow it in an order drawn from their numbers.

    Raises:
        ValueError: If a value is out of range.
    """

    all_pairs: int = 8
    anchors: int = 4
    neighbours: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.anchors <= self.all_pairs or self.neighbours < 0:
            raise ValueError(f"{self}: anchors must be from 1 to all_pairs, neighbours at least 0")


@dataclass(frozen=True)
class Candidates:
    """The distinct candidate pairs of all bands.

    Attributes:
        pairs: `uint64[pairs]`, ascending, `a << 32 | b` with `a < b`.
        capped_buckets: How many buckets of all bands were larger than `Caps.all_pairs`.
        capped_members: How many members these had together; one that was in several is counted in each.
    """

    pairs: NDArray[np.uint64]
    capped_buckets: int
    capped_members: int


def find(kernel: Kernel, signatures: NDArray[np.uint32], bands: int, rows: int, caps: Caps | None = None) -> Candidates:
    """Finds the candidate pairs among signatures.

    The members are the signatures' indices. Number them by their content, and the result does not depend on the order
    in which they arrived: ties in large buckets go to the smaller number.

    Args:
        kernel: Makes the band keys.
        signatures: `uint32[members, permutations]`, fewer than 2**32; may be mapped from a file. Those of empty sets
            (all ones) are no one's candidates.
        bands: How many bands,
        rows: of how many rows, which together are at most `permutations`.
        caps: What large buckets are held to; the defaults if not given.
    """
    members = signed_members(signatures)
    collector = Collector(caps or Caps())
    for band in range(bands):
        collector.add(kernel.band_keys(signatures, bands, rows, band)[members], members, band)
    return collector.candidates()


def signed_members(signatures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Returns the indices of the signatures of sets that are not empty, ascending."""
    signed = np.empty(len(signatures), np.bool_)
    for start in range(0, len(signatures), _CHUNK):  # a mapped file is never held whole
        chunk = signatures[start : start + _CHUNK]
        own = chunk[:, 0] != _EMPTY_ROW
        rest = np.flatnonzero(~own)  # the first row of a set that is not empty is hardly ever that
        own[rest] = (chunk[rest] != _EMPTY_ROW).any(axis=1)
        signed[start : start + _CHUNK] = own
    return np.flatnonzero(signed)


class Collector:
    """Takes a band's keys at a time and keeps the distinct pairs: 8 bytes a pair, up to 32 while they are merged."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._pairs = np.empty(0, np.uint64)
        self._waiting: list[NDArray[np.uint64]] = []
        self._capped_buckets = 0
        self._capped_members = 0

    def add(self, keys: NDArray[np.uint64], members: NDArray[np.int64], band: int) -> None:
        """Adds the pairs of one band.

        Args:
            keys: `uint64[members]`, the band's keys.
            members: `int64[members]`, the members' numbers, distinct and below 2**32.
            band: The band's number.
        """
        bucket, members = by_key(keys, members)
        sizes = np.bincount(bucket)
        large = sizes > self._caps.all_pairs
        self._capped_buckets += int(large.sum())
        self._capped_members += int(sizes[large].sum())
        capped = large[bucket]
        small_bucket, small_members = bucket[~capped], members[~capped]
        for distance in range(1, self._caps.all_pairs):
            self._propose(small_bucket, small_members, distance)
        if large.any():
            self._add_capped(bucket[capped], members[capped], band)

    def candidates(self) -> Candidates:
        """Returns what was found so far."""
        self._merge()
        return Candidates(self._pairs, self._capped_buckets, self._capped_members)

    def _add_capped(self, bucket: NDArray[np.int64], members: NDArray[np.int64], band: int) -> None:
        """Pairs each member of large buckets with the bucket's anchors and with its neighbours."""
        first = np.flatnonzero(np.diff(bucket, prepend=-1))
        size = np.diff(first, append=len(bucket))
        rank = np.arange(len(bucket)) - np.repeat(first, size)
        for anchor in range(self._caps.anchors):
            others = rank > anchor
            self._keep(np.repeat(members[first + anchor], size)[others], members[others])
        # The order hangs on the bucket's smallest member: a bucket that comes back in another band with the same
        # members proposes few new pairs, one that comes back with others draws others.
        draw = _spread(members, np.repeat(members[first], size), band % _ORDERS)
        order = np.argsort(pack(bucket, draw))
        for distance in range(1, self._caps.neighbours + 1):
            self._propose(bucket, members[order], distance)

    def _propose(self, bucket: NDArray[np.int64], members: NDArray[np.int64], distance: int) -> None:
        """Pairs each member with the one `distance` places later, where that is in the same bucket."""
        same = bucket[distance:] == bucket[:-distance]
        self._keep(members[:-distance][same], members[distance:][same])

    def _keep(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        self._waiting.append(pack(np.minimum(a, b), np.maximum(a, b)))
        if sum(map(len, self._waiting)) > max(len(self._pairs), _WAITING):
            self._merge()

    def _merge(self) -> None:
        """Merges what waits, once it is as much as there is: each pair is sorted a few times, not once a band."""
        if self._waiting:
            pairs = np.concatenate(self._waiting)
            self._waiting = []
            pairs.sort()
            self._pairs = distinct(self._pairs, pairs)


def by_key(keys: NDArray[np.uint64], members: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sorts members by key and drops those alone with theirs.

    Returns:
        The bucket of each member, numbered from 0 and ascending, and the members, ascending within a bucket.
    """
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    starts = np.concatenate([[True], ~same])[: len(keys)]
    alone = starts & np.concatenate([~same, [True]])[: len(keys)]
    bucket = np.cumsum(starts[~alone]) - 1
    return bucket, unpack(np.sort(pack(bucket, members[order[~alone]])))[1]


def _spread(members: NDArray[np.int64], smallest: NDArray[np.int64], turn: int) -> NDArray[np.uint32]:
    """Draws a number for each member of a bucket, distinct within it: fmix32 is a bijection."""
    seed = _fmix32(smallest.astype(np.uint32) ^ np.uint32(turn << 30))
    return _fmix32(members.astype(np.uint32) ^ seed)


def _fmix32(value: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spreads 32 bits: the finalizer of MurmurHash3 (Austin Appleby, public domain)."""
    value = (value ^ value >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    value = (value ^ value >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return value ^ value >> np.uint32(16)
