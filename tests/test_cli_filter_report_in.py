"""`filter --report-in`: what `find` saw is dropped, where the texts are still those that it saw."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from files import entries, rewrite

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def records(tmp_path: Path, story: Callable[[int], list[str]]) -> list[dict[str, Any]]:
    """Forty records of fourteen stories: whole, trimmed, with another story's end, and pasted as they are."""
    chance = random.Random(3)  # noqa: S311 (the same records in each run)
    made: list[dict[str, Any]] = []
    for number in range(40):
        lines = story(number % 14)
        kind = chance.choice(("whole", "whole", "trimmed", "longer"))
        if kind == "trimmed":
            lines = lines[: chance.choice((3, 4))]
        elif kind == "longer":
            lines = [*lines, *story(100 + number)[1:4]]
        made.append({"id": f"n{number}", "text": "\n\n".join(lines) + "\n"})
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in made))
    return made


def ids_of(path: str) -> list[str]:
    return [json.loads(line)["id"] for line in Path(path).read_text().splitlines()]


@pytest.mark.usefixtures("records")
def test_what_find_saw_is_what_filter_drops(dedup: Callable[..., Done]) -> None:
    assert dedup("find", "in.jsonl", "--report", "found").status == 0
    assert dedup("filter", "in.jsonl", "-o", "direct.jsonl", "--report", "r").status == 0
    done = dedup("filter", "in.jsonl", "-o", "acted.jsonl", "--report-in", "found", "--report", "r2")
    assert done.status == 0
    assert 10 < len(ids_of("acted.jsonl")) < 30
    assert Path("acted.jsonl").read_bytes() == Path("direct.jsonl").read_bytes()
    assert entries("r2", "dropped") == entries("r", "dropped")
    assert dedup("filter", "in.jsonl", "--ids", "--report-in", "found", "-q").out.decode().split() == ids_of("direct.jsonl")


@pytest.mark.parametrize(
    "options", [["--keep-doc", "longest"], ["--keep-doc", "latest"], ["--prefer-sites", "sites"], []], ids=" ".join
)
def test_who_stays_for_the_rest_is_the_one_that_filter_prefers(
    dedup: Callable[..., Done], story: Callable[[int], list[str]], options: list[str]
) -> None:
    chance = random.Random(7)  # noqa: S311 (the same records in each run)
    Path("sites").write_text("s3\ns1\n")
    lines = []
    for number in range(80):  # pieces of three long stories: many are contained in several, and not alike to the one that is kept
        told = [line for part in range(4) for line in story(number % 3 + 20 * part)]
        start = chance.randrange(len(told) - 3)
        text = "\n".join(told[start : start + chance.randint(3, 9)])
        date, site = f"2024-02-{chance.randint(1, 28):02}", f"s{chance.randint(1, 4)}"
        lines.append(json.dumps({"id": f"n{number}", "site": site, "date": date, "text": text}) + "\n")
    Path("in.jsonl").write_text("".join(lines))
    assert dedup("find", "in.jsonl", "--raw", "--report", "found", *options).status == 0
    assert dedup("filter", "in.jsonl", "--raw", "-o", "direct.jsonl", "--report", "r", *options).status == 0
    assert dedup("filter", "in.jsonl", "-o", "acted.jsonl", "--report-in", "found", "--report", "r2").status == 0
    assert Path("acted.jsonl").read_bytes() == Path("direct.jsonl").read_bytes()
    assert entries("r2", "dropped") == entries("r", "dropped")
    assert len(ids_of("acted.jsonl")) < 70


def test_a_tree_of_texts(dedup: Callable[..., Done]) -> None:
    assert dedup("find", EXAMPLES / "sites", "--report", "found").status == 0
    assert dedup("filter", EXAMPLES / "sites", "-o", "direct", "-q").status == 0
    assert dedup("filter", EXAMPLES / "sites", "-o", "acted", "--report-in", "found", "-q").status == 0
    direct, acted = ({path.name for path in Path(folder).rglob("*.txt")} for folder in ("direct", "acted"))
    assert acted == direct
    assert len(acted) < 41


