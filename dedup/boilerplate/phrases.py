"""The phrase rules: whole lines that sites put around their texts, in many languages, and the matcher for them.

Rules and phrases are data (`dedup/rules/*.toml`, compiled to `rules/compiled.json` by `scripts/make_rules.py`). A line
matches by its *phrase form*: the words of its normal form, with "©" and "℗" read as the word "copyright" and each run of
digits as `#`. A phrase is a sequence of words in which

- `#`  is one number ("page # of #"; "#th" is a number with letters behind it),
- `*`  is one to eight words of any kind,
- `**` is any number of words, none too.

The whole line must match the whole phrase, and must not be longer than the rule allows. Phrases are never read as
regular expressions, and the time to match one grows no faster than the words of the line times those of the phrase.
`phrase_file.py` reads the files and makes the phrase form, `phrase_index.py` is how the phrases lie to be found.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dedup.boilerplate import captions, menus, names, persons
from dedup.boilerplate.phrase_file import phrase_words, read_file
from dedup.boilerplate.phrase_index import Entry, Index, Match, Place, literals
from dedup.text import links, stops
from dedup.text.normal import is_no_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dedup.boilerplate.phrase_file import PhraseFile

__all__ = ["Entry", "Match", "Phrases", "Rule", "load", "phrase_words"]

MANY = 8
"""The most words that `*` stands for."""
DATE_WORDS = 12
"""The most words of a line that is nothing but a date."""
STAMP_WORDS = 18
"""The most words of a line that says who wrote a comment and when."""
LONGEST = 130
"""The most words of a line that any rule looks at (a name in a by-line may have several words in normal form)."""
MOST_CHARACTERS = 1 << 20
"""The most characters of such a line: one of few words that is longer holds something else than words."""
STAMP_OTHERS = 8
"""The most words of it that are no date: a name, "wrote", "permalink"."""
STAMP_NUMBERS = 3, 9
"""Numbers in a row that are a date without the name of a month: year, month, day, a time with fractions, and a time zone at
most; a pager counts on."""
NO_SPACE_FACTOR = 2
"""How many times as many words a line may have when its script is written without spaces, a character a word."""

# What a line is whose words before the colon are a phrase of these rules.
_LABELS = {names.RELATED: names.LINK, "teaser.more": names.LINK, "tags": "tags", "pager": "pager"}
COLONS = ":：】"  # noqa: RUF001 (the full-width colon)
"""What stands behind a label, or closes one: 【関連記事】; lines without are not asked for one (as `captions.MARKS`)."""
_COLON = re.compile(f"[{COLONS}]")
LABEL_REACH = 60
"""Characters within which a label's colon stands."""

# What stands at numbers in dates besides the languages' date words: 2024-06-14T12:30Z, 14h30, 1er, 2e, 1º.
_AT_NUMBERS = frozenset({"t", "z", "h", "e", "er", "o", "a", "º", "ª"})


class Rule(NamedTuple):
    """A phrase rule: its name, what its lines are, the most words of one, whether it is stripped unasked, and its key words."""

    name: str
    meaning: str
    max_words: int
    strip: bool
    words: frozenset[str] = frozenset()


class Trigger(NamedTuple):
    """Words without all of which a line is unknown to some rule.

    Attributes:
        place: where the first of them stands, or what else the line has.
        words: of the numbered form.
        most: words of such a line.
    """

    place: Place
    words: tuple[str, ...]
    most: int


class Triggers(NamedTuple):
    """What tells that no rule knows a line by its words: it is none of the whole ones, no date, and no trigger is in it.

    Attributes:
        whole: phrase forms that are a whole line.
        dates: the words that dates have beside numbers.
        listed: all others.
    """

    whole: Sequence[str]
    dates: frozenset[str]
    listed: Sequence[Trigger]


class _Wildcard:
    """A phrase with `*` or `**`, taken apart."""

    def __init__(self, entry: Entry, max_words: int) -> None:
        self.entry = entry
        self.max_words = max_words * NO_SPACE_FACTOR
        self.tokens = entry.phrase.split(" ")
        literals = [token for token in self.tokens if not token.startswith("*")]
        self.literals = frozenset(literals)
        self.rank = (-len(literals), entry.rule, entry.phrase)

    def fits(self, at: Mapping[str, int], count: int) -> bool:
        """Whether a line of `count` words is an instance; `at` has, for each word, a bit for each place it stands at.

        A bit of `reach` is a number of words of the line that the tokens so far can stand for.
        """
        every = (2 << count) - 1
        reach = 1
        for part in self.tokens:
            if part == "**":
                reach = every + 1 - (reach & -reach)  # from the fewest on, all
            elif part == "*":
                reach = functools.reduce(int.__or__, (reach << words for words in range(1, MANY + 1))) & every
            else:
                reach = (reach & at.get(part, 0)) << 1
            if not reach:
                return False
        return bool(reach >> count)


