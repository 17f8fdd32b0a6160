"""Decompresses streams member by member, and tells exactly where they break.

Own loops around the standard decompressors instead of `gzip.open` and its kin: these stop silently at a damaged second
member of bzip2 and xz files, lose what precedes a damage, and do not say how much compressed input was used.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from _typeshed import WriteableBuffer

    from dedup.choices import Compression

_CHUNK = 1 << 16
_BOMB_SIZE = 1 << 30
_BOMB_RATIO = 200
"""What grows beyond this size and by this factor is refused where the user sets no limit: text shrinks ten times, lists fifty."""


class _Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Pulled(Protocol):
    """Where the compressed bytes come from."""

    def pull(self, size: int) -> bytes:
        """Give the next bytes, at most so many; b"" at the end."""

    def close(self) -> None:
        """Close what was opened."""


class _Gunzip:
    """zlib's decompressor for gzip members, with the interface of the others."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=31)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail and not self._full

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        result = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self._full = len(result) == max_length  # then zlib may hold more that needs no input
        return result


class Decompressed(io.RawIOBase):
    """The decompressed bytes of all members (gzip), streams (bzip2, xz) or frames (Zstandard), one after the other."""

    def __init__(self, source: str, raw: Pulled, compression: Compression, limit: int | None) -> None:
        super().__init__()
        self._source = source
        self._raw = raw
        self._compression = compression
        self._limit = limit
        self._taken = self._given = 0
        self._rest = b""
        self._new, self._errors = _decompressor(compression)
        self._member: _Decompressor | None = self._new()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as what was decompressed so far reaches, at least by a byte unless all is read."""
        view = memoryview(buffer).cast("B")
        data = b""
        while not data and (self._member is not None or self._next_member()):
            data = self._inflate(len(view))
        self._given += len(data)
        self._check_size()
        view[: len(data)] = data
        return len(data)

    def _check_size(self) -> None:
        if self._limit is not None:
            if self._given > self._limit:
                raise InputError(self._source, "is larger than allowed when decompressed (--max-decompressed)")
        elif self._given > max(_BOMB_SIZE, _BOMB_RATIO * self._taken):
            grown = f"{self._given >> 20:,} MiB and more from {self._taken:,} bytes"
            raise InputError(self._source, f"grows like a decompression bomb ({grown}); --max-decompressed BYTES lets it in")

    def _pull(self) -> bytes:
        data = self._raw.pull(_CHUNK)
        self._taken += len(data)
        return data

    def _next_member(self) -> bool:
        """Begin the next member; False at the end. Zero bytes between and after members are padding."""
        while not (rest := self._rest.lstrip(b"\0")):
            self._rest = self._pull()
            if not self._rest:
                return False
        self._rest = rest
        self._member = self._new()
        return True

    def _inflate(self, size: int) -> bytes:
        member = self._member or self._new()
        if member.needs_input and not self._rest:
            self._rest = self._pull()
            if not self._rest:
                raise InputError(self._source, f"the {self._compression} data is cut off")
        try:
            data = member.decompress(self._rest, size)
        except self._errors as error:
            raise InputError(self._source, f"the {self._compression} data is damaged ({error})") from error
        self._rest = b""
        if member.eof:
            self._rest = member.unused_data
            self._member = None
        return data

    def close(self) -> None:
        """Close what is read from too."""
        self._raw.close()
        super().close()


def _decompressor(compression: Compression) -> tuple[Callable[[], _Decompressor], tuple[type[Exception], ...]]:
    """Give what makes a decompressor, and the errors it raises on damaged data."""
    if compression == "gz":
        return _Gunzip, (zlib.error,)
    if compression == "bz2":
        return bz2.BZ2Decompressor, (OSError, ValueError)
    if compression == "xz":
        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), (lzma.LZMAError,)
    zstd = load_zstd()
    # Corpus dumps are often made with `zstd --long=31`; the window is the file's choice, as with the zstd tool.
    options = {zstd.DecompressionParameter.window_log_max: zstd.DecompressionParameter.window_log_max.bounds()[1]}
    return lambda: cast(_Decompressor, zstd.ZstdDecompressor(options=options)), (zstd.ZstdError,)


def load_zstd() -> ModuleType:
    """Give the module for Zstandard: the standard library's, or its twin for older Pythons."""
    try:
        return import_module("compression.zstd")  # since Python 3.14
    except ImportError:
        return import_module("backports.zstd")
