"""What stands under a "Related" or "Comments" heading: how far it goes, and where the article goes on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dedup.boilerplate import entries, teasers, threads
from dedup.boilerplate.names import AUTHOR, COMMENTS, LINK, NOTES, OF_ARTICLE, PART, RELATED, STAMP, TOOLS
from dedup.model import Finding, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from dedup.boilerplate.page import Page
    from dedup.settings import SectionSettings

_TITLE_SIZE = 25  # words: titles of teasers are rarely longer
_TEASER_SIZE = 90  # words: what a site shows of another story
_GOES_ON = 2  # paragraphs of running text in a row: no teaser looks like that
_MIN_BEFORE = 60  # words of running text before a heading, for the article to be over
_MIN_ITEM = 25  # the same of a news item, where stamped comments follow that are no longer
_HEAD_LINES = 3  # headline, by-line and another line above an article
_ENTRY_SIZE = 3  # words of a menu's entry
_HEADLINE_SIZE = 5  # words of a line below such entries that is none
_MORE = 0.05  # of the text above such a box, that the one paragraph below it has at the least
_BOX_HEAD = 4  # lines up to which a box begins, above its last heading
_DOUBLED = 4  # lines above a teaser among which its title may stand twice
_STAMP_REACH = 40  # paragraphs under a comments heading within which comments are stamped
_STAMPS_HEADED = 2  # stamps that make comments of what stands under a heading
_STAMPS_ALONE = 3  # stamps that make comments without a heading
_STAMP_GAP = 12  # paragraphs between two stamps, at the median
_DATED = 0.5  # of the lines that say who wrote, and not when: more are followed by a date or controls, if they stamp comments
_NAME_SIZE = 5  # words of a name
_NAME_LINES = 3  # lines above a note on the writer: name, post, "Follow"
_COUNTERS = 3  # counts of comments in a row that are those of teasers, one under each
_MANY_COUNTERS = 6  # of them, of which the last one on the page is a teaser's, too


def find_sections(page: Page, settings: SectionSettings) -> list[Finding]:
    """Find what belongs to related and comments headings.

    Under a related heading stand groups of titles, each with at most one teaser; the article goes on at running text that
    has no title of its own, or follows a bare list of titles. When most of the page's running text stands before the
    heading, and nothing like an article after the groups, all to the next heading or the end goes; when no article stands
    before it, nothing but bare titles: what reads like a teaser may be the headline and lead. A text's own notes ("References"
    below "See also") end what goes. Under a comments heading all to the end goes when most of the text stands before it, or
    when an article does and lines that stamp comments follow; else only the heading (a bar "12 comments" above an article heads
    nothing, nor does one above paragraphs of running text in a row that the site's other pages do not have). Comments without a
    heading are known by their stamps, most of which tell when.
    A heading on the writer takes the note under it. On a forum's page no post is a comment. Menus are known by their entries
    (see `entries`), wherever they stand.

    Args:
        page: the document's paragraphs.
        settings: thresholds.

    Returns:
        Findings for the paragraphs under the headings (not the headings, which their phrase takes), in order; those that
        are cut already are left out; empty without headings and comments.
    """
    found: dict[int, Finding] = {}
    if not may_begin(page.rules):
        return []

    def take(name: str, start: int, end: int, evidence: dict[str, object]) -> None:
        for index in range(start, end):
            if not page.cut[index] and index not in found and index not in page.spared:
                paragraph = page.paragraphs[index]
                found[index] = Finding("boilerplate", paragraph.start, paragraph.end, name, evidence=evidence)

    forum, counters = threads.is_forum(page.rules), _counters(page)
    taken = 0  # one past the furthest paragraph taken so far, so that none is looked at for each heading above it
    for index, rule in enumerate(page.rules):
        if _is_heading(page, index) and index not in found:
            heading = Span(page.paragraphs[index].start, page.paragraphs[index].end)
            name, end_of = _ENDS[rule or ""]
            bare = index in counters or (forum and rule in {COMMENTS, AUTHOR})  # "Author" marks who began a thread
            end = index + 1 if bare else end_of(page, index, settings)
            take(name, max(index + 1, taken), end, {"heading": heading})
            taken = max(taken, end)
    start = None if forum else _stamped(page, found, settings)
    if start is not None:
        take("section.comments", start, len(page.paragraphs), {"stamps": sum(page.stamps[start:])})
    for menu in entries.menus(page):
        take(entries.SECTION, menu.start, menu.stop, {"parts": sum(page.rules[i] == PART for i in menu)})
    return [found[index] for index in sorted(found)]


def may_begin(rules: Iterable[str | None]) -> bool:
    """Whether a section may begin at any of the lines that are known by these rules: a heading, a stamp, a menu's entry."""
    return not _BEGIN.isdisjoint(rules)


def _counters(page: Page) -> set[int]:
    """The headings like "12 comments" that head nothing: of three or more in rhythm, without a comment's marks between.

    A list of stories has one under each, and dates. The last one on the page is none of these, unless they are many below no
    article, nor is one that marks follow. The same count below an article says that the one above it heads nothing.
    """
    counts = [i for i, rule in enumerate(page.rules) if rule == COMMENTS and "#" in page.paragraphs[i].numbered]
    lowest = {page.paragraphs[i].form: i for i in counts}
    found = {i for i in counts if _is_between(page, i, lowest[page.paragraphs[i].form])}
    row: list[int] = []
    for at, after in pairwise([*counts, len(page.paragraphs)]):
        row.append(at)
        end = min(after, at + 1 + _STAMP_GAP)
        marked = any(page.rules[i] in {STAMP, TOOLS} for i in range(at + 1, end))
        final = after == len(page.paragraphs)
        last = marked or (final and (len(row) < _MANY_COUNTERS or _goes_on_above(page, row[0])))
        if final or marked or end < after:
            if len(row) >= _COUNTERS:
                found.update(row[:-1] if last else row)
            row = []
    return found


def _goes_on_above(page: Page, index: int) -> bool:
    """Whether paragraphs of running text stand in a row above a paragraph, as an article's do."""
    return any(page.is_good(above) and page.is_good(above + 1) for above in range(index - 1))


def _is_between(page: Page, start: int, end: int) -> bool:
    """Whether an article, and no comments, stands between two paragraphs."""
    return page.running(start, end) >= _MIN_BEFORE and sum(_is_evidence(page, i) for i in range(start, end)) < _STAMPS_HEADED


def _article_before(page: Page, index: int, share: float, least: float = _MIN_BEFORE) -> bool:
    """Whether an article stands before a paragraph: enough running text, and that share of the page's."""
    before = page.running(0, index)
    return before >= least and before >= share * (before + page.running(index + 1, len(page.paragraphs)))


def _comments_end(page: Page, heading: int, settings: SectionSettings) -> int:
    """One past the last paragraph under a comments heading."""
    near = range(heading + 1, min(len(page.paragraphs), heading + 1 + _STAMP_REACH))
    stamped = sum(_is_evidence(page, index) for index in near) >= _STAMPS_HEADED
    text = range(heading + 1, heading + 1 + _GOES_ON)
    if not stamped and heading not in page.shared and all(map(page.is_good, text)):
        return heading + 1  # nobody's name above it, and the site's other pages have no such part: one of the text's
    share = settings.before_stamped if stamped else settings.before
    over = _article_before(page, heading, share) or (stamped and _article_before(page, heading, settings.before, _MIN_ITEM))
    return len(page.paragraphs) if over else heading + 1


def _author_end(page: Page, heading: int, _: SectionSettings) -> int:
    """One past the note under a heading on the writer, below an article: some short lines, and a paragraph of text."""
    if page.running(0, heading) < _MIN_BEFORE:
        return heading + 1
    for index in range(heading + 1, min(len(page.paragraphs), heading + 2 + _NAME_LINES)):
        if _is_heading(page, index):
            return heading + 1
        if page.is_good(index):
            return index + 1
    return heading + 1


def _is_evidence(page: Page, index: int) -> bool:
    return page.stamps[index] or page.rules[index] in {STAMP, TOOLS}


def _stamped(page: Page, found: Collection[int], settings: SectionSettings) -> int | None:
    """Where comments begin that have no heading: stamps in rhythm after the article, one of them a comment's beyond doubt.

    Where stamps begin before an article does, the page is a forum or a live blog, whose entries are its content. What was
    `found` under headings is none of them.
    """
    marks = [i for i in range(len(page.paragraphs)) if _is_evidence(page, i) and not page.cut[i] and i not in found]
    marks = [i for i in marks if page.running(0, i) >= _MIN_BEFORE]
    sure = next((place for place, i in enumerate(marks) if page.rules[i] == STAMP), None)
    if sure is None:
        return None
    # the comment above the first that is beyond doubt may be stamped by its date alone; dates further up are captions'
    between = range(marks[sure - 1] + 1, marks[sure])
    above = sure > 0 and len(between) < _STAMP_GAP and not any(_is_heading(page, i) for i in between)
    marks = marks[sure - above :]
    if len(marks) < _STAMPS_ALONE:
        return None
    if not _article_before(page, marks[0], settings.before_stamped) or not _dated(page, marks):
        return None
    if sum(page.rules[i] in {STAMP, TOOLS} for i in range(marks[0])) >= _STAMPS_ALONE:
        return None
    gaps = sorted(b - a for a, b in pairwise(marks))
    if gaps[len(gaps) // 2] > _STAMP_GAP:
        return None
    name = marks[0] - 1  # the writer's name stands on a line above the stamp
    named = page.rules[name] is None and page.paragraphs[name].size <= _NAME_SIZE and not page.paragraphs[name].sentence
    return name if named else marks[0]


def _dated(page: Page, marks: Sequence[int]) -> bool:
    """Whether most of the stamps tell when, or are followed by what does or by controls, as where readers comment.

    An article that lets several people speak ("Anna K. says:", "Peter wrote:") has only the names.
    """
    bare = [i for i in marks if not _tells_when(page, i)]
    told = 0
    for start, end in pairwise([*bare, len(page.paragraphs)]):
        until = next((i for i in range(start + 1, end) if _is_heading(page, i)), end)
        told += any(_tells_when(page, i) or page.rules[i] == TOOLS for i in range(start + 1, until))
    return not bare or told > _DATED * len(bare)


def _tells_when(page: Page, index: int) -> bool:
    return page.stamps[index] or (page.rules[index] == STAMP and "#" in page.paragraphs[index].numbered)


def _related_end(page: Page, heading: int, settings: SectionSettings) -> int:
    """One past the last paragraph under a related heading."""
    if page.running(0, heading) < _MIN_BEFORE:
        return _list_end(page, heading)
    end = _teasers_end(page, heading)
    if _article_before(page, heading, settings.before) and not _is_amid(page, heading, end):
        return _rest_end(page, end)
    return end


def _is_amid(page: Page, heading: int, end: int) -> bool:
    """Whether a heading and the few bare titles under it stand between two paragraphs of running text: a box in an article.

    A box may be empty: many are filled when the page is shown. Below a long text, one more short paragraph is a note.
    """
    titles = page.rules[heading + 1 : end].count(None)
    if not (titles <= teasers.IN_BOX and page.is_good(_above_box(page, heading)) and page.is_good(end)):
        return False
    return not titles or page.paragraphs[end].size >= _MORE * page.running(0, heading)


def _above_box(page: Page, heading: int) -> int:
    """The paragraph above a heading and the other headings and advertisements that a box begins with."""
    above = heading - 1
    while above > max(0, heading - _BOX_HEAD) and page.cut[above] and page.rules[above] in _OF_BOX:
        above -= 1
    return above


def _rest_end(page: Page, start: int) -> int:
    """One past what follows the groups under a heading below the article: up to where running text stands in a row, if anywhere.

    The next heading is judged by itself.
    """
    row = 0
    for index in range(start, len(page.paragraphs)):
        if _is_heading(page, index) or page.rules[index] == NOTES:
            return index
        if page.is_good(index):
            row += 1
            if row == _GOES_ON:
                return start
        elif page.paragraphs[index].size >= 1:
            row = 0
    return len(page.paragraphs)


def _teasers_end(page: Page, heading: int) -> int:
    """One past the groups of titles and teasers that follow a heading directly."""
    end = at = heading + 1
    teased: bool | None = None  # whether the groups so far had a teaser each
    while titles := _titles(page, at):
        after = titles[-1] + 1
        own = [i for i in titles if page.rules[i] is None]
        if teased is None and all(page.cut[i] and page.rules[i] in _OF_BOX for i in titles):
            return after  # nothing that a teaser could belong to
        doubled = _doubled(page, titles)
        running_on = page.is_good(after + 1) or _says(page, after + 1)
        if teased and running_on and not doubled:
            break  # a subheading of the article looks like a title, its first paragraph like a teaser
        if after < len(page.paragraphs) and _is_teaser(page, after):
            if teased is False or (teased is None and not doubled and (len(own) > 1 or running_on)):
                # a bare list of titles: what follows is no teaser of the last one
                return _before_headline(page, heading, titles)
            teased = True
            after += 1
        elif own:
            teased = False
        at = end = after
    return end


def _list_end(page: Page, heading: int) -> int:
    """One past the bare titles under a heading that no article stands above.

    What reads like a teaser there may be the article's headline and lead, unless the article has begun and each title stands
    twice. Where no running text follows, the page is a list of titles.
    """
    begun = page.running(0, heading) > 0
    at = heading + 1
    while titles := _titles(page, at):
        after = titles[-1] + 1
        if not (begun and _doubled(page, titles) and after < len(page.paragraphs) and _is_teaser(page, after)):
            break
        at = after + 1
    if at > heading + 1 or not titles or not page.is_good(titles[-1] + 1):
        return at
    return _before_headline(page, heading, titles)


def _doubled(page: Page, titles: Sequence[int]) -> bool:
    """Whether one of the last titles that no rule knows stands twice: a title and its picture's; names in menus are none."""
    own = [page.paragraphs[i].form for i in titles if page.rules[i] is None][-_DOUBLED:]
    return len(set(own)) < len(own)


def _before_headline(page: Page, heading: int, titles: Sequence[int]) -> int:
    """One past a list of titles that running text follows; above an article its last lines are headline, by-line and date.

    Where one article is signed there, its headline stands above its by-line and date. Where the list begins with a menu's
    entries, as under "Latest news" in a menu, these stand above the last by-line or date.
    """
    if page.running(0, heading) >= _MIN_BEFORE:
        return titles[-1] + 1
    own = [i for i in titles if page.rules[i] is None]
    if len(own) < _HEAD_LINES:
        return heading + 1
    signs = [i for i in titles if page.rules[i] in OF_ARTICLE]
    if signs and not any(_is_long(page, i) for i in own if signs[0] < i < signs[-1]):  # one article's, and not a date a title
        above = [i for i in own if i < signs[0]][-_HEAD_LINES:]
        if any(_is_long(page, i) for i in above):
            return above[0]
    if max(page.paragraphs[i].size for i in titles[:_HEAD_LINES]) <= _ENTRY_SIZE:
        signed = max((i for i in titles if page.rules[i] in OF_ARTICLE), default=titles[-1] + 1)
        above = [i for i in own if i < signed][-_HEAD_LINES:]
        own = above if any(_is_long(page, i) for i in above) else own
    return own[max(0, len(own) - _HEAD_LINES)]


def _is_long(page: Page, index: int) -> bool:
    """Whether a line has words enough for a headline."""
    return page.paragraphs[index].size >= _HEADLINE_SIZE


def _titles(page: Page, at: int) -> list[int]:
    """The run of lines from here on that look like titles, or that another rule takes."""
    run = []
    while at < len(page.paragraphs) and not _is_heading(page, at) and page.rules[at] != NOTES:
        if page.rules[at] is None and (page.paragraphs[at].good or page.paragraphs[at].size > _TITLE_SIZE):
            break
        run.append(at)
        at += 1
    return run


def _says(page: Page, at: int) -> bool:
    """Whether a paragraph is a short sentence that no rule knows."""
    return at < len(page.paragraphs) and page.rules[at] is None and page.paragraphs[at].says


def _is_teaser(page: Page, at: int) -> bool:
    return page.rules[at] is None and 0 < page.paragraphs[at].size <= _TEASER_SIZE


_ENDS: dict[str, tuple[str, Callable[[Page, int, SectionSettings], int]]] = {
    RELATED: (teasers.SECTION, _related_end),
    COMMENTS: ("section.comments", _comments_end),
    AUTHOR: ("section.author", _author_end),
}
"""By the rule of a heading: the rule of what stands under it, and what finds its end."""
_BEGIN = frozenset([STAMP, PART, *_ENDS])
_OF_BOX = frozenset([RELATED, LINK, "advert"])


def _is_heading(page: Page, index: int) -> bool:
    """Whether a paragraph heads teasers, comments, or a note on the writer."""
    return page.rules[index] in _ENDS
