from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lighthouse import BODY, HEADLINE, MENU, NOTICE, TEASER, left

from dedup.boilerplate.endings import before_notes

if TYPE_CHECKING:
    from collections.abc import Sequence

ANNOUNCED = "On the day of the feast the pier, the tower and the museum are open at these hours:"
HOURS = ["Pier from nine to six", "Tower from ten to four", "Museum from noon to five"]
LONG = [f"{number} {line}" for number in range(3) for line in BODY]


def test_a_list_that_the_text_announces_stays() -> None:
    lines = [*MENU, HEADLINE, *BODY, ANNOUNCED, *HOURS, "Share", "Letters", "Weather"]
    assert left(lines) == [HEADLINE, *BODY, ANNOUNCED, *HOURS]


def test_lines_behind_a_text_without_a_colon_go() -> None:
    assert left([HEADLINE, *BODY, *HOURS]) == [HEADLINE, *BODY]


def test_a_list_is_no_longer_than_lists_are() -> None:
    lines = [f"Boat number {number} of the harbour" for number in range(60)]
    assert left([*BODY, ANNOUNCED, *lines]) == [*BODY, ANNOUNCED, *lines[:20]]


@pytest.mark.parametrize("marks", [("1. ", "2. ", "3. "), ("• ", "• ", "• "), ("- ", "- ", "- "), ("(1) ", "(2) ", "(3) ")])
def test_lines_with_the_marks_of_items_stay(marks: Sequence[str]) -> None:
    items = [mark + line for mark, line in zip(marks, HOURS, strict=True)]
    assert left([*BODY, *items, "More from the coast"]) == [*BODY, *items]


def test_one_line_with_such_a_mark_is_no_list() -> None:
    assert left([*BODY, "- 30 -"]) == BODY


def test_a_short_note_behind_a_share_bar_and_a_menu_goes() -> None:
    assert left([*LONG, "Share", "Harbour", "Share", NOTICE, TEASER]) == LONG


def test_the_article_goes_on_behind_them_when_much_of_it_stands_there() -> None:
    lines = [*LONG, "Share", "Harbour", "Share", *[f"Again: {line}" for line in BODY]]
    assert left(lines) == [line for line in lines if line != "Share"]


@pytest.mark.parametrize(
    ("values", "over", "end"),
    [
        ([60, 60, 60], "...", 3),
        ([60, 60, 60, -24, 30], "...x.", 3),
        ([60, 60, 60, -24, 30], ".....", 5),  # no line that ends an article
        ([60, 60, 60, -24, 49], "...x.", 5),  # more than twice the gap
        ([60, 60, 60, -12, 20], "...x.", 5),  # no wide gap
        ([60, -24, 40], ".x.", 3),  # more than three tenths of it all
        ([60, 60, 60, 60, -30, 25, -30, 30], "....x.x.", 4),
    ],
)
def test_where_a_text_ends(values: list[float], over: str, end: int) -> None:
    assert before_notes(values, [mark == "x" for mark in over], 0, len(values)) == end
