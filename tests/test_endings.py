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


@pytest.mark.parametrize(
    "line",
    [
        "and so the lamp turned above the bay until it was day, and all who sat on the pier went home by the sand in no haste",
        "so drehte sich die lampe über der bucht bis in den morgen, und wer auf dem pier saß, der ging über den nassen sand heim",
    ],
)
def test_a_long_paragraph_that_lacks_its_full_stop_ends_a_text(line: str) -> None:
    assert left([*BODY, line, "Letters", "Weather"]) == [*BODY, line]
    assert left([*BODY, line.title(), "Letters"]) == BODY  # a menu in one line
    assert left([*BODY, line[:60], "Letters"]) == BODY


def test_a_list_is_no_longer_than_lists_are() -> None:
    lines = [f"Boat number {number} of the harbour" for number in range(60)]
    assert left([*BODY, ANNOUNCED, *lines]) == [*BODY, ANNOUNCED, *lines[:20]]


@pytest.mark.parametrize("marks", [("1. ", "2. ", "3. "), ("• ", "• ", "• "), ("- ", "- ", "- "), ("(1) ", "(2) ", "(3) ")])
def test_lines_with_the_marks_of_items_stay(marks: Sequence[str]) -> None:
    items = [mark + line for mark, line in zip(marks, HOURS, strict=True)]
    assert left([*BODY, *items, "More from the coast"]) == [*BODY, *items]


@pytest.mark.parametrize(
    "items",
    [
        ["一、防汛责任人必须到岗", "二、加强山洪预警", "三、严格值班"],
        ["（一）大坝防渗墙", "（二）溢洪道改建", "（三）输水隧洞"],
        ["1、码头九点开门", "2、灯塔十点开门"],
        ["①码头", "②灯塔"],
    ],
)
def test_chinese_items_stay(items: Sequence[str]) -> None:
    assert left([*BODY, *items, "更多海岸新闻"]) == [*BODY, *items]


def test_a_short_line_with_a_colon_announces_items() -> None:
    items = [f"{number}. {line}" for number, line in enumerate(HOURS, 1)]
    assert left([*BODY, "Open on Sunday:", *items, "Letters"]) == [*BODY, "Open on Sunday:", *items]
    assert left([*BODY, "Open on Sunday:", *HOURS]) == BODY
    assert left([*BODY, "Write to us:"]) == BODY


@pytest.mark.parametrize(
    "labelled",
    [
        ["Height: 31 metres", "Lamp: a lens of the second order", "Reach: as far as the islands", "Keeper: nobody since the war"],
        ["Высота: тридцать метров", "Лампа: линза второго порядка", "Видно: до самых островов", "Смотритель: никого"],
        ["高さ：三十一メートル", "明かり：第二等のレンズ", "届く所：島々まで", "灯台守：戦後はいない"],
    ],
)
def test_lines_with_labels_stay(labelled: list[str]) -> None:
    menu = ["Letters", "Weather"]
    assert left([*BODY, *labelled, *menu]) == [*BODY, *labelled]
    assert left([*BODY, "What it is made of", *labelled, *menu]) == [*BODY, "What it is made of", *labelled]
    assert left([*BODY, *labelled[:3], *menu]) == BODY
    assert left([*BODY, "Letters", "Weather", *labelled]) == BODY


@pytest.mark.parametrize("day", ["14 May", "14 May 2024"])
def test_a_short_sentence_at_the_end_may_name_a_day(day: str) -> None:
    end = f"The letter has lain there since {day}."
    assert left([*BODY, "Then the lamp went out.", end])[-1] == end
    assert left([*BODY, "Written on 14 May 2024 at 10:15."]) == BODY  # a sentence with a time is a stamp


INDENTED = [f"\u3000\u3000{line}" for line in BODY]


def test_lines_that_are_indented_as_the_text_stay() -> None:
    above, below = (
        ["\u3000\u3000文/图 郭建平"],
        ["\u3000\u3000附件：灯塔管理办法", "\u3000\u3000\u3000灯塔管理处", "\u3000\u30002013年5月28日"],
    )
    text = [*above, *INDENTED, *below]
    assert left([*MENU, HEADLINE, *text, "上一篇", "\u3000\u3000版权所有"]) == [HEADLINE, *text]


def test_indented_lines_behind_others_or_around_other_text_go() -> None:
    assert left([*INDENTED, "Letters", "\u3000\u3000更多新闻"]) == INDENTED
    assert left(["\u3000\u3000首页", *BODY, "\u3000\u3000更多新闻"]) == BODY
    lines = [f"\u3000\u3000第{number}号船" for number in range(60)]
    assert left([*INDENTED, *lines]) == [*INDENTED, *lines[:40]]


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
