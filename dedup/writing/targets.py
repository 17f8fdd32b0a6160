"""Outputs that can be given up: files that appear whole or not at all, and streams."""
# Paths are strings, as in Source: a tree of a million files needs no million Path objects.
# ruff: noqa: PTH101, PTH103, PTH105, PTH108, PTH109, PTH116, PTH117, PTH118, PTH120, PTH123, SIM115

from __future__ import annotations

import io
import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

import xxhash

from dedup import stopping

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BUFFER = 1 << 18


class Watch(Protocol):
    """Hears of a file before anything happens to it."""

    def opening(self, path: str) -> None:
        """It is about to be made under a passing name."""

    def ready(self, digest: str) -> None:
        """It is on the disk and about to take its name; the digest is that of its bytes (xxh3_128)."""


class Gate(io.RawIOBase):
    """Passes bytes on to a stream until it is shut: what a compressor writes when it is given up must not look whole.

    With `hashed`, it takes their digest on the way.
    """

    def __init__(self, stream: BinaryIO, *, hashed: bool = False) -> None:
        super().__init__()
        self._stream: BinaryIO | None = stream
        self._state = xxhash.xxh3_128() if hashed else None

    def digest(self) -> str:
        """The digest of what was written; of nothing where it was not to be taken."""
        return (self._state or xxhash.xxh3_128()).hexdigest()

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Write all of it, also where the stream takes a part at a time."""
        view = memoryview(data).cast("B")
        size = len(view)
        if self._state is not None:
            self._state.update(view)
        while self._stream is not None and len(view):
            view = view[self._stream.write(view) :]
        return size

    def flush(self) -> None:
        """Hand on what the stream holds back."""
        if self._stream is not None:
            self._stream.flush()

    def shut(self) -> None:
        """Swallow what comes from now on."""
        self._stream = None


class StreamTarget:
    """A stream of someone else, such as standard output."""

    def __init__(self, stream: BinaryIO) -> None:
        self._gate = Gate(stream)

    def open(self) -> BinaryIO:
        """Give what is to be written to."""
        return cast(BinaryIO, self._gate)

    def commit(self) -> None:
        """Hand on what is held back, and let go of the stream."""
        self._gate.flush()
        self._gate.shut()

    def discard(self) -> None:
        """Write no more."""
        self._gate.shut()


class FileTarget:
    """A file under a passing name, `.dedup-….tmp` in the same folder, which takes its own when it is committed.

    An existing pipe or device is written to as it is. The file is made by `open`, not before: whoever holds the target can
    discard it, whenever a signal comes.
    """

    def __init__(self, path: str, watch: Watch | None = None) -> None:
        self._watch = watch
        self._path, self._mode = _led_to(path)
        self._passing = ""
        self._opened: BinaryIO | None = None
        self._gate: Gate | None = None

    def open(self) -> BinaryIO:
        """Make the file, and give what is to be written to.

        Raises:
            OSError: it cannot be made.
        """
        if self._mode is None or stat.S_ISREG(self._mode):
            self._passing = os.path.join(os.path.dirname(self._path), f".dedup-{secrets.token_hex(8)}.tmp")
            stopping.goes(self._passing)
            if self._watch is not None:
                self._watch.opening(self._passing)
        self._opened = _made(self._passing) if self._passing else open(self._path, "wb", buffering=_BUFFER)
        if self._passing and self._mode is not None:
            os.chmod(self._passing, stat.S_IMODE(self._mode))
        self._gate = Gate(self._opened, hashed=self._watch is not None)
        return cast(BinaryIO, self._gate)

    def commit(self) -> None:
        """Give the file its name; where it takes another one's place, it is on the disk before that one goes.

        Raises:
            OSError: it cannot be written or renamed.
        """
        if self._opened is None or self._gate is None:
            raise ValueError("the target is not open")
        self._opened.flush()
        if self._passing and self._mode is not None:
            os.fsync(self._opened.fileno())
        self._gate.shut()
        self._opened.close()
        if self._passing:
            if self._watch is not None:
                self._watch.ready(self._gate.digest())
            os.replace(self._passing, self._path)
            stopping.stays(self._passing)

    def discard(self) -> None:
        """Remove what was written; a pipe or device is only closed."""
        if self._gate is not None:
            self._gate.shut()
        if self._opened is not None:
            with suppress(OSError):
                self._opened.close()
        if self._passing:
            with suppress(OSError):  # gone, or never made because nothing may be made there: that is told by who tried
                os.unlink(self._passing)
            stopping.stays(self._passing)


def _led_to(path: str) -> tuple[str, int | None]:
    """The path to write to, with what links lead to in their place, and the mode of what is there; None: nothing is."""
    whole = path if os.path.isabs(path) else os.path.join(os.getcwd(), path)
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return whole, None
    if not stat.S_ISLNK(mode):
        return whole, mode
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return os.path.realpath(path), None
    # what /dev/stdout leads to has a name that cannot be opened when it is a pipe
    return os.path.realpath(path) if stat.S_ISREG(mode) else path, mode


def _made(path: str) -> BinaryIO:
    """A new file; its folders are made where they are not there."""
    try:
        return open(path, "xb", buffering=_BUFFER)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return open(path, "xb", buffering=_BUFFER)