@pytest.mark.usefixtures("records")
def test_what_was_deleted_by_hand_is_spared(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    clusters = entries("found", "cluster")
    spared = clusters[0]["cluster"]
    rewrite("found", lambda entry: None if entry.get("cluster") == spared else entry)
    dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found", "-q")
    kept = set(ids_of("out.jsonl"))
    assert set(clusters[0]["documents"]) <= kept
    assert not set(clusters[1]["documents"]) <= kept
    assert clusters[1]["keep"] in kept


@pytest.mark.usefixtures("records")
def test_another_document_may_be_kept(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    equal = entries("found", "document")
    twin = next(entry for entry in equal if "same_as" in entry)
    rewrite("found", lambda e: e | {"keep": twin["document"]} if twin["document"] in e.get("documents", ()) else e)
    dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found", "-q")
    kept = set(ids_of("out.jsonl"))
    assert twin["document"] in kept
    assert twin["same_as"] not in kept


def test_what_was_changed_is_neither_dropped_nor_dropped_for(dedup: Callable[..., Done], records: list[dict[str, Any]]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    cluster = next(c for c in entries("found", "cluster") if len(c["documents"]) > 2)
    keep = cluster["keep"]
    changed = [r | {"text": r["text"] + "And one more word.\n"} if r["id"] == keep else r for r in records]
    added = {"id": "new", "text": records[0]["text"]}
    Path("in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in [*changed, added]))
    done = dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found", "--report", "r", "-q")
    assert done.status == 3
    number = 1 + next(n for n, record in enumerate(records) if record["id"] == keep)
    other = "its text is not the one that the report was made from (passed through unchanged)"
    unknown = "the report does not know it (passed through unchanged)"
    assert done.err.splitlines() == [f"dedup: in.jsonl:{number}: {other}", f"dedup: in.jsonl:41: {unknown}"]
    assert [entry["record"] for entry in entries("r", "skipped")] == [number, 41]
    kept = set(ids_of("out.jsonl"))
    assert {keep, "new"} <= kept
    assert len(kept & set(cluster["documents"])) >= 2  # the one that was changed, and one that stays for the others
    assert keep not in {entry["keep"] for entry in entries("r", "dropped")}


def test_what_is_gone_is_dropped_for_by_none(dedup: Callable[..., Done], records: list[dict[str, Any]]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    cluster = entries("found", "cluster")[0]
    left = [record for record in records if record["id"] not in cluster["documents"][1:]]
    Path("in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in left))
    done = dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found", "--report", "r")
    assert done.status == 0
    assert cluster["documents"][0] in ids_of("out.jsonl")
    absent = cluster["documents"][1:]
    assert f" not among the inputs, such as {min(absent)}\n" in done.err
    assert entries("r", "end")[0]["counts"]["absent"] == len(absent)


@pytest.mark.usefixtures("records")
def test_an_id_that_was_misspelt_is_told_of(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    kept = entries("found", "cluster")[0]["keep"]
    wrong = {kept: f"{kept}x"}
    rewrite("found", lambda e: e | {"documents": [wrong.get(n, n) for n in e["documents"]]} if e["kind"] == "cluster" else e)
    done = dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found")
    assert done.status == 0
    assert f"dedup: 1 document in clusters of the report is not among the inputs, such as {kept}x\n" in done.err


NONSENSE: dict[str, dict[str, object]] = {
    "a cluster of no list": {"documents": 5},
    "a cluster of no texts": {"documents": [5]},
    "a cluster of characters": {"documents": "n0"},
    "nobody kept": {"keep": None},
    "no share": {"jaccard": "much"},
    "a share beyond all": {"jaccard": 5},
    "not a number": {"containment_a": float("nan")},
    "no relation": {"relation": ["contained"]},
    "no digest": {"digest": 5},
    "no settings": {"settings": 5},
    "settings of another command": {"settings": {"clean": {}}},
}


@pytest.mark.parametrize("case", NONSENSE)
@pytest.mark.usefixtures("records")
def test_a_report_that_makes_no_sense_is_refused(dedup: Callable[..., Done], case: str) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    changes = NONSENSE[case]
    rewrite("found", lambda entry: entry | {key: value for key, value in changes.items() if key in entry})
    done = dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found")
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert "of `dedup find`" in done.err
    assert not Path("out.jsonl").exists()


@pytest.mark.usefixtures("records")
def test_a_report_of_pairs_that_chain_never_empties_a_cluster(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    everyone = [entry["document"] for entry in entries("found", "document")]
    lines = Path("found").read_text().splitlines()
    shares = {"relation": "near_duplicate", "jaccard": 1.0, "containment_a": 1.0, "containment_b": 1.0}
    pairs = [{"kind": "pair", "a": a, "b": b, **shares} for a in everyone for b in everyone]
    for keeps in ([everyone[0], everyone[0]], everyone, everyone[::-1], [everyone[-1], everyone[0]]):
        clusters = [{"kind": "cluster", "cluster": "n0", "documents": everyone, "keep": keep, "weakest": 1.0} for keep in keeps]
        Path("found").write_text("\n".join([*lines[:-1], *map(json.dumps, [*pairs, *clusters]), lines[-1]]) + "\n")
        done = dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report-in", "found", "--report", "dropped", "-q", "--force")
        assert done.status == 0
        dropped = {entry["document"]: entry["keep"] for entry in entries("dropped", "dropped")}
        assert {*dropped.values()} <= {*ids_of("out.jsonl")}
        assert not dropped.keys() & {*ids_of("out.jsonl")}


@pytest.mark.usefixtures("records")
def test_a_report_of_filter_is_none_of_find(dedup: Callable[..., Done]) -> None:
    for more in ([], ["--threshold", "1"]):
        dedup("filter", "in.jsonl", "-o", "out.jsonl", "--report", "dropped", "--force", *more)
        done = dedup("filter", "in.jsonl", "--ids", "--report-in", "dropped")
        assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
        assert "of `dedup f" in done.err


@pytest.mark.usefixtures("records")
def test_a_misspelt_keep_is_refused_and_one_that_was_spared_is_not(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "found")
    ((keep, others),) = [(entry["keep"], entry["documents"]) for entry in entries("found", "cluster")][:1]
    rewrite("found", lambda entry: entry | {"documents": others[1:]} if entry.get("keep") == keep else entry)
    done = dedup("filter", "in.jsonl", "--ids", "--report-in", "found", "-q")
    assert done.status == 0
    assert keep in done.out.decode().splitlines()
    rewrite("found", lambda entry: entry | {"keep": "misspelt"} if entry.get("keep") == keep else entry)
    done = dedup("filter", "in.jsonl", "--ids", "--report-in", "found", "-q")
    told = "found: `keep` of a cluster is 'misspelt', no document of the report (misspelt?)"
    assert (done.status, done.err) == (2, f"dedup: error: {told}\n")


WRONG = {
    "no such report": (["--report-in", "nowhere"], "--report-in nowhere: no such file or directory"),
    "a report of another command": (["--report-in", "cleaned"], "not a whole report of `dedup find`"),
    "a report that was cut short": (["--report-in", "short"], "not a whole report of `dedup find`"),
    "the same report": (["--report-in", "found", "--report", "found", "--force"], "--report found is the report that is"),
    "a threshold": (["--report-in", "found", "--threshold", "0.7"], "--report-in and --threshold exclude each other"),
    "a policy": (["--report-in", "found", "--keep-doc", "latest"], "--report-in and --keep-doc exclude each other"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.usefixtures("records")
def test_what_cannot_be_done_is_refused_in_one_line(dedup: Callable[..., Done], case: str) -> None:
    arguments, words = WRONG[case]
    dedup("find", "in.jsonl", "--report", "found")
    dedup("clean", "in.jsonl", "--dry-run", "--report", "cleaned")
    Path("short").write_text("".join(Path("found").read_text().splitlines(keepends=True)[:-1]))
    done = dedup("filter", "in.jsonl", "-o", "out.jsonl", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err
    assert not Path("out.jsonl").exists()
