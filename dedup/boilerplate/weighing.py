"""What each paragraph of a whole page counts for in the search for its main block: its words, or against these.

Running text counts its words, lines without it count against, and lines that a rule knows as furniture count against by how
rarely the article goes on behind their kind. What a line is hangs on what stands above it: a date below an article begins a
comment, one above is the article's own.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import endings, stamps, teasers, threads, writers
from dedup.boilerplate.names import CAPTION, DATE, LINK, OF_ARTICLE, RELATED, STAMP
from dedup.model import GOOD_SIZE
from dedup.text import contents, sentences, stops
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping, Sequence

    from dedup.boilerplate.page import Page
    from dedup.model import Paragraph

_CAP = 60  # words: the most that one paragraph counts for; a comment or a legal notice in one lump shall not outweigh an article
_DENSE = 25  # words from which lines that end in no full stop are running text, when they have stops within
_STOP_EVERY = 60  # words: running text has a stop at least that often, menus glued to one line have none
_SHORT = 6  # words that a line which is no running text counts against
_LONG_LIST = 3  # lines of a run that count so; a list is hardly more of a border for being longer
_IN_LIST = 0.1  # words that each further one counts
_STAMP_REACH = 3  # paragraphs under a stamp within which a comment begins
_COMMENTED = 2  # comment stamps written one way that make what stands before them the article

# Words that a line of furniture counts against, by the first part of its rule's name: the more, the more rarely the article goes
# on. Of 100 gaps with such a line, running text of the article follows 1 to 7 with legal lines, menus, pagers, share bars, tags
# and comments' stamps (but what follows these is prose), 14 where readers shall subscribe, 20 to 30 with lines that the site's
# pages share and headings, 30 to 50 with "read more" and what is merely frequent in the corpus, 50 to 80 with advertisement
# marks, players and links to other stories amid the text. What follows a form or a legal line is prose, too (terms, offers), and
# what lies under a heading of other stories is long. Share bars and tags stand behind each entry of a long list: as legal lines
# they emptied such pages.
_COMMENT = 150
_WEIGHTS = {
    "legal": 150, "subscribe": 150, "navigation": 75, "cookie": 75, "pager": 75, "comment": _COMMENT,
    "section": 30, "share": 30, "heading": 18, "advert": 12, "corpus": 3, "media": 3, "related": 3,
}  # fmt: skip
_OTHER_FURNITURE = 12
_DATED = 18  # a by-line or date behind running text begins a teaser, a comment or a note on the writer
_ON_WRITER = 40  # words that a note on the writer, or a single date, counts against: the article may be over

_SMILE = re.compile(r"(?:[:;=]['-]?[()DPp]|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)\s*\Z")  # in place of a full stop
_STOP = re.compile(rf"[{stops.FULL}{stops.ASKING};፨]|(?<=[{sentences.COLON_STOPS}]):")


class _Role(Enum):
    """What a paragraph is on its page."""

    FURNITURE = auto()  # a rule cuts it
    COMMENT = auto()  # it stamps what follows, below an article
    STAMP = auto()  # the same, above one
    CONTENTS = auto()  # an entry of a table of contents, or nothing to read
    TEASER = auto()
    NOTE = auto()  # on the writer, below an article
    TEXT = auto()
    DATED = auto()  # a by-line or a date, below an article
    OTHER = auto()


_COUNTS = {
    _Role.COMMENT: -_COMMENT,
    _Role.STAMP: -_SHORT,
    _Role.CONTENTS: 0,
    _Role.TEASER: -_SHORT,
    _Role.NOTE: -_ON_WRITER,
    _Role.DATED: -_DATED,
}
"""What paragraphs count for that count the same whatever they say."""


class Weighed(NamedTuple):
    """What the paragraphs of a page count for, and what they are known as by that.

    Attributes:
        values: per paragraph the words that it counts for; above 0 in running text only.
        running: per paragraph whether it is running text.
        comments: the paragraphs that stamp readers' comments, in order.
        notes: those that tell of the article's writer and are none of the article, with the lines that head them.
        table: the entries of tables of contents, each with the heading that it names.
        marks: the lines beside the posts of a page that is a thread, in order; else none.
    """

    values: list[float]
    running: list[bool]
    comments: list[int]
    notes: set[int]
    table: dict[int, int]
    marks: list[int]


class _Seen(NamedTuple):
    """What a page's paragraphs are by their look: see `_role`."""

    running: Sequence[bool]
    table: Mapping[int, int]
    glued: Collection[int]
    teased: Collection[int]
    notes: Collection[int]


