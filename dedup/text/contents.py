"""Tables of contents: lines in a row that come again in the same order, each above running text, as the headings of a text do."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.model import Paragraph

_LEAST = 3  # different entries: two lines may come again by chance
_LONGEST = 25  # words of a heading
_OFTEN = 5  # places of a line that is no heading: a page's tables name each once, at its top, its side and its end
_ABOVE_TEXT = 3  # paragraphs below a heading within which its text begins
_NUMBERS = "0123456789 "
_BETWEEN = 2  # other lines between two entries: numbers, what the page names otherwise


def entries(paragraphs: Sequence[Paragraph], running: Sequence[bool]) -> dict[int, int]:
    """The lines of tables of contents, each with the heading that it names.

    A menu has such lines, too, but not in the order of the text, and teasers lead to other texts. Time grows with the number
    of paragraphs.

    Args:
        paragraphs: of one document.
        running: per paragraph whether it is running text.

    Returns:
        Indices of the entries, with those of their headings, which stand behind the whole table; in order. Empty without one.
    """
    headings = _headings(paragraphs, running)
    found: dict[int, int] = {}
    index = 0
    while headings and index < len(paragraphs):
        table = _table(paragraphs, running, headings, index)
        if len({_said(paragraphs[entry]) for entry in table}) >= _LEAST:
            found.update(table)
        index = max(table, default=index) + 1
    return found


def _headings(paragraphs: Sequence[Paragraph], running: Sequence[bool]) -> Mapping[str, list[int]]:
    """By what they say, the lines under which running text begins and that come again, but not all over the page; in order."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for index, paragraph in enumerate(paragraphs):
        if not running[index] and 0 < paragraph.size <= _LONGEST:
            lines[_said(paragraph)].append(index)
    above = {
        said: [i for i in places if any(running[i + 1 : i + 1 + _ABOVE_TEXT])]
        for said, places in lines.items()
        if 1 < len(places) < _OFTEN
    }
    return {said: places for said, places in above.items() if places}


def _table(
    paragraphs: Sequence[Paragraph], running: Sequence[bool], headings: Mapping[str, list[int]], start: int
) -> dict[int, int]:
    """The lines in a row from a paragraph on that come again in their order; empty when it does not."""
    table: dict[int, int] = {}
    last, named = start, start
    for index in range(start, len(paragraphs)):
        if running[index] or index - last > _BETWEEN + 1 or (table and index >= table[start]):
            break
        places = headings.get(_said(paragraphs[index]), ())
        place = bisect_right(places, max(index, named))
        if place < len(places):
            last, named = index, places[place]
            table[index] = named
        elif not table:
            break
    return table


def _said(paragraph: Paragraph) -> str:
    """The words of a line without the numbers before them: "2. The harbour" and "The harbour" are one."""
    return paragraph.form.lstrip(_NUMBERS) or paragraph.form
