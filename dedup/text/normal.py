r"""The normal form: text folded for comparison, word by word, by one shipped table (the same on every Python).

**The machine.** Every code point is looked up and replaced by none, one or several code points (case and canonical
decomposition are folded there); the resulting stream is read from left to right by class:

| class | in the stream |
| --- | --- |
| SEPARATOR | ends the word: punctuation, symbols, white space, control and private characters, letters that are apostrophes |
| DROP | nothing, as if it were not there: zero-width and format characters, variation selectors, signs of Arabic vowels |
| LETTER | belongs to the word: letters, other numbers, Hangul syllables, unassigned code points |
| LATIN_GREEK | a letter too; MARKs that follow it (nothing but DROP and MARK between) are dropped |
| DIGIT | belongs to the word like a LETTER: decimal digits of any script (Nd) |
| NO_SPACE | ends the word and is a word by itself with the MARKs after it: Han, kana, Thai, Lao, Khmer, Burmese |
| MARK | belongs to the word before it or, after a SEPARATOR or at the start, begins one: any other combining mark |

A LETTER, LATIN_GREEK or DIGIT after a NO_SPACE (and its MARKs) begins a new word. At last, within every run of MARKs
with a combining class above 0, the marks are sorted by that class, equal ones in the order they came (the canonical
ordering of Unicode; so the form does not depend on which of several marks was written first).

Before all that, links lose their addresses, and HTML's entities become their characters: see `shown`.

**The file** `normal_table.bin`, little endian, arrays one after the other, each aligned to its item size:

| bytes | what |
| --- | --- |
| 8 | `DEDUPNF1` |
| 6 uint32 | Unicode major, minor, micro; P pages; A actions; R replacement code points |
| uint32[R] | `replacements`: each stands for itself when looked up; U+0020 for a SEPARATOR |
| uint16[4352] | `page_index`: code point >> 8 → page |
| uint16[P·256] | `entries`: page · 256 + (code point & 255) → action |
| uint16[A] | `action_start`: first of the action's replacements |
| uint8[A] | `action_length`: their number; 0: the code point stands for itself (SEPARATOR: U+0020, DROP: nothing) |
| uint8[A] | `action_class`: the class, with replacements that of the first (look up each of them for its own) |
| uint8[A] | `action_order`: the canonical combining class of a MARK that stands for itself, else 0 |
"""

from __future__ import annotations

import functools
import re
import struct
import sys
from array import array
from enum import IntEnum
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import xxhash

from dedup.errors import DedupError
from dedup.text.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "CharClass",
    "Table",
    "is_no_space",
    "key",
    "key_of_bytes",
    "keys_of_bytes",
    "no_space_words",
    "normal_form",
    "numbered",
    "table",
    "text_key",
    "unicode_version",
    "words",
]

unicode_version = "14.0.0"
"""The version of Unicode that the table was made from; later characters are letters that fold to themselves."""

MAGIC = b"DEDUPNF1"
CODE_POINTS = 0x110000
PAGE = 256

# In the translated text no control character is left (all are separators), so two can carry what the table said.
_AFTER_NO_SPACE = "\x01"
_BEFORE_MARK = "\x02"
_FIRST_NO_SPACE = "\u0e01"  # Thai KO KAI: no character below is a word by itself


class CharClass(IntEnum):
    """What a code point does in the machine; the numbers stand in the file."""

    SEPARATOR = 0
    DROP = 1
    LETTER = 2
    LATIN_GREEK = 3
    DIGIT = 4
    NO_SPACE = 5
    MARK = 6


