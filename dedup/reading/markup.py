"""Tells of texts that are pieces of HTML, as fields of records often are: tags count for nothing, but stay in what is kept."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.model import Record

P = ParamSpec("P")

NOTE = "the text has HTML's tags, which stay in what is kept: extract its text first (trafilatura, resiliparse, readability)"

_HEAD = 2000  # characters that are looked at
_TAGS = 3  # that many are no accident
_BLOCK = "p|div|span|br|hr|h[1-6]|[uo]l|li|strong|em|blockquote|figure|table|t[rdh]"
_TAG = re.compile(rf"</?(?:{_BLOCK})(?: [^<>]*)?/?>|<(?:a|img)\s[^<>]*(?:href|src)=[^<>]*>", re.IGNORECASE)


def noting(read: Callable[P, Iterator[Record]]) -> Callable[P, Iterator[Record]]:
    """Have what reads the records of one input tell of tags, in the note of the first record whose text has them."""

    @functools.wraps(read)
    def noted(*args: P.args, **kwargs: P.kwargs) -> Iterator[Record]:
        records = read(*args, **kwargs)
        for record in records:
            if record.document is not None and is_markup(record.document.text):
                record.note = NOTE if record.note is None else f"{record.note}; {NOTE}"
                yield record
                break
            yield record
        yield from records

    return noted


def is_markup(text: str) -> bool:
    """Whether a text begins as a piece of a page in HTML does."""
    return text.count("<", 0, _HEAD) >= _TAGS and len(_TAG.findall(text, 0, _HEAD)) >= _TAGS
