"""Splits a text into paragraphs: spans that, with the gaps between them, join to the text again."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

from dedup.model import Paragraph, Span
from dedup.text import links, normal, stops, tags
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from dedup.choices import Mode

Amount = TypeVar("Amount", float, "NDArray[Any]")

LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LETTER = re.compile(r"[^\W_]")
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")

END = f"{stops.FULL}{stops.ASKING};:…၊፨៖"
"""What a paragraph ends with that is a sentence: stops, and what goes on below it, a colon or three dots."""
AFTER_END = "\"')]«»’“”„‹›〉》」』】）_`["  # noqa: RUF001 (quotation marks and brackets of many scripts)
"""What may close a sentence behind these, beside white space and the marks of footnotes; the last ones are those of Markdown."""
EMPHASIS = "*"
"""Closes a sentence, too, but not behind white space: there it marks what a form wants to be filled in."""
_SENTENCE_END = re.compile(rf"[{END}](?:[\s{re.escape(AFTER_END)}]|(?<!\s){re.escape(EMPHASIS)}|\[\d+\])*\Z")
_TAIL = 24  # characters in which a sentence ends
_NO_STOPS = re.compile(r"[\u0e00-\u0eff]")  # Thai and Lao end a sentence with a space at most
_LONG_UNSTOPPED = 60  # characters of Thai or Lao from which a line is taken for a sentence; many headlines are shorter

# Columns: a Han character or kana, a Hangul syllable and their punctuation take two.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]"
)
_WIDEST_WRAP = 120  # columns: the widest to which mail, terminals and editors wrap
_NARROWEST_WRAP = 40  # below it, "lines nearly as long as the longest" says nothing: menus look like that
_WRAPPED_SHARE = 0.75  # of lines that could not have taken the next line's first word
_STICKING_OUT = 0.05  # of all lines: long words (addresses) may be longer than the column
_FLOWING_SHARE = 0.3  # of lines that go on in the midst of a sentence; German begins one word in three with a capital
_PROVEN = 3  # lines; fewer must all go on with a small letter, or full to the last character
# Of a list, the row of a table, or where a link leads to, in Markdown: what writes that does not wrap them.
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,3}[.)]|\[\d{1,4}\]:)[ \t]|[^|]*\|")
_LINK = re.compile(r"\s*+(?=\S*?\]\()\S++")  # who wraps cannot break it
_BULLETS = "*+•‣◦▪"
_DUMPED_ITEM = re.compile(rf"\s*(?:[{_BULLETS}-]|[0-9]{{1,4}}[.)])[ \t]")  # of a list, as text browsers write it
_LAST_WORD = 8  # columns: most words with their space take no more
_PROVEN_LONG = 5  # full lines that show where a text browser wraps
_FULL_SHARE = 0.85  # of the long lines that go on in the midst of a sentence
_SHORT_LINE = 0.75  # of the column: a line shorter than that, with room for the next word, ends a paragraph

NO_SPACE_WEIGHT = 1 / 1.7  # words for a character of Chinese or Japanese text


def split(text: str, mode: Mode = "auto") -> list[Span]:
    """Find the paragraphs of a text.

    A paragraph begins with its line (indentation belongs to it) and ends with its last character that is no white space;
    whatever lies between two paragraphs is their gap.

    Args:
        text: any text; line ends may be LF, CRLF, CR, NEL, VT, FF, U+2028 or U+2029.
        mode: `line`: every line that is not blank; `blank`: blocks between blank lines; `auto`: lines, which HTML's tags end,
            too, unless the text is hard-wrapped (most lines could not have taken the next line's first word, and many go on
            in the midst of a sentence), then blocks, which also end after a line that is clearly short.

    Returns:
        Spans in code points, ascending and disjoint; the empty list for an empty or blank text.
    """
    if mode == "line":
        return list(_lines(text))
    blocks = list(_blocks(text))
    if mode == "blank":
        return [Span(block[0].start, block[-1].end) for block in blocks]
    if tags.OPENS in text:
        blocks = [[piece for line in block for piece in _at_tags(text, line)] for block in blocks]
    marked, items = _matched(text, blocks, _ITEM) if links.are_marked(text) else set(), set[Span]()
    column = _wrap_column(text, blocks, marked)
    if column is None:
        items = _matched(text, blocks, _DUMPED_ITEM)
        column = _dump_column(text, blocks, items)
        marked = {line for line in items if _is_sure(text[line.start : line.end])}
    if column is None or any(_is_whole(text, line) for block in blocks for line in block):
        return [line for block in blocks for line in block]
    return [span for block in blocks for span in _unwrap(text, block, column, marked, items)]


def describe(text: str, spans: Iterable[Span]) -> list[Paragraph]:
    """Add to each span its words, its size and whether it ends as a sentence."""
    return [_describe(text[start:end], start, end) for start, end in spans]


def _describe(piece: str, start: int, end: int) -> Paragraph:
    words = normal.words(piece)
    form = " ".join(words)
    numbered = normal.numbered(form)
    size = size_of(len(words), normal.no_space_words(form))
    return Paragraph(start, end, form, numbered, normal.key(numbered), len(words), size, ends_sentence(piece))


def size_of(count: Amount, no_space: Amount) -> Amount:
    """The length in words of `count` words, `no_space` of which are characters of a script without spaces; or columns of both."""
    return count - no_space * (1 - NO_SPACE_WEIGHT)


def ends_sentence(piece: str) -> bool:
    """Tell whether a paragraph ends as a sentence does, by the marks of its script."""
    piece = shown(piece)
    tail = piece[-_TAIL:]
    if _SENTENCE_END.search(tail):
        return True
    return len(piece) >= _LONG_UNSTOPPED and bool(_NO_STOPS.search(tail))


def is_unwrapped(lines: Sequence[Span | Paragraph]) -> bool:
    """Whether lines are too long to be hard-wrapped, whatever they say: of these lines, `auto` makes a paragraph each."""
    return sum(line.end - line.start > _WIDEST_WRAP for line in lines) > int(_STICKING_OUT * len(lines))


def _lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        line = match[0].rstrip()
        if line:
            yield Span(match.start(), match.start() + len(line))


def _at_tags(text: str, line: Span) -> Iterator[Span]:
    """A line, ended where HTML's tags end lines."""
    start = line.start
    for end in (*tags.line_ends(text, start, line.end), line.end):
        piece = text[start:end]
        yield Span(start + len(piece) - len(piece.lstrip()) if start > line.start else start, start + len(piece.rstrip()))
        start = end


