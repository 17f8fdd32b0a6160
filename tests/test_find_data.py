"""How well copies are found in labelled data that others made; the files are not part of the project.

Pairs are labelled by exact comparison of 5-word shingles: `near_dup`,
`contained`, `partial`, `boilerplate_only`; a pair without a label is unrelated.
"""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from labelled import DATA, NEEDED

from dedup.cli import app
from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 50
"""Documents; the pairs within larger clusters are not counted as found."""
SECONDS = 60
"""Of processor time that a run may take."""

pytestmark = NEEDED


def records(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz") as stream:
        yield from map(json.loads, stream)


class Score(NamedTuple):
    recall: float
    precision: float
    kinds: Counter[str]
    largest: int


def score(labels: str, report: Path) -> Score:
    """Near-duplicate and contained pairs found, of those labelled; labelled or connected pairs, of those found."""
    label, parent = {}, {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for pair in records(labels):
        label[frozenset((pair["id1"], pair["id2"]))] = pair["label"]
        if pair["label"] in {"near_dup", "contained"}:
            parent[root(pair["id1"])] = root(pair["id2"])
    found, largest = set(), 0
    for entry in map(json.loads, report.read_bytes().splitlines()):
        if entry["kind"] == "pair":
            found.add(frozenset((entry["a"], entry["b"])))
        elif entry["kind"] == "cluster":
            largest = max(largest, len(entry["documents"]))
            if len(entry["documents"]) <= LARGEST:
                found.update(map(frozenset, combinations(entry["documents"], 2)))
    kinds = Counter(label.get(pair, "unlisted") for pair in found)
    connected = sum(
        label.get(pair, "boilerplate_only") == "boilerplate_only" and len({root(name) for name in pair}) == 1 for pair in found
    )
    wanted = sum(value in {"near_dup", "contained"} for value in label.values())
    hits = kinds["near_dup"] + kinds["contained"]
    return Score(hits / wanted, (hits + kinds["partial"] + connected) / len(found), kinds, largest)


def find(name: str, report: Path, *more: str) -> float:
    """Runs `find`; gives the seconds of processor time."""
    before = time.process_time()
    arguments = ["find", str(DATA / f"{name}.jsonl.gz"), "--report", str(report), "--workers", "1", "-q", *more]
    assert app(arguments, standalone_mode=False) == 0
    return time.process_time() - before


def test_versions_of_pages_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.jsonl"
    seconds = find("articles_wiki_versions", report)
    capsys.readouterr()
    found = score("pairs_wiki_versions", report)
    assert found.recall >= 0.95, found
    assert found.precision >= 0.95, found
    assert seconds < SECONDS


def test_copies_are_found_and_side_bars_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.jsonl"
    seconds = find("articles_buzzfeed_webis", report)
    capsys.readouterr()
    found = score("pairs_buzzfeed_webis", report)
    assert found.recall >= 0.9, found
    assert found.kinds["boilerplate_only"] <= 20, found
    assert seconds < SECONDS


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = normal.words(text)
    return frozenset(tuple(words[i : i + 5]) for i in range(len(words) - 4))


@pytest.mark.parametrize("name", ["articles_wiki_versions", "articles_buzzfeed_webis"])
def test_what_is_dropped_is_in_what_is_kept(name: str, tmp_path: Path) -> None:
    report, out = tmp_path / "report.jsonl", tmp_path / "out.jsonl.gz"
    source = DATA / f"{name}.jsonl.gz"
    assert app(["filter", str(source), "--raw", "-o", str(out), "--report", str(report), "-q"], standalone_mode=False) == 0
    texts = {record["id"]: record["text"] for record in records(name)}
    dropped = [entry for entry in map(json.loads, report.read_bytes().splitlines()) if entry["kind"] == "dropped"]
    with gzip.open(out) as stream:
        left = {json.loads(line)["id"] for line in stream}
    assert left == set(texts) - {entry["document"] for entry in dropped}
    assert len(dropped) > 10
    for entry in dropped:
        assert entry["keep"] in left
        one, other = shingles(texts[entry["document"]]), shingles(texts[entry["keep"]])
        if one:
            jaccard, inside = len(one & other) / len(one | other), len(one & other) / len(one)
            assert (entry["jaccard"], entry["containment"]) == (round(jaccard, 4), round(inside, 4))
            assert jaccard >= 0.5 or inside >= 0.8
