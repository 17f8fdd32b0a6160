"""Reading: inputs become records, each with its document and the bytes around it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

from dedup.errors import InputError
from dedup.reading.compression import open_read
from dedup.reading.fields import Fields
from dedup.reading.foreign import ADVICE
from dedup.reading.markup import noting
from dedup.reading.names import Ids, path_id
from dedup.reading.sources import LISTED_FOLDER, find_sources, standard_input
from dedup.reading.text import BinaryError, read_small, read_text, refuse_foreign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedup.model import Record, Source

__all__ = [
    "ADVICE",
    "LISTED_FOLDER",
    "BinaryError",
    "Fields",
    "Ids",
    "find_sources",
    "path_id",
    "read",
    "refuse_foreign",
    "standard_input",
]


@noting
def read(  # noqa: PLR0913  # what the engines know, by name
    source: Source,
    fields: Fields,
    *,
    stream: BinaryIO | None = None,
    ids: Ids,
    progress: Callable[[int], None] | None = None,
    site: str | None = None,
    max_decompressed: int | None = None,
    any_bytes: bool = False,
    bare: bool = False,
) -> Iterator[Record]:
    """Read the records of one input, in order, holding one at a time.

    Args:
        source: what to read.
        fields: the field names that the user gave.
        stream: read instead of the source's path (standard input); it is not closed.
        ids: gives each document an id of its own; one for all inputs of a run.
        progress: called with the number of compressed input bytes used since the last call.
        site: the site of all documents, whatever they say themselves.
        max_decompressed: a compressed input that gives more bytes is refused.
        any_bytes: whether what looks binary is read too: what is left of a text may.
        bare: whether the documents are all that is wanted: then records of JSON Lines have none of the bytes around the text.

    Raises:
        BinaryError: the input is no text, is markup or an archive, or JSON that is no JSON Lines.
        InputError: it cannot be opened or read, or is damaged; what precedes the damage has been given.
        UsageError: Parquet without the library that reads it.
    """
    if source.format == "parquet":
        from dedup.reading.parquet import read_parquet  # noqa: PLC0415  # most runs read none

        yield from read_parquet(source, fields, ids, progress, site)
        return
    if source.format == "text" and stream is None:
        record = read_small(source, ids, site, progress, any_bytes=any_bytes)
        if record is not None:
            yield record
            return
    origin = stream if stream is not None else source.path
    if origin is None:
        raise InputError(source.id, "has no path and no stream")
    with closing(
        open_read(source.id, origin, source.compression, progress=progress, max_decompressed=max_decompressed)
    ) as opened:
        if source.format == "text":
            yield from read_text(source, opened, ids, site, any_bytes=any_bytes)
        elif source.format == "jsonl":
            from dedup.reading.jsonl import read_jsonl  # noqa: PLC0415  # plain texts need no JSON library

            yield from read_jsonl(source, opened, fields, ids, site, any_bytes=any_bytes, bare=bare)
        else:
            from dedup.reading.table import read_table  # noqa: PLC0415  # most runs read none

            yield from read_table(source, opened, fields, ids, site, any_bytes=any_bytes)
