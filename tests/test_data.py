"""The labelled data as users would bring it: nothing crashes, nothing is lost, nothing depends on order, and cleaning settles.

A sample of each set is taken, or all of it; see `labelled`.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import sys
import textwrap
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pytest
from files import entries
from labelled import ALL, DATA, NEEDED

from dedup.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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

pytestmark = NEEDED


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


# The article that the project began with; what stays ends with the paragraph that begins so.
LAST = "Syria has been gripped"


class Done(NamedTuple):
    status: int
    out: bytes


@pytest.fixture
def piped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Runs the command line in an empty folder on what it is given in a pipe."""
    monkeypatch.chdir(tmp_path)

    def go(*arguments: str, given: bytes) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        return Done(app(list(arguments), standalone_mode=False), capsysbinary.readouterr().out)

    return go


def seed() -> tuple[str, str]:
    """The article, and what shall stay of it."""
    text = (DATA / "seed_article.txt").read_bytes().decode()
    return text, text[: text.index("\n", text.index(LAST)) + 1]


def wrapped(text: str) -> str:
    lines = (textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join("\n".join(line) for line in lines)


def record(text: str) -> bytes:
    return (json.dumps({"id": "seed", "text": text}) + "\n").encode()


def marked(encoding: str) -> Callable[[str], bytes]:
    return lambda text: ("\ufeff" + text).encode(encoding)


WAYS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "BOM": marked("utf-8"),
    "UTF-16 LE": marked("utf-16-le"),
    "UTF-16 BE": marked("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "hard-wrapped": lambda text: wrapped(text).encode(),
    "JSONL with escapes": record,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_seed_article_in_all_guises(piped: Callable[..., Done], way: str) -> None:
    text, kept = seed()
    given = WAYS[way](text)
    done = piped("clean", "--report", "r", given=given)
    assert (done.status, done.out) == (0, WAYS[way](kept))
    assert piped("restore", "--report", "r", given=done.out).out == given
    cuts = [entry for entry in entries(Path("r")) if "start" in entry]
    told = "".join(cut["text"] for cut in cuts)
    assert told.split() == text[len(kept) :].split()
    assert all(cut["rule"] for cut in cuts)
    assert [cut["rule"] for cut in cuts if cut["text"].strip() == "Related Contents"] == ["heading.related"]
    assert [cut["rule"] for cut in cuts if cut["text"].strip() == "Users Comments"] == ["heading.comments"]


def test_the_lead_at_the_end_of_the_seed_article_is_a_repeat_of_the_lead(piped: Callable[..., Done]) -> None:
    text, kept = seed()
    piped("clean", "--report", "r", given=text.encode())
    (repeat,) = [e for e in entries(Path("r")) if e["kind"] == "repeat" and e["start"] < text.index("Related Contents")]
    lead = text.split("\n\n")[2]
    again = text[len(kept) :].split("\n\n")[0].strip()
    assert repeat["text"].strip() == again
    assert repeat["partner"] == {"document": "-", "start": text.index(lead), "end": text.index(lead) + len(lead)}
    assert repeat["score"] > 0.8


@pytest.mark.parametrize("after", range(4, 14, 3))
def test_related_contents_in_the_middle_of_the_seed_article_go_alone(piped: Callable[..., Done], after: int) -> None:
    text, kept = seed()
    start, end = text.index("Related Contents"), text.index("Users Comments")
    paragraphs = (text[:start] + text[end:]).split("\n\n")
    paragraphs.insert(after, text[start:end].rstrip("\n"))
    done = piped("clean", given="\n\n".join(paragraphs).encode())
    assert done.out.decode() == kept
