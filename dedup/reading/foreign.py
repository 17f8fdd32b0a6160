"""Knows what is easily taken for text or records and is neither, and says what to do with it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from dedup.reading.encodings import UTF8_MARK, WIDE_MARKS, wide
from dedup.reading.fields import GUESSES

if TYPE_CHECKING:
    from collections.abc import Callable

_AS_IT_IS = "or read it as it is with --format text"
HTML = f"is HTML: extract its text first (trafilatura, resiliparse, readability), {_AS_IT_IS}"
XML = f"is XML or SGML: write the texts in it as files or records first, {_AS_IT_IS}"
WARC = f"is a web archive (WARC): write its records as JSON Lines first (warcio, fastwarc), {_AS_IT_IS}"
TABLE = f"is CSV or TSV by its first line, not by its name: read it with --format csv or tsv, {_AS_IT_IS}"
JSON_LINES = f"is JSON Lines by what it holds, not by its name: read it with --format jsonl, {_AS_IT_IS}"
MAIL = f"is mail (mbox, eml): write the text of each as a file or a record first (Python's mailbox and email), {_AS_IT_IS}"
RTF = f"is RTF: save it as plain text first, {_AS_IT_IS}"
ARROW = "is Arrow, not text: save it as Parquet (pandas, polars and datasets do)"
JSON_ARRAY = f"is one JSON array, not JSON Lines: make a line of each record first (jq -c '.[]'), {_AS_IT_IS}"
JSON_SEQUENCE = f"is a JSON text sequence, not JSON Lines: take the control characters out first (tr -d '\\036'), {_AS_IT_IS}"
JSON_VALUES = f"is JSON over several lines, not JSON Lines: make one line of each record first (jq -c .), {_AS_IT_IS}"
NO_JSON_LINES = f"is no JSON Lines, which its name lets expect: convert it first, {_AS_IT_IS}"
ADVICE = frozenset({ARROW, HTML, JSON_ARRAY, JSON_LINES, JSON_SEQUENCE, JSON_VALUES, MAIL, NO_JSON_LINES, RTF, TABLE, WARC, XML})
"""All of these: why an input is passed over, and what to do."""

_SCHEMA = 1 << 26
"""No schema is as large, in bytes."""
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s|<!--.*?-->|<\?xml\b.*?\?>)*+<(?:!doctype\s+html|html)(?:[\s>/]|$)", re.IGNORECASE | re.DOTALL
)
_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(?:\?xml\s[^>]*\?>|doc(?:\s[^>]*)?>)", re.IGNORECASE)
"""XML, or the first of many documents as TREC, Gigaword and WikiExtractor write them."""
_ARCHIVE = re.compile(rb"\s*+WARC/[01]\.\d+\r?\n")
_HEADING = rb"[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]*+\n(?:[ \t][^\n]*+\n)*+"
_MAILBOX = re.compile(
    rb"From [^\n]{1,200}? [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d?\d:\d\d[^\n]{0,60}\n(?:>From [^\n]*+\n)?" + _HEADING
)
"""The line before each mail, with who sent it and when, and the first of its headings."""
_MAIL = re.compile(rb"(?:\xef\xbb\xbf)?(?:\d{1,10} *\r?\n)?((?:" + _HEADING + rb"){2,300}+)")
"""The headings of one mail, which Apple's Mail puts behind its size in bytes."""
_BY_MACHINES = re.compile(
    rb"^(?:message-id:\s*<|mime-version:\s*\d|return-path:\s*<|received:\s*(?:from|by)\s|delivered-to:.*@)",
    re.IGNORECASE | re.MULTILINE,
)
"""A heading that people do not write: an article may begin with a mail that it quotes, or with "Received: 12 May"."""
_OBJECT = re.compile(rb'\{\s*"(?:[^"\\]|\\.){0,200}"\s*:')
_LONG = 1 << 16
"""So many bytes are looked at: a record may be longer."""
_COLUMN = rb'"?[A-Za-z_][\w.-]{0,60}"?'
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?" + _COLUMN + rb"(?:([,;\t|])" + _COLUMN + rb")(?:\1" + _COLUMN + rb"){0,200}\r?\n")
_RICH = b"{\\rtf1"
_FIRST = frozenset(b"< \t\n\r\v\f\xef\xff\xfe\0")
"""One of these begins a page: a tag, white space or a byte order mark."""
_FIRST_OF_ALL = _FIRST | frozenset(b"W{[\x1e")
_OBJECTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*+\[\s*" + _OBJECT.pattern)
_SPREAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{[ \t\r]*\n\s*"(?:[^"\\\n]|\\.){0,200}"\s*:')
"""An array of objects, and an object over several lines, as JSON is written for people; a text may begin with other brackets."""
_SEQUENCE = re.compile(rb"(?:\xef\xbb\xbf)?\s*+\x1e\s*+[{\[]")
"""How RFC 7464 has each record begin, `jq --seq` writes it."""
_ARRAY = re.compile(rb'\[\s*(?:$|[{\["\]0-9tfn-])')
"""How the first line of an array begins, unlike a footnote or a picture's caption."""
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_GOES_ON = frozenset(b'"}],:[-0123456789tfn')
"""With one of these the second line of a value goes on, while the next record would begin with `{`."""


