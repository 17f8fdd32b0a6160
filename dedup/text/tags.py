"""HTML's tags and comments that were left in a text, `<p>`, `<br />`: a reader sees none of them, and lines end at some.

Fields of records and of feeds often are pieces of HTML. With tags, no line would be what it says: "<li><a href="/">Home</a></li>"
has six words. Which names are tags is listed, so that `List<String>` and `<file>` stay what they are.
"""

from __future__ import annotations

import re

from dedup.text import links

OPENS, CLOSES = "<", ">"
"""What stands in every text that has a tag."""

_WITHIN = "a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|mark|picture|q|s|small|span|strike|strong|su[bp]|svg|time|u|wbr"
_PARTS = "article|aside|blockquote|button|caption|center|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header"
_CLOSED = rf"{_PARTS}|iframe|li|main|nav|noscript|ol|p|pre|section|table|t[dhr]|t(?:body|foot|head)|ul|video"
_BLOCKS = rf"{_CLOSED}|br|hr"
# A tag within which a sentence ended would be two pieces of text wherever sentences are told apart.
_NO_STOP = rf"(?!-->|{'|'.join(links.STOPS)})[^<>.!?]|[.!?](?=[A-Za-z0-9/_=&%#-])"
# The bracket, which has no case, is looked for fast.
_TAG = rf"<(?i:/?(?:(?:{_WITHIN})|({_BLOCKS}))(?:[ \t\r\n](?:{_NO_STOP})*+)?/?|!--(?:{_NO_STOP})*+--)>"
_IN_TEXT = re.compile(_TAG, re.ASCII)
_IN_BYTES = re.compile(_TAG.encode())

TAG = _TAG.encode()
"""A pattern that finds something in all UTF-8 that has a tag."""
ENDS = rf"<(?i:br ?/?|/(?:{_CLOSED}))>"
"""A pattern of the tags behind which another line begins."""
_END = re.compile(rf"{ENDS}(?:\s*{ENDS})*", re.ASCII)


def shown(text: str) -> str:
    """The text without tags; one that stands between lines is a space."""
    return _IN_TEXT.sub(_space, text) if OPENS in text else text


def shown_bytes(data: bytes) -> bytes:
    """The same of a text in UTF-8."""
    return _IN_BYTES.sub(_space_byte, data)


def line_ends(text: str, start: int, end: int) -> list[int]:
    """Where lines end within `text[start:end]`, behind tags; empty where there is none, or none but at the end."""
    return [match.end() for match in _END.finditer(text, start, end) if match.end() < end]


def _space(tag: re.Match[str]) -> str:
    return " " if tag[1] else ""


def _space_byte(tag: re.Match[bytes]) -> bytes:
    return b" " if tag[1] else b""
