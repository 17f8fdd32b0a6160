from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.matching import dates
from dedup.matching.clusters import CONTAINED, NEAR_DUPLICATE, PARTIAL, Dropping, Preference, droppings, relations
from dedup.matching.columns import Row
from dedup.matching.verify import Pairs
from dedup.settings import FindSettings

SETTINGS = FindSettings(threshold=0.5, contained=0.8, partial=0.2, partial_contained=0.3)


def pairs_of(*rows: tuple[int, int, float, float, float]) -> Pairs:
    table = np.array(rows, np.float64).reshape(-1, 5)
    return Pairs(table[:, :2].astype(np.int64), table[:, 2], table[:, 3], table[:, 4])


@pytest.mark.parametrize(
    ("jaccard", "of_a", "of_b", "relation"),
    [
        (0.5, 0.5, 0.5, NEAR_DUPLICATE),
        (0.4999, 0.8, 0.51, CONTAINED),
        (0.1, 0.1, 0.8, CONTAINED),
        (0.9, 1.0, 0.9, NEAR_DUPLICATE),
        (0.49, 0.79, 0.5, PARTIAL),
        (0.2, 0.29, 0.29, PARTIAL),
        (0.1, 0.3, 0.1, PARTIAL),
        (0.19, 0.29, 0.29, -1),
        (0.0, 0.0, 0.0, -1),
    ],
)
def test_a_relation_is_what_the_thresholds_say(jaccard: float, of_a: float, of_b: float, relation: int) -> None:
    assert relations(pairs_of((0, 1, jaccard, of_a, of_b)), SETTINGS).tolist() == [relation]


def test_no_pairs_have_no_relations() -> None:
    assert relations(pairs_of(), SETTINGS).tolist() == []


ROWS = [
    Row("a", "x", "2024-05-01", ""),
    Row("b", "y", None, ""),
    Row("c", None, "2024-05", ""),
    Row("d", "x", "2023-12-31", ""),
    Row("e", "z", "2024-05-01", ""),
]
WORDS = np.array([10, 50, 20, 50, 5])
READ = np.array([4, 2, 0, 1, 3])


@pytest.mark.parametrize(
    ("preference", "order"),
    [
        (Preference(), "ecabd"),
        (Preference("longest"), "bdcae"),
        (Preference("earliest"), "daceb"),
        (Preference("latest"), "acedb"),
        (Preference("first", ("y", "x")), "badec"),
        (Preference("earliest", ("z",)), "edacb"),
        (Preference("first", ("y", "y", "x")), "badec"),
        (Preference("first", ("nowhere",)), "ecabd"),
    ],
)
def test_the_best_ranked_is_kept(preference: Preference, order: str) -> None:
    rank = preference.order(ROWS, WORDS, READ).rank
    assert "".join(ROWS[number].id for number in np.argsort(rank)) == order


def test_dates_are_compared_as_instants_and_those_that_cannot_be_read_come_last() -> None:
    told = ["1700000000", "999999999", "10/02/2023", None, "2023-11-14T23:30+02:00", "Tue, 14 Nov 2023 21:00:00 GMT", "2024"]
    rows = [Row(str(number), None, date, "") for number, date in enumerate(told)]
    ones = np.ones(len(rows), np.int64)
    for policy, order in (("earliest", "1540623"), ("latest", "6045123")):
        ranking = Preference(policy, ()).order(rows, ones, np.arange(len(rows)))  # type: ignore[arg-type]
        assert "".join(str(number) for number in np.argsort(ranking.rank)) == order
        assert ranking.counts() == {"undated": 2, "unread_dates": 1}
        assert ranking.dated is not None
        assert ranking.dated.sample == "10/02/2023"


