"""The kept paragraphs of all documents as columns: what matching works on. The folded text lies in a temporary file."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xxhash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.model import Document, Paragraph

_CHUNK = 1 << 20  # bytes of folded text handed to a kernel at a time


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
