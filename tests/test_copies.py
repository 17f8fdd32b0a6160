from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.matching.columns import Columns, Ranges, Row, Rows
from dedup.matching.copies import Copy, copies, going, leads, spread
from dedup.matching.verify import Pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from dedup.matching.copies import Spread


def rows_of(rows: Iterable[Row]) -> Rows:
    laid = [row.laid() for row in rows]
    lengths = np.array([*map(len, laid)], np.int64)
    return Rows(np.frombuffer(b"".join(laid), np.uint8), Ranges(np.cumsum(lengths) - lengths, lengths))


def columns_of(
    paragraphs: Sequence[tuple[int, int]], sizes: Sequence[int] | None = None, good: Sequence[bool] | None = None
) -> Columns:
    """Columns of paragraphs that are given by the document and the form; nothing of text."""
    owner, form = np.array(paragraphs, np.int64).reshape(-1, 2).T
    documents = int(owner.max(initial=-1)) + 1
    none = Ranges(np.empty(0, np.int64), np.empty(0, np.int64))
    return Columns(
        rows=rows_of(Row(str(i), None, None, "") for i in range(documents)),
        read_order=np.arange(documents),
        data=np.empty(0, np.uint8),
        documents=none,
        words=np.ones(documents, np.int64),
        content=np.arange(documents),
        owner=owner,
        start=np.arange(len(owner)),
        end=np.arange(len(owner)) + 1,
        paragraphs=none,
        size=np.full(len(owner), 20) if sizes is None else np.array(sizes, np.int64),
        good=np.ones(len(owner), np.bool_) if good is None else np.array(good, np.bool_),
        form=form,
        first=np.zeros(int(form.max(initial=-1)) + 1, np.int64),
    )


def pairs_of(*rows: tuple[int, int, float]) -> Pairs:
    table = np.array(rows, np.float64).reshape(-1, 3)
    return Pairs(table[:, :2].astype(np.int64), table[:, 2], table[:, 2], table[:, 2])


def families_of(found: Sequence[tuple[int, int]], number: Sequence[int], cap: int = 50) -> list[tuple[int, list[int]]]:
    listed, _ = spread(columns_of(found), np.array(number, np.int64), cap)
    return [(family.first, family.paragraphs.tolist()) for family in listed]


def test_families_in_one_document_only_are_no_copies() -> None:
    assert families_of([(0, 0), (0, 0), (1, 1), (2, 2), (2, 1)], [0, 1, 2]) == [(2, [2, 4])]
    assert families_of([(0, 0), (0, 0), (1, 1), (2, 2), (2, 1)], [0, 1, 0]) == [(0, [0, 1, 3]), (2, [2, 4])]
    assert families_of([], []) == []


def test_short_paragraphs_are_in_other_documents_by_chance() -> None:
    columns = columns_of([(0, 0), (1, 0), (0, 1), (1, 1)], sizes=[7, 7, 8, 8])
    (family,), _ = spread(columns, np.array([0, 1]), 50)
    assert family.paragraphs.tolist() == [2, 3]


def test_documents_with_equal_words_count_once() -> None:
    columns = columns_of([(0, 0), (1, 0)])
    columns.content[1] = 0
    listed, capped = spread(columns, np.array([0]), 50)
    assert (list(listed), capped) == ([], 0)


def test_a_family_on_too_many_documents_is_counted_and_left_out() -> None:
    columns = columns_of([(i, 0) for i in range(4)] + [(i, 1) for i in range(3)])
    listed, capped = spread(columns, np.array([0, 1]), 3)
    assert ([family.first for family in listed], capped) == ([4], 1)


paragraphs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), max_size=25)
alike = st.dictionaries(st.sampled_from([(a, b) for b in range(5) for a in range(b)]), st.sampled_from([0.5, 0.7, 0.9]))


def laid(
    drawn: list[tuple[int, int]], verified: dict[tuple[int, int], float]
) -> tuple[Columns, Spread, Pairs, Callable[[int, int], float | None]]:
    """What is drawn as columns, families and pairs, and how alike two paragraphs are: None if they are not."""
    drawn.sort(key=lambda row: row[0])
    columns = columns_of(drawn)
    number = np.arange(5)
    for a, b in sorted(verified):
        number[number == number[b]] = number[a]

    def score(paragraph: int, other: int) -> float | None:
        forms = drawn[paragraph][1], drawn[other][1]
        return 1.0 if forms[0] == forms[1] else verified.get((min(forms), max(forms)))

    pairs = pairs_of(*((a, b, jaccard) for (a, b), jaccard in sorted(verified.items())))
    return columns, spread(columns, number, 50)[0], pairs, score


