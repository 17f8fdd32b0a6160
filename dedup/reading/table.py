"""Reads CSV and TSV row by row, and finds in each row the field of its text as it was written.

The standard `csv` module says what a row means. A small scanner finds where its fields stand; a row on which the two
disagree passes through unread.
"""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.model import Record
from dedup.reading.encodings import prefix_offsets
from dedup.reading.fields import Describer, Fields, find_roles, lacks_text
from dedup.reading.rows import Row, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.model import Source
    from dedup.reading.compression import Reader
    from dedup.reading.names import Ids

_FIELD_LIMIT = (1 << 31) - 1
"""The longest field; the largest number that `csv` takes on every system."""


def read_table(  # noqa: PLR0913  # what `read` hands on
    source: Source, stream: Reader, fields: Fields, ids: Ids, site: str | None, *, any_bytes: bool = False
) -> Iterator[Record]:
    """Read a stream row by row. The header and blank rows are records without document and reason.

    What is to be said of the whole is the note of the first document.

    The encoding of the first MiB is taken for the whole. Rows are counted from 1, the header's. TSV is separated by tabs; CSV by
    whatever of `,` `;` tab `|` stands most often in the header. Raises `csv.field_size_limit` of the process.

    Raises:
        BinaryError: the stream is no text, unless `any_bytes`.
        InputError: there is no column for the text, or the stream is damaged; what precedes the damage has been given.
    """
    csv.field_size_limit(max(_FIELD_LIMIT, csv.field_size_limit()))
    rows = Rows(source.id, stream, "\t" if source.format == "tsv" else None, any_bytes=any_bytes)
    table: _Table | None = None
    note: str | None = None
    for number, row in enumerate(rows, 1):
        if table is None and any(map(str.strip, row.cells)):
            table = _Table(source, fields, ids, site, rows, row.cells)
            note = "; ".join(told for told in (stream.note, rows.note, table.roles.note) if told is not None) or None
            yield Record(None, source.id, number, rows.codec, before=row.raw)
        elif table is None or row.reason is not None or not row.cells:
            yield Record(None, source.id, number, rows.codec, before=row.raw, reason=row.reason)
        else:
            record = table.record(row, number)
            if record.document is not None:
                record.note, note = note, None
            yield record


class _Table:
    """Makes records of the rows below a header."""

    def __init__(  # noqa: PLR0913, PLR0917  # what one place hands on to another
        self, source: Source, fields: Fields, ids: Ids, site: str | None, rows: Rows, names: Sequence[str]
    ) -> None:
        self.roles = find_roles(names, fields)
        if not self.roles.text and names[0].lower().startswith("sep="):
            raise InputError(
                source.id, "its first line says `sep=`, which is for spreadsheets only: delete that line (tail -n +2)"
            )
        if not self.roles.text:
            raise InputError(source.id, lacks_text(names, fields))
        self._source = source.id
        self._ids = ids
        self._rows = rows
        self._names = names
        self._fields = fields
        self._texts = {name: names.index(name) for name in self.roles.text}
        self._column = names.index(self.roles.text[0])
        self._describer = Describer(fields, source.id, source.site, site)

    def record(self, row: Row, number: int) -> Record:
        rows = self._rows
        if len(row.cells) != len(self._names):
            has = f"{len(row.cells)} field{'s' * (len(row.cells) > 1)}"
            reason = f"has {has} where the header has {len(self._names)}"
            return Record(None, self._source, number, rows.codec, before=row.raw, reason=reason)
        spans = find_cells(row.text, rows.delimiter)
        if [cell_value(row.text[start:end]) for start, end in spans] != row.cells:
            reason = "its fields cannot be located in the row"
            return Record(None, self._source, number, rows.codec, before=row.raw, reason=reason)
        # Of two columns with one name the first counts.
        values: dict[str, object] = dict(zip(reversed(self._names), reversed(row.cells), strict=True))
        own_id = self._ids.unique(self._describer.own_id(values, self.roles, number))
        text = row.cells[self._column]
        if len(self._texts) > 1:
            self._fields.weigh({name: len(row.cells[at]) for name, at in self._texts.items()}, f"{self._source}:{number}")
        document = self._describer.document(values, self.roles, own_id, text)
        start, end = spans[self._column]
        before, raw, after = (rows.encode(part) for part in (row.text[:start], row.text[start:end], row.text[end:]))
        offsets = partial(cell_offsets, text, rows.codec, rows.errors, quoted=row.text.startswith('"', start))
        return Record(document, self._source, number, rows.codec, before, raw, after, offsets)


def find_cells(row: str, delimiter: str) -> list[tuple[int, int]]:
    """Find the fields of a row, quotation marks included; an empty list if it is not laid out as CSV is."""
    row = row.rstrip("\r\n")
    spans = []
    at = 0
    while True:
        if row.startswith('"', at):
            end = _quoted_end(row, at + 1)
            if end is None or row[end : end + 1] not in {"", delimiter}:
                return []
        else:
            end = row.find(delimiter, at)
            end = len(row) if end < 0 else end
        spans.append((at, end))
        if end == len(row):
            return spans
        at = end + 1


def _quoted_end(row: str, at: int) -> int | None:
    while (quote := row.find('"', at)) >= 0:
        if not row.startswith('"', quote + 1):
            return quote + 1
        at = quote + 2
    return None


def cell_value(cell: str) -> str:
    """Give what a field means: its characters, without its quotation marks if it has them."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def cell_offsets(text: str, codec: str, errors: str, offsets: Sequence[int], *, quoted: bool) -> list[int]:
    """Map ascending code point offsets of a field's value to byte offsets in the field as it is written."""
    if not quoted:
        return prefix_offsets(text, codec, errors, 0, offsets)
    quote = len('"'.encode(codec))
    plain = prefix_offsets(text, codec, errors, quote, offsets)
    result = []
    at = doubled = 0
    for offset, byte in zip(offsets, plain, strict=True):
        doubled += text.count('"', at, offset)
        at = offset
        result.append(byte + doubled * quote)
    return result
