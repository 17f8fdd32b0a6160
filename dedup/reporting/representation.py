"""The bytes that a document is cut from: their name, how cuts leave them, and how cuts are put back."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from json.encoder import encode_basestring, encode_basestring_ascii
from types import MappingProxyType
from typing import TYPE_CHECKING

import xxhash

from dedup.model import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dedup.model import Record

FORMAT = 1
"""Of reports; a report of another is refused."""


def digest(raw: bytes) -> str:
    """The name of a document's bytes: 32 hexadecimal digits of xxh3_128."""
    return xxhash.xxh3_128_hexdigest(raw)


def cut_bytes(record: Record, cuts: Iterable[Span]) -> tuple[bytes, list[Span]]:
    """Take cuts out of a record's original representation.

    Args:
        record: a readable record.
        cuts: stretches of its text in code points, ascending and disjoint.

    Returns:
        What is left of `record.raw`, and the stretches in bytes of `record.raw`.
    """
    listed = list(cuts)
    if not listed or record.byte_offsets is None:
        return record.raw, []
    offsets = record.byte_offsets([offset for span in listed for offset in span])
    spans = [Span(*pair) for pair in zip(offsets[::2], offsets[1::2], strict=True)]
    kept, at = [], 0
    for start, end in spans:
        kept.append(record.raw[at:start])
        at = end
    kept.append(record.raw[at:])
    return b"".join(kept), spans


WAYS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "json": lambda text: encode_basestring(text)[1:-1],
        "json-ascii": lambda text: encode_basestring_ascii(text)[1:-1],
        "csv": lambda text: text.replace('"', '""'),
    }
)
"""How a stretch of text may be written inside of a record, by the names that a cut's `written` has."""


def encode_again(text: str, encoding: str) -> bytes | None:
    """The bytes of a cut's text in the document's encoding, or None where it cannot hold it."""
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)
    try:
        return text.encode(plain, "surrogateescape")
    except UnicodeEncodeError:
        return None


def cut_entry(text: str, encoding: str, raw: bytes) -> dict[str, str]:
    """What a report says of a cut so that `cut_raw` gives its bytes again: its `text`, and where that is not enough how.

    Nothing more where the text in the document's encoding is `raw`; else `written`, the first of `WAYS` that gives `raw`; else
    `raw` itself in base64.
    """
    entry = {"text": text}
    if encode_again(text, encoding) == raw:
        return entry
    for name, write in WAYS.items():
        if encode_again(write(text), encoding) == raw:
            return entry | {"written": name}
    return entry | {"raw": base64.b64encode(raw).decode("ascii")}


def cut_raw(entry: Mapping[str, object], encoding: str) -> bytes | None:
    """The bytes of a cut from what a report says of it; None where that is none of what `cut_entry` gives."""
    text, written, raw = entry.get("text"), entry.get("written"), entry.get("raw")
    try:
        if isinstance(raw, str):
            return base64.b64decode(raw, validate=True)
        if raw is not None or not isinstance(text, str):
            return None
        return encode_again(text if written is None else WAYS[str(written)](text), encoding)
    except (binascii.Error, ValueError, LookupError):
        return None


@dataclass(frozen=True, slots=True)
class PutBack:
    """A stretch of bytes and where it stood in the original."""

    start: int
    data: bytes


def put_back(cleaned: bytes, cuts: list[PutBack]) -> bytes:
    """Insert stretches where they stood: offsets are those of the original, ascending."""
    pieces, taken, length = [], 0, 0
    for cut in cuts:
        kept = cleaned[taken : taken + cut.start - length]
        pieces += [kept, cut.data]
        taken += len(kept)
        length += len(kept) + len(cut.data)
    pieces.append(cleaned[taken:])
    return b"".join(pieces)
