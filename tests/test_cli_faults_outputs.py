"""Outputs and reports for which there is no room, no folder or no permission."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.engines.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Kiosk, Watched

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, devices and descriptors as on POSIX")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@FULL
@pytest.mark.parametrize(
    ("arguments", "redirect"),
    [
        (["clean", "a.txt"], "> /dev/full"),
        (["clean", "a.txt", "--diff"], "> /dev/full"),
        (["clean", "a.jsonl", "-q"], "> /dev/full"),
        (["clean", "a.txt", "-o", "/dev/full"], ""),
        (["clean", "a.jsonl", "-q", "-o", "out", "--report", "/dev/full"], ""),
        (["explain", "a.txt"], "> /dev/full"),
        (["rules"], "> /dev/full"),
        (["find", "a.jsonl"], "> /dev/full"),
        (["find", "a.jsonl", "-q", "--report", "/dev/full"], ""),
        (["filter", "a.jsonl", "-q"], "> /dev/full"),
        (["filter", "a.jsonl", "-q", "--ids"], "> /dev/full"),
        (["filter", "a.jsonl", "-q", "-o", "out", "--report", "/dev/full"], ""),
        (["restore", "a.jsonl", "--report", "r"], "> /dev/full"),
        (["--help"], "> /dev/full"),
        (["--version"], "> /dev/full"),
        (["clean", "--help"], "> /dev/full"),
    ],
    ids=" ".join,
)
def test_a_full_disk_is_told_in_one_line(
    process: Callable[..., Watched], arguments: list[str], redirect: str, kiosk: Kiosk
) -> None:
    Path("a.txt").write_text(kiosk.article)
    Path("a.jsonl").write_bytes(kiosk.jsonl(500))
    if "restore" in arguments:
        process("clean", "a.jsonl", "--no-learn", "--dry-run", "--report", "r", "-q")
    done = process(*arguments, redirect=redirect)
    assert (done.status, len(done.lines)) == (4, 1)
    assert re.fullmatch(
        "dedup: error: cannot write (standard output|the report|the diff|/dev/full): [Nn]o space left on device", done.lines[0]
    )
    assert not Path("out").exists()


def test_an_output_that_does_not_fit_leaves_no_half_file(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in/b.jsonl").write_bytes(kiosk.jsonl(500))
    done = process("clean", "in", "-q", "-o", "out", limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write out/b.jsonl: file too large" in done.lines[0]
    assert [path.name for path in Path("out").iterdir()] == ["a.txt"]


def test_an_input_is_not_replaced_when_its_report_cannot_be_written(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(300))
    done = process("clean", "a.jsonl", "-q", "--in-place", "--report", "r", limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write the report: " in done.lines[0]
    assert Path("a.jsonl").read_bytes() == kiosk.jsonl(300)


def test_no_folder_for_temporary_files(watched: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch, kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    done = watched("clean", "a.txt")
    told = "no usable temporary directory found in ['/nowhere']: let TMPDIR name a folder that can be written to"
    assert (done.status, done.lines) == (4, [f"dedup: error: {told}"])


def test_no_room_to_keep_standard_input(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    done = process("clean", "-q", "-o", "out", given=kiosk.jsonl(500), limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot keep - in " in done.lines[0]
    assert not Path("out").exists()


@pytest.mark.parametrize(("out", "reason"), [("a.txt/out", "a.txt/out"), ("/proc/none/out", "/proc/none/out")])
def test_an_output_that_cannot_be_made(watched: Callable[..., Watched], out: str, reason: str, kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = watched("clean", "a.txt", "-o", out)
    assert (done.status, len(done.lines)) == (4, 1)
    assert done.lines[0].startswith(f"dedup: error: cannot write {reason}: ")


@pytest.mark.parametrize(
    ("given", "out", "form"),
    [
        (["a.jsonl"], "b.csv", "jsonl"),
        (["a.jsonl"], "b.parquet", "jsonl"),
        (["a.csv"], "b.tsv.gz", "csv"),
        (["a.txt"], "b.jsonl", "text"),
        ([], "b.csv", "text"),
        (["a.parquet"], "b.parquet.gz", "parquet"),
    ],
)
def test_nothing_is_converted(process: Callable[..., Watched], kiosk: Kiosk, given: list[str], out: str, form: str) -> None:
    for name in ("a.jsonl", "a.csv", "a.txt", "a.parquet"):
        Path(name).write_bytes(kiosk.jsonl(2) if name == "a.jsonl" else b"text,id\nA kiosk.,1\n")
    done = process("clean", *given, "-o", out, given=b"text,id\nA kiosk.,1\n")
    told = f"nothing is converted, the input is read as {form}: name OUT so, or give --format"
    assert (done.status, done.lines) == (2, [f"dedup: error: -o {out}: {told}"])
    assert not Path(out).exists()


def test_what_is_read_as_another_format_may_be_called_so(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.json").write_bytes(kiosk.jsonl(2))
    Path("a.csv").write_bytes(b"text,id\nA kiosk.,1\n")
    for arguments in (
        ("a.json", "-o", "b.jsonl.gz"),
        ("a.json", "-o", "b"),
        ("a.json", "--format", "text", "-o", "c.json"),
        ("--format", "csv", "-o", "d.csv"),
        ("a.csv", "-o", "e.txt"),
    ):
        assert process("clean", *arguments, "-q", given=b"text,id\nA kiosk.,1\n").status == 0


def test_a_report_is_not_compressed(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = watched("clean", "a.txt", "-o", "out", "--report", "r.gz")
    told = "--report r.gz: a report is written as plain text, not compressed: name it without that ending"
    assert (done.status, done.lines) == (2, [f"dedup: error: {told}"])
    assert watched("clean", "a.txt", "-o", "out", "--report", "r", "-q").status == 0
    Path("packed").write_bytes(gzip.compress(Path("r").read_bytes()))
    for command, option in (("restore", "--report"), ("clean", "--report-in"), ("filter", "--report-in")):
        done = watched(command, "out", option, "packed")
        assert (done.status, done.lines) == (2, [f"dedup: error: {option} packed: is compressed: unpack it first"])


def test_the_folder_of_a_report_is_made_as_that_of_an_output_is(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    for command in ("clean", "filter"):
        done = watched(command, "a.txt", "-q", "-o", f"{command}/new/out", "--report", f"{command}/other/r.jsonl")
        assert (done.status, done.lines) == (0, [])
        assert Path(f"{command}/new/out").exists()
        assert '"kind": "end"' in Path(f"{command}/other/r.jsonl").read_text()
    assert watched("find", "a.txt", "-q", "--report", "find/new/r.jsonl").status == 0
    assert Path("find/new/r.jsonl").exists()


def test_a_report_that_cannot_be_made(
    watched: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch, kiosk: Kiosk, here: Path
) -> None:
    Path("a.txt").write_text(kiosk.article)
    Path("folder").mkdir()
    monkeypatch.setattr(Inputs, "_read", None)  # with which all reading begins
    none = f"{here}/a.txt is no folder"
    for option, out, status, told in (
        ("--report", "a.txt/r", 4, f"cannot write a.txt/r: {none}"),
        ("-o", "a.txt/r/out", 4, f"cannot write a.txt/r/out: {none}"),
        ("--report", "folder", 2, "--report folder: is a folder: name a file in it"),
        ("--report", "new/", 2, "--report new/: is a folder: name a file in it"),
        ("--report", "out/r", 2, "--report out/r is one of the outputs, or below it: name another file"),
    ):
        done = watched("clean", "a.txt", *(["-o", "out"] if option == "--report" else []), option, out, "--force")
        assert (done.status, done.lines) == (status, [f"dedup: error: {told}"])
    assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "folder"]


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written_to(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in").chmod(0o555)
    done = watched("clean", "in", "--in-place", "--report", "r", "-q")
    Path("in").chmod(0o755)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write in/a.txt: permission denied" in done.lines[0]
    assert Path("in/a.txt").read_text() == kiosk.article


@pytest.fixture
def small(here: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    (here / "small").mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "small"], cwd=here, capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may make a small file system, and not everywhere")
    yield here / "small"
    subprocess.run(["umount", "small"], cwd=here, check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount here")
def test_a_file_system_that_is_read_only(process: Callable[..., Watched], small: Path, kiosk: Kiosk) -> None:
    (small / "in").mkdir()
    (small / "in" / "a.txt").write_text(kiosk.article)
    subprocess.run(["mount", "-o", "remount,ro", "small"], check=True)
    for arguments in (["--in-place"], ["-o", "small/out"]):
        done = process("clean", "small/in", *arguments, "--report", f"r{arguments[0]}", "-q")
        assert (done.status, len(done.lines)) == (4, 1)
        assert done.lines[0].startswith("dedup: error: cannot write small/")
        assert done.lines[0].endswith("/a.txt: read-only file system")
    done = process("learn", "small/in", "-o", "small/p", "-q")
    assert (done.status, done.lines) == (4, ["dedup: error: cannot write small/p/_any-site.toml: read-only file system"])


@pytest.mark.skipif(shutil.which("mount") is None or not hasattr(os, "O_TMPFILE"), reason="no mount, or no files without a name")
def test_a_place_that_takes_no_file_is_told_of_before_anything_is_read(
    watched: Callable[..., Watched], small: Path, monkeypatch: pytest.MonkeyPatch, kiosk: Kiosk
) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(3))
    subprocess.run(["mount", "-o", "remount,ro", "small"], check=True)
    monkeypatch.setattr(Inputs, "_read", None)  # with which all reading begins
    for command, out in (("clean", "small/b.jsonl"), ("clean", "small/new/"), ("filter", "small/b.jsonl"), ("learn", "small/p")):
        done = watched(command, "a.jsonl", "-o", out, "-q")
        assert (done.status, len(done.lines)) == (4, 1)
        assert done.lines[0].startswith(f"dedup: error: cannot write {out}")
        assert done.lines[0].endswith(": read-only file system")
    assert not [*small.iterdir()]


def test_profiles_are_not_put_among_the_texts_that_were_learned_from(watched: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    for out in ("in", "in/profiles"):
        done = watched("learn", "in", "-o", out)
        assert (done.status, done.lines) == (
            2,
            [f"dedup: error: -o {out} lies inside the input in: choose a folder outside of it"],
        )
    assert [path.name for path in Path("in").iterdir()] == ["a.txt"]


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount here")
def test_a_disk_of_temporary_files_that_gets_full_is_named(
    process: Callable[..., Watched], small: Path, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(2000))
    monkeypatch.setenv("TMPDIR", str(small))
    done = process("find", "a.jsonl", "-q", "--workers", "1")
    assert (done.status, done.lines) == (
        4,
        [f"dedup: error: cannot write temporary files in {small} (TMPDIR names another folder): no space left on device"],
    )


@pytest.mark.parametrize("command", ["find", "filter"])
def test_temporary_files_that_may_not_grow_are_named(process: Callable[..., Watched], command: str, kiosk: Kiosk) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(300))
    done = process(command, "a.jsonl", "-q", "--workers", "1", limit=8192)
    place = Path.cwd().parent / "temporary"
    told = f"cannot write temporary files in {place} (TMPDIR names another folder): file too large"
    assert (done.status, done.lines) == (4, [f"dedup: error: {told}"])


@pytest.mark.skipif(shutil.which("mount") is None, reason="no mount here")
def test_a_disk_that_gets_full_and_room_again(process: Callable[..., Watched], small: Path, kiosk: Kiosk) -> None:
    Path("in").mkdir()
    for n in range(40):
        Path(f"in/{n:02}.txt").write_text(f"{kiosk.kept}{n}\n" * 8)
    done = process("clean", "in", "-o", "small/out", "--report", "r", "-q")
    assert (done.status, len(done.lines)) == (4, 1)
    assert "no space left on device" in done.lines[0]
    there = sorted(path.name for path in small.rglob("*") if path.is_file())
    assert 0 < len(there) < 40
    assert not [name for name in there if name.startswith(".")]
    subprocess.run(["mount", "-o", "remount,size=4m", "small"], check=True)
    assert process("clean", "in", "-o", "small/out", "--report", "r", "-q", "--resume").status == 0
    assert process("clean", "in", "-o", "whole", "--report", "r2", "-q").status == 0
    assert Path("r").read_bytes() == Path("r2").read_bytes()
    assert [path.read_bytes() for path in sorted(Path("whole").iterdir())] == [
        path.read_bytes() for path in sorted(small.joinpath("out").iterdir())
    ]
