"""Tells, from columns alone, which stages can find anything in which texts of a batch, so that nobody has to look at the rest.

The test is a sieve: what it lets through is judged as ever, what it holds back would have found nothing.
"""

from __future__ import annotations

import functools
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from xxhash import xxh64_intdigest

from dedup.boilerplate import arrows, menus, phrases
from dedup.boilerplate.phrase_index import Place
from dedup.kernels import words
from dedup.spool import among
from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from dedup.boilerplate.phrases import Trigger
    from dedup.boilerplate.profile import Profile

_SLOTS = 1 << 18  # of a table of words, by the low bits of their hash; of the words of dates, two in one only make it coarser
_PLACES = {
    Place.FIRST: words.FIRST,
    Place.LAST: words.LAST,
    Place.ANYWHERE: words.ANYWHERE,
    Place.LABELLED: words.LABELLED,
    Place.MARKED: words.MARKED,
}


class Lines(NamedTuple):
    """Paragraphs of a batch of texts, one a row.

    Attributes:
        keys: `uint64[paragraphs]`, of their numbered forms.
        counts: `int64[paragraphs]`, words.
        short: `bool[paragraphs]`: it is short enough for the rules that look at lines.
        forms: `uint8[bytes]`, the numbered forms.
        form_offsets: `int64[paragraphs + 1]`.
        words: `uint64[words]`, xxh64 of the words of those that are short.
        word_offsets: `int64[paragraphs + 1]`.
        numbers: `bool[paragraphs]`: it has a number.
        signs: `bool[paragraphs]`: it has a sign for copyright.
        labelled: `bool[paragraphs]`: it may begin with a label and a colon.
        marked: `bool[paragraphs]`: it may have a mark that credits have, or menus.
        linked: `bool[paragraphs]`: it may have a link or a tag, or say where a link leads to.
        arrowed: `bool[paragraphs]`: it may begin or end with an arrow.
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    short: NDArray[np.bool_]
    forms: NDArray[np.uint8]
    form_offsets: NDArray[np.int64]
    words: NDArray[np.uint64]
    word_offsets: NDArray[np.int64]
    numbers: NDArray[np.bool_]
    signs: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    marked: NDArray[np.bool_]
    linked: NDArray[np.bool_]
    arrowed: NDArray[np.bool_]


class _Triggers(NamedTuple):
    """Triggers of phrases as `words.find_telling` takes them."""

    slots: NDArray[np.int32]
    firsts: NDArray[np.uint64]
    places: NDArray[np.uint8]
    most: NDArray[np.int16]
    others_at: NDArray[np.int32]
    others: NDArray[np.uint64]


class Sieve:
    """What may make a rule speak, by the phrases and the profiles.

    Args:
        profiles: those that judge; what is known of any site counts for all, which only makes the sieve coarser.
    """

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._phrases = _of_phrases()
        learned = np.fromiter({key for p in profiles.values() for key in p.lines}, np.uint64)
        self._known = np.union1d(self._phrases.keys, learned)
        self.lengths = frozenset(length for p in profiles.values() for length in p.lengths)
        self.closing = {key for p in profiles.values() for key in p.closing}
        self.edge_lengths = frozenset(length for p in profiles.values() for length in p.edge_lengths)
        self.edge_keys = frozenset(key for p in profiles.values() for key in p.edges)

    def lines(self, lines: Lines) -> NDArray[np.bool_]:
        """`bool[paragraphs]`: which of them a phrase, a date, a by-line or a count may know."""
        counts, offsets = lines.counts, lines.word_offsets
        linked = lines.linked & lines.short & (lines.numbers | (counts <= menus.WORDS))
        arrowed = lines.arrowed & lines.short & (counts <= arrows.WORDS)
        found = lines.signs | linked | arrowed | among(lines.keys, self._known)
        looked = lines.short & (counts > 0)
        longest = phrases.DATE_WORDS * phrases.NO_SPACE_FACTOR, phrases.STAMP_WORDS, phrases.STAMP_OTHERS
        numbered = looked & lines.numbers
        words.find_dated(lines.forms, lines.form_offsets, lines.words, offsets, numbered, self._phrases.dates, *longest, found)
        looked &= counts <= self._phrases.longest
        words.find_telling(lines.words, offsets, looked, lines.labelled, lines.marked, *self._phrases.triggers, found)
        return found


class _OfPhrases(NamedTuple):
    """What the phrases look for, whatever the profiles.

    Attributes:
        keys: `uint64[phrases]`, of the lines that are a phrase, ascending.
        triggers: words of the others.
        dates: `bool[_SLOTS]`, by the low bits of their hashes, the words of dates.
        longest: words of a line that a trigger may tell of, at most.
    """

    keys: NDArray[np.uint64]
    triggers: _Triggers
    dates: NDArray[np.bool_]
    longest: int


@functools.cache
def _of_phrases() -> _OfPhrases:
    """Of the shipped phrases; it takes a tenth of a second."""
    triggers = phrases.load().triggers()
    dates = np.zeros(_SLOTS, np.bool_)
    dates[[_hash(word) % _SLOTS for word in triggers.dates]] = True
    longest = max(trigger.most for trigger in triggers.listed)
    keys = np.unique(np.fromiter(map(normal.key, triggers.whole), np.uint64))
    return _OfPhrases(keys, _laid(triggers.listed), dates, longest)


def _hash(word: str) -> int:
    return xxh64_intdigest(word.encode("utf-8", "surrogatepass"))


def _laid(triggers: Iterable[Trigger]) -> _Triggers:
    """Triggers by the low bits of their first words' hashes."""
    hashed = sorted({(_PLACES[place], most, *map(_hash, words)) for place, words, most in triggers}, key=lambda t: t[2] % _SLOTS)
    firsts = np.array([first for _, _, first, *_ in hashed], np.uint64)
    slots = np.searchsorted(firsts % np.uint64(_SLOTS), np.arange(_SLOTS + 1, dtype=np.uint64)).astype(np.int32)
    others = [others for _, _, _, *others in hashed]
    return _Triggers(
        slots,
        firsts,
        np.array([place for place, *_ in hashed], np.uint8),
        np.array([most for _, most, *_ in hashed], np.int16),
        np.cumsum([0, *map(len, others)], dtype=np.int32),
        np.array([*chain.from_iterable(others)], np.uint64),
    )
