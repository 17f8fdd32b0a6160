"""Finds paragraphs that stand twice in one document: pasted bodies, closing leads, doubled titles. Exact set comparison."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dedup.model import Finding, Paragraph, Partner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.settings import RepeatSettings

_SHINGLE = 3  # words: a lead of twelve words that lost two still shares most of its shingles
_MIN_SIZE = 8  # words: shorter lines come again by nature ("Yes.", "He shrugged.")
_MIN_TITLE = 3  # words of a doubled title
_TITLE_REACH = 3  # paragraphs after a doubled title within which running text begins; else it is a list or a song
_RUN_LENGTH = 3  # paragraphs in a row that come again in a row: a pasted body
_RUN_GOOD = 2  # of them running text: a refrain has none
_COMMON = 64  # paragraphs a shingle may stand in; one that is in more says nothing about a pair
_DIALOGUE_SIZE = 15  # words: a short line of speech may be said twice
_ADDED_WORDS = 6  # ", the state news agency reported on Saturday"
_ADDED_SHARE = 0.3  # of the shorter one's words
_VERSE_LINE = 10  # words a line of a paragraph that is set in verses

_DIALOGUE = re.compile(r"\s*[\"'“”„‚‘«»‹›「『—–―-]")  # noqa: RUF001 (opening marks of speech in many languages)
_ROW = re.compile(r"\t|\s\|\s|^\s*[|+*•·‣◦▪-]\s|^\s*\d+[.)]\s|\S {3,}\S")
_NUMBER = re.compile(r"\d")


class _Alike(NamedTuple):
    """Two paragraphs by index, `a` before `b`, and the share of each one's shingles that the other has."""

    a: int
    b: int
    of_a: float
    of_b: float
    jaccard: float


def find_repeats(document: str, text: str, paragraphs: Sequence[Paragraph], settings: RepeatSettings) -> list[Finding]:
    """Find the paragraphs of one document that repeat another one of it.

    The first is kept, unless the later one is the longer and stands in the body (running text follows it). Spared are short
    lines, verse, list and table rows, and short lines of speech; doubled titles are taken where running text follows.

    Args:
        document: the document's id, for the partner of each finding.
        text: the document's text.
        paragraphs: those still standing, in order; boilerplate should be gone, or a teaser looks like the body.
        settings: thresholds.

    Returns:
        Findings in the order of the text, at most one a paragraph; empty for fewer than two paragraphs.
    """
    gone: dict[int, Finding] = {}

    def drop(index: int, kept: int, rule: str, score: float) -> None:
        if index not in gone and kept not in gone:
            span, other = paragraphs[index], paragraphs[kept]
            partner = Partner(document, other.start, other.end)
            gone[index] = Finding("repeat", span.start, span.end, rule, round(score, 4), partner)

    first = _first_of_form(paragraphs)
    for index, kept in _runs(paragraphs, first):
        drop(index, kept, "repeat.run", 1.0)
    for index, kept in _doubled_titles(text, paragraphs):
        drop(index, kept, "repeat.title", 1.0)
    comparable = [i for i, p in enumerate(paragraphs) if _comparable(text, p)]
    for index in comparable:
        kept = first[paragraphs[index].form]
        if kept != index:
            drop(index, kept, "repeat.exact", 1.0)
    standing = [i for i in comparable if i not in gone and paragraphs[i].sentence]
    for pair in _alike(paragraphs, standing, settings):
        for index, kept, rule, score in _judge(paragraphs, pair, settings):
            drop(index, kept, rule, score)
    return [gone[index] for index in sorted(gone)]


def _first_of_form(paragraphs: Sequence[Paragraph]) -> dict[str, int]:
    first: dict[str, int] = {}
    for index, paragraph in enumerate(paragraphs):
        first.setdefault(paragraph.form, index)
    return first


