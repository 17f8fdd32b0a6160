"""Finds paragraphs that stand twice in one document: pasted bodies, closing leads, doubled titles. Exact set comparison."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Finding, Paragraph, Partner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.settings import RepeatSettings

_SHINGLE = 3  # words: a lead of twelve words that lost two still shares most of its shingles
_MIN_SIZE = 8  # words: shorter lines come again by nature ("Yes.", "He shrugged.")
_MIN_TITLE = 3  # words of a doubled title
_BETWEEN_TITLES = 2  # lines, such as by-line and date
_TITLE_REACH = 3  # paragraphs after a doubled title within which running text begins; else it is a list or a song
_RUN_LENGTH = 3  # paragraphs in a row that come again in a row: a pasted body
_RUN_GOOD = 2  # of them running text: a refrain has none
_COMMON = 16  # standing paragraphs by which a shingle finds a partner; one that is in more says little about a pair
_SHORT_LINE = 15  # words: a shorter line of speech may be said twice, a shorter line of a song is sung again
_VERSE_LINES = 4  # short lines in a row that read as verse
_VERSE_LEAST = 3  # words of such a line; menu entries have fewer
_ADDED_WORDS = 6  # ", the state news agency reported on Saturday"
_ADDED_SHARE = 0.3  # of the shorter one's words

_DIALOGUE = re.compile(r"\s*[\"'“”„‚‘«»‹›「『—–―-]")  # noqa: RUF001 (opening marks of speech in many languages)
_ROW = re.compile(r"\t|\s\|\s|^\s*[|+*•·‣◦▪-]\s|^\s*\d+[.)]\s|\S {3,}\S")
_NUMBER = re.compile(r"\d")
_MARK = re.compile(r"[^\w\s]\s*\Z")  # a comma, a stop, a dash at a line's end


class _Alike(NamedTuple):
    """Two paragraphs by index, `a` before `b`: how many shingles they share, and how many each has."""

    a: int
    b: int
    shared: int
    size_a: int
    size_b: int

    @property
    def of_a(self) -> float:
        return self.shared / self.size_a

    @property
    def of_b(self) -> float:
        return self.shared / self.size_b

    @property
    def jaccard(self) -> float:
        return self.shared / (self.size_a + self.size_b - self.shared)


class _Link(NamedTuple):
    """Why a paragraph goes: the index of the one that is kept for it, the rule, and how alike they are."""

    kept: int
    rule: str
    score: float


def find_repeats(
    document: str, text: str, paragraphs: Sequence[Paragraph], settings: RepeatSettings, headline: int | None = None
) -> list[Finding]:
    """Find the paragraphs of one document that repeat another one of it.

    The first is kept, unless the later one is the longer and stands in the body (running text follows it). Spared are short
    lines, verse, list and table rows, and short lines of speech; doubled titles are taken where running text follows. Time
    grows with the number of words.

    Args:
        document: the document's id, for the partner of each finding.
        text: the document's text.
        paragraphs: those still standing, in order; boilerplate should be gone, or a teaser looks like the body.
        settings: thresholds.
        headline: where the paragraph starts that is kept whatever repeats it; None: there is none.

    Returns:
        Findings in the order of the text, at most one a paragraph, each with a partner that has none; empty for fewer than
        two paragraphs.
    """
    search = _Search(paragraphs, settings, next((i for i, p in enumerate(paragraphs) if p.start == headline), None))
    verse = _in_verse(text, paragraphs)
    comparable = [i for i, p in enumerate(paragraphs) if not verse[i] and _comparable(text, p)]
    search.equal(text, verse, comparable)
    search.alike([i for i in comparable if i not in search.gone and paragraphs[i].sentence])
    return [
        Finding("repeat", paragraphs[index].start, paragraphs[index].end, link.rule, round(link.score, 4), partner)
        for index, link in search.settled()
        for partner in (Partner(document, paragraphs[link.kept].start, paragraphs[link.kept].end),)
    ]


class _Search:
    """What goes, by index; `gone` grows while the search goes on, and a paragraph kept for another may go later."""

    def __init__(self, paragraphs: Sequence[Paragraph], settings: RepeatSettings, headline: int | None) -> None:
        self.gone: dict[int, _Link] = {}
        self._paragraphs = paragraphs
        self._settings = settings
        self._headline = headline
        self._last_good = max((i for i, p in enumerate(paragraphs) if p.good), default=-1)

    def equal(self, text: str, verse: Sequence[bool], comparable: Sequence[int]) -> None:
        """Take paragraphs that are equal to an earlier one."""
        paragraphs = self._paragraphs
        firsts: dict[str, int] = {}
        first = [firsts.setdefault(p.form, i) for i, p in enumerate(paragraphs)]
        for index, kept in _runs(paragraphs, first, verse):
            self._drop_equal(index, kept, "repeat.run")
        for index, kept in _doubled_titles(text, paragraphs):
            self._drop_equal(index, kept, "repeat.title")
        for index in comparable:
            self._drop_equal(index, first[index], "repeat.exact")

    def _drop_equal(self, index: int, kept: int, rule: str) -> None:
        while kept in self.gone:
            kept = self.gone[kept].kept
        if index == self._headline:
            index, kept = kept, index
        if index != kept and index not in self.gone:
            self.gone[index] = _Link(kept, rule, 1.0)

    def alike(self, indices: Sequence[int]) -> None:
        """Take paragraphs that share enough shingles with another of the given ones; an index of shingles finds it."""
        sets = {i: _shingles(self._paragraphs[i].words) for i in indices}
        first: dict[tuple[str, ...], int] = {}  # who holds a shingle; most are held by one, which needs no list
        others: dict[tuple[str, ...], list[int]] = {}
        for b in indices:
            known = first.keys() & sets[b]
            shared = Counter(a for shingle in known for a in (first[shingle], *others.get(shingle, ())))
            for a, count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
                index, link = self._verdict(_Alike(a, b, count, len(sets[a]), len(sets[b])))
                if link is not None and index not in self.gone and link.kept not in self.gone:
                    self.gone[index] = link
            if b not in self.gone:
                first.update(dict.fromkeys(sets[b] - known, b))
                for shingle in known:
                    if len(others.setdefault(shingle, [])) < _COMMON:
                        others[shingle].append(b)

    def _verdict(self, pair: _Alike) -> tuple[int, _Link | None]:
        """Which of two alike paragraphs goes, and why; no link when each says something of its own."""
        a, b = self._paragraphs[pair.a], self._paragraphs[pair.b]
        near, contained = self._settings.near, self._settings.contained
        goes, kept, rule, score = pair.b, pair.a, "", 0.0
        if pair.jaccard >= near:
            rule, score = "repeat.near", pair.jaccard
        elif pair.of_b >= contained and b.count <= a.count:
            rule, score = "repeat.contained", pair.of_b
        elif pair.of_a >= contained and pair.b < self._last_good:
            goes, kept, rule, score = pair.a, pair.b, "repeat.contained", pair.of_a
        elif pair.of_a >= contained and b.count - a.count <= max(_ADDED_WORDS, _ADDED_SHARE * a.count):
            rule, score = "repeat.lengthened", pair.of_a
        if not rule or goes == self._headline or _adds_numbers(self._paragraphs[goes], self._paragraphs[kept]):
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
        goes, link = self._verdict(_Alike(a, b, len(sets[0] & sets[1]), len(sets[0]), len(sets[1])))
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


def _doubled_titles(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, int]]:
    """Titles that stand twice, with a by-line and a date between at most, where running text follows (a song has none)."""
    for index in range(1, len(paragraphs)):
        here = paragraphs[index]
        near = range(index - 1, max(-1, index - 2 - _BETWEEN_TITLES), -1)
        before = next((i for i in near if paragraphs[i].form == here.form or paragraphs[i].sentence), index)
        if paragraphs[before].form != here.form or before == index:
            continue
        if here.size < _MIN_TITLE or _ROW.search(text[here.start : here.end]):
            continue
        after = [p for p in paragraphs[index + 1 : index + 2 + _TITLE_REACH] if p.form != here.form]
        if any(p.good for p in after[:_TITLE_REACH]):
            yield index, before


def _comparable(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is one whose second standing means something."""
    if paragraph.size < _MIN_SIZE:
        return False
    piece = text[paragraph.start : paragraph.end]
    return not _ROW.search(piece) and not (paragraph.size < _SHORT_LINE and _DIALOGUE.match(piece))


