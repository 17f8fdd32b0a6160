"""Menus with an entry a line: a site's parts ("Politics", "Sport") in a row, among its other entries."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dedup.boilerplate.names import PART

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.boilerplate.page import Page

SECTION = "section.menu"
"""The rule of a menu's entries that no rule knows by themselves."""

_PARTS = 3  # of a newspaper that a menu names, at the least
_MANY = 5  # of them that are a menu even where no rule knows any of its entries
_SIZE = 4  # words of an entry
_GAP = 3  # entries in a row that are the site's own: "Netzwelt", "Ilustrada"
_KNOWN = 0.5  # of a menu's entries, that are known


def menus(page: Page) -> Iterator[range]:
    """The menus of a page: short lines in a row, three of which or more name parts of a newspaper, and half of which are known.

    Each begins and ends with a line that is known: below the last entry of a menu stands the headline. A row right below running
    text is a list of the article's, and so is a short one without an entry that a rule strips.

    Args:
        page: the document's paragraphs.
    """
    if sum(rule == PART for rule in page.rules) < _PARTS:
        return
    for row in _rows(page):
        for menu in _menus_of(page, row):
            parts = {page.paragraphs[i].form for i in menu if page.rules[i] == PART}
            known = sum(_is_known(page, i) for i in menu)
            cut = any(page.cut[i] for i in row)
            if len(parts) >= (_PARTS if cut else _MANY) and known >= _KNOWN * len(menu):
                yield menu


def _is_known(page: Page, index: int) -> bool:
    return page.rules[index] == PART or page.cut[index]


def _rows(page: Page) -> Iterator[range]:
    """Runs of lines that may be entries, but not those right below running text."""
    start = 0
    for index in range(len(page.paragraphs) + 1):
        if index < len(page.paragraphs) and _is_entry(page, index):
            continue
        if index - start >= _PARTS and not (start and page.is_good(start - 1)):
            yield range(start, index)
        start = index + 1


def _menus_of(page: Page, row: range) -> Iterator[range]:
    """The stretches of a row of entries from one that is known to another, without many of the site's own between."""
    known: Sequence[int] = [i for i in row if _is_known(page, i)]
    start = known[0] if known else 0
    for before, after in pairwise([*known, row.stop + _GAP + 1]):
        if after - before > _GAP + 1:
            yield range(start, before + 1)
            start = after


def _is_entry(page: Page, index: int) -> bool:
    line = page.paragraphs[index]
    if _is_known(page, index):
        return True
    return page.rules[index] is None and 0 < line.size <= _SIZE and not line.sentence and not page.stamps[index]
