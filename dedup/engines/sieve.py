"""Tells, from columns alone, which stages can find anything in which texts of a batch, so that nobody has to look at the rest.

The test is a sieve: what it lets through is judged as ever, what it holds back would have found nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from xxhash import xxh64_intdigest

from dedup.boilerplate import phrases
from dedup.kernels import words
from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dedup.boilerplate.profile import Profile

_SLOTS = 1 << 18  # of a table of words, by the low bits of their hash; two words in one slot only make the sieve coarser


class Lines(NamedTuple):
    """Paragraphs of a batch of texts, one a row.

    Attributes:
        keys: `uint64[paragraphs]`, of their numbered forms.
        counts: `int64[paragraphs]`, words.
        short: `bool[paragraphs]`: it is short enough for the rules that look at lines.
        words: `uint64[words]`, xxh64 of the words of the numbered forms.
        word_offsets: `int64[paragraphs + 1]`.
        numbers: `bool[paragraphs]`: it has a number.
        signs: `bool[paragraphs]`: it has a sign for copyright.
        labelled: `bool[paragraphs]`: it may begin with a label and a colon.
        marked: `bool[paragraphs]`: it may have a mark that credits have, or menus.
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    short: NDArray[np.bool_]
    words: NDArray[np.uint64]
    word_offsets: NDArray[np.int64]
    numbers: NDArray[np.bool_]
    signs: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    marked: NDArray[np.bool_]


class Sieve:
    """What may make a rule speak, by the phrases and the profiles.

    Args:
        profiles: those that judge; what is known of any site counts for all, which only makes the sieve coarser.
    """

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        triggers = phrases.load().triggers()
        self._known = _sorted([*map(normal.key, triggers.whole), *(key for p in profiles.values() for key in p.lines)])
        self.lengths = frozenset(length for p in profiles.values() for length in p.lengths)
        self.closing = {key for p in profiles.values() for key in p.closing}
        self.edge_lengths = frozenset(length for p in profiles.values() for length in p.edge_lengths)
        self.edge_keys = frozenset(key for p in profiles.values() for key in p.edges)
        self._tables = np.stack([_table(triggering) for triggering in triggers[1:]])
        self._longest = int(self._tables.max())

    def lines(self, lines: Lines) -> NDArray[np.bool_]:
        """`bool[paragraphs]`: which of them a phrase, a date, a by-line or a count may know."""
        counts, offsets = lines.counts, lines.word_offsets
        dated = lines.numbers & (counts <= phrases.DATE_WORDS * phrases.NO_SPACE_FACTOR)
        found = lines.signs | dated | _among(lines.keys, self._known)
        looked = lines.short & (counts > 0) & (counts <= self._longest)
        words.find_telling(lines.words, offsets, looked, lines.labelled, lines.marked, self._tables, found)
        return found


def _sorted(keys: Iterable[int]) -> NDArray[np.uint64]:
    return np.unique(np.fromiter(keys, np.uint64))


def _among(keys: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    places = np.searchsorted(known, keys)
    found = np.zeros(len(keys), np.bool_)
    inside = places < len(known)
    found[inside] = known[places[inside]] == keys[inside]
    return found


def _table(longest: Mapping[str, int]) -> NDArray[np.int16]:
    """By slot of a word's hash, the most words of a line in which it means something."""
    table = np.zeros(_SLOTS, np.int16)
    for word, most in longest.items():
        slot = xxh64_intdigest(word.encode("utf-8", "surrogatepass")) % _SLOTS
        table[slot] = max(table[slot], most)
    return table
