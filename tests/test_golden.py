"""What `dedup` says and leaves of the examples, to the byte; and that it is what examples/PLANTED.md says.

`pytest tests/test_golden.py --regenerate` writes tests/golden/ anew. Read the difference before it is kept.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import dedup
from dedup.cli import app

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SITES = ROOT / "examples" / "sites"
PLANTED = (ROOT / "examples" / "PLANTED.md").read_text("utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 (a function)
    def same(name: str, data: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--regenerate"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.read_bytes().decode() == data.decode(), f"{name} differs (--regenerate writes it anew)"

    return same


def section(number: int) -> str:
    return PLANTED.split(f"\n## {number}. ")[1].split("\n## ")[0]


def rows(text: str, pattern: str) -> list[tuple[str, ...]]:
    return [match.groups() for match in re.finditer(pattern, text, re.MULTILINE)]


def lines_of(span: str) -> range:
    first, _, last = span.partition("–")
    return range(int(first), int(last or first) + 1)


class Cleaned(NamedTuple):
    out: Path
    report: bytes


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    folder = tmp_path_factory.mktemp("cleaned")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT / "examples")
        run("clean", "sites", "-o", folder / "out", "--report", folder / "report.jsonl", "-q")
    return Cleaned(folder / "out", (folder / "report.jsonl").read_bytes())


def run(*arguments: object) -> None:
    assert app([str(argument) for argument in arguments], standalone_mode=False) == 0


@pytest.fixture
def found(capsysbinary: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 (a function, and what pytest calls a fixture)
    """Runs `find` on the sites; gives what it prints."""

    def find(*more: str) -> bytes:
        monkeypatch.chdir(ROOT / "examples")
        run("find", "sites", "-q", *more)
        out: bytes = capsysbinary.readouterr().out
        return out

    return find


def without_machine(report: bytes) -> bytes:
    """A report that names no version; it names no path of this machine either."""
    assert str(ROOT).encode() not in report
    assert str(Path.home()).encode() + b"/" not in report
    return report.replace(f'"dedup": "{dedup.__version__}"'.encode(), b'"dedup": "VERSION"', 1)


def test_find_prints_the_table(golden: Any, found: Any) -> None:  # noqa: ANN401 (functions)
    golden("find.txt", found())


def test_find_writes_the_report(golden: Any, found: Any) -> None:  # noqa: ANN401 (functions)
    golden("find.jsonl", without_machine(found("--json")))


def test_clean_leaves_the_articles(golden: Any, cleaned: Cleaned) -> None:  # noqa: ANN401 (a function)
    names = sorted(path.relative_to(SITES).as_posix() for path in SITES.rglob("*.txt"))
    assert sorted(path.relative_to(cleaned.out).as_posix() for path in cleaned.out.rglob("*.txt")) == names
    for name in names:
        golden(f"clean/{name}", (cleaned.out / name).read_bytes())


def test_clean_writes_the_report(golden: Any, cleaned: Cleaned) -> None:  # noqa: ANN401 (a function)
    golden("clean.jsonl", without_machine(cleaned.report))


LICENCE = "Reproduction of this article in whole or in part is permitted only with the written consent of the Thornlea Dispatch."


def planted_articles() -> dict[str, set[int]]:
    """The numbers of the lines that are to stay: the article's, without what it repeats."""
    stay = {name: set(lines_of(span)) for name, span in rows(section(1), r"^\| (\S+\.txt) \| [\d–]+ \| ([\d–]+) \| \d+ \|")}
    for name, span in rows(section(2).split("Must not")[0], r"^\| (\S+\.txt) \| .* \| [\d–]+ \| ([\d–]+) \|$"):
        stay[name] -= set(lines_of(span))
    return stay


@pytest.mark.parametrize("name", sorted(path.relative_to(SITES).as_posix() for path in SITES.rglob("*.txt")))
def test_clean_cuts_what_is_planted_and_nothing_else(name: str, cleaned: Cleaned) -> None:
    stay = planted_articles()[name]
    lines = (SITES / name).read_text("utf-8").split("\n")
    wanted = [line.replace(LICENCE, "").strip() for number, line in enumerate(lines, 1) if number in stay]
    left = [line.strip() for line in (cleaned.out / name).read_text("utf-8").split("\n")]
    assert [line for line in left if line] == [line for line in wanted if line]


def entries(report: bytes, kind: str) -> list[dict[str, Any]]:
    return [entry for line in report.splitlines() if (entry := json.loads(line))["kind"] == kind]


def planted_clusters() -> list[set[str]]:
    stories: defaultdict[str, set[str]] = defaultdict(set)
    for story, name in rows(section(3), r"^\| ([^|]+) \| (\S+\.txt) \|"):
        stories[story].add(name)
    (contained,) = rows(section(3), r"Contained: (\S+\.txt) \([\d–]+\) stands whole in\n(\S+\.txt) ")
    return [names for names in stories.values() if len(names) > 1] + [set(contained)]


