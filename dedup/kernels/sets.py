"""The fast kernel's loops on sets and graphs: sorted runs of hashes, pairs of them, connected components.

Nothing is checked here: `fast` does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.jit import compiled

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Hashes: TypeAlias = NDArray[np.uint64]
    Numbers: TypeAlias = NDArray[np.int64]

U = np.uint64
_SMALL = 32  # sets up to this size are sorted by insertion alone
_LOPSIDED = U(8)  # times as many: to search for each of the few is quicker than to walk along both
_BUCKETS = 1 << 20  # at most, when a set is scattered: as many as it has members, up to where they would fill memory


@compiled
def _scatter(values: Hashes, scratch: Hashes, counts: Numbers) -> None:
    """Brings hashes near their sorted places, by as many of their upper bits as tell them apart (they are well spread)."""
    bits = 5
    while 1 << bits < min(len(values), _BUCKETS):
        bits += 1
    shift = U(64 - bits)
    for bucket in range((1 << bits) + 1):
        counts[bucket] = 0
    for value in values:
        counts[np.int64(value >> shift) + 1] += 1
    for bucket in range(1 << bits):
        counts[bucket + 1] += counts[bucket]
    for value in values:
        full = np.int64(value >> shift)
        scratch[counts[full]] = value
        counts[full] += 1
    for i in range(len(values)):
        values[i] = scratch[i]


@compiled
def _insert(values: Hashes, out: Hashes) -> int:
    """Copies nearly sorted hashes, sorted and each once; returns how many there are. `out` may start at `values`."""
    distinct = 0
    for i in range(len(values)):
        value, place = values[i], distinct
        while place > 0 and out[place - 1] > value:
            place -= 1
        if place == 0 or out[place - 1] != value:
            for later in range(distinct, place, -1):
                out[later] = out[later - 1]
            out[place] = value
            distinct += 1
    return distinct


@compiled
def sort_distinct(values: Hashes, offsets: Numbers) -> int:
    """Sorts each run of hashes and drops what it holds twice, moving runs and offsets up; returns how many are left."""
    longest = 0
    for run in range(len(offsets) - 1):
        longest = max(longest, offsets[run + 1] - offsets[run])
    scratch = np.empty(longest, np.uint64)
    counts = np.empty(2 * max(_SMALL, min(longest, _BUCKETS)) + 1, np.int64)
    start = at = 0
    for run in range(len(offsets) - 1):
        end = offsets[run + 1]
        if end - start > _SMALL:
            _scatter(values[start:end], scratch, counts)
        at += _insert(values[start:end], values[at:])
        start, offsets[run + 1] = end, at
    return at


@compiled
def _among(few: Hashes, many: Hashes) -> int:
    """Counts how many of few ascending hashes are among many, by searches of which each begins where the last one ended."""
    shared, place, end = 0, U(0), U(len(many))
    for value in few:
        step = U(1)
        while place + step < end and many[place + step] < value:
            place += step
            step += step
        above = min(place + step, end)
        while place < above:
            middle = (place + above) >> U(1)
            if many[middle] < value:
                place = middle + U(1)
            else:
                above = middle
        if place == end:
            break
        shared += many[place] == value
    return shared


@compiled
def overlaps(shingles: Hashes, offsets: Numbers, pairs: Numbers, out: Numbers) -> None:
    """Fills how many members two ascending runs share, for each pair of runs."""
    for pair in range(len(pairs)):
        i, i_end = U(offsets[pairs[pair, 0]]), U(offsets[pairs[pair, 0] + 1])  # unsigned: never counted from the end
        j, j_end = U(offsets[pairs[pair, 1]]), U(offsets[pairs[pair, 1] + 1])
        if i_end - i > j_end - j:
            i, i_end, j, j_end = j, j_end, i, i_end
        if j_end - j > _LOPSIDED * (i_end - i):
            out[pair] = _among(shingles[i:i_end], shingles[j:j_end])
            continue
        shared = 0
        while i < i_end and j < j_end:
            a, b = shingles[i], shingles[j]
            shared += a == b
            i += U(a <= b)
            j += U(b <= a)
        out[pair] = shared


@compiled
def union_find(parent: Numbers, pairs: Numbers) -> None:
    """Points each node of `parent` (each its own at first) to the smallest node of its component."""
    for pair in range(len(pairs)):
        a, b = pairs[pair, 0], pairs[pair, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        parent[max(a, b)] = min(a, b)
    for node in range(len(parent)):
        parent[node] = parent[parent[node]]  # a parent is never larger, so it already points to its root
