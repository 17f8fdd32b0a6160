"""Finds paragraphs that stand twice in one document: pasted bodies, closing leads, doubled titles. Exact set comparison."""

from __future__ import annotations

import functools
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Finding, Paragraph, Partner
from dedup.text import contents, recurring
from dedup.text.normal import normal_form
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dedup.settings import RepeatSettings

SHINGLE = 3
"""Words of a shingle: a lead of twelve words that lost two still shares most of them."""
HOLDERS = 17
"""Sentences for which a shingle speaks; one that is in more says little about a pair."""
LEAST_SIZE = 8
"""Words from which a paragraph is compared: shorter lines come again by nature ("Yes.", "He shrugged.")."""
LEAST_EQUAL = 3
"""Words from which equal paragraphs may be a repeat, as a doubled title is."""
_BETWEEN_TITLES = 2  # lines, such as by-line and date
_TITLE_REACH = 3  # paragraphs after a doubled title within which running text begins; else it is a list or a song
_RUN_LENGTH = 3  # paragraphs in a row that come again in a row: a pasted body
_RUN_GOOD = 2  # of them running text: a refrain has none
_WORD = re.compile(r"(\A\W*|[.!?:…][\"'”’)\]]*\s+\W*)?(\w+)")  # noqa: RUF001 (a word, and what shows that it begins a sentence)
_NAMED_SIZE = 60  # words of a paragraph that another name makes another one; in a longer one it is a correction
_NAME_LETTERS = 4  # of a word that begins a paragraph and is no article
_ADDED_WORDS = 6  # ", the state news agency reported on Saturday"
_ADDED_SHARE = 0.3  # of the shorter one's words


class Alike(NamedTuple):
    """Two paragraphs by where they start, `a` before `b`: how many shingles they share, and how many each has."""

    a: int
    b: int
    shared: int
    size_a: int
    size_b: int

    @property
    def of_a(self) -> float:
        """The share of the first one's shingles."""
        return self.shared / self.size_a

    @property
    def of_b(self) -> float:
        """The share of the second one's shingles."""
        return self.shared / self.size_b

    @property
    def jaccard(self) -> float:
        """The share of all their shingles."""
        return self.shared / (self.size_a + self.size_b - self.shared)


def still_alike(paragraphs: Sequence[Paragraph], left: Sequence[Paragraph], pairs: Iterable[Alike]) -> list[Alike] | None:
    """The `alike_pairs` of some of the paragraphs of a text, the others gone; None where there may be others than before.

    Args:
        paragraphs: of the text.
        left: those that stay, in order.
        pairs: the `alike_pairs` of all.
    """
    starts = {p.start for p in left}
    compared = [p.start in starts for p in paragraphs if p.sentence and p.size >= LEAST_SIZE]
    if len(compared) > HOLDERS and not all(compared[: sum(compared)]):
        return None  # a shingle speaks for others when its first ones go
    return [pair for pair in pairs if pair.a in starts and pair.b in starts]


