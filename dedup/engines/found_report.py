"""Writes what `find` found as a report, without holding it."""

from __future__ import annotations

import dataclasses
import json
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from dedup.engines import finding
from dedup.matching import clusters, copies, dates
from dedup.reporting.report import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup.engines.finding import FindResult
    from dedup.matching.columns import Columns, Row
    from dedup.reporting.report import Report
    from dedup.settings import CleanSettings

_SURROGATE = b"\\ud"
_PLACE = ("document", "start", "end")


def tell(found: FindResult, written: Report, version: str, cleaning: CleanSettings) -> None:
    """Write the whole report of `find`: documents with repeats and copies, leads, furniture, pairs, clusters, counts."""
    settings = {"find": dataclasses.asdict(found.matches.settings), "clean": dataclasses.asdict(cleaning)}
    written.header(version, settings)
    for skipped in found.skipped:
        written.skipped(skipped)
    written.counts["copies"] = 0  # told even where there are none
    _documents(found, written)
    for entry in chain(leads(found), _furniture(found), pairs(found), groups(found)):
        written.write(entry)
    written.counts.update(found.counts)
    written.counts.update(found.matches.counts)
    written.end()


def _documents(found: FindResult, written: Report) -> None:
    """The lines of the documents as they were read, each with its copies behind it."""
    copied, bounds = finding.copies_by_document(found)
    order = iter(found.matches.columns.read_order.tolist())
    number, start, end = -1, 0, 0
    with found.lines.open("rb") as lines:
        for line in lines:
            if line.startswith(DOCUMENT):
                _copies(found, written, copied, start, end)
                number = next(order)
                start, end = bounds[number : number + 2].tolist()
            written.raw_line(_with_content(line, found.matches.columns, number))
    _copies(found, written, copied, start, end)


def _with_content(line: bytes, columns: Columns, number: int) -> bytes:
    """A document whose words are equal to another's says so."""
    same = int(columns.content[number])
    if same == number or not line.startswith(DOCUMENT):
        return line
    if _SURROGATE in line:  # then all that is not ASCII is written with escapes
        line = _plain(json.loads(line)) + b"\n"
    return b'%s, "same_as": %s}\n' % (line[: -len(b"}\n")], _plain(columns.rows.id(same)))


def _plain(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _copies(found: FindResult, written: Report, copied: copies.Copies, start: int, end: int) -> None:
    """The copies of one document."""
    if start == end:
        return
    written.counts["copies"] += end - start
    listed = copied.take(slice(start, end))
    places = zip(*(_places(found, column) for column in (listed.paragraph, listed.partner, listed.family)), strict=True)
    for score, ((document, begin, close), partner, family) in zip(listed.score.tolist(), places, strict=True):
        written.write(
            {
                "kind": "copy",
                "document": document,
                "start": begin,
                "end": close,
                "rule": "copy.family",
                "family": _family_id(*family[:2]),
                "score": round(score, 4),
                "partner": dict(zip(_PLACE, partner, strict=True)),
            }
        )


def _places(found: FindResult, paragraphs: NDArray[np.int64]) -> Iterator[tuple[str, int, int]]:
    """Document, start and end of paragraphs."""
    columns = found.matches.columns
    owners, starts, ends = (column[paragraphs].tolist() for column in (columns.owner, columns.start, columns.end))
    return zip((columns.rows.id(owner) for owner in owners), starts, ends, strict=True)


def _family_id(document: str, start: int) -> str:
    """The name of a family: the place of its first paragraph."""
    return f"{document}:{start}"


def place(found: FindResult, paragraph: int) -> dict[str, object]:
    """Document and span of a paragraph."""
    return dict(zip(_PLACE, _place(found, paragraph), strict=True))


def _place(found: FindResult, paragraph: int) -> tuple[str, int, int]:
    (there,) = _places(found, np.array([paragraph]))
    return there


def leads(found: FindResult) -> Iterator[dict[str, object]]:
    """Leads that stand in other documents, with who has them and, where dates are known, who had them first."""
    columns = found.matches.columns
    for lead in copies.leads(columns, found.matches.spread):
        everywhere = [*lead.leads, *lead.others]
        entry: dict[str, object] = {
            "kind": "lead",
            "family": _family_id(*_place(found, lead.family)[:2]),
            "lead_of": [place(found, p) for p in lead.leads],
            "stands_in": [place(found, p) for p in lead.others],
        }
        first = first_of(columns.rows[int(columns.owner[p])] for p in everywhere)
        if first is not None:
            entry["first"] = {"document": first.id, "date": first.date}
        yield entry


def first_of(rows: Iterable[Row]) -> Row | None:
    """Of some documents the one with the earliest date that can be read, ties by id; None without any."""
    known = ((dates.instant(row.date), row.id, row) for row in rows if row.date)
    return min(((at, name, row) for at, name, row in known if at is not None), default=(0, "", None))[2]


def _furniture(found: FindResult) -> Iterator[dict[str, object]]:
    for site, lines in found.furniture.items():
        listed = [{"text": line.text, "count": line.count, "of": line.of} for line in lines]
        yield {"kind": "furniture", "site": site, "lines": listed}


def pairs(found: FindResult) -> Iterator[dict[str, object]]:
    """The pairs that are listed: those of contents under the ids of their smallest documents."""
    rows = found.matches.columns.rows
    listed = finding.pairs_told(found)
    columns = listed.relation.tolist(), listed.pairs.rows(), listed.pairs.running_shares()
    for relation, (a, b, jaccard, of_a, of_b), running in zip(*columns, strict=True):
        entry: dict[str, object] = {
            "kind": "pair",
            "a": rows.id(a),
            "b": rows.id(b),
            "relation": clusters.RELATIONS[relation],
            "jaccard": round(jaccard, 4),
            "containment_a": round(of_a, 4),
            "containment_b": round(of_b, 4),
        }
        yield entry if running is None else entry | {"running": round(running, 4)}


def groups(found: FindResult) -> Iterator[dict[str, object]]:
    """The clusters: their documents, the one that is kept, and the weakest of the pairs that join them."""
    matches = found.matches
    rows, listed = matches.columns.rows, matches.groups
    weakest = weakest_links(found)
    for number, (start, end) in enumerate(zip(listed.offsets[:-1], listed.offsets[1:], strict=True)):
        members = listed.members[start:end]
        documents = [rows.id(member) for member in finding.ranked(found, members).tolist()]
        yield {
            "kind": "cluster",
            "cluster": rows.id(int(members[0])),
            "documents": documents,
            "keep": documents[0],
            "weakest": round(weakest[number], 4),
        }


def weakest_links(found: FindResult) -> list[float]:
    """Of each cluster the lowest similarity that joins it: a near-duplicate's Jaccard, a contained one's containment."""
    matches = found.matches
    pairs, relation = matches.pairs, matches.relation
    group = np.full(len(matches.columns.rows), -1, np.int64)
    group[matches.groups.members] = np.repeat(np.arange(len(matches.groups)), np.diff(matches.groups.offsets))
    contained = np.maximum(pairs.containment_a, pairs.containment_b)
    score = np.where(relation == clusters.NEAR_DUPLICATE, pairs.jaccard, contained)
    joining = clusters.joining(relation)
    weakest = np.ones(len(matches.groups))
    np.minimum.at(weakest, group[pairs.members[joining, 0]], score[joining])
    return weakest.tolist()
