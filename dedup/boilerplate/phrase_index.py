"""How phrases lie to be found fast: by what a line must have to be one of them.

The index of the shipped phrases is made by `scripts/make_rules.py` and lies ready in `dedup/rules/compiled.json`.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate.phrase_file import WILDCARDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Entry", "Index", "Match", "Place", "literals"]


class Place(Enum):
    """Where a word of a line stands: it begins or ends it, or may stand anywhere in any, or in one with a label or a mark."""

    FIRST = auto()
    LAST = auto()
    ANYWHERE = auto()
    LABELLED = auto()
    MARKED = auto()


class Match(NamedTuple):
    """Why a line is furniture: the rule's name, the phrase (in phrase form) that the line is, and its languages.

    Where it is known by how it is written, phrase and languages are empty, and its `shape` is told.
    """

    rule: str
    phrase: str
    languages: tuple[str, ...]
    shape: str = ""


Entry = Match
"""A phrase as the rules hold it: the first three of these facts."""


class Index(NamedTuple):
    """Phrases by what a line that is an instance of them must have, each with the number of its kind: a rule and its languages.

    So they stand in `rules/compiled.json`, and nothing has to be made of the many thousands when one text is cleaned.

    Attributes:
        kinds: rules' names and languages.
        whole: phrases without wildcards.
        first: those with wildcards by the word that begins them,
        last: of the others those by the word that ends them,
        within: of the others by the word of them that is on the fewest phrases.
    """

    kinds: Sequence[tuple[str, Sequence[str]]]
    whole: Mapping[str, int]
    first: Mapping[str, Mapping[str, int]]
    last: Mapping[str, Mapping[str, int]]
    within: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Index:
        """The index of phrases; where a phrase form comes twice, the later entry counts."""
        known = {entry.phrase: (entry.rule, entry.languages) for entry in entries}
        kinds = {kind: number for number, kind in enumerate(sorted(set(known.values())))}
        by_first: dict[str, dict[str, int]] = {}
        by_last: dict[str, dict[str, int]] = {}
        wild = {phrase: kinds[kind] for phrase, kind in known.items() if "*" in phrase}
        others: dict[str, int] = {}
        for phrase, kind in wild.items():
            first, last = phrase.partition(" ")[0], phrase.rpartition(" ")[2]
            if first not in WILDCARDS:
                by_first.setdefault(first, {})[phrase] = kind
            elif last not in WILDCARDS:
                by_last.setdefault(last, {})[phrase] = kind
            else:
                others[phrase] = kind
        whole = {phrase: kinds[kind] for phrase, kind in known.items() if "*" not in phrase}
        rarest = by_rarest(others, counts(wild))
        within = {word: {phrase: others[phrase] for phrase in found} for word, found in rarest.items()}
        return cls([*kinds], whole, by_first, by_last, within)

    def entry(self, phrase: str, kind: int) -> Entry:
        """The phrase with its rule and languages."""
        rule, languages = self.kinds[kind]
        return Entry(rule, phrase, tuple(languages))

    def entries(self) -> dict[str, Entry]:
        """All phrases, by phrase form."""
        groups = [self.whole, *self.first.values(), *self.last.values(), *self.within.values()]
        return {phrase: self.entry(phrase, kind) for group in groups for phrase, kind in group.items()}


def counts(phrases: Iterable[str]) -> Counter[str]:
    """On how many of the phrases each word stands."""
    return Counter(word for phrase in phrases for word in {*phrase.split()})


def by_rarest(phrases: Iterable[str], counted: Mapping[str, int]) -> dict[str, list[str]]:
    """The phrases by that of their words, written out, which counts least."""
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        rarest = min({*phrase.split()} - WILDCARDS, key=lambda word: (counted[word], word))
        found.setdefault(rarest, []).append(phrase)
    return found


def literals(phrase: str, first: str | None = None) -> tuple[str, ...]:
    """The words of a phrase that are written out, each once, in any order but for the first: that one, or else the longest."""
    words = {*phrase.split()} - WILDCARDS
    if first is None:
        first = max(words, key=lambda word: (len(word), word))
    return first, *(words - {first})