def stand_twice(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether some of the paragraphs are equal, and long enough to be compared or near enough to be a doubled title."""
    seen: dict[str, int] = {}
    for index, paragraph in enumerate(paragraphs):
        if paragraph.size >= LEAST_EQUAL:
            before = seen.get(paragraph.form)
            if before is not None and (paragraph.size >= LEAST_SIZE or index - before <= 1 + _BETWEEN_TITLES):
                return True
            seen[paragraph.form] = index
    return False


class _Link(NamedTuple):
    """Why a paragraph goes: the index of the one that is kept for it, the rule, and how alike they are."""

    kept: int
    rule: str
    score: float


def alike_pairs(paragraphs: Sequence[Paragraph], settings: RepeatSettings) -> list[Alike]:
    """Find the sentences of a text that may be one: all pairs that share enough shingles (see `RepeatSettings`).

    An index of shingles finds them; one that is in more than `HOLDERS` of the sentences speaks for the first of them only, so
    that time grows with the number of words.

    Returns:
        In order of the later one, the most alike first.
    """
    compared = [paragraph for paragraph in paragraphs if paragraph.sentence and paragraph.size >= LEAST_SIZE]
    if len(compared) < 2:
        return []
    found: list[Alike] = []
    first: dict[tuple[str, ...], int] = {}  # who holds a shingle; most are held by one, which needs no list
    others: dict[tuple[str, ...], list[int]] = {}
    sizes: dict[int, int] = {}
    for paragraph in compared:
        own, b = _shingles(paragraph.words), paragraph.start
        sizes[b] = len(own)
        known = first.keys() & own
        shared = Counter(a for shingle in known for a in (first[shingle], *others.get(shingle, ())))
        pairs = (Alike(a, b, count, sizes[a], sizes[b]) for a, count in shared.items())
        found += sorted((p for p in pairs if _is_alike(p, settings)), key=lambda pair: (-pair.shared, pair.a))
        first.update(dict.fromkeys(own - known, b))
        for shingle in known:
            if len(others.setdefault(shingle, [])) < HOLDERS - 1:
                others[shingle].append(b)
    return found


def _is_alike(pair: Alike, settings: RepeatSettings) -> bool:
    fewest = min(pair.size_a, pair.size_b)
    together = pair.size_a + pair.size_b - pair.shared
    return pair.shared >= settings.near * together or pair.shared >= settings.contained * fewest


def find_repeats(  # noqa: PLR0913, PLR0917 (what is known of a document)
    document: str,
    text: str,
    paragraphs: Sequence[Paragraph],
    settings: RepeatSettings,
    headline: int | None = None,
    alike: Callable[[RepeatSettings], Sequence[Alike]] | None = None,
) -> list[Finding]:
    """Find the paragraphs of one document that repeat another one of it.

    The first is kept, unless the later one is the longer and stands in the body (running text follows it). Spared are short
    lines, verse, list and table rows, short lines of speech, questions that are answered anew, and tables of contents with the
    headings that they name; doubled titles are taken where running text follows. Time grows with the number of words.

    Args:
        document: the document's id, for the partner of each finding.
        text: the document's text.
        paragraphs: those still standing, in order; boilerplate should be gone, or a teaser looks like the body.
        settings: thresholds.
        headline: where the paragraph starts that is kept whatever repeats it; None: there is none.
        alike: gives the `alike_pairs` of all of the document's paragraphs; None: they are sought among those still standing.

    Returns:
        Findings in the order of the text, at most one a paragraph, each with a partner that has none; empty for fewer than
        two paragraphs.
    """
    place = {p.start: i for i, p in enumerate(paragraphs)}
    pairs = alike_pairs(paragraphs, settings) if alike is None else alike(settings)
    pairs = [pair for pair in pairs if pair.a in place and pair.b in place]
    if not pairs and not stand_twice(paragraphs):
        return []
    page = _Page(text, paragraphs)
    search = _Search(page, settings, None if headline is None else place.get(headline))
    search.equal()
    indices = ((pair, place[pair.a], place[pair.b]) for pair in pairs)
    search.alike((pair, a, b) for pair, a, b in indices if page.is_comparable(a) and page.is_comparable(b))
    return [
        Finding("repeat", paragraphs[index].start, paragraphs[index].end, link.rule, round(link.score, 4), partner)
        for index, link in search.settled()
        for partner in (Partner(document, paragraphs[link.kept].start, paragraphs[link.kept].end),)
    ]


class _Page:
    """The paragraphs of a document, with what is asked of few of them."""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph]) -> None:
        self.text = text
        self.paragraphs = paragraphs
        self.verse = recurring.in_verse(text, paragraphs)
        firsts: dict[str, int] = {}
        self.first = [firsts.setdefault(p.form, i) for i, p in enumerate(paragraphs)]
        self._comparable: dict[int, bool] = {}

    @functools.cached_property
    def listed(self) -> frozenset[int]:
        """The lines of a table of contents, and the headings that they name: they come again by right."""
        table = contents.entries(self.paragraphs, [p.good for p in self.paragraphs])
        return frozenset((*table, *table.values()))

    def is_comparable(self, index: int) -> bool:
        """Whether the second standing of a paragraph means something."""
        known = self._comparable.get(index)
        if known is None:
            here = self.paragraphs[index]
            piece = self.text[here.start : here.end]
            known = here.size >= LEAST_SIZE and not self.verse[index] and not recurring.is_row(piece)
            known = (
                known and not recurring.is_speech(piece, here.size) and not recurring.is_asked(self.text, self.paragraphs, index)
            )
            known = self._comparable[index] = known and index not in self.listed
        return known


class _Search:
    """What goes, by index; `gone` grows while the search goes on, and a paragraph kept for another may go later."""

    def __init__(self, page: _Page, settings: RepeatSettings, headline: int | None) -> None:
        self.gone: dict[int, _Link] = {}
        self._page = page
        self._paragraphs = page.paragraphs
        self._settings = settings
        self._headline = headline
        self._last_good = max((i for i, p in enumerate(page.paragraphs) if p.good), default=-1)

    def equal(self) -> None:
        """Take paragraphs that are equal to an earlier one."""
        page, first = self._page, self._page.first
        for index, kept in _runs(page.paragraphs, first, page.verse):
            self._drop_equal(index, kept, "repeat.run")
        for index, kept in _doubled_titles(page):
            if index not in page.listed:
                self._drop_equal(index, kept, "repeat.title")
        for index, kept in enumerate(first):
            if kept != index and page.is_comparable(index):
                self._drop_equal(index, kept, "repeat.exact")

    def _drop_equal(self, index: int, kept: int, rule: str) -> None:
        while kept in self.gone:
            kept = self.gone[kept].kept
        if index == self._headline:
            index, kept = kept, index
        if index != kept and index not in self.gone:
            self.gone[index] = _Link(kept, rule, 1.0)

    def alike(self, pairs: Iterable[tuple[Alike, int, int]]) -> None:
        """Take paragraphs that share enough shingles with another, which is not gone itself; pairs with their indices."""
        for pair, a, b in pairs:
            if a in self.gone or b in self.gone:
                continue
            index, link = self._verdict(pair, a, b)
            if link is not None:
                self.gone[index] = link

    def _verdict(self, pair: Alike, first: int, second: int) -> tuple[int, _Link | None]:
        """Which of two alike paragraphs goes, and why; no link when each says something of its own."""
        a, b = self._paragraphs[first], self._paragraphs[second]
        near, contained = self._settings.near, self._settings.contained
        goes, kept, rule, score = second, first, "", 0.0
        if pair.jaccard >= near:
            rule, score = "repeat.near", pair.jaccard
        elif pair.of_b >= contained and b.count <= a.count:
            rule, score = "repeat.contained", pair.of_b
        elif pair.of_a >= contained and second < self._last_good:
            goes, kept, rule, score = first, second, "repeat.contained", pair.of_a
        elif pair.of_a >= contained and b.count - a.count <= max(_ADDED_WORDS, _ADDED_SHARE * a.count):
            rule, score = "repeat.lengthened", pair.of_a
        if not rule or goes == self._headline or _adds_numbers(self._paragraphs[goes], self._paragraphs[kept]):
            return goes, None
        if _swaps_names(self._page.text, self._paragraphs[goes], self._paragraphs[kept]):
            return goes, None
        return goes, _Link(kept, rule, score)

    def settled(self) -> Iterator[tuple[int, _Link]]:
        """What goes, in order, each for one that stays.

        What is kept for a paragraph may itself go for another. An equal one goes for that too; one that is only alike is
        compared with it, and stays when they differ too much.
        """
        for index in sorted(self.gone):
            link: _Link | None = self.gone[index]
            while link is not None and link.kept in self.gone:
                link = self._relinked(index, link.kept)
            if link is not None:
                yield index, link

    def _relinked(self, index: int, kept: int) -> _Link | None:
        """Why a paragraph goes whose partner goes too, for what is kept instead."""
        after, paragraphs = self.gone[kept], self._paragraphs
        if paragraphs[index].form == paragraphs[kept].form:
            return after
        a, b = sorted((index, after.kept))
        sets = _shingles(paragraphs[a].words), _shingles(paragraphs[b].words)
        goes, link = self._verdict(Alike(a, b, len(sets[0] & sets[1]), len(sets[0]), len(sets[1])), a, b)
        return link if goes == index else None


def _runs(paragraphs: Sequence[Paragraph], first: Sequence[int], verse: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Paragraphs of bodies pasted again: in a row, the same as an earlier row, with running text among them.

    A run is sought around each paragraph of running text. Where it fails, it has no other one; so no line is looked at more
    than a few times, however few forms the lines have.

    Args:
        paragraphs: in order.
        first: per paragraph the first of its form.
        verse: per paragraph whether it is verse, which is no running text here.
    """
    words = [p.form for p in paragraphs]
    solid = [p.good and not sung for p, sung in zip(paragraphs, verse, strict=True)]
    again = [False] * len(words)  # a copy is compared with what is no copy itself
    end = 0  # of the last run
    for anchor, begin in enumerate(first):
        if anchor < end or begin == anchor or not solid[anchor]:
            continue
        back, forth = 0, 1

        def same(at: int, shift: int = anchor - begin) -> bool:
            return at >= shift and not again[at - shift] and words[at] == words[at - shift]

        while anchor - back > max(end, begin + 1) and same(anchor - back - 1):
            back += 1
        while anchor + forth < len(words) and begin + forth < anchor - back and same(anchor + forth):
            forth += 1
        run = range(anchor - back, anchor + forth)
        if len(run) >= _RUN_LENGTH and sum(solid[run.start : run.stop]) >= _RUN_GOOD:
            yield from ((index, index - anchor + begin) for index in run)
            again[run.start : run.stop] = [True] * len(run)
            end = run.stop


def _doubled_titles(page: _Page) -> Iterator[tuple[int, int]]:
    """Titles that stand twice, with a by-line and a date between at most, where running text follows (a song has none)."""
    paragraphs = page.paragraphs
    for index, first in enumerate(page.first):
        here = paragraphs[index]
        if first == index:
            continue
        near = range(index - 1, max(-1, index - 2 - _BETWEEN_TITLES), -1)
        before = next((i for i in near if paragraphs[i].form == here.form or paragraphs[i].sentence), index)
        if paragraphs[before].form != here.form or before == index:
            continue
        if here.size < LEAST_EQUAL or recurring.is_row(page.text[here.start : here.end]):
            continue
        after = [p for p in paragraphs[index + 1 : index + 2 + _TITLE_REACH] if p.form != here.form]
        if any(p.good for p in after[:_TITLE_REACH]):
            yield index, before


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[i:] for i in range(SHINGLE)), strict=False))


