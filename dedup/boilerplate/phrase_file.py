"""The files of phrases (`dedup/rules/<language>.toml`, and users' own), and the phrase form they are folded to.

```toml
language = "en"                   # without it, the file's name stands for it
name = "English"

[date]
words = ["january", "am", "th"]   # what may stand in a line that is nothing but a date, besides numbers
marks = ["january"]               # those that tell a date

[menu]
parts = ["politics", "sport"]     # of a newspaper, as its menu names them: phrases of the rule `navigation.part`

[[phrase]]
rule = "heading.related"          # a rule of rules.toml
phrase = "related articles"       # with #, * and ** as `phrases.py` tells; case, accents, punctuation do not matter
met = "under an article"          # where such a line is met
example = "Related articles:"     # must match the rule
counter_example = "Related articles of clothing were found."  # must match nothing
```
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from dedup.boilerplate import toml_files
from dedup.boilerplate.names import PART
from dedup.errors import ReportError
from dedup.text.normal import normal_form, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WILDCARDS", "PhraseFile", "WrittenPhrase", "compiled_phrase", "phrase_words", "read_file"]

WILDCARDS = frozenset({"#", "*", "**"})
"""The tokens of a phrase form that stand for other words."""

_T = TypeVar("_T")


class WrittenPhrase(NamedTuple):
    """A phrase as a file has it, the phrase itself in phrase form; "" stands for what the file does not say."""

    rule: str
    phrase: str
    met: str = ""
    example: str = ""
    counter_example: str = ""


class PhraseFile(NamedTuple):
    """What a file of phrases says; the words of dates in phrase form."""

    language: str
    phrases: list[WrittenPhrase]
    date_words: frozenset[str]
    date_marks: frozenset[str]


def phrase_words(text: str) -> list[str]:
    """The words of a line as `Phrases.match` takes them; `[]` for a line without words."""
    if "©" not in text and "℗" not in text:
        return _numbered(text)
    words = _numbered(text.replace("©", " copyright ").replace("℗", " copyright "))
    # "Copyright © 2024" says it once
    return [word for word, before in zip(words, ["", *words], strict=False) if not word == before == "copyright"]


def _numbered(text: str) -> list[str]:
    return numbered(normal_form(text)).split()


def compiled_phrase(phrase: str) -> str:
    """The phrase form of a phrase as it is written in a file: its words and wildcards, with single spaces.

    Raises:
        ValueError: three asterisks in a row, or no word that is written out; the message says so.
    """
    tokens: list[str] = []
    for piece in re.split(r"(\*+)", phrase):
        if piece.startswith("***"):
            raise ValueError(f"{piece} is no wildcard: there are #, * and **")
        tokens += [piece] if piece.startswith("*") else phrase_words(piece.replace("#", "0"))
    if WILDCARDS.issuperset(tokens):
        raise ValueError("a phrase needs a word that is written out")
    return " ".join(tokens)


def read_file(path: Path | str, rules: Iterable[str]) -> PhraseFile:
    """Read a file of phrases.

    Args:
        path: the file, TOML in UTF-8.
        rules: the names of all rules.

    Raises:
        ReportError: the file cannot be read, or an entry is wrong; the message names file and entry and says what is.
    """
    path = Path(path)
    data = toml_files.read(path, str(path))
    toml_files.check_keys(data, ("date", "language", "menu", "name", "phrase"), str(path))
    names = frozenset(rules)
    date = _checked(data.get("date", {}), dict, f"{path}: date")
    toml_files.check_keys(date, ("marks", "words"), f"{path}: date")
    menu = _checked(data.get("menu", {}), dict, f"{path}: menu")
    toml_files.check_keys(menu, ("parts",), f"{path}: menu")
    parts = [
        {"rule": PART, "phrase": part, "example": part} for part in _checked(menu.get("parts", []), list, f"{path}: menu.parts")
    ]
    entries = _checked(data.get("phrase", []), list, f"{path}: phrase")
    return PhraseFile(
        _checked(data.get("language", path.stem), str, f"{path}: language"),
        [
            *(_phrase(entry, names, f"{path}: phrase {number}") for number, entry in enumerate(entries, 1)),
            *(_phrase(part, names, f"{path}: menu.parts") for part in parts),
        ],
        _date_words(date.get("words", []), f"{path}: date.words"),
        _date_words(date.get("marks", []), f"{path}: date.marks"),
    )


def _phrase(entry: object, rules: frozenset[str], where: str) -> WrittenPhrase:
    values = _checked(entry, dict, where)
    if isinstance(values.get("phrase"), str):
        where = f"{where} ({values['phrase']!r})"
    toml_files.check_keys(values, sorted(WrittenPhrase._fields), where)
    for key in ("rule", "phrase"):
        if key not in values:
            raise ReportError(f"{where}: it has no {key}")
    texts = {key: _checked(value, str, f"{where}: {key}") for key, value in values.items()}
    if texts["rule"] not in rules:
        raise ReportError(f"{where}: there is no rule {texts['rule']!r}; the rules are {', '.join(sorted(rules))}")
    try:
        texts["phrase"] = compiled_phrase(texts["phrase"])
    except ValueError as error:
        raise ReportError(f"{where}: {error}") from error
    return WrittenPhrase(**texts)


def _date_words(values: object, where: str) -> frozenset[str]:
    """The words of all items: one of several words ("hôm nay") counts as each of them."""
    items = _checked(values, list, where)
    return frozenset(word for item in items for word in phrase_words(_checked(item, str, where)))


def _checked(value: Any, kind: type[_T], where: str) -> _T:  # noqa: ANN401 - TOML values are of any type
    if not isinstance(value, kind):
        wanted = {"str": "a text", "list": "a list", "dict": "a table"}
        raise ReportError(f"{where}: this should be {wanted[kind.__name__]}")
    return value
