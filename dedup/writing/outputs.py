"""Plans where each source's output goes, and refuses what would lose something, before anything is written."""
# Paths are strings, as in Source.
# ruff: noqa: PTH

from __future__ import annotations

import difflib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import OutputError, UsageError
from dedup.reading.names import id_path
from dedup.reading.sources import layout
from dedup.writing.sinks import open_sink
from dedup.writing.targets import FileTarget

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dedup.model import Record, Source
    from dedup.reading.fields import Fields
    from dedup.writing.sinks import Sink

_NAMED = 3  # existing outputs named in the error


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
    """Each source's output goes to a file of its own, which appears when it is whole."""

    def __init__(self, paths: Mapping[str, str], fields: Fields, *, named: bool = False) -> None:
        self._paths = paths
        self._fields = fields
        self._named = named

    @contextmanager
    def open(self, source: Source) -> Iterator[Sink]:
        """The sink of one source: compressed as the source is, or as the name says that the user gave."""
        path = self._paths[source.id]
        compression = layout(path)[1] if self._named else None
        with open_sink(path, source, compression=compression, fields=self._fields) as sink:
            yield sink


class Nowhere:
    """Output is not wanted: `--dry-run`, `--check`."""

    @contextmanager
    def open(self, source: Source) -> Iterator[Nowhere]:  # noqa: ARG002 (the interface of outputs)
        """A sink that takes everything."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:
        """Take a record."""


class ToDiff:
    """Instead of the output, a unified diff of each changed text."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @contextmanager
    def open(self, source: Source) -> Iterator[ToDiff]:  # noqa: ARG002 (the interface of outputs)
        """A sink that prints diffs."""
        yield self

    def write(self, record: Record, raw: bytes) -> None:  # noqa: ARG002 (the interface of sinks)
        """Print what cutting makes of a record's text; `record.cleaned` is the text without its cuts."""
        document = record.document
        if document is None or record.cleaned is None or record.cleaned == document.text:
            return
        old, new = document.text.splitlines(keepends=True), record.cleaned.splitlines(keepends=True)
        for line in difflib.unified_diff(old, new, f"a/{document.id}", f"b/{document.id}"):
            ended = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            self._stream.write(ended.encode("utf-8", "backslashreplace"))


def plan(  # noqa: PLR0913 (all by name)
    sources: Sequence[Source],
    output: str | None,
    *,
    stream: BinaryIO,
    fields: Fields,
    single: bool,
    folders: Sequence[str],
    force: bool,
) -> ToStream | ToPaths:
    """Where the outputs go.

    Args:
        sources: what is read.
        output: the user's OUT: None for standard output; for a single input a file, unless it ends in `/` or is a folder.
        stream: standard output.
        fields: of the records.
        single: whether one file or standard input was given.
        folders: the folders that were given, in none of which OUT may lie.
        force: whether files that exist may be overwritten.

    Raises:
        UsageError: no OUT for several inputs, OUT inside an input, two outputs of one name, or outputs that exist.
    """
    if output is None:
        if not single:
            raise UsageError("several inputs: give a folder to write to with -o OUT, or --in-place with --report")
        return ToStream(stream, fields, each=any(source.path is None for source in sources))
    _refuse_inside(output, folders)
    named = single and not (output.endswith(("/", os.sep)) or os.path.isdir(output))
    paths = {source.id: output if named else os.path.join(output, _relative(source)) for source in sources}
    for source in sources:
        if source.path is not None and os.path.realpath(source.path) == os.path.realpath(paths[source.id]):
            raise UsageError(f"-o {output} is the input itself: choose another, or --in-place with --report")
    if not force:
        refuse_existing(paths.values())
    return ToPaths(paths, fields, named=named)


def in_place(sources: Sequence[Source], fields: Fields) -> ToPaths:
    """Each source is replaced.

    Raises:
        UsageError: standard input cannot be.
    """
    if any(source.id == "-" for source in sources):
        raise UsageError("--in-place: standard input has no place; give a file")
    return ToPaths({source.id: source.path or "" for source in sources}, fields)


def _relative(source: Source) -> str:
    if source.id == "-":
        raise UsageError("-o OUT is a folder: name a file for what comes from standard input")
    return id_path(source.id)


def _refuse_inside(output: str, folders: Sequence[str]) -> None:
    for folder in folders:
        inner, outer = os.path.realpath(output), os.path.realpath(folder)
        if inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep):
            raise UsageError(f"-o {output} lies inside the input {folder}: choose a folder outside of it")


def refuse_existing(paths: Iterable[str]) -> None:
    """Raise UsageError when one of the paths exists."""
    existing = [path for path in paths if os.path.lexists(path) and not _is_device(path)]
    if existing:
        more = f" and {len(existing) - _NAMED:,} more" if len(existing) > _NAMED else ""
        raise UsageError(f"{', '.join(existing[:_NAMED])}{more}: exists already; choose another OUT, or overwrite with --force")


def _is_device(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def write_files(folder: str, files: Sequence[tuple[str, str]], *, force: bool) -> None:
    """Write texts (by name) into a folder, which is made; each appears whole or not at all.

    Raises:
        UsageError: one exists, and `force` is not given.
        OutputError: one cannot be written.
    """
    if not force:
        refuse_existing(os.path.join(folder, name) for name, _ in files)
    for name, text in files:
        path = os.path.join(folder, name)
        try:
            target = FileTarget(path)
            try:
                target.file.write(text.encode("utf-8"))
                target.commit()
            except BaseException:
                target.discard()
                raise
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