def weigh(text: str, page: Page, article: int) -> Weighed:
    """Weigh the paragraphs of a page.

    Args:
        text: the document's.
        page: its paragraphs, what of them is cut already, and by which rule.
        article: words of running text that make an article; what stands below so much is seen as what follows one.
    """
    running = _running(text, page)
    table = contents.entries(page.paragraphs, running)
    on_writer = writers.notes(text, page.paragraphs, page.rules, running, article)
    glued = teasers.glued_rows(text, page.paragraphs, running)
    seen = _Seen(running, table, glued, _teased(page, running), on_writer.likely)
    roles = _roles(text, page, seen, article)
    values = _values(page, roles, teasers.boxed(page.rules, page.cut, running))

    comments = [index for index, role in enumerate(roles) if role is _Role.COMMENT]
    marks = _marks(text, page, running, article)
    if marks:
        values = _of_thread(page, running, range(marks[0], marks[-1] + 1), values, comments)
        return Weighed(values, running, [], set(), table, marks)
    dates = [index for index in comments if page.rules[index] != STAMP]
    if len(dates) == 1:
        values[dates[0]] = -_ON_WRITER  # one date may be the article's, or an event's
    told = (index for index, role in enumerate(roles) if role is _Role.NOTE)
    notes = {line for note in told for line in (*writers.headed(page.paragraphs, note), note)} & on_writer.sure
    return Weighed(values, running, comments if _alike(page, comments) else [], notes, table, [])


def kind(rule: str | None) -> str:
    """The first part of a rule's name; "" for no rule."""
    return (rule or "").partition(".")[0]


def is_own(text: str, page: Page, index: int) -> bool:
    """Whether no rule knows a paragraph, and it stamps nothing; a sentence may name a day."""
    stamp = page.stamps[index] and (not page.paragraphs[index].sentence or stamps.is_stamp(text, page, index))
    return page.rules[index] is None and not page.cut[index] and not stamp


def _roles(text: str, page: Page, seen: _Seen, article: int) -> list[_Role]:
    """What each paragraph is."""
    roles: list[_Role] = []
    words = 0.0
    for index, paragraph in enumerate(page.paragraphs):
        role = _role(text, page, seen, index, below=words >= article)
        words += _worth(paragraph) if role is _Role.TEXT else 0
        roles.append(role)
    return roles


def _role(text: str, page: Page, seen: _Seen, index: int, *, below: bool) -> _Role:
    """What a paragraph is that stands `below` an article, or not; the first that holds."""
    role = _Role.OTHER
    if page.cut[index]:
        role = _Role.FURNITURE
    elif _stamps(text, page, seen.running, index):
        role = _Role.COMMENT if below else _Role.STAMP  # above, it is the article's own: its lead may stand above it
    elif not page.paragraphs[index].size or index in seen.table:
        role = _Role.CONTENTS
    elif index in seen.glued or (index in seen.teased and not below):
        role = _Role.TEASER
    elif index in seen.notes and below:
        role = _Role.NOTE
    elif seen.running[index]:
        role = _Role.TEXT
    elif below and _is_dated(text, page, index):
        role = _Role.DATED
    return role


