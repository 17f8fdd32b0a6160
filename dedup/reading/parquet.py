"""Reads Parquet, a batch of rows at a time."""

from __future__ import annotations

import os
from functools import partial
from io import FileIO
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError, UsageError, os_reason
from dedup.model import Record
from dedup.reading.encodings import prefix_offsets
from dedup.reading.fields import Describer, Fields, Roles, find_roles, lacks_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from dedup.model import Source
    from dedup.reading.names import Ids

_BATCH = 256
"""Rows that are held at a time, beside what the library itself holds of a row group."""


def load_pyarrow() -> tuple[ModuleType, ModuleType]:
    """Give the modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        UsageError: they are not installed.
    """
    try:
        import pyarrow  # noqa: ICN001, PLC0415  # an extra, slow to load
        from pyarrow import parquet  # noqa: PLC0415  # as above
    except ImportError as error:
        raise UsageError("Parquet needs a library that is not installed: install dedup-text[parquet]") from error
    return pyarrow, parquet


def text_column(schema: Any, fields: Fields, source: str) -> tuple[str, Roles]:  # noqa: ANN401  # a Schema
    """Give the column of the text, and all roles, in which columns that hold no text are none of it, as in JSON Lines.

    Raises:
        InputError: there is none, or there are two of its name.
    """
    names = schema.names
    roles = find_roles(names, fields)
    if not roles.text:
        raise InputError(source, lacks_text(names, fields))
    for column in roles.text:
        if names.count(column) > 1:
            raise InputError(source, f"has several columns {column!r}: rename them, or name another with --text-field")
        if is_string(load_pyarrow()[0], schema.field(column).type):
            texts = tuple(name for name in roles.text if names.count(name) == 1)
            return column, roles._replace(text=texts[texts.index(column) :])
    column = roles.text[0]
    raise InputError(source, f"the column {column!r} is no text, but {schema.field(column).type}: name another with --text-field")


