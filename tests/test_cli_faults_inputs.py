"""Inputs that are missing, damaged, odd or not what they were a moment ago."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from files import tree_of, write

from dedup.engines import counting
from dedup.writing.targets import FileTarget

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done, Kiosk, Watched

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, devices and descriptors as on POSIX")


def test_missing_and_unreadable_inputs_are_named_and_the_others_done(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    packed = gzip.compress(kiosk.article.encode() * 50, mtime=0)
    Path("short.txt.gz").write_bytes(packed[: len(packed) // 2])
    Path("mixed.txt.gz").write_bytes(packed[:20] + b"\xff\xff" + packed[22:])
    Path("photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    Path("bad.parquet").write_bytes(b"PAR1 and nothing more")
    names = ["a.txt", "bad.parquet", "mixed.txt.gz", "nowhere.txt", "photo.png", "short.txt.gz"]
    done = watched("clean", *names, "-q", "-o", "out", "--report", "r")
    assert done.status == 3
    told = {line.split(": ")[1]: line for line in done.lines}
    assert sorted(told) == names[1:]
    assert told["short.txt.gz"].endswith("the gz data is cut off (nothing of it was written)")
    assert "the gz data is damaged" in told["mixed.txt.gz"]
    assert told["nowhere.txt"] == "dedup: nowhere.txt: no such file or folder"
    assert "is binary, not text" in told["photo.png"]
    assert "Parquet" in told["bad.parquet"]
    assert [path.name for path in Path("out").iterdir()] == ["a.txt"]
    entries = [json.loads(line) for line in Path("r").read_text().splitlines()]
    assert sorted(entry["source"] for entry in entries if entry["kind"] == "skipped") == names[1:]
    assert entries[-1]["counts"]["skipped"] == 5


def test_a_folder_of_what_is_no_text(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    Path("in/page.html").write_text("<html><p>A page.</p></html>")
    Path("a.txt").write_text(kiosk.article)
    assert watched("clean", "a.txt", "-o", "b.txt", "--report", "r", "-q").status == 0
    for command in (["clean"], ["filter"], ["learn"], ["restore", "--report", "r"]):
        done = watched(*command, "in", "-o", "out", "-q")
        assert (done.status, len(done.lines)) == (2, 1)
        assert done.lines[0].startswith("dedup: no text found: ")
    for command in (["find"], ["clean", "--dry-run"], ["clean", "--check"]):
        done = watched(*command, "in")
        assert (done.status, done.out, done.lines[-1].startswith("dedup: no text found: ")) == (2, b"", True)
    Path("in/empty.jsonl").write_text("")  # a shard without records is something to read
    assert watched("clean", "in", "-o", "out", "-q").status == 0
    assert watched("find", "in", "-q").out.startswith(b"0 documents")


def test_records_that_are_cut_off(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    """What is told, and the status, go by what became of those before the break."""
    lines = [json.dumps({"id": str(n), "text": kiosk.article, "noise": os.urandom(900).hex()}) for n in range(200)]
    packed = gzip.compress("\n".join(lines).encode(), mtime=0)
    Path("a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    Path("whole.jsonl.gz").write_bytes(packed)
    assert watched("clean", "whole.jsonl.gz", "-q", "-o", "b.jsonl.gz", "--report", "r").status == 0
    cleaned = Path("b.jsonl.gz").read_bytes()
    Path("b.jsonl.gz").write_bytes(cleaned[: len(cleaned) // 2])
    told = "the gz data is cut off"
    for command, name, more, counted in (
        ("clean", "a.jsonl.gz", [], True),
        ("filter", "a.jsonl.gz", [], False),
        ("restore", "b.jsonl.gz", ["--report", "r"], True),
    ):
        done = watched(command, name, *more, "-o", "out.jsonl.gz")
        assert done.status == 2
        read = ", though what was read is counted" if counted else ""
        assert done.lines[-1].endswith(f"{told} (nothing of it was written{read})")
        assert done.lines[0].startswith("dedup: 0 documents") is not counted
        assert not Path("out.jsonl.gz").exists()
        done = watched(command, name, *more)
        assert (done.status, bool(done.out)) == ((3, True) if counted else (2, False))
        assert done.lines[-1].endswith(told if counted else f"{told} (nothing of it was written)")
    for command in (["find"], ["learn", "-o", "p"], ["clean", "--dry-run"], ["clean", "--check"]):
        done = watched(*command, "a.jsonl.gz")
        assert (done.status, done.lines[-1].endswith(told)) == (3, True)


@pytest.mark.parametrize("name", ["nowhere.txt", "short.txt.gz", "photo.png", "bad.parquet", "bad.csv"])
def test_a_lone_input_that_cannot_be_read(watched: Callable[..., Watched], name: str, kiosk: Kiosk) -> None:
    Path("short.txt.gz").write_bytes(gzip.compress(kiosk.article.encode(), mtime=0)[:60])
    Path("photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    Path("bad.parquet").write_bytes(b"PAR1 and nothing more")
    Path("bad.csv").write_text("number,colour\n1,red\n")
    for arguments in ([], ["-o", "out"]):
        done = watched("clean", name, *arguments)
        assert (done.status, done.out, len(done.lines)) == (2, b"", 1)
        assert done.lines[0].startswith(f"dedup: {name}: ")
    assert not Path("out").exists()


def test_records_of_a_damaged_dump_come_out_but_no_half_file_does(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    packed = gzip.compress(kiosk.jsonl(600), mtime=0)
    Path("a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    done = watched("clean", "a.jsonl.gz", "-q", "--no-learn", "-o", "out.jsonl.gz")
    assert (done.status, len(done.lines)) == (2, 1)
    assert not Path("out.jsonl.gz").exists()
    done = watched("clean", "a.jsonl.gz", "-q", "--no-learn")
    assert (done.status, len(done.lines)) == (3, 1)
    assert done.lines[0].startswith("dedup: a.jsonl.gz: damaged after record ")
    assert set(done.out.splitlines()) <= {json.dumps({"id": str(n), "text": kiosk.kept}).encode() for n in range(600)}
    assert done.out.endswith(b"\n")


def test_lines_that_are_no_records_pass_through_and_are_named(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    odd = [
        b"no json\n",
        b"[1, 2]\n",
        b'{"id": 3, "title": "x"}\n',
        b'{"text": 5}\n',
        b'{"text": "cut o\n',
        b"\n",
        b'{"text": "\xff"}\n',
    ]
    Path("a.jsonl").write_bytes(b"".join([kiosk.jsonl(1), *odd]))
    done = watched("clean", "a.jsonl", "--report", "r")
    assert done.status == 3
    assert done.out == kiosk.jsonl(1).replace(json.dumps(kiosk.article).encode(), json.dumps(kiosk.kept).encode()) + b"".join(odd)
    assert [line.removeprefix("dedup: a.jsonl:").split(": ")[0] for line in done.lines[-6:]] == ["2", "3", "4", "5", "6", "8"]
    words = [
        "not JSON",
        "is no JSON object, but a list",
        "name it with --text-field",
        "'text' is no string",
        "not JSON",
        "not UTF-8",
    ]
    for line, word in zip(done.lines[-6:], words, strict=True):
        assert word in line
        assert line.endswith("(passed through unchanged)")
    skipped = [json.loads(line) for line in Path("r").read_text().splitlines() if '"skipped"' in line]
    assert [entry.get("record") for entry in skipped[:-1]] == [2, 3, 4, 5, 6, 8]


def test_many_failures_are_not_all_said(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(1) + b"no json\n" * 50)
    done = watched("clean", "a.jsonl", "-q", "-o", "out", "--report", "r")
    assert (done.status, len(done.lines)) == (3, 21)
    assert done.lines[-1] == "dedup: and 30 more like that (the report names them all)"


@pytest.mark.parametrize("command", ["clean", "find", "filter"])
def test_a_report_that_is_not_written_names_no_failures(dedup: Callable[..., Done], kiosk: Kiosk, command: str) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(1) + b"no json\n" * 21)
    for options, told in (([], ""), (["--report", "r"], " (the report names them all)")):
        done = dedup(command, "a.jsonl", "-q", *options)
        assert (done.status, done.err.splitlines()[-1]) == (3, f"dedup: and 1 more like that{told}")


def test_where_to_read_what_was_passed_over_or_left_alone(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/.hidden").touch()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in/b.txt").write_text("Related articles\n\nShare this\n")
    for options, told in (([], "--report FILE"), (["--report", "r"], "the report")):
        done = dedup("clean", "in", "--dry-run", *options)
        assert f"1 left alone: too little would have stayed (--min-kept; {told} says which)\n" in done.err
        assert f"or not asked for ({told} names them)\n" in done.err


@pytest.mark.parametrize("name", ["empty", "hidden"])
def test_a_folder_without_text(watched: Callable[..., Watched], name: str, kiosk: Kiosk) -> None:
    Path("empty").mkdir()
    Path("hidden").mkdir()
    Path("hidden/.notes.txt").write_text(kiosk.article)
    for arguments in ([], ["-o", "out"], ["--in-place", "--report", "r"]):
        done = watched("clean", name, "-q", *arguments)
        assert (done.status, done.out) == (2, b"")
        assert done.lines == [
            "dedup: no text found: only hidden files, what is no text or reports of ours, or none that --include lets in"
        ]
    assert not Path("out").exists()


EMPTY = [("a.jsonl", b""), ("a.jsonl", b"\n \n"), ("a.csv", b"id,text\n")]


@pytest.mark.parametrize(("name", "data"), EMPTY)
def test_a_shard_without_records_is_dealt_with(watched: Callable[..., Watched], name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    out = f"out{Path(name).suffix}"
    for command in ("clean", "filter --keep-doc earliest"):
        done = watched(*command.split(), name, "-q", "-o", out, "--force", "--report", "r")
        assert (done.status, done.lines, Path(out).read_bytes()) == (0, [], data)
    for command in ("find", "find --keep-doc latest"):
        assert watched(*command.split(), name, "-q")[::2] == (0, [])
    assert watched("clean", name, "-q", "-o", out, "--report", "r", "--force").status == 0
    back = f"back{Path(name).suffix}"
    assert watched("restore", out, "--report", "r", "-q", "-o", back).status == 0
    assert Path(back).read_bytes() == data


@pytest.mark.parametrize(("name", "data"), EMPTY)
def test_of_nothing_nothing_is_learned(watched: Callable[..., Watched], name: str, data: bytes) -> None:
    Path(name).write_bytes(data)
    done = watched("learn", "-o", "out", name, "-q")
    assert (done.status, done.lines) == (
        2,
        ["dedup: no document found: what was read is empty, or has no record that can be read"],
    )


@pytest.mark.parametrize(
    "arguments",
    [
        *(["clean", "", "--in-place"], ["clean", "", "-o", "../out"], ["find", ""], ["explain", ""]),
        *(["filter", ".", "-o", ""], ["clean", ".", "-o", ""], ["learn", ".", "-o", ""]),
        *(["clean", ".", "-o", "../out", "--profile", ""], ["find", ".", "--profile", ""]),
        *(["clean", "a.txt", "--site", ""], ["clean", "a.txt", "--report", ""], ["learn", ".", "-o", "../p", "--site", ""]),
        *(["find", ".", "--include", "*.txt", "--include", ""], ["find", ".", "--root", ""], ["restore", ".", "--report", ""]),
        *(["filter", ".", "--ids", "--prefer-sites", ""], ["clean", "a.txt", "--text-field", ""], ["rules", "--language", ""]),
    ],
)
def test_an_empty_name_is_not_the_current_folder(watched: Callable[..., Watched], kiosk: Kiosk, arguments: list[str]) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = watched(*arguments, *(["--report", "../r"] if "--in-place" in arguments else []))
    assert (done.status, done.out) == (2, b"")
    before = arguments[arguments.index("") - 1]
    assert f"error: {before if before.startswith('-') else 'INPUT'} " in done.lines[-1]
    assert "is empty (a variable that is not set?)" in done.lines[-1]
    assert Path("a.txt").read_text() == kiosk.article


def test_globs_that_mean_no_file_are_told_of(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    """Who misspelt what to leave out had it cleaned, too, and heard nothing."""
    for name in ("drafts/a.txt", "site/b.txt", "site/.git/c.txt"):
        Path("in", name).parent.mkdir(parents=True, exist_ok=True)
        Path("in", name).write_text(kiosk.article)
    globs = ["--exclude", "drafst", "--exclude", "*.git", "--include", "site", "--include", "*.md", "--include", "b.txt"]
    done = watched("clean", "in", *globs, "-o", "out")
    assert done.lines[:2] == [f"dedup: {glob}: no file has such an id or name" for glob in ("--exclude drafst", "--include *.md")]
    assert [str(path) for path in Path("out").rglob("*.txt")] == ["out/site/b.txt"]
    assert watched("clean", "in", *globs, "-o", "out", "-q", "--force") == (0, b"", [])
    for option in ("--include", "--exclude", "--root"):
        done = watched("clean", option, "in")
        assert (done.status, done.lines) == (
            2,
            [f"dedup: error: {option} is for files: standard input has no name; leave it out"],
        )


def test_lists_of_paths_that_end_otherwise(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    for name in ("a.txt", "b\nc.txt"):
        Path(name).write_text(kiosk.article)
    Path("lines").write_text("a.txt\nb.txt\n")
    Path("nul").write_bytes(b"a.txt\0b\nc.txt\0")
    Path("one").write_bytes(b"b\nc.txt")
    Path("wide").write_text("a.txt\n", encoding="utf-16")
    for arguments, told in (
        (["-0", "--files-from", "lines"], "--files-from lines: its paths end in newlines, not in NUL bytes: leave out -0"),
        (["--files-from", "nul"], "--files-from nul: its paths end in NUL bytes: add -0"),
        (["--files-from", "wide"], "--files-from wide: is UTF-16: save it as UTF-8"),
    ):
        assert watched("clean", *arguments, "-o", "out") == (2, b"", [f"dedup: error: {told}"])
    for name in ("nul", "one"):
        assert watched("clean", "-0", "--files-from", name, "-o", f"out-{name}", "-q").status == 0


def test_folders_in_a_list_that_names_nothing_in_them_are_told_of(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    for path in ("a.txt", "x/y/a.txt", "z/a.txt"):
        write(path, kiosk.article)
    write("z/picture", b"\0")
    Path("found").write_text("x\nx/y\nx/y/a.txt\nz\nz/picture\n")  # as `find` lists what it walks
    Path("ls").write_text("a.txt\nx\nz/\n")
    Path("empty").write_text("\n")
    assert not [line for line in watched("clean", "--files-from", "found", "-o", "out").lines if "folder" in line]
    done = watched("clean", "--files-from", "ls", "-o", "out1")
    assert (done.status, tree_of("out1").keys()) == (0, {"a.txt"})
    told = "dedup: 2 folders of the list, such as x: nothing in there is listed, nor read; list files (find … -type f), or give"
    assert [line for line in done.lines if "folder" in line] == [f"{told} folders as INPUT"]
    done = watched("clean", "--files-from", "empty", "-o", "out2")
    assert done == (2, b"", ["dedup: error: --files-from empty: the list names nothing"])


def test_names_of_files_cannot_steer_a_terminal(watched: Callable[..., Watched]) -> None:
    Path("bad \x1b[2J\n.jsonl").write_text("no json\n")
    done = watched("clean", ".", "-q", "-o", "../out")
    assert len(done.lines) == 1
    assert "bad \\x1b[2J\\x0a.jsonl:1: not JSON" in done.lines[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ["rules", "--check", "nowhere.toml"],
        ["rules", "--check", "."],
        ["filter", "a.txt", "--prefer-sites", "nowhere.txt"],
        ["filter", "a.txt", "--prefer-sites", "."],
        ["clean", "--files-from", "nowhere"],
        ["clean", "a.txt", "--profile", "nowhere"],
        ["restore", "a.txt", "--report", "nowhere"],
    ],
    ids=" ".join,
)
def test_a_file_that_an_option_names_is_told_of_in_words(
    watched: Callable[..., Watched], arguments: list[str], kiosk: Kiosk
) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = watched(*arguments)
    assert (done.status, len(done.lines)) == (2, 1)
    assert arguments[-1] in done.lines[0]
    assert "o such file or directory" in done.lines[0] or "s a directory" in done.lines[0]
    assert "Errno" not in done.lines[0]


def test_a_usage_error_of_the_command_line_is_told_without_traceback(process: Callable[..., Watched]) -> None:
    for arguments in (["clean", "--nosuch"], ["restore", "a.txt"]):
        assert process(*arguments).status == 2


NAMES = [
    b"new\nline.txt",
    b"\xff\xfe.txt",
    b"caf\xe9/\x80.txt",
    b" . .txt",
    b"-o.txt",
    b"*?[a].txt",
    b"%41%ff.txt",
    "\u202ea.txt".encode(),
]


def write_names(text: str) -> None:
    for name in NAMES:
        path = os.path.join(b"in", name)  # noqa: PTH118 (bytes)
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 (bytes)
        with open(path, "wb") as stream:  # noqa: PTH123 (bytes)
            stream.write(text.encode())


def test_names_with_line_ends_and_bytes_that_are_no_text(process: Callable[..., Watched], here: Path, kiosk: Kiosk) -> None:
    names = NAMES
    write_names(kiosk.article)
    assert process("clean", "in", "-o", "out", "--report", "r", "-q") == (0, b"", [])
    assert process("restore", "out", "-o", "back", "--report", "r", "-q") == (0, b"", [])
    for folder, text in (("out", None), ("back", kiosk.article.encode())):
        there = {
            os.fsencode(path.relative_to(here / folder)): path.read_bytes()
            for path in (here / folder).rglob("*")
            if path.is_file()
        }
        assert there.keys() == set(names)
        assert text is None or set(there.values()) == {text}
    listed = b"\0".join(os.path.join(b"in", name) for name in names)  # noqa: PTH118 (bytes)
    assert process("clean", "-0", "--files-from", "-", "--root", "in", "-o", "listed", "-q", given=listed) == (0, b"", [])
    assert {path.read_bytes() for path in Path("listed").rglob("*.txt")} == {
        path.read_bytes() for path in Path("out").rglob("*.txt")
    }


def test_such_names_in_every_command(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    write_names(kiosk.article)
    found = process("find", "in", "--report", "r")
    assert (found.status, found.lines) == (0, [])
    (cluster,) = (entry for entry in map(json.loads, Path("r").read_text().splitlines()) if entry["kind"] == "cluster")
    assert len(cluster["documents"]) == len(NAMES)
    for more in ([], ["--report-in", "r"]):
        assert process("filter", "in", "-o", f"one{len(more)}", "-q", *more).status == 0
        (kept,) = (path for path in Path(f"one{len(more)}").rglob("*") if path.is_file())
        assert os.fsencode(kept.relative_to(f"one{len(more)}")) in NAMES
    for name in cluster["documents"]:
        shown = process("explain", "in", "--document", name)
        assert (shown.status, b"All rights reserved" in shown.out) == (0, True)
    assert process("learn", "in", "--site", "s", "-o", "profiles", "-q").status == 0
    assert process("clean", "in", "--in-place", "--report", "cleaned", "-q", "--resume") == (0, b"", [])
    assert {path.read_text() for path in Path("in").rglob("*.txt")} == {kiosk.kept}
    assert process("restore", "in", "--in-place", "--report", "cleaned", "-q") == (0, b"", [])
    assert {path.read_text() for path in Path("in").rglob("*.txt")} == {kiosk.article}


def test_a_circle_of_links_is_walked_once(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in/a").mkdir(parents=True)
    Path("in/b").mkdir()
    Path("in/a/x.txt").write_text(kiosk.article)
    Path("in/a/to_b").symlink_to("../b")
    Path("in/b/to_a").symlink_to("../a")
    Path("in/b/to_top").symlink_to("..")
    Path("in/self.txt").symlink_to("self.txt")
    Path("in/nowhere.txt").symlink_to("none.txt")
    done = watched("clean", "in", "-o", "out", "-q")
    assert done.status == 3
    assert done.lines == [
        "dedup: nowhere.txt: is a symbolic link to nothing",
        "dedup: self.txt: is a symbolic link that leads to itself",
    ]
    assert [str(path) for path in Path("out").rglob("*") if path.is_file()] == ["out/a/x.txt"]


@pytest.mark.parametrize("command", ["clean", "filter", "learn"])
def test_links_out_of_a_folder_are_followed_once(watched: Callable[..., Watched], command: str, kiosk: Kiosk) -> None:
    Path("beside/deep").mkdir(parents=True)
    Path("in").mkdir()
    for name, text in (("in/own", "Trams"), ("beside/x", "Plums"), ("beside/deep/y", "Newspapers")):
        Path(f"{name}.txt").write_text(kiosk.article.replace("Kiosk", text))
    Path("in/one.txt").symlink_to("../beside/x.txt")
    Path("in/to_beside").symlink_to("../beside")
    Path("in/again").symlink_to("../beside/deep")
    done = watched(command, "in", "-o", "out", "-q", "--site", "elder.example")
    assert (done.status, done.lines) == (0, [])
    if command == "clean":
        assert {str(path.relative_to("out")) for path in Path("out").rglob("*.txt")} == {"own.txt", "one.txt", "again/y.txt"}
    Path("in/up").symlink_to("..")  # what is written beside the folder would be read by the next run
    done = watched(command, "in", "-o", "new", "-q")
    told = f"-o new lies inside the input {Path.cwd()}: choose a folder outside of it"
    assert (done.status, done.lines) == (2, [f"dedup: error: {told}"])


@pytest.mark.parametrize("change", ["vanishes", "is cut off", "grows", "becomes a folder"])
@pytest.mark.parametrize("command", ["clean", "filter"])
def test_a_file_that_changes_between_the_passes(
    watched: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch, command: str, change: str, kiosk: Kiosk
) -> None:
    Path("in").mkdir()
    for name in ("a", "b", "c"):
        Path(f"in/{name}.txt").write_text(f"{kiosk.kept}Only the page {name} says so, of the {name} trams.\n")
    Path("in/d.jsonl").write_bytes(kiosk.jsonl(3))
    original: Callable[..., object] = counting.learn

    def learn_and_change(*given: object, **more: object) -> object:
        learned = original(*given, **more)
        for name in ("in/b.txt", "in/d.jsonl"):
            if change == "is cut off":
                Path(name).write_bytes(Path(name).read_bytes()[:100])
            elif change == "grows":
                Path(name).write_bytes(Path(name).read_bytes() * 2)
            else:
                Path(name).unlink()
                if change == "becomes a folder":
                    Path(name).mkdir()
        return learned

    monkeypatch.setattr(counting, "learn", learn_and_change)
    done = watched(command, "in", "-o", "out", "--report", "r", "-q")
    assert done.status in {0, 3}
    told = {line.split(": ")[1].split(":")[0] for line in done.lines}
    there = {path.name for path in Path("out").iterdir()}
    gone = {"b.txt", "d.jsonl"} if change in {"vanishes", "becomes a folder"} else set()
    assert told >= gone
    assert not there & gone
    assert json.loads(Path("r").read_text().splitlines()[-1])["kind"] == "end"
    if command == "clean":
        assert there == {"a.txt", "b.txt", "c.txt", "d.jsonl"} - gone
        assert done.status == (3 if gone or change == "is cut off" else 0)


@pytest.fixture
def once_an_output_is_made(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], object]], None]:
    """Has something done when the output of a file has been made, which is while the file is read, or right behind."""

    def arrange(name: str, change: Callable[[], object]) -> None:
        make = FileTarget.open

        def make_and_change(self: FileTarget) -> object:
            stream = make(self)
            if name in str(self._path):
                change()
            return stream

        monkeypatch.setattr(FileTarget, "open", make_and_change)

    return arrange


@pytest.mark.parametrize("change", ["vanishes", "is cut off", "grows"])
def test_a_file_that_changes_while_it_is_read(
    watched: Callable[..., Watched],
    once_an_output_is_made: Callable[[str, Callable[[], object]], None],
    change: str,
    kiosk: Kiosk,
) -> None:
    path, whole = Path("a.jsonl"), kiosk.jsonl(4000)  # more than is read ahead
    path.write_bytes(whole)
    more = kiosk.jsonl(1)
    changes: dict[str, Callable[[], object]] = {
        "vanishes": path.unlink,
        "is cut off": lambda: os.truncate(path, len(whole) - 300),
        "grows": lambda: path.write_bytes(whole + more),
    }
    once_an_output_is_made("out.jsonl", changes[change])
    done = watched("clean", "a.jsonl", "--no-learn", "-o", "out.jsonl", "--report", "r", "-q")
    clean = whole.replace(json.dumps(kiosk.article).encode(), json.dumps(kiosk.kept).encode()).splitlines()
    lines = Path("out.jsonl").read_bytes().splitlines()
    if change == "is cut off":  # its last record is no record any more: it passes through, and is told of
        assert (done.status, lines[:-1]) == (3, clean[:3999])
        assert lines[-1] == whole.splitlines()[-1][: len(lines[-1])]
        assert [line.split(": ")[1] for line in done.lines] == ["a.jsonl:4000"]
    else:
        assert (done.status, lines[:4000], done.lines) == (0, clean, [])
        assert change == "grows" or len(lines) == 4000
    assert watched("restore", "out.jsonl", "--report", "r", "-o", "back.jsonl", "-q").status in {0, 3}
    assert Path("back.jsonl").read_bytes() == (whole[:-300] if change == "is cut off" else whole + more * (len(lines) - 4000))


@pytest.mark.parametrize("command", ["clean", "restore"])
@pytest.mark.parametrize("change", ["a line is added", "it is replaced", "it vanishes"])
def test_what_another_adds_while_files_are_replaced_is_not_lost(
    watched: Callable[..., Watched],
    once_an_output_is_made: Callable[[str, Callable[[], object]], None],
    kiosk: Kiosk,
    command: str,
    change: str,
) -> None:
    Path("in").mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        Path("in", name).write_text(kiosk.article)
    if command == "restore":
        watched("clean", "in", "--in-place", "--report", "r", "-q")
    before, path = Path("in/a.txt").read_text(), Path("in/b.txt")
    other = f"{before}Another line.\n"

    def replace() -> None:
        Path("new").write_text(before)
        Path("new").rename(path)

    changes: dict[str, Callable[[], object]] = {
        "a line is added": lambda: path.write_text(other),
        "it is replaced": replace,
        "it vanishes": path.unlink,
    }
    once_an_output_is_made("b.txt", changes[change])
    done = watched(command, "in", "--in-place", "--report", "r", "-q")
    assert done.status == 3
    (line,) = done.lines
    assert line.startswith("dedup: b.txt: ")
    if command == "clean":  # `restore` reads behind it, and finds another text, or none
        assert line.removeprefix("dedup: b.txt: ") == "was changed by another while it was dealt with (nothing of it was written)"
    after = {"a line is added": [other], "it is replaced": [before], "it vanishes": []}[change]
    assert [file.read_text() for file in Path("in").glob("b.txt")] == after
    assert Path("in/a.txt").read_text() == Path("in/c.txt").read_text() == (kiosk.kept if command == "clean" else kiosk.article)


def test_reports_of_earlier_runs_among_the_texts_are_passed_over(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    for name in ("a", "b"):
        Path(f"in/{name}.txt").write_text(kiosk.article)
    assert watched("clean", "in", "--in-place", "--report", "in/r.jsonl", "-q").status == 0
    report = Path("in/r.jsonl").read_bytes()
    Path("in/old.journal").write_text('{"kind": "journal", "format": 1, "run": "x"}\n')
    Path("in/r.txt").write_bytes(report)
    mine = json.dumps({"kind": "header", "format": "A4", "text": kiosk.article})
    Path("in/mine.jsonl").write_text(f"{mine}\n")
    for command in (["clean", "in", "--in-place"], ["clean", "in", "-o", "out"], ["find", "in"], ["filter", "in", "-o", "one"]):
        written = f"r{len(command)}{command[0]}"
        assert watched(*command, "--report", written, "-q").status == 0
        skipped = [json.loads(line) for line in Path(written).read_text().splitlines() if '"skipped"' in line]
        assert [entry["source"] for entry in skipped] == ["old.journal", "r.jsonl", "r.txt"]
    assert (
        Path("in/r.jsonl").read_bytes() == Path("in/r.txt").read_bytes() == report
    )  # it cuts nothing out of what undoes the first run
    assert [path.name for path in sorted(Path("out").iterdir())] == ["a.txt", "b.txt", "mine.jsonl"]
    Path("in/mine.jsonl").unlink()
    assert watched("restore", "in", "--in-place", "--report", "in/r.jsonl", "-q") == (0, b"", [])
    assert Path("in/a.txt").read_text() == kiosk.article
    assert watched("clean", "in/r.jsonl", "-q").status == 3  # named outright, it is read as any other file


def test_a_list_of_paths_as_an_editor_leaves_it(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    for name in "ab":
        Path(f"{name}.txt").write_text(kiosk.article)
    Path("list").write_bytes(b"\xef\xbb\xbfa.txt\r\nb.txt\r\n")
    assert watched("clean", "--files-from", "list", "-o", "out", "-q") == (0, b"", [])
    assert {path.name for path in Path("out").iterdir()} == {"a.txt", "b.txt"}


def test_a_folder_that_may_not_be_looked_into(kiosk: Kiosk, here: Path) -> None:
    """What lies in it was an output that cannot be written (4), and profiles there were told of as missing."""
    root = getattr(os, "geteuid", lambda: 0)() == 0
    if root and shutil.which("setpriv") is None:
        pytest.skip("root may look into every folder")
    bare = ["setpriv", "--bounding-set=-all"] if root else []
    Path("a.txt").write_text(kiosk.article)
    Path("shut").mkdir(mode=0)
    try:
        for arguments, told in (
            (["find", "shut/a.txt"], "shut/a.txt: permission denied"),
            (["find", "shut"], "shut: cannot be read: permission denied"),
            (["clean", "a.txt", "--profile", "shut"], "error: shut: cannot be read: permission denied"),
            (["clean", "a.txt", "--profile", "shut/p.toml"], "error: shut/p.toml: cannot be read: permission denied"),
        ):
            command = [*bare, sys.executable, "-m", "dedup", *arguments]
            done = subprocess.run(command, cwd=here, capture_output=True, check=False, text=True)
            assert (done.returncode, done.stderr) == (2, f"dedup: {told}\n")
    finally:
        Path("shut").chmod(0o755)