def _blocks(text: str) -> Iterator[list[Span]]:
    """Runs of lines with no blank line between them."""
    block: list[Span] = []
    for line in _lines(text):
        if block and len(LINE_END.findall(text, block[-1].end, line.start)) > 1:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_whole(text: str, line: Span) -> bool:
    """Whether a long line is of a script that breaks anywhere: who wraps leaves none, and titles may all be cut to one length."""
    return len(_WIDE.findall(text, line.start, min(line.end, line.start + _WIDEST_WRAP))) > _WIDEST_WRAP // 2


def _is_sure(item: str) -> bool:
    """Whether a line that may begin an item of a list surely does: with a bullet, or all of it is a number and an address."""
    return item.lstrip()[0] in _BULLETS or links.is_listed(item)


def _matched(text: str, blocks: list[list[Span]], pattern: re.Pattern[str]) -> set[Span]:
    """The lines that begin so."""
    return {line for block in blocks for line in block if pattern.match(text, line.start, line.end)}


def _wrap_column(text: str, blocks: list[list[Span]], marked: AbstractSet[Span]) -> int | None:
    """The column a text is hard-wrapped at, or None when its line ends mean something.

    They do where a line is longer than others, could have taken more, or ends as a sentence and is followed by a capital, as
    titles and verses are. Lines that are `marked` are not asked, nor how long those are that a link's address fills.
    """
    followed = [(line, after) for block in blocks for line, after in pairwise(block) if after not in marked]
    if not followed:
        return None
    asked = (line for block in blocks for line in block if line not in marked)
    widths = sorted(_width(text[line.start : line.end]) for line in asked if not _LINK.fullmatch(text, *line)) or [0]
    column = widths[-1 - int(_STICKING_OUT * len(widths))]
    if not _NARROWEST_WRAP <= column <= _WIDEST_WRAP:
        return None
    full = sum(not _has_room(text, line, after, column) for line, after in followed)
    if full < _WRAPPED_SHARE * len(followed):
        return None
    letters = [_first_letter(text, after) for _, after in followed]
    if len(followed) < _PROVEN:
        return column if all(c.islower() or (c and normal.is_no_space(c)) for c in letters) else None
    flowing = sum(_flows(text, line, after) for line, after in followed)
    return column if flowing >= _FLOWING_SHARE * len(followed) else None