class Phrases:
    """Phrases of many languages with their rules, ready to be matched; not changed once made.

    Args:
        rules: all rules by name.
        entries: the phrases; where a phrase form comes twice, the later entry counts. Or their index.
        date_words: what may stand in a date besides numbers.
        date_marks: the words that tell a date, such as names of months.
    """

    def __init__(
        self,
        rules: Mapping[str, Rule],
        entries: Iterable[Entry] | Index,
        date_words: frozenset[str],
        date_marks: frozenset[str],
    ) -> None:
        self._rules = dict(rules)
        self._index = entries if isinstance(entries, Index) else Index.of(entries)
        self._date_words = date_words | date_marks
        self._date_marks = date_marks
        self._longest = max((rule.max_words for rule in self._rules.values()), default=0) * NO_SPACE_FACTOR
        self._wildcards: dict[str, _Wildcard] = {}

    @functools.cached_property
    def _entries(self) -> dict[str, Entry]:
        """All of them, made when first asked for."""
        return self._index.entries()

    @functools.cached_property
    def openers(self) -> frozenset[str]:
        """The words that by-lines begin with."""
        return frozenset(opener.split()[0] for opener in self._rules[names.BYLINE].words)

    def _wildcard(self, phrase: str, kind: int) -> _Wildcard:
        """A phrase with wildcards, taken apart when it is first looked at."""
        made = self._wildcards.get(phrase)
        if made is None:
            entry = self._index.entry(phrase, kind)
            made = self._wildcards[phrase] = _Wildcard(entry, self._rules[entry.rule].max_words)
        return made

    def match(self, words: Sequence[str]) -> Match | None:
        """The phrase that the whole line is an instance of, or None.

        A phrase without `*` goes before one with; of the others the one with the most words written out, then the first
        by name of rule and by phrase.

        Args:
            words: of the line, from `phrase_words`; none match nothing.
        """
        if not 0 < len(words) <= self._longest:
            return None
        phrase = " ".join(words)
        kind = self._index.whole.get(phrase)
        if kind is not None and self._short_enough(self._index.kinds[kind][0], words):
            return self._index.entry(phrase, kind)
        return self._wildcard_match(words)

    def labelled(self, line: str) -> Match | None:
        """The rule of a line that is a known phrase, a colon and something of its own, or None.

        "Read also: Bridge to be checked" leads to another story, "Tags: bridges, goats" files the page, "Next post: …" turns it
        and may name a story as long as other links do, if it is no sentence.
        The words of the label's rule are labels of something else: "More information: 040 123 456".

        Args:
            line: its text.
        """
        colon = _COLON.search(line, 0, LABEL_REACH)
        if colon is None or not any(map(str.isalnum, line[colon.end() :])):
            return None
        label = self.match(phrase_words(line[: colon.start()]))
        rule = _LABELS.get(label.rule) if label is not None else None
        if label is None or rule is None or rule not in self._rules:
            return None
        longest = names.LINK if rule == "pager" and names.LINK in self._rules and not stops.ENDS_FULLY.search(line) else rule
        if not self._short_enough(longest, phrase_words(line)):
            return None
        if label.phrase in self._rules[label.rule].words:
            return None
        return Match(rule, label.phrase, label.languages)

    def _wildcard_match(self, words: Sequence[str]) -> Match | None:
        present, count = set(words), len(words)
        index = self._index
        groups = [index.first.get(words[0]), index.last.get(words[-1]), *map(index.within.get, present & index.within.keys())]
        candidates = [self._wildcard(phrase, kind) for group in groups if group for phrase, kind in group.items()]
        candidates = [one for one in candidates if count <= one.max_words and one.literals <= present]
        if not candidates:
            return None
        at: dict[str, int] = {}
        for place, word in enumerate(words):
            at[word] = at.get(word, 0) | 1 << place
        fitting = [one for one in candidates if one.fits(at, count) and self._short_enough(one.entry.rule, words)]
        return min(fitting, key=lambda one: one.rank).entry if fitting else None

    def _short_enough(self, rule: str, words: Sequence[str]) -> bool:
        most = self._rules[rule].max_words
        if len(words) <= most:
            return True
        return len(words) <= most * NO_SPACE_FACTOR and any(is_no_space(word[0]) for word in words)

    def rule(self, name: str) -> Rule:
        """The rule of that name; KeyError if there is none."""
        return self._rules[name]

    def triggers(self) -> Triggers:
        """What a line must have for a rule to know it: see `Triggers`."""
        anywhere, index = LONGEST * NO_SPACE_FACTOR, self._index

        def of_phrases(place: Place, groups: Mapping[str, Iterable[str]]) -> Iterator[Trigger]:
            for first, found in groups.items():
                for phrase in found:
                    most = self._rules[self._entries[phrase].rule].max_words * NO_SPACE_FACTOR
                    yield Trigger(place, literals(phrase, first), most)

        def of_words(place: Place, words: Iterable[str], most: int = anywhere) -> Iterator[Trigger]:
            return (Trigger(place, (word,), most) for word in words)

        labels = (phrase for phrase, entry in self._entries.items() if entry.rule in _LABELS)
        menu = [literals(name) for name in self._rules[names.MENU].words]
        listed = [
            *of_phrases(Place.FIRST, index.first),
            *of_phrases(Place.LAST, index.last),
            *of_phrases(Place.ANYWHERE, index.within),
            *(Trigger(Place.LABELLED, literals(phrase), anywhere) for phrase in labels),
            *of_words(Place.FIRST, self.openers),
            *of_words(Place.LAST, self._rules[names.STAMP].words, persons.MOST_SAYING),
            *of_words(Place.ANYWHERE, persons.REPORTER, persons.REPORTER_WORDS),
            *of_words(Place.ANYWHERE, captions.bare_words()),
            *of_words(Place.ANYWHERE, menus.button_words(), menus.BUTTON_WORDS),
            *of_words(Place.MARKED, captions.signal_words()),
            *(Trigger(Place.MARKED, words, menus.WORDS) for words in menu),
            *(Trigger(Place.ANYWHERE, words, menus.WORDS) for words in menu if any(is_no_space(word[0]) for word in words)),
            *(Trigger(Place.FIRST, ("#", scheme), anywhere) for scheme in links.SCHEMES),
        ]
        return Triggers([*self._entries], self._date_words, listed)

    def rules(self) -> list[Rule]:
        """All rules, by name."""
        return [self._rules[name] for name in sorted(self._rules)]

    def entries(self) -> list[Entry]:
        """All phrases, by rule and phrase form."""
        return sorted(self._entries.values())

    def is_date(self, words: Sequence[str]) -> bool:
        """Whether the line is nothing but a date or time.

        It is when every word is a number or a date word of any language, and there are two numbers, or one and a word
        that tells a date: "14.06.2024", "Friday, 14 June", "12:30", but not "2024". Twelve words at most, twice as many
        in scripts without spaces.

        Args:
            words: of the line, from `phrase_words`.
        """
        numbers = "".join(words).count("#")
        if not numbers or len(words) > DATE_WORDS * NO_SPACE_FACTOR or not all(map(self._is_of_date, words)):
            return False
        if numbers < 2 and self._date_marks.isdisjoint(part for word in words for part in word.split("#")):
            return False
        return len(words) <= DATE_WORDS or any(is_no_space(word[0]) for word in words)

    def is_stamp(self, words: Sequence[str]) -> bool:
        """Whether the line tells when something was written, with a few words at most beside the date.

        "Anna K. on 6 November 2024 at 4:06 pm", "#12 — 06.11.2024 16:06": some words in a row are a date with a month or
        weekday, or of three to nine numbers, and at most eight are not.

        Args:
            words: of the line, from `phrase_words`.
        """
        if not 2 <= len(words) <= STAMP_WORDS:
            return False
        run: list[str] = []
        for word in [*words, ""]:
            if word and self._is_of_date(word):
                run.append(word)
                continue
            numbers = "".join(run).count("#")
            marked = not self._date_marks.isdisjoint(part for item in run for part in item.split("#"))
            if (
                numbers
                and (marked or STAMP_NUMBERS[0] <= numbers <= STAMP_NUMBERS[1])
                and len(run) > 1
                and len(words) - len(run) <= STAMP_OTHERS
            ):
                return True
            run = []
        return False

    def _is_of_date(self, word: str) -> bool:
        if "#" not in word:
            return word in self._date_words
        return all(not part or part in _AT_NUMBERS or part in self._date_words for part in word.split("#"))

    def with_file(self, path: Path | str) -> Phrases:
        """These phrases and those of a user's file; the file's rule counts where both have a phrase.

        Raises:
            ReportError: the file cannot be read, or an entry of it is wrong; it is named.
        """
        added = read_file(path, self._rules)
        known = self._entries.copy()
        for item in added.phrases:
            before = known.get(item.phrase)
            languages = {added.language, *(before.languages if before and before.rule == item.rule else ())}
            known[item.phrase] = Entry(item.rule, item.phrase, tuple(sorted(languages)))
        return Phrases(self._rules, known.values(), self._date_words | added.date_words, self._date_marks | added.date_marks)

    def complaints(self, file: PhraseFile) -> list[str]:
        """What the examples of a file of phrases show to be wrong, in order, with all of these phrases at work.

        An example must match the rule of its phrase, a counter-example must match nothing. Empty: all is well.
        """
        told: list[str] = []
        for item in file.phrases:
            found = self.match(phrase_words(item.example))
            if item.example and (found is None or found.rule != item.rule):
                instead = f"{found.rule}: {found.phrase!r}" if found else "nothing"
                told.append(f"{item.rule}: {item.phrase!r}: the example {item.example!r} matches {instead}")
            found = self.match(phrase_words(item.counter_example))
            if found:
                what = f"the counter-example {item.counter_example!r} matches {found.rule}: {found.phrase!r}"
                told.append(f"{item.rule}: {item.phrase!r}: {what}")
        return told


@functools.cache
def load() -> Phrases:
    """The shipped phrases of all languages, read at the first call."""
    data = json.loads(Path(__file__).parent.with_name("rules").joinpath("compiled.json").read_bytes())
    return Phrases(
        {name: Rule(name, **{**facts, "words": frozenset(facts.get("words", ()))}) for name, facts in data["rules"].items()},
        Index(**data["phrases"]),
        frozenset(data["date_words"]),
        frozenset(data["date_marks"]),
    )