def test_find_tells_the_planted_clusters_and_no_other(found: Any) -> None:  # noqa: ANN401 (a function)
    report = found("--json")
    clusters = [set(entry["documents"]) for entry in entries(report, "cluster")]
    assert sorted(map(sorted, clusters)) == sorted(map(sorted, planted_clusters()))
    assert len(clusters) == 4
    partial = {(pair["a"], pair["b"]) for pair in entries(report, "pair") if pair["relation"] == "partial"}
    wheat = ("the-inland-post.example/wheat-that-shrugs-off-rust.txt", "thornlea-dispatch.example/wheat-trial.txt")
    stock = set(rows(section(4), r"^\| (\S+\.txt) \(\d+\); (\S+\.txt) \(\d+\) \| a stock paragraph"))
    assert len(stock) == 2
    assert wheat in partial
    assert partial <= {wheat, *stock}
    inside = [cluster for pair in entries(report, "pair") for cluster in clusters if {pair["a"], pair["b"]} <= cluster]
    assert len(inside) == len(entries(report, "pair")) - len(partial - {wheat})


def test_find_joins_the_records_of_the_dump_to_the_stories_of_the_tree(found: Any) -> None:  # noqa: ANN401 (a function)
    stories: defaultdict[str, set[str]] = defaultdict(set)
    for story, _, name in rows(section(3), r"^\| ([^|]+) \| (`dump.jsonl`, )?(\S+) \|"):
        stories[story].add(f"sites/{name}" if name.endswith(".txt") else name)
    contained = planted_clusters()[-1]
    wanted = [names for names in stories.values() if len(names) > 1] + [{f"sites/{name}" for name in contained}]
    clusters = [entry["documents"] for entry in entries(found("dump.jsonl", "--json"), "cluster")]
    assert sorted(map(sorted, clusters)) == sorted(map(sorted, wanted))
    assert len(clusters) == 7


def test_find_tells_the_planted_leads_and_no_other(found: Any) -> None:  # noqa: ANN401 (a function)
    leads = [{place["document"] for place in e["lead_of"] + e["stands_in"]} for e in entries(found("--json"), "lead")]
    ((one, line, other),) = rows(section(3), r"A repeated lead: the lead of (\S+\.txt) \((\d+)\) stands .*\n(\S+\.txt) ")
    assert sorted(map(sorted, leads)) == sorted(map(sorted, [*planted_clusters(), {one, other}]))
    entry = next(e for e in entries(found("--json"), "lead") if e["lead_of"][0]["document"] == one)
    start, end = entry["lead_of"][0]["start"], entry["lead_of"][0]["end"]
    text = (SITES / one).read_text("utf-8")
    assert text[start:end] == text.split("\n")[int(line) - 1]
    assert entry["stands_in"][0]["document"] == other


def test_find_tells_the_planted_repeats_and_no_other(found: Any) -> None:  # noqa: ANN401 (a function)
    planted = defaultdict(set)
    for name, span in rows(section(2).split("Must not")[0], r"^\| (\S+\.txt) \| .* \| [\d–]+ \| ([\d–]+) \|$"):
        lines = (SITES / name).read_text("utf-8").split("\n")
        planted[name] |= {number for number in lines_of(span) if lines[number - 1]}
    told = defaultdict(set)
    for entry in entries(found("--json"), "repeat"):
        text = (SITES / entry["document"]).read_text("utf-8")
        first, last = (text.count("\n", 0, offset) + 1 for offset in (entry["start"], entry["end"] - 1))
        told[entry["document"]] |= set(range(first, last + 1))
    assert told == planted


def test_find_tells_the_planted_furniture_and_no_other(found: Any) -> None:  # noqa: ANN401 (a function)
    listed = {entry["site"]: entry["lines"] for entry in entries(found("--json"), "furniture")}
    assert sorted(listed) == sorted(path.name for path in SITES.iterdir())
    table = {name: f"{first} {last}" for name, first, last in rows(section(1), r"^\| (\S+\.example) \| (`.*) \| (`.*) \|$")}
    teasers: defaultdict[str, set[str]] = defaultdict(set)
    for name, span in rows(section(1), r"^\| (\S+\.txt) \| [\d–]+ \| [\d–]+ \| \d+ \| ([\d–]+) \|"):
        lines = (SITES / name).read_text("utf-8").split("\n")
        teasers[name.split("/")[0]] |= {lines[number - 1].removeprefix("- ") for number in lines_of(span)}
    for site, lines in listed.items():
        pages = len(list((SITES / site).iterdir()))
        known = [piece.removesuffix(" …").rstrip("…") for piece in re.findall(r"`([^`]+)`", table[site].replace("\\|", "|"))] + [
            LICENCE
        ]
        everywhere = [line for line in lines if line["count"] == pages]
        assert len(everywhere) >= 3
        assert all(line["of"] == pages for line in lines)
        assert all(any(line["text"].startswith(start) for start in known) for line in everywhere)
        assert {line["text"].removeprefix("- ") for line in lines if line["count"] < pages} <= teasers[site]
