"""Finds the main block of a whole page, and what stands outside of it.

The published idea (maximum subsequence segmentation, Pasternack and Roth 2009) with values for plain lines: running text counts
its words, lines without it count against, and lines that a rule knows as furniture count against by how rarely the article goes
on behind their kind. All maximal runs of positive sum come from one pass (Ruzzo and Tompa 1999).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import endings, heads, teasers, writers
from dedup.boilerplate.names import CAPTION, DATE, LINK, MENU, OF_ARTICLE, RELATED, STAMP
from dedup.model import GOOD_SIZE, Finding
from dedup.text import contents

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from dedup.boilerplate.page import Page
    from dedup.settings import MainSettings

OUTSIDE = "main.outside"

_CAP = 60  # words: the most that one paragraph counts for; a comment or a legal notice in one lump shall not outweigh an article
_DENSE = 25  # words from which lines that end in no full stop are running text, when they have stops within
_STOP_EVERY = 60  # words: running text has a stop at least that often, menus glued to one line have none
_SHORT = 6  # words that a line which is no running text counts against
_LONG_LIST = 3  # lines of a run that count so; a list is hardly more of a border for being longer
_IN_LIST = 0.1  # words that each further one counts
_STAMP_REACH = 3  # paragraphs under a stamp within which a comment begins
_ONE_COMMENT = 0.4  # of the best block, with one stamp: so much must stand before; the more stamps, the less of it one comment is
_COMMENTED = 2  # comment stamps written one way that make what stands before them the article

# Words that a line of furniture counts against, by the first part of its rule's name: the more, the more rarely the article goes
# on. Of 100 gaps with such a line, running text of the article follows 1 to 7 with legal lines, menus, pagers, share bars, tags
# and comments' stamps (but what follows these is prose), 14 where readers shall subscribe, 20 to 30 with lines that the site's
# pages share and headings, 30 to 50 with "read more" and what is merely frequent in the corpus, 50 to 80 with advertisement
# marks, players and links to other stories amid the text. Share bars and tags stand behind each entry of a long list, too: as
# legal lines they emptied such pages.
_COMMENT = 150
_WEIGHTS = {
    "legal": 75, "navigation": 75, "cookie": 75, "subscribe": 75, "pager": 75,
    "comment": _COMMENT, "heading": 18, "section": 18, "advert": 6, "corpus": 3, "media": 3, "related": 3,
}  # fmt: skip
_OTHER_FURNITURE = 12
# Kinds of lines that end an article when little stands behind them: on 38 of 2,000 pages, 4,208 of the 5,518 words there were
# none of its; behind gaps without them, 4,818 of 7,450.
_OVER = frozenset({"tags", "share", "heading", "section", "pager", "teaser", "legal", "cookie", "page", "site"})
_ABOVE = 0.35  # of the best block: what stands above the known headline and is worth less is none of the article
# Between an article's lead and its body stand by-line, date, picture and buttons. Where more lines than that do, a menu's among
# them, the block above leads to other pages; one worth a fifth of the best may be text between two such lists.
_NEAR = 20
_FAR = 0.2
_DATED = 18  # a by-line or date behind running text begins a teaser, a comment or a note on the writer
_ON_WRITER = 40  # words that a note on the writer, or a single date, counts against: the article may be over

_HANDLE = "(@"  # behind the name of who wrote a post elsewhere
_SMILE = re.compile(r"(?:[:;=]['-]?[()DPp]|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)\s*\Z")  # in place of a full stop
_STOP = re.compile(r"[.!?;。！？｡．؟۔।॥။។]")  # noqa: RUF001 (stops of many scripts)
_AMOUNT = re.compile(r"[$€£¥₹₽₩₺%]")  # prices and shares have as many numbers as dates
_DATE_OR_TIME = re.compile(r"(?<!\d)(?:\d{4}(?!\d)|\d{1,2}[:.h時时시]\d\d(?!\d))")


class Block(NamedTuple):
    """A run of paragraphs, end exclusive, and the words that it counts for."""

    start: int
    end: int
    value: float


def find_main(text: str, page: Page, headline: int | None, settings: MainSettings, *, teased: bool = False) -> list[Finding]:
    """Find the paragraphs outside of a page's main blocks.

    A main block is a run of paragraphs that begins and ends with running text and whose words outweigh the lines between
    them. The best one counts; where comments are stamped, the best one before them; further ones when they are worth a share
    of it. With them stay headline, by-line and date above the first, short sentences and a list at the end of each, and the lines
    of a table of contents that name headings in them. A page without running text worth `settings.words` (a product, a
    listing) has no main block and keeps all.

    Of the text without what was found (and without what was cut before), nothing more is found, as a rule: blocks that
    lose what stood between them are one block. `verdict.judge` runs the stages until that is so.

    Args:
        text: the document's.
        page: its paragraphs, what of them is cut already, and by which rule.
        headline: the paragraph that is known to be the headline, or None.
        settings: thresholds.
        teased: whether the headline is known by other pages that tease it.

    Returns:
        Findings for the paragraphs outside that are not cut already, in order; empty for an empty page. Their score is the
        share of the page's running text that is kept, their evidence the number of words that are.
    """
    running = _running(text, page)
    table = contents.entries(page.paragraphs, running)
    values, comments, notes = _values(text, page, running, table, settings.words)
    blocks = _main_blocks(page, values, comments if _alike(page, comments) else [], headline, settings)
    if not blocks:
        return []
    start, end, value = blocks[-1]
    blocks[-1] = Block(start, writers.before_note(text, page.paragraphs, running, start, end), value)
    stretches = [endings.indented(text, page.paragraphs, page.cut, block.start, block.end) for block in blocks]
    kept = {index for first, last in stretches for index in range(first, last)}
    listed = {line for entry, heading in table.items() if heading in kept or heading + 1 in kept for line in (entry, heading)}
    kept |= listed | heads.head(text, page, values, stretches[0][0], headline, teased=teased)
    start = heads.above(listed, stretches[0][0])
    if start < stretches[0][0]:
        kept |= heads.head(text, page, values, start, headline, teased=teased)
    kept.update(endings.tails(text, page.paragraphs, partial(_is_own, text, page), [last for _, last in stretches]))
    kept -= {index for index, rule in enumerate(page.rules) if rule == CAPTION}
    kept -= notes
    kept.update(page.spared)
    held = sum(values[i] for i in kept if values[i] > 0)
    score = round(held / sum(value for value in values if value > 0), 4)
    evidence = {"words": sum(page.paragraphs[i].count for i in kept if not page.cut[i])}
    return [
        Finding("boilerplate", paragraph.start, paragraph.end, OUTSIDE, score, evidence=evidence)
        for index, paragraph in enumerate(page.paragraphs)
        if index not in kept and not page.cut[index]
    ]


def maximal_runs(values: Sequence[float]) -> list[Block]:
    """All maximal runs of positive sum, in order and disjoint.

    None of them can be made worth more by lengthening or shortening it. W. Ruzzo and M. Tompa, "A linear time algorithm
    for finding all maximal scoring subsequences", ISMB 1999.

    Args:
        values: of the paragraphs.

    Returns:
        The runs; empty when no value is positive.
    """
    runs: list[tuple[int, int, float, float, int]] = []  # start, end, sum before, sum with it, nearest run of smaller sum before
    total = 0.0
    for index, value in enumerate(values):
        if value > 0:
            start, end, before, through = index, index + 1, total, total + value
            while True:
                below = len(runs) - 1
                while below >= 0 and runs[below][2] >= before:
                    below = runs[below][4]
                if below < 0 or runs[below][3] >= through:
                    runs.append((start, end, before, through, below))
                    break
                start, before = runs[below][0], runs[below][2]
                del runs[below:]
        total += value
    return [Block(start, end, through - before) for start, end, before, through, _ in runs]


def _main_blocks(
    page: Page, values: Sequence[float], comments: Sequence[int], headline: int | None, settings: MainSettings
) -> list[Block]:
    """The blocks that are the page's content, in order; empty when there is none."""
    blocks = maximal_runs(values)
    if not blocks:
        return []
    best = max(blocks, key=lambda block: block.value)
    if comments:
        before = [block for block in blocks if block.start < comments[0]]
        article = max(before, key=lambda block: block.value, default=None)
        if article and article.value >= max(settings.words, max(settings.share, _ONE_COMMENT / len(comments)) * best.value):
            best, blocks = article, before
    if best.value < settings.words:
        return []
    found = [b for b in blocks if b.value >= (settings.share if b.start <= best.start else settings.share_after) * best.value]
    found = _below_menus(page, _from_headline(found, best, headline), best)
    over = [cut and _kind(rule) in _OVER for cut, rule in zip(page.cut, page.rules, strict=True)]
    start, end, _ = found[-1]
    end = endings.before_notes(values, over, start, end)
    return [*found[:-1], Block(start, end, sum(values[start:end]))]


