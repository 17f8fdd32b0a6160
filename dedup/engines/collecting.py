"""What `find` takes from each document that was judged: its columns, its repeats, and the furniture of its site."""

from __future__ import annotations

import io
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dedup import reading
from dedup.engines.inputs import records
from dedup.engines.workers import Judges
from dedup.matching import columns
from dedup.matching.columns import Row
from dedup.matching.columns_builder import Builder
from dedup.model import Record
from dedup.reporting.report import Report
from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dedup.engines.inputs import Inputs
    from dedup.engines.verdict import Judge, Verdict
    from dedup.matching.columns import Kept
    from dedup.model import Cut, Document, Finding, Skipped, Span

_FURNITURE_SHOWN = 5  # lines told of each site


@dataclass(slots=True)
class Furniture:
    """A line that many documents of a site have, by its text where it was cut first."""

    text: str
    count: int
    of: int


class Extract(NamedTuple):
    """What is taken from one document.

    Attributes:
        kept: what stays of it.
        row: what is remembered of it beside that, as it is laid down.
        words: of the whole document.
        repeats: the report's lines of its repeats,
        repeated: how many.
        furniture: what was cut from it by count.
    """

    kept: Kept
    row: bytes
    words: int
    repeats: bytes
    repeated: int
    furniture: list[Furniture]


def extract_of(document: Document, verdict: Verdict) -> Extract:
    """Take what is to be known of a document from the verdict on it."""
    repeats = [cut.finding for cut in verdict.cuts if cut.finding.kind == "repeat"]
    lines = [line for cut in verdict.cuts if (line := _furniture(document, cut)) is not None]
    label = document.title or _label(document, verdict.noted, verdict.spans)
    kept = verdict.columns() or columns.kept([])
    row = Row.of(document, label).laid()
    return Extract(kept, row, verdict.words, _repeat_lines(document.id, repeats), len(repeats), lines)


def _repeat_lines(document: str, repeats: Sequence[Finding]) -> bytes:
    """The report's lines of repeats."""
    if not repeats:
        return b""
    stream = io.BytesIO()
    written = Report(stream)
    for finding in repeats:
        written.finding(document, finding)
    return stream.getvalue()


def _furniture(document: Document, cut: Cut) -> Furniture | None:
    finding = cut.finding
    count, of = finding.evidence.get("count"), finding.evidence.get("of")
    if finding.kind == "repeat" or document.site is None or not isinstance(count, int) or not isinstance(of, int):
        return None
    return Furniture(" ".join(document.text[finding.start : finding.end].split()), count, of)


def _label(document: Document, noted: Sequence[tuple[Span, str]], kept: Sequence[Span]) -> str:
    """What people call a document without a title: its headline, or the first words that are no date and no by-line."""
    rules = {start: rule for (start, _), rule in noted}
    headline = [span for span in kept if rules.get(span.start) == "headline"] if rules else []
    first = headline or [span for span in kept if span.start not in rules] or kept
    return document.text[slice(*first[0])] if first else ""


class Collector:
    """Takes records with their extracts, and lays what is kept into columns."""

    def __init__(self, folder: Path) -> None:
        self.builder = Builder(folder)
        self.lines = folder / "documents.jsonl"
        self.counts: dict[str, int] = defaultdict(int)
        self.notes: list[tuple[str, str]] = []
        self._furniture: dict[str, dict[str, Furniture]] = defaultdict(dict)

    def close(self) -> None:
        """Close the file that the columns are mapped from later."""
        self.builder.close()

    def take(self, record: Record, extract: Extract, written: Report) -> None:
        """Take one document; its lines go to the report."""
        document = record.document
        if document is None:
            return
        self.builder.add(extract.row, extract.kept)
        written.document(record, record.raw, extract.words)
        if extract.repeats:
            written.raw_line(extract.repeats)
        for line in extract.furniture:
            self._take_furniture(document.site or "", line)
        self.counts["documents"] += 1
        self.counts["words"] += extract.words
        self.counts["words_compared"] += extract.kept.words
        self.counts["repeats"] += extract.repeated

    def _take_furniture(self, site: str, line: Furniture) -> None:
        lines = self._furniture[site]
        lines.setdefault(line.text.casefold(), line)
        if len(lines) > 4 * _FURNITURE_SHOWN:
            self._furniture[site] = {item.text.casefold(): item for item in _top(lines)}

    def furniture(self) -> dict[str, list[Furniture]]:
        """By site, the lines on most of its documents."""
        return {site: _top(lines) for site, lines in sorted(self._furniture.items())}


def _top(lines: Mapping[str, Furniture]) -> list[Furniture]:
    """The lines that most documents have, each once: other signs around the same words make no other line."""
    distinct: dict[int, Furniture] = {}
    for line in sorted(lines.values(), key=lambda f: (-f.count, len(f.text), f.text)):
        distinct.setdefault(normal.text_key(line.text), line)
    return sorted(distinct.values(), key=lambda f: (-f.count, f.text))[:_FURNITURE_SHOWN]


def collect(inputs: Inputs, judge: Judge, folder: Path, workers: int) -> tuple[Collector, list[Skipped]]:
    """Read and judge all documents, and collect what is taken from them.

    Args:
        inputs: what is read.
        judge: strips them.
        folder: an existing temporary folder, for what is not held in memory.
        workers: processes that judge; the result is the same.

    Returns:
        What was collected, and what was not read.
    """
    skipped = list(inputs.skipped)
    ids = reading.Ids()
    collector = Collector(folder)
    judging = Judges[Record, Extract](judge, workers, attrgetter("document"), extract_of)
    with closing(collector), Report(collector.lines.open("wb")) as written, judging as judges:
        for record, extract in judges.judged(records(inputs, ids, skipped.append)):
            if extract is not None:
                collector.take(record, extract, written)
    collector.counts["ids_repeated"] = ids.repeated
    collector.counts["siteless"] = written.counts["siteless"]
    if written.counts["noted"]:
        collector.counts["noted"] = written.counts["noted"]
        collector.notes = written.notes
    return collector, skipped
