"""The kept paragraphs of all documents as columns: what matching works on. The folded text lies in a temporary file."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
import xxhash

from dedup.spool import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.model import Document, Paragraph

_CHUNK = 1 << 20  # bytes of folded text handed to a kernel at a time
END, _NONE = b"\xff", b"\xfe"  # behind a field of a row that was laid down, and instead of one: no byte of UTF-8


class Row(NamedTuple):
    """What is remembered of a document beside its paragraphs."""

    id: str
    site: str | None
    date: str | None
    label: str

    @classmethod
    def of(cls, document: Document, label: str) -> Row:
        """The row of a document; of its label, the first words are kept for people: one line of at most 80 characters."""
        line = " ".join(label[:400].split())
        return cls(document.id, document.site, document.date, line if len(line) <= 80 else line[:79] + "…")

    def laid(self) -> bytes:
        """The row as bytes; those of the id come first."""
        return END.join(_NONE if field is None else field.encode("utf-8", "surrogatepass") for field in self)

    @classmethod
    def taken(cls, laid: bytes) -> Row:
        """The row of which `laid` made these bytes."""
        name, site, date, label = (
            None if field == _NONE else field.decode("utf-8", "surrogatepass") for field in laid.split(END)
        )
        return cls(name or "", site, date, label or "")


class Rows(Sequence[Row]):
    """Rows that lie in a file; each is made when it is asked for.

    Args:
        data: `uint8`, laid rows, mapped from a file.
        ranges: the stretch of each, by number.
    """

    def __init__(self, data: NDArray[np.uint8], ranges: Ranges) -> None:
        self._data = data.data
        self._starts, self._lengths = ranges.starts.data, ranges.lengths.data  # whose items are plain numbers

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> Row: ...

    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...

    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        return Row.taken(self._laid(number))

    def id(self, number: int) -> str:
        """The id of a row: what is asked for most often."""
        return self._laid(number).partition(END)[0].decode("utf-8", "surrogatepass")

    def _laid(self, number: int) -> bytes:
        start = self._starts[number]
        return bytes(self._data[start : start + self._lengths[number]])


@dataclass(frozen=True, slots=True)
class Ranges:
    """Stretches of a column of bytes.

    Attributes:
        starts: `int64[n]`.
        lengths: `int64[n]`.
    """

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    def take(self, numbers: NDArray[np.int64]) -> Ranges:
        """Some of them."""
        return Ranges(self.starts[numbers], self.lengths[numbers])

    def of(self, numbers: NDArray[np.int64]) -> tuple[list[int], list[int]]:
        """Where some of them start, and how long they are."""
        return self.starts[numbers].tolist(), self.lengths[numbers].tolist()


@dataclass(slots=True)
class Columns:
    """All documents, numbered in byte order of their ids, and their kept paragraphs in order of document and place.

    Attributes:
        rows: a document each, by number.
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

    rows: Rows
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
        """The bytes of stretches, one behind the other, with offsets, about a megabyte at a time: what kernels take."""
        for at, end in parts(ranges.lengths, _CHUNK):
            yield _gather(self.data, ranges.starts[at:end], ranges.lengths[at:end])

    def running(self, documents: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.int64]]]:
        """The running text of documents, as `chunks` gives stretches."""
        for at, end in parts(self.documents.lengths[documents], _CHUNK):
            texts = [self._running(number) for number in documents[at:end].tolist()]
            offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
            yield np.frombuffer(b"".join(texts), np.uint8), offsets

    def _running(self, document: int) -> bytes:
        start, end = np.searchsorted(self.owner, (document, document + 1))
        good = start + np.flatnonzero(self.good[start:end])
        return joined([bytes(self.data[a : a + size].data) for a, size in zip(*self.paragraphs.of(good), strict=True)])


