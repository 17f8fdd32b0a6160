"""Listings: pages without an article but a list of them, of episodes or goods, known by entries that are made one way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import groupby, pairwise
from operator import itemgetter
from statistics import median, median_low
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import endings, stamps
from dedup.boilerplate.names import BYLINE, DATE
from dedup.model import GOOD_SIZE, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dedup.boilerplate.page import Page

_ENTRIES = 5  # of a list, at the least
_REACH = 12  # lines between two of its entries' marks, at the most
_MARK_SIZE = 12  # words of a mark
_TITLE_SIZE = 3
_LONG = 25  # words from which a line is no title, though it ends as no sentence: goods named by all they can do
_EVEN = 0.6  # of the distances between marks that are the same but for a line: entries lack one part or another
_EVEN_TEXTS = 0.7  # the same of texts, which any page has
_HELD = 0.8  # of the entries' running text, which is a block without the list: then it is a text with headings
_LONGEST = 3  # times an entry's usual words, what the longest one has: the article among its related stories has more
_OUTER = 2, 1  # times these, and paragraphs above their number, of the first and last one: they may be an article above or below
_TEASER = 50  # words of an entry's text where nothing but its title marks it; parts of an article under headings are longer
_EXCERPT = 140  # the same where date, writer or price mark it, too
_IN_A_ROW = 4  # paragraphs of an entry's text
_LED = 15, 3  # entries below a paragraph that leads in, and times its words that they have: an article has one, or more text
_ALIKE = 0.5  # of the entries that stand as the first or last one does, for a line to belong to that

_TEXT, _PRICE = "text", "price"
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[^\x00-\x7f\s])*")  # vowel signs are no letters
_WORDS = re.compile(r"a(?: a)+")


class Listing(NamedTuple):
    """A list that is a page's content.

    Attributes:
        start: its first paragraph.
        end: one past its last.
        entries: how many marks the longest row of entries has.
    """

    start: int
    end: int
    entries: int

    def evidence(self, page: Page) -> dict[str, object]:
        """What a finding tells of the list: its place in the text, and its entries."""
        place = Span(page.paragraphs[self.start].start, page.paragraphs[self.end - 1].end)
        return {"listing": place, "entries": self.entries}


class _Line(NamedTuple):
    """A line that no rule cuts.

    Attributes:
        paragraph: its index.
        size: its words.
        running: whether it is running text.
        titles: whether it may be an entry's title.
        marks: what it may mark an entry by.
    """

    paragraph: int
    size: float
    running: bool
    titles: bool
    marks: frozenset[str]


class _Row(NamedTuple):
    """Entries in rhythm: what marks them, and the first and last line of each mark."""

    mark: str
    places: list[tuple[int, int]]

    @property
    def start(self) -> int:
        return self.places[0][0]

    @property
    def end(self) -> int:
        return self.places[-1][1] + 1


def find(text: str, page: Page, running: Sequence[bool], blocks: Sequence[tuple[int, int]], article: float) -> Listing | None:
    """Find the list that is the content of a page without an article.

    Its entries are five or more, made by one template: lines of one shape (dates, prices, counts) or short texts come again after
    as many lines, with a title between. No entry's text is much longer than others', no running text worth an article stands
    above the list, and less than the list has outside of it; where nothing has a price, none worth an article below it either:
    shops tell of their goods below these. One paragraph alone may lead in to fifteen entries with three times its words. Where
    blocks of running text hold nearly all that entries say, the page needs no list.

    Args:
        text: the document's.
        page: its paragraphs, what of them is cut already, and by which rule.
        running: per paragraph whether it is running text.
        blocks: where the page's main blocks begin and end.
        article: words of running text that make an article.
    """
    lines = _lines(text, page, running)
    rows = _rows(lines)
    if not rows:
        return None
    start, end = _longest(lines, rows)
    within = [row for row in rows if start <= row.start and row.end <= end]
    first = min(within, key=lambda row: row.start)
    last = max(within, key=lambda row: row.end)
    start -= _more(lines, [place[0] for place in first.places], -1)
    end += _more(lines, [place[1] for place in reversed(last.places)], 1)
    if not _is_listing(lines, within, range(start, end), blocks, article):
        return None
    return Listing(lines[start].paragraph, lines[end - 1].paragraph + 1, _entries(within))


def _lines(text: str, page: Page, running: Sequence[bool]) -> list[_Line]:
    return [_line(text, page, i, running[i]) for i, p in enumerate(page.paragraphs) if p.count and not page.cut[i]]


def _line(text: str, page: Page, index: int, running: bool) -> _Line:
    paragraph = page.paragraphs[index]
    size = paragraph.size
    if running or size >= _LONG or (size >= GOOD_SIZE and endings.is_cut_off(text, paragraph)):
        return _Line(index, size, running, False, frozenset([_TEXT]))
    if size > _MARK_SIZE:
        return _Line(index, size, running, True, frozenset())
    written = text[paragraph.start : paragraph.end]
    marks = {shape} if (shape := _shape(written)) else set()
    if marks and stamps.is_amount(written):
        marks.add(_PRICE)
    rule = DATE if page.stamps[index] else page.rules[index]
    if rule in {DATE, BYLINE}:
        marks.add(rule)
    return _Line(index, size, running, size >= _TITLE_SIZE and rule not in {DATE, BYLINE}, frozenset(marks))


def _shape(line: str) -> str:
    """How a line with numbers is written: "46m - Dec 15, 2025" is "#a - a #, #"; "" without numbers."""
    if not _NUMBER.search(line):
        return ""
    return _WORDS.sub("a", " ".join(_WORD.sub("a", _NUMBER.sub("#", line)).split()))


def _rows(lines: Sequence[_Line]) -> list[_Row]:
    """The rows of entries in rhythm, in order of their marks."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, line in enumerate(lines):
        for mark in line.marks:
            if mark == _TEXT and places[mark] and places[mark][-1][1] == at - 1:
                places[mark][-1] = places[mark][-1][0], at
            else:
                places[mark].append((at, at))
    found: list[_Row] = []
    for mark in sorted(places):
        row: list[tuple[int, int]] = []
        for place in places[mark]:
            if row and not _goes_on(lines, mark, row[-1][1] + 1, place[0]):
                found.append(_Row(mark, row))
                row = []
            row.append(place)
        found.append(_Row(mark, row))
    return [row for row in found if len(row.places) >= _ENTRIES and _is_even(row)]


