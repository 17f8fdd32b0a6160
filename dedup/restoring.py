"""Puts back what was cut, from a report."""

from __future__ import annotations

import base64
import binascii
import json
from typing import IO, TYPE_CHECKING, Any

from dedup.errors import ReportError
from dedup.representation import FORMAT, PutBack, digest, encode_again, put_back

if TYPE_CHECKING:
    from dedup.model import Record


class Index:
    """Finds the entries of a document in a report without holding the report in memory.

    A report that was cut short serves as far as it goes: each text is proved by its digest.

    Args:
        stream: the report, binary and seekable.
        name: what the report is called in errors.

    Attributes:
        sources: ids of the inputs that it tells of.
        complete: whether its last entry, `end`, is there.

    Raises:
        ReportError: no report, of another format, or damaged.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._places: dict[tuple[str, int | None], int] = {}
        self.sources: set[str] = set()
        self.complete = False
        self._build()

    def _build(self) -> None:
        number, offset = 0, 0
        for number, raw in enumerate(self._stream, 1):
            if not raw.endswith(b"\n"):
                break  # the writer was stopped here
            entry = self._parse(raw, number)
            kind = entry["kind"]
            if number == 1 and (kind != "header" or entry.get("format") != FORMAT):
                raise ReportError(f"{self._name}: not a report of format {FORMAT} (its first line is no header)")
            if kind == "document":
                self._note(entry, number, offset)
            self.complete = kind == "end"
            offset += len(raw)
        if not offset:
            raise ReportError(f"{self._name}: {'no report' if number else 'the report is empty'}")

    def _note(self, entry: dict[str, Any], number: int, offset: int) -> None:
        """Remember where a document's entries begin."""
        source, record = entry.get("source"), entry.get("record")
        if not isinstance(source, str) or not (record is None or isinstance(record, int)):
            raise ReportError(f"{self._name}:{number}: a document needs a `source`")
        self._places[source, record] = offset
        self.sources.add(source)

    def _parse(self, raw: bytes, number: int) -> dict[str, Any]:
        try:
            entry = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise ReportError(f"{self._name}:{number}: not JSON: {error}") from error
        if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
            raise ReportError(f"{self._name}:{number}: not an entry of a report (it has no `kind`)")
        return entry

    def restore(self, record: Record) -> bytes | None:
        """The original representation of a cleaned record, or None when the report does not know it.

        A report of a single source knows its records under any name of the file. A text that is the original already stays.

        Raises:
            ReportError: the cleaned text, or what was put back, is not the one that the report tells of.
        """
        source = record.source
        if source not in self.sources and len(self.sources) == 1:
            source = next(iter(self.sources))
        place = self._places.get((source, record.number))
        if place is None:
            return None
        self._stream.seek(place)
        head = self._parse(self._stream.readline(), 0)
        told = digest(record.raw)
        if told == head.get("digest") != head.get("digest_clean"):
            return record.raw
        if told != head.get("digest_clean"):
            raise ReportError("its text is not the one that was cleaned (another digest than the report's)")
        restored = put_back(record.raw, self._cuts(str(head.get("encoding"))))
        if digest(restored) != head.get("digest"):
            raise ReportError("the report's cuts do not give the original text (was the report edited or cut short?)")
        return restored

    def _cuts(self, encoding: str) -> list[PutBack]:
        """The cuts that follow the document's own line."""
        found = []
        for raw in self._stream:
            if not raw.endswith(b"\n"):
                break  # the writer was stopped here
            entry = self._parse(raw, 0)
            if "start" not in entry or "document" not in entry:
                break
            found.append(self._cut(entry, encoding))
        return found

    def _cut(self, entry: dict[str, Any], encoding: str) -> PutBack:
        start, text, raw = entry.get("byte_start"), entry.get("text"), entry.get("raw")
        try:
            data = base64.b64decode(raw, validate=True) if raw is not None else encode_again(str(text), encoding)
        except (binascii.Error, TypeError, ValueError, LookupError):
            data = None
        if not isinstance(start, int) or data is None:
            raise ReportError(f"{self._name}: a cut of {entry['document']} lacks `byte_start` or its text")
        return PutBack(start, data)