def _gather(
    data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    if len(starts) and bool((starts[1:] == starts[:-1] + lengths[:-1]).all()):
        return np.asarray(data[starts[0] : starts[0] + offsets[-1]]), offsets
    view = np.asarray(data).data
    pieces = [view[start : start + length] for start, length in zip(starts.tolist(), lengths.tolist(), strict=True)]
    return np.frombuffer(b"".join(pieces), np.uint8), offsets


class Kept(NamedTuple):
    """The paragraphs that stay of one document (those without words are left out), as the columns take them.

    Columns are bytes of numbers in this machine's order: made, sent and written without an object a number.

    Attributes:
        forms: their normal forms in UTF-8, a space behind each.
        lengths: `uint64`, bytes of each form.
        spans: `uint64`, start and end of each, one behind the other, in code points of the document's text.
        sizes: `uint32`, words of each.
        good: `bool`, whether each is running text.
        digests: `uint64`, xxh3 of each form.
        content: xxh3 of `forms`.
        words: of all.
    """

    forms: bytes
    lengths: bytes
    spans: bytes
    sizes: bytes
    good: bytes
    digests: bytes
    content: int
    words: int

    def moved(self, span: Callable[[int, int], tuple[int, int]]) -> Kept:
        """The same, each span where `span` says it stands."""
        spans = array("Q", self.spans)
        moved = (offset for start, end in zip(spans[::2], spans[1::2], strict=True) for offset in span(start, end))
        return self._replace(spans=array("Q", moved).tobytes())


def joined(forms: Sequence[bytes]) -> bytes:
    """Normal forms with a space behind each."""
    return b" ".join((*forms, b""))


def kept(paragraphs: Sequence[Paragraph]) -> Kept:
    """Lay out the paragraphs that stay of a document."""
    worded = [p for p in paragraphs if p.count]
    forms = [p.form.encode("utf-8", "surrogatepass") for p in worded]
    data = joined(forms)
    return Kept(
        data,
        array("Q", map(len, forms)).tobytes(),
        array("Q", [offset for p in worded for offset in (p.start, p.end)]).tobytes(),
        array("I", [p.count for p in worded]).tobytes(),
        bytes(p.good for p in worded),
        array("Q", map(xxhash.xxh3_64_intdigest, forms)).tobytes(),
        xxhash.xxh3_64_intdigest(data),
        sum(p.count for p in worded),
    )


class AllKept:
    """The paragraphs of many documents, of which `of` gives those of one as `kept` does.

    Args:
        data: bytes of all normal forms, one behind the other.
        form_offsets: `int64[paragraphs + 1]`, of the forms in `data`.
        spans: `int64[paragraphs, 2]`, start and end of each in its text.
        sizes: `int64[paragraphs]`, words of each.
        good: `bool[paragraphs]`.
        offsets: `int64[documents + 1]`, the paragraphs of each document.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (columns of one table)
        self,
        data: bytes,
        form_offsets: NDArray[np.int64],
        spans: NDArray[np.int64],
        sizes: NDArray[np.int64],
        good: NDArray[np.bool_],
        offsets: NDArray[np.int64],
    ) -> None:
        worded = np.flatnonzero(sizes)
        self._bounds = np.searchsorted(worded, offsets).tolist()
        starts, ends = form_offsets[worded].tolist(), form_offsets[worded + 1].tolist()
        self._forms = [data[start:end] for start, end in zip(starts, ends, strict=True)]
        self._lengths = np.diff(form_offsets)[worded].astype(np.uint64).tobytes()
        self._spans = spans[worded].astype(np.uint64).tobytes()
        self._sizes = sizes[worded].astype(np.uint32).tobytes()
        self._good = good[worded].tobytes()
        self._digests = array("Q", map(xxhash.xxh3_64_intdigest, self._forms)).tobytes()
        self._words = np.diff(np.concatenate([[0], np.cumsum(sizes)])[offsets]).tolist()

    def of(self, document: int) -> Kept:
        """The paragraphs of one document."""
        a, b = self._bounds[document], self._bounds[document + 1]
        data = joined(self._forms[a:b])
        return Kept(
            data,
            self._lengths[8 * a : 8 * b],
            self._spans[16 * a : 16 * b],
            self._sizes[4 * a : 4 * b],
            self._good[a:b],
            self._digests[8 * a : 8 * b],
            xxhash.xxh3_64_intdigest(data),
            self._words[document],
        )
