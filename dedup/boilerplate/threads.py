"""Threads: pages of posts, known by the lines that forums write beside them, or by one of these and stamps written one way.

Lists of dated entries (news, journals, archives) are made alike, and known by their dates alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from dedup.boilerplate import stamps as stamp_lines
from dedup.boilerplate.names import COMMENTS, FORUM, STAMP, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.boilerplate.page import Page

_LINES = 3  # lines of a forum's that make one of a page; a comment below an article may have "Member since 2011", too
_ABOVE = 0.5  # of the page's running text: where more stands above the first such line, it is an article, and comments follow
_POSTS = 4  # stamps written one way that do with one such line, if what they stamp begins the page
_NUMBERS = 2  # of such a stamp
_ENTRIES = 4  # dates written one way that begin the entries of a list
_EVEN = 3  # times the median of them: no entry is longer; an article is so beside the teasers below it, or has short comments
_ODD = 20  # entries of which one may be
_NUMBER = re.compile(r"(?<![^\W\d])\d+")  # letters and digits in one word are a name
_LETTERS = re.compile(r"[^\W\d_]+")


def is_forum(rules: Iterable[str | None]) -> bool:
    """Whether lines known by these rules are those of a forum, or of questions and answers: their posts are the content."""
    return sum(rule == FORUM for rule in rules) >= _LINES


def marks(text: str, page: Page, stamps: Sequence[int], above: Sequence[float], article: int) -> list[int]:
    """The lines beside the posts of a thread, in order; empty for a page that is none.

    A site stamps its articles in another way than the comments below them; the posts of a thread are all made by one template,
    the first one, too. So are the entries of a list that have dates.

    Args:
        text: the document's.
        page: its paragraphs.
        stamps: those that say when the running text below them was written, in order.
        above: per paragraph the words of running text above it, and at last those of the page.
        article: words of running text above the first post of a thread that only its stamps tell, at the most.
    """
    lines = [index for index, rule in enumerate(page.rules) if rule == FORUM]
    if not lines:
        return _of_entries(text, page, stamps, above, article)
    if above[lines[0]] > _ABOVE * above[-1]:
        return []
    if len(lines) >= _LINES:
        return sorted({*lines, *stamps})
    of_posts = _of_posts(text, page, stamps, above, article)
    return sorted({*lines, *of_posts}) if of_posts else []


def _of_posts(text: str, page: Page, stamps: Sequence[int], above: Sequence[float], article: int) -> list[int]:
    """The stamps written one way of which the first stands above the page's text; empty when there are none."""
    for shape, found in _alike(text, page, stamps):
        if shape.count("#") < _NUMBERS or len(found) < _POSTS or above[found[0]] >= article:
            continue
        if not any(page.rules[index] == COMMENTS for index in range(found[0], found[1])):
            return found
    return []


def _of_entries(text: str, page: Page, stamps: Sequence[int], above: Sequence[float], article: int) -> list[int]:
    """The dates of a list of entries, of which the first stands above the page's text; empty when there are none.

    They have no time of day and stand above texts of about one length, without any line of a comment's between them.
    """
    for _, found in _alike(text, page, [index for index in stamps if not _tells_time(text, page, index)]):
        if len(found) < _ENTRIES or above[found[0]] >= article:
            continue
        if not _even([above[end] - above[start] for start, end in pairwise(found)]):
            continue
        if not any(page.rules[index] in {COMMENTS, STAMP, TOOLS} for index in range(found[0], found[-1])):
            return found
    return []


def _even(sizes: Sequence[float]) -> bool:
    """Whether texts are of about one length: the first two, of which an article may be one, and all but one in twenty.

    Where the date between two entries was cut, they look like one.
    """
    ordered = sorted(sizes)
    return max(*sizes[:2], ordered[-1 - len(sizes) // _ODD]) <= _EVEN * ordered[len(sizes) // 2]


def _alike(text: str, page: Page, stamps: Iterable[int]) -> Iterator[tuple[str, list[int]]]:
    """The stamps that are written one way, and how."""
    found: dict[str, list[int]] = defaultdict(list)
    for index in stamps:
        found[_shape(text[page.paragraphs[index].start : page.paragraphs[index].end])].append(index)
    yield from found.items()


def _tells_time(text: str, page: Page, index: int) -> bool:
    """Whether a stamp has a time of day, as comments' have, or is known as one of these by its phrase."""
    paragraph = page.paragraphs[index]
    return page.rules[index] == STAMP or stamp_lines.TIME.search(text, paragraph.start, paragraph.end) is not None


def _shape(line: str) -> str:
    """How a line is written from its first number to its last: "Ada, 7 June at 10:25 pm" is "# a a #:#"."""
    numbers = list(_NUMBER.finditer(line))
    if not numbers:
        return ""
    written = _NUMBER.sub("#", line[numbers[0].start() : numbers[-1].end()])
    return " ".join(_LETTERS.sub("a", written).split())