def _runs(paragraphs: Sequence[Paragraph], first: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Paragraphs of bodies pasted again: in a row, the same as an earlier row, with running text among them."""
    forms = [paragraph.form for paragraph in paragraphs]
    index = 0
    while index < len(forms):
        begin = first[forms[index]]
        length = 0
        while index + length < len(forms) and begin + length < index and forms[begin + length] == forms[index + length]:
            length += 1
        good = sum(paragraphs[index + i].good for i in range(length))
        if length >= _RUN_LENGTH and good >= _RUN_GOOD:
            yield from ((index + i, begin + i) for i in range(length))
            index += length
        else:
            index += 1


def _doubled_titles(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, int]]:
    """Titles that stand twice in a row, where running text follows (a song's doubled line has none)."""
    for index in range(1, len(paragraphs)):
        here, before = paragraphs[index], paragraphs[index - 1]
        if here.words != before.words or here.size < _MIN_TITLE or _ROW.search(text[here.start : here.end]):
            continue
        after = [p for p in paragraphs[index + 1 : index + 2 + _TITLE_REACH] if p.words != here.words]
        if any(p.good for p in after[:_TITLE_REACH]):
            yield index, index - 1


def _comparable(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is one whose second standing means something."""
    if paragraph.size < _MIN_SIZE:
        return False
    piece = text[paragraph.start : paragraph.end]
    if _ROW.search(piece) or _is_verse(piece, paragraph):
        return False
    return not (paragraph.size < _DIALOGUE_SIZE and _DIALOGUE.match(piece))


def _is_verse(piece: str, paragraph: Paragraph) -> bool:
    """Several short lines that were kept apart: a stanza, an address, a form."""
    lines = piece.splitlines()
    return len(lines) > 1 and paragraph.size / len(lines) < _VERSE_LINE and len(set(map(len, lines))) > 1 and not paragraph.good


def _alike(paragraphs: Sequence[Paragraph], indices: list[int], settings: RepeatSettings) -> Iterator[_Alike]:
    """Pairs that share enough shingles, found through an index of shingles, the later paragraph ascending."""
    sets = {i: _shingles(paragraphs[i].words) for i in indices}
    holders: dict[tuple[str, ...], list[int]] = {}
    for b in indices:
        shared: Counter[int] = Counter()
        for shingle in sets[b]:
            known = holders.setdefault(shingle, [])
            shared.update(known)
            if len(known) < _COMMON:
                known.append(b)
        for a, count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
            pair = _Alike(a, b, count / len(sets[a]), count / len(sets[b]), count / (len(sets[a]) + len(sets[b]) - count))
            if max(pair.of_a, pair.of_b) >= settings.contained:
                yield pair


def _shingles(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[i : i + _SHINGLE] for i in range(len(words) - _SHINGLE + 1)}


def _judge(
    paragraphs: Sequence[Paragraph], pair: _Alike, settings: RepeatSettings
) -> Iterator[tuple[int, int, str, float]]:
    """Which of two alike paragraphs goes, by which rule; neither when each says something of its own."""
    a, b = paragraphs[pair.a], paragraphs[pair.b]
    if pair.jaccard >= settings.near:
        if not _adds_numbers(b, a):
            yield pair.b, pair.a, "repeat.near", pair.jaccard
    elif pair.of_b >= settings.contained and len(b.words) <= len(a.words):
        if not _adds_numbers(b, a):
            yield pair.b, pair.a, "repeat.contained", pair.of_b
    elif pair.of_a >= settings.contained and not _adds_numbers(a, b):
        if any(p.good for p in paragraphs[pair.b + 1 :]):
            yield pair.a, pair.b, "repeat.contained", pair.of_a
        elif len(b.words) - len(a.words) <= max(_ADDED_WORDS, _ADDED_SHARE * len(a.words)) and not _adds_numbers(b, a):
            yield pair.b, pair.a, "repeat.lengthened", pair.of_a


def _adds_numbers(candidate: Paragraph, kept: Paragraph) -> bool:
    """Whether cutting the candidate would lose a number: weather, results and prices are told in equal sentences."""
    numbers = Counter(word for word in candidate.words if _NUMBER.search(word))
    numbers.subtract(word for word in kept.words if _NUMBER.search(word))
    return any(count > 0 for count in numbers.values())


