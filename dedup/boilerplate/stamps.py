"""Lines that stamp what follows, as those above comments and posts do; dates and other numbers that do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.boilerplate.names import DATE, STAMP
from dedup.text.shown import shown

if TYPE_CHECKING:
    from dedup.boilerplate.page import Page

_COLUMNS = 4  # at the most, of a table whose rows begin with dates
_ROWS = 3  # of it, at the least

_HANDLE = "(@"  # behind the name of who wrote a post elsewhere
TIME = re.compile(r"(?<!\d)\d{1,2}[:h時时시][0-5]\d(?!\d)")
"""Of day."""
# A year of one of four calendars, or a time; telephone numbers have other fours, versions more parts.
_DATE_OR_TIME = re.compile(r"(?<!\d)(?:(?:1[345]|19|20|25)\d\d(?!\d)|\d{1,2}[:.h時时시][0-5]\d(?!\d|\.\d(?!\d)))")
# Prices and shares have as many numbers as dates.
_AMOUNT = re.compile(r"[$€£¥₹₽₩₺%]|\b(?:EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|UAH|RUB|INR|JPY|CNY|BRL)\b")
# From when to when: hours of a place, parts of a plan, what a figure is of.
_RANGE = re.compile(
    r"\d[:h]\d\d *(?:[ap]\.?m\.?)? *[–—-] *\d{1,2}[:h]\d\d"  # noqa: RUF001 (a dash)
    r"|(?<!\d)(?:19|20)\d\d *[–—-] *(?:\w+\.? )?(?:19|20)\d\d(?!\d)"  # noqa: RUF001 (the same)
)


def is_stamp(text: str, page: Page, index: int) -> bool:
    """Whether a paragraph stamps what follows beyond doubt: by its phrase, or with a year or a time of day.

    None is the signature of a post that the article quotes, a line with an amount, or with hours or years from one to another, a
    row of a table, and a sentence without a time: a source ("Retrieved 3 May 2024."), or an offer that ends.
    """
    if page.rules[index] == STAMP:
        return True
    if not page.stamps[index]:
        return False
    line = shown(text[page.paragraphs[index].start : page.paragraphs[index].end])  # addresses have years, too
    if _HANDLE in line or _AMOUNT.search(line) or _RANGE.search(line):
        return False
    if page.paragraphs[index].sentence and not TIME.search(line):
        return False
    return _DATE_OR_TIME.search(line) is not None and not _is_row(page, index)


def is_amount(line: str) -> bool:
    """Whether a line has a sign of money or of shares."""
    return _AMOUNT.search(line) is not None


def _is_row(page: Page, index: int) -> bool:
    """Whether a date begins a row of a table: each cell is a line here, with a number in it, and the rows above begin so, too."""
    if page.rules[index] != DATE:
        return False
    for columns in range(1, _COLUMNS + 1):
        first = index - (_ROWS - 1) * columns
        if first >= 0 and all(page.rules[row] == DATE for row in range(first, index, columns)):
            return all(cell.numbered != cell.form for cell in page.paragraphs[first:index])
    return False