class Table(NamedTuple):
    """The arrays of `normal_table.bin`, as the module's docstring tells them, in the machine's byte order."""

    replacements: array[int]
    page_index: array[int]
    entries: array[int]
    action_start: array[int]
    action_length: array[int]
    action_class: array[int]
    action_order: array[int]

    def action(self, code: int) -> int:
        """The action of the code point."""
        return self.entries[self.page_index[code >> 8] << 8 | code & 255]

    def units(self, code: int) -> list[int]:
        """The code points that stand for `code` in the stream."""
        action = self.action(code)
        start, length = self.action_start[action], self.action_length[action]
        if length:
            return self.replacements[start : start + length].tolist()
        kind = self.action_class[action]
        return [] if kind == CharClass.DROP else [ord(" ") if kind == CharClass.SEPARATOR else code]


@functools.cache
def table() -> Table:
    """The table, read at the first call (`numpy.asarray` takes each array as it is).

    Raises:
        DedupError: the file is damaged or of another version than this module.
    """
    data = Path(__file__).with_name("normal_table.bin").read_bytes()  # importlib.resources takes 20 ms to import
    head = 8 + 6 * 4
    try:
        *version, pages, actions, units = struct.unpack("<6I", data[8:head])
    except struct.error as error:
        raise DedupError("normal_table.bin is damaged: install dedup again") from error
    items = [("I", 4, units), ("H", 2, CODE_POINTS // PAGE), ("H", 2, pages * PAGE), ("H", 2, actions)]
    items += [("B", 1, actions)] * 3
    whole = head + sum(size * count for _, size, count in items) == len(data)
    if data[:8] != MAGIC or ".".join(map(str, version)) != unicode_version or not whole:
        raise DedupError("normal_table.bin is damaged or of another version: install dedup again")
    arrays, at = [], head
    for code, size, count in items:
        values = array(code, data[at : at + size * count])
        if sys.byteorder == "big":
            values.byteswap()
        arrays.append(values)
        at += size * count
    return Table(*arrays)


def words(text: str) -> list[str]:
    """The words of the normal form, in order.

    Takes any text, lone surrogates included; empty or wordless text gives `[]`. The words of a normal form are the
    words it was made of. Canonically equivalent texts have equal words, but for Hangul: syllables and conjoining
    letters stay as they are written.
    """
    text = shown(text)
    if text.isascii():
        return text.encode("ascii").translate(_ascii()).decode("ascii").split()
    stream = text.translate(_translation())
    if _BEFORE_MARK in stream:
        stream = _patterns().mark_run.sub(_in_order, _attached(stream))
    return stream.replace(_AFTER_NO_SPACE, " ").split()


def normal_form(text: str) -> str:
    """The `words`, joined by single spaces; empty for wordless text. Normal forms fold to themselves."""
    return " ".join(words(text))


def numbered(form: str) -> str:
    """The normal form with each run of decimal digits, of any script, made one `#`: "page 12 of 30" → "page # of #"."""
    return (_ASCII_DIGITS if form.isascii() else _patterns().digits).sub("#", form)


def key(numbered_form: str) -> int:
    """The 64-bit name under which a paragraph is counted: xxh3 of its `numbered` form; 0 for the empty one."""
    return key_of_bytes(numbered_form.encode("utf-8", "surrogatepass"))


def text_key(text: str) -> int:
    """The `key` of any text; 0 for one without words."""
    return key(numbered(normal_form(text)))


def key_of_bytes(numbered_form: bytes | memoryview) -> int:
    """The `key` of a `numbered` form in UTF-8."""
    return xxhash.xxh3_64_intdigest(numbered_form) if numbered_form else 0


def keys_of_bytes(numbered_forms: bytes, offsets: Sequence[int]) -> list[int]:
    """The keys of many, one behind the other in UTF-8; `offsets` are their ends, and a 0 before them."""
    digest = xxhash.xxh3_64_intdigest  # without a call more for each: they are millions
    return [digest(numbered_forms[a:b]) if a < b else 0 for a, b in pairwise(offsets)]


def no_space_words(form: str) -> int:
    """How many words of a normal form begin with a character that is a word by itself (see `is_no_space`)."""
    if form.isascii() or max(form) < _FIRST_NO_SPACE:
        return 0
    return sum(is_no_space(word[0]) for word in form.split())


def is_no_space(char: str) -> bool:
    """Whether the character is a word by itself: Han, kana, Thai, Lao, Khmer or Burmese, and no digit or mark."""
    if char < _FIRST_NO_SPACE:
        return False
    shipped = table()
    return shipped.action_class[shipped.action(ord(char))] == CharClass.NO_SPACE


_ASCII_DIGITS = re.compile("[0-9]+")


class _Translation(dict[int, str]):
    """What `str.translate` puts for a code point, looked up in the table when first met."""

    def __missing__(self, code: int) -> str:
        shipped = table()
        units = shipped.units(code)
        text = "".join(map(chr, units))
        first = shipped.action_class[shipped.action(code)]
        if first == CharClass.MARK:
            text = "".join(_BEFORE_MARK + mark for mark in text)
        elif first == CharClass.NO_SPACE:  # a precomposed one has its own marks behind it
            text = f" {text}{_AFTER_NO_SPACE}"
        self[code] = text
        return text


@functools.cache
def _translation() -> _Translation:
    return _Translation()


@functools.cache
def _ascii() -> bytes:
    """The translation of the 128 ASCII characters, each of which folds to one, for `bytes.translate`."""
    return "".join(map(_translation().__getitem__, range(128))).encode("ascii").ljust(256)


class _Patterns(NamedTuple):
    accents: re.Pattern[str]
    """The marks that follow a Latin or Greek letter."""
    own_marks: re.Pattern[str]
    """The marks that follow a NO_SPACE character."""
    mark_run: re.Pattern[str]
    """Two or more marks that have an order."""
    digits: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    def chars(kind: CharClass, *, ordered: bool = False) -> str:
        # only letters, marks and digits: none of them means anything inside of a character class
        return "".join(f"{chr(first)}-{chr(last)}" for first, last in _ranges(kind, ordered=ordered))

    latin = chars(CharClass.LATIN_GREEK)
    return _Patterns(
        re.compile(f"\x02(?<=[{latin}]\x02).(?:\x02.)*"),
        re.compile("\x01((?:\x02.)+)"),
        re.compile(f"[{chars(CharClass.MARK, ordered=True)}]{{2,}}"),
        re.compile(f"[{chars(CharClass.DIGIT)}]+"),
    )


def _ranges(kind: CharClass, *, ordered: bool) -> Iterator[tuple[int, int]]:
    """First and last code points of each run of the class that stand for themselves (and, if asked, have an order)."""
    shipped = table()
    wanted = {
        action
        for action, value in enumerate(shipped.action_class)
        if value == kind and not shipped.action_length[action] and (shipped.action_order[action] or not ordered)
    }
    hits: dict[int, list[int]] = {}  # what of each distinct page is wanted
    for number in set(shipped.page_index):
        entries = shipped.entries[number * PAGE : (number + 1) * PAGE]
        hits[number] = [low for low, action in enumerate(entries) if action in wanted]
    codes = [page * PAGE + low for page, number in enumerate(shipped.page_index) for low in hits[number]]
    for _, run in groupby(enumerate(codes), key=lambda item: item[1] - item[0]):
        members = [code for _, code in run]
        yield members[0], members[-1]


def _attached(stream: str) -> str:
    """The stream with each mark joined to what it follows, or dropped after a Latin or Greek letter."""
    patterns = _patterns()
    parts = patterns.own_marks.split(patterns.accents.sub("", stream))
    parts[1::2] = [marks + _AFTER_NO_SPACE for marks in parts[1::2]]
    return "".join(parts).replace(_BEFORE_MARK, "")


def _in_order(run: re.Match[str]) -> str:
    """The run of marks in canonical order."""
    shipped = table()
    return "".join(sorted(run[0], key=lambda mark: shipped.action_order[shipped.action(ord(mark))]))
