"""The kept paragraphs of all documents as columns: what matching works on. The folded text lies in a temporary file."""

from __future__ import annotations

import sys
from array import array
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from dedup.spool import Growing, mapped, ranges, writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.model import Document, Paragraph

_CHUNK = 1 << 20  # bytes of folded text handed to a kernel at a time
_ROWS = 1 << 18  # rows of a column worked on at a time
_SORTED = 1 << 18  # digests sorted together


@dataclass(slots=True)
class Row:
    """What is remembered of a document beside its paragraphs; one Python object a document."""

    id: str
    site: str | None
    date: str | None
    label: str

    @classmethod
    def of(cls, document: Document, label: str) -> Row:
        """The row of a document; of its label, the first words are kept for people: one line of at most 80 characters."""
        line = " ".join(label[:400].split())
        site = None if document.site is None else sys.intern(document.site)
        return cls(document.id, site, document.date, line if len(line) <= 80 else line[:79] + "…")


@dataclass(frozen=True, slots=True)
class Ranges:
    """Stretches of a column of bytes.

    Attributes:
        starts: `int64[n]`.
        lengths: `int64[n]`.
    """

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, numbers: NDArray[np.int64]) -> Ranges:
        """Some of them."""
        return Ranges(self.starts[numbers], self.lengths[numbers])


@dataclass(slots=True)
class Columns:
    """All documents, numbered in byte order of their ids, and their kept paragraphs in order of document and place.

    Attributes:
        rows: `Row` a document, by number.
        read_order: `int64[documents]`, the numbers in the order in which the documents were read.
        data: `uint8`, the documents' normal forms (words with single spaces), mapped from a file.
        documents: each document's stretch of `data`.
        words: `int64[documents]`, kept words.
        content: `int64[documents]`, the smallest number of a document with equal words (its own where it is too short).
        owner: `int64[paragraphs]`, the document's number.
        start: `int64[paragraphs]`, code points in the document's text.
        end: `int64[paragraphs]`.
        paragraphs: each paragraph's stretch of `data`.
        size: `int64[paragraphs]`, words.
        good: `bool[paragraphs]`, running text.
        form: `int64[paragraphs]`, the number of its normal form; forms are numbered in order of their 64-bit digests.
        first: `int64[forms]`, a paragraph that has the form.
    """

    rows: list[Row]
    read_order: NDArray[np.int64]
    data: NDArray[np.uint8]
    documents: Ranges
    words: NDArray[np.int64]
    content: NDArray[np.int64]
    owner: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    paragraphs: Ranges
    size: NDArray[np.int64]
    good: NDArray[np.bool_]
    form: NDArray[np.int64]
    first: NDArray[np.int64]

    def chunks(self, ranges: Ranges) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """The bytes of stretches, one behind the other, with offsets, some megabytes at a time: what kernels take."""
        total = np.cumsum(ranges.lengths)
        at = 0
        while at < len(ranges):
            base = total[at - 1] if at else 0
            end = max(at + 1, int(np.searchsorted(total, base + _CHUNK, "right")))
            yield _gather(self.data, ranges.starts[at:end], ranges.lengths[at:end])
            at = end


def _gather(
    data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    if len(starts) and bool((starts[1:] == starts[:-1] + lengths[:-1]).all()):
        return np.asarray(data[starts[0] : starts[0] + offsets[-1]]), offsets
    view = np.asarray(data).data
    pieces = [view[start : start + length] for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)]
    return np.frombuffer(b"".join(pieces), np.uint8), offsets


@dataclass(slots=True)
class Kept:
    """The paragraphs that stay of one document (those without words are left out), as the columns take them.

    Attributes:
        forms: their normal forms in UTF-8, a space behind each.
        lengths: bytes of each form.
        spans: start and end of each, one behind the other, in code points of the document's text.
        sizes: words of each.
        good: whether each is running text.
        digests: xxh3 of each form.
        content: xxh3 of `forms`.
    """

    forms: bytes
    lengths: list[int]
    spans: list[int]
    sizes: list[int]
    good: list[bool]
    digests: list[int]
    content: int

    @classmethod
    def of(cls, paragraphs: Iterable[tuple[bytes, int, int, int, bool]]) -> Kept:
        """Lay out paragraphs, each given by its form, start, end, words, and whether it is running text."""
        worded = [paragraph for paragraph in paragraphs if paragraph[3]]
        forms = [form for form, *_ in worded]
        data = b" ".join([*forms, b""])
        return cls(
            data,
            [*map(len, forms)],
            [offset for _, start, end, *_ in worded for offset in (start, end)],
            [count for *_, count, _ in worded],
            [good for *_, good in worded],
            [*map(xxhash.xxh3_64_intdigest, forms)],
            xxhash.xxh3_64_intdigest(data),
        )

    @property
    def words(self) -> int:
        """Words of all."""
        return sum(self.sizes)

    def moved(self, span: Callable[[int, int], tuple[int, int]]) -> Kept:
        """The same, each span where `span` says it stands."""
        spans = [offset for start, end in zip(self.spans[::2], self.spans[1::2], strict=True) for offset in span(start, end)]
        return replace(self, spans=spans)


def kept(paragraphs: Sequence[Paragraph]) -> Kept:
    """Lay out the paragraphs that stay of a document."""
    return Kept.of((p.form.encode("utf-8", "surrogatepass"), p.start, p.end, p.count, p.good) for p in paragraphs)


class Builder:
    """Takes documents with their kept paragraphs, then gives the columns.

    Memory: some hundred bytes a document; the folded text and what is known of a paragraph go to files in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "forms"
        self._file = self._path.open("wb")
        self._rows: list[Row] = []
        self._bytes = array("q")
        self._counts = array("q")
        self._words = array("q")
        self._contents = array("Q")
        self._spans = Growing(folder / "kept-spans", "Q")
        self._lengths = Growing(folder / "kept-lengths", "Q")
        self._size = Growing(folder / "kept-sizes", "I")
        self._good = Growing(folder / "kept-good", "B")
        self._digests = Growing(folder / "kept-digests", "Q")

    def add(self, row: Row, kept: Kept) -> None:
        """Add a document and what stays of it."""
        self._rows.append(row)
        self._bytes.append(len(kept.forms))
        self._counts.append(len(kept.lengths))
        self._words.append(kept.words)
        self._contents.append(kept.content)
        self._spans.extend(kept.spans)
        self._lengths.extend(kept.lengths)
        self._size.extend(kept.sizes)
        self._good.extend(kept.good)
        self._digests.extend(kept.digests)
        self._file.write(kept.forms)

    def close(self) -> None:
        """Close the files that the columns are mapped from later."""
        with ExitStack() as stack:
            for file in (self._file, self._spans, self._lengths, self._size, self._good, self._digests):
                stack.callback(file.close)

    def columns(self, least: int) -> Columns:
        """Number everything, and map the text; documents of fewer than `least` words are each a content of their own.

        What was added is given away: it is done once.
        """
        self.close()
        rows, self._rows = self._rows, []
        order = np.array(sorted(range(len(rows)), key=lambda i: rows[i].id), np.int64)  # as by the bytes of UTF-8
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
            rows=[rows[i] for i in order.tolist()],
            read_order=number,
            data=np.memmap(self._path, np.uint8, "r") if lengths.any() else np.empty(0, np.uint8),
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
