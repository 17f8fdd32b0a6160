from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.matching import pairing

paragraphs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.integers(1, 30)), max_size=40)
"""Family, content and words of each."""


def unpacked(pairs: np.ndarray) -> list[tuple[int, int]]:
    return [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs]


@given(paragraphs, st.integers(1, 6))
def test_families_propose_what_brute_force_does(rows: list[tuple[int, int, int]], cap: int) -> None:
    words: Counter[int] = Counter()
    in_family: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for family, content, size in rows:
        words[content] += size
        in_family[family][content] += size
    shared: Counter[tuple[int, int]] = Counter()
    for contents in in_family.values():
        if len(contents) <= cap:
            for a, b in combinations(sorted(contents), 2):
                shared[a, b] += min(contents[a], contents[b])
    wanted = sorted(pair for pair, common in shared.items() if common >= min(words[pair[0]], words[pair[1]]) / 4)
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    proposed = pairing.by_families(*columns, np.array([words[i] for i in range(6)], np.int64), cap)
    assert unpacked(proposed.pairs) == wanted
    assert proposed.capped == sum(len(contents) > cap for contents in in_family.values())


@given(paragraphs, st.integers(1, 3))
def test_sums_are_the_same_however_often_they_are_merged(rows: list[tuple[int, int, int]], batch: int) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    words = np.full(6, 10, np.int64)
    whole = pairing.by_families(*columns, words, 6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "_BATCH", batch)
        parted = pairing.by_families(*columns, words, 6)
    assert parted.pairs.tolist() == whole.pairs.tolist()


sets = st.lists(st.frozensets(st.integers(0, 40), max_size=12), max_size=6)


@given(sets, st.integers(1, 4), st.integers(1, 6))
def test_samples_propose_what_brute_force_does(drawn: list[frozenset[int]], rate: int, cap: int) -> None:
    step = (1 << 64) // 41
    contents = [sorted(value * step for value in values) for values in drawn]
    samples = [{value for value in values if value < (1 << 64) // rate} for values in contents]
    holders: Counter[int] = Counter(value for values in samples for value in values)
    rare = [{value for value in values if holders[value] <= cap} for values in samples]
    wanted = []
    for a, b in combinations(range(len(samples)), 2):
        shared, fewest = len(rare[a] & rare[b]), min(len(samples[a]), len(samples[b]))
        if shared and (fewest <= 4 or shared >= max(2, 0.2 * fewest)):
            wanted.append((a, b))
    hashes = np.array([value for values in contents for value in values], np.uint64)
    offsets = np.cumsum([0, *map(len, contents)])
    proposed = pairing.by_samples(hashes, offsets, rate, cap)
    assert unpacked(proposed.pairs) == wanted
    assert proposed.capped == sum(count > cap for count in holders.values())


def test_a_family_on_very_many_documents_is_counted_and_proposes_nothing() -> None:
    n = 30_000
    ones = np.ones(n, np.int64)
    proposed = pairing.by_families(np.zeros(n, np.int64), np.arange(n), ones, ones, 50)
    assert (len(proposed.pairs), proposed.capped) == (0, 1)


@pytest.mark.parametrize("shared", [0, 1, 2, 5, 20, 100])
@pytest.mark.parametrize("rate", [1, 2, 8])
def test_the_recall_of_samples_is_that_of_two_hits(shared: int, rate: int) -> None:
    p = 1 / rate
    two_or_more = sum(comb(shared, k) * p**k * (1 - p) ** (shared - k) for k in range(2, shared + 1))
    assert pairing.found_by_samples(shared, rate) == pytest.approx(two_or_more)