def _goes_on(lines: Sequence[_Line], mark: str, start: int, end: int) -> bool:
    """Whether an entry stands between two marks: some lines, with a title, or a text where this is not the mark."""
    between = lines[start:end]
    return 0 < len(between) <= _REACH and any(line.titles or (mark != _TEXT and _TEXT in line.marks) for line in between)


def _is_even(row: _Row) -> bool:
    distances = [after[0] - before[0] for before, after in pairwise(row.places)]
    usual = median_low(distances)
    even = sum(abs(distance - usual) <= 1 for distance in distances)
    return even >= (_EVEN_TEXTS if row.mark == _TEXT else _EVEN) * len(distances)


def _longest(lines: Sequence[_Line], rows: Iterable[_Row]) -> tuple[int, int]:
    """The stretch of rows, each near the one before, that has the most words."""
    stretches: list[tuple[int, int]] = []
    for start, end in sorted((row.start, row.end) for row in rows):
        if stretches and start <= stretches[-1][1] + _REACH:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], end)
        else:
            stretches.append((start, end))
    return max(stretches, key=lambda stretch: sum(line.size for line in lines[stretch[0] : stretch[1]]))


def _is_listing(
    lines: Sequence[_Line], rows: Sequence[_Row], stretch: range, blocks: Sequence[tuple[int, int]], article: float
) -> bool:
    """Whether entries are alike, and what the page has."""
    groups = _running_groups(lines)
    words = {group[0]: sum(lines[at].size for at in group) for group in groups}
    texts = [group for group in groups if group[0] in stretch]
    if not _are_alike(rows, [(len(group), words[group[0]]) for group in texts], article):
        return False
    in_blocks = {index for first, end in blocks for index in range(first, end)}
    held = sum(words[group[0]] for group in texts if lines[group[0]].paragraph in in_blocks)
    if 2 * len(texts) >= _entries(rows) and held >= _HELD * sum(words[group[0]] for group in texts):
        return False
    return _is_all(lines, rows, stretch, [group for group in groups if group[0] not in stretch], article)


def _is_all(
    lines: Sequence[_Line], rows: Sequence[_Row], stretch: range, others: Sequence[Sequence[int]], article: float
) -> bool:
    """Whether the page has no article outside of the stretch, where its `others` stand, the lines of running text."""
    words = [sum(lines[at].size for at in group) for group in others]
    listed, outside = sum(lines[at].size for at in stretch), sum(words)
    long = [group for group, count in zip(others, words, strict=True) if count >= article]
    if [len(group) for group in long] == [1] and _entries(rows) >= _LED[0] and listed >= _LED[1] * outside:
        return True
    priced = any(row.mark == _PRICE for row in rows)
    return outside < listed and all(priced and group[0] >= stretch.stop for group in long)


def _are_alike(rows: Sequence[_Row], texts: Sequence[tuple[int, float]], article: float) -> bool:
    """Whether no entry's text, of which paragraphs and words are given, is much longer than the others', nor any too long."""
    marked = max((len(row.places) for row in rows if row.mark != _TEXT), default=0)
    told = bool(texts) and 2 * len(texts) >= _entries(rows)
    paragraphs = median(count for count, _ in texts) if told else 0
    usual = median(words for _, words in texts) if told else 0.0
    if usual > (_EXCERPT if 2 * marked >= len(texts) else _TEASER):
        return False
    outer = (texts[0], texts[-1]) if told else ()
    if any(words > max(article, _OUTER[0] * usual) or count > paragraphs + _OUTER[1] for count, words in outer):
        return False
    return all(count <= _IN_A_ROW and words <= max(article, _LONGEST * usual) for count, words in texts)


def _entries(rows: Sequence[_Row]) -> int:
    return max(len(row.places) for row in rows)


def _running_groups(lines: Sequence[_Line]) -> list[list[int]]:
    """The lines of running text, those in a row together."""
    numbered = groupby(enumerate(line.running for line in lines), key=itemgetter(1))
    return [[at for at, _ in group] for runs, group in numbered if runs]


def _more(lines: Sequence[_Line], places: Sequence[int], step: int) -> int:
    """How many lines before (`step` -1) or behind (1) the first of some marks belong to its entry, as they do to most others'."""
    usual = median_low([abs(after - before) for before, after in pairwise(places)])
    for more in range(1, usual):
        at = places[0] + more * step
        if not 0 <= at < len(lines):
            return more - 1
        looks = Counter(_look(lines[place + more * step]) for place in places[1:] if 0 <= place + more * step < len(lines))
        if looks[_look(lines[at])] < _ALIKE * looks.total():
            return more - 1
    return max(0, usual - 1)


def _look(line: _Line) -> tuple[bool, Collection[str]]:
    return line.titles, line.marks