def _in_verse(text: str, paragraphs: Sequence[Paragraph]) -> list[bool]:
    """Per paragraph whether it is a stanza, or a short line that follows one among four in a row: song, speech, list.

    The first of such lines is none: a short lead may come again above the page's last lines.
    """
    verse = [_is_stanza(text[p.start : p.end], p.size) for p in paragraphs]
    short = [stanza or _VERSE_LEAST <= p.size < _SHORT_LINE for p, stanza in zip(paragraphs, verse, strict=True)]
    start = 0
    for end in range(len(short) + 1):
        if end < len(short) and short[end]:
            continue
        if end - start >= _VERSE_LINES:
            verse[start + 1 : end] = [True] * (end - start - 1)
        start = end + 1
    return verse


def _is_stanza(piece: str, size: float) -> bool:
    """Whether short lines were kept apart: each ends in a mark, or had room for the first word of the next."""
    lines = [line.strip() for line in piece.splitlines() if not line.isspace()]
    if len(lines) < 2 or size / len(lines) >= _SHORT_LINE:
        return False
    longest = max(map(len, lines))
    return all(_MARK.search(a) or len(a) + 1 + len(b.split(maxsplit=1)[0]) <= longest for a, b in pairwise(lines))


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))


def _adds_numbers(candidate: Paragraph, kept: Paragraph) -> bool:
    """Whether cutting the candidate would lose a number, or their order: weather and results are told in equal sentences."""
    others = (word for word in kept.words if _NUMBER.search(word))
    return not all(word in others for word in candidate.words if _NUMBER.search(word))
