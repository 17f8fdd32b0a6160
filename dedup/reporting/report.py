"""The report: JSON Lines that tell what was done and why, and from which it can be undone."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import suppress
from json.encoder import encode_basestring as _quoted
from typing import IO, TYPE_CHECKING, Any, Self

from dedup.errors import OutputError, Writing
from dedup.reporting.representation import FORMAT, cut_entry, digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from types import TracebackType

    from dedup.model import Cut, Document, Finding, Record, Skipped, Span

_NOTES = 3
"""So many notes on documents are kept to be said."""

_WRITING = Writing("the report")
_DOCUMENT = '{"kind": "document"'
DOCUMENT = _DOCUMENT.encode()
"""How the line of a document begins."""

_PLAIN = json.JSONEncoder(ensure_ascii=False, default=str)


def line(entry: Mapping[str, object]) -> bytes:
    """One line of JSON; characters that UTF-8 cannot hold (lone surrogates) are escaped."""
    try:
        return _PLAIN.encode(entry).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(entry, default=str).encode() + b"\n"


class Report:
    """Writes a report to a binary stream and counts what it tells; without a stream it only counts.

    Args:
        stream: where to.
        durable: whether `flush` puts all on the disk: where the input itself is replaced, no other copy of the cuts is left.

    Attributes:
        counts: what it told of.
        rules: cuts by rule.
        notes: the first notes on documents, each with the id of the text, or of the input that a record stands in.
        failures: what could not be read, against expectation.
        profiled: the sites that the user's profiles know; None without any.
        unprofiled: the first site of a document that they do not know.
    """

    def __init__(self, stream: IO[bytes] | None, *, durable: bool = False) -> None:
        self._stream = stream
        self._durable = durable
        self.counts: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.notes: list[tuple[str, str]] = []
        self.failures: list[Skipped] = []
        self.profiled: AbstractSet[str] | None = None
        self.unprofiled = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(*() if kind is None else (OutputError, BrokenPipeError)):  # the first error is the one to tell
            self.close()

    def close(self) -> None:
        """Close the stream.

        Raises:
            OutputError: what was held back cannot be written.
        """
        if self._stream is not None:
            with _WRITING:
                self._stream.close()

    def write(self, entry: Mapping[str, object]) -> None:
        """Write one object.

        Raises:
            OutputError: the report cannot be written (disk full).
        """
        if self._stream is not None:
            self.raw_line(line(entry))

    def raw_line(self, data: bytes) -> None:
        """Write a line that is made already."""
        if self._stream is not None:
            with _WRITING:
                self._stream.write(data)

    @property
    def silent(self) -> bool:
        """Whether it only counts."""
        return self._stream is None

    def size(self) -> int:
        """Bytes written so far; 0 without a stream."""
        return 0 if self._stream is None else self._stream.tell()

    def flush(self) -> None:
        """Hand what was written to the system, before the output it tells of appears."""
        if self._stream is not None:
            with _WRITING:
                self._stream.flush()
                if self._durable:
                    os.fsync(self._stream.fileno())

    def header(self, version: str, settings: Mapping[str, Any]) -> None:
        """The first line: format, version and the settings that the verdicts depend on."""
        self.write({"kind": "header", "format": FORMAT, "dedup": version, "settings": settings})

    def document(self, record: Record, cleaned: bytes, words: int) -> None:
        """What was read and what is left of a document."""
        document = record.document
        if document is None:
            return
        self.counts["documents"] += 1
        self.counts["words"] += words
        self.counts["siteless"] += not document.site
        if self.profiled is not None and document.site not in self.profiled:
            self.counts["unprofiled"] += 1
            self.unprofiled = self.unprofiled or document.site or ""
        self.note(record)
        if self._stream is None:
            return
        self.raw_line(_document_line(document, record, cleaned, words))

    def note(self, record: Record) -> None:
        """Count what is to be said of a document, and keep it if it is among the first.

        What is said of a record is said of its input: it is how a table or a dump was read, told with the first document of it.
        """
        if record.note and record.document is not None:
            self.counts["noted"] += 1
            if len(self.notes) < _NOTES:
                self.notes.append((record.document.id if record.number is None else record.source, record.note))

    def cut(self, record: Record, cut: Cut, bytes_span: Span) -> None:
        """A stretch that was taken out."""
        document = record.document
        if document is None:
            return
        self.cuts([cut.finding.rule])
        if self._stream is None:
            return
        text = document.text[cut.start : cut.end]
        raw = record.raw[bytes_span.start : bytes_span.end]
        entry: dict[str, object] = {
            "kind": cut.finding.kind,
            "document": document.id,
            "start": cut.start,
            "end": cut.end,
            "byte_start": bytes_span.start,
            "byte_end": bytes_span.end,
            **reasons(cut.finding),
        }
        if cut.also:
            entry["also"] = [{"kind": finding.kind, **reasons(finding)} for finding in cut.also]
        self.write(entry | cut_entry(text, record.encoding, raw))

    def cuts(self, rules: Sequence[str]) -> None:
        """Count stretches that were taken out, by the rule of each."""
        self.counts["cuts"] += len(rules)
        self.rules.update(rules)

    def finding(self, document: str, finding: Finding) -> None:
        """A verdict that cuts nothing: `find` tells of repeats."""
        span = {"start": finding.start, "end": finding.end}
        self.write({"kind": finding.kind, "document": document, **span, **reasons(finding)})

    def left(self, document: str, reason: str) -> None:
        """A document that was left alone although something was found."""
        self.counts["left"] += 1
        self.write({"kind": "left", "document": document, "reason": reason})

    def skipped(self, skipped: Skipped) -> None:
        """An input or record that was not read."""
        self.counts["skipped_expected" if skipped.expected else "skipped"] += 1
        if not skipped.expected:
            self.failures.append(skipped)
        entry: dict[str, object] = {"kind": "skipped", "source": skipped.source}
        if skipped.record is not None:
            entry["record"] = skipped.record
        self.write(entry | {"reason": skipped.reason})

    def end(self) -> None:
        """The last line: the counts; a report without it was cut short."""
        counts: dict[str, object] = dict(sorted(self.counts.items()))
        if self.rules:
            counts["rules"] = dict(sorted(self.rules.items()))
        self.write({"kind": "end", "counts": counts})
        self.flush()


def _document_line(document: Document, record: Record, cleaned: bytes, words: int) -> bytes:
    """What `line` gives for a document, in an eighth of the time."""
    whole = digest(record.raw)
    clean = whole if cleaned is record.raw else digest(cleaned)
    text = "".join(
        (
            f'{_DOCUMENT}, "document": {_quoted(document.id)}, "source": {_quoted(record.source)}',
            "" if record.number is None else f', "record": {record.number}',
            "" if document.site is None else f', "site": {_quoted(document.site)}',
            f', "fields": {_PLAIN.encode(dict(document.carried))}' if document.carried else "",
            f', "encoding": {_quoted(record.encoding)}, "digest": "{whole}", "digest_clean": "{clean}", "words": {words}',
            f', "note": {_quoted(record.note)}' if record.note else "",
            "}\n",
        )
    )
    try:
        return text.encode()
    except UnicodeEncodeError:  # lone surrogates
        return line(json.loads(text))


def reasons(finding: Finding) -> dict[str, object]:
    """Rule, score and evidence of a finding, as the report gives them."""
    entry: dict[str, object] = {"rule": finding.rule, "score": finding.score, **finding.evidence}
    if finding.partner is not None:
        partner = finding.partner
        entry["partner"] = {"document": partner.document, "start": partner.start, "end": partner.end}
    return entry
