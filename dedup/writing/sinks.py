"""Where records go: a stream, or a file that appears under its name only when it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Self

from dedup.errors import OutputError, Writing
from dedup.reading.compression import open_write
from dedup.reading.fields import Fields
from dedup.writing.targets import FileTarget, StreamTarget, Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from dedup.choices import Compression
    from dedup.model import Record, Source


def open_sink(  # noqa: PLR0913  # all by name
    path: str | None,
    source: Source,
    *,
    stream: BinaryIO | None = None,
    compression: Compression | None = None,
    fields: Fields | None = None,
    watch: Watch | None = None,
) -> Sink:
    """Make the output of one source; it is opened by `with`.

    A file is written under another name in the same folder and takes its own only when the `with` block ends well, so
    there is never half a file; it keeps the mode of the one it replaces, and a symbolic link stays one. What is no
    regular file (a pipe, a device) is written to as it is.

    Args:
        path: the output file, whose folders are made; None: write to `stream`.
        source: what the records come from; tells the format.
        stream: where to write if there is no path; it is flushed, and not closed.
        compression: how to compress; None: as the source says. Parquet compresses by itself.
        fields: the field names that the user gave, for the text's column in Parquet.
        watch: hears of the file.

    Raises:
        OutputError: when entered, written to or left: the output cannot be written. `BrokenPipeError` stays itself.
        ValueError: when entered: neither a path nor a stream.
    """
    chosen = source.compression if compression is None else compression
    if source.format == "parquet":
        from dedup.writing.parquet_sink import ParquetSink  # noqa: PLC0415  # most runs write none

        sink: Sink = ParquetSink(path, stream, source, fields or Fields())
    else:
        sink = Sink(path, stream, source, chosen)
    sink.watch = watch
    return sink


def refuses(source: Source, record: Record, raw: bytes) -> str | None:
    """Tell why a CSV record cannot be written with so little left of its text; None where it can, as everywhere else.

    A field without quotation marks must not begin with one after the cut, nor may the only field of a row become empty:
    the row would then mean something else.
    """
    quote = '"'.encode(record.encoding)
    if source.format not in {"csv", "tsv"} or record.raw.startswith(quote):
        return None
    if raw.startswith(quote):
        return "the cut would leave a quotation mark at the beginning of a field that is not quoted"
    if record.raw and not raw and not (record.before + record.after).strip(b"\r\n\0"):
        return "the cut would leave a blank row"
    return None


class Sink:
    """Takes the records of one source, in order; a record that is not given is not written.

    Attributes:
        watch: hears of the file.
        changed: whether less, or more, was left of a record so far than what was read.
    """

    def __init__(self, path: str | None, stream: BinaryIO | None, source: Source, compression: Compression) -> None:
        self._path = path
        self._stream = stream
        self._source = source
        self._compression = compression
        self.watch: Watch | None = None
        self.changed = False
        self._given_up = False
        self._target: FileTarget | StreamTarget | None = None
        self._writer: BinaryIO | None = None

    def write(self, record: Record, raw: bytes) -> None:
        """Write a record; `raw` is what is left of `record.raw`.

        Raises:
            OutputError: it cannot be written, or `refuses` tells why it must not.
        """
        reason = refuses(self._source, record, raw)
        if reason is not None:
            raise OutputError(f"cannot write {record.source}:{record.number}: {reason}")
        self.changed |= raw != record.raw
        self._try(lambda: self._opened().write(b"".join((record.before, raw, record.after))))

    def flush(self) -> None:
        """Hand on what is held back, so that the reader of a stream sees it; compressed output comes when it is ready."""
        if not self._compression:
            self._try(self._opened().flush)

    def give_up(self) -> None:
        """Write nothing in the end: what is there stands."""
        self._given_up = True

    def __enter__(self) -> Self:
        try:
            self._try(self._open)
        except BaseException:
            self._discard()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if kind is not None or self._given_up:
            self._discard()
            return
        try:
            self._try(self._finish)
        except BaseException:
            self._discard()
            raise

    def _open(self) -> None:
        if self._path is not None:
            self._target = FileTarget(self._path, self.watch)
        elif self._stream is not None:
            self._target = StreamTarget(self._stream)
        else:
            raise ValueError("neither a path nor a stream")
        self._writer = open_write(self._target.open(), self._compression)

    def _opened(self) -> BinaryIO:
        if self._writer is None:
            raise ValueError("the sink is not open")
        return self._writer

    def _finish(self) -> None:
        """Write what is left, and let the file take its name."""
        writer = self._opened()
        if self._compression:
            writer.close()
        if self._target is not None:
            self._target.commit()

    def _discard(self) -> None:
        if self._target is not None:
            self._target.discard()
        if self._writer is not None:
            self._writer.close()  # into the shut target

    def _try(self, act: Callable[[], object]) -> None:
        """Do something, and tell an error of the system as ours."""
        with Writing("standard output" if self._path is None else str(self._path)):
            act()
