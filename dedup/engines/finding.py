"""The engine's way of `find` and `filter`: documents are stripped, laid into columns, matched, and told of."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup import kernels, spool
from dedup.engines.collecting import Furniture, collect
from dedup.engines.describing import Describer
from dedup.engines.matching import Matcher, Matches
from dedup.engines.verdict import Judge
from dedup.matching import clusters, copies
from dedup.matching.listing import listing
from dedup.model import Finding, Partner, Skipped, Span
from dedup.reporting.report import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from dedup.boilerplate.profile import Profile
    from dedup.engines.inputs import Inputs
    from dedup.matching.listing import Listing
    from dedup.settings import CleanSettings, FindSettings

_LITTLE = 1 << 19  # bytes of folded text that the plain kernel signs in the time that the fast one takes to load


@dataclass(slots=True)
class FindResult:
    """What `find` found, for the report and for people.

    Attributes:
        matches: pairs, families and clusters, by number.
        matcher: compares further pairs exactly.
        furniture: by site, the lines on most of its documents.
        skipped: all that was not read.
        failures: what of it could not be read.
        broken: ids of the sources that could not be read to their end, of which no file is written.
        counts: documents, words, what stripping took, and the documents without a date, where dates decide.
        lines: the file with the reports' lines of the documents, in the order read.
        preference: which document a cluster keeps.
        ranking: in which order documents are preferred by it.
        notes: the first notes on documents, each with the id of the text, or of the input that a record stands in.
    """

    matches: Matches
    matcher: Matcher
    furniture: dict[str, list[Furniture]]
    skipped: list[Skipped]
    failures: list[Skipped]
    broken: frozenset[str]
    counts: dict[str, int]
    lines: Path
    preference: clusters.Preference
    ranking: clusters.Ranking
    notes: list[tuple[str, str]]

    @property
    def rank(self) -> NDArray[np.int64]:
        """`int64[documents]`; of a cluster the document with the smallest is kept."""
        return self.ranking.rank


def find(  # noqa: PLR0913 (the engine's parts, by name)
    inputs: Inputs,
    *,
    cleaning: CleanSettings,
    settings: FindSettings,
    profiles: Mapping[str, Profile],
    kernel: str,
    preference: clusters.Preference,
    folder: Path,
    workers: int = 1,
) -> FindResult:
    """Read, strip, and match all documents.

    Args:
        inputs: what is read.
        cleaning: how texts are split and stripped.
        settings: how alike copies are.
        profiles: of the sites.
        kernel: "auto", "fast" or "reference"; auto takes the plain one for little text, which never waits for a compiler.
        preference: which document a cluster keeps.
        folder: an existing temporary folder, for what is not held in memory; the result reads from it.
        workers: processes that judge; the result is the same.
    """
    describer = Describer(kernel, waits=inputs.waits)
    spool.give_back()  # what learning took
    collector, skipped = collect(inputs, Judge(cleaning, profiles, describer, strip=settings.strip), folder, workers)
    columns = collector.builder.columns(settings.least)
    spool.give_back()
    chosen = "reference" if kernel == "auto" and len(columns.data) < _LITTLE else kernel
    matcher = Matcher(kernels.load(chosen), columns, settings, folder, workers)
    ranking = preference.order(columns.rows, columns.words, columns.read_order)
    return FindResult(
        matcher.run(),
        matcher,
        collector.furniture(),
        skipped,
        [item for item in skipped if not item.expected],
        # what was passed over before anything was read may go by the id of what is read, such as a file that is named twice
        frozenset(item.source for item in skipped[len(inputs.skipped) :] if item.record is None),
        dict(collector.counts) | ranking.counts(),
        collector.lines,
        preference,
        ranking,
        collector.notes,
    )


def ranked(found: FindResult, members: NDArray[np.int64]) -> NDArray[np.int64]:
    """The documents of a cluster, the one that is kept first, then those that would be kept in its place."""
    return members[np.argsort(found.rank[members])]


def droppings(found: FindResult) -> dict[int, clusters.Dropping]:
    """By number, the documents that `filter` drops and the verified pair by which each goes."""
    matches = found.matches
    return clusters.dropped(matches.groups, matches.columns.content, found.rank, found.matcher.compare, matches.settings)


def unwritten(found: FindResult) -> set[int]:
    """By number, the documents of broken sources: no other may go, or lose a paragraph, on account of them."""
    if not found.broken:
        return set()
    with found.lines.open("rb") as lines:
        entries = (json.loads(line) for line in lines if line.startswith(DOCUMENT))
        order = found.matches.columns.read_order.tolist()
        return {number for number, entry in zip(order, entries, strict=True) if entry["source"] in found.broken}


def copies_by_document(found: FindResult) -> tuple[copies.Copies, NDArray[np.int64]]:
    """The copies in order of document and place, and `int64[documents + 1]`: where each document's begin, by its number."""
    columns, matches = found.matches.columns, found.matches
    listed = copies.copies(columns, matches.spread, matches.form_pairs).by_place()
    return listed, np.searchsorted(columns.owner[listed.paragraph], np.arange(len(columns.rows) + 1))


def copied_paragraphs(found: FindResult) -> dict[str, list[Finding]]:
    """By document id, findings for the paragraphs that a better ranked document has and keeps, in order of place.

    However many documents hold a paragraph, one keeps it: the best ranked (`--keep-doc`, `--prefer-sites`). Where that one will
    not be written, all others keep it.
    """
    columns = found.matches.columns
    families, _ = copies.spread(columns, found.matches.family, len(columns.rows), equal=True)
    listed: dict[str, list[Finding]] = defaultdict(list)
    lost = unwritten(found)
    for copy in copies.going(columns, families, found.matches.form_pairs, found.rank):
        owner, other = int(columns.owner[copy.paragraph]), int(columns.owner[copy.partner])
        if other not in lost:
            start, end = span_of(found, copy.paragraph)
            partner = Partner(columns.rows.id(other), *span_of(found, copy.partner))
            listed[columns.rows.id(owner)].append(Finding("copy", start, end, "copy.family", round(copy.score, 4), partner))
    return listed


def span_of(found: FindResult, paragraph: int) -> Span:
    """Where a paragraph stands in its document's text."""
    columns = found.matches.columns
    return Span(int(columns.start[paragraph]), int(columns.end[paragraph]))


def pairs_told(found: FindResult) -> Listing:
    """The pairs that the report lists; what it leaves out is counted."""
    matches = found.matches
    listed = listing(
        matches.pairs, matches.relation, matches.groups, matches.columns.content, found.rank, matches.settings.cluster_cap
    )
    matches.counts["listed_pairs"] = len(listed.pairs)
    if listed.left_out:
        matches.counts["capped_pairs"] = listed.left_out
    return listed
