"""Finds the main block of a whole page, and what stands outside of it.

The published idea (maximum subsequence segmentation, Pasternack and Roth 2009) with values for plain lines, which
`weighing` gives. All maximal runs of positive sum come from one pass (Ruzzo and Tompa 1999).
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import endings, heads, listings, weighing, writers
from dedup.boilerplate.names import CAPTION, MENU, OF_ARTICLE
from dedup.model import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.boilerplate.page import Page
    from dedup.boilerplate.weighing import Weighed
    from dedup.settings import MainSettings

OUTSIDE = "main.outside"

_ONE_COMMENT = 0.4  # of the best block, with one stamp: so much must stand before; the more stamps, the less of it one comment is

# Kinds of lines that end an article when little stands behind them: on 38 of 2,000 pages, 4,208 of the 5,518 words there were
# none of its; behind gaps without them, 4,818 of 7,450.
_OVER = frozenset({"tags", "share", "heading", "section", "pager", "teaser", "legal", "cookie", "page", "site"})
_ABOVE = 0.35  # of the best block: what stands above the known headline and is worth less is none of the article
# Between an article's lead and its body stand by-line, date, picture and buttons. Where more lines than that do, a menu's among
# them, the block above leads to other pages; one worth a fifth of the best may be text between two such lists.
_NEAR = 20
_FAR = 0.2
# A menu that tells what its entries lead to: so many paragraphs, each below its title, few lines apart. The articles' own parts
# look so, too, but not all that stands above a box; and by-line or date tells of the article's own lead.
_ENTRIES = 4
_APART = 5
_LISTED = 0.5  # of the best block, which such a menu is worth less than, and what stands above it
_BOX = 3  # lines that part it from the article
_IN_A_ROW = 3  # paragraphs of an article that stand right below another one
_SIGNED = 3  # lines above a lead with by-line and date
_SIGNS = 2  # of these; teasers have a date each


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
    of a table of contents that name headings in them. A list that is what a page has (see `listings`) stays as a whole. A page
    without running text worth `settings.words` (a product, a form) has no main block and keeps all.

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
        share of the page's running text that is kept, their evidence the number of words that are, and the list that is kept.
    """
    weighed = weighing.weigh(text, page, settings.words)
    blocks = _main_blocks(page, weighed, headline, settings)
    if not blocks:
        return []
    last = blocks[-1]
    blocks[-1] = last._replace(end=writers.before_note(text, page.paragraphs, weighed.running, last.start, last.end))
    stretches = [endings.indented(text, page.paragraphs, page.cut, block.start, block.end) for block in blocks]
    listing = None if weighed.marks else listings.find(text, page, weighed.running, stretches, settings.words)
    if listing is not None:
        stretches = sorted([*stretches, (listing.start, listing.end)])
    kept = _with_surroundings(text, page, weighed, stretches, headline, teased=teased)
    kept -= {index for index, rule in enumerate(page.rules) if rule == CAPTION}
    kept -= weighed.notes
    kept.update(weighed.marks)  # without them the posts that are left would look like comments
    kept.update(page.spared)
    held = sum(value for index, value in enumerate(weighed.values) if value > 0 and index in kept)
    score = round(held / sum(value for value in weighed.values if value > 0), 4)
    evidence: dict[str, object] = {"words": sum(page.paragraphs[i].count for i in kept if not page.cut[i])}
    if listing is not None:
        evidence |= listing.evidence(page)
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


def _main_blocks(page: Page, weighed: Weighed, headline: int | None, settings: MainSettings) -> list[Block]:
    """The blocks that are the page's content, in order; empty when there is none."""
    values, comments = weighed.values, weighed.comments
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
    found = _below_menus(page, values, _from_headline(found, best, headline), best)
    over = [cut and weighing.kind(rule) in _OVER for cut, rule in zip(page.cut, page.rules, strict=True)]
    start, end, _ = found[-1]
    end = endings.before_notes(values, over, start, end)
    return [*found[:-1], Block(start, end, sum(values[start:end]))]


def _from_headline(blocks: list[Block], best: Block, headline: int | None) -> list[Block]:
    """The blocks without the small ones above the known headline, where menus and notices stand."""
    if headline is None or headline > best.start:
        return blocks
    return [block for block in blocks if block.end > headline or block.value >= _ABOVE * best.value]


def _below_menus(page: Page, values: Sequence[float], blocks: Sequence[Block], best: Block) -> list[Block]:
    """The blocks without the small ones that a long menu parts from the next one, and without those that are menus."""
    found: list[Block] = []
    parted = False  # from the last one found
    pairs = list(pairwise(_texts(values, best)))
    in_a_row = sum(after - before == 1 for before, after in pairs) >= _IN_A_ROW
    for block in reversed(blocks):
        small, listed = (block.start < best.start and block.value < most * best.value for most in (_FAR, _LISTED))
        parted = parted or (small and _is_menu(page, block.end, found[-1].start))
        if listed and in_a_row:
            parted = parted or (found[-1].start - block.end > _BOX and _are_entries(page, values, block))
        if parted and listed:
            continue
        found.append(block)
        parted = False
    return found[::-1]


def _texts(values: Sequence[float], block: Block) -> list[int]:
    """The paragraphs of running text in a block."""
    return [index for index in range(block.start, block.end) if values[index] > 0]


def _are_entries(page: Page, values: Sequence[float], block: Block) -> bool:
    """Whether the paragraphs of a block stand apart, each below its title, as a menu tells what its entries lead to."""
    texts = _texts(values, block)
    signs = sum(rule in OF_ARTICLE for rule in page.rules[max(0, block.start - _SIGNED) : block.end])
    if len(texts) < _ENTRIES or 0 < signs <= _SIGNS:
        return False
    return all(1 < after - before <= _APART for before, after in pairwise(texts))


def _is_menu(page: Page, start: int, end: int) -> bool:
    """Whether many paragraphs stand from one up to another, among them a line of a menu."""
    return end - start > _NEAR and any(page.cut[i] and weighing.kind(page.rules[i]) == MENU for i in range(start, end))


def _with_surroundings(  # noqa: PLR0913 (all that is known)
    text: str, page: Page, weighed: Weighed, stretches: Sequence[tuple[int, int]], headline: int | None, *, teased: bool
) -> set[int]:
    """The paragraphs of some stretches, and what belongs to them: headline, by-line and date, table of contents, their ends."""
    within = {index for first, last in stretches for index in range(first, last)}
    entries = (pair for pair in weighed.table.items() if pair[1] in within or pair[1] + 1 in within)
    listed = {line for entry_and_heading in entries for line in entry_and_heading}
    first = stretches[0][0]
    tops = dict.fromkeys((first, heads.above(listed, first)))  # a table of contents has the headline above it, or below
    above = (heads.head(text, page, weighed.values, top, headline, teased=teased) for top in tops)
    below = endings.tails(text, page.paragraphs, partial(weighing.is_own, text, page), [last for _, last in stretches])
    return within.union(listed, below, *above)
