"""Outputs that can be given up: files that appear whole or not at all, and streams."""

from __future__ import annotations

import io
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
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
        # what /dev/stdout leads to has a name that cannot be opened when it is a pipe
        as_it_is = os.path.exists(path) and not os.path.isfile(path)  # noqa: PTH110, PTH113 (no Path is there yet)
        self._path = Path(path if as_it_is else os.path.realpath(path))
        self._passing: Path | None = None
        self._opened: BinaryIO | None = None
        self._gate: Gate | None = None

    def open(self) -> BinaryIO:
        """Make the file, and give what is to be written to.

        Raises:
            OSError: it cannot be made.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        mode = self._path.stat().st_mode if self._path.exists() else None
        if mode is None or stat.S_ISREG(mode):
            self._passing = self._path.with_name(f".dedup-{secrets.token_hex(8)}.tmp")
            stopping.goes(str(self._passing))
            if self._watch is not None:
                self._watch.opening(str(self._passing))
        self._opened = (self._passing or self._path).open("xb" if self._passing else "wb", buffering=_BUFFER)
        if self._passing and mode is not None:
            self._passing.chmod(stat.S_IMODE(mode))
        self._gate = Gate(self._opened, hashed=self._watch is not None)
        return cast(BinaryIO, self._gate)

    def commit(self) -> None:
        """Put all on the disk, then give the file its name.

        Raises:
            OSError: it cannot be written or renamed.
        """
        if self._opened is None or self._gate is None:
            raise ValueError("the target is not open")
        self._opened.flush()
        if self._passing is not None:
            os.fsync(self._opened.fileno())
        self._gate.shut()
        self._opened.close()
        if self._passing is not None:
            if self._watch is not None:
                self._watch.ready(self._gate.digest())
            self._passing.replace(self._path)
            stopping.stays(str(self._passing))

    def discard(self) -> None:
        """Remove what was written; a pipe or device is only closed."""
        if self._gate is not None:
            self._gate.shut()
        if self._opened is not None:
            with suppress(OSError):
                self._opened.close()
        if self._passing is not None:
            with suppress(OSError):  # gone, or never made because nothing may be made there: that is told by who tried
                self._passing.unlink()
            stopping.stays(str(self._passing))