def _values(page: Page, roles: Sequence[_Role], boxed: Collection[int]) -> list[float]:
    """What each paragraph counts for; a box (its lines are `boxed`) amid an article is no more of a border than a link."""
    values: list[float] = []
    others = 0  # lines without running text, since the last of it
    for index, (paragraph, role) in enumerate(zip(page.paragraphs, roles, strict=True)):
        if role is _Role.FURNITURE:
            values.append(-_WEIGHTS.get(kind(LINK if index in boxed else page.rules[index]), _OTHER_FURNITURE))
        elif role is _Role.TEXT:
            values.append(_worth(paragraph))
        elif role is _Role.OTHER:
            values.append(-_SHORT if others < _LONG_LIST else -_IN_LIST)
        else:
            values.append(_COUNTS[role])
        if role is _Role.OTHER:
            others += 1
        elif role in {_Role.TEXT, _Role.COMMENT}:
            others = 0
    return values


def _marks(text: str, page: Page, running: Sequence[bool], article: int) -> list[int]:
    """The lines beside the posts of a thread; see `threads.marks`."""
    found = [index for index in range(len(running)) if not page.cut[index] and _stamps(text, page, running, index)]
    above = [0.0, *accumulate(p.size if runs else 0.0 for p, runs in zip(page.paragraphs, running, strict=True))]
    return threads.marks(text, page, found, above, article)


def _of_thread(
    page: Page, running: Sequence[bool], thread: range, values: Sequence[float], comments: Container[int]
) -> list[float]:
    """What each paragraph of a page counts for that is a thread: between posts stand a site's buttons, and no border.

    No post is a comment, nor is what stands behind the last line beside one.
    """
    found = list(values)
    for index, paragraph in enumerate(page.paragraphs):
        if index in thread:
            found[index] = _worth(paragraph) if running[index] else -_IN_LIST
        elif index in comments:
            found[index] = -_SHORT
    return found


def _worth(paragraph: Paragraph) -> float:
    """The words that a paragraph of running text counts for."""
    return min(paragraph.size, _CAP)


def _alike(page: Page, comments: Sequence[int]) -> bool:
    """Whether stamps are those of readers' comments: a site writes all of its stamps one way.

    "2 hours ago" in a menu and the date under the headline are two ways.
    """
    phrases = sum(page.rules[index] == STAMP for index in comments)
    return max(phrases, len(comments) - phrases) >= _COMMENTED


def _running(text: str, page: Page) -> list[bool]:
    """Which paragraphs are running text."""
    running: list[bool] = []
    for index in range(len(page.paragraphs)):
        running.append(_is_running(text, page, index, follows=bool(running) and running[-1]))
    return running


def _teased(page: Page, running: Sequence[bool]) -> set[int]:
    """The running text right under a heading of teasers: an article has its headline between."""
    found: set[int] = set()
    for index, runs in enumerate(running):
        if runs and index and (page.rules[index - 1] == RELATED or index - 1 in found):
            found.add(index)
    return found


def _is_running(text: str, page: Page, index: int, *, follows: bool) -> bool:
    """Whether a paragraph is running text: twelve words that end as a sentence, or more with stops within.

    What is cut off is a teaser, but not where as much as a paragraph `follows` running text: teasers have titles.
    """
    paragraph = page.paragraphs[index]
    if (
        page.cut[index]
        or page.rules[index] == CAPTION
        or paragraph.size < GOOD_SIZE
        or ((paragraph.size < _DENSE or not follows) and endings.is_cut_off(text, paragraph))
    ):
        return False
    if paragraph.sentence or _SMILE.search(text, max(paragraph.start, paragraph.end - 4), paragraph.end):
        return True
    if paragraph.size < _DENSE:
        return False
    stops = sum(1 for _ in _STOP.finditer(shown(text[paragraph.start : paragraph.end])))
    return stops * _STOP_EVERY >= paragraph.size


def _stamps(text: str, page: Page, running: Sequence[bool], index: int) -> bool:
    """Whether a paragraph stamps the running text close below it."""
    return any(running[index + 1 : index + 1 + _STAMP_REACH]) and stamps.is_stamp(text, page, index)


def _is_dated(text: str, page: Page, index: int) -> bool:
    """Whether a paragraph is a by-line or a date; a date without year or time may be a number of a table."""
    rule = page.rules[index]
    return rule in OF_ARTICLE and (rule != DATE or stamps.is_stamp(text, page, index))
