"""Finds a string's literal in a line of JSON, and code points in the literal."""

from __future__ import annotations

import functools
import json
import re
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TYPE_CHECKING, NamedTuple

from dedup.reading.encodings import prefix_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_STRUCTURE = re.compile(rb'["{}\[\]]')
_SPACE = re.compile(rb"[ \t\r\n]*")
_COLON = re.compile(rb'[ \t\r\n]*:[ \t\r\n]*(")?')
"""What stands behind a key; the group is there before a string."""
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.:-]+")
_ESCAPED = b"\\u00"  # how an escape of a character of plain keys begins
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^u])")
"""What stands for one code point: a pair of surrogates, any other \\u escape, a short escape."""


class LiteralSpan(NamedTuple):
    """Where a string literal stands in a line, quotation marks included; in bytes."""

    start: int
    end: int


def find_literal(line: bytes, key: str) -> LiteralSpan | None:
    """Find the value of a key at the top level of a line that is a valid JSON object and has that key.

    Of several values the last counts, as it does in Python's libraries. None if it is no string. Takes
    time linear in the line and no recursion; the key may be written with escapes.
    """
    literal = _plain_literal(key)
    found = None if literal is None else _only_one(line, literal)
    return _scan(line, _key_test(key)) if found is None else found


def _only_one(line: bytes, literal: bytes) -> LiteralSpan | None:
    """Give the string behind the first place of a key's bytes, where no other one can be the key's; else None.

    The line has the key at its top. It is this one, if the key stands nowhere else, be it with escapes; in the string itself
    it does not: a quotation mark there has a backslash before it.
    """
    at = line.find(literal)
    behind = at + len(literal)
    if at >= 0 and line.startswith(b':"', behind):
        found: LiteralSpan | None = LiteralSpan(behind + 1, _string_end(line, behind + 2))
    else:
        found = None if at < 0 else _string_after(line, behind)
    if found is None or line.find(literal, found.end) >= 0:
        return None
    escaped = line.find(_ESCAPED, 0, at) >= 0 or line.find(_ESCAPED, found.end) >= 0
    return None if escaped else found


@functools.lru_cache
def _plain_literal(key: str) -> bytes | None:
    """Give a key as it is written without escapes, which can be those of `_ESCAPED` only; None where there may be others."""
    return b'"' + key.encode() + b'"' if _PLAIN_KEY.fullmatch(key) else None


def _string_after(line: bytes, at: int) -> LiteralSpan | None:
    """Give the string behind the colon of the key that ends at `at`."""
    match = _COLON.match(line, at)
    if match is None or match[1] is None:
        return None
    start = match.end() - 1
    return LiteralSpan(start, _string_end(line, start + 1))


def _scan(line: bytes, wanted: Callable[[bytes], bool]) -> LiteralSpan | None:
    """Go through the line's strings and brackets, and find the value behind the last key at the top that is wanted."""
    found: LiteralSpan | None = None
    depth = 0
    at = 0
    while (token := _STRUCTURE.search(line, at)) is not None:
        at = token.end()
        mark = line[token.start()]
        if mark != 0x22:
            depth += 1 if mark in b"{[" else -1
            continue
        start, at = token.start(), _string_end(line, at)
        if depth != 1:
            continue
        colon = _skip_space(line, at)
        if not line.startswith(b":", colon) or not wanted(line[start:at]):
            continue
        found = _string_after(line, at)
        at = found.end if found is not None else colon + 1
    return found


def _key_test(key: str) -> Callable[[bytes], bool]:
    """Give a test whether a literal is this key: by its bytes, and by its meaning where it holds escapes."""
    plain = b'"' + key.encode("utf-8", "surrogatepass") + b'"'
    return lambda literal: literal == plain if b"\\" not in literal else json.loads(literal) == key


def _skip_space(line: bytes, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match is not None else at


def _string_end(line: bytes, at: int) -> int:
    """Give the end of the string whose first character after the quotation mark is at `at`."""
    while True:
        quote = line.index(b'"', at)
        if line[quote - 1] != 0x5C:
            return quote + 1
        before = quote
        while before > at and line[before - 1] == 0x5C:
            before -= 1
        if (quote - before) % 2 == 0:
            return quote + 1
        at = quote + 1


def literal_offsets(raw: bytes, text: str, offsets: Sequence[int]) -> list[int]:
    """Map ascending code point offsets of a JSON string to byte offsets in its literal, quotation marks included.

    A literal without escapes, or with those of line ends, quotation marks and backslashes only, is measured by counting; one that
    Python's encoder would write just so, by writing its stretches; another is walked through, an escape at a time.
    """
    if b"\\" not in raw:
        return prefix_offsets(text, "utf-8", "strict", 1, offsets)
    plain = text.encode("utf-8", "surrogatepass")
    if plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") == raw[1:-1]:
        return _counted_offsets(text, offsets)
    for write in (encode_basestring_ascii, encode_basestring) if raw.isascii() else (encode_basestring,):
        if write(text).encode("utf-8", "surrogatepass") == raw:
            return _written_offsets(text, write, offsets)
    return _walked_offsets(raw, offsets)


def _counted_offsets(text: str, offsets: Sequence[int]) -> list[int]:
    result = []
    at, byte = 0, 1
    for offset in offsets:
        piece = text[at:offset]
        byte += len(piece.encode("utf-8", "surrogatepass")) + piece.count("\n") + piece.count('"') + piece.count("\\")
        at = offset
        result.append(byte)
    return result


def _written_offsets(text: str, write: Callable[[str], str], offsets: Sequence[int]) -> list[int]:
    result = []
    at, byte = 0, 1
    for offset in offsets:
        byte += len(write(text[at:offset]).encode("utf-8", "surrogatepass")) - 2
        at = offset
        result.append(byte)
    return result


def _walked_offsets(raw: bytes, offsets: Sequence[int]) -> list[int]:
    result: list[int] = []
    pieces = _pieces(raw)
    at, start, end, plain = 0, 1, 1, ""  # the piece in hand: its first code point, its bytes, its characters
    length = 0
    for offset in offsets:
        while offset >= at + length and (piece := next(pieces, None)) is not None:
            at += length
            start, end, plain = piece
            length = len(plain) or 1
        inside = offset - at
        if inside >= length:
            result.append(end)
        else:
            result.append(start + len(plain[:inside].encode()))
    return result


def _pieces(raw: bytes) -> Iterator[tuple[int, int, str]]:
    """Give the stretches of a literal: start, end, and the characters of a plain stretch ("" for an escape)."""
    at = 1
    for escape in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        if escape.start() > at:
            yield at, escape.start(), raw[at : escape.start()].decode()
        yield escape.start(), escape.end(), ""
        at = escape.end()
    if at < len(raw) - 1:
        yield at, len(raw) - 1, raw[at:-1].decode()
