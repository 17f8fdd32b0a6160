"""Splits CSV and TSV into rows, each with its bytes, its characters and what the `csv` module makes of it."""

from __future__ import annotations

import codecs
import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, AnyStr, NamedTuple

from dedup.errors import InputError
from dedup.reading.encodings import UTF8_MARK, WIDE_MARKS, decode
from dedup.reading.text import refuse_binary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.reading.compression import Reader

_SAMPLE = 1 << 20
"""Bytes that tell the encoding of the whole."""
_CHUNK = 1 << 18
_DELIMITERS = ",;\t|"


class Row(NamedTuple):
    """A row.

    Attributes:
        raw: its bytes, line end included; for the first row also the byte order mark.
        text: its characters, without the byte order mark.
        cells: what its fields mean; empty for a blank row, and for one that cannot be read.
        reason: why it cannot be read, or None.
    """

    raw: bytes
    text: str
    cells: list[str]
    reason: str | None


class _Line(NamedTuple):
    raw: bytes
    text: str
    reason: str | None


class Rows:
    """The rows of a stream.

    Attributes:
        codec: in which the rows' characters are encoded, byte order mark apart.
        errors: how it treats what it does not know; encoding a row's characters gives its bytes again.
        delimiter: what separates fields.
        note: said of a guessed encoding and of a delimiter other than the comma or the tab of TSV, else None.
    """

    def __init__(self, source: str, stream: Reader, delimiter: str | None, *, any_bytes: bool = False) -> None:
        """Look at the head of a stream.

        Args:
            source: id of the input, for messages.
            stream: its bytes.
            delimiter: what separates fields; None: what stands most often in the first line.
            any_bytes: whether what looks binary is read too.
        """
        self._source = source
        self._stream = stream
        self._broken: InputError | None = None
        self._taken: list[_Line] = []
        head = self._read_head()
        if not any_bytes:
            refuse_binary(source, head)
        decoded = decode(head[: head.rfind(b"\n") + 1] or head)
        self._mark = WIDE_MARKS.get(decoded.encoding, UTF8_MARK if decoded.encoding == "utf-8-sig" else b"")
        self.codec = "utf-8" if decoded.encoding == "utf-8-sig" else decoded.encoding
        wide = self.codec in WIDE_MARKS
        self.errors = "surrogatepass" if wide else "surrogateescape"
        lines = self._wide_lines(head) if wide else self._lines(head)
        first = list(_until_first_filled(lines))
        self._feed = chain(first, lines)
        self.delimiter = delimiter or (_find_delimiter(first[-1].text) if first else ",")
        said = None if wide else decoded.note  # the head ends at the byte of a newline, which may be half of it
        told = None if delimiter or self.delimiter == "," else f"fields are separated by {self.delimiter!r}"
        self.note = "; ".join(note for note in (said, told) if note is not None) or None

    def __iter__(self) -> Iterator[Row]:
        reader = csv.reader(self._take(), delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            self._taken.clear()
            cells: list[str] = []
            reason = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reason = _not_csv(error, len(self._taken))
            except InputError as error:
                if number:
                    raise InputError(self._source, f"damaged after record {number}: {error.reason}") from error
                raise
            number += 1
            unread = next((line.reason for line in self._taken if line.reason is not None), reason)
            yield Row(
                b"".join(line.raw for line in self._taken),
                "".join(line.text for line in self._taken),
                cells if unread is None else [],
                unread,
            )

    def encode(self, text: str) -> bytes:
        """Give the bytes of a part of a row."""
        return text.encode(self.codec, self.errors)

    def _take(self) -> Iterator[str]:
        """Hand lines to the reader, and remember which it took for the row it is at."""
        for line in self._feed:
            self._taken.append(line)
            yield line.text

    def _read_head(self) -> bytes:
        """Read what tells the encoding; a damage met on the way is put off until what precedes it has been given."""
        chunks: list[bytes] = []
        left = _SAMPLE
        try:
            while left > 0 and (chunk := self._stream.read1(min(left, _CHUNK))):
                chunks.append(chunk)
                left -= len(chunk)
        except InputError as error:
            if not chunks:
                raise
            self._broken = error
        return b"".join(chunks)

    def _chunks(self, head: bytes) -> Iterator[bytes]:
        yield head
        if self._broken is not None:
            raise self._broken
        while chunk := self._stream.read1(_CHUNK):
            yield chunk

    def _lines(self, head: bytes) -> Iterator[_Line]:
        mark = self._mark
        for raw in _split(self._chunks(head), b"\n"):
            body = raw.removeprefix(mark)
            mark = b""
            try:
                text = body.decode(self.codec, self.errors)
                same = text.encode(self.codec, self.errors) == body
            except UnicodeError:
                same = False
            if same:
                yield _Line(raw, text, None)
            else:  # Latin-1 keeps commas and quotation marks where they are, so that the rows around stay readable
                yield _Line(raw, body.decode("latin-1"), f"is no {self.codec} text")

    def _wide_lines(self, head: bytes) -> Iterator[_Line]:
        mark = self._mark
        for text in _split(self._characters(head), "\n"):
            yield _Line(mark + self.encode(text), text, None)
            mark = b""
        if mark:  # nothing else is there
            yield _Line(mark, "", None)

    def _characters(self, head: bytes) -> Iterator[str]:
        """Decode chunk by chunk, without the byte order mark."""
        decoder = codecs.getincrementaldecoder(self.codec)(self.errors)
        chunks = self._chunks(head)
        try:
            yield decoder.decode(next(chunks)[len(self._mark) :])
            for chunk in chunks:
                yield decoder.decode(chunk)
            yield decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise InputError(self._source, f"is no {self.codec} text ({error.reason})") from error


def _split(chunks: Iterable[AnyStr], newline: AnyStr) -> Iterator[AnyStr]:
    """Split at newlines only, which stay at the lines' ends."""
    parts: list[AnyStr] = []
    empty = newline[:0]
    for chunk in chunks:
        pieces: list[AnyStr] = chunk.split(newline)
        for piece in pieces[:-1]:
            parts.append(piece)
            yield empty.join(parts) + newline
            parts.clear()
        parts.append(pieces[-1])
    rest = empty.join(parts)
    if rest:
        yield rest


def _until_first_filled(lines: Iterator[_Line]) -> Iterator[_Line]:
    """Give the lines up to the first one that is not blank."""
    for line in lines:
        yield line
        if line.text.strip():
            return


def _not_csv(error: csv.Error, lines: int) -> str:
    """Say why the reader refused a row, of so many lines; what it says to programmers in the words of a user."""
    if str(error).startswith("new-line character seen in unquoted field"):
        return "not CSV: a carriage return that no newline follows, outside of quotation marks (tr '\\r' '\\n')"
    if str(error) == "unexpected end of data":
        many = "line" if lines == 2 else f"{lines - 1:,} lines"
        behind = f", which takes the {many} behind it for one field" if lines > 1 else ""
        return f"not CSV: a quotation mark that nothing closes{behind}"
    if "expected after" in str(error):
        taken = f", and takes {lines:,} lines for one row" if lines > 1 else ""
        return f"not CSV: a field goes on behind its closing quotation mark{taken}; within a field a quotation mark stands twice"
    return f"not CSV: {error}"


def _find_delimiter(header: str) -> str:
    """Give the delimiter that stands most often outside quotation marks; the comma goes first among equals."""
    plain = re.sub('"[^"]*"', "", header)
    return max(_DELIMITERS, key=plain.count)
