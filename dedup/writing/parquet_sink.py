"""Writes Parquet: the source's rows again, group by group, with what is left of their texts."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

from dedup.errors import InputError
from dedup.reading.parquet import as_bytes, column_paths, first_line, load_pyarrow, open_parquet, text_column
from dedup.writing.sinks import Sink

if TYPE_CHECKING:
    from dedup.model import Record, Source
    from dedup.reading.fields import Fields

_CODECS = MappingProxyType(
    {
        "UNCOMPRESSED": "none",
        "LZ4_RAW": "lz4",
        **{name: name.lower() for name in ("SNAPPY", "GZIP", "BROTLI", "LZ4", "ZSTD")},
    }
)
"""What the writer calls the compressions that a file names; one that it cannot write becomes Zstandard."""


class ParquetSink(Sink):
    """Takes the rows of one file in order, and holds those of one row group.

    The columns beside the text are read from the source again and keep their values; schema, metadata, row groups and the
    compression of each column are the source's, encodings and pages the library's.
    """

    def __init__(self, path: str | None, stream: BinaryIO | None, source: Source, fields: Fields) -> None:
        super().__init__(path, stream, source, "")
        self._fields = fields
        self._kept: dict[int, bytes | None] = {}
        self._group = 0
        self._first = 1
        self._file: Any = None
        self._output: Any = None
        self._column = ""

    def write(self, record: Record, raw: bytes) -> None:
        """Take a row; `raw` is what is left of its text. Rows that are not given are not written.

        Raises:
            OutputError: it cannot be written.
            InputError: the source cannot be read again.
        """
        number = record.number
        if number is None:
            raise ValueError("a record of Parquet has a number")
        while number >= self._first + self._rows():
            self._try(self._write_group)
        self.changed |= raw != record.raw
        self._kept[number] = None if record.document is None else raw

    def flush(self) -> None:
        """Do nothing: Parquet can be read only when it is whole."""

    def _open(self) -> None:
        self._pyarrow, _ = load_pyarrow()
        self._file = open_parquet(self._source)
        self._column = text_column(self._file.schema_arrow, self._fields, self._source.id)[0]
        super()._open()

    def _begin(self, compression: dict[str, str] | str) -> None:
        """Open the writer, if it is not open yet."""
        if self._output is None:
            _, parquet = load_pyarrow()
            self._output = parquet.ParquetWriter(self._opened(), self._file.schema_arrow, compression=compression)

    def _codecs(self) -> dict[str, str]:
        """Give the compression of each column of the group at hand, which has been read: to ask it of a damaged one aborts."""
        group = self._file.metadata.row_group(self._group)
        paths = column_paths(self._file)
        return {path: _CODECS.get(group.column(index).compression, "zstd") for index, path in enumerate(paths)}

    def _rows(self) -> int:
        """Give the number of rows in the group at hand."""
        if self._group >= self._file.num_row_groups:
            raise InputError(self._source.id, "has fewer rows than it had before")
        rows: int = self._file.metadata.row_group(self._group).num_rows
        return rows

    def _write_group(self) -> None:
        rows = self._rows()
        numbers = sorted(self._kept)
        if numbers:
            table = self._take(self._read_group(rows), [number - self._first for number in numbers])
            self._begin(self._codecs())
            index = table.schema.get_field_index(self._column)
            table = table.set_column(index, table.schema.field(index), self._texts(table.column(index), numbers))
            self._output.write_table(table)
        self._kept.clear()
        self._first += rows
        self._group += 1

    def _read_group(self, rows: int) -> Any:  # noqa: ANN401  # a Table
        try:
            table = self._file.read_row_group(self._group)
        except (self._pyarrow.ArrowException, OSError) as error:
            raise InputError(self._source.id, f"damaged after record {self._first - 1}: {first_line(error)}") from error
        if table.num_rows != rows:
            raise InputError(self._source.id, f"damaged after record {self._first - 1}: has {table.num_rows} of {rows} rows")
        return table

    def _take(self, table: Any, places: list[int]) -> Any:  # noqa: ANN401  # a Table, a Table
        """Give these rows of a table, in ascending order; of types that the library cannot pick rows from, too."""
        if len(places) == table.num_rows:
            return table
        try:
            return table.take(places)
        except self._pyarrow.ArrowException:
            return self._pyarrow.concat_tables([table.slice(place, 1) for place in places])

    def _texts(self, column: Any, numbers: list[int]) -> Any:  # noqa: ANN401  # a ChunkedArray, an Array of its type
        """Give the column with the texts that are left; a row that was not read keeps its value."""
        before = as_bytes(self._pyarrow, column).to_pylist()
        left = [self._kept[number] for number in numbers]
        texts = [old if new is None else new for old, new in zip(before, left, strict=True)]
        array = self._pyarrow.array(texts, self._pyarrow.large_binary())
        plain = array.cast(self._pyarrow.large_string(), safe=False)
        return plain.dictionary_encode().cast(column.type) if self._is_dictionary(column) else plain.cast(column.type)

    def _is_dictionary(self, column: Any) -> bool:  # noqa: ANN401  # a ChunkedArray
        return bool(self._pyarrow.types.is_dictionary(column.type))

    def _finish(self) -> None:
        while self._kept:
            self._write_group()
        self._begin("snappy")  # no row was kept
        self._output.close()
        self._close()
        super()._finish()

    def _discard(self) -> None:
        super()._discard()  # first, so that closing writes nothing
        if self._output is not None:
            with suppress(OSError, self._pyarrow.ArrowException):
                self._output.close()
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
