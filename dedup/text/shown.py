"""What a reader sees of text that was written for a program: characters for HTML's entities, no tags, links' texts alone.

Fields of records and of feeds are often escaped once too much: "don&#8217;t" would have other words than its copies.
"""

from __future__ import annotations

import re

from dedup.text import links, tags

_PATTERN = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_IN_TEXT = re.compile(_PATTERN)
_IN_BYTES = re.compile(_PATTERN.encode())

SIGNS = (
    (re.compile(links.MARKED.encode()), links.CLOSES, links.CLOSES),
    (re.compile(links.NUMBERED), links.CLOSES, links.CLOSES),
    (_IN_BYTES, "&", ";"),
    (re.compile(tags.TAG), tags.OPENS, tags.CLOSES),
)
"""Patterns of which one finds something in all UTF-8 that is shown otherwise: each with a byte without which it finds nothing,
and one of the pieces where it does."""


def shown(text: str) -> str:
    """What is shown of a text: `Home` of `[1]Home` and `<b>Home</b>`, `[Home]` of `[Home](/)`, `&` of `&amp;`; of most, all."""
    return links.shown(tags.shown(_IN_TEXT.sub(_character, text) if "&" in text else text))


def shown_bytes(data: bytes) -> bytes:
    """The same of a text in UTF-8 (`surrogatepass`)."""
    return links.shown_bytes(tags.shown_bytes(_IN_BYTES.sub(_encoded, data)))


def _character(match: re.Match[str]) -> str:
    return _of(match[0])


def _encoded(match: re.Match[bytes]) -> bytes:
    return _of(match[0].decode("ascii")).encode("utf-8", "surrogatepass")


def _of(entity: str) -> str:
    """The characters that an entity stands for, or itself if it is none: only whole names count, as HTML has them."""
    import html.entities  # noqa: PLC0415 (two thousand names, which most texts do without)

    return html.unescape(entity) if entity[1] == "#" else html.entities.html5.get(entity[1:], entity)
