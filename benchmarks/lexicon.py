"""Made-up languages: vocabularies of syllables with a Zipf distribution, and the lines sites of a language use.

All chance is `bits`: a counter put through the finalizer of SplitMix64, so a stream is a pure function of its key, the same on
every machine and with every version of numpy, and no part of a corpus has to be made to know another.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1
_TABLE = 1 << 18  # entries by which words are drawn: the rarest has one of them
_WORDS = 12_000  # of a vocabulary of syllables
_OFFSET = 2.7  # of Zipf-Mandelbrot: the most frequent word is about one in 25, as in running text
_FILE = Path(__file__).parent / "languages.toml"

PLAIN, CAPITAL, COMMA, STOP = range(4)
"""How a word is written: as it is, at the start of a sentence, before a comma, at the end of a sentence."""


def mix(value: int) -> int:
    """The finalizer of SplitMix64 (Vigna, public domain): spreads 64 bits."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


def key(*parts: int) -> int:
    """One key of several numbers: seed, what it is for, which one."""
    value = 0
    for part in parts:
        value = mix((value * _GOLDEN + part + 1) & _MASK)
    return value


def bits(stream: int, count: int) -> NDArray[np.uint64]:
    """The first `count` draws of a stream: `uint64[count]`, SplitMix64 started at `stream`."""
    value = _counter(max(4096, count))[:count] + np.uint64(stream)
    value ^= value >> np.uint64(30)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    value ^= value >> np.uint64(27)
    value *= np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(31)
    return value


@functools.lru_cache(2)
def _counter(count: int) -> NDArray[np.uint64]:
    """What SplitMix64 adds to its start at each step."""
    return np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GOLDEN)


@dataclass(frozen=True)
class Language:
    """A made-up language.

    Attributes:
        code: its name in languages.toml.
        forms: the words as they are written: object[4 * size], `size` words in each of the ways PLAIN, CAPITAL, COMMA, STOP.
        size: words of the vocabulary, the most frequent first.
        table: `int32[2**18]`, word numbers as often as they are drawn.
        join: what stands between two words.
        lines: the site's lines by name: related, comments, share, copyright.
    """

    code: str
    forms: NDArray[np.object_]
    size: int
    table: NDArray[np.int32]
    join: str
    lines: dict[str, str]

    def draw(self, drawn: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Words for draws, by their frequency."""
        words: NDArray[np.int32] = self.table[drawn >> np.uint64(64 - 18)]
        return words

    def text(self, written: NDArray[np.int32]) -> str:
        """The text of word forms (word number plus `size` times the way it is written)."""
        return self.join.join(self.forms[written].tolist())


def codes() -> tuple[str, ...]:
    """All languages there are."""
    return tuple(_raw())


@functools.cache
def _raw() -> dict[str, dict[str, object]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@functools.cache
def language(code: str) -> Language:
    """A language by its code.

    Raises:
        KeyError: there is none.
    """
    raw = _raw()[code]
    words = _characters(raw["characters"]) if "characters" in raw else _syllables(code, str(raw["onsets"]), str(raw["rimes"]))
    commas = [word + str(raw["comma"]) for word in words]
    stops = [word + str(raw["stop"]) for word in words]
    forms = np.array([*words, *(word[:1].upper() + word[1:] for word in words), *commas, *stops], object)
    names = ("related", "comments", "share", "copyright")
    return Language(code, forms, len(words), _zipf(len(words)), str(raw["join"]), {name: str(raw[name]) for name in names})


def _characters(given: object) -> list[str]:
    """Characters of a script, in an order of their own."""
    first, count = given if isinstance(given, list) else (0, 0)
    order = np.argsort(bits(key(first, count), count), kind="stable")
    return [chr(first + int(i)) for i in order]


def _syllables(code: str, onsets: str, rimes: str) -> list[str]:
    """Distinct words: the frequent ones are short."""
    begins, ends = (["" if part == "_" else part for part in parts.split()] for parts in (onsets, rimes))
    syllables = [begin + end for begin in begins for end in ends]
    words: dict[str, None] = {}
    drawn = iter(bits(key(*code.encode()), 16 * _WORDS).tolist())
    while len(words) < _WORDS:
        first = next(drawn)
        length = 1 if len(words) < 60 else 2 if len(words) < 1500 else 2 + first % 3
        parts = [syllables[(first >> 8) % len(syllables)], *(syllables[next(drawn) % len(syllables)] for _ in range(length - 1))]
        words["".join(parts)] = None
    return list(words)


def _zipf(size: int) -> NDArray[np.int32]:
    """Word numbers, each about as often as Zipf's law says and at least once."""
    share = 1 / (np.arange(size) + _OFFSET)
    ends = np.rint(np.cumsum(share / share.sum()) * (_TABLE - size)).astype(np.int64) + np.arange(1, size + 1)
    return np.repeat(np.arange(size, dtype=np.int32), np.diff(ends, prepend=0))
