"""What a news corpus is made of: stories, their syndicated copies, sites with furniture. Each is a pure function of its numbers.

A story stands on one to three sites. Its copies are trimmed by up to 40 % of the words (whole sentences, from the end), up to
10 % of the words left are replaced, some have other paragraph breaks, and all have a headline of their own.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from lexicon import CAPITAL, COMMA, PLAIN, STOP, bits, key, language

if TYPE_CHECKING:
    from lexicon import Language
    from numpy.typing import NDArray

TRIMMED, EDITED = 400, 100  # thousandths of the words: most that a copy is trimmed by, most that are replaced
REPEATED = 15  # of a hundred documents, how many tell their lead again at the end
SHINGLE = 5  # words, of which the truth's similarities are made
FAMILIES = (1,) * 10 + (2, 2, 3, 3)  # of fourteen stories, on how many sites each stands
_GROUP = sum(FAMILIES)
_PLACES = [(story, member) for story, size in enumerate(FAMILIES) for member in range(size)]
_STORY, _COPY, _PAGE, _SITE = range(4)  # streams of chance
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Spec:
    """What a corpus is made by.

    Attributes:
        n: documents.
        seed: another seed is another corpus.
        languages: codes; stories take turns in them.
        furniture: whether sites put lines of theirs around articles.
    """

    n: int
    seed: int
    languages: tuple[str, ...]
    furniture: bool = True

    @property
    def sites(self) -> int:
        """Sites of each language: of 150 documents on average, four at least."""
        return max(4, self.n // (150 * len(self.languages)))

    @functools.cached_property
    def stride(self) -> int:
        """Spreads the documents of a story over the corpus: about the golden section of n, without a common factor."""
        return next(step for step in range(max(1, round(self.n * 0.618)), 2 * self.n + 2) if math.gcd(step, self.n) == 1)

    def place(self, document: int) -> tuple[int, int]:
        """The story that a document tells, and which of its copies it is (0: the original)."""
        group, slot = divmod(document * self.stride % self.n, _GROUP)
        story, member = _PLACES[slot]
        return group * len(FAMILIES) + story, member

    def sibling(self, document: int, before: int) -> int:
        """The document with the story's copy that is `before` places earlier."""
        return (document - before * pow(self.stride, -1, self.n)) % self.n


@dataclass(frozen=True)
class Body:
    """The running text of one copy.

    Attributes:
        words: `int32[words]`, numbers in the language's vocabulary.
        ways: `int32[words]`, how each is written.
        sentences: `int64[sentences]`, where each ends.
        paragraphs: `int64[paragraphs]`, where each ends.
        trimmed: share of the story's words that is gone.
        edited: share of the words that was replaced, at most (a draw may give the same word).
    """

    words: NDArray[np.int32]
    ways: NDArray[np.int32]
    sentences: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    trimmed: float = 0.0
    edited: float = 0.0

    def shingles(self) -> NDArray[np.uint64]:
        """Distinct shingles of five words, as 64-bit numbers, ascending."""
        value = np.zeros(max(0, len(self.words) - SHINGLE + 1), np.uint64)
        for at in range(SHINGLE):
            value = value * _MULTIPLIER + self.words[at : at + len(value)].astype(np.uint64)
        value.sort()
        return value[np.append(True, value[1:] != value[:-1])] if len(value) else value


@functools.lru_cache(8)  # the copies of a story are compared one after the other
def original(spec: Spec, story: int) -> Body:
    """A story as its first site tells it."""
    tongue = language_of(spec, story)
    drawn = bits(key(spec.seed, _STORY, story), 800)
    count = 16 + int(drawn[0] % np.uint64(29))
    longer = 1 if tongue.join else 2  # characters
    ends = np.cumsum((8 + (drawn[1 : 1 + count] % np.uint64(14)).astype(np.int64)) * longer)
    size = int(ends[-1])
    if size + 100 > len(drawn):
        drawn = bits(key(spec.seed, _STORY, story), size + 100)
    taken = drawn[100 : 100 + size]
    ways = np.where(taken & np.uint64(15), np.int32(PLAIN), np.int32(COMMA))
    ways[0] = CAPITAL
    ways[ends[:-1]] = CAPITAL
    ways[ends - 1] = STOP
    return Body(tongue.draw(taken), ways, ends, _paragraphs(drawn[50:80], ends))