def a_few_at_a_time(call: Callable[[], Iterable[Copy]]) -> list[Copy]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.matching.copies._TOGETHER", 3)
        return list(call())


@given(paragraphs, alike)
def test_the_partner_is_in_the_best_document_that_has_an_equal_or_verified_paragraph(
    drawn: list[tuple[int, int]], verified: dict[tuple[int, int], float]
) -> None:
    columns, listed, pairs, score = laid(drawn, verified)
    told = list(copies(columns, listed, pairs))
    assert a_few_at_a_time(lambda: copies(columns, listed, pairs)) == told
    wanted = []
    for family in listed:
        for paragraph in family.paragraphs.tolist():
            options = [
                (drawn[other][0], -like, other)
                for other in family.paragraphs.tolist()
                if (like := score(paragraph, other)) is not None and drawn[other][0] != drawn[paragraph][0]
            ]
            if options:
                _, loss, partner = min(options)
                wanted.append(Copy(paragraph, partner, -loss, family.first))
    assert told == wanted


@given(paragraphs, alike, st.permutations(range(6)))
def test_a_paragraph_goes_for_the_best_one_that_stays(
    drawn: list[tuple[int, int]], verified: dict[tuple[int, int], float], ranks: list[int]
) -> None:
    columns, listed, pairs, score = laid(drawn, verified)
    told = list(going(columns, listed, pairs, np.array(ranks)))
    assert a_few_at_a_time(lambda: going(columns, listed, pairs, np.array(ranks))) == told
    wanted, stays = {}, list[int]()
    families = {paragraph: family.first for family in listed for paragraph in family.paragraphs.tolist()}
    for paragraph in sorted(families, key=lambda each: ranks[drawn[each][0]]):  # the best document's first
        options = [
            (ranks[drawn[other][0]], -like, other)
            for other in stays
            if (like := score(paragraph, other)) is not None and drawn[other][0] != drawn[paragraph][0]
        ]
        if options:
            _, loss, partner = min(options)
            wanted[paragraph] = Copy(paragraph, partner, -loss, families[paragraph])
        else:
            stays.append(paragraph)
    assert {copy.paragraph: copy for copy in told} == wanted


def test_a_family_of_many_documents_is_walked_once() -> None:
    n = 40_000
    columns = columns_of([(i, i % 2) for i in range(n)])
    listed, _ = spread(columns, np.array([0, 0]), n)
    told = list(copies(columns, listed, pairs_of((0, 1, 0.6))))
    assert [copy.partner for copy in told[:4]] == [1, 0, 0, 0]
    assert [copy.score for copy in told[:4]] == [0.6, 0.6, 1.0, 0.6]
    assert len(told) == n


def lead_rows(columns: Columns, number: NDArray[np.int64]) -> list[tuple[list[int], list[int]]]:
    listed, _ = spread(columns, number, 50)
    return [(list(lead.leads), list(lead.others)) for lead in leads(columns, listed)]


def test_a_lead_is_the_first_running_text_of_a_document() -> None:
    # document 0: headline, lead, rest; 1: another lead, then the lead of 0; 2: only the rest of 0, behind its own lead
    rows = [(0, 0), (0, 1), (0, 2), (1, 3), (1, 1), (2, 4), (2, 2)]
    columns = columns_of(rows, good=[False, True, True, True, True, True, True])
    assert lead_rows(columns, np.arange(5)) == [([1], [4])]


def test_a_lead_of_several_documents_is_one() -> None:
    rows = [(0, 0), (1, 0), (2, 1), (2, 0), (2, 0)]
    columns = columns_of(rows)
    assert lead_rows(columns, np.arange(2)) == [([0, 1], [3])]


@pytest.mark.parametrize("good", [False, True])
def test_what_is_no_running_text_is_no_lead(good: bool) -> None:
    columns = columns_of([(0, 0), (1, 0)], good=[good, good])
    assert bool(lead_rows(columns, np.arange(1))) is good
