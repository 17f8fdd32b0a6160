"""Reads the entries of a report, and makes cuts of them again; what they say is checked, for a report may come from anyone."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, NamedTuple, get_args

from dedup.errors import ReportError
from dedup.model import Cut, Finding, Kind, Partner, Span
from dedup.reporting.representation import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


UNKNOWN = "the report does not know it"
OTHER_TEXT = "its text is not the one that the report was made from"
"""Why nothing can be done about a document by a report."""


class Line(NamedTuple):
    """A line of a report.

    Attributes:
        entry: an object with its `kind`.
        number: from 1.
        offset: the byte where it begins.
    """

    entry: dict[str, Any]
    number: int
    offset: int


def read(stream: IO[bytes], name: str) -> Iterator[Line]:
    """The lines of a report; the last line of a writer that was stopped is left out, and so are blank ones, which editors leave.

    Raises:
        ReportError: no report, of another format, or damaged; `name` is what it is called.
    """
    number = offset = given = 0
    for raw in stream:
        if is_cut_short(raw):
            break
        number += 1
        if raw.isspace():
            offset += len(raw)
            continue
        entry = parse(raw, name, number)
        given += 1
        if given == 1 and entry["kind"] != "header":
            raise ReportError(f"{name}: not a report of format {FORMAT} (its first line is no header)")
        if given == 1 and entry.get("format") != FORMAT:
            by = f", made by dedup {entry.get('dedup')}" if isinstance(entry.get("dedup"), str) else ""
            other = f"a report of format {entry.get('format')!r}{by}: this dedup reads format {FORMAT}"
            raise ReportError(f"{name}: {other}; use the dedup that made it")
        yield Line(entry, number, offset)
        offset += len(raw)
    if not given:
        raise ReportError(f"{name}: no report, or the report is empty")


def parse(raw: bytes, name: str, number: int) -> dict[str, Any]:
    """One line of a report.

    Raises:
        ReportError: it is no entry.
    """
    try:
        entry = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{name}:{number}: not JSON: {error}") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
        raise ReportError(f"{name}:{number}: not an entry of a report (it has no `kind`)")
    return entry


def is_cut_short(raw: bytes) -> bool:
    """Whether a line is the last one of a writer that was stopped; an editor may leave out the last line's end."""
    if raw.endswith(b"\n"):
        return False
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return True
    return False


def is_cut(entry: Mapping[str, Any]) -> bool:
    """Whether an entry tells of a cut: nothing else in the report of `clean` has both a document and a place in it."""
    return "start" in entry and "document" in entry


_NO_EVIDENCE = frozenset(
    {"kind", "document", "start", "end", "byte_start", "byte_end", "rule", "score", "partner", "also", "text", "written", "raw"}
)
"""The keys of a cut that are not its finding's evidence."""


def cut_of(entry: Mapping[str, Any]) -> Cut:
    """The cut of which `Report.cut` makes this entry.

    Raises:
        ReportError: it is none; the message says what is wrong.
    """
    span = _span_of(entry)
    also = entry.get("also", [])
    if not isinstance(also, list) or not all(isinstance(other, dict) for other in also):
        raise ReportError("`also` of a cut is no list of verdicts")
    return Cut(*span, _finding_of(entry, span), tuple(_finding_of(other, span) for other in also))


def _finding_of(entry: Mapping[str, Any], span: Span) -> Finding:
    kind: Any = entry.get("kind")
    rule, score, partner = (entry.get(key) for key in ("rule", "score", "partner"))
    if kind not in get_args(Kind) or not isinstance(rule, str) or not isinstance(score, float | int):
        raise ReportError("a cut needs a `kind`, a `rule` and a `score`")
    other = None
    if partner is not None:
        if not isinstance(partner, dict) or not isinstance(partner.get("document"), str):
            raise ReportError("the `partner` of a cut needs a `document`, `start` and `end`")
        other = Partner(partner["document"], *_span_of(partner))
    evidence = {key: value for key, value in entry.items() if key not in _NO_EVIDENCE}
    return Finding(kind, *span, rule, score, other, evidence)


def _span_of(entry: Mapping[str, Any]) -> Span:
    start, end = entry.get("start"), entry.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ReportError("a cut needs a `start` and an `end` behind it")
    return Span(start, end)
