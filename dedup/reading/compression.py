"""Opens compressed streams (gzip, bzip2, xz, Zstandard), and writes them the same each time."""

from __future__ import annotations

import bz2
import io
import lzma
from typing import TYPE_CHECKING, BinaryIO, cast

from dedup.errors import InputError, os_reason
from dedup.reading.decompress import Decompressed, load_zstd

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

    from dedup.choices import Compression

_CHUNK = 1 << 16
_BUFFER = 1 << 18
_SNIFFED = 10
"""Bytes that tell the compression."""
_FIRST = b"\x1fB\xfd\x28" + bytes(range(0x50, 0x60))
"""The first byte of what is compressed; after any other, no more is waited for: a pipe may give its first record much later."""


def sniff(head: bytes) -> Compression:
    """Tell the compression of a stream from its first bytes; "" for none known."""
    if not head or head[0] not in _FIRST:
        return ""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gz"
    if head.startswith(b"BZh") and head[4:10] in {b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"}:
        return "bz2"
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    skippable = head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F
    return "zst" if skippable or head.startswith(b"\x28\xb5\x2f\xfd") else ""


class Reader(io.BufferedReader):
    """A buffered stream of decompressed bytes.

    Attributes:
        compression: what it really is, whatever its name says.
        note: said when that is not what the name says, else None.
    """

    compression: Compression = ""
    note: str | None = None


def open_read(
    source: str,
    origin: str | BinaryIO,
    compression: Compression,
    *,
    progress: Callable[[int], None] | None = None,
    max_decompressed: int | None = None,
) -> Reader:
    """Open a path, or go on with a stream, and decompress what is compressed.

    Args:
        source: id of the input, for messages.
        origin: a path, or an open binary stream, which is not closed.
        compression: what the name says; the first bytes decide.
        progress: called with the number of compressed bytes used since the last call.
        max_decompressed: more decompressed bytes than that are an error.

    Raises:
        InputError: it cannot be opened; later, from reading: it cannot be read, is damaged, cut off or too large.
    """
    raw = _Counted(source, origin, progress)
    head = raw.peek()
    found = sniff(head)
    opened: io.RawIOBase = raw if not found else Decompressed(source, raw, found, max_decompressed)
    reader = Reader(opened, _BUFFER)
    reader.compression = found
    if head and found != compression:
        is_what = f"is compressed ({found})" if found else "is not compressed"
        reader.note = f"{is_what}, though its name says {compression}" if compression else is_what
    return reader


class _Counted(io.RawIOBase):
    """The bytes as they lie, counted as they go."""

    def __init__(self, source: str, origin: str | BinaryIO, progress: Callable[[int], None] | None) -> None:
        super().__init__()
        self._source = source
        self._progress = progress
        self._head = b""
        self._own: io.FileIO | None = None
        try:
            if isinstance(origin, str):
                self._own = io.FileIO(origin)
                self._pull: Callable[[int], bytes | None] = self._own.read
            else:
                self._pull = getattr(origin, "read1", origin.read)
        except OSError as error:
            raise InputError(source, os_reason(error)) from error

    def readable(self) -> bool:
        return True

    def peek(self) -> bytes:
        """Give the first bytes without using them up: enough to tell the compression, b"" only of an empty stream."""
        while (not self._head or (len(self._head) < _SNIFFED and self._head[0] in _FIRST)) and (data := self._read(_CHUNK)):
            self._head += data
        return self._head

    def pull(self, size: int) -> bytes:
        """Give the next bytes, b"" at the end."""
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
            return data
        return self._read(size)

    def _read(self, size: int) -> bytes:
        try:
            data = self._pull(size) or b""
        except OSError as error:
            raise InputError(self._source, os_reason(error)) from error
        if data and self._progress is not None:
            self._progress(len(data))
        return data

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self.pull(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
        super().close()


def open_write(target: BinaryIO, compression: Compression) -> BinaryIO:
    """Give a stream whose bytes arrive compressed in `target`; the same bytes for the same input, without time and name.

    Closing it writes what is left and leaves `target` open; with no compression it is `target` itself.
    """
    if compression == "":
        return target
    if compression == "gz":
        import gzip  # noqa: PLC0415  # reading does not need it

        return cast(BinaryIO, gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=target, mtime=0))
    if compression == "bz2":
        return cast(BinaryIO, bz2.BZ2File(target, "wb"))
    if compression == "xz":
        return cast(BinaryIO, lzma.LZMAFile(target, "wb"))
    writer = cast(BinaryIO, load_zstd().ZstdFile(target, "wb"))
    writer.write(b"")  # else a stream of nothing would have no frame, and not be Zstandard
    return writer
