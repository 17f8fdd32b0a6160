from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import reference
from dedup.matching.families import clusters, families

if TYPE_CHECKING:
    from random import Random

PAIRS = np.array([[4, 2], [2, 6], [1, 5], [6, 4]])


def test_a_family_is_named_by_its_smallest_member() -> None:
    found = families(reference, 8, PAIRS)
    assert found.number.tolist() == [0, 1, 2, 3, 2, 1, 2, 7]
    assert found.size.tolist() == [1, 2, 3, 1, 3, 2, 3, 1]


def test_clusters_are_the_families_of_two_and_more() -> None:
    found = clusters(reference, 8, PAIRS)
    assert len(found) == 2
    assert found.members.tolist() == [1, 5, 2, 4, 6]
    assert found.offsets.tolist() == [0, 2, 5]


@pytest.mark.parametrize("n", [0, 3])
def test_without_pairs_each_stands_alone(n: int) -> None:
    none = np.empty((0, 2), np.int64)
    assert families(reference, n, none).number.tolist() == list(range(n))
    assert families(reference, n, none).size.tolist() == [1] * n
    assert clusters(reference, n, none).offsets.tolist() == [0]
    assert clusters(reference, n, none).members.tolist() == []


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=25), st.randoms())
def test_the_order_of_pairs_changes_nothing(drawn: list[tuple[int, int]], random: Random) -> None:
    pairs = np.array(drawn, np.int64).reshape(-1, 2)
    random.shuffle(drawn)
    shuffled = np.array([pair[::-1] for pair in drawn], np.int64).reshape(-1, 2)
    one, other = clusters(reference, 20, pairs), clusters(reference, 20, shuffled)
    assert one.members.tolist() == other.members.tolist()
    assert one.offsets.tolist() == other.offsets.tolist()
    for a, b in pairs:  # both ends of a pair lie in one cluster, unless the pair is a member with itself
        homes = [np.searchsorted(one.offsets, np.flatnonzero(one.members == end), side="right") for end in (a, b)]
        assert homes[0].tolist() == homes[1].tolist()
