"""Links as Markdown writes them, `[text](address "title")`: what a reader sees of one is its text.

Pages come as Markdown from most scrapers of today. With the addresses, no line would be what it says: "[Home](https://a.example/)"
has five words, and those of a menu more than the article.
"""

from __future__ import annotations

import re

OPENS = "]("
"""What stands in every text that has a link."""

# An address has no white space, and parentheses in pairs; html2text breaks one behind a hyphen, as it does words. What begins
# like none, and names no page, is prose in parentheses.
_PLAIN = r"[^\x00-\x20()<>]*(?:(?<=-)\r?\n[^\x00-\x20()<>]+)*"
_BEGINS = r"https?://|//?|\#|\?|\.{1,2}/|www\.|mailto:|tel:|javascript:|data:|\)"
_PAGE = rf"{_PLAIN}\.(?:html?|php\d?|aspx?|jsp)(?![A-Za-z0-9])"
_ADDRESS = rf"(?:<[^<>\x00-\x1f]*>|(?={_BEGINS}|{_PAGE}){_PLAIN}(?:\({_PLAIN}\){_PLAIN})*)"
# A title within which a sentence ended would be two pieces of text wherever sentences are told apart.
_STOPS = ".!?…;\u037e։؟۔।॥።፧。！？｡"  # noqa: RUF001 (stops of many scripts)
_STOPPED = "|".join(map(re.escape, _STOPS))
_TITLE = "|".join(rf"{mark}(?:(?!{_STOPPED})[^{mark}\x00-\x1f])*{mark}" for mark in "\"'")
_TARGET = rf"\]\({_ADDRESS}(?:[ \t]+(?:{_TITLE}))?[ \t]*\)"
_IN_TEXT = re.compile(_TARGET, re.IGNORECASE | re.ASCII)
_NAMED = re.compile(r"\[[^\[\]]*\]")
_SAYS = re.compile(r"[^\W_]|[,;，、،]")  # noqa: RUF001 (commas of many scripts: who wrote a text is told in a row with commas)
_IN_BYTES = re.compile(_TARGET.encode(), re.IGNORECASE)


def shown(text: str) -> str:
    """The text without the addresses of its links (`[Home](/)` is `[Home]`); the same text where there are none."""
    return _IN_TEXT.sub("]", text) if OPENS in text else text


def alone(text: str) -> int:
    """How many links a text is, if it is nothing but links with white space and signs other than a comma between; else 0."""
    if OPENS not in text:
        return 0
    named, count = _IN_TEXT.subn("]", text)
    rest, names = _NAMED.subn("", named)
    return count if names == count and not _SAYS.search(rest) else 0


def shown_bytes(data: bytes) -> bytes:
    """The same of a text in UTF-8."""
    return _IN_BYTES.sub(b"]", data)
