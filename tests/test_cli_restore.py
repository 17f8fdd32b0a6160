from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from files import write
from hypothesis import given as having
from hypothesis import strategies as st

from dedup.engines import cleaning, restoring
from dedup.engines.inputs import Inputs
from dedup.errors import ReportError
from dedup.reading import Fields, find_sources
from dedup.reading.text import is_binary
from dedup.reporting.report import Report
from dedup.reporting.restoring import Index
from dedup.settings import CleanSettings
from dedup.writing.outputs import ToStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

KEPT = """The ropeway up Mount Ansel is running again

The ropeway up Mount Ansel carries passengers again since Sunday, after its bearing cable was changed in the spring.

Two hundred people waited at the lower station on the first morning, some of them with skis although the snow is long gone.

The valley's council had put the work off for years, until an inspector found eleven broken strands in the cable last autumn.
"""
TAIL = f"\n{KEPT.splitlines()[2]}\n\nRelated articles\n\nThe pass road stays closed in the night\n\n© 2025 The Ansel Mirror\n"
ARTICLE = KEPT + TAIL


def unpacked(folder: str) -> dict[str, bytes]:
    """The decompressed bytes of all files."""
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): contents(path) for path in files}


def contents(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def jsonl(*texts: str) -> bytes:
    return b"".join(json.dumps({"text": text, "n": n}).encode() + b"\n" for n, text in enumerate(texts))


def messy_tree() -> None:
    write("in/utf8.txt", ARTICLE)
    write("in/crlf.txt", ARTICLE.replace("\n", "\r\n"))
    write("in/marked.txt", "\ufeff" + ARTICLE)
    write("in/wide.txt", ("\ufeff" + ARTICLE).encode("utf-16-be"))
    write("in/latin.txt", ARTICLE.replace("lower", "älteren Züge über").encode("cp1252"))
    write("in/damaged.txt", ARTICLE.encode().replace(b"snow", b"sn\xffow").replace(b"road", b"r\xc3d \xc3\xa9\xc3\xa9"))
    write("in/nul.txt", ARTICLE.replace("Sunday", "Sun\0day").replace("pass", "pa\0ss"))
    write("in/empty.txt", "")
    write("in/site/a.jsonl", jsonl(ARTICLE, KEPT, "") + b"\nno json\n" + jsonl(ARTICLE.replace("road", "ro\ud800ad")))
    write("in/site/b.csv", f'id;text\n1;"{ARTICLE.replace(chr(10), chr(13) + chr(10))}"\n')
    write("in/site/c.jsonl.gz", gzip.compress(jsonl(ARTICLE), mtime=0))
    write("in/bell \x07 é.txt", ARTICLE)


def test_a_messy_tree_comes_back_byte_for_byte(dedup: Callable[..., Done]) -> None:
    messy_tree()
    assert dedup("clean", "in", "-o", "out", "--report", "r").status == 3  # a line is no JSON
    before, cleaned = unpacked("in"), unpacked("out")
    assert [name for name in before if before[name] == cleaned[name]] == ["empty.txt"]
    done = dedup("restore", "out", "--report", "r", "-o", "back")
    assert (done.status, unpacked("back")) == (0, before)
    assert "15 documents restored" in done.err


def test_in_place_and_back(dedup: Callable[..., Done]) -> None:
    messy_tree()
    before = unpacked("in")
    dedup("clean", "in", "--in-place", "--report", "r")
    assert unpacked("in")["utf8.txt"] == KEPT.encode()
    assert dedup("restore", "in", "--in-place", "--report", "r").status == 0
    assert unpacked("in") == before
    # what is the original already stays it
    assert dedup("restore", "in", "--in-place", "--report", "r").status == 0
    assert unpacked("in") == before


def test_parquet_comes_back_value_for_value(dedup: Callable[..., Done]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"text": [ARTICLE, None, KEPT, ARTICLE], "n": [1, 2, 3, None]})
    parquet.write_table(table, "a.parquet", row_group_size=3)
    dedup("clean", "a.parquet", "-o", "b.parquet", "--report", "r")
    assert parquet.read_table("b.parquet")["text"].to_pylist() == [KEPT, None, KEPT, KEPT]
    assert dedup("restore", "b.parquet", "--report", "r", "-o", "c.parquet").status in {0, 3}  # a row has no text
    assert parquet.read_table("c.parquet").equals(table)


