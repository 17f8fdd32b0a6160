"""Lays the kept paragraphs of documents, as they come, into `columns`: numbered by the documents' ids, in files."""

from __future__ import annotations

from array import array
from contextlib import ExitStack
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.matching.columns import END, Columns, Ranges, Rows
from dedup.spool import Growing, mapped, of_file, ranges, writable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.matching.columns import Kept

_ROWS = 1 << 18  # rows of a column worked on at a time
_SORTED = 1 << 18  # digests sorted together
_HELD = 1 << 14  # paragraphs that wait to be written


class Builder:
    """Takes documents with their kept paragraphs, then gives the columns.

    Memory: 36 bytes a document; all else goes to files in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "forms"
        self._file = self._path.open("wb")
        self._rows_path = folder / "rows"
        self._rows_file = self._rows_path.open("wb")
        self._row_bytes = array("I")
        self._bytes = array("q")
        self._counts = array("q")
        self._words = array("q")
        self._contents = array("Q")
        self._spans = Growing(folder / "kept-spans", "Q")
        self._lengths = Growing(folder / "kept-lengths", "Q")
        self._size = Growing(folder / "kept-sizes", "I")
        self._good = Growing(folder / "kept-good", "B")
        self._digests = Growing(folder / "kept-digests", "Q")
        self._growing = self._spans, self._lengths, self._size, self._good, self._digests

    def add(self, row: bytes, kept: Kept) -> None:
        """Add a document, given by its row as it is laid down, and what stays of it."""
        self._rows_file.write(row)
        self._row_bytes.append(len(row))
        self._bytes.append(len(kept.forms))
        self._counts.append(len(kept.good))
        self._words.append(kept.words)
        self._contents.append(kept.content)
        self._file.write(kept.forms)
        self._spans.waiting.frombytes(kept.spans)
        self._lengths.waiting.frombytes(kept.lengths)
        self._size.waiting.frombytes(kept.sizes)
        self._good.waiting.frombytes(kept.good)
        self._digests.waiting.frombytes(kept.digests)
        if len(self._digests.waiting) >= _HELD:
            for column in self._growing:
                column.write()

    def close(self) -> None:
        """Close the files that the columns are mapped from later."""
        with ExitStack() as stack:
            for file in (self._file, self._rows_file, *self._growing):
                stack.callback(file.close)

    def columns(self, least: int) -> Columns:
        """Number everything, and map the text; documents of fewer than `least` words are each a content of their own.

        It is done once.
        """
        self.close()
        row_lengths = np.frombuffer(self._row_bytes, np.uint32).astype(np.int64)
        rows = Ranges(np.cumsum(row_lengths) - row_lengths, row_lengths)
        row_data = of_file(self._rows_path, np.uint8)
        order = _by_id(row_data, rows)
        number = np.empty(len(order), np.int64)
        number[order] = np.arange(len(order))
        counts, lengths = np.frombuffer(self._counts, np.int64), np.frombuffer(self._bytes, np.int64)
        begins = np.cumsum(lengths) - lengths
        words = np.frombuffer(self._words, np.int64)[order]
        placed = _Placed(self._folder, (np.cumsum(counts) - counts)[order], counts[order])
        digests = placed.column("digests", self._digests.column(), np.uint64)
        form, first = _forms(self._folder, digests)
        spans = self._spans.column().reshape(-1, 2)
        return Columns(
            rows=Rows(row_data, rows.take(order)),
            read_order=number,
            data=of_file(self._path, np.uint8),
            documents=Ranges(begins[order], lengths[order]),
            words=words,
            content=_contents(np.frombuffer(self._contents, np.uint64)[order], words, least),
            owner=placed.owner(),
            start=placed.column("start", spans[:, 0]),
            end=placed.column("end", spans[:, 1]),
            paragraphs=placed.stretches(self._lengths.column()),
            size=placed.column("size", self._size.column()),
            good=placed.column("good", self._good.column(), np.bool_),
            form=form,
            first=first,
        )


def _by_id(data: NDArray[np.uint8], rows: Ranges) -> NDArray[np.int64]:
    """`int64[documents]`, in byte order of the ids in UTF-8."""
    view = data.data
    stretches = zip(rows.starts.tolist(), rows.lengths.tolist(), strict=True)
    ids = [bytes(view[start : start + length]).partition(END)[0] for start, length in stretches]
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)


class _Placed:
    """Lays columns out anew, a document behind the other in the order of their numbers, in files.

    Args:
        folder: where the files go.
        firsts: `int64[documents]`, the first row of each document as it arrived.
        counts: `int64[documents]`, its rows.
    """

    def __init__(self, folder: Path, firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        self._folder = folder
        self._firsts = firsts
        self._counts = counts

    def column(self, name: str, column: NDArray[Any], dtype: type[np.generic] = np.int64) -> NDArray[Any]:
        """A column in the new order."""
        return mapped(self._folder / f"column-{name}", dtype, (column[rows] for rows in ranges(self._firsts, self._counts)))

    def owner(self) -> NDArray[np.int64]:
        """The number of each paragraph's document."""
        documents = np.arange(len(self._counts))
        pieces = (np.repeat(documents[at : at + _ROWS], self._counts[at : at + _ROWS]) for at in range(0, len(documents), _ROWS))
        return mapped(self._folder / "column-owner", np.int64, pieces)

    def stretches(self, lengths: NDArray[Any]) -> Ranges:
        """The stretch of each paragraph's form, by their lengths as they arrived, a space behind each."""
        starts = writable(self._folder / "kept-starts", np.int64, len(lengths))
        at = 0
        for row in range(0, len(lengths), _ROWS):
            own = lengths[row : row + _ROWS].astype(np.int64) + 1
            starts[row : row + _ROWS] = at + np.cumsum(own) - own
            at += int(own.sum())
        return Ranges(self.column("places", starts), self.column("lengths", lengths))


def _forms(folder: Path, digests: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number of each paragraph's form, in order of their digests, and the first paragraph of each form.

    Digests are sorted by ranges of their values, so that few of them are held.
    """
    form = writable(folder / "column-form", np.int64, len(digests))
    passes = max(1, -(-len(digests) // _SORTED))
    found = 0

    def firsts() -> Iterator[NDArray[np.int64]]:
        nonlocal found
        for low, high in pairwise((number << 64) // passes for number in range(passes + 1)):
            own = _within(digests, low, high)
            _, first, inverse = np.unique(digests[own], return_index=True, return_inverse=True)
            form[own] = inverse + found
            found += len(first)
            yield own[first]

    return form, mapped(folder / "column-first", np.int64, firsts())


def _within(digests: NDArray[np.uint64], low: int, high: int) -> NDArray[np.int64]:
    """The rows whose digest is from `low` up to `high`, ascending; a mapped column is never held whole."""
    rows = [np.empty(0, np.int64)]
    for at in range(0, len(digests), _ROWS):
        chunk = digests[at : at + _ROWS]
        rows.append(at + np.flatnonzero((chunk >= np.uint64(low)) & (chunk <= np.uint64(high - 1))))
    return np.concatenate(rows)


def _contents(digests: NDArray[np.uint64], words: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """The smallest document with the same digest; documents too short to compare are each their own."""
    _, first, inverse = np.unique(digests, return_index=True, return_inverse=True)
    return np.where(words >= least, first[inverse], np.arange(len(digests))).astype(np.int64)
