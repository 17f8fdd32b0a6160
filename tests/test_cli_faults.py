"""What goes wrong outside: pipes that close, signals, full disks, damaged and missing inputs."""

from __future__ import annotations

import gzip
import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from dedup.cli import app
from dedup.engines import embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, devices and descriptors as on POSIX")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
DEDUP = [sys.executable, "-m", "dedup"]

KEPT = """Kiosk on Elder Square opens again

The kiosk on Elder Square opens again on Friday, two years after a lorry had driven backwards through its only window.

Its new tenant wants to sell newspapers, plums and bicycle tubes, as his grandfather did when trams still turned there.
"""
ARTICLE = f"{KEPT}\n{KEPT.splitlines()[2]}\n\n© 2025 The Elder Post. All rights reserved\n"


class Done(NamedTuple):
    status: int
    out: bytes
    lines: list[str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; temporary files go to a folder of its own beside it."""
    for name in ("here", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("PYTHONUTF8", "1")
    return tmp_path / "here"


@pytest.fixture
def dedup(here: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Runs the command line in this process; whatever happens, no temporary file is left."""
    monkeypatch.setattr(tempfile, "tempdir", None)

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        status = app(list(arguments), standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return ended(here, Done(status, out, err.decode().splitlines()))

    return run


@pytest.fixture
def process(here: Path) -> Callable[..., Done]:
    """Runs the command line in a process of its own; whatever happens, no traceback is shown and no temporary file is left."""

    def run(*arguments: str, given: bytes = b"", limit: int | None = None, redirect: str = "") -> Done:
        command: list[str] = [*DEDUP, *arguments]
        if redirect:
            command = ["sh", "-c", f'exec "$@" {redirect}', "sh", *command]
        done = subprocess.run(command, input=given, capture_output=True, check=False, preexec_fn=limited(limit))
        return ended(here, Done(done.returncode, done.stdout, done.stderr.decode().splitlines()))

    return run


def limited(size: int | None) -> Callable[[], None] | None:
    """Makes files of more bytes fail as on a full disk."""
    if size is None:
        return None

    def limit() -> None:
        import resource  # noqa: PLC0415 (not on Windows)

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def ended(here: Path, done: Done) -> Done:
    assert not [line for line in done.lines if "Traceback" in line or "Exception" in line]
    assert list((here.parent / "temporary").iterdir()) == []
    assert not list(here.rglob(".dedup-*"))
    return done


def jsonl(count: int) -> bytes:
    return b"".join(json.dumps({"id": str(number), "text": ARTICLE}).encode() + b"\n" for number in range(count))


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "a.jsonl"],
        ["clean", "a.jsonl", "-q", "--workers", "2"],
        ["clean", "a.jsonl", "-q", "--diff"],
        ["clean", "--no-learn", "-"],
        ["explain", "long.txt"],
        ["rules", "legal"],
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_quiet_success(here: Path, arguments: list[str]) -> None:
    Path("a.jsonl").write_bytes(jsonl(700))
    Path("long.txt").write_text("\n\n".join(f"Paragraph {n} of a long text that none reads to its end." for n in range(4000)))
    with Path("a.jsonl").open("rb") as given:
        process = subprocess.Popen([*DEDUP, *arguments], stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read().decode().splitlines()
    process.stderr.close()
    ended(here, Done(process.wait(30), b"", told))
    assert (process.returncode, told) == (0, [])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("learns", [True, False], ids=["learning", "streaming"])
def test_a_signal_leaves_nothing_half_written(here: Path, number: signal.Signals, status: int, learns: bool) -> None:
    arguments = ["clean", "-", "-o", "out.jsonl.gz", *([] if learns else ["--no-learn"])]
    process = subprocess.Popen([*DEDUP, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(jsonl(50))
    process.stdin.flush()
    waited_for = "dedup-*/stdin" if learns else ".dedup-*"
    folder = here.parent / "temporary" if learns else here
    deadline = time.monotonic() + 30
    while not list(folder.glob(waited_for)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(folder.glob(waited_for))
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    ended(here, Done(process.returncode, b"", told.decode().splitlines()))
    assert process.returncode == status
    assert list(here.iterdir()) == []


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
    ],
    ids=" ".join,
)
def test_a_full_disk_is_told_in_one_line(process: Callable[..., Done], arguments: list[str], redirect: str) -> None:
    Path("a.txt").write_text(ARTICLE)
    Path("a.jsonl").write_bytes(jsonl(500))
    done = process(*arguments, redirect=redirect)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "o space left on device" in done.lines[0]
    assert not Path("out").exists()


def test_an_output_that_does_not_fit_leaves_no_half_file(process: Callable[..., Done]) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(ARTICLE)
    Path("in/b.jsonl").write_bytes(jsonl(500))
    done = process("clean", "in", "-q", "-o", "out", limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write out/b.jsonl: file too large" in done.lines[0]
    assert [path.name for path in Path("out").iterdir()] == ["a.txt"]


def test_an_input_is_not_replaced_when_its_report_cannot_be_written(process: Callable[..., Done]) -> None:
    Path("a.jsonl").write_bytes(jsonl(300))
    done = process("clean", "a.jsonl", "-q", "--in-place", "--report", "r", limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write the report: " in done.lines[0]
    assert Path("a.jsonl").read_bytes() == jsonl(300)


def test_no_room_to_keep_standard_input(process: Callable[..., Done]) -> None:
    done = process("clean", "-q", "-o", "out", given=jsonl(500), limit=1 << 16)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot keep - in " in done.lines[0]
    assert not Path("out").exists()


@pytest.mark.parametrize(("out", "reason"), [("a.txt/out", "a.txt/out"), ("/proc/none/out", "/proc/none/out")])
def test_an_output_that_cannot_be_made(dedup: Callable[..., Done], out: str, reason: str) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = dedup("clean", "a.txt", "-o", out)
    assert (done.status, len(done.lines)) == (4, 1)
    assert done.lines[0].startswith(f"dedup: error: cannot write {reason}: ")


def test_a_report_that_cannot_be_made(dedup: Callable[..., Done]) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = dedup("clean", "a.txt", "-o", "out", "--report", "none/r")
    assert (done.status, done.lines) == (4, ["dedup: error: cannot write none/r: no such file or directory"])
    assert not Path("out").exists()


def test_closed_descriptors(process: Callable[..., Done]) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = process("clean", "a.txt", redirect=">&-")
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write standard output: it is closed; name a file with -o OUT" in done.lines[0]
    assert process("clean", "a.txt", "-o", "out", redirect=">&- 2>&- <&-").status == 0
    assert Path("out").read_text() == KEPT
    assert process("rules", redirect=">&-").status == 0
    for arguments in (["clean"], ["clean", "--files-from", "-"]):
        done = process(*arguments, redirect="<&-")
        assert (done.status, len(done.lines)) == (2, 1)
        assert "input" in done.lines[0]


def test_what_standard_output_cannot_encode_is_escaped(process: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    Path("a.txt").write_text("Die Mühle öffnet wieder.\n", encoding="utf-8")
    done = process("explain", "a.txt")
    assert done.status == 0
    assert b"Die M\\xfchle \\xf6ffnet wieder." in done.out


def test_missing_and_unreadable_inputs_are_named_and_the_others_done(dedup: Callable[..., Done]) -> None:
    Path("a.txt").write_text(ARTICLE)
    packed = gzip.compress(ARTICLE.encode() * 50, mtime=0)
    Path("short.txt.gz").write_bytes(packed[: len(packed) // 2])
    Path("mixed.txt.gz").write_bytes(packed[:20] + b"\xff\xff" + packed[22:])
    Path("photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    Path("bad.parquet").write_bytes(b"PAR1 and nothing more")
    names = ["a.txt", "bad.parquet", "mixed.txt.gz", "nowhere.txt", "photo.png", "short.txt.gz"]
    done = dedup("clean", *names, "-q", "-o", "out", "--report", "r")
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


@pytest.mark.parametrize("name", ["nowhere.txt", "short.txt.gz", "photo.png", "bad.parquet", "bad.csv"])
def test_a_lone_input_that_cannot_be_read(dedup: Callable[..., Done], name: str) -> None:
    Path("short.txt.gz").write_bytes(gzip.compress(ARTICLE.encode(), mtime=0)[:60])
    Path("photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    Path("bad.parquet").write_bytes(b"PAR1 and nothing more")
    Path("bad.csv").write_text("number,colour\n1,red\n")
    for arguments in ([], ["-o", "out"]):
        done = dedup("clean", name, *arguments)
        assert (done.status, done.out, len(done.lines)) == (2, b"", 1)
        assert done.lines[0].startswith(f"dedup: {name}: ")
    assert not Path("out").exists()


def test_records_of_a_damaged_dump_come_out_but_no_half_file_does(dedup: Callable[..., Done]) -> None:
    packed = gzip.compress(jsonl(600), mtime=0)
    Path("a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    done = dedup("clean", "a.jsonl.gz", "-q", "--no-learn", "-o", "out.jsonl.gz")
    assert (done.status, len(done.lines)) == (2, 1)
    assert not Path("out.jsonl.gz").exists()
    done = dedup("clean", "a.jsonl.gz", "-q", "--no-learn")
    assert (done.status, len(done.lines)) == (3, 1)
    assert done.lines[0].startswith("dedup: a.jsonl.gz: damaged after record ")
    assert set(done.out.splitlines()) <= {json.dumps({"id": str(n), "text": KEPT}).encode() for n in range(600)}
    assert done.out.endswith(b"\n")


def test_lines_that_are_no_records_pass_through_and_are_named(dedup: Callable[..., Done]) -> None:
    odd = [
        b"no json\n",
        b"[1, 2]\n",
        b'{"id": 3, "title": "x"}\n',
        b'{"text": 5}\n',
        b'{"text": "cut o\n',
        b"\n",
        b'{"text": "\xff"}\n',
    ]
    Path("a.jsonl").write_bytes(b"".join([jsonl(1), *odd]))
    done = dedup("clean", "a.jsonl", "--report", "r")
    assert done.status == 3
    assert done.out == jsonl(1).replace(json.dumps(ARTICLE).encode(), json.dumps(KEPT).encode()) + b"".join(odd)
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


def test_many_failures_are_not_all_said(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_bytes(jsonl(1) + b"no json\n" * 50)
    done = dedup("clean", "a.jsonl", "-q", "-o", "out", "--report", "r")
    assert (done.status, len(done.lines)) == (3, 21)
    assert done.lines[-1] == "dedup: and 30 more like that (the report names them all)"


@pytest.mark.parametrize("name", ["empty", "hidden"])
def test_a_folder_without_text(dedup: Callable[..., Done], name: str) -> None:
    Path("empty").mkdir()
    Path("hidden").mkdir()
    Path("hidden/.notes.txt").write_text(ARTICLE)
    for arguments in ([], ["-o", "out"], ["--in-place", "--report", "r"]):
        done = dedup("clean", name, "-q", *arguments)
        assert (done.status, done.out) == (2, b"")
        assert done.lines == ["dedup: no text found: only hidden or binary files, or none that --include lets in"]
    assert not Path("out").exists()


def test_names_of_files_cannot_steer_a_terminal(dedup: Callable[..., Done]) -> None:
    Path("bad \x1b[2J\n.jsonl").write_text("no json\n")
    done = dedup("clean", ".", "-q", "-o", "../out")
    assert len(done.lines) == 1
    assert "bad \\x1b[2J\\x0a.jsonl:1: not JSON" in done.lines[0]


def test_a_named_pipe_is_read_once_and_learned_from(here: Path) -> None:
    os.mkfifo("pipe")
    process = subprocess.Popen([*DEDUP, "clean", "pipe", "-q"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    Path("pipe").write_bytes(jsonl(40))
    out, told = process.communicate(timeout=30)
    ended(here, Done(process.returncode, out, told.decode().splitlines()))
    assert (process.returncode, told) == (0, b"")
    assert [json.loads(line)["text"] for line in out.splitlines()] == [KEPT] * 40


def test_the_first_record_of_a_live_pipe_is_not_held_back(here: Path) -> None:
    arguments = ["clean", "--no-learn", "-q"]
    process = subprocess.Popen([*DEDUP, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    for text in ("One.", "Two."):
        process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
        process.stdin.flush()
        assert select.select([process.stdout], [], [], 30)[0], "no record within 30 seconds"
        assert json.loads(process.stdout.readline()) == {"text": text}
    _, told = process.communicate(timeout=30)
    ended(here, Done(process.returncode, b"", told.decode().splitlines()))
    assert (process.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_by_its_name(process: Callable[..., Done], name: str) -> None:
    Path("a.txt").write_text(ARTICLE)
    assert process("clean", "a.txt", "-o", name) == (0, KEPT.encode(), [])
    assert process("clean", "-o", name, given=ARTICLE.encode()) == (0, KEPT.encode(), [])


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
def test_a_file_that_an_option_names_is_told_of_in_words(dedup: Callable[..., Done], arguments: list[str]) -> None:
    Path("a.txt").write_text(ARTICLE)
    done = dedup(*arguments)
    assert (done.status, len(done.lines)) == (2, 1)
    assert arguments[-1] in done.lines[0]
    assert "o such file or directory" in done.lines[0] or "s a directory" in done.lines[0]
    assert "Errno" not in done.lines[0]


def test_a_usage_error_of_the_command_line_is_told_without_traceback(process: Callable[..., Done]) -> None:
    for arguments in (["clean", "--nosuch"], ["restore", "a.txt"]):
        assert process(*arguments).status == 2


def test_names_with_line_ends_and_bytes_that_are_no_text(process: Callable[..., Done], here: Path) -> None:
    names = [
        b"new\nline.txt",
        b"\xff\xfe.txt",
        b"caf\xe9/\x80.txt",
        b" . .txt",
        b"-o.txt",
        b"*?[a].txt",
        b"%41%ff.txt",
        "\u202ea.txt".encode(),
    ]
    for name in names:
        path = os.path.join(b"in", name)  # noqa: PTH118 (bytes)
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 (bytes)
        with open(path, "wb") as stream:  # noqa: PTH123 (bytes)
            stream.write(ARTICLE.encode())
    assert process("clean", "in", "-o", "out", "--report", "r", "-q") == (0, b"", [])
    assert process("restore", "out", "-o", "back", "--report", "r", "-q") == (0, b"", [])
    for folder, text in (("out", None), ("back", ARTICLE.encode())):
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


def test_a_circle_of_links_is_walked_once(dedup: Callable[..., Done]) -> None:
    Path("in/a").mkdir(parents=True)
    Path("in/b").mkdir()
    Path("in/a/x.txt").write_text(ARTICLE)
    Path("in/a/to_b").symlink_to("../b")
    Path("in/b/to_a").symlink_to("../a")
    Path("in/b/to_top").symlink_to("..")
    Path("in/self.txt").symlink_to("self.txt")
    Path("in/nowhere.txt").symlink_to("none.txt")
    done = dedup("clean", "in", "-o", "out", "-q")
    assert done.status == 3
    assert [line.split(": ")[1] for line in done.lines] == ["nowhere.txt", "self.txt"]
    assert [str(path) for path in Path("out").rglob("*") if path.is_file()] == ["out/a/x.txt"]


@pytest.mark.parametrize("change", ["vanishes", "is cut off", "grows", "becomes a folder"])
@pytest.mark.parametrize("command", ["clean", "filter"])
def test_a_file_that_changes_between_the_passes(
    dedup: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, command: str, change: str
) -> None:
    Path("in").mkdir()
    for name in ("a", "b", "c"):
        Path(f"in/{name}.txt").write_text(f"{KEPT}Only the page {name} says so, of the {name} trams.\n")
    Path("in/d.jsonl").write_bytes(jsonl(3))
    original = embedded.learn

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

    monkeypatch.setattr(embedded, "learn", learn_and_change)
    done = dedup(command, "in", "-o", "out", "--report", "r", "-q")
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


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write everything")
def test_a_folder_that_may_not_be_written_to(dedup: Callable[..., Done]) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(ARTICLE)
    Path("in").chmod(0o555)
    done = dedup("clean", "in", "--in-place", "--report", "r", "-q")
    Path("in").chmod(0o755)
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write in/a.txt: permission denied" in done.lines[0]
    assert Path("in/a.txt").read_text() == ARTICLE


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
def test_a_disk_that_gets_full_and_room_again(process: Callable[..., Done], small: Path) -> None:
    Path("in").mkdir()
    for n in range(40):
        Path(f"in/{n:02}.txt").write_text(f"{KEPT}{n}\n" * 8)
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


def test_sigterm_while_files_are_replaced_leaves_a_run_to_go_on_with(here: Path) -> None:
    Path("in").mkdir()
    for n in range(300):
        Path(f"in/{n:03}.txt").write_text(f"{ARTICLE}Page {n}.\n")
    arguments = ["clean", "in", "--in-place", "--report", "r", "-q"]
    process = subprocess.Popen([*DEDUP, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not (Path("r.journal").exists() and b'"done"' in Path("r.journal").read_bytes()) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    if process.returncode == 143:  # else it was done before
        ended(here, Done(process.returncode, b"", told.decode().splitlines()))
        assert Path("r.journal").exists()
        assert subprocess.run([*DEDUP, *arguments, "--resume"], check=False, capture_output=True).returncode == 0
    texts = [path.read_text() for path in Path("in").iterdir()]
    assert len(texts) == 300
    assert not [text for text in texts if "© 2025" in text]
