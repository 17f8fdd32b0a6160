"""Reads a plain text: one document a file; and tells text from what is none."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.model import Document, Record
from dedup.reading.compression import sniff
from dedup.reading.encodings import decode, wide
from dedup.reading.foreign import ARROW, is_arrow, why_no_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.model import Source
    from dedup.reading.compression import Reader
    from dedup.reading.names import Ids

HEAD = 1 << 16
"""How many bytes are looked at to tell text from binary."""

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

_MAGIC = (
    *(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF"),
    *(b"SQLite format 3\0", b"\x1f\x8b", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"PAR1", b"Rar!\x1a\x07"),
    *(b"7z\xbc\xaf\x27\x1c", b"\xd0\xcf\x11\xe0\xa1\xb1", b"OggS\0", b"ID3\2", b"ID3\3", b"ID3\4", b"wOFF", b"wOF2"),
    *(b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"II*\0", b"MM\0*", b"\0asm", b"ARROW1\0\0"),
)
_KNOWN = re.compile(b"|".join([*map(re.escape, _MAGIC), rb"RIFF....(?:WEBP|WAVE|AVI )"]), re.DOTALL)
_ALLOWED = b"\t\n\v\f\r\b\x1b"
_CONTROLS = bytes(code for code in range(32) if code not in _ALLOWED)
_FEW = 3
"""So many control bytes make no text binary, however short it is."""


class BinaryError(InputError):
    """An input that is no text: of no concern inside a tree, a failure where it was named outright."""


def is_binary(head: bytes) -> bool:
    """Tell from the first bytes (at most 64 KiB count) whether an input is no text.

    Known beginnings decide, then more than 1 % of control characters other than white space, backspace and escape (logs of
    terminals hold those). A few NULs make no binary, nor does UTF-16 or UTF-32 with a byte order mark.
    """
    head = head[:HEAD]
    if _KNOWN.match(head) or head.startswith((b"ustar\0", b"ustar  \0"), 257):  # not "mustard" in an article
        return True
    if wide(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > max(_FEW, len(head) / 100)


def refuse_binary(source: str, head: bytes) -> None:
    """Refuse what is no text.

    Raises:
        BinaryError: the bytes are those of something else.
    """
    if is_binary(head):
        raise BinaryError(source, ARROW if is_arrow(head) else "is binary, not text")


def refuse_foreign(source: Source, head: bytes, *, any_bytes: bool = False) -> None:
    """Refuse what is no text, and markup and archives unless the user said that they were text.

    Args:
        source: the input.
        head: its first bytes.
        any_bytes: whether all is let in: what is left of a text may look like anything.

    Raises:
        BinaryError: the bytes are those of something else.
    """
    if any_bytes:
        return
    refuse_binary(source.id, head)
    reason = None if source.certain else why_no_words(head)
    if reason is not None:
        raise BinaryError(source.id, reason)


def read_text(source: Source, stream: Reader, ids: Ids, site: str | None, *, any_bytes: bool = False) -> Iterator[Record]:
    """Read a whole file as one document; an empty file is a document with an empty text.

    Raises:
        BinaryError: it is no text, or markup, unless `any_bytes`.
        InputError: it cannot be read to its end.
    """
    chunks = [stream.read(HEAD)]
    refuse_foreign(source, chunks[0], any_bytes=any_bytes)
    while chunk := stream.read(1 << 20):
        chunks.append(chunk)
    raw = b"".join(chunks)
    del chunks, chunk
    yield _record(source, raw, ids, site, stream.note)


def read_small(
    source: Source, ids: Ids, site: str | None, progress: Callable[[int], None] | None, *, any_bytes: bool = False
) -> Record | None:
    """Read a small file without a stream around it, as `read_text` does; None for all else, and where anything is in the way.

    Raises:
        BinaryError: it is no text, or markup, unless `any_bytes`.
    """
    raw = _small(source.path) if source.path is not None and source.regular and not source.compression else None
    if raw is None or sniff(raw):
        return None
    if raw and progress is not None:
        progress(len(raw))
    refuse_foreign(source, raw, any_bytes=any_bytes)
    return _record(source, raw, ids, site, None)


def _small(path: str) -> bytes | None:
    """The bytes of a file of at most `HEAD`; None for a larger one, and for errors."""
    try:
        raw = first_bytes(path, HEAD + 1)
    except OSError:
        return None
    return raw if len(raw) <= HEAD else None


def first_bytes(path: str, size: int) -> bytes:
    """The first bytes of a regular file, so many if it has them.

    Raises:
        OSError: it cannot be opened or read.
    """
    file = os.open(path, _READ)
    try:
        data = os.read(file, size)
        while 0 < len(data) < size and (more := os.read(file, size - len(data))):  # some file systems give less than there is
            data += more
    finally:
        os.close(file)
    return data


def _record(source: Source, raw: bytes, ids: Ids, site: str | None, note: str | None) -> Record:
    text, encoding, byte_offsets, guessed = decode(raw)
    told = f"{note}; {guessed}" if note and guessed else note or guessed
    document = Document(ids.unique(source.id), text, site or source.site)
    return Record(document, source.id, None, encoding, b"", raw, b"", byte_offsets, None, told)