def open_parquet(source: Source) -> Any:  # noqa: ANN401  # pyarrow.parquet.ParquetFile, imported only here
    """Open a source's file.

    Raises:
        InputError: it cannot be opened, or is no Parquet file, or a stream.
        UsageError: pyarrow is not installed.
    """
    pyarrow, parquet = load_pyarrow()
    if source.path is None:
        raise InputError(source.id, "Parquet is read from files, not from streams")
    try:
        FileIO(source.path).close()  # for the system's reason where it cannot be opened
        file = parquet.ParquetFile(_named(pyarrow, source.path), page_checksum_verification=True)
        _ = file.schema_arrow.names, column_paths(file)  # damaged names show here
        return file  # noqa: TRY300  # what follows is for all of the above
    except (pyarrow.ArrowException, UnicodeDecodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(source.id, os_reason(error)) from error
        raise InputError(source.id, f"is no Parquet file that can be read ({first_line(error)})") from error


def _named(pyarrow: ModuleType, path: str) -> Any:  # noqa: ANN401  # a str or a NativeFile
    """Give a path as the library takes it: one that is no UTF-8 it opens only by its bytes."""
    raw = os.fsencode(path)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return pyarrow.OSFile(raw)
    return path


def read_parquet(
    source: Source, fields: Fields, ids: Ids, progress: Callable[[int], None] | None, site: str | None
) -> Iterator[Record]:
    """Read the rows of a file in order; a row whose text is null is a record without document, and keeps its value.

    Raises:
        InputError: it cannot be opened or has no column for the text; it is damaged, and what precedes that has been given.
        UsageError: pyarrow is not installed.
    """
    pyarrow, _ = load_pyarrow()
    number = 0
    with open_parquet(source) as file:
        schema = file.schema_arrow
        column, roles = text_column(schema, fields, source.id)
        carried = tuple(name for name in fields.carried if name in schema.names)
        rows = _Rows(source, fields, ids, site, column, roles, carried)
        note = roles.note
        if len(roles.text) > 1:
            fields.weigh(_sizes(file, [n for n in roles.text if is_string(pyarrow, schema.field(n).type)]), source.id)
        try:
            for group in range(file.num_row_groups):
                end = number + file.metadata.row_group(group).num_rows
                for values in _group_rows(pyarrow, file, group, rows.columns):
                    number += 1
                    record = rows.record(values, number)
                    if record.document is not None:
                        record.note, note = note, None
                    yield record
                _check_count(source, number, end)
                if progress is not None:
                    progress(_group_bytes(file, group))
            _check_count(source, number, file.metadata.num_rows)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(source.id, f"damaged after record {number}: {first_line(error)}") from error


def _check_count(source: Source, number: int, end: int) -> None:
    """Raise InputError where there are more or fewer rows than the file says of itself."""
    if number != end:
        raise InputError(source.id, f"damaged after record {number}: here should be the end of {end} rows")


def _group_rows(pyarrow: ModuleType, file: Any, group: int, columns: list[str]) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # a ParquetFile
    for batch in file.iter_batches(_BATCH, row_groups=[group], columns=columns):
        yield from batch_rows(pyarrow, batch)


class _Rows:
    """Makes records of rows."""

    def __init__(  # noqa: PLR0913, PLR0917  # what one place hands on to another
        self,
        source: Source,
        fields: Fields,
        ids: Ids,
        site: str | None,
        column: str,
        roles: Roles,
        carried: tuple[str, ...],
    ) -> None:
        self._source = source.id
        self._ids = ids
        self._column = column
        self._roles = roles
        self._describer = Describer(fields, source.id, source.site, site)
        wanted = (column, *roles.id, *roles.site, *roles.url, *roles.date, *roles.title, *carried)
        self.columns = list(dict.fromkeys(wanted))

    def record(self, values: dict[str, Any], number: int) -> Record:
        raw = values[self._column]
        if raw is None:
            return Record(None, self._source, number, reason=f"lacks a text: the column {self._column!r} is null")
        try:
            text = raw.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            return Record(None, self._source, number, reason=f"not UTF-8 at byte {error.start + 1} of the text")
        own_id = self._ids.unique(self._describer.own_id(values, self._roles, number))
        document = self._describer.document(values, self._roles, own_id, text)
        offsets = partial(prefix_offsets, text, "utf-8", "surrogatepass", 0)
        return Record(document, self._source, number, raw=raw, byte_offsets=offsets)


def batch_rows(pyarrow: ModuleType, batch: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # a RecordBatch
    """Give the rows of a batch by column name: strings as bytes, which may be no UTF-8, times as the library writes them."""
    lists = []
    for column in batch.columns:
        if is_string(pyarrow, column.type):
            lists.append(as_bytes(pyarrow, column).to_pylist())
        elif pyarrow.types.is_temporal(column.type):
            lists.append(column.cast(pyarrow.string()).to_pylist())
        else:
            lists.append(_values(column))
    lists.reverse()  # of two columns with one name the first counts, as in a table
    names = batch.schema.names[::-1]
    yield from (dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True))


def _values(column: Any) -> list[Any]:  # noqa: ANN401  # an Array
    """Give the values of a column; None for what Python has no value for, such as times too far off in a struct."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        values = []
        for value in column:
            try:
                values.append(value.as_py())
            except (ValueError, OverflowError):
                values.append(None)
        return values


def column_paths(file: Any) -> list[str]:  # noqa: ANN401  # a ParquetFile
    """Give the names of the columns as they lie, those of nested ones with dots, in the order of each row group."""
    return [file.schema.column(index).path for index in range(len(file.schema))]


def is_string(pyarrow: ModuleType, kind: Any) -> bool:  # noqa: ANN401  # a DataType
    """Tell whether a column's type is one of those that hold text."""
    types = pyarrow.types
    plain = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(plain) or types.is_large_string(plain) or types.is_string_view(plain))


def as_bytes(pyarrow: ModuleType, column: Any) -> Any:  # noqa: ANN401  # an Array of strings, an Array of bytes
    """Give a column of strings as one of bytes."""
    return column.cast(pyarrow.large_string()).cast(pyarrow.large_binary())


def _group_bytes(file: Any, group: int) -> int:  # noqa: ANN401  # a ParquetFile
    """Give the compressed bytes of a row group."""
    columns = file.metadata.row_group(group)
    return sum(columns.column(index).total_compressed_size for index in range(columns.num_columns))


def _sizes(file: Any, names: list[str]) -> dict[str, int]:  # noqa: ANN401  # a ParquetFile
    """Give the bytes of columns as they are before compression."""
    places = {path: index for index, path in enumerate(column_paths(file))}
    groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
    return {name: sum(group.column(places[name]).total_uncompressed_size for group in groups) for name in names}


def first_line(error: Exception) -> str:
    """Give what the library says, without the places in its own code that it may name below."""
    return str(error).partition("\n")[0]
