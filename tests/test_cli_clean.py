from __future__ import annotations

import gzip
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from files import entries, tree_of, write

from dedup.reading.compression import open_read, open_write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Done

KEPT = """The quay at Sable Harbour gets new lamps

The harbour board of Sable Harbour will replace all forty lamps along the quay before the herring boats return in October.

The old lamps were put up when the cannery still worked through the night, and every third of them has been dark since March.

An electrician from the mainland will fit the new ones in September, which costs the town about as much as a year of dredging.
"""
LEAD = KEPT.splitlines()[2]
TAIL = f"\n{LEAD}\n\nRelated articles\n\nNine boats sail for the northern banks\n\n© 2025 The Sable Courier\n"
ARTICLE = KEPT + TAIL


def jsonl(texts: Sequence[str], **more: object) -> bytes:
    return b"".join(json.dumps({"id": str(n), "text": text, **more}).encode() + b"\n" for n, text in enumerate(texts))


@pytest.fixture
def site(story: Callable[[int], list[str]]) -> list[str]:
    """Twelve pages of one site: the same line over and under each story."""
    return [
        "\n\n".join(["Sable Courier weekday edition", *story(n), "Letters reach us at the old cannery gate"]) + "\n"
        for n in range(12)
    ]


def test_a_text_in_a_pipe_comes_out_clean_and_nothing_is_said(dedup: Callable[..., Done]) -> None:
    assert dedup("clean", given=ARTICLE.encode()) == (0, KEPT.encode(), "")


def test_a_dash_is_standard_input_and_output(dedup: Callable[..., Done]) -> None:
    assert dedup("clean", "-", "-o", "-", given=ARTICLE.encode()) == (0, KEPT.encode(), "")
    assert not Path("-").exists()


def test_an_empty_standard_input_is_done(dedup: Callable[..., Done]) -> None:
    assert dedup("clean") == (0, b"", "")


