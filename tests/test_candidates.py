from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import fast, reference
from dedup.matching.candidates import Candidates, Caps, Collector, find, signed_members
from dedup.matching.families import families

if TYPE_CHECKING:
    from numpy.typing import NDArray

EMPTY = 2**32 - 1


def numbers(candidates: Candidates) -> list[tuple[int, int]]:
    return [divmod(pair, 2**32) for pair in candidates.pairs.tolist()]


def collect(keys: NDArray[np.uint64], bands: int, caps: Caps | None = None) -> Candidates:
    """The same keys in every band."""
    collector = Collector(caps or Caps())
    for band in range(bands):
        collector.add(keys, np.arange(len(keys)), band)
    return collector.candidates()


@given(st.lists(st.lists(st.integers(0, 9), min_size=12, max_size=12), max_size=4))
def test_small_buckets_give_all_pairs_that_share_a_key(bands: list[list[int]]) -> None:
    collector = Collector(Caps(all_pairs=12))
    for band, keys in enumerate(bands):
        collector.add(np.array(keys, np.uint64), np.arange(12), band)
    wanted = [pair for pair in combinations(range(12), 2) if any(keys[pair[0]] == keys[pair[1]] for keys in bands)]
    found = collector.candidates()
    assert numbers(found) == wanted
    assert (found.capped_buckets, found.capped_members) == (0, 0)
    assert found.pairs.dtype == np.uint64


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=150), st.integers(1, 9), st.integers(0, 4), st.data())
def test_any_bucket_is_connected_linear_and_independent_of_arrival(
    drawn: list[int], all_pairs: int, neighbours: int, data: st.DataObject
) -> None:
    caps = Caps(all_pairs, data.draw(st.integers(1, all_pairs)), neighbours)
    keys, members = np.array(drawn, np.uint64), np.arange(len(drawn))
    found = collect(keys, 3, caps)
    pairs = np.array(numbers(found), np.int64).reshape(-1, 2)
    assert np.all(pairs[:, 0] < pairs[:, 1])
    assert np.all(keys[pairs[:, 0]] == keys[pairs[:, 1]])
    first = {key: drawn.index(key) for key in drawn}
    assert families(reference, len(drawn), pairs).number.tolist() == [first[key] for key in drawn]
    sizes = np.array([drawn.count(key) for key in first], np.int64)
    most = np.where(sizes > all_pairs, sizes * (caps.anchors + 3 * neighbours), sizes * (sizes - 1) // 2)
    assert len(pairs) <= most.sum()
    assert found.capped_buckets == 3 * (sizes > all_pairs).sum()
    assert found.capped_members == 3 * sizes[sizes > all_pairs].sum()
    order = np.array(data.draw(st.permutations(range(len(drawn)))), np.int64)
    shuffled = Collector(caps)
    for band in range(3):
        shuffled.add(keys[order], members[order], band)
    np.testing.assert_array_equal(shuffled.candidates().pairs, found.pairs)


def test_twenty_thousand_in_every_bucket_stay_linear() -> None:
    n, bands = 20_000, 35
    found = find(fast, np.ones((n, 105), np.uint32), bands, 3)
    assert found.capped_buckets == bands
    assert found.capped_members == bands * n
    assert len(found.pairs) <= 20 * n  # 4 anchors, and 4 neighbours in each of 4 orders: not in each of 35 bands
    joined = families(fast, n, np.array(numbers(found), np.int64))
    assert joined.size.tolist() == [n] * n


def test_a_large_bucket_does_not_hang_on_its_first_members() -> None:
    n = 5_000
    found = np.array(numbers(collect(np.zeros(n, np.uint64), 35)), np.int64)
    alike = found[(found >= 4).all(axis=1)]  # the four anchors are like no other
    assert families(reference, n, alike).size[4:].tolist() == [n - 4] * (n - 4)
    camps = found[found[:, 0] % 3 == found[:, 1] % 3]  # three stories under one template
    assert families(reference, n, camps).number.tolist() == [i % 3 for i in range(n)]


def test_members_without_shingles_are_no_candidates() -> None:
    signed = np.full((40_000, 6), 5, np.uint32)
    signed[[0, 20_000, 39_999]] = EMPTY
    signed[3, :5] = EMPTY
    assert np.setdiff1d(np.arange(40_000), signed_members(signed)).tolist() == [0, 20_000, 39_999]
    small = np.array([[EMPTY] * 4, [1, 2, 3, 4], [EMPTY] * 4, [1, 2, 9, 9], [0, 0, 0, 0]], np.uint32)
    assert numbers(find(reference, small, 2, 2)) == [(1, 3)]


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_to_pair(n: int) -> None:
    found = find(reference, np.zeros((n, 4), np.uint32), 2, 2)
    assert found.pairs.tolist() == []
    assert found.capped_buckets == 0


@pytest.mark.parametrize(("all_pairs", "anchors", "neighbours"), [(8, 0, 4), (3, 4, 4), (8, 4, -1)])
def test_caps_that_make_no_sense(all_pairs: int, anchors: int, neighbours: int) -> None:
    with pytest.raises(ValueError, match="anchors must be from 1 to all_pairs"):
        Caps(all_pairs, anchors, neighbours)
