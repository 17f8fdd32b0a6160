"""What stands above a page's text and belongs to it: headline, by-line and date, a lead, a table of contents."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from dedup.boilerplate import endings
from dedup.boilerplate.names import OF_ARTICLE
from dedup.text import stops
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from dedup.boilerplate.page import Page

SIZE = 3, 30
"""Words of a headline."""
FAR = 24
"""Paragraphs above the text, all counted, within which the headline stands: a bar of links to share a story is between, or of
buttons, a site's menu is not."""

_REACH = 8  # paragraphs above the text within which headline, by-line and date stand
_ENOUGH = 10  # words: of two lines as long as that, the nearer one is the headline
_OVER = 5  # words of one right above by-line and date, or characters where each is a word
_ADDRESS = re.compile(r"://|\bwww\.")
_LEAD_SIZE = 8  # words of a line between headline and text that is a lead


def head(  # noqa: PLR0913 (all that is known)
    text: str, page: Page, values: Sequence[float], first: int, headline: int | None, *, teased: bool = False
) -> set[int]:
    """Headline, by-line and date above a paragraph, and a lead between them and it.

    The headline is the line right above by-line and date, of the nearest ones: buttons and notices below these may be longer.
    Where that is known as something else, or too short, it is the nearest of the lines with most words that no rule knows, that
    are no running text and no sentence with a full stop; the known one where there is none, else such a sentence. One that other
    pages tease stays above it: a lead without a full stop is longer than its headline.

    Args:
        text: the document's.
        page: its paragraphs.
        values: what they count for, below 0 in lines that are no running text.
        first: the first paragraph of the main block.
        headline: the paragraph that is known to be the headline, or None.
        teased: whether it is known by other pages that tease it.
    """
    reach = range(max(0, first - _REACH), first)
    found = {index for index in reach if page.rules[index] in OF_ARTICLE}
    line_of = partial(_line, text, page)
    headed = (_over(page, values, line_of, index) for index in sorted(found, reverse=True))
    over = next((line for line in headed if line is not None), None)
    lines = [index for index in reach if _may_head(page, values, line_of, index)]
    titles = [index for index in lines if not stops.ENDS_FULLY.search(line_of(index))]
    if over is not None:
        found.add(over)
    elif headline is not None and not titles:
        found.add(headline)
    elif lines:
        found.add(max(titles or lines, key=lambda index: (min(_ENOUGH, page.paragraphs[index].size), index)))
    if teased and headline is not None and first - FAR <= headline < first:
        found.add(headline)
    if found:
        found |= {
            i
            for i in range(min(found), first)
            if page.rules[i] is None
            and not page.stamps[i]
            and page.paragraphs[i].size >= (endings.SENTENCE if page.paragraphs[i].sentence else _LEAD_SIZE)
        }
    return found


def _over(page: Page, values: Sequence[float], line_of: Callable[[int], str], index: int) -> int | None:
    """The line right above by-line, date and address, of which the last is given, if it may be the headline; a rule is no line.

    It is longer than a name is, or the name of a part of the site, and no sentence with a full stop.
    """
    top = index + 1
    while top and (not page.paragraphs[top - 1].count or page.rules[top - 1] in OF_ARTICLE or _ADDRESS.search(line_of(top - 1))):
        top -= 1
    if not 0 < top <= index or page.paragraphs[top - 1].count < _OVER or stops.ENDS_FULLY.search(line_of(top - 1)):
        return None
    return top - 1 if _may_head(page, values, line_of, top - 1, shortest=0) else None


def _line(text: str, page: Page, index: int) -> str:
    return shown(text[page.paragraphs[index].start : page.paragraphs[index].end])


def _may_head(
    page: Page, values: Sequence[float], line_of: Callable[[int], str], index: int, *, shortest: float = SIZE[0]
) -> bool:
    return (
        values[index] < 0
        and page.rules[index] is None
        and not page.stamps[index]
        and not page.paragraphs[index].good
        and shortest <= page.paragraphs[index].size <= SIZE[1]
        and _ADDRESS.search(line_of(index)) is None
    )


def above(table: Collection[int], first: int) -> int:
    """Where the table of contents begins that stands right above a paragraph; that paragraph where none does."""
    for entry in sorted((entry for entry in table if entry < first), reverse=True):
        if first - entry > _REACH:
            break
        first = entry
    return first