def test_a_pipe_comes_back_and_a_lone_file_under_any_name(dedup: Callable[..., Done]) -> None:
    given = jsonl(ARTICLE, KEPT)
    cleaned = dedup("clean", "-q", "--report", "r", given=given).out
    assert dedup("restore", "-q", "--report", "r", given=cleaned) == (0, given, "")
    write("renamed.jsonl", cleaned)
    assert dedup("restore", "renamed.jsonl", "-q", "--report", "r") == (0, given, "")


def test_a_text_that_is_another_is_refused_by_name(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    write("in/b.jsonl", jsonl(ARTICLE, ARTICLE))
    dedup("clean", "in", "-o", "out", "--report", "r")
    write("out/a.txt", KEPT + "And more.\n")
    write("out/b.jsonl", jsonl(KEPT, KEPT + "And more."))
    done = dedup("restore", "out", "--report", "r", "-o", "back", "-q")
    assert done.status == 3
    assert unpacked("back") == {"b.jsonl": jsonl(ARTICLE, KEPT + "And more.")}
    reason = "its text is not the one that was cleaned (another digest than the report's)"
    assert done.err.splitlines() == [
        f"dedup: a.txt: {reason} (nothing of it was written)",
        f"dedup: b.jsonl:2: {reason} (passed through unchanged)",
    ]


def test_what_the_report_does_not_know_is_told(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    write("in/b.txt", ARTICLE)
    dedup("clean", "in", "-o", "out", "--report", "r")
    write("out/c.txt", KEPT)
    done = dedup("restore", "out", "--report", "r", "-o", "back")
    assert (done.status, unpacked("back")) == (3, unpacked("in"))
    assert "c.txt: the report does not know it" in done.err
    assert "dedup: 2 documents restored\n" in done.err
    Path("out/b.txt").unlink()
    assert "dedup: 1 document restored\n" in dedup("restore", "out", "--report", "r", "-o", "one").err
    Path("out/a.txt").rename("out/d.txt")
    assert "dedup: 0 documents restored\n" in dedup("restore", "out", "--report", "r", "-o", "none").err


def test_what_is_missing_is_told(dedup: Callable[..., Done]) -> None:
    for name in "abc":
        write(f"in/{name}.txt", ARTICLE)
    write("in/d.jsonl", jsonl(ARTICLE, ARTICLE))
    assert dedup("clean", "in", "-o", "out", "--report", "r", "-q").status == 0
    Path("out/b.txt").unlink()
    done = dedup("restore", "out", "-o", "back", "--report", "r")
    assert (done.status, done.err.splitlines()) == (
        0,
        ["dedup: 4 documents restored", "dedup: 1 document of the report is not among the inputs, such as b.txt"],
    )
    assert not dedup("restore", "out", "-o", "again", "--report", "r", "-q").err
    assert not dedup("restore", "out/a.txt", "--root", "out", "--report", "r").err  # who asks for one text wants no other
    write("out/d.jsonl", Path("out/d.jsonl").read_bytes().splitlines(keepends=True)[0])
    assert "dedup: 2 documents of the report are not among" in dedup("restore", "out", "-o", "third", "--report", "r").err


def test_another_root_than_that_of_clean_is_hinted_at(dedup: Callable[..., Done]) -> None:
    for name in ("a", "b"):
        write(f"in/site/{name}.txt", ARTICLE)
    dedup("clean", "in", "-o", "out", "--report", "r")
    done = dedup("restore", "out/site", "--report", "r", "-o", "back")
    hint = "the report calls its texts as site/a.txt, here they are a.txt: name the folder that was cleaned, or give it by --root"
    assert (done.status, done.err.splitlines()[-1]) == (2, f"dedup: {hint}")
    done = dedup("restore", "out/site", "--report", "r", "-o", "back", "--root", "out")
    assert (done.status, "--root" in done.err, unpacked("back")) == (0, False, unpacked("in"))


def test_the_report_is_no_text_to_restore(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    dedup("clean", "in", "-o", "out")
    dedup("clean", "in", "-o", "out", "--force", "--report", "out/report.jsonl")
    assert dedup("restore", "out", "--report", "out/report.jsonl", "-o", "back").status == 0
    assert unpacked("back") == unpacked("in")


@pytest.mark.parametrize("lines", [2, 3, 9])
@pytest.mark.parametrize("rest", ["", '{"kind": "boil'])
def test_a_report_that_was_cut_short_serves_as_far_as_it_goes(dedup: Callable[..., Done], lines: int, rest: str) -> None:
    given = jsonl(ARTICLE, ARTICLE, KEPT)
    cleaned = dedup("clean", "-q", "--report", "r", given=given).out
    write("short", "".join(Path("r").read_text().splitlines(keepends=True)[:lines]) + rest)
    done = dedup("restore", "-q", "--report", "short", given=cleaned)
    whole = {2: 0, 3: 0, 9: 1}[lines]
    assert done.out == b"".join([*given.splitlines(keepends=True)[:whole], *cleaned.splitlines(keepends=True)[whole:]])
    assert "dedup: short: was cut short (it has no `end`): what it still tells of was restored" in done.err
    assert done.status == (3 if whole else 2)


def edited(**changes: object) -> Callable[[str], str]:
    def edit(line: str) -> str:
        entry = json.loads(line)
        return json.dumps(entry | changes if entry["kind"] == "repeat" else entry)

    return edit


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "nothing": (lambda _: "", "no report, or the report is empty"),
    "a text": (lambda line: f"- {line}", "bad:1: not JSON"),
    "other JSON": (lambda _: '{"text": "x"}', "bad:1: not an entry of a report (it has no `kind`)"),
    "another format": (lambda line: line.replace('"format": 1', '"format": 99'), "bad: a report of format 99, made by dedup"),
    "no header": (lambda line: "" if '"header"' in line else line, "bad: not a report of format 1"),
    "documents without source": (lambda line: line.replace('"source"', '"sauce"'), "bad:2: a document needs a `source`"),
    "another cut": (edited(text="Something else.\n\n", raw=None), "the report's cuts do not give the original text"),
    "a cut elsewhere": (edited(byte_start=3), "the report's cuts do not give the original text"),
    "a cut without a place": (edited(byte_start=None), "a cut of a.txt lacks `byte_start` or its text"),
    "a cut that is no base64": (edited(raw="#"), "a cut of a.txt lacks `byte_start` or its text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_report_that_does_not_fit_is_refused(dedup: Callable[..., Done], case: str) -> None:
    edit, words = BROKEN[case]
    write("a.txt", ARTICLE)
    dedup("clean", "a.txt", "-o", "out.txt", "--report", "r")
    lines = filter(None, (edit(line) for line in Path("r").read_text().splitlines()))
    write("bad", "".join(f"{line}\n" for line in lines))
    done = dedup("restore", "out.txt", "--report", "bad", "-o", "back.txt")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert words in done.err
    assert not Path("back.txt").exists()


WRONG = {
    "no such report": (["a.txt", "--report", "nowhere"], "--report nowhere: no such file"),
    "in place and OUT": (["a.txt", "--report", "r", "--in-place", "-o", "b"], "--in-place and -o exclude each other"),
    "several, no OUT": (["in", "--report", "r"], "give a folder to write to with -o OUT"),
    "OUT lies in the input": (["in", "--report", "r", "-o", "in"], "-o in lies inside the input in"),
    "a pipe in place": (["-", "--report", "r", "--in-place"], "has no place; give files"),
    "no text": (["none", "--report", "r", "-o", "out"], "no text found"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_refused_in_one_line(dedup: Callable[..., Done], case: str) -> None:
    arguments, words = WRONG[case]
    write("in/a.txt", ARTICLE)
    write("a.txt", ARTICLE)
    Path("none").mkdir()
    dedup("clean", "in", "-o", "cleaned", "--report", "r")
    before = unpacked(".")
    done = dedup("restore", *arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err
    assert unpacked(".") == before


LINES = st.sampled_from(
    [*ARTICLE.splitlines(), *TAIL.splitlines(), "Home", "Share", "Yes.", "\ud83d", "\u2028", "ΣΑΝ ÄÖ", "\t\x00"]
)
TEXTS = st.builds(
    "".join, st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\u0085", ""])).map("".join), max_size=12)
)


@having(texts=st.lists(TEXTS, max_size=4), escaped=st.booleans())
def test_restore_undoes_clean_for_any_records(texts: list[str], tmp_path_factory: pytest.TempPathFactory, escaped: bool) -> None:
    folder = tmp_path_factory.mktemp("any")
    lines = [json.dumps({"id": "x", "text": text}, ensure_ascii=escaped) for text in texts]
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass" if escaped else "replace")
    (folder / "a.jsonl").write_bytes(data)
    report = io.BytesIO()
    cleaned, back = io.BytesIO(), io.BytesIO()
    written = Report(report)
    written.header("", {})
    cleaning.clean(inputs_of(folder), CleanSettings(), {}, written, outputs_to(cleaned))
    assert written.failures == []
    (folder / "a.jsonl").write_bytes(cleaned.getvalue())
    report.seek(0)
    counts, failures = restoring.restore(inputs_of(folder), Index(report, "report"), outputs_to(back))
    assert (back.getvalue(), failures, counts["restored"]) == (data, [], len(texts))


def outputs_to(stream: io.BytesIO) -> ToStream:
    return ToStream(stream, Fields(), each=False)


def inputs_of(folder: Path) -> Inputs:
    plan = find_sources([str(folder)], root=None, files_from=None, include=(), exclude=(), format=None, site=None)
    return Inputs(plan.sources)


def test_an_index_needs_a_report() -> None:
    with pytest.raises(ReportError, match="empty"):
        Index(io.BytesIO(), "r")
    with pytest.raises(ReportError, match="r: no report"):
        Index(io.BytesIO(b"a text without end"), "r")


def test_what_is_left_may_look_binary(dedup: Callable[..., Done]) -> None:
    marks = "Rows of the old terminal: \x01\x02\x03\x04\x05\n"
    page = f"{KEPT}{marks}" + "".join(f"\n{line}\n" for line in KEPT.split("\n\n")[1:]) * 3
    for name, data in (("in/a.txt", page), ("in/b.csv", f'id,text\n1,"{page}"\n')):
        write(name, data)
    write("in/photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert dedup("clean", "in", "--in-place", "--report", "r", "-q").status == 0
    assert is_binary(Path("in/a.txt").read_bytes())
    assert dedup("restore", "in", "-o", "back", "--report", "r", "-q") == (0, b"", "")
    assert Path("back/a.txt").read_text() == page
    assert Path("back/b.csv").read_text() == f'id,text\n1,"{page}"\n'
    assert sorted(path.name for path in Path("back").iterdir()) == ["a.txt", "b.csv"]


@pytest.mark.parametrize("command", ["restore", "clean"])
def test_a_report_of_one_input_knows_no_other_beside_it(dedup: Callable[..., Done], command: str) -> None:
    """Of a second input whose records were as they are after the cuts, the report spoke, too, and of -1 documents more."""
    line = "The kiosk on Elder Square opens again on Friday, two years after a lorry had driven through its only window."
    Path("in").mkdir()
    Path("in/a.jsonl").write_text(json.dumps({"text": f"{line}\n\n{line}"}) + "\n")
    dedup("clean", "in", "-o", "cleaned", "--report", "r", "-q")
    given = {"restore": "cleaned", "clean": "in"}[command]
    Path(f"{given}/b.jsonl").write_bytes(Path(f"{given}/a.jsonl").read_bytes())
    done = dedup(command, given, "--report" if command == "restore" else "--report-in", "r", "-o", "out")
    assert done.status == 3
    assert Path("out/b.jsonl").read_bytes() == Path(f"{given}/b.jsonl").read_bytes()
    assert "dedup: b.jsonl:1: the report does not know it (passed through unchanged)\n" in done.err
    assert "-1" not in done.err
    if command == "restore":
        assert "the report calls its texts as a.jsonl" in dedup("restore", ".", "--report", "r", "-o", f"{Path.cwd()}-out").err


@pytest.mark.parametrize("option", ["restore --report", "clean --report-in", "filter --report-in"])
def test_a_report_of_another_format_is_named_as_such(dedup: Callable[..., Done], option: str) -> None:
    Path("r").write_text('{"kind": "header", "format": 2, "dedup": "7.0.0", "settings": {}}\n{"kind": "end", "counts": {}}\n')
    Path("a.txt").write_text("A text.\n")
    command, report = option.split()
    done = dedup(command, "a.txt", report, "r")
    told = "r: a report of format 2, made by dedup 7.0.0: this dedup reads format 1; use the dedup that made it"
    assert (done.status, done.err) == (2, f"dedup: error: {told}\n")


def test_records_that_were_moved_are_told_of_as_that(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_text("".join(json.dumps({"n": n, "text": f"Text {n}.\n\n{ARTICLE}"}) + "\n" for n in range(4)))
    dedup("clean", "a.jsonl", "--no-learn", "-o", "b.jsonl", "--report", "r", "-q")
    lines = Path("b.jsonl").read_bytes().splitlines(keepends=True)
    Path("b.jsonl").write_bytes(b"".join(lines[1:]))
    done = dedup("restore", "b.jsonl", "--report", "r")
    told = "dedup: records without ids are known by their numbers: were some added, left out or moved since they were cleaned"
    assert (done.status, done.err.splitlines()[-1]) == (2, f"{told}, or had `clean` a --text-field?")
    assert dedup("restore", "b.jsonl", "--report", "r", "--text-field", "text").err.splitlines()[-1] == f"{told}?"
    Path("b.jsonl").write_bytes(b"".join([*lines[:3], lines[3].replace(b"Text", b"Words")]))
    assert "known by their numbers" not in dedup("restore", "b.jsonl", "--report", "r").err


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_records_with_ids_are_known_wherever_they_stand(dedup: Callable[..., Done], kind: str) -> None:
    rows = [
        {"id": f"a{n}", "text": f"{KEPT}\n© {2020 + n} The Ansel Mirror"} for n in range(4)
    ]  # all alike once they are cleaned
    lines = [json.dumps(row) for row in rows]
    if kind == "csv":
        lines = ["id,text", *('{},"{}"'.format(row["id"], row["text"].replace("\n", "\r")) for row in rows)]
    Path(f"a.{kind}").write_bytes("\n".join(lines).encode())
    dedup("clean", f"a.{kind}", "--no-learn", "-o", f"b.{kind}", "--report", "r")
    cleaned = Path(f"b.{kind}").read_bytes().split(b"\n")
    assert len({line.partition(b"The")[2] for line in cleaned[-4:]}) == 1
    Path(f"b.{kind}").write_bytes(b"\n".join([*cleaned[:-4], *cleaned[:-4:-1]]))
    done = dedup("restore", f"b.{kind}", "--report", "r", "-o", f"c.{kind}")
    assert (done.status, "1 document of the report is not among" in done.err) == (0, True)
    assert Path(f"c.{kind}").read_bytes() == "\n".join([*lines[:-4], *lines[:-4:-1]]).encode()