def why_no_words(head: bytes) -> str | None:
    """Tell why a text that begins so is not what people read but holds it, and what to do; None for plain text."""
    if _are_rows(head):
        return TABLE
    if _is_mail(head):
        return MAIL
    if not head or head[0] not in _FIRST_OF_ALL:
        return None
    known = (
        (RTF, head.startswith(_RICH)),
        (WARC, _ARCHIVE.match(head)),  # WET files, too: they hold plain text, of thousands of pages
        (HTML, is_html(head)),
        (JSON_LINES, _are_records(head)),
        (JSON_ARRAY, _OBJECTS.match(head)),
        (JSON_VALUES, _SPREAD.match(head)),
        (JSON_SEQUENCE, _SEQUENCE.match(head)),
        (XML, _DECLARED.match(_narrow(head))),
    )
    return next((reason for reason, is_so in known if is_so), None)


def _are_rows(head: bytes) -> bool:
    """Tell whether a text begins with the names of columns, each one word, among them one that a column of texts has."""
    header = _HEADER.match(head)
    if header is None:
        return False
    names = header[0].removeprefix(UTF8_MARK).decode("ascii").casefold().rstrip().split(header[1].decode("ascii"))
    return any(name.strip('"') in GUESSES["text"] for name in names)


def _is_mail(head: bytes) -> bool:
    """Tell whether a text is a mailbox or a mail, by the headings with which it begins."""
    headings = _MAIL.match(head)
    return _MAILBOX.match(head) is not None if headings is None else _BY_MACHINES.search(headings[1]) is not None


def _are_records(head: bytes) -> bool:
    """Tell whether a text begins with an object of JSON in one line, and goes on with another one, if it goes on."""
    first, end, rest = head.removeprefix(UTF8_MARK).lstrip().partition(b"\n")
    if not _OBJECT.match(first):
        return False
    if not end:
        return first.rstrip().endswith(b"}") or len(head) >= _LONG
    try:
        return isinstance(json.loads(first, parse_int=str), dict) and _OBJECT.match(rest.lstrip() or first) is not None
    except (ValueError, RecursionError):
        return False


def is_html(head: bytes) -> bool:
    """Tell whether a text begins as a page of HTML does: behind white space, comments and an XML declaration."""
    return bool(head) and head[0] in _FIRST and _PAGE.match(_narrow(head)) is not None


def _narrow(head: bytes) -> bytes:
    """The bytes in UTF-8, where a byte order mark says that they are of a wider encoding."""
    encoding = wide(head)
    if encoding is None:
        return head
    return head.removeprefix(WIDE_MARKS[encoding]).decode(encoding, "ignore").encode("utf-8", "ignore")


def is_arrow(head: bytes) -> bool:
    """Tell whether what is binary is a file or a stream of Arrow, as the folders of Hugging Face's `datasets` hold them.

    A stream begins with a mark, the size of the schema (32 bits, rounded up to 8 bytes), and the schema, whose first 32 bits are
    the place of its table.
    """
    if head.startswith(b"ARROW1\0\0"):
        return True
    size, place = int.from_bytes(head[4:8], "little"), int.from_bytes(head[8:12], "little")
    return head.startswith(b"\xff\xff\xff\xff") and size % 8 == 0 and 0 < place < size < _SCHEMA


def why_no_lines(first: bytes, following: Callable[[], bytes], *, certain: bool) -> str | None:
    """Tell why JSON that begins with this line is no JSON Lines, and what to do; None where it may be.

    It is one array, or a value that goes on in the second line. What is left of records after cuts is judged as they were:
    only what stands outside of objects on lines of their own counts.

    Args:
        first: the first line that is not blank.
        following: gives the next such line, b"" where there is none; asked only where it matters.
        certain: whether records are what is expected: then a line that is none may be one that is damaged.
    """
    if _SEQUENCE.match(first):
        return JSON_SEQUENCE
    line = first.removeprefix(UTF8_MARK).strip()
    if line.startswith(b"{"):
        if line.endswith(b"}") or not _is_open(line):
            return None
        second = following().lstrip()
        return JSON_VALUES if second and second[0] in _GOES_ON else None
    if line.startswith(b"["):
        if (_ARRAY.match(line) and _is_open(line)) or (line.endswith(b"]") and not following()):
            return JSON_ARRAY
        return None if certain or line.endswith(b"]") else NO_JSON_LINES
    return NO_JSON_LINES if line and not certain else None


def _is_open(line: bytes) -> bool:
    """Tell whether a line ends between the parts of a JSON value, as one does that is written over several lines."""
    plain = _STRING.sub(b"", line)
    if b'"' in plain:
        return False
    return sum(map(plain.count, (b"{", b"["))) > sum(map(plain.count, (b"}", b"]")))