def test_every_cut_is_in_the_report(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    assert dedup("clean", "a.txt", "-o", "b.txt", "--report", "r").status == 0
    header, document, *cuts, end = entries("r")
    assert (header["kind"], header["format"], header["settings"]["min_kept"]) == ("header", 1, 25)
    assert (document["document"], document["source"], document["encoding"]) == ("a.txt", "a.txt", "utf-8")
    assert "".join(cut["text"] for cut in cuts) == TAIL
    start = ARTICLE.index(LEAD)
    assert (cuts[0]["kind"], cuts[0]["partner"]) == ("repeat", {"document": "a.txt", "start": start, "end": start + len(LEAD)})
    assert [cut["rule"] for cut in cuts[1:]] == ["heading.related", "section.related", "legal"]
    for cut in cuts:
        assert ARTICLE[cut["start"] : cut["end"]] == ARTICLE.encode()[cut["byte_start"] : cut["byte_end"]].decode() == cut["text"]
    assert end["counts"] == {
        "documents": 1,
        "changed": 1,
        "cuts": 4,
        "ids_repeated": 0,
        "siteless": 1,
        "words": document["words"],
        "words_kept": len(KEPT.split()),
        "rules": dict.fromkeys((cuts[0]["rule"], "heading.related", "section.related", "legal"), 1),
    }


def test_records_in_a_pipe_are_learned_from(dedup: Callable[..., Done], site: list[str]) -> None:
    done = dedup("clean", given=jsonl(site, site="sable.example"))
    texts = [json.loads(line)["text"] for line in done.out.splitlines()]
    assert texts == ["\n\n".join(page.split("\n\n")[1:-1]) + "\n" for page in site]
    assert "kept in a temporary file" in done.err
    assert "12 documents, 12 changed: 24 cuts" in done.err
    assert dedup("clean", "-q", given=jsonl(site, site="sable.example")) == (0, done.out, "")


def test_records_without_a_site_are_told_of(dedup: Callable[..., Done], site: list[str]) -> None:
    given = jsonl(site)
    told = f"dedup: {len(site)} documents without a site: what pages of one site share goes unseen there ("
    assert told in dedup("clean", given=given).err
    for options in (["-q"], ["--no-learn"], ["--site", "sable.example"]):
        assert "without a site" not in dedup("clean", *options, given=given).err
    assert "without a site" not in dedup("clean", given=jsonl(site[:2])).err  # of two, none could be learned from


def test_without_learning_records_in_a_pipe_stream(dedup: Callable[..., Done], site: list[str]) -> None:
    given = jsonl([*site, ARTICLE], site="sable.example")
    done = dedup("clean", "--no-learn", given=given)
    assert done.out == jsonl([*site, KEPT], site="sable.example")
    assert "temporary" not in done.err


@pytest.mark.parametrize("compression", ["gz", "bz2", "xz", "zst"])
def test_compressed_records_in_a_pipe_are_known(dedup: Callable[..., Done], site: list[str], compression: Any) -> None:  # noqa: ANN401 (a literal)
    packed = io.BytesIO()
    with open_write(packed, compression) as stream:
        stream.write(jsonl(site * 12))
    assert dedup("clean", "-q", "--no-learn", given=packed.getvalue()) == (0, jsonl(site * 12), "")


def test_a_tree_is_mirrored_and_what_is_no_text_is_counted(dedup: Callable[..., Done], site: list[str]) -> None:
    for number, page in enumerate(site):
        write(f"in/sable/{number}.txt", page)
    write("in/loose.txt", ARTICLE)
    write("in/.hidden", "x")
    write("in/photo.png", b"\x89PNG\r\n\x1a\n" + bytes(200))
    write("in/empty.txt", "")
    done = dedup("clean", "in", "-o", "out", "--report", "r")
    assert done.status == 0
    kept = {f"sable/{number}.txt": ("\n\n".join(page.split("\n\n")[1:-1]) + "\n").encode() for number, page in enumerate(site)}
    assert tree_of("out") == {**kept, "loose.txt": KEPT.encode(), "empty.txt": b""}
    assert "14 documents, 13 changed: 28 cuts" in done.err
    assert "2 passed over" in done.err
    assert [(e["source"], e["reason"]) for e in entries("r", "skipped")] == [
        (".hidden", "is hidden"),
        ("photo.png", "is binary, not text"),
    ]
    assert entries("r")[-1]["counts"]["skipped_expected"] == 2
    learned = entries("r", "boilerplate")[-1]
    assert (learned["rule"], learned["count"], learned["of"]) == ("site.frequency", 12, 12)
    assert set(learned["sample"]) <= {f"sable/{number}.txt" for number in range(12)}


def test_a_list_of_files_gives_the_same_bytes_in_any_order(dedup: Callable[..., Done], site: list[str]) -> None:
    for number, page in enumerate(site):
        write(f"in/sable/page {number}.txt", page)
    dedup("clean", "in", "-o", "a", "--report", "a.jsonl")
    paths = [os.fsencode(f"in/sable/page {number}.txt") for number in (3, 11, 0, 7, 2, 1, 10, 9, 8, 4, 6, 5)]
    listed = ["clean", "--files-from", "-", "--root", "in", "-q"]
    assert dedup(*listed, "-0", "-o", "b", "--report", "b.jsonl", given=b"\0".join(paths)).status == 0
    assert dedup(*listed, "-o", "c", "--report", "c.jsonl", given=b"\r\n".join(paths)).status == 0
    assert tree_of("a") == tree_of("b") == tree_of("c")
    assert Path("a.jsonl").read_bytes() == Path("b.jsonl").read_bytes() == Path("c.jsonl").read_bytes()


def test_one_input_goes_to_a_file_or_into_a_folder(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    Path("there").mkdir()
    for out, path in (("b.txt", "b.txt"), ("new/", "new/a.txt"), ("there", "there/a.txt"), ("deep/er/c.txt", "deep/er/c.txt")):
        assert dedup("clean", "a.txt", "-o", out).status == 0
        assert Path(path).read_text() == KEPT
    assert dedup("clean", "-o", "d.txt", given=ARTICLE.encode()).status == 0
    assert Path("d.txt").read_text() == KEPT


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz", "zst"])
def test_compression_is_kept_in_a_tree_and_told_by_the_name_of_a_file(dedup: Callable[..., Done], compression: Any) -> None:  # noqa: ANN401 (a literal)
    packed = io.BytesIO()
    stream = open_write(packed, compression)
    stream.write(jsonl([ARTICLE]))
    if compression:
        stream.close()
    ending = f".jsonl.{compression}" if compression else ".jsonl"
    write(f"in/a{ending}", packed.getvalue())
    dedup("clean", "in", "-o", "out")
    dedup("clean", f"in/a{ending}", "-o", "b.jsonl.gz")
    with open_read("a", f"out/a{ending}", compression) as reader:
        assert (reader.read(), reader.compression) == (jsonl([KEPT]), compression)
    assert gzip.decompress(Path("b.jsonl.gz").read_bytes()) == jsonl([KEPT])


def test_tables_keep_all_but_the_cuts(dedup: Callable[..., Done]) -> None:
    write("in/a.csv", f'id,text,n\r\n1,"{ARTICLE}",7\r\n2,plain,8\r\n')
    write("in/b.tsv", "text\tn\nHome\t1\nA quiet day.\t2\n")
    assert dedup("clean", "in", "-o", "out", "--min-kept", "0").status == 0
    assert Path("out/a.csv").read_bytes() == f'id,text,n\r\n1,"{KEPT}",7\r\n2,plain,8\r\n'.encode()
    assert Path("out/b.tsv").read_bytes() == b"text\tn\nHome\t1\nA quiet day.\t2\n"


def test_parquet_keeps_all_but_the_cuts(dedup: Callable[..., Done]) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"id": ["x", "y"], "text": [ARTICLE, KEPT], "n": [1.5, None]})
    parquet.write_table(table, "a.parquet")
    assert dedup("clean", "a.parquet", "-o", "b.parquet").status == 0
    assert parquet.read_table("b.parquet").to_pydict() == {"id": ["x", "y"], "text": [KEPT, KEPT], "n": [1.5, None]}
    piped = dedup("clean", "-q", given=Path("a.parquet").read_bytes())
    assert parquet.read_table(io.BytesIO(piped.out)).equals(parquet.read_table("b.parquet"))


