from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import dedup
from dedup.boilerplate import entries
from dedup.boilerplate.page import Page
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS = ("Politics", "Sport", "Culture", "Science", "Weather", "Opinion")
TEXT = "The bridge over the Stell was closed on Monday after a crack was found in the second pier, the town said."


def menus(lines: Sequence[str], cut: Sequence[str] = (), stamps: Sequence[str] = ()) -> list[str]:
    """The lines of the menus found, where the parts above are known and `cut` are known furniture."""
    text = "\n".join(lines)
    listed = describe(text, split(text, "line"))
    rules = ["navigation" if line in cut else "navigation.part" if line in PARTS else None for line in lines]
    page = Page(listed, rules, [line in cut for line in lines], [line in stamps for line in lines])
    return [lines[i] for menu in entries.menus(page) for i in menu]


def test_a_menu_goes_with_the_entries_of_its_own_but_not_what_follows() -> None:
    menu = ["Home", *PARTS[:2], "Harbour", "The Hill", *PARTS[2:4]]
    assert menus([*menu, "Bridge shut", "Ann Lee", TEXT], cut=["Home"]) == menu


def test_a_menu_without_known_furniture_has_five_parts() -> None:
    assert menus([*PARTS[:4], "Bridge shut", TEXT]) == []
    assert menus([*PARTS[:5], "Bridge shut", TEXT]) == list(PARTS[:5])


def test_two_parts_are_no_menu_and_no_part_counts_twice() -> None:
    assert menus(["Home", *PARTS[:2], "Bridge shut", TEXT], cut=["Home"]) == []
    assert menus(["Home", *PARTS[:2], PARTS[0], TEXT], cut=["Home"]) == []


def test_a_list_right_below_running_text_is_the_article_s() -> None:
    assert menus([TEXT, *PARTS, TEXT]) == []
    assert menus([TEXT, "Share", *PARTS], cut=["Share"]) == []


def test_a_list_of_other_things_that_names_parts_is_no_menu() -> None:
    goods = ["Boots", "Rope", "Lamp", "Tent"]
    lines = [goods[0], PARTS[0], *goods, PARTS[1], *goods, PARTS[2], *goods, PARTS[3], *goods, PARTS[4]]
    assert menus(lines, cut=[]) == []


@pytest.mark.parametrize("between", ["A sentence ends here.", "3 May 2024", "What a headline of more words looks like"])
def test_sentences_stamps_and_headlines_end_a_row(between: str) -> None:
    assert menus([*PARTS[:3], between, *PARTS[3:]], stamps=["3 May 2024"]) == []


@pytest.mark.parametrize(
    ("menu", "lines"),
    [
        (
            "Startseite|Politik|Ausland|Hafenblick|Wissenschaft|Kultur|Anmelden",
            ["Brücke gesperrt", "Der Pfeiler trägt nicht mehr."],
        ),
        ("Главная|Политика|В мире|Общество|Спорт|Войти", ["Мост закрыт", "Опора дала трещину, сообщили в мэрии."]),
        ("首页|国内|国际|财经|体育|登录", ["大桥封闭检修三个月", "市政府星期一表示，桥墩出现裂缝，车辆需要绕行。"]),
        ("홈|정치|경제|사회|스포츠|로그인", ["다리 석 달 동안 통제", "시는 월요일 교각에서 균열이 발견됐다고 밝혔다."]),
        (
            "الرئيسية|سياسة|اقتصاد|رياضة|مقالات|تسجيل الدخول",
            ["إغلاق الجسر ثلاثة أشهر", "أعلنت البلدية يوم الاثنين اكتشاف صدع في الدعامة."],
        ),
    ],
)
def test_menus_of_many_languages_go_from_single_pages(menu: str, lines: list[str]) -> None:
    text = "\n".join([*menu.split("|"), *lines])
    assert dedup.clean(text, min_kept=0).text == "\n".join(lines)
    found = dedup.clean(text, min_kept=0).findings
    assert {"section.menu"} <= {cut.finding.rule for cut in found}
    assert dedup.clean(text, min_kept=0, keep=["section.menu"]).text.splitlines()[0] == menu.split("|")[1]


def test_evidence_tells_how_many_parts_a_menu_names() -> None:
    text = f"Home\nPolitics\nSport\nCulture\nScience\n{TEXT}"
    cuts = dedup.clean(text, min_kept=0).findings
    assert [cut.finding.evidence for cut in cuts if cut.finding.rule == "section.menu"] == [{"parts": 4}] * 4
