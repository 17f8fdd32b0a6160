"""The matching core as a whole, from text to verified pairs, against a brute force over all pairs."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import fast, reference
from dedup.matching import banding, candidates
from dedup.matching.verify import Pairs, distinct, pack, unpack, verify

K = 3
Sets = list[set[tuple[str, ...]]]


def edited(words: list[str], share: float, draw: random.Random, vocabulary: list[str]) -> list[str]:
    """Changes a share of the words: runs are trimmed, single words replaced."""
    cut = int(len(words) * share * draw.random())
    start = draw.choice([0, cut])
    kept = words[start : len(words) - cut + start]
    return [draw.choice(vocabulary) if draw.random() < share / 3 else word for word in kept]


def paragraphs(seed: int) -> list[list[str]]:
    """1,500 paragraphs: 300 alone, and 400 stories of two to four edited versions."""
    draw = random.Random(seed)  # noqa: S311 - test texts
    vocabulary = [f"w{number}" for number in range(3000)]
    made = [draw.choices(vocabulary, k=draw.randint(1, 80)) for _ in range(300)]
    for story in range(400):
        words = draw.choices(vocabulary, k=draw.randint(12, 120))
        share = draw.random() ** 2
        made += [edited(words, share, draw, vocabulary) for _ in range(2 + story % 3)]
    draw.shuffle(made)
    return made


def brute_force(made: list[list[str]]) -> tuple[Sets, dict[tuple[int, int], int]]:
    """All pairs that share a shingle, and how many they share; every other pair has none in common."""
    sets = [set(zip(*(words[i:] for i in range(K)), strict=False)) for words in made]
    owners: dict[tuple[str, ...], list[int]] = {}
    for number, shingles in enumerate(sets):
        for shingle in shingles:
            owners.setdefault(shingle, []).append(number)
    return sets, Counter(pair for held in owners.values() for pair in combinations(held, 2))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("threshold", "recall"), [(0.5, 0.99), (0.5, 0.9), (0.8, 0.95)])
def test_against_all_pairs(seed: int, threshold: float, recall: float) -> None:
    made = paragraphs(seed)
    sets, shared = brute_force(made)
    exact = {(a, b): count / (len(sets[a]) + len(sets[b]) - count) for (a, b), count in shared.items()}
    texts = [" ".join(words).encode() for words in made]
    data, offsets = np.frombuffer(b"".join(texts), np.uint8), np.cumsum([0, *map(len, texts)])

    chosen = banding.choose(threshold, recall)
    signed = fast.text_signatures(data, offsets, K, chosen.permutations)
    hashed = fast.shingle_sets(*fast.word_hashes(data, offsets), K)
    proposed = candidates.find(fast, signed, chosen.bands, chosen.rows)
    found = verify(fast, hashed, proposed.pairs, threshold)

    assert proposed.capped_buckets == 0
    for (a, b), *values in zip(found.members.tolist(), found.jaccard, found.containment_a, found.containment_b, strict=True):
        assert values == [exact[a, b], shared[a, b] / len(sets[a]), shared[a, b] / len(sets[b])]
    assert found.jaccard.min() >= threshold
    wanted = {pair for pair, value in exact.items() if value >= threshold}
    got = set(map(tuple, found.members.tolist()))
    assert got <= wanted
    assert len(wanted) > 200
    # No lower than asked, within 3 standard deviations as if pairs were found independently.
    assert len(got) >= len(wanted) * recall - 3 * (len(wanted) * recall * (1 - recall)) ** 0.5
    # What is proposed is what the S-curve says, below the threshold too, within 4 of them.
    chances = np.array([chosen.probability(value) for value in exact.values()])
    hits = len(set(exact) & {divmod(pair, 2**32) for pair in proposed.pairs.tolist()})
    assert abs(hits - chances.sum()) <= 4 * (chances * (1 - chances)).sum() ** 0.5


SETS = (np.array([1, 2, 3, 4, 2, 3, 2, 3, 9, 9], np.uint64), np.array([0, 4, 6, 9, 9, 10]))
CANDIDATES = np.array([1, 2, 3, 2**32 + 2, 2**32 + 3, 3 * 2**32 + 4], np.uint64)


def rows(pairs: Pairs) -> list[tuple[list[int], float, float, float]]:
    columns = (pairs.jaccard.tolist(), pairs.containment_a.tolist(), pairs.containment_b.tolist())
    return list(zip(pairs.members.tolist(), *columns, strict=True))


def test_the_values_are_exact() -> None:
    assert rows(verify(reference, SETS, CANDIDATES, 0.5)) == [([0, 1], 0.5, 0.5, 1.0), ([1, 2], 2 / 3, 1.0, 2 / 3)]


def test_containment_keeps_what_the_threshold_would_drop() -> None:
    kept = verify(reference, SETS, CANDIDATES, 0.9, containment=1.0)
    assert kept.members.tolist() == [[0, 1], [1, 2]]
    assert len(verify(reference, SETS, CANDIDATES, 0.9)) == 0


def test_a_set_without_shingles_is_like_nothing() -> None:
    assert rows(verify(reference, SETS, np.array([3, 2**32 + 3], np.uint64), 0.0)) == [
        ([0, 3], 0.0, 0.0, 0.0),
        ([1, 3], 0.0, 0.0, 0.0),
    ]


def test_no_candidates() -> None:
    none = verify(fast, SETS, np.empty(0, np.uint64), 0.5, containment=0.5)
    assert rows(none) == []
    assert none.members.shape == (0, 2)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows(verify(fast, SETS, CANDIDATES, 0.3))
    monkeypatch.setattr("dedup.matching.verify._CHUNK", 2)
    assert rows(verify(fast, SETS, CANDIDATES, 0.3)) == whole
    assert rows(verify(fast, SETS, CANDIDATES, 0.3, threads=3)) == whole
    assert [pair for pair, *_ in whole] == [[0, 1], [0, 2], [1, 2]]


@given(st.lists(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 9)), min_size=1, max_size=3))
def test_distinct_pairs_are_ascending_and_each_there_once(columns: list[list[int]]) -> None:
    merged = distinct(*(np.array(column, np.uint64) for column in columns))
    assert merged.dtype == np.uint64
    assert merged.tolist() == sorted({number for column in columns for number in column})


def test_a_candidate_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="pairs must name members from 0 to 4"):
        verify(fast, SETS, np.array([5], np.uint64), 0.5)


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))))
def test_packed_pairs_are_the_same_pairs_in_the_same_order(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs, np.int64).reshape(-1, 2).T
    packed = np.sort(pack(a, b))
    assert list(zip(*(column.tolist() for column in unpack(packed)), strict=True)) == sorted(pairs)
