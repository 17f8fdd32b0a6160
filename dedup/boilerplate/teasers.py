"""Teasers by their shape: titles glued to what they lead to, as a link around both becomes plain text; boxes in an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.boilerplate.names import RELATED
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Paragraph

SECTION = "section.related"
"""The rule of what stands under a heading of other stories."""
IN_BOX = 3
"""Titles of a box amid an article, at the most; lists below one are longer, or what follows them is no running text."""

_MANY = 4  # of them that are no chance, wherever they stand
_REACH = 160  # characters within which the title ends
_TITLE = (4, 20)  # words
_LONG = 4  # letters of a word that titles write with a capital
_CAPITALS = 0.75  # of these words
_AFTER = 3  # words behind the first one of a sentence, of which all but one begin with small letters
# "Cranes sold in the HarbourThe ferry …"
_GLUE = re.compile(r"[^\W_]+[?!’']?(?<=[^\W_A-Z]|[?!’'])(?=[^\W\d_a-z][\w’']* )")  # noqa: RUF001 (the apostrophe)
_STOP = re.compile(r"[.!?] ")


def glued_rows(text: str, paragraphs: Sequence[Paragraph], running: Sequence[bool]) -> set[int]:
    """The paragraphs of running text that are a title with its teaser glued to it, two or more in a row, or many on the page.

    One alone may be a sentence with a name like "MacBook" in it.

    Args:
        text: the document's.
        paragraphs: its paragraphs.
        running: per paragraph whether it is running text.
    """
    lines = (shown(text[p.start : p.end]) if runs else "" for p, runs in zip(paragraphs, running, strict=True))
    glued = [_is_glued(line[:_REACH]) for line in lines]
    if sum(glued) >= _MANY:
        return {i for i, it in enumerate(glued) if it}
    return {i for i, it in enumerate(glued) if it and any(glued[max(0, i - 1) : i] + glued[i + 1 : i + 2])}


def boxed(rules: Sequence[str | None], cut: Sequence[bool], running: Sequence[bool]) -> set[int]:
    """The lines of boxes amid an article: a heading of other stories and a few titles, right between running text.

    Args:
        rules: per paragraph the rule that knows it, or None.
        cut: per paragraph whether that rule cuts it.
        running: per paragraph whether it is running text.
    """
    found: set[int] = set()
    for index in range(1, len(rules)):
        if rules[index] == RELATED and cut[index] and running[index - 1]:
            end = index + 1
            while end < len(rules) and cut[end] and rules[end] == SECTION:
                end += 1
            if 1 < end - index <= 1 + IN_BOX and end < len(rules) and running[end]:
                found.update(range(index, end))
    return found


def _is_glued(line: str) -> bool:
    for glue in _GLUE.finditer(line):
        title, rest = line[: glue.end()], line[glue.end() :]
        after = rest.split()[1 : 1 + _AFTER]
        if rest[0].isupper() and sum(word[0].islower() for word in after) >= _AFTER - 1 and _is_title(title):
            return True
    return False


def _is_title(line: str) -> bool:
    """Whether words are written as those of English titles, and are no sentence."""
    words = line.split()
    if not _TITLE[0] <= len(words) <= _TITLE[1] or _STOP.search(line):
        return False
    long = [word for word in words if len(word) >= _LONG and word[0].isalpha()]
    return bool(long) and sum(word[0].isupper() for word in long) >= _CAPITALS * len(long)