def test_fields_are_named_by_options(dedup: Callable[..., Done]) -> None:
    write("a.jsonl", json.dumps({"key": 7, "text": "Home\n\nkeep", "Story": ARTICLE, "link": "x"}) + "\n")
    assert dedup("clean", "a.jsonl", "-q", "-o", "b", "--text-field", "Story", "--id-field", "key", "--report", "r").status == 0
    assert entries("r", "document")[0]["document"] == "7"
    assert json.loads(Path("b").read_text()) == {"key": 7, "text": "Home\n\nkeep", "Story": KEPT, "link": "x"}


def test_ids_that_stand_twice_are_told(dedup: Callable[..., Done]) -> None:
    write("a.jsonl", jsonl([ARTICLE]) + jsonl([KEPT]) + jsonl(["A third one."]))
    done = dedup("clean", "a.jsonl", "-o", "b.jsonl", "--report", "r")
    assert "2 ids stood twice" in done.err
    assert [e["document"] for e in entries("r", "document")] == ["0", "0~2", "0~3"]
    assert entries("r")[-1]["counts"]["ids_repeated"] == 2


def test_a_guessed_encoding_is_said(dedup: Callable[..., Done]) -> None:
    text = ARTICLE.replace("electrician", "électricien déjà nommé à Grâce-Hollogne")
    write("a.txt", text.encode("cp1252"))
    done = dedup("clean", "a.txt")
    assert done.out == text.removesuffix(TAIL).encode("cp1252")
    assert done.err == "dedup: a.txt: encoding detected as cp1252\n"


