"""Which documents are worth comparing: those that share families of paragraphs, or rare sampled shingles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dedup.matching.candidates import by_key
from dedup.matching.verify import pack, unpack
from dedup.spool import joined_ranges, parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARED = 0.25
"""Of the smaller document's words in shared families, from which a comparison is worth it."""
_SAMPLES = 0.2  # of the smaller document's sampled shingles
_FEW = 4  # samples: of a document with so few, one shared is enough
_BATCH = 1 << 19  # pairs counted at a time
_SAMPLED = 1 << 19  # samples looked at together: more are taken by ranges of their hashes, for equal ones are what counts
_READ = 1 << 20  # shingles read at a time


@dataclass(frozen=True, slots=True)
class Proposed:
    """Candidate pairs and what was passed over.

    Attributes:
        pairs: `uint64[pairs]`, ascending and distinct, `a << 32 | b` with `a < b`, of contents.
        capped: groups (families, sampled shingles) that are in too many documents to propose pairs.
    """

    pairs: NDArray[np.uint64]
    capped: int


def by_families(
    families: NDArray[np.int64], owners: NDArray[np.int64], sizes: NDArray[np.int64], words: NDArray[np.int64], cap: int
) -> Proposed:
    """Pairs of contents whose shared families make up a quarter of the smaller one's words.

    Args:
        families: `int64[paragraphs]`, the family of each paragraph.
        owners: `int64[paragraphs]`, the content it stands in.
        sizes: `int64[paragraphs]`, its words.
        words: `int64[documents]`, each content's words, as many as count.
        cap: contents; a family on more proposes nothing.
    """
    order = np.lexsort((owners, families))
    groups, members, weights = _collapse(families[order], owners[order], sizes[order])
    sums = _Sums()
    capped = _add_pairs(sums, groups, members, weights, cap)
    pairs, shared = sums.merged()
    a, b = unpack(pairs)
    smaller = np.minimum(words[a], words[b])
    return Proposed(pairs[shared >= SHARED * smaller], capped)


def by_samples(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], rate: int, cap: int) -> Proposed:
    """Pairs of contents that share rare shingles among one in `rate`: finds the contained ones, which banding does not.

    Args:
        shingles: sorted distinct shingle hashes of each content, one behind the other.
        offsets: `int64[contents + 1]`.
        rate: a shingle is a sample when its hash is below `2**64 / rate`.
        cap: contents; a sample in more proposes nothing.
    """
    bound = (1 << 64) // rate
    counts = _samples_of_each(shingles, offsets, bound)
    passes = max(1, -(-int(counts.sum()) // _SAMPLED))
    sums, capped = _Sums(), 0
    for low, high in pairwise(bound * number // passes for number in range(passes + 1)):
        groups, owners = _samples(shingles, offsets[:-1], counts, low, high)
        capped += _add_pairs(sums, groups, owners, np.ones(len(groups), np.int64), cap)
    pairs, shared = sums.merged()
    a, b = unpack(pairs)
    fewest = np.minimum(counts[a], counts[b])
    good = (shared >= np.maximum(2, _SAMPLES * fewest)) | (fewest <= _FEW)
    return Proposed(pairs[good], capped)


def _samples_of_each(shingles: NDArray[np.uint64], offsets: NDArray[np.int64], bound: int) -> NDArray[np.int64]:
    """`int64[contents]`: how many of each one's shingles are below the bound; a mapped file is never held whole."""
    counts = np.zeros(len(offsets) - 1, np.int64)
    for at in range(0, len(shingles), _READ):
        taken = at + np.flatnonzero(shingles[at : at + _READ] <= np.uint64(bound - 1))
        owners = np.searchsorted(offsets, taken, "right") - 1
        counts += np.bincount(owners, minlength=len(counts))
    return counts


def _samples(
    shingles: NDArray[np.uint64], firsts: NDArray[np.int64], counts: NDArray[np.int64], low: int, high: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The shingles from `low` up to `high` that several contents have: by number, ascending, with the content of each.

    A content's shingles are ascending: the samples are its first ones.
    """
    found, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for at, end in parts(counts):
        own = np.repeat(np.arange(at, end), counts[at:end])
        samples = shingles[joined_ranges(firsts[at:end], counts[at:end])]
        taken = (samples >= np.uint64(low)) & (samples <= np.uint64(high - 1))
        found.append(samples[taken])
        owners.append(own[taken])
    return by_key(np.concatenate(found), np.concatenate(owners))


def found_by_samples(shared: int, rate: int) -> float:
    """The probability that two documents that share so many rare shingles have two sampled ones in common."""
    keep = 1 - 1 / rate
    return 1 - keep**shared - shared / rate * keep ** max(0, shared - 1)


def _collapse(
    groups: NDArray[np.int64], members: NDArray[np.int64], weights: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """One row a group and member, with the sum of their weights; rows are sorted by both."""
    if not len(groups):
        return groups, members, weights
    new = np.concatenate([[True], (groups[1:] != groups[:-1]) | (members[1:] != members[:-1])])
    starts = np.flatnonzero(new)
    return groups[starts], members[starts], np.add.reduceat(weights, starts)


def _add_pairs(sums: _Sums, groups: NDArray[np.generic], members: NDArray[np.int64], weights: NDArray[np.int64], cap: int) -> int:
    """Add all pairs within groups of 2 to `cap` members, each with the smaller of the two weights.

    Groups are runs of equal values, members ascending within. The pairs of groups of one size are made together.

    Returns:
        How many groups are larger.
    """
    if not len(groups):
        return 0
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    sizes = np.diff(np.append(starts, len(groups)))
    for size in np.unique(sizes[(sizes > 1) & (sizes <= cap)]):
        left, right = np.triu_indices(int(size), 1)
        own = starts[sizes == size]
        step = max(1, _BATCH // len(left))
        for at in range(0, len(own), step):
            rows = own[at : at + step, None]
            a, b = rows + left, rows + right
            key = pack(members[a], members[b])
            weight = np.minimum(weights[a], weights[b])
            sums.add(key.ravel(), weight.ravel())
    return int((sizes > cap).sum())


class _Sums:
    """Adds up the weights of equal keys; what waits is merged once it is as much as there is."""

    def __init__(self) -> None:
        self._keys = [np.empty(0, np.uint64)]
        self._weights = [np.empty(0, np.int64)]
        self._waiting = 0

    def add(self, keys: NDArray[np.uint64], weights: NDArray[np.int64]) -> None:
        """Add some keys, of which some may be equal."""
        self._keys.append(keys)
        self._weights.append(weights)
        self._waiting += len(keys)
        if self._waiting > max(_BATCH, len(self._keys[0])):
            self.merged()

    def merged(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The distinct keys, ascending, and the sum of each one's weights."""
        keys, weights = np.concatenate(self._keys), np.concatenate(self._weights)
        order = np.argsort(keys, kind="stable")  # the ones that were merged are sorted already
        keys, weights = keys[order], weights[order]
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
        keys, sums = keys[starts], np.add.reduceat(weights, starts) if len(starts) else weights
        self._keys, self._weights, self._waiting = [keys], [sums], 0
        return keys, sums
