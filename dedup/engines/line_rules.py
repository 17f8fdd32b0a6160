"""What is known of a line by its text alone, whatever stands around it."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import arrows, captions, menus, names, persons, phrases, spoken
from dedup.model import Span
from dedup.text import links, paragraphs
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.model import Paragraph

_REMEMBERED = 1 << 13  # lines whose phrase is remembered: they come again in what is left of a text, and on a site's other pages
_SHORT = 1000  # characters of such a line, at most
_STEPS = 3  # lines with an arrow behind them, in a row: of instructions, or of a menu, and no links to other stories

_CHAPTER = re.compile(r"[\s#>*_]*\d{1,2}\\?[.)]\s+[*_]*[^\W\d]")
"""How a numbered heading or item begins, in Markdown too; a count has no full stop behind it."""

_DATE, _BYLINE, _STAMP, _CAPTION, _BUTTON, _MENU, _LINKS, _BACK, _ON, ADDRESS = (
    phrases.Match(rule, "", (), shape)
    for rule, shape in (
        (names.DATE, "date"),
        (names.BYLINE, "byline"),
        (names.STAMP, "stamp"),
        (names.CAPTION, "credit"),
        (names.CONTROL, "button"),
        (names.MENU, "menu"),
        (names.MENU, "links"),
        (names.PAGER, "arrow"),
        (names.LINK, "arrow"),
        (names.MENU, "address"),
    )
)


class Line(NamedTuple):
    """What is known of a line by its text alone: the phrase rule, and whether it stamps a comment."""

    match: phrases.Match | None
    stamp: bool


UNKNOWN = Line(None, stamp=False)
_LISTED = Line(ADDRESS, stamp=False)


class LineRules:
    """Asks a line's text for the rule that knows it; what is remembered of lines changes no answer."""

    def __init__(self) -> None:
        self._phrases = phrases.load()
        self._seen: dict[str, Line] = {}
        self._asked: tuple[str, bool] = "", False

    def match(self, line: str) -> phrases.Match | None:
        """The rule that knows a line by its text alone, whatever stands around it; its phrase is "" where it goes by none."""
        (paragraph,) = paragraphs.describe(line, [Span(0, len(line))])
        return self.look(line, paragraph).match

    def look(self, text: str, paragraph: Paragraph) -> Line:
        """What is known of a line by its text alone, looked up once."""
        if paragraph.size > phrases.LONGEST or paragraph.end - paragraph.start > phrases.MOST_CHARACTERS:
            return UNKNOWN
        piece = text[paragraph.start : paragraph.end]
        if links.is_listed(piece) and self._are_numbered(text):
            return _LISTED
        line = self._seen.get(piece)
        if line is None:
            line = self._looked(piece, paragraph)
            if len(piece) <= _SHORT:
                if len(self._seen) >= _REMEMBERED:
                    self._seen.clear()
                self._seen[piece] = line
        return line

    def _are_numbered(self, text: str) -> bool:
        """Whether the links of a text have numbers, asked once for all lines of the list that explains them."""
        if self._asked[0] is not text:
            self._asked = text, links.are_numbered(text)
        return self._asked[1]

    def _looked(self, written: str, paragraph: Paragraph) -> Line:
        piece = shown(written)
        signs = "©" in piece or "℗" in piece  # the normal form has no word for them
        words = phrases.phrase_words(piece) if signs else paragraph.numbered.split()
        match = self._match(piece, words)
        if match is None and len(words) <= menus.WORDS and menus.is_row_of_links(written):
            match = _LINKS
        stamp = "#" in paragraph.numbered and paragraph.size <= phrases.STAMP_WORDS and self._phrases.is_stamp(words)
        return Line(match, stamp) if stamp or match is not None else UNKNOWN

    def _match(self, line: str, words: Sequence[str]) -> phrases.Match | None:
        """The phrase rule that knows a line; `words` are its `phrase_words`."""
        match = self._phrases.match(words)
        if match is None or _is_chapter(line, match) or spoken.is_spoken(line, match.rule, match.phrase):
            match = self._phrases.labelled(line)
        return match if match is not None or not words else self._by_shape(line, words)

    def _by_shape(self, line: str, words: Sequence[str]) -> phrases.Match | None:  # noqa: PLR0911 (one a shape)
        """The rule that knows a line by how it is written; it has words."""
        rules = self._phrases
        if rules.is_date(words):
            return _DATE
        if len(words) <= menus.WORDS and menus.is_menu(line, rules.rule(names.MENU).words, self._is_stripped):
            return _MENU
        if words[0] in rules.openers and persons.is_byline(line, rules.rule(names.BYLINE).words):
            return _BYLINE
        if persons.is_reported(line):
            return _BYLINE
        if menus.is_button(line, len(words)):
            return _BUTTON
        if captions.is_credited(line, words):
            return _CAPTION
        if arrows.leads_back(line, len(words)):
            return _BACK
        if arrows.leads_on(line, len(words)):
            return _ON
        return _STAMP if persons.is_saying(line, rules.rule(names.STAMP).words) else None

    def _is_stripped(self, entry: str) -> bool:
        """Whether a phrase knows an entry of a menu, under a rule that strips."""
        match = self._phrases.match(phrases.phrase_words(entry))
        return match is not None and self._phrases.rule(match.rule).strip


def above_addresses(read: Sequence[Line]) -> Iterator[int]:
    """The headings ("References") above lists of addresses that explain the numbers of links, and are no sources."""
    for start in (i for i, line in enumerate(read) if line is _LISTED and i and read[i - 1] is not _LISTED):
        head = next((i for i in range(start - 1, -1, -1) if not _has_rule(read[i], names.MENU)), 0)
        if _has_rule(read[head], names.NOTES):
            yield head


def in_steps(read: Sequence[Line]) -> Iterator[int]:
    """The lines with an arrow behind them of which three and more stand in a row: the steps of something, or a menu's entries."""
    for is_arrow, row in groupby(range(len(read)), lambda index: read[index].match is _ON):
        steps = list(row)
        if is_arrow and len(steps) >= _STEPS:
            yield from steps


def _has_rule(line: Line, rule: str) -> bool:
    return line.match is not None and line.match.rule == rule


def _is_chapter(line: str, match: phrases.Match) -> bool:
    """Whether a line numbers a part of a text, where the phrase has a count: "5. Comments" of a contract, not "5 comments"."""
    return match.phrase.startswith("#") and _CHAPTER.match(line) is not None
