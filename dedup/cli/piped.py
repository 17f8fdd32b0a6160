"""Standard input, pipes and devices as inputs: what they hold, and a copy of what must be read more than once."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import stat
import sys
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, cast

from dedup import reading
from dedup.cli.options import say
from dedup.errors import InputError, OutputError, UsageError, os_reason
from dedup.model import Skipped
from dedup.reading.compression import open_read

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from dedup.choices import Format
    from dedup.engines.inputs import Inputs
    from dedup.model import Source

_BLOCK = 1 << 20
_OBJECTS = re.compile(rb'(?:\[\s*)?\{\s*["}]')
"""How an object of JSON begins, and an array of objects, told of when it is read; other arrays may be texts (`[1] See …`)."""


def standard_input() -> BinaryIO:
    """Standard input, for bytes.

    Raises:
        UsageError: it is closed.
    """
    if sys.stdin is None:
        raise UsageError("standard input is closed: name files or folders, or pipe a text in")
    return sys.stdin.buffer


def take_standard_input(  # noqa: PLR0913 (what the options became)
    inputs: Inputs, form: Format | None, scratch: Path, *, twice: bool, streams: str, quiet: bool
) -> None:
    """Make standard input the source; records that are to be read twice, and Parquet, are written to a file first.

    Args:
        inputs: takes the source.
        form: its format; None: told by its first bytes.
        scratch: a folder for the file.
        twice: whether the command reads its inputs more than once.
        streams: the options with which it would not; "": there are none.
        quiet: whether the user is not to hear of the file.

    Raises:
        OutputError: there is no room for the file.
    """
    stream: BinaryIO = standard_input()
    sniffed = form is None
    if form is None:
        form, stream = _sniff(stream)
    source = reading.standard_input(form, sniffed=sniffed)
    inputs.sources, inputs.named = [source], frozenset({source.id})
    leave_out_own_output(inputs)
    if form == "text" or (not twice and form != "parquet"):
        inputs.stdin = stream
    else:
        if form != "parquet" and not quiet:
            hint = f"; {streams} streams them" if streams else ""
            say(f"records on standard input are kept in a temporary file, because they are read twice{hint}")
        source = _copied(source, stream, scratch / "stdin")
    inputs.sources = [source]


def copy_pipes(inputs: Inputs, asked: AbstractSet[str], scratch: Path, *, known: bool, twice: bool) -> frozenset[str]:
    """Give each source that is a pipe or a device a file that can be read twice, as records and Parquet must be.

    Args:
        inputs: its sources are replaced.
        asked: the paths that the user named or listed: in a folder no pipe is read, and nobody has to look for one.
        scratch: a folder for the files.
        known: whether the user named the format; else the first bytes tell.
        twice: whether the command reads its inputs more than once.

    Returns:
        The ids of these sources.

    Raises:
        InputError: one cannot be opened.
        OutputError: there is no room for the files.
    """
    piped = {source.id for source in inputs.sources if source.path is not None and source.path in asked and _is_pipe(source.path)}
    for number, source in enumerate(inputs.sources):
        if source.id not in piped or (known and not twice and source.format != "parquet"):
            continue
        try:
            opened = io.FileIO(source.path or "")
        except OSError as error:
            raise InputError(source.id, os_reason(error)) from error
        with opened:
            form, stream = _sniff(cast(BinaryIO, opened))
            copied = source if known else dataclasses.replace(source, format=form, compression="", certain=False)
            inputs.sources[number] = _copied(copied, stream, scratch / f"pipe-{number}")
    return frozenset(piped)


def _is_pipe(path: str) -> bool:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 (strings: see Source)
    except OSError:
        return False  # told of when it is read
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _copied(source: Source, stream: BinaryIO, path: Path) -> Source:
    """The source with its bytes in a file."""
    try:
        with path.open("wb") as file:
            while block := stream.read(_BLOCK):
                file.write(block)
    except OSError as error:
        raise OutputError(f"cannot keep {source.id} in {path.parent}: {os_reason(error)}") from error
    return dataclasses.replace(source, path=str(path))


def _sniff(stream: BinaryIO) -> tuple[Format, BinaryIO]:
    """Whether a stream holds JSON, Parquet or a text, by its first bytes; and the stream from its beginning."""
    ahead = _Ahead(stream)
    head = b""
    try:
        with closing(open_read("-", cast(BinaryIO, ahead), "")) as opened:
            head = opened.peek().lstrip(b"\xef\xbb\xbf \t\r\n")
    except InputError:
        pass  # told of when it is read in earnest
    form: Format = "text"
    if head.startswith(b"PAR1"):
        form = "parquet"
    elif _OBJECTS.match(head):
        form = "jsonl"
    return form, cast(BinaryIO, io.BufferedReader(ahead.again(), _BLOCK))


def leave_out_own_output(inputs: Inputs) -> None:
    """The file that standard output goes to is none of the texts, which the shell has emptied, or to which it appends.

    What was read from it would be written to it, and read again without an end.

    Raises:
        UsageError: the user named it, or gave it as standard input.
    """
    out = _regular_file(sys.stdout)
    if out is None:
        return
    same = [source for source in inputs.sources if is_file(source, out)]
    for source in same:
        if source.id in inputs.named:
            raise UsageError(f"standard output is the input {source.id} (which `>` empties): name another file")
    if same:
        inputs.sources = [source for source in inputs.sources if source not in same]
        told = [Skipped(source.id, "is standard output", expected=True) for source in same]
        inputs.skipped = sorted([*inputs.skipped, *told], key=lambda item: (item.source.encode(), item.reason))


def is_file(source: Source, file: os.stat_result) -> bool:
    """Whether an input is that file, by whatever name."""
    try:
        if source.path is None:
            given = _regular_file(sys.stdin)
            return given is not None and os.path.samestat(given, file)
        return os.path.samestat(os.stat(source.path), file)  # noqa: PTH116 (strings: see Source)
    except OSError:
        return False  # told of when it is read


def _regular_file(stream: object) -> os.stat_result | None:
    """What is known of the file that a standard stream is; None where it is a terminal, a pipe or a device, or closed."""
    try:
        found = os.fstat(stream.fileno())  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None


class _Ahead(io.RawIOBase):
    """Reads ahead in a stream, and gives what it has read once more."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._taken = b""
        self._keep = True

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def again(self) -> _Ahead:
        """Begin anew; from now on nothing is kept."""
        self._keep = False
        return self

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if not self._keep and self._taken:
            data, self._taken = self._taken[: len(view)], self._taken[len(view) :]
        else:
            pull = getattr(self._stream, "read1", self._stream.read)
            data = pull(len(view)) or b""
            self._taken += data if self._keep else b""
        view[: len(data)] = data
        return len(data)