def _flows(text: str, line: Span, after: Span) -> bool:
    """Whether a line goes on in the midst of a sentence, for all that its end and the next one's begin tell."""
    return not _first_letter(text, after).isupper() and not ends_sentence(text[line.start : line.end])


def _dump_column(text: str, blocks: list[list[Span]], items: AbstractSet[Span]) -> int | None:
    """The column at which a text browser wrapped a page, or None where its line ends mean something.

    Most lines of a page are menus' and buttons'. Of those that are long and go on in the midst of a sentence, all are full.
    """
    widths = {line: _width(text[line.start : line.end]) for block in blocks for line in block}
    column = _fullest([width for line, width in widths.items() if width >= _NARROWEST_WRAP and line not in items])
    if column is None:
        return None
    long = [
        pair for block in blocks for pair in pairwise(block) if pair[1] not in items and widths[pair[0]] >= _SHORT_LINE * column
    ]
    flowing = [(line, after) for line, after in long if _flows(text, line, after)]
    full = sum(not _has_room(text, line, after, column) for line, after in flowing)
    return column if full >= max(_PROVEN_LONG, _FULL_SHARE * len(flowing)) else None


def _fullest(widths: Sequence[int]) -> int | None:
    """The column to which most lines reach with their last word; None where more than a few lines reach beyond it."""
    counts = Counter(widths)
    reach = {column: sum(counts[column - back] for back in range(_LAST_WORD)) for column in counts if column <= _WIDEST_WRAP}
    column = max(reach, key=lambda column: (reach[column], column), default=_WIDEST_WRAP)
    beyond = sum(width > column + _LAST_WORD for width in widths)
    return column if reach and beyond <= int(_STICKING_OUT * len(widths)) else None


def _width(piece: str) -> int:
    return len(piece) if piece.isascii() else len(piece) + len(_WIDE.findall(piece))


def _first_letter(text: str, line: Span) -> str:
    """The first letter or digit of a line, "" if it has none."""
    found = _LETTER.search(text, line.start, line.end)
    return found[0] if found else ""


def _has_room(text: str, line: Span, after: Span, column: int) -> bool:
    """Whether the first word of the next line would have fitted at the end of this one."""
    word = text[after.start : after.end].split(maxsplit=1)[0]
    added = _width(word[0]) if normal.is_no_space(word[0]) else 1 + _width(word)
    return _width(text[line.start : line.end]) + added <= column


def _unwrap(text: str, block: list[Span], column: int, marked: AbstractSet[Span], items: AbstractSet[Span]) -> Iterator[Span]:
    """Paragraphs of a hard-wrapped block: one ends where the block does, before a `marked` line, and at one short for no need.

    What may begin one of the `items` may also go on with a line ("on the / 3. of May"), unless that had room for it.
    """
    start = block[0].start
    for line, after in pairwise(block):
        short = after in items or _width(text[line.start : line.end]) < _SHORT_LINE * column
        if after in marked or (short and _has_room(text, line, after, column)):
            yield Span(start, line.end)
            start = after.start
    yield Span(start, block[-1].end)