def _from_headline(blocks: list[Block], best: Block, headline: int | None) -> list[Block]:
    """The blocks without the small ones above the known headline, where menus and notices stand."""
    if headline is None or headline > best.start:
        return blocks
    return [block for block in blocks if block.end > headline or block.value >= _ABOVE * best.value]


def _below_menus(page: Page, blocks: Sequence[Block], best: Block) -> list[Block]:
    """The blocks without the small ones that a long menu parts from the next one."""
    found: list[Block] = []
    parted = False  # from the last one found
    for block in reversed(blocks):
        if block.start < best.start and block.value < _FAR * best.value:
            parted = parted or _is_menu(page, block.end, found[-1].start)
            if parted:
                continue
        found.append(block)
        parted = False
    return found[::-1]


def _is_menu(page: Page, start: int, end: int) -> bool:
    """Whether many paragraphs stand from one up to another, among them a line of a menu."""
    return end - start > _NEAR and any(page.cut[i] and _kind(page.rules[i]) == MENU for i in range(start, end))


def _values(
    text: str, page: Page, running: Sequence[bool], table: Container[int], article: int
) -> tuple[list[float], list[int], set[int]]:
    """What each paragraph counts for, the paragraphs that stamp comments, and the notes on the writer.

    A date before as much running text as makes an article is the article's own: its lead may stand above it. So is a table of
    contents: it counts nothing.
    """
    glued = teasers.glued_rows(text, page.paragraphs, running)
    teased = _teased(page, running) | glued
    on_writer = writers.notes(text, page.paragraphs, page.rules, running, article)
    boxed = teasers.boxed(page.rules, page.cut, running)
    values: list[float] = []
    comments: list[int] = []
    notes: set[int] = set()
    words, listed = 0.0, 0
    for index, paragraph in enumerate(page.paragraphs):
        stamp = not page.cut[index] and _is_stamp(text, page, index) and any(running[index + 1 : index + 1 + _STAMP_REACH])
        if page.cut[index]:
            values.append(-_furniture(LINK if index in boxed else page.rules[index]))
        elif stamp and words >= article:
            values.append(-_COMMENT)
            comments.append(index)
            listed = 0
        elif stamp or not paragraph.size or index in table:
            values.append(-_SHORT if stamp else 0)
        elif index in teased and (words < article or index in glued):
            values.append(-_SHORT)
        elif index in on_writer.likely and words >= article:
            values.append(-_ON_WRITER)
            notes |= {index, *writers.headed(page.paragraphs, index)} & on_writer.sure
        elif running[index]:
            values.append(min(paragraph.size, _CAP))
            words += values[-1]
            listed = 0
        elif words >= article and _is_dated(text, page, index):
            values.append(-_DATED)
        else:
            listed += 1
            values.append(-_SHORT if listed <= _LONG_LIST else -_IN_LIST)
    dates = [index for index in comments if page.rules[index] != STAMP]
    if len(dates) == 1:
        values[dates[0]] = -_ON_WRITER  # one date may be the article's, or an event's
    return values, comments, notes


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


