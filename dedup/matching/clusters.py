"""Relations of document pairs, and which member of a cluster of documents is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from dedup.choices import KEEP_DOC
from dedup.errors import UsageError
from dedup.matching import dates
from dedup.matching.running import APART, TAKEN
from dedup.matching.verify import Pairs, pack
from dedup.settings import tuple_of_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.choices import KeepDoc
    from dedup.matching.columns import Row
    from dedup.matching.families import Clusters
    from dedup.settings import FindSettings

Relation = Literal["near_duplicate", "contained", "partial"]
Dropped = Literal["equal", "near_duplicate", "contained"]
"""What a document that goes is of the one that is kept."""
RELATIONS: tuple[Relation, ...] = ("near_duplicate", "contained", "partial")
NEAR_DUPLICATE, CONTAINED, PARTIAL = range(3)


def relations(pairs: Pairs, settings: FindSettings) -> NDArray[np.int8]:
    """The relation of each verified pair, as an index into `RELATIONS`; -1 for those not alike enough for any.

    Pages of one template that share hardly any running text are partial at most, however much of their menus is the same;
    pages of two sites that share half of it are partial at least (`Pairs.running`).
    """
    larger = np.maximum(pairs.containment_a, pairs.containment_b)
    found = np.full(len(pairs), -1, np.int8)
    found[(pairs.jaccard >= settings.partial) | (larger >= settings.partial_contained)] = PARTIAL
    found[larger >= settings.contained] = CONTAINED
    found[pairs.jaccard >= settings.threshold] = NEAR_DUPLICATE
    if pairs.running is not None:
        apart = is_apart(pairs)
        found[apart] = np.where(joining(found[apart]), np.int8(PARTIAL), np.int8(-1))
        found[(found < 0) & (pairs.running >= TAKEN)] = PARTIAL
    return found


def is_apart(pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs are alike by their furniture: what they tell is not."""
    return np.zeros(len(pairs), np.bool_) if pairs.running is None else pairs.running < APART


def joining(relation: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which pairs join documents to a cluster, by their relations: all but the partial ones and those without."""
    return np.isin(relation, (NEAR_DUPLICATE, CONTAINED))


class Ranking(NamedTuple):
    """In which order documents are preferred.

    Attributes:
        rank: `int64[documents]`, by number; of a cluster the document with the smallest is kept.
        dated: their dates, where these decide, else None.
        unmet: the preferred sites that no document has, in their order.
    """

    rank: NDArray[np.int64]
    dated: dates.Dated | None = None
    unmet: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Of the documents, those without a date that can be read, and those with one that cannot; where dates decide."""
        if self.dated is None:
            return {}
        return {"undated": int((~self.dated.known).sum()), "unread_dates": self.dated.unread}


@dataclass(frozen=True, slots=True)
class Preference:
    """Which member of a cluster is kept.

    Attributes:
        policy: the first read, the longest, the one of the earliest or the latest date (those without one come last).
        sites: in order of preference; a document of an earlier one comes before all policies, others come last.

    Raises:
        UsageError: a policy that does not exist.
    """

    policy: KeepDoc = "first"
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.policy not in KEEP_DOC:
            raise UsageError(f"keep_doc {self.policy!r}: choose one of {', '.join(KEEP_DOC)}")
        tuple_of_texts("prefer_sites", self.sites)

    def order(self, rows: Sequence[Row], words: NDArray[np.int64], read_order: NDArray[np.int64]) -> Ranking:
        """The rank of each document; ties go to the smaller id. Rows are looked at only for sites and dates that decide."""
        arrival = np.empty(len(rows), np.int64)
        arrival[read_order] = np.arange(len(rows))
        if self.policy == "first" and not self.sites:
            return Ranking(arrival)
        dated = dates.dated(row.date for row in rows) if self.policy in {"earliest", "latest"} else None
        keys: tuple[NDArray[np.generic], ...]
        if dated is not None:
            keys = (dated.instants if self.policy == "earliest" else -dated.instants, ~dated.known)
        else:
            keys = (arrival if self.policy == "first" else -words,)
        unmet: tuple[str, ...] = ()
        if self.sites:
            place, last = {site: at for at, site in reversed(list(enumerate(self.sites)))}, len(self.sites)
            places = np.fromiter((place.get(row.site or "", last) for row in rows), np.int64, len(rows))
            met = {*np.unique(places).tolist()}
            unmet = tuple(site for site, at in sorted(place.items(), key=lambda item: item[1]) if at not in met)
            keys += (places,)
        rank = np.empty(len(rows), np.int64)
        rank[np.lexsort((np.arange(len(rows)), *keys))] = np.arange(len(rows))  # the last key decides first
        return Ranking(rank, dated, unmet)


@dataclass(frozen=True, slots=True)
class Dropping:
    """A document that goes, and the verified pair by which it does.

    Attributes:
        document: number of the content that goes.
        kept: number of the one it goes for.
        relation: what the first is of the second.
        jaccard: of the two.
        containment: share of the dropped one's shingles that the kept one has.
    """

    document: int
    kept: int
    relation: Dropped
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
        pairs = compare(np.sort(pack(np.minimum(left, kept), np.maximum(left, kept))))
        first = pairs.members[:, 0] == kept
        others = np.where(first, pairs.members[:, 1], pairs.members[:, 0])
        inside = np.where(first, pairs.containment_b, pairs.containment_a)
        outside = np.where(first, pairs.containment_a, pairs.containment_b)
        contains = (outside >= settings.contained) & (inside < settings.contained)
        goes = ((pairs.jaccard >= settings.threshold) | (inside >= settings.contained)) & ~contains
        for other, jaccard, share in zip(others[goes].tolist(), pairs.jaccard[goes].tolist(), inside[goes].tolist(), strict=True):
            near = jaccard >= settings.threshold
            yield Dropping(other, kept, "near_duplicate" if near else "contained", jaccard, share)
        left = left[~np.isin(left, others[goes])]


def dropped(
    groups: Clusters,
    content: NDArray[np.int64],
    rank: NDArray[np.int64],
    compare: Callable[[NDArray[np.uint64]], Pairs],
    settings: FindSettings,
) -> dict[int, Dropping]:
    """By number, the documents of all clusters that go.

    Args:
        groups: the clusters.
        content: `int64[documents]`, the smallest document with equal words.
        rank: `int64[documents]`; of a cluster the smallest is kept.
        compare: exact comparison of pairs of contents, as of `droppings`.
        settings: thresholds.
    """
    gone: dict[int, Dropping] = {}
    of_content = rank.copy()  # a content has the rank of its best document
    for start, end in pairwise(groups.offsets):
        members = groups.members[start:end]
        best: dict[int, int] = {}  # of each content the document that is kept for it
        for member in members[np.argsort(rank[members])].tolist():
            own = int(content[member])
            if own in best:
                gone[member] = Dropping(member, best[own], "equal", 1.0, 1.0)
            else:
                best[own] = member
        for own, member in best.items():
            of_content[own] = rank[member]
        for dropping in droppings(list(best), of_content, compare, settings):
            member = best[dropping.document]
            gone[member] = replace(dropping, document=member, kept=best[dropping.kept])
    return _direct(gone)


def _direct(gone: dict[int, Dropping]) -> dict[int, Dropping]:
    """Equal documents go for the same document as the one of them that was compared."""
    for member, dropping in list(gone.items()):
        above = gone.get(dropping.kept)
        if above is not None:
            gone[member] = replace(above, document=member)
    return gone
