"""Relations of document pairs, clusters of documents, and which member of a cluster is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.columns import Row
    from dedup.settings import FindSettings
    from dedup.verify import Pairs

Relation = Literal["near_duplicate", "contained", "partial"]
RELATIONS: tuple[Relation, ...] = ("near_duplicate", "contained", "partial")
NEAR_DUPLICATE, CONTAINED, PARTIAL = range(3)

KeepDoc = Literal["first", "longest", "earliest", "latest"]


def relations(pairs: Pairs, settings: FindSettings) -> NDArray[np.int8]:
    """The relation of each verified pair, as an index into `RELATIONS`; -1 for those not alike enough for any."""
    larger = np.maximum(pairs.containment_a, pairs.containment_b)
    found = np.full(len(pairs), -1, np.int8)
    found[(pairs.jaccard >= settings.partial) | (larger >= settings.partial_contained)] = PARTIAL
    found[larger >= settings.contained] = CONTAINED
    found[pairs.jaccard >= settings.threshold] = NEAR_DUPLICATE
    return found


@dataclass(frozen=True, slots=True)
class Preference:
    """Which member of a cluster is kept.

    Attributes:
        policy: the first read, the longest, the one of the earliest or the latest date (undated ones come last).
        sites: in order of preference; a document of an earlier one comes before all policies, others come last.
    """

    policy: KeepDoc = "first"
    sites: tuple[str, ...] = ()

    def order(self, rows: Sequence[Row], words: NDArray[np.int64], read_order: NDArray[np.int64]) -> NDArray[np.int64]:
        """`int64[documents]`: the rank of each document by number; the smaller is kept. Ties go to the smaller id."""
        arrival = np.empty(len(rows), np.int64)
        arrival[read_order] = np.arange(len(rows))
        place = {site: rank for rank, site in reversed(list(enumerate(self.sites)))}
        last = len(self.sites)
        keys = sorted(
            range(len(rows)), key=lambda i: (place.get(rows[i].site or "", last), self._key(rows[i], i, words, arrival), i)
        )
        rank = np.empty(len(rows), np.int64)
        rank[keys] = np.arange(len(rows))
        return rank

    def _key(self, row: Row, number: int, words: NDArray[np.int64], arrival: NDArray[np.int64]) -> tuple[bool, str | int]:
        if self.policy == "longest":
            return False, -int(words[number])
        if self.policy == "first":
            return False, int(arrival[number])
        date = row.date or ""
        key = date if self.policy == "earliest" else "".join(chr(0x10FFFF - ord(c)) for c in date) + "\U0010ffff"
        return not date, key


@dataclass(frozen=True, slots=True)
class Dropping:
    """A document that goes, and the verified pair by which it does.

    Attributes:
        document: number of the content that goes.
        kept: number of the one it goes for.
        jaccard: of the two.
        containment: share of the dropped one's shingles that the kept one has.
    """

    document: int
    kept: int
    jaccard: float
    containment: float


def droppings(
    members: Sequence[int],
    rank: NDArray[np.int64],
    compare: Callable[[NDArray[np.uint64]], Pairs],
    settings: FindSettings,
) -> Iterator[Dropping]:
    """Which contents of a cluster go, each by a verified pair with the one that is kept for it.

    The best ranked is kept; those go that are near-duplicates of it or contained in it, never one that contains it and has
    more to say. Of the rest the best ranked is kept, and so on: no cluster loses all.

    Args:
        members: numbers of the cluster's contents.
        rank: of every document; the smaller is kept.
        compare: exact comparison of pairs of contents (`a << 32 | b`, ascending, `a < b`), all returned.
        settings: thresholds.
    """
    left = np.array(members, np.int64)
    left = left[np.argsort(rank[left], kind="stable")]
    while len(left) > 1:
        kept, left = int(left[0]), left[1:]
        smaller, larger = np.minimum(left, kept).astype(np.uint64), np.maximum(left, kept).astype(np.uint64)
        pairs = compare(np.sort(smaller << np.uint64(32) | larger))
        first = pairs.members[:, 0] == kept
        others = np.where(first, pairs.members[:, 1], pairs.members[:, 0])
        inside = np.where(first, pairs.containment_b, pairs.containment_a)
        outside = np.where(first, pairs.containment_a, pairs.containment_b)
        contains = (outside >= settings.contained) & (inside < settings.contained)
        goes = ((pairs.jaccard >= settings.threshold) | (inside >= settings.contained)) & ~contains
        for other, jaccard, share in zip(others[goes].tolist(), pairs.jaccard[goes].tolist(), inside[goes].tolist(), strict=True):
            yield Dropping(other, kept, jaccard, share)
        left = left[~np.isin(left, others[goes])]