@pytest.mark.parametrize("policy", ["first", "longest"])
def test_no_date_is_read_where_dates_decide_nothing(policy: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    monkeypatch.setattr(dates, "instant", None)
    assert Preference(policy).order(ROWS, WORDS, READ).counts() == {}


def test_a_site_named_twice_has_its_first_place() -> None:
    rows = [Row("a", "none", None, ""), Row("b", "y", None, ""), Row("c", "x", None, "")]
    rank = Preference("first", ("x", "x", "y")).order(rows, np.ones(3, np.int64), np.arange(3)).rank
    assert rank.tolist() == [2, 1, 0]


class Sets:
    """Documents as sets, compared as the engine does."""

    def __init__(self, sets: list[frozenset[int]]) -> None:
        self.sets = sets

    def similarity(self, a: int, b: int) -> tuple[float, float, float]:
        one, other = self.sets[a], self.sets[b]
        shared = len(one & other)
        return shared / len(one | other), shared / len(one), shared / len(other)

    def compare(self, packed: Any) -> Pairs:  # noqa: ANN401 (an array)
        assert packed.tolist() == sorted(set(packed.tolist()))
        numbers = [(pair >> 32, pair & 0xFFFFFFFF) for pair in packed.tolist()]
        assert all(a < b for a, b in numbers)
        return pairs_of(*((a, b, *self.similarity(a, b)) for a, b in numbers))


documents = st.lists(st.frozensets(st.integers(0, 15), min_size=1), min_size=1, max_size=9)


@given(documents, st.randoms(use_true_random=False))
def test_a_document_goes_only_by_a_verified_pair_with_one_that_stays(drawn: list[frozenset[int]], chance: Any) -> None:  # noqa: ANN401
    sets = Sets(drawn)
    rank = np.array(chance.sample(range(len(drawn)), len(drawn)))
    gone = list(droppings(range(len(drawn)), rank, sets.compare, SETTINGS))
    dropped = {dropping.document for dropping in gone}
    assert len(dropped) == len(gone) < len(drawn)
    for document, kept, jaccard, containment in ((d.document, d.kept, d.jaccard, d.containment) for d in gone):
        assert kept not in dropped
        assert rank[kept] < rank[document]
        assert (jaccard, containment) == (sets.similarity(document, kept)[0], sets.similarity(document, kept)[1])
        assert jaccard >= SETTINGS.threshold or containment >= SETTINGS.contained
        assert not sets.similarity(kept, document)[1] >= SETTINGS.contained > containment
    stay = [i for i in range(len(drawn)) if i not in dropped]
    for a, b in combinations(sorted(stay, key=rank.__getitem__), 2):  # what stays twice stays because it says more
        jaccard, of_a, of_b = sets.similarity(a, b)
        assert (jaccard < SETTINGS.threshold and of_b < SETTINGS.contained) or of_a >= SETTINGS.contained > of_b


def test_the_document_that_contains_another_stays() -> None:
    sets = Sets([frozenset(range(10)), frozenset(range(12)), frozenset(range(30)), frozenset(range(9))])
    assert list(droppings([0, 1, 2, 3], np.array([0, 1, 2, 3]), sets.compare, SETTINGS)) == [
        Dropping(1, 0, "near_duplicate", 10 / 12, 10 / 12),
        Dropping(3, 0, "near_duplicate", 0.9, 1.0),
    ]
    assert list(droppings([0, 1, 2, 3], np.array([1, 2, 0, 3]), sets.compare, SETTINGS)) == [
        Dropping(0, 2, "contained", 10 / 30, 1.0),
        Dropping(1, 2, "contained", 12 / 30, 1.0),
        Dropping(3, 2, "contained", 9 / 30, 1.0),
    ]


def test_a_chain_keeps_what_is_not_like_the_first() -> None:
    sets = Sets([frozenset(range(start, start + 20)) for start in (0, 6, 12, 18, 24)])
    gone = [(d.document, d.kept) for d in droppings([0, 1, 2, 3, 4], np.arange(5), sets.compare, SETTINGS)]
    assert gone == [(1, 0), (3, 2)]
