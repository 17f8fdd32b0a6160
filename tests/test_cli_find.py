"""The command line of `find`, `filter` and `clean --strip copy`, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dedup.cli import table

EXAMPLES = Path(__file__).parent.parent / "examples"
LEAD = "The ferry to the outer islands was taken out of service on Monday after a crack was found in its engine."
REST = "A replacement will be towed in from the mainland once the gale that has closed the harbour has blown over."
OWN = "The school on the smallest island has sent its eleven pupils home with lessons for a week and a box of library books each."


def run(*arguments: object, status: int = 0) -> str:
    done = subprocess.run([sys.executable, "-m", "dedup", *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout.decode("utf-8")


def entries(report: str, kind: str) -> list[dict[str, object]]:
    return [entry for entry in map(json.loads, report.splitlines()) if entry["kind"] == kind]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    texts = {"a": f"{LEAD}\n{REST}", "b": f"{LEAD}\n{REST}\n", "c": f"{LEAD}\n{OWN}"}
    path.write_text(
        "".join(json.dumps({"id": i, "url": f"https://{i}.example/x", "n": 7, "text": t}) + "\n" for i, t in texts.items())
    )
    return path


def test_fields_are_carried_to_the_report(records: Path) -> None:
    first = entries(run("find", records, "--fields", "url, n,absent", "--json"), "document")[0]
    assert first["fields"] == {"url": "https://a.example/x", "n": 7}


def test_numbers_are_carried_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a", "hash": 123456789012345678901234567890, "share": 0.25, "m": {"hash": 18446744073709551617}}\n')
    (first,) = entries(run("find", path, "--fields", "hash,share,m.hash,absent", "--json"), "document")
    assert first["fields"] == {"hash": 123456789012345678901234567890, "share": 0.25, "m.hash": 18446744073709551617}


def test_the_result_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    reports = []
    for workers in (1, 2):
        report = tmp_path / f"{workers}.jsonl"
        table = run("find", EXAMPLES / "sites", "--workers", workers, "--report", report, "-q")
        out = tmp_path / str(workers)
        run("clean", EXAMPLES / "sites", "--workers", workers, "-o", out, "--report", tmp_path / f"c{workers}.jsonl", "-q")
        tree = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*.txt")}
        reports.append((table, report.read_bytes(), tree, (tmp_path / f"c{workers}.jsonl").read_bytes()))
    assert reports[0] == reports[1]


def test_filter_passes_one_document_of_each_cluster(records: Path) -> None:
    assert run("filter", records, "--ids", "-q").split() == ["a", "c"]
    assert [json.loads(line)["id"] for line in run("filter", records, "-q").splitlines()] == ["a", "c"]


def test_strip_copy_takes_what_an_earlier_document_has_and_restore_puts_it_back(records: Path, tmp_path: Path) -> None:
    cleaned, report, back = tmp_path / "out.jsonl", tmp_path / "r.jsonl", tmp_path / "back.jsonl"
    run("clean", records, "--strip", "copy", "-o", cleaned, "--report", report, "-q")
    texts = {record["id"]: record["text"] for record in map(json.loads, cleaned.read_text().splitlines())}
    assert texts["a"] == f"{LEAD}\n{REST}"
    assert texts["c"] == OWN
    assert LEAD in texts["b"], "a document's last content stays"
    copies = entries(report.read_text(), "copy")
    assert [(entry["document"], entry["partner"]["document"]) for entry in copies] == [("c", "a")]  # type: ignore[index]
    run("restore", cleaned, "--report", report, "-o", back, "-q")
    assert back.read_bytes() == records.read_bytes()


def test_json_and_report_exclude_each_other(records: Path, tmp_path: Path) -> None:
    run("find", records, "--json", "--report", tmp_path / "r.jsonl", status=2)


def test_no_number_is_cut_off_where_there_are_many_documents() -> None:
    funnel = [
        "300,000 documents, 179,686,520 words, 141,262,350 after stripping",
        "  3,245,544 paragraphs > 3,122,888 distinct > 764,988 candidate pairs > 628,469 verified",
        "  300,000 contents > 119,998 candidate pairs > 56,225 near-duplicate, 1,765 contained, 12 partial",
        "",
    ]
    shown = [*table._whole(funnel)]
    assert " ".join(shown).split() == " ".join(funnel).split()
    assert max(map(len, shown)) <= 80
    assert shown[2:4] == ["    verified", "  300,000 contents > 119,998 candidate pairs > 56,225 near-duplicate, 1,765"]
    assert shown[-1] == ""