def _furniture(rule: str | None) -> float:
    """What a line counts against that a rule cuts."""
    return _WEIGHTS.get(_kind(rule), _OTHER_FURNITURE)


def _kind(rule: str | None) -> str:
    """The first part of a rule's name."""
    return (rule or "").partition(".")[0]


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
    stops = sum(1 for _ in _STOP.finditer(text, paragraph.start, paragraph.end))
    return stops * _STOP_EVERY >= paragraph.size


def _is_stamp(text: str, page: Page, index: int) -> bool:
    """Whether a paragraph stamps what follows beyond doubt: by its phrase, or with a year or a time of day and no amount."""
    if page.rules[index] == STAMP:
        return True
    start, end = page.paragraphs[index].start, page.paragraphs[index].end
    if text.find(_HANDLE, start, end) >= 0:
        return False  # the signature of a post that the article quotes
    return page.stamps[index] and bool(_DATE_OR_TIME.search(text, start, end)) and not _AMOUNT.search(text, start, end)


def _is_dated(text: str, page: Page, index: int) -> bool:
    """Whether a paragraph is a by-line or a date; a date without year or time may be a number of a table."""
    rule = page.rules[index]
    return rule in OF_ARTICLE and (rule != DATE or _is_stamp(text, page, index))


def _is_own(text: str, page: Page, index: int) -> bool:
    """Whether no rule knows a paragraph, and it stamps nothing; a sentence may name a day."""
    stamp = page.stamps[index] and (not page.paragraphs[index].sentence or _is_stamp(text, page, index))
    return page.rules[index] is None and not page.cut[index] and not stamp
