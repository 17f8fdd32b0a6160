"""Lines on many pages of a site that are a part of each one's text: labels between its paragraphs, rows of tables, lists.

The pages of a series are made to one pattern: the signs of a horoscope, the questions of an interview, the parts of a judgment,
the clubs of a league with other numbers each week, salt and pepper among what goes into a soup. By count alone they are
furniture; by where they stand they are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.model import GOOD_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Paragraph

_LABELS = 2  # labels of which a text is made; one line between paragraphs may ask for subscribers
_ROWS = 4  # rows of a table; an address has fewer
_NUMBERS = 2  # numbers of such a row,
_OF_NUMBERS = 0.5  # and so many of its words
_LISTED = 3  # lines of a list that only this page has,
_OF_LIST = 1 / 3  # and so many of all of its lines
_HEADS = 4  # lines between the text and its table: its name, its columns, how many came to see


def of_text(
    paragraphs: Sequence[Paragraph], rules: Sequence[str | None], known: Sequence[bool], headline: int | None
) -> set[int]:
    """The paragraphs that are known by count and are the text's own, where they stand.

    A label is a short line right between two lines of the page's own, the second a sentence; or right under the headline, where
    others follow. A table is rows of words and numbers, below the page's own text. A list is short lines amid it, of which enough
    are the page's own.

    Args:
        paragraphs: of one document.
        rules: per paragraph the phrase rule that knows it, or None.
        known: per paragraph whether it is known by count.
        headline: the paragraph that is the headline, or None.

    Returns:
        Indices of known paragraphs that no phrase takes; empty where none are known.
    """
    if not any(counted and rule is None for rule, counted in zip(rules, known, strict=True)):
        return set()  # as in most texts: a line that a phrase takes, too, is no part of a table, and no label
    own = [p.size > 0 and rule is None and not counted for p, rule, counted in zip(paragraphs, rules, known, strict=True)]
    if headline is not None:
        own[headline] = True
    labels, tables = _labels(paragraphs, rules, own, headline), _tables(paragraphs, rules, known, own)
    return labels | tables | _lists(paragraphs, rules, own, headline)


def _labels(paragraphs: Sequence[Paragraph], rules: Sequence[str | None], own: Sequence[bool], headline: int | None) -> set[int]:
    found = {
        i
        for i in range(1, len(paragraphs) - 1)
        if not own[i]
        and rules[i] is None
        and paragraphs[i].size < GOOD_SIZE
        and _has_words(paragraphs[i])
        and own[i - 1]
        and own[i + 1]
        and paragraphs[i + 1].says
    }
    within = {i for i in found if i - 1 != headline}
    return found if len({paragraphs[i].key for i in within}) >= _LABELS else set()


def _tables(paragraphs: Sequence[Paragraph], rules: Sequence[str | None], known: Sequence[bool], own: Sequence[bool]) -> set[int]:
    found: set[int] = set()
    rows = [rule is None and _is_row(paragraph) for paragraph, rule in zip(paragraphs, rules, strict=True)]
    if sum(rows) < _ROWS:
        return found
    above, run = 0, 0  # where the lines below the page's own text begin, and the rows that end here
    for index, row in enumerate([*rows, False]):
        if not row and run >= _ROWS and above > 0 and index - run - above <= _HEADS:
            found.update(i for i in range(above, index) if known[i])
            above = index
        if index < len(paragraphs) and rules[index] is not None:
            above = 0
        run = run + 1 if row else 0
        if index < len(paragraphs) and own[index] and not row:
            above = index + 1
    return found


def _lists(paragraphs: Sequence[Paragraph], rules: Sequence[str | None], own: Sequence[bool], headline: int | None) -> set[int]:
    found: set[int] = set()
    start: int | None = None  # the first line below headline or sentence of the page's own, where only short lines follow
    for index, paragraph in enumerate(paragraphs):
        if index == headline or (own[index] and paragraph.says):
            if start is not None and index != headline:
                mine = sum(own[start:index])
                if mine >= max(_LISTED, _OF_LIST * (index - start)):
                    found.update(i for i in range(start, index) if not own[i])
            start = index + 1
        elif rules[index] is not None or paragraph.says:
            start = None
    return found


def _is_row(paragraph: Paragraph) -> bool:
    """Whether a line has several numbers, and words beside them, not many: "2 of 9" ends the title of a picture, too."""
    if paragraph.sentence:
        return False
    numbers = paragraph.numbered.count("#")
    return numbers >= _NUMBERS and numbers >= _OF_NUMBERS * paragraph.count and _has_words(paragraph)


def _has_words(paragraph: Paragraph) -> bool:
    """Whether a line says anything but numbers."""
    return bool(paragraph.numbered.strip("# "))
