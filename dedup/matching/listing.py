"""Which verified pairs of documents a report lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.matching.clusters import NEAR_DUPLICATE, joining
from dedup.matching.verify import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.matching.families import Clusters


@dataclass(frozen=True, slots=True)
class Listing:
    """The pairs that a report lists, ordered by the numbers of their documents.

    Attributes:
        pairs: of documents.
        relation: `int8[pairs]`.
        left_out: how many verified pairs of contents it does not list.
    """

    pairs: Pairs
    relation: NDArray[np.int8]
    left_out: int


class _Large(NamedTuple):
    """A cluster of more documents than a report lists each with each.

    Attributes:
        documents: its members.
        contents: the contents of these.
        inside: indices of the pairs of these contents,
        joined: and of those among them that join contents to the cluster.
    """

    documents: NDArray[np.int64]
    contents: NDArray[np.int64]
    inside: NDArray[np.int64]
    joined: NDArray[np.int64]


def listing(  # noqa: PLR0913, PLR0917 (columns of what was found)
    pairs: Pairs,
    relation: NDArray[np.int8],
    groups: Clusters,
    content: NDArray[np.int64],
    rank: NDArray[np.int64],
    cap: int,
) -> Listing:
    """Which pairs a report lists, so that it does not outgrow the input.

    Pairs of contents are listed, those within a cluster of more than `cap` contents only with the one that is kept. A cluster of
    more than `cap` documents is listed whole, with all pairs that join it and each two equal documents, if all that are listed so
    add fewer pairs than there are documents; those that add least come first, ties go to the cluster of the smallest document.

    Args:
        pairs: of contents, by the numbers of their smallest documents.
        relation: `int8[pairs]`.
        groups: the clusters.
        content: `int64[documents]`, the smallest document with equal words.
        rank: `int64[documents]`; of a cluster the smallest is kept.
        cap: what makes a cluster large.
    """
    large = list(_large(pairs, joining(relation), groups, content, cap))
    listed = np.ones(len(pairs), np.bool_)
    for documents, contents, inside, _ in large:
        if len(contents) > cap:
            kept = content[documents[np.argmin(rank[documents])]]
            listed[inside] = (pairs.members[inside] == kept).any(axis=1)
    copies = np.bincount(content, minlength=len(content))  # documents of each content, all in one cluster
    added = [_pairs_of(pairs, cluster, copies) - int(listed[cluster.joined].sum()) for cluster in large]
    whole = [large[number] for number in _cheapest(added, len(content))]
    for cluster in whole:
        listed[cluster.joined] = True
    plain = np.flatnonzero(listed)
    rows = [np.column_stack([pairs.members[plain], plain])]
    rows += [_copied(pairs.members, cluster.documents, cluster.joined, content) for cluster in whole]
    return _ordered(pairs, relation, np.concatenate(rows), len(pairs) - len(plain))


def _large(pairs: Pairs, joins: NDArray[np.bool_], groups: Clusters, content: NDArray[np.int64], cap: int) -> Iterator[_Large]:
    """The clusters of more than `cap` documents, in order; `joins`: which pairs do."""
    sizes = np.diff(groups.offsets)
    number = np.full(len(content), -1, np.int64)  # of the large cluster that a document is in
    number[groups.members] = np.repeat(np.where(sizes > cap, np.arange(len(sizes)), -1), sizes)
    own = number[pairs.members[:, 0]]
    inside = np.flatnonzero((own >= 0) & (own == number[pairs.members[:, 1]]))
    inside = inside[np.argsort(own[inside], kind="stable")]
    large = np.flatnonzero(sizes > cap)
    bounds = np.searchsorted(own[inside], np.append(large, len(sizes)))
    for group, (start, end) in zip(large, pairwise(bounds), strict=True):
        documents = groups.members[groups.offsets[group] : groups.offsets[group + 1]]
        own_pairs = inside[start:end]
        yield _Large(documents, np.unique(content[documents]), own_pairs, own_pairs[joins[own_pairs]])


def _pairs_of(pairs: Pairs, cluster: _Large, copies: NDArray[np.int64]) -> int:
    """How many pairs of documents join a cluster, equal ones among them; `copies`: the documents of each content."""
    a, b = copies[pairs.members[cluster.joined].T]
    equal = copies[cluster.contents]
    return int((a * b).sum() + (equal * (equal - 1) // 2).sum())


def _cheapest(costs: Sequence[int], budget: int) -> list[int]:
    """The indices of the lowest costs, lowest first, that stay below the budget together."""
    order = sorted(range(len(costs)), key=costs.__getitem__)
    spent = accumulate(costs[index] for index in order)
    return [index for index, total in zip(order, spent, strict=True) if total < budget]


def _copied(
    members: NDArray[np.int64], documents: NDArray[np.int64], joined: NDArray[np.int64], content: NDArray[np.int64]
) -> NDArray[np.int64]:
    """`int64[n, 3]`: two documents of a cluster whose pair no pair of contents names, and that of their contents (-1: equal)."""
    copies: dict[int, list[int]] = defaultdict(list)
    for document, own in zip(documents.tolist(), content[documents].tolist(), strict=True):
        copies[own].append(document)
    rows = [(a, b, -1) for equal in copies.values() for a, b in combinations(equal, 2)]
    for index, (one, other) in zip(joined.tolist(), members[joined].tolist(), strict=True):
        rows += [(a, b, index) for a, b in product(copies[one], copies[other]) if (a, b) != (one, other)]
    return np.array(rows, np.int64).reshape(-1, 3)


def _ordered(pairs: Pairs, relation: NDArray[np.int8], rows: NDArray[np.int64], left_out: int) -> Listing:
    """Pairs of documents, each given by two and the index of their contents' pair, with what is known of that; -1: equal."""
    turned = rows[:, 0] > rows[:, 1]
    members = np.sort(rows[:, :2], axis=1)
    order = np.lexsort((members[:, 1], members[:, 0]))
    members, turned, index = members[order], turned[order], rows[order, 2]

    jaccard, first, second = (np.append(c, 1.0)[index] for c in (pairs.jaccard, pairs.containment_a, pairs.containment_b))
    running = None if pairs.running is None else np.append(pairs.running, np.nan)[index]
    listed = Pairs(members, jaccard, np.where(turned, second, first), np.where(turned, first, second), running)
    return Listing(listed, np.append(relation, np.int8(NEAR_DUPLICATE))[index], left_out)
