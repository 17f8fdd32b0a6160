"""Lines that name a person: by-lines and the lines above comments, known by how they are written, capitals and colon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.normal import normal_form

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


def is_saying(text: str, verbs: AbstractSet[str]) -> bool:
    """Whether a line is a name that says something: "Anna K. says:", "Peter dijo:".

    Args:
        text: the line.
        verbs: of saying, in normal form.
    """
    line = text.strip()
    if not line.endswith((":", "：")):  # noqa: RUF001 (the full-width colon)
        return False
    words = normal_form(line).split()
    return 2 <= len(words) <= MOST_SAYING and words[-1] in verbs
