from __future__ import annotations

import time

from dedup.text.contents import entries
from dedup.text.paragraphs import describe, split

TEXT = [
    "The ferry leaves the pier at eight in the morning and needs two hours to the island when the sea is calm.",
    "Whoever wants to stay overnight should write to the keeper, because there are four beds and no shop at all.",
    "A path of three miles leads around the island, past the lighthouse and the graves of the lost fishing fleet.",
    "Seals lie on the northern rocks from May to August, and nobody may come nearer to them than a hundred steps.",
]
HEADINGS = ["How to get there", "Where to sleep", "Walks around the island", "Are there still seals?"]
CHINESE = ["如何到達這座小島", "住宿的地方在哪裡", "環島的步行小路"]


def parts(headings: list[str]) -> list[str]:
    return [line for heading, text in zip(headings, TEXT, strict=False) for line in (heading, text)]


def listed(lines: list[str]) -> dict[int, int]:
    text = "\n".join(lines)
    paragraphs = describe(text, split(text, "line"))
    return entries(paragraphs, [p.good for p in paragraphs])


def test_a_table_names_the_headings_in_order() -> None:
    assert listed([*HEADINGS, TEXT[0], *parts(HEADINGS)]) == {0: 5, 1: 7, 2: 9, 3: 11}
    assert listed(["Contents", *CHINESE, *parts(CHINESE)]) == {1: 4, 2: 6, 3: 8}


def test_numbers_before_the_lines_do_not_count() -> None:
    numbered = [f"{number}. {heading}" for number, heading in enumerate(HEADINGS, 1)]
    assert set(listed([*numbered, *parts(HEADINGS)])) == {0, 1, 2, 3}
    assert set(listed([line for pair in enumerate(HEADINGS, 1) for line in map(str, pair)] + parts(HEADINGS))) == {1, 3, 5, 7}


def test_a_table_that_stands_twice_is_found_twice() -> None:
    assert set(listed([*HEADINGS, *HEADINGS, *parts(HEADINGS)])) == set(range(8))


def test_some_lines_may_name_nothing() -> None:
    assert set(listed([HEADINGS[0], "Weather", "Prices", *HEADINGS[1:3], *parts(HEADINGS)])) == {0, 3, 4}
    assert listed([HEADINGS[0], "Weather", "Prices", "Dogs", *HEADINGS[1:3], *parts(HEADINGS)]) == {}


def test_two_lines_are_no_table() -> None:
    assert listed([*HEADINGS[:2], *parts(HEADINGS)]) == {}


def test_a_menu_in_another_order_is_no_table() -> None:
    assert listed([*HEADINGS[:3][::-1], *parts(HEADINGS)]) == {}


def test_lines_that_come_again_without_text_are_no_table() -> None:
    assert listed([*HEADINGS, TEXT[0], *HEADINGS]) == {}
    assert listed([*HEADINGS, *HEADINGS]) == {}


def test_nothing_is_found_in_nothing() -> None:
    assert listed([]) == {}
    assert listed(["*", "*", "*", *TEXT]) == {}
    assert listed(["x"] * 9 + TEXT) == {}


def test_many_equal_lines_take_no_time() -> None:
    begun = time.process_time()
    listed([line for number in range(5_000) for line in (HEADINGS[number % 4], HEADINGS[number % 3], TEXT[0])])
    listed([*(f"Line {number}" for number in range(20_000)), *parts(HEADINGS)] * 2)
    assert time.process_time() - begun < 10


def test_a_row_of_too_few_different_lines_is_looked_at_once() -> None:
    begun = time.process_time()
    assert listed([*HEADINGS[:2] * 8_000, *parts(HEADINGS[:2]) * 8_000]) == {}
    assert time.process_time() - begun < 10


def test_lines_that_stand_all_over_a_page_are_a_template() -> None:
    rating = ["Want to read", "Rate this book", "Clear the rating"]
    assert listed([*rating, *rating, *rating, *rating, *rating, TEXT[0]]) == {}
