"""Links as Markdown writes them, `[text](address "title")` or `[text][12]`, and as text browsers do, `[12]text`.

A reader sees the text of one. Pages come as Markdown from most scrapers of today, and from `lynx -dump` with numbers that a list
at their end explains, as some Markdown has. With addresses and numbers, no line would be what it says:
"[Home](https://a.example/)" has five words, and those of a menu more than the article.
"""

from __future__ import annotations

import re

_BETWEEN = " \t\r\n|*+/>›»·•#-"  # noqa: RUF001 (signs between the links of a row)
CLOSES = "]"
"""What stands in every text that has a link of either kind."""
_OPENS = "]("  # stands in every text with an address in it
# The number (or nothing) behind a link's text names the line that has its address; that of one footnote behind another does not.
_NO_NUMBER = "".join(rf"(?<!\[{'[0-9]' * digits}\])" for digits in range(1, 5))
_REFERS = rf"\]{_NO_NUMBER}\[[0-9]{{0,4}}\]"  # bracket first: it is what is looked for
MARKED = rf"\](?:\(|{_NO_NUMBER}\[[0-9]{{0,4}}\])"
"""A pattern that finds something in every text with a link of Markdown's."""

# An address has no white space, and parentheses in pairs; html2text breaks one behind a hyphen, as it does words. What begins
# like none, and names no page, is prose in parentheses.
_PLAIN = r"[^\x00-\x20()<>]*(?:(?<=-)\r?\n[^\x00-\x20()<>]+)*"
_BEGINS = r"https?://|//?|\#|\?|\.{1,2}/|www\.|mailto:|tel:|javascript:|data:|\)"
_PAGE = rf"{_PLAIN}\.(?:html?|php\d?|aspx?|jsp)(?![A-Za-z0-9])"
_ADDRESS = rf"(?:<[^<>\x00-\x1f]*>|(?={_BEGINS}|{_PAGE}){_PLAIN}(?:\({_PLAIN}\){_PLAIN})*)"
# A title within which a sentence ended would be two pieces of text wherever sentences are told apart.
STOPS = "…\u037e։؟۔।॥።፧。！？｡"  # noqa: RUF001 (stops of many scripts)
"""What ends sentences, but for ASCII's marks."""
_STOPPED = "|".join(map(re.escape, f".!?;{STOPS}"))
_TITLE = "|".join(rf"{mark}(?:(?!{_STOPPED})[^{mark}\x00-\x1f])*{mark}" for mark in "\"'")
_TARGET = rf"\]\({_ADDRESS}(?:[ \t]+(?:{_TITLE}))?[ \t]*\)"
_IN_TEXT = re.compile(_TARGET, re.IGNORECASE | re.ASCII)
# The number stands before the text, where a word may begin; that of a footnote stands behind one.
_BEFORE_NUMBER = r"(?<![^\x09-\x0d\x20(|>/#\"'])"
_NUMBER = r"\[[0-9]{1,4}\](?=\[?[0-9A-Za-z\"'%s])"
_NUMBER_IN_TEXT = re.compile(_BEFORE_NUMBER + _NUMBER % "\x80-\U0010ffff")
_NUMBER_IN_BYTES = re.compile((_BEFORE_NUMBER + _NUMBER % r"\x80-\xff").encode())
NUMBERED = rb"\[[0-9]{1,4}\][^\s]"
"""A pattern that finds something in every text with a link of a text browser's."""
_REFERENCE = re.compile(_REFERS)
_REFERENCE_IN_BYTES = re.compile(_REFERS.encode())
SCHEMES = ("https", "http", "ftp", "file", "mailto", "tel", "javascript", "about", "data")
"""With which an address of such a list begins."""
_WHOLE = rf"(?:{'|'.join(SCHEMES)}):\S*+(?:(?<=-)\r?\n\S++)*+"
_RELATIVE = r"(?=\S)(?:[/.#?&=%+~:;,@!_-]++[a-z0-9]++){0,20}+[/.#?&=%+~:;,@!_-]*+"  # of few words: see `engines.sieve`
_OF_LINK = r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([\s\S]*\)))?+"""  # its title
_LISTED = re.compile(
    rf"\s*+(?:[0-9]{{1,4}}\. {_WHOLE}|\[[0-9]{{1,4}}\]:\s++(?>{_WHOLE}|<[^<>]*+>|{_RELATIVE}){_OF_LINK})\s*+\Z",
    re.IGNORECASE | re.ASCII,
)
_ENTRY = re.compile(r"[^\W_][^.!?,;:]{0,40}")  # what is shown of a link in a row: a name, no sentence
_NAMED = re.compile(r"\[[^\[\]]*\]")
_SAYS = re.compile(r"[^\W_]|[,;，、،]")  # noqa: RUF001 (commas of many scripts: who wrote a text is told in a row with commas)
_IN_BYTES = re.compile(_TARGET.encode(), re.IGNORECASE)


def shown(text: str) -> str:
    """The text without its links' addresses and numbers: `[Home](/)` and `[Home][1]` are `[Home]`, `[1]Home` is `Home`."""
    if _OPENS in text:
        text = _IN_TEXT.sub("]", text)
    if "][" in text:
        text = _REFERENCE.sub("]", text)
    return _NUMBER_IN_TEXT.sub("", text) if "]" in text else text


def alone(text: str) -> int:
    """How many links a text is, if it is nothing but links with white space and signs other than a comma between; else 0."""
    if not are_marked(text):
        before, *entries = _NUMBER_IN_TEXT.split(text)
        only = not _SAYS.search(before) and all(_ENTRY.fullmatch(entry.strip(_BETWEEN)) for entry in entries)
        return len(entries) if only else 0
    named, count = _IN_TEXT.subn("]", text)
    named, referring = _REFERENCE.subn("]", named)
    rest, names = _NAMED.subn("", named)
    return count + referring if names == count + referring and not _SAYS.search(rest) else 0


def are_marked(text: str) -> bool:
    """Whether it has links as Markdown writes them."""
    return _OPENS in text or ("][" in text and _REFERENCE.search(text) is not None)


def are_numbered(text: str) -> bool:
    """Whether its links have numbers, which a list may explain."""
    return _NUMBER_IN_TEXT.search(text) is not None or _REFERENCE.search(text) is not None


def is_listed(line: str) -> bool:
    """Whether a line is a number and an address, as in the list that explains the numbers of links."""
    return _LISTED.match(line) is not None


def shown_bytes(data: bytes) -> bytes:
    """The same of a text in UTF-8."""
    return _NUMBER_IN_BYTES.sub(b"", _REFERENCE_IN_BYTES.sub(b"]", _IN_BYTES.sub(b"]", data)))
