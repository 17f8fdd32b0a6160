"""Look, then act: what an earlier report tells of is done, where the texts are still those that it was made from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from files import entries, rewrite, tree_of, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

KEPT = """Bees return to the roof of the Tarn Street library

The bees that had left the roof of the Tarn Street library in the great heat came back on Sunday, all four hives of them.

Their keeper, a retired tram driver, had left the hives open for a year and put out sugar water every evening until frost.
"""
LEAD = KEPT.splitlines()[2]
LEGAL = "© 2025 The Tarn Observer. All rights reserved"
ARTICLE = f"{KEPT}\n{LEAD}\n\n{LEGAL}\n"


def jsonl(*texts: str) -> bytes:
    return b"".join(json.dumps({"id": f"n{n}", "text": text}).encode() + b"\n" for n, text in enumerate(texts))


def tree() -> None:
    write("in/a.txt", ARTICLE)
    write("in/b.txt", KEPT)
    write("in/wide.txt", ("\ufeff" + ARTICLE).encode("utf-16-le"))
    write("in/left.txt", f"{LEGAL}\n")
    write("in/c.jsonl", jsonl(ARTICLE, KEPT, ARTICLE) + b"no json\n")
    write("in/d.csv", f'id;text\n1;"{ARTICLE}"\n2;{LEGAL}\n')
    write("in/e.jsonl.gz", gzip.compress(jsonl(ARTICLE), mtime=0))


def test_acting_on_a_report_gives_what_cleaning_gives_and_the_same_report(dedup: Callable[..., Done]) -> None:
    tree()
    assert dedup("clean", "in", "-o", "direct", "--report", "r").status == 3  # a line is no JSON
    assert dedup("clean", "in", "--dry-run", "--report", "looked").status == 3
    done = dedup("clean", "in", "-o", "acted", "--report-in", "looked", "--report", "r2")
    assert done.status == 3
    assert tree_of("acted") == tree_of("direct")
    assert Path("r2").read_bytes() == Path("r").read_bytes() == Path("looked").read_bytes()
    assert tree_of("direct")["a.txt"] == KEPT.encode()
    assert dedup("restore", "acted", "-o", "back", "--report", "r2").status == 0
    assert {name: data for name, data in tree_of("back").items() if name != "e.jsonl.gz"} == {
        name: data for name, data in tree_of("in").items() if name != "e.jsonl.gz"
    }


def test_a_cut_that_was_deleted_by_hand_is_spared(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    write("in/c.jsonl", jsonl(ARTICLE, ARTICLE))
    dedup("clean", "in", "--dry-run", "--report", "r")
    rewrite("r", lambda entry: None if entry.get("rule") == "legal" and entry["document"] != "n1" else entry)
    assert dedup("clean", "in", "-o", "out", "--report-in", "r", "--report", "r2").status == 0
    spared = f"{KEPT}{LEGAL}\n"  # the gap before went with the first of the paragraphs cut at the end
    assert tree_of("out") == {"a.txt": spared.encode(), "c.jsonl": jsonl(spared, KEPT)}
    assert [entry["document"] for entry in entries("r2") if entry.get("rule") == "legal"] == ["n1"]
    assert dedup("restore", "out", "-o", "back", "--report", "r2").status == 0
    assert tree_of("back") == tree_of("in")


def test_ids_that_are_relative_to_another_folder_are_told_of(dedup: Callable[..., Done]) -> None:
    for name in ("a", "b"):
        write(f"in/site/{name}.txt", ARTICLE)
    dedup("clean", "in", "--dry-run", "--report", "r")
    done = dedup("clean", "in/site", "-o", "out", "--report-in", "r")
    told = "the report calls its texts as site/a.txt, here they are a.txt: name the folder that was cleaned, or give it by --root"
    assert (done.status, done.err.splitlines()[-1]) == (3, f"dedup: {told}")
    done = dedup("clean", "in/site", "--root", "in", "-o", "out2", "--report-in", "r")
    assert (done.status, "the report calls" in done.err) == (0, False)


def test_an_editor_may_leave_out_the_last_line_end(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    Path("r").write_text(Path("r").read_text().rstrip("\n").replace("\n", "\r\n"))
    assert dedup("clean", "a.txt", "--report-in", "r") == (0, KEPT.encode(), "")


def test_what_was_changed_or_is_unknown_passes_through_and_is_told(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    write("in/b.txt", ARTICLE)
    write("in/c.jsonl", jsonl(ARTICLE, ARTICLE))
    dedup("clean", "in", "--dry-run", "--report", "r")
    changed = ARTICLE.replace("bees", "wasps")
    write("in/b.txt", changed)
    write("in/c.jsonl", jsonl(ARTICLE, changed, ARTICLE))
    done = dedup("clean", "in", "-o", "out", "--report-in", "r", "--report", "r2", "-q")
    assert done.status == 3
    assert tree_of("out") == {"a.txt": KEPT.encode(), "b.txt": changed.encode(), "c.jsonl": jsonl(KEPT, changed, ARTICLE)}
    other = "its text is not the one that the report was made from (passed through unchanged)"
    unknown = "the report does not know it (passed through unchanged)"
    assert done.err.splitlines() == [f"dedup: b.txt: {other}", f"dedup: c.jsonl:2: {other}", f"dedup: c.jsonl:3: {unknown}"]
    told = [(entry["source"], entry.get("record"), entry["reason"]) for entry in entries("r2") if entry["kind"] == "skipped"]
    assert told == [("b.txt", None, other), ("c.jsonl", 2, other), ("c.jsonl", 3, unknown)]
    assert dedup("restore", "out", "-o", "back", "--report", "r2").status == 0
    assert tree_of("back") == tree_of("in")


def test_a_lone_text_that_was_changed_is_not_cut(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    write("a.txt", f"{ARTICLE}More.\n")
    done = dedup("clean", "a.txt", "--report-in", "r")
    assert (done.status, done.out) == (3, f"{ARTICLE}More.\n".encode())
    assert "a.txt: its text is not the one that the report was made from" in done.err
    assert dedup("clean", "a.txt", "--report-in", "r", "--in-place", "--report", "r2").status == 3
    assert Path("a.txt").read_text() == f"{ARTICLE}More.\n"


def test_what_is_cleaned_already_stays_so(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    dedup("clean", "in", "--dry-run", "--report", "r")
    assert dedup("clean", "in", "--in-place", "--report-in", "r", "--report", "r2").status == 0
    assert dedup("clean", "in", "--in-place", "--report-in", "r", "--report", "r3").status == 0
    assert tree_of("in") == {"a.txt": KEPT.encode()}


def test_records_in_a_pipe(dedup: Callable[..., Done]) -> None:
    given = jsonl(ARTICLE, KEPT)
    dedup("clean", "-q", "--dry-run", "--report", "r", given=given)
    assert dedup("clean", "-q", "--report-in", "r", given=given) == (0, jsonl(KEPT, KEPT), "")


def test_a_report_may_lie_among_the_texts(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    dedup("clean", "in", "--dry-run", "--report", "in/r.jsonl")
    assert dedup("clean", "in", "-o", "out", "--report-in", "in/r.jsonl").status == 0
    assert tree_of("out") == {"a.txt": KEPT.encode()}


def cut(**changes: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda entry: entry | changes if entry.get("rule") == "legal" else entry


NONSENSE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another text": cut(text="Something else\n"),
    "another place": cut(start=0, end=46),
    "outside of the text": cut(end=10**6),
    "before the text": cut(start=-5),
    "a place that is none": cut(start="0"),
    "a number that is none": cut(start=True),
    "nothing": cut(start=5, end=5),
    "other bytes": cut(byte_start=0),
    "other raw bytes": cut(raw="AAAA"),
    "raw bytes that are none": cut(raw="#"),
    "a kind that is none": cut(kind="whim"),
    "a kind of another type": cut(kind=["copy"]),
    "no rule": cut(rule=5),
    "no score": cut(score=None),
    "a partner that is none": cut(partner="x"),
    "a partner nowhere": cut(partner={"document": "x", "start": 5}),
    "verdicts that are none": cut(also=[5]),
    "more verdicts that are none": cut(also={"kind": 5}),
    "a longer gap": cut(end=10**400),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_cuts_that_cannot_be_are_not_made(dedup: Callable[..., Done], case: str) -> None:
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    before = Path("r").read_text()
    change = NONSENSE[case]
    # "kind" of an entry must be a text for it to be an entry at all
    rewrite("r", lambda entry: change(entry) if isinstance(change(entry)["kind"], str) else entry | {"also": [{"kind": 5}]})
    assert Path("r").read_text() != before
    done = dedup("clean", "a.txt", "--report-in", "r", "-q")
    assert (done.status, done.out) in {(3, ARTICLE.encode()), (2, b"")}
    assert done.err.count("\n") == 1


def test_cuts_that_overlap_are_not_made(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    lines = Path("r").read_text().splitlines(keepends=True)
    Path("r").write_text("".join([*lines[:-1], lines[-2], lines[-1]]))
    done = dedup("clean", "a.txt", "--report-in", "r")
    assert (done.status, done.out) == (3, ARTICLE.encode())
    assert "the report's cuts overlap, or lie outside of the text" in done.err


def test_a_report_may_look_as_editors_leave_it(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    told = Path("r").read_text()
    Path("r").write_text("\ufeff" + told.replace("\n", "\n\n") + "  \n", "utf-8", newline="\r\n")
    done = dedup("clean", "a.txt", "--report-in", "r", "--report", "again")
    assert (done.status, done.out, Path("again").read_text()) == (0, KEPT.encode(), told)
    write("out/a.txt", done.out)
    assert dedup("restore", "out/a.txt", "--root", "out", "--report", "r").out == ARTICLE.encode()


def test_a_report_of_find_is_refused_at_once(dedup: Callable[..., Done]) -> None:
    tree()
    dedup("find", "in", "--report", "r")
    for command in (["clean", "in", "-o", "out", "--report-in", "r"], ["restore", "in", "-o", "out", "--report", "r"]):
        done = dedup(*command)
        assert done.status == 2
        assert "r: a report of `dedup find` or `filter`, which cut nothing: give that of `clean`" in done.err
        assert not Path("out").exists()


WRONG = {
    "no such report": (["--report-in", "nowhere"], "--report-in nowhere: no such file or directory"),
    "no report": (["--report-in", "a.txt"], "a.txt:1: not JSON"),
    "no file": (["--report-in", "/dev/null"], "--report-in /dev/null: is no file"),
    "a report that was cut short": (["--report-in", "short"], "--report-in short: was cut short (it has no `end`)"),
    "the same report": (["--report-in", "r", "--report", "r", "--force"], "--report r is the report that is acted on"),
    "verdicts": (["--report-in", "r", "--keep", "legal"], "--report-in and --keep exclude each other"),
    "learning": (["--report-in", "r", "--no-learn"], "--report-in and --no-learn exclude each other"),
    "a floor": (["--report-in", "r", "--min-kept", "3"], "--report-in and --min-kept exclude each other"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_refused_in_one_line(dedup: Callable[..., Done], case: str) -> None:
    arguments, words = WRONG[case]
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "--dry-run", "--report", "r")
    write("short", "".join(Path("r").read_text().splitlines(keepends=True)[:-1]))
    done = dedup("clean", "a.txt", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err
