"""The labelled data as users would bring it: nothing crashes, nothing is lost, nothing depends on order, and cleaning settles.

The files lie at ../shared/data or where $DEDUP_DATA says. A sample of each is taken, or all of it with DEDUP_DATA_ALL=1.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pytest

from dedup.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DEDUP_DATA") or ROOT.parent / "shared" / "data")
ALL = os.environ.get("DEDUP_DATA_ALL") == "1"
SAMPLES = {
    "articles_buzzfeed_webis": 60,
    "articles_proc_codes": 200,
    "articles_tehran_times": 50,
    "articles_wiki_versions": 20,
    "pages_dragnet": 50,
    "pages_mozilla": 40,
    "pages_scrapinghub": 40,
    "pages_trafilatura": 50,
    "pages_wcxb_dev": 40,
    "paragraphs_buzzfeed_webis": 300,
}
"""Records taken of each file with texts; the others have none."""

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no labelled data at {DATA} (set DEDUP_DATA)"),
]


class Case(NamedTuple):
    """Inputs of one layout: `files` lie below `root`; `documents` is how many they hold."""

    root: Path
    files: list[Path]
    documents: int


def lines_of(name: str, count: int | None = None) -> list[bytes]:
    with gzip.open(DATA / f"{name}.jsonl.gz") as stream:
        return list(islice(stream, None if ALL else count))


def as_jsonl(name: str, folder: Path) -> Case:
    """The records in three files of different length."""
    lines = lines_of(name, SAMPLES[name])
    ends = [len(lines) // 6, len(lines) // 2, len(lines)]
    folder.mkdir()
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        (folder / f"{number}.jsonl").write_bytes(b"".join(lines[start:end]))
    return Case(folder, sorted(folder.iterdir()), len(lines))


def as_tree(name: str, folder: Path) -> Case:
    """A file a record, in a folder a site; what has no site lies in the root."""
    folder.mkdir()
    files = set()
    for line in lines_of(name, SAMPLES[name]):
        record = json.loads(line)
        site = record.get("site") or record.get("doc_site") or ""
        path = folder / quote(site, safe="") / f"x{quote(record['id'], safe='')[-180:]}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(record["text"].encode("utf-8", "surrogatepass"))
        files.add(path)
    return Case(folder, sorted(files), len(files))


def run(*arguments: object) -> None:
    status = app([str(argument) for argument in arguments], standalone_mode=False)
    assert status == 0, f"status {status}: dedup {' '.join(map(str, arguments))}"


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def differing(one: Path, other: Path) -> list[str]:
    """What is not the same below two folders: files, and of JSONL its lines."""
    found = []
    names = dict(contents(other))
    for name, data in contents(one):
        theirs = names.pop(name, None)
        if theirs == data:
            continue
        if theirs is None or not name.endswith(".jsonl"):
            found.append(name)
            continue
        pairs = zip(data.splitlines(), theirs.splitlines(), strict=True)
        found += [f"{name}:{number}" for number, (a, b) in enumerate(pairs, 1) if a != b]
    return found + sorted(names)


def entries(report: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in report.read_bytes().splitlines()]


@pytest.fixture(params=[as_jsonl, as_tree], ids=["jsonl", "tree"])
def layout(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 (one of the two functions)
    return request.param


@pytest.mark.parametrize("name", SAMPLES)
def test_clean_settles_and_restore_gives_all_back(name: str, layout: Any, tmp_path: Path) -> None:  # noqa: ANN401 (as above)
    case = layout(name, tmp_path / "in")
    fields = ["--site-field", "doc_site"] if name.startswith("paragraphs") else []
    profiles, report = tmp_path / "profiles", tmp_path / "report.jsonl"
    run("learn", case.root, *fields, "-q", "-o", profiles)
    cleaning = ["--profile", profiles, *fields, "-q"]
    run("clean", case.root, *cleaning, "-o", tmp_path / "once", "--report", report)
    told = entries(report)
    assert_accounted(told, case)
    run("restore", tmp_path / "once", "--report", report, "-q", "-o", tmp_path / "back")
    assert differing(case.root, tmp_path / "back") == []
    run("clean", tmp_path / "once", *cleaning, "-o", tmp_path / "twice")
    assert differing(tmp_path / "once", tmp_path / "twice") == []


def assert_accounted(told: Sequence[dict[str, Any]], case: Case) -> None:
    documents = [entry["document"] for entry in told if entry["kind"] == "document"]
    assert len(documents) == len(set(documents)) == case.documents
    assert [told[0]["kind"], told[-1]["kind"]] == ["header", "end"]
    counts = told[-1]["counts"]
    assert counts["documents"] == case.documents
    assert counts.get("cuts", 0) == sum("document" in e and "start" in e for e in told)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_order_of_the_inputs_changes_nothing(name: str, layout: Any, tmp_path: Path) -> None:  # noqa: ANN401 (as above)
    case = layout(name, tmp_path / "in")
    shuffled = random.Random(name).sample(case.files, len(case.files))  # noqa: S311 (the same order in each run)
    listed = tmp_path / "list"
    listed.write_bytes(b"\0".join(map(os.fsencode, shuffled)))
    run("clean", case.root, "-q", "-o", tmp_path / "a", "--report", tmp_path / "a.jsonl")
    run("clean", "-0", "--files-from", listed, "--root", case.root, "-q", "-o", tmp_path / "b", "--report", tmp_path / "b.jsonl")
    assert differing(tmp_path / "a", tmp_path / "b") == []
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


@pytest.mark.parametrize("name", ["pairs_buzzfeed_webis", "pairs_wiki_versions"])
def test_records_without_a_text_are_named_and_pass_through(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(name, 50)
    source, report = tmp_path / "pairs.jsonl", tmp_path / "report.jsonl"
    source.write_bytes(b"".join(lines))
    assert app(["clean", str(source), "-o", str(tmp_path / "out.jsonl"), "--report", str(report)], standalone_mode=False) == 2
    assert "pairs.jsonl:1: lacks a text field" in capsys.readouterr().err
    assert entries(report)[-1]["counts"]["skipped"] == len(lines)
    assert (tmp_path / "out.jsonl").read_bytes() == source.read_bytes()