def copy(spec: Spec, story: int, member: int) -> Body:
    """A story as another site tells it; member 0 is the original."""
    body = original(spec, story)
    if member == 0:
        return body
    tongue = language_of(spec, story)
    drawn = bits(key(spec.seed, _COPY, story, member), 300)
    total = len(body.words)
    least = total - total * int(drawn[0] % np.uint64(TRIMMED + 1)) // 1000
    ends = body.sentences[: int(np.searchsorted(body.sentences, least)) + 1]
    size = int(ends[-1])
    edits = min(size * int(drawn[1] % np.uint64(EDITED + 1)) // 1000, 100)
    words = body.words[:size].copy()
    words[(drawn[50 : 50 + edits] % np.uint64(size)).astype(np.int64)] = tongue.draw(drawn[150 : 150 + edits])
    paragraphs = np.append(body.paragraphs[body.paragraphs < size], size)
    if drawn[2] % np.uint64(3) == 0:
        paragraphs = _paragraphs(drawn[3:33], ends)
    return Body(words, body.ways[:size], ends, paragraphs, 1 - size / total, edits / size)


def _paragraphs(drawn: NDArray[np.uint64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where paragraphs of two to four sentences end."""
    breaks = np.cumsum(2 + (drawn % np.uint64(3)).astype(np.int64))
    return np.append(ends[breaks[breaks < len(ends)] - 1], ends[-1])


def language_of(spec: Spec, story: int) -> Language:
    """The language that a story is told in."""
    return language(spec.languages[story % len(spec.languages)])


@dataclass(frozen=True)
class Site:
    """A site's name, and the lines it puts around each article."""

    name: str
    gap: str
    top: tuple[str, ...]
    before_related: tuple[str, ...]
    related: str
    comments: str
    bottom: tuple[str, ...]


def site_of(spec: Spec, story: int, member: int) -> Site:
    """The site on which a copy stands: copies of one story stand on different sites."""
    first = key(spec.seed, _SITE, story)
    return _site(spec.seed, spec.languages[story % len(spec.languages)], (first + member) % spec.sites)


@functools.lru_cache(8192)
def _site(seed: int, code: str, number: int) -> Site:
    tongue = language(code)
    drawn = bits(key(seed, _SITE, number, *code.encode()), 60)
    words = tongue.draw(drawn)
    name = f"{code}{number}.example"
    top = (" | ".join(tongue.forms[words[:6] + tongue.size].tolist()),) if drawn[6] % np.uint64(2) else ()
    own = (sentence(tongue, words[7:21]), sentence(tongue, words[21:33]))
    copyright_line = tongue.lines["copyright"].format(year=2024, site=name)
    gap = "\n\n" if drawn[33] % np.uint64(2) else "\n"
    return Site(
        name,
        gap,
        top,
        (own[0], tongue.lines["share"]),
        tongue.lines["related"],
        tongue.lines["comments"],
        (own[1], copyright_line),
    )


def sentence(tongue: Language, words: NDArray[np.int32]) -> str:
    """Words as a sentence."""
    ways = np.zeros(len(words), np.int32)
    ways[0], ways[-1] = CAPITAL, STOP
    return tongue.text(words + ways * tongue.size)


def page_draws(spec: Spec, document: int) -> NDArray[np.uint64]:
    """The chance of a page: headline, furniture that differs from page to page, whether the lead stands twice."""
    return bits(key(spec.seed, _PAGE, document), 160)
