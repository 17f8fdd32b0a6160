from __future__ import annotations

import pytest
from lighthouse import BODY, COMMENT, HEADLINE, NOTICE, TEASER

from dedup.boilerplate.page import Page
from dedup.boilerplate.stamps import is_stamp
from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings, MainSettings
from dedup.text.paragraphs import describe, split


def found(lines: list[str], rules: list[str | None]) -> list[bool]:
    """Which of some lines, all of which may be stamps, are."""
    text = "\n".join(lines)
    page = Page(describe(text, split(text, "line")), rules, [False] * len(lines), [True] * len(lines))
    return [is_stamp(text, page, index) for index in range(len(lines))]


@pytest.mark.parametrize(
    "line",
    [
        "Anna, 13 May 2024, 10:15",
        "Anna K. on May 13, 2024 at 3:24 p.m.",
        "13.05.24",
        "13 พฤษภาคม 2567",
        "2024/05/13 10時15分",
        "#12 – 13.05.2024 20.15",
    ],
)
def test_dates_and_times_stamp(line: str) -> None:
    assert found([line], [None]) == [True]


@pytest.mark.parametrize(
    "line",
    [
        "Call us: (040) 555-0187",
        "1.70.0 (since 1.48.0) · Source",
        "EUR 15.49, delivered Wed, Mar 25",
        "The Bay Courier. Retrieved May 15, 2017.",
        "Book by December 30, 2025, for travel through May 31, 2026.",
        "Mon to Fri 8:30 am - 5:45 pm",
        "Week 2, 3:15–4:05 hours",
        "Change of price (Dec 2023–Dec 2024)",
    ],
)
def test_other_numbers_do_not(line: str) -> None:
    assert found([line], [None]) == [False]


def test_dates_that_begin_the_rows_of_a_table_stamp_nothing() -> None:
    table = [cell for month in range(1, 5) for cell in (f"{month}/1/2024", f"+{month}.3")]
    rules = ["page.date" if "/" in line else None for line in table]
    assert found(table, rules)[-2] is False
    comments = [line for day in range(1, 5) for line in (f"{day}/1/2024", "What a light!")]
    assert found(comments, ["page.date" if "/" in line else None for line in comments])[-2] is True


def test_an_article_goes_on_below_its_tables() -> None:
    ships, boats = ([cell for month in range(1, 9) for cell in (f"{month}/1/2024", f"+{month}.{n}")] for n in (3, 4))
    lines = [HEADLINE, *BODY[:3], "Date", "Ships", *ships, BODY[3], "Date", "Boats", *boats, COMMENT, NOTICE, TEASER]
    text = "\n".join(lines)
    cuts = judge(Document("a", text), CleanSettings(main=MainSettings()), {}).cuts
    assert not any(cut.start <= text.index(line) < cut.end for cut in cuts for line in (*BODY, COMMENT, NOTICE, TEASER))
