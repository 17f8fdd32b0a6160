"""Lines that name a person: by-lines and the lines above comments, known by how they are written, capitals and colon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.text.normal import normal_form

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_MOST = 9  # words of a line that names who wrote
MOST_SAYING = 6
"""The most words of a line like "Anna K. says:"."""
_MARKS = ".,:;|/·•–—&()"  # noqa: RUF001 (what stands between names)
# What may stand between the names of persons without a capital letter.
_BETWEEN = frozenset(
    {
        "and",
        "und",
        "et",
        "y",
        "e",
        "i",
        "en",
        "och",
        "og",
        "ja",
        "ve",
        "dan",
        "és",
        "și",
        "a",
        "à",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "de",
        "la",
        "le",
        "du",
        "da",
        "di",
        "del",
        "do",
        "dos",
        "el",
        "al",
        "bin",
        "ibn",
        "zu",
    }
)

REPORTER = ("记", "記")
"""Characters that a Chinese by-line with the word for a reporter has one of."""
REPORTER_WORDS = 40
"""The most characters of it."""
_HAN = "[\u4e00-\u9fff·]"
_REPORTED = re.compile(
    rf"[^\w\s]?\s*{_HAN}{{0,8}}[记記]者[\s:：]+{_HAN}{{2,4}}"  # noqa: RUF001 (the full-width colon)
    rf"(?:[\s、，]+(?:{_HAN}{{2,4}}))*[^\w\s]?\s*"  # noqa: RUF001 (the full-width comma)
)

_SMALL = 3  # words in small letters that a name may have behind its first capital: "Robert from the north"
# What makes a sentence of a line that ends in a verb of saying, wherever it stands, and what does before small letters.
_PRONOUNS = frozenset(
    {
        *("he", "she", "it", "they", "we", "i", "you", "who", "one", "er", "sie", "es", "ich", "wir", "wer", "il", "elle", "je"),
        *(
            "nous",
            "ils",
            "elles",
            "qui",
            "él",
            "ella",
            "ellos",
            "ellas",
            "yo",
            "quien",
            "ele",
            "ela",
            "eles",
            "elas",
            "eu",
            "quem",
        ),
        *("lui", "lei", "loro", "io", "hij", "zij", "wie", "hon", "jag", "jeg", "ona", "oni", "kto", "kdo", "он", "она", "они"),
        *("я", "мы", "кто", "він", "вона", "вони", "ми", "хто", "onlar", "hän", "mereka", "saya", "هو", "هي", "वह", "वे", "उसने"),
    }
)
_DETERMINERS = frozenset(
    {
        *("the", "a", "an", "this", "that", "these", "some", "many", "most", "our", "my", "his", "her", "their", "another"),
        *(
            "der",
            "die",
            "das",
            "ein",
            "eine",
            "dieser",
            "diese",
            "mein",
            "meine",
            "sein",
            "seine",
            "ihr",
            "ihre",
            "le",
            "la",
            "les",
        ),
        *("un", "une", "son", "sa", "mon", "ma", "ce", "cette", "el", "los", "las", "una", "su", "mi", "este", "esta", "o", "os"),
        *("as", "um", "uma", "il", "lo", "gli", "uno", "het", "een", "en", "ett", "et", "den", "det"),
    }
)


def is_byline(text: str, openers: AbstractSet[str]) -> bool:
    """Whether a line is an opener ("by", "von", "por") with nothing but names behind it.

    Args:
        text: the line.
        openers: words that open a by-line, in normal form.
    """
    words = [word.strip(_MARKS) for word in text.split()]
    words = [word for word in words if word]
    if not 2 <= len(words) <= _MOST or normal_form(words[0]) not in openers:
        return False
    names = words[1:]
    return names[0][0].isupper() and all(word[0].isupper() or word.casefold() in _BETWEEN for word in names)


def is_reported(text: str) -> bool:
    """Whether a line is a Chinese by-line: a paper's reporter, a space or a colon, and nothing but names.

    "灯塔日报记者 李明 王芳" is one; a name has two to four characters, and without the space the line may be a sentence.

    Args:
        text: the line.
    """
    return len(text) <= REPORTER_WORDS and _REPORTED.fullmatch(text) is not None


def is_saying(text: str, verbs: AbstractSet[str]) -> bool:
    """Whether a line is a name that says something: "Anna K. says:", "Peter dijo:", "old sailor wrote:".

    Sentences that lead to a quotation are none: "He said:", "The report says:", "Here is what my brother wrote:".

    Args:
        text: the line.
        verbs: of saying, in normal form.
    """
    line = text.strip().strip("*_")  # Markdown's marks
    if not line.endswith((":", "：")):  # noqa: RUF001 (the full-width colon)
        return False
    words = normal_form(line).split()
    return 2 <= len(words) <= MOST_SAYING and words[-1] in verbs and not _is_sentence(line.split()[:-1])


def _is_sentence(written: list[str]) -> bool:
    """Whether words before a verb of saying are no name: a pronoun, an article with a word in small letters, many such words."""
    words = [word for word in (word.strip(_MARKS) for word in written) if word]
    small = [word for word in words if word[0].islower() and word not in _BETWEEN]
    if not words or any(word in _PRONOUNS for word in small):
        return bool(words)
    if words[0].casefold() in _PRONOUNS and words[0] == words[0].capitalize():
        return True
    return words[0][0].isupper() and (
        len(small) > _SMALL or (words[0].casefold() in _DETERMINERS and words[1:2] == small[:1] != [])
    )