def test_in_place_replaces_the_inputs_and_keeps_their_modes(dedup: Callable[..., Done]) -> None:
    write("in/x/a.txt", ARTICLE).chmod(0o640)
    write("in/b.jsonl", jsonl([ARTICLE, KEPT]))
    assert dedup("clean", "in", "--in-place", "--report", "r").status == 0
    assert tree_of("in") == {"x/a.txt": KEPT.encode(), "b.jsonl": jsonl([KEPT, KEPT])}
    assert sys.platform == "win32" or Path("in/x/a.txt").stat().st_mode & 0o777 == 0o640


def same_file(path: Path) -> tuple[int, int]:
    """What changes when a file is written to or replaced."""
    found = path.stat()
    return found.st_mtime_ns, found.st_ino


def test_in_place_a_file_of_which_nothing_goes_stays_the_file_that_it_is(dedup: Callable[..., Done]) -> None:
    tables = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    write("in/cut.txt", ARTICLE)
    kept = [write("in/kept.txt", KEPT), write("in/kept.txt.gz", gzip.compress(KEPT.encode())), write("in/empty.txt", "")]
    kept += [write("in/kept.jsonl", jsonl([KEPT, KEPT.upper()])), Path("in/kept.parquet")]
    tables[1].write_table(tables[0].table({"text": [KEPT]}), kept[-1])
    os.link("in/kept.txt", "another name")
    for path in kept:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    before = [same_file(path) for path in kept]
    assert dedup("clean", "in", "--in-place", "--report", "r").status == 0
    assert Path("in/cut.txt").read_text() == KEPT
    assert [same_file(path) for path in kept] == before
    assert len(entries("r", "document")) == 7
    assert dedup("restore", "in", "--in-place", "--report", "r").status == 0
    assert Path("in/cut.txt").read_text() == ARTICLE
    assert [same_file(path) for path in kept] == before
    assert not list(Path("in").glob(".dedup*"))


