"""Where a text ends: the short sentences and the list that belong to it, and the notes behind it that do not."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from dedup.text import links
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup.model import Paragraph

SENTENCE = 4
"""Words of a short sentence that a text may end in."""
SENTENCES = 3
"""How many of them."""

_LONG = 25  # words of a paragraph that is prose without a full stop
_SMALL = 0.7  # of its words, that begin with a small letter
_ANNOUNCES = 8  # words of a text that ends in a colon before a list
_LISTED = 20  # lines of it
_MARKED = 2  # lines with the marks of items that are a list
_COLON = re.compile(r"(?:(?<![Ա-Ֆա-և]):|：)\s*\Z")  # noqa: RUF001 (full-width; Armenian ones are full stops)
_ITEM = re.compile(
    r"\s*(?:[-•*·▪◦●■►➤✓✔–—»]\s*\S"  # noqa: RUF001 (dashes that begin items)
    r"|[(（]?\d{1,3}[.)）、．]\s*\S"  # noqa: RUF001 (marks behind numbers)
    r"|[(（]?第?[一二三四五六七八九十]{1,3}[)）、．，：是]\s*\S"  # noqa: RUF001 (the same)
    r"|[①-⑳⑴-⒇]\s*\S)"
)
_LABELLED = 4  # lines with a label and what it says that are a list: what goods are made of, what a record holds
_LABELLED_SIZE = 40  # words of one
_LABEL = re.compile(r"\s*[^:：\d@/?!.]{2,40}[:：]\s*\S")  # noqa: RUF001 (the full-width colon)
_INDENT = "\u3000"  # two of these begin a paragraph of Chinese, and no entry of a menu
_INDENTED = 40  # lines
_CUT_OFF = re.compile(r"(?:\.\.\.|…)[\s\])»]*\Z")  # no paragraph of an article is cut off; teasers are
_CUT = 8  # characters at the end where that is seen
_WIDE = 20  # words that a gap counts against, behind which notes may stand: on the writer, the paper, how to help
_TIMES = 2  # as much as the gap before it what stands last must be worth, to be the text's own
_LAST = 0.3  # of the text that is looked at so


def is_cut_off(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph ends in three dots."""
    return _CUT_OFF.search(shown(text[paragraph.start : paragraph.end])[-_CUT:]) is not None


def indented(text: str, paragraphs: Sequence[Paragraph], cut: Sequence[bool], start: int, end: int) -> tuple[int, int]:
    """From where to where a text goes with the lines around it that are indented by ideographic spaces, as its own ends are.

    So stand the short lines of Chinese texts: who wrote it, an item, an enclosure, the office and the day below a notice.

    Args:
        text: the document's.
        paragraphs: its paragraphs.
        cut: per paragraph whether a rule cuts it.
        start: the text's first paragraph.
        end: one past its last one.
    """

    def goes_on(index: int) -> bool:
        return 0 <= index < len(paragraphs) and not cut[index] and text[paragraphs[index].start] == _INDENT

    first, last = start, end
    while goes_on(start) and start - first < _INDENTED and goes_on(first - 1):
        first -= 1
    while goes_on(end - 1) and last - end < _INDENTED and goes_on(last):
        last += 1
    return first, last


