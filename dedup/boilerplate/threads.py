"""Threads: pages of posts, known by the lines that forums write beside them, or by one of these and stamps written one way."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dedup.boilerplate.names import COMMENTS, FORUM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedup.boilerplate.page import Page

_LINES = 3  # lines of a forum's that make one of a page; a comment below an article may have "Member since 2011", too
_ABOVE = 0.5  # of the page's running text: where more stands above the first such line, it is an article, and comments follow
_POSTS = 4  # stamps written one way that do with one such line, if what they stamp begins the page
_NUMBERS = 2  # of such a stamp
_NUMBER = re.compile(r"(?<![^\W\d])\d+")  # letters and digits in one word are a name
_LETTERS = re.compile(r"[^\W\d_]+")


def is_forum(rules: Iterable[str | None]) -> bool:
    """Whether lines known by these rules are those of a forum, or of questions and answers: their posts are the content."""
    return sum(rule == FORUM for rule in rules) >= _LINES


def marks(text: str, page: Page, stamps: Sequence[int], above: Sequence[float], article: int) -> list[int]:
    """The lines beside the posts of a thread, in order; empty for a page that is none.

    A site stamps its articles in another way than the comments below them; the posts of a thread are all made by one template,
    the first one, too.

    Args:
        text: the document's.
        page: its paragraphs.
        stamps: those that say when the running text below them was written, in order.
        above: per paragraph the words of running text above it, and at last those of the page.
        article: words of running text above the first post of a thread that only its stamps tell, at the most.
    """
    lines = [index for index, rule in enumerate(page.rules) if rule == FORUM]
    if not lines or above[lines[0]] > _ABOVE * above[-1]:
        return []
    if len(lines) >= _LINES:
        return sorted({*lines, *stamps})
    of_posts = _of_posts(text, page, stamps, above, article)
    return sorted({*lines, *of_posts}) if of_posts else []


def _of_posts(text: str, page: Page, stamps: Sequence[int], above: Sequence[float], article: int) -> list[int]:
    """The stamps written one way of which the first stands above the page's text; empty when there are none."""
    alike: dict[str, list[int]] = defaultdict(list)
    for index in stamps:
        alike[_shape(text[page.paragraphs[index].start : page.paragraphs[index].end])].append(index)
    for shape, found in alike.items():
        if shape.count("#") < _NUMBERS or len(found) < _POSTS or above[found[0]] >= article:
            continue
        if not any(page.rules[index] == COMMENTS for index in range(found[0], found[1])):
            return found
    return []


def _shape(line: str) -> str:
    """How a line is written from its first number to its last: "Ada, 7 June at 10:25 pm" is "# a a #:#"."""
    numbers = list(_NUMBER.finditer(line))
    if not numbers:
        return ""
    written = _NUMBER.sub("#", line[numbers[0].start() : numbers[-1].end()])
    return " ".join(_LETTERS.sub("a", written).split())
