"""Plans where each source's output goes, and refuses what would lose something, before anything is written."""
# Paths are strings, as in Source: a tree of a million files needs no million Path objects.
# ruff: noqa: PTH110, PTH112, PTH113, PTH114, PTH116, PTH118, PTH120

from __future__ import annotations

import difflib
import errno
import io
import os
import re
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import InputError, OutputError, UsageError, Writing, os_reason
from dedup.reading.names import id_path
from dedup.reading.sources import layout, says_format
from dedup.writing.sinks import open_sink
from dedup.writing.targets import FileTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dedup.model import Record, Source
    from dedup.reading.fields import Fields
    from dedup.writing.sinks import Sink
    from dedup.writing.targets import Watch

_NAMED = 3  # existing outputs named in the error
_UNPLAIN = re.compile(r'[\x00-\x1f\x7f"\\]')
_UNWRITABLE = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})


class ToStream:
    """All output goes to one binary stream, record by record, uncompressed."""

    def __init__(self, stream: BinaryIO, fields: Fields, *, each: bool) -> None:
        self._stream = stream
        self._fields = fields
        self._each = each

    @contextmanager
    def open(self, source: Source) -> Iterator[Sink | _Flushing]:
        """The sink of one source; with `each`, every record is handed on at once, as a pipe without an end needs it."""
        with open_sink(None, source, stream=self._stream, compression="", fields=self._fields) as sink:
            yield _Flushing(sink) if self._each else sink


class _Flushing:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, record: Record, raw: bytes) -> None:
        """Take a record and hand it on."""
        self._sink.write(record, raw)
        self._sink.flush()


class ToPaths:
    """Each source's output goes to a file of its own, which appears when it is whole.

    Attributes:
        old: of the outputs, those that were there before (by `--force`) and have not been written anew so far.
        watch: gives whom to tell of an output before it appears.
    """

    def __init__(self, paths: Mapping[str, str], fields: Fields, *, named: bool = False, force: bool = False) -> None:
        self._paths = paths
        self._fields = fields
        self._named = named
        self.old = set(filter(exists, paths.values())) if force else set()
        self.watch: Callable[[Source], Watch] | None = None

    @property
    def paths(self) -> Iterable[str]:
        """Where something will appear."""
        return self._paths.values()

    def path_of(self, source: Source) -> str:
        """Where a source's output will appear."""
        return self._paths[source.id]

    @contextmanager
    def open(self, source: Source) -> Iterator[Sink]:
        """The sink of one source: compressed as the source is, or as the name says that the user gave."""
        path = self._paths[source.id]
        compression = layout(path)[1] if self._named else None
        watch = None if self.watch is None else self.watch(source)
        with open_sink(path, source, compression=compression, fields=self._fields, watch=watch) as sink:
            yield sink
        self.old.discard(path)


class InPlace(ToPaths):
    """Each input of which something changes is replaced; the others stay the files that they are, with their times and links.

    It has to be what it was when the run began: what another adds meanwhile would be lost.
    """

    def __init__(self, sources: Sequence[Source], fields: Fields) -> None:
        super().__init__({source.id: source.path or "" for source in sources}, fields)
        self._stamps = {source.id: _stamp(source.path or "") for source in sources}

    @contextmanager
    def open(self, source: Source) -> Iterator[Sink]:
        """The sink of one source.

        Raises:
            InputError: when it ends: the file was changed meanwhile, and stays as it is.
        """
        with super().open(source) as sink:
            yield sink
            if _stamp(self.path_of(source)) != self._stamps[source.id]:
                raise InputError(source.id, "was changed by another while it was dealt with")
            if not sink.changed:
                sink.give_up()


def _stamp(path: str) -> int:
    """What is another number after a file was written to or replaced; 0 where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return 0
    return hash((found.st_mtime_ns, found.st_size, found.st_ino))


class Nowhere:
    """Output is not wanted: `--dry-run`, `--check`."""

    @contextmanager
    def open(self, source: Source) -> Iterator[Nowhere]:  # noqa: ARG002 (the interface of outputs and sinks)
        """A sink that takes everything."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:
        """Take a record."""


class ToDiff:
    """Instead of the output, a unified diff of each changed text."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @contextmanager
    def open(self, source: Source) -> Iterator[ToDiff]:  # noqa: ARG002 (the interface of outputs and sinks)
        """A sink that prints diffs."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:  # noqa: ARG002 (the interface of outputs and sinks)
        """Print what cutting makes of a record's text; `record.cleaned` is the text without its cuts.

        Raises:
            OutputError: it cannot be printed.
        """
        document = record.document
        if document is None or record.cleaned is None or record.cleaned == document.text:
            return
        old, new = _lines(document.text), _lines(record.cleaned)
        with Writing("the diff"):
            for line in difflib.unified_diff(old, new, _diffed(f"a/{document.id}"), _diffed(f"b/{document.id}")):
                ended = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
                self._stream.write(ended.encode("utf-8", "backslashreplace"))


def _diffed(name: str) -> str:
    """A name as `patch` and git read it: up to a tab where it has a space, quoted as in C where it has what ends a line."""
    if not _UNPLAIN.search(name):
        return f"{name}\t" if " " in name else name
    return '"' + _UNPLAIN.sub(lambda char: f"\\{char[0]}" if char[0] in '"\\' else f"\\{ord(char[0]):03o}", name) + '"'


def _lines(text: str) -> list[str]:
    """Lines with their ends, which are newlines only, as for `patch`."""
    return io.StringIO(text, newline="\n").readlines()