def tails(text: str, paragraphs: Sequence[Paragraph], is_own: Callable[[int], bool], starts: Sequence[int]) -> Iterator[int]:
    """The short sentences in which texts end, and the list that each ends in.

    A list has lines with the marks of items, or four and more with labels ("Upper: …"), which a line may head; or the text above
    announces it with a colon; a line below the text may, too, when the lines below it have such marks.

    Args:
        text: the document's.
        paragraphs: its paragraphs.
        is_own: whether no rule knows a paragraph, and it is no stamp.
        starts: one past the last paragraph of each text, ascending; none is the first.
    """
    runs: dict[int, int] = {}  # of items: by the first line, one past the last; no line is looked at for each text above it
    for start in reversed(starts):
        at = start
        while at < start + SENTENCES and (_is_short(text, paragraphs, at) or _is_prose(text, paragraphs, at)) and is_own(at):
            yield at
            at += 1
        above = paragraphs[at - 1]
        if above.size >= _ANNOUNCES and _COLON.search(text[above.start : above.end]):
            yield from takewhile(is_own, range(at, min(len(paragraphs), at + _LISTED)))
            continue
        labelled = _labelled(text, paragraphs, is_own, at) or _labelled(text, paragraphs, is_own, at + 1)
        if labelled and is_own(at):
            yield from range(at, labelled[-1] + 1)
            continue
        if _announces(text, paragraphs, at) and all(
            i < len(paragraphs) and is_own(i) and _is_item(text, paragraphs[i]) for i in range(at + 1, at + 1 + _MARKED)
        ):
            yield at
            at += 1
        read = at
        while read < len(paragraphs) and read not in runs and is_own(read) and _is_item(text, paragraphs[read]):
            read += 1
        runs[at] = end = runs.get(read, read)
        if end - at >= _MARKED:
            yield from range(at, min(end, read + _MARKED))  # what is behind them was given as a list of its own


def _labelled(text: str, paragraphs: Sequence[Paragraph], is_own: Callable[[int], bool], start: int) -> list[int]:
    """The lines from one on that have a label and what it says; empty when they are few."""

    def goes_on(index: int) -> bool:
        line = paragraphs[index]
        return is_own(index) and line.size <= _LABELLED_SIZE and _LABEL.match(text, line.start, line.end) is not None

    found = list(takewhile(goes_on, range(start, min(len(paragraphs), start + _LISTED))))
    return found if len(found) >= _LABELLED else []


def _announces(text: str, paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether there is such a paragraph, and it ends in a colon."""
    return index < len(paragraphs) and _COLON.search(text[paragraphs[index].start : paragraphs[index].end]) is not None


def _is_short(text: str, paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether there is such a paragraph, and it is a sentence that is not cut off."""
    if index >= len(paragraphs):
        return False
    paragraph = paragraphs[index]
    return paragraph.sentence and paragraph.size >= SENTENCE and not is_cut_off(text, paragraph)


def _is_prose(text: str, paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether there is such a paragraph, long and in small letters, that lacks its full stop: it is no title or menu."""
    if index >= len(paragraphs) or paragraphs[index].size < _LONG:
        return False
    words = [word for word in shown(text[paragraphs[index].start : paragraphs[index].end]).split() if word[0].isalpha()]
    return sum(word[0].islower() for word in words) >= _SMALL * len(words) and not is_cut_off(text, paragraphs[index])


def _is_item(text: str, paragraph: Paragraph) -> bool:
    """Whether a line has the mark of an item, and is no link to another page: Markdown marks a menu's entries so, too."""
    if _ITEM.match(text, paragraph.start, paragraph.end) is None:
        return False
    return not links.alone(text[paragraph.start : paragraph.end])


def before_notes(values: Sequence[float], over: Sequence[bool], start: int, end: int) -> int:
    """One past a text without what stands last in it and is little beside the gap before it.

    Args:
        values: of all paragraphs: what they count for, none below 0 in running text.
        over: per paragraph whether it is a line such as ends an article; a gap with none is no end.
        start: the text's first paragraph.
        end: one past its last one; both are worth more than 0.
    """
    most = _LAST * sum(values[start:end])
    last, after, gap, ends = end, 0.0, 0.0, False
    for index in range(end - 1, start - 1, -1):
        if values[index] <= 0:
            gap -= values[index]
            ends = ends or over[index]
            continue
        if ends and gap >= _WIDE and after < _TIMES * gap:
            last, after = index + 1, 0.0
        else:
            after -= gap
        gap, ends = 0.0, False
        after += values[index]
        if after > most:
            break
    return last
