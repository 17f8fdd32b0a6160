"""How much of what was planted a contender found, and how much of what it told was planted."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

NEAR = 0.5  # Jaccard from which a planted pair has to be found
_TOLD = ("near_duplicate", "contained")
COUNTS = frozenset(
    (
        "changed",
        "clustered_documents",
        "clusters",
        "contents",
        "copies",
        "cuts",
        "distinct_paragraphs",
        "documents",
        "left",
        "pairs",
        "pairs_contained",
        "pairs_near_duplicate",
        "pairs_partial",
        "paragraphs",
        "repeats",
        "verified_paragraph_pairs",
        "words",
        "words_compared",
        "words_kept",
    )
)
"""Counts of reports and contenders that say what was found, not how: these are pinned."""


@dataclass
class Truth:
    """What was planted.

    Attributes:
        pairs: by packed pair of record numbers, the exact Jaccard similarity of the running texts.
        lines: by record number, the numbers of the lines that are furniture or repeats.
    """

    pairs: dict[int, float] = field(default_factory=dict)
    lines: dict[int, set[int]] = field(default_factory=dict)


def number(identifier: str) -> int:
    """The record number in a generated id."""
    return int(identifier[1:])


def pack(a: int, b: int) -> int:
    """A pair of record numbers as one number."""
    return min(a, b) << 32 | max(a, b)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as stream:
        for line in stream:
            yield orjson.loads(line)


def truth(path: Path) -> Truth:
    """Read what the generator planted."""
    found = Truth()
    for item in _records(path):
        if item["kind"] == "pair":
            found.pairs[pack(number(item["a"]), number(item["b"]))] = item["jaccard"]
        else:
            found.lines[number(item["id"])] = {*item["furniture"], *(line for line, _ in item["repeats"])}
    return found


def pairs(told: Iterable[int], planted: Truth) -> dict[str, float]:
    """Scores of pairs.

    Returns:
        `recall` of the planted pairs whose texts are near-duplicates (Jaccard .5 or more), `recall_all` of all planted pairs, and
        `precision`: of the pairs told, those whose documents tell one story. A share of nothing is 1.
    """
    found = set(told)
    near = {pair for pair, jaccard in planted.pairs.items() if jaccard >= NEAR}
    return {
        "recall": _share(len(found & near), len(near)),
        "recall_all": _share(len(found & planted.pairs.keys()), len(planted.pairs)),
        "precision": _share(len(found & planted.pairs.keys()), len(found)),
    }


def lines(told: Iterable[tuple[int, int]], planted: Truth) -> dict[str, float]:
    """Scores of lines (record, line) that were flagged or cut: `line_recall` and `line_precision` by furniture and repeats."""
    found = set(told)
    right = {(record, line) for record, of in planted.lines.items() for line in of}
    return {
        "line_recall": _share(len(found & right), len(right)),
        "line_precision": _share(len(found & right), len(found)),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def packed(rows: NDArray[np.int64]) -> list[int]:
    """Pairs of record numbers, `int64[pairs, 2]`, as packed numbers."""
    return [pack(a, b) for a, b in rows.tolist()]


def report_pairs(path: Path) -> Iterator[int]:
    """The near-duplicate and contained pairs of a report of `find`."""
    for item in _records(path):
        if item["kind"] == "pair" and item["relation"] in _TOLD:
            yield pack(number(item["a"]), number(item["b"]))


def report_counts(path: Path) -> dict[str, int]:
    """The counts at the end of a report."""
    counts: dict[str, Any] = {}
    for item in _records(path):
        if item["kind"] == "end":
            counts = item["counts"]
    return {name: counts[name] for name in sorted(COUNTS) if isinstance(counts.get(name), int)}


def starts(corpus: Path) -> list[list[int]]:
    """For each record, the code points where its lines that are not blank start."""
    found = []
    for record in _records(corpus):
        at, places = 0, []
        for line in record["text"].split("\n"):
            if line.strip():
                places.append(at)
            at += len(line) + 1
        found.append(places)
    return found


def cut_lines(path: Path, corpus: Path) -> Iterator[tuple[int, int]]:
    """The lines that a report of `clean` says were cut."""
    places = starts(corpus)
    for item in _records(path):
        if item["kind"] in {"boilerplate", "repeat", "copy"} and "start" in item:
            record = number(item["document"])
            first = bisect.bisect_left(places[record], item["start"])
            last = bisect.bisect_left(places[record], item["end"])
            yield from ((record, line) for line in range(first, max(last, first)))


def flagged_lines(rows: NDArray[np.int64], corpus: Path) -> Iterator[tuple[int, int]]:
    """Flagged paragraphs, given by record and start, as lines."""
    places = starts(corpus)
    for record, start in rows.tolist():
        line = bisect.bisect_left(places[record], start)
        if line < len(places[record]) and places[record][line] == start:
            yield record, line


def score(answers: str, out: Path, corpus: Path, planted: Truth) -> dict[str, float]:
    """The scores of what a contender handed back."""
    if answers == "pairs":
        return pairs(packed(np.load(out)), planted)
    if answers == "find":
        return pairs(report_pairs(out), planted)
    if answers == "clean":
        return lines(cut_lines(out, corpus), planted)
    if answers == "flags":
        return lines(flagged_lines(np.load(out), corpus), planted)
    return {}