def test_a_dry_run_reports_the_same_and_writes_nothing(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    write("in/b.txt", KEPT)
    dry = dedup("clean", "in", "--dry-run", "--report", "dry")
    assert (dry.status, dry.out) == (0, b"")
    assert sorted(path.name for path in Path().iterdir()) == ["dry", "in"]
    assert dedup("clean", "in", "-o", "out", "--report", "wet").err == dry.err
    assert Path("dry").read_bytes() == Path("wet").read_bytes()


def test_diff_shows_what_goes(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    write("b.txt", KEPT + "A line without end")
    done = dedup("clean", "a.txt", "b.txt", "--diff", "-q")
    lines = done.out.decode().split("\n")
    assert lines[:2] == ["--- a/a.txt", "+++ b/a.txt"]
    assert [line[1:] for line in lines[2:-1] if line.startswith("-")] == TAIL.split("\n")[:-1]
    assert not [line for line in lines[2:] if line.startswith("+")]
    assert "b.txt" not in done.out.decode()


def test_diff_names_documents_so_that_patch_finds_them(dedup: Callable[..., Done]) -> None:
    """A name with a space ends with a tab; one with a line end, which could begin another file's diff, is quoted."""
    ids = ["plain.txt", "with space.txt", "x\n--- a/y\n+++ b/y\n@@ -1 +1 @@", 'a "b" \\ c\u2028', "ü\r"]
    write("a.jsonl", b"".join(json.dumps({"id": name, "text": ARTICLE}).encode() + b"\n" for name in ids))
    heads = [
        line for line in dedup("clean", "a.jsonl", "--diff", "-q").out.decode().split("\n") if line.startswith(("---", "+++"))
    ]
    names = [
        "%s/plain.txt",
        "%s/with space.txt\t",
        r'"%s/x\012--- a/y\012+++ b/y\012@@ -1 +1 @@"',
        r'"%s/a \"b\" \\ c' + '\u2028"',
    ]
    assert heads == [f"{sign} {name % side}" for name in [*names, r'"%s/ü\015"'] for sign, side in (("---", "a"), ("+++", "b"))]


def test_diff_breaks_lines_at_newlines_only(dedup: Callable[..., Done]) -> None:
    odd = KEPT.replace(" before the ", "\u2028before the ", 1)
    done = dedup("clean", "--diff", given=f"{odd}\n© 2025 The Sable Courier. All rights reserved".encode())
    assert "-© 2025 The Sable Courier. All rights reserved\n\\ No newline at end of file\n" in done.out.decode()
    assert done.out.count(b"No newline") == 1


def test_check_tells_by_its_status(dedup: Callable[..., Done]) -> None:
    assert dedup("clean", "--check", given=ARTICLE.encode()) == (1, b"", "")
    assert dedup("clean", "--check", given=KEPT.encode()) == (0, b"", "")


@pytest.mark.parametrize("options", [["--dry-run"], ["-o", "out.txt"], ["-o", "out/"], ["--in-place", "--report", "r"]])
def test_what_went_from_one_document_is_told_where_it_is_not_printed(dedup: Callable[..., Done], options: list[str]) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = dedup("clean", "a.txt", *options)
    assert (done.status, done.out) == (0, b"")
    first, rules = done.err.splitlines()
    assert re.fullmatch(r"dedup: 1 document, 1 changed: \d+ cuts, \d+\.\d % of \d+ words", first)
    assert "legal 1" in rules
    Path("a.txt").write_text(ARTICLE)
    assert dedup("clean", "a.txt", *options, "--force", "--quiet", *(["--report", "r2"] if "r" in options else [])).err == ""


@pytest.mark.parametrize("options", [[], ["-o", "-"], ["--diff"], ["--check"]])
def test_one_document_is_printed_in_silence(dedup: Callable[..., Done], options: list[str]) -> None:
    Path("a.txt").write_text(ARTICLE)
    assert dedup("clean", "a.txt", *options).err == ""


def test_rules_are_spared_and_added(dedup: Callable[..., Done]) -> None:
    page = f"Monday, 3 March 2025\n\n{KEPT}\n{LEAD}\n\n© 2025 The Sable Courier\n"
    assert dedup("clean", "--keep", "repeat", "--keep", "boilerplate.legal", given=page.encode()).out.decode() == page
    assert dedup("clean", "--keep", "legal", "--strip", "page.date", given=page.encode()).out.decode() == (
        f"{KEPT}\n© 2025 The Sable Courier\n"
    )


def test_a_document_that_would_lose_too_much_is_left_alone_and_told(dedup: Callable[..., Done]) -> None:
    page = "© 2025 The Sable Courier. All rights reserved\n"
    done = dedup("clean", "--report", "r", given=page.encode())
    assert done.out == page.encode()
    assert "1 left alone" in done.err
    assert [entry["reason"] for entry in entries("r", "left")] == ["nothing would be left"]
    assert entries("r", "end")[0]["counts"]["left"] == 1


def test_cleaning_with_a_profile_settles(dedup: Callable[..., Done], site: list[str]) -> None:
    write("in.jsonl", jsonl(site, site="sable.example"))
    assert dedup("learn", "in.jsonl", "-o", "profiles").status == 0
    assert dedup("clean", "in.jsonl", "--profile", "profiles", "-o", "once.jsonl").status == 0
    again = dedup("clean", "once.jsonl", "--profile", "profiles", "-o", "twice.jsonl")
    assert "12 documents, 0 changed" in again.err
    assert Path("twice.jsonl").read_bytes() == Path("once.jsonl").read_bytes() != Path("in.jsonl").read_bytes()


WRONG = {
    "several inputs, no OUT": (["a.txt", "b.txt"], "give a folder to write to with -o OUT, or --in-place with --report"),
    "a folder, no OUT": (["in"], "give a folder to write to with -o OUT"),
    "OUT exists": (["a.txt", "-o", "b.txt"], "b.txt exists already: choose another OUT, or overwrite with --force"),
    "outputs exist": (["a.txt", "b.txt", "-o", "."], "-o . would overwrite the input ./a.txt"),
    "OUT is the input": (["a.txt", "-o", "a.txt", "--force"], "would overwrite the input a.txt"),
    "OUT is another input": (["in/x/a.txt", "x/a.txt", "-o", "in", "--force"], "would overwrite the input in/x/a.txt"),
    "OUT lies in the input": (["in", "-o", "in/out"], "-o in/out lies inside the input in"),
    "OUT is a file": (["in", "-o", "a.txt"], "-o a.txt is no folder"),
    "stdin into a folder": (["-", "-o", "in"], "name a file for what comes from standard input"),
    "stdin with others": (["-", "a.txt"], "`-` (standard input) cannot be mixed"),
    "the report exists": (["a.txt", "--report", "b.txt"], "--report b.txt: exists already"),
    "the report is an input": (["a.txt", "--report", "a.txt", "--force"], "--report a.txt is one of the inputs"),
    "the report is an output": (["a.txt", "-o", "new", "--report", "new"], "--report new is one of the outputs"),
    "the report on stdout": (["a.txt", "--report", "-"], "--report -: standard output is for texts"),
    "in place, no report": (["a.txt", "--in-place"], "--in-place demands --report"),
    "in place over a report": (["a.txt", "--in-place", "--report", "b.txt", "--force"], "may be what undoes an earlier run"),
    "in place and OUT": (["a.txt", "--in-place", "--report", "r", "-o", "out"], "--in-place and -o exclude each other"),
    "in place of a pipe": (["-", "--in-place", "--report", "r"], "has no place; give files"),
    "two modes": (["a.txt", "--check", "--diff"], "--diff and --check exclude each other"),
    "a mode and OUT": (["a.txt", "--dry-run", "-o", "out"], "--dry-run writes no text: leave out -o"),
    "profile, no learning": (["a.txt", "--profile", "p", "--no-learn"], "--profile and --no-learn exclude each other"),
    "no such profile": (["a.txt", "--profile", "nowhere"], "nowhere"),
    "no such rule": (["a.txt", "--keep", "haeding"], "--keep haeding: no such kind or rule; did you mean heading?"),
    "kept anyway": (["a.txt", "--strip", "byline.agenci"], "did you mean byline.agency?"),
    "min-kept": (["a.txt", "--min-kept", "-1"], "--min-kept -1: give a number of words"),
    "no such root": (["a.txt", "--root", "nowhere"], "--root nowhere: no such folder"),
    "no such list": (["--files-from", "nowhere"], "--files-from nowhere: no such file"),
    "nothing": ([], "no input: name files or folders"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_done_is_refused_in_one_line_before_anything_is_written(dedup: Callable[..., Done], case: str) -> None:
    for path in ("a.txt", "b.txt", "in/x/a.txt", "x/a.txt"):
        write(path, ARTICLE)
    before = tree_of(".")
    arguments, words = WRONG[case]
    done = dedup("clean", *arguments, given=None)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert done.err.startswith("dedup: error: ")
    assert words in done.err
    assert tree_of(".") == before


def test_force_overwrites_outputs_and_reports(dedup: Callable[..., Done]) -> None:
    for path in ("in/a.txt", "out/a.txt", "r"):
        write(path, ARTICLE)
    assert dedup("clean", "in", "-o", "out", "--report", "r", "--force").status == 0
    assert Path("out/a.txt").read_text() == KEPT
    assert entries("r")[-1]["kind"] == "end"