def plan(  # noqa: PLR0913 (all by name)
    sources: Sequence[Source],
    output: str,
    *,
    fields: Fields,
    single: bool,
    folders: Sequence[str],
    force: bool,
) -> ToPaths:
    """Where the outputs go.

    Args:
        sources: what is read.
        output: the user's OUT: for a single input a file, unless it ends in `/` or is a folder.
        fields: of the records.
        single: whether one file or standard input was given.
        folders: the folders that were given, and those to which links in them lead: in none of them OUT may lie.
        force: whether files that exist may be overwritten.

    Raises:
        UsageError: OUT is inside an input, no folder though there are several, or named for another format, or what would be
            written is an input or exists.
    """
    refuse_inside(output, folders)
    named = single and not (output.endswith(("/", os.sep)) or os.path.isdir(output))
    if not named and os.path.lexists(output) and not os.path.isdir(output):
        raise UsageError(f"-o {output} is no folder, which several inputs need: name another")
    if named:
        for source in sources:
            refuse_other_format(output, source)
    paths = {source.id: output if named else os.path.join(output, _relative(source)) for source in sources}
    if not named:
        refuse_outside(output, paths.values())
    real = RealPaths()
    inputs = {real.of(source.path) for source in sources if source.path is not None}
    for path in paths.values():
        if real.of(path) in inputs:
            raise UsageError(f"-o {output} would overwrite the input {path}: choose another OUT, or --in-place with --report")
    if not force:
        refuse_existing(paths.values())
    for path in islice(paths.values(), 1):
        refuse_unwritable(path)
    return ToPaths(paths, fields, named=named, force=force)


def refuse_other_format(output: str, source: Source) -> None:
    """Raise UsageError where the name of a file says that it is laid out otherwise than its input, as which it is written."""
    said, packed = layout(output)
    asked = source.format == "text" and source.certain  # whatever it looks like
    if (says_format(output) and said != source.format and not asked) or (source.format == "parquet" and packed):
        raise UsageError(
            f"-o {output}: nothing is converted, the input is read as {source.format}: name OUT so, or give --format"
        )


def _relative(source: Source) -> str:
    if source.id == "-":
        raise UsageError("-o OUT is a folder: name a file for what comes from standard input")
    return id_path(source.id)


def refuse_inside(output: str, folders: Sequence[str]) -> None:
    """Raise UsageError when what is written to would be among what the next run reads."""
    for folder in folders:
        if lies_in(os.path.realpath(output), os.path.realpath(folder)):
            raise UsageError(f"-o {output} lies inside the input {folder}: choose a folder outside of it")


def refuse_unwritable(path: str) -> None:
    """Refuse a file that cannot be made, before hours of learning; where that cannot be asked without a trace it is not.

    Raises:
        OutputError: no permission, no room, a file system that is read-only, or a file where a folder would have to be.
    """
    place = os.path.dirname(os.path.realpath(path))
    while not os.path.isdir(place) and not is_device(path):
        if os.path.lexists(place):
            raise OutputError(f"cannot write {path}: {place} is no folder")
        place = os.path.dirname(place)
    unnamed = getattr(os, "O_TMPFILE", None)  # of Linux: a file without a name
    if unnamed is None or is_device(path):
        return
    try:
        os.close(os.open(place, unnamed | os.O_WRONLY, 0o600))
    except OSError as error:
        if error.errno in _UNWRITABLE:
            raise OutputError(f"cannot write {path}: {os_reason(error)}") from error


def refuse_outside(folder: str, paths: Iterable[str]) -> None:
    """Raise UsageError when one of the paths, all below a folder, leads out of it by a symbolic link or by `..`."""
    outer, real = os.path.realpath(folder), RealPaths()
    for path in paths:
        if not lies_in(real.of(path), outer):
            raise UsageError(f"-o {folder}: {path} leads out of it (a symbolic link?): remove it, or choose another OUT")


class RealPaths:
    """The real paths of many files: what leads to a folder is followed once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The path with all symbolic links followed, as far as there is something."""
        folder, name = os.path.split(path)
        if name in {"", os.curdir, os.pardir} or os.path.islink(path):
            return os.path.realpath(path)
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder)
        return os.path.join(real, name)


def lies_in(real: str, folder: str) -> bool:
    """Whether a real path is a real folder or lies below it."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def refuse_existing(paths: Iterable[str]) -> None:
    """Raise UsageError when one of the paths exists."""
    existing = [path for path in paths if exists(path)]
    if existing:
        more = f" and {len(existing) - _NAMED:,} more" if len(existing) > _NAMED else ""
        verb = "exists" if len(existing) == 1 else "exist"
        raise UsageError(f"{', '.join(existing[:_NAMED])}{more} {verb} already: choose another OUT, or overwrite with --force")


def exists(path: str) -> bool:
    """Whether writing to a path would overwrite something: it does no harm to a pipe or a device."""
    return os.path.lexists(path) and not is_device(path)


def is_device(path: str) -> bool:
    """Whether a path is a pipe or a device."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def write_files(folder: str, files: Sequence[tuple[str, str]], *, force: bool) -> None:
    """Write texts (by name) into a folder, which is made; each appears whole or not at all.

    Raises:
        UsageError: one exists, and `force` is not given; or one is a symbolic link out of the folder.
        OutputError: one cannot be written.
    """
    paths = [os.path.join(folder, name) for name, _ in files]
    if not force:
        refuse_existing(paths)
    refuse_outside(folder, paths)
    for name, text in files:
        path = os.path.join(folder, name)
        try:
            _write_file(path, text.encode("utf-8"))
        except OSError as error:
            raise OutputError(f"cannot write {path}: {os_reason(error)}") from error


def _write_file(path: str, data: bytes) -> None:
    target = FileTarget(path)
    try:
        target.open().write(data)
        target.commit()
    except BaseException:
        target.discard()
        raise