def _adds_numbers(candidate: Paragraph, kept: Paragraph) -> bool:
    """Whether cutting the candidate would lose a number, or their order: weather and results are told in equal sentences."""
    form, at = f" {kept.form} ", 0
    if f" {candidate.form} " in form:
        return False
    for word in _numbers(candidate):
        at = form.find(f" {word} ", at)
        if at < 0:
            return True
        at += len(word) + 1
    return False


def _swaps_names(text: str, candidate: Paragraph, kept: Paragraph) -> bool:
    """Whether cutting the candidate would lose a name for which the kept one has other words.

    Reference works say of many things what they say of the first. Names have a capital within a sentence, or are those of code
    ("for_each"); and the words that begin two paragraphs are what they are about, where neither has the other's.
    """
    if candidate.count > _NAMED_SIZE:
        return False
    own, others = set(candidate.words), set(kept.words)
    if own <= others or others <= own:
        return False
    begins = candidate.words[0], kept.words[0]
    if begins[0] not in others and begins[1] not in own and min(map(len, begins)) >= _NAME_LETTERS:
        return True
    written = _WORD.findall(shown(text[candidate.start : candidate.end]))
    named = (word for begun, word in written if "_" in word or (not begun and word != word.lower()))
    return any(not others.issuperset(normal_form(word).split()) for word in named)


def _numbers(paragraph: Paragraph) -> list[str]:
    """The words that have a number in them, in order."""
    if paragraph.form == paragraph.numbered:
        return []
    pairs = zip(paragraph.words, paragraph.numbered.split(), strict=True)
    return [word for word, without in pairs if word != without]
