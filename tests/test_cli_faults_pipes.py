"""Pipes that close or stay open, signals, and standard streams that are not there."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Kiosk, Watched

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, devices and descriptors as on POSIX")
DEDUP = [sys.executable, "-m", "dedup"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "a.jsonl"],
        ["clean", "a.jsonl", "-q", "--workers", "2"],
        ["clean", "a.jsonl", "-q", "--diff"],
        ["clean", "--no-learn", "-"],
        ["explain", "long.txt"],
        ["rules", "legal"],
        ["find", "a.jsonl", "--json", "-q"],
        ["filter", "short.jsonl", "-q"],
        ["filter", "short.jsonl", "--ids", "-q"],
        ["restore", "short.jsonl", "--report", "r"],
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_quiet_success(arguments: list[str], kiosk: Kiosk, told_well: Callable[[bytes], list[str]]) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(700))
    lines = [f"Paragraph {n} of a long text that none reads to its end." for n in range(9000)]
    Path("long.txt").write_text("\n\n".join(lines))
    Path("short.jsonl").write_text(
        "".join(json.dumps({"id": f"number {n}", "text": line}) + "\n" for n, line in enumerate(lines))
    )
    if "restore" in arguments:
        subprocess.run([*DEDUP, "clean", "short.jsonl", "--no-learn", "--dry-run", "--report", "r", "-q"], check=True)
    with Path("a.jsonl").open("rb") as given:
        process = subprocess.Popen([*DEDUP, *arguments], stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(30), told_well(told)) == (0, [])


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["clean", "--help"], []], ids=" ".join)
def test_help_for_a_closed_pipe_is_quiet_success(arguments: list[str], told_well: Callable[[bytes], list[str]]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*DEDUP, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, told_well(done.stderr)) == (0, [])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("learns", [True, False], ids=["learning", "streaming"])
def test_a_signal_leaves_nothing_half_written(
    number: signal.Signals, status: int, learns: bool, kiosk: Kiosk, told_well: Callable[[bytes], list[str]]
) -> None:
    arguments = ["clean", "-", "-o", "out.jsonl.gz", *([] if learns else ["--no-learn"])]
    process = subprocess.Popen([*DEDUP, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(kiosk.jsonl(50))
    process.stdin.flush()
    waited_for = "dedup-*/stdin" if learns else ".dedup-*"
    folder = Path("../temporary" if learns else ".")
    deadline = time.monotonic() + 30
    while not list(folder.glob(waited_for)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(folder.glob(waited_for))
    process.send_signal(number)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told_well(told)[-1]) == (status, "dedup: stopped")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "in", "-o", "out", "--report", "out.r", "-q", "--workers", "2"],
        ["find", "in", "--report", "out.r", "-q"],
        ["filter", "in", "-o", "out", "-q"],
        ["explain", "in", "--document", "299.txt"],
        ["learn", "in", "-o", "out", "--site", "s", "-q"],
        ["restore", "done", "--report", "done.r", "-o", "out", "-q"],
    ],
    ids=lambda arguments: arguments[0] if isinstance(arguments, list) else str(arguments),
)
def test_a_signal_at_any_moment_is_told_in_one_line(
    number: signal.Signals, arguments: list[str], kiosk: Kiosk, told_well: Callable[[bytes], list[str]]
) -> None:
    Path("in").mkdir()
    for n in range(300):
        Path(f"in/{n:03}.txt").write_text(f"{kiosk.article}Page {n}.\n")
    if arguments[0] == "restore":
        subprocess.run([*DEDUP, "clean", "in", "-o", "done", "--report", "done.r", "-q"], check=True)
    begun = time.monotonic()
    whole = subprocess.run([*DEDUP, *arguments], check=True, capture_output=True).stdout
    took = time.monotonic() - begun
    files = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    for share in (0.02, 0.3):
        shutil.rmtree("out", ignore_errors=True)
        Path("out.r").unlink(missing_ok=True)
        process = subprocess.Popen([*DEDUP, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        while process.poll() is None and not list(Path("../temporary").iterdir()):  # the command has begun
            time.sleep(0.001)
        time.sleep(share * took)
        process.send_signal(number)
        out, told = process.communicate(timeout=30)
        if process.returncode == 0:  # it was done before
            assert (out, told_well(told)) == (whole, [])
            continue
        assert (process.returncode, told_well(told)) == (128 + number, ["dedup: stopped"])
        assert {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}.items() <= files.items()


def test_sigterm_while_files_are_replaced_leaves_a_run_to_go_on_with(
    kiosk: Kiosk, told_well: Callable[[bytes], list[str]]
) -> None:
    Path("in").mkdir()
    for n in range(300):
        Path(f"in/{n:03}.txt").write_text(f"{kiosk.article}Page {n}.\n")
    arguments = ["clean", "in", "--in-place", "--report", "r", "-q"]
    process = subprocess.Popen([*DEDUP, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while not (Path("r.journal").exists() and b'"done"' in Path("r.journal").read_bytes()) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    if process.returncode == 143:  # else it was done before
        told_well(told)
        assert Path("r.journal").exists()
        assert subprocess.run([*DEDUP, *arguments, "--resume"], check=False, capture_output=True).returncode == 0
    texts = [path.read_text() for path in Path("in").iterdir()]
    assert len(texts) == 300
    assert not [text for text in texts if "© 2025" in text]


def test_a_named_pipe_is_read_once_and_learned_from(kiosk: Kiosk, told_well: Callable[[bytes], list[str]]) -> None:
    os.mkfifo("pipe")
    process = subprocess.Popen([*DEDUP, "clean", "pipe", "-q"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    Path("pipe").write_bytes(kiosk.jsonl(40))
    out, told = process.communicate(timeout=30)
    told_well(told)
    assert (process.returncode, told) == (0, b"")
    assert [json.loads(line)["text"] for line in out.splitlines()] == [kiosk.kept] * 40


def test_the_first_record_of_a_live_pipe_is_not_held_back(told_well: Callable[[bytes], list[str]]) -> None:
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
    told_well(told)
    assert (process.returncode, told) == (0, b"")


def test_closed_descriptors(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = process("clean", "a.txt", redirect=">&-")
    assert (done.status, len(done.lines)) == (4, 1)
    assert "cannot write standard output: it is closed; name a file with -o OUT" in done.lines[0]
    assert process("clean", "a.txt", "-o", "out", redirect=">&- 2>&- <&-").status == 0
    assert Path("out").read_text() == kiosk.kept
    for arguments in (["clean"], ["clean", "--files-from", "-"]):
        done = process(*arguments, redirect="<&-")
        assert (done.status, len(done.lines)) == (2, 1)
        assert "input" in done.lines[0]


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        ("find a.txt", "to write nothing, give > /dev/null"),
        ("find a.txt --json", "to write nothing, give > /dev/null"),
        ("find a.txt --report r", "to write nothing, give > /dev/null"),
        ("explain a.txt", "to write nothing, give > /dev/null"),
        ("filter a.txt --ids", "name a file: > FILE"),
        ("filter a.txt", "name a file with -o OUT"),
        ("clean --diff a.txt", "name a file: > FILE"),
        ("rules", ""),
        ("rules --match word", ""),
        ("--version", ""),
        ("--help", ""),
        ("find --help", ""),
    ],
)
def test_closed_standard_output_is_told_of_where_something_is_to_be_printed(
    process: Callable[..., Watched], arguments: str, instead: str, kiosk: Kiosk
) -> None:
    Path("a.txt").write_text(kiosk.article)
    done = process(*arguments.split(), redirect=">&-")
    told = f"dedup: error: cannot write standard output: it is closed{instead and '; '}{instead}"
    assert (done.status, done.lines) == (4, [told])
    assert not Path("r").exists()
    assert process("clean", "--check", "a.txt", redirect=">&-").status == 1


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_by_its_name(process: Callable[..., Watched], name: str, kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    assert process("clean", "a.txt", "-o", name) == (0, kiosk.kept.encode(), [])
    assert process("clean", "-o", name, given=kiosk.article.encode()) == (0, kiosk.kept.encode(), [])


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no /dev/stdout here")
@pytest.mark.parametrize("command", ["clean", "clean --diff", "filter", "filter --ids", "find"])
def test_a_report_is_not_put_among_what_is_printed(process: Callable[..., Watched], command: str, kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    told = "dedup: error: --report /dev/stdout: standard output is for what is printed; name a file"
    assert process(*command.split(), "a.txt", "-q", "--report", "/dev/stdout") == (2, b"", [told])
    assert process("clean", "a.txt", "-q", "--dry-run", "--report", "/dev/stdout").out.endswith(b"}}\n")


def test_what_standard_output_cannot_encode_is_escaped(process: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    Path("a.txt").write_text("Die Mühle öffnet wieder.\n", encoding="utf-8")
    done = process("explain", "a.txt")
    assert done.status == 0
    assert b"Die M\\xfchle \\xf6ffnet wieder." in done.out


STRICT = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "dedup"]
"""Who reads or writes in the locale's encoding ends with an error."""
SURROUNDINGS: dict[str, dict[str, str]] = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "HOME": "/nonexistent"},
    "Turkish": {"LANG": "tr_TR.UTF-8", "HOME": ""},
    "UTF-8": {"LC_ALL": "C.UTF-8", "HOME": "/"},
}


def test_whatever_the_locale_and_the_home(told_well: Callable[[bytes], list[str]], story: Callable[[int], list[str]]) -> None:
    folder = "in/Müller 渡船 ı"
    native = os.fsdecode(folder.encode())  # these tests, too, may run in any locale
    Path(native).mkdir(parents=True)
    for n in range(4):
        lines = [*story(n // 2), f"Seite {n} der Zeitungen für Ἀθήνα, 新聞", "© 2025 The Elder Post. All rights reserved"]
        Path(native, os.fsdecode(f"ü{n}.txt".encode())).write_text("\n\n".join(lines))
    Path("sites").write_text("Müller\n")
    Path("dump.jsonl").write_text('{"text": "Seite 1", "größe": 3}\n')
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONUTF8", "HOME"))}
    written = set()
    for surroundings in SURROUNDINGS.values():
        for arguments in (
            ["clean", "in", "-o", "out", "--report", "r", "-q"],
            ["restore", "out", "-o", "back", "--report", "r", "-q"],
            ["clean", "in", "-o", "acted", "--report-in", "r", "-q"],
            ["learn", "in", "-o", "profiles", "-q"],
            ["clean", "in", "-o", "judged", "--profile", "profiles", "-q"],
            ["find", "in", "--report", "found"],
            ["filter", "in", "-o", "one", "--prefer-sites", "sites", "-q"],
            ["filter", "in", "--ids", "--report-in", "found", "-q"],
            ["find", "dump.jsonl", "--fields", "größe", "--report", "carried", "-q"],
            ["learn", "in", "-o", "named", "--site", "Zürich", "-q"],
            ["clean", "in", "-o", "some", "--include", "*ü1*", "-q"],
            ["explain", f"{folder}/ü1.txt"],
            ["explain", "in", "--document", "Müller 渡船 ı/ü1.txt"],
            ["rules", "--match", "Читайте также"],
        ):
            done = subprocess.run(
                [*STRICT, *(os.fsdecode(word.encode()) for word in arguments)],
                capture_output=True,
                check=False,
                env=plain | surroundings,
            )
            assert (done.returncode, told_well(done.stderr)) == (0, [])
            assert arguments[0] != "rules" or done.stdout.startswith(b"heading.related")
        files = {os.fsencode(path).decode(): path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}
        written.add(json.dumps({name: data.decode() for name, data in files.items()}))
        for name in ("out", "back", "acted", "profiles", "judged", "one", "named", "some"):
            shutil.rmtree(name)
        for name in ("r", "found", "carried"):
            Path(name).unlink()
    assert len(written) == 1
    assert "All rights reserved" not in files["out/Müller 渡船 ı/ü1.txt"].decode()
    assert '"fields": {"größe": 3}' in files["carried"].decode()
    assert 'site = "Zürich"' in "".join(data.decode() for name, data in files.items() if name.startswith("named/"))
    assert [name for name in files if name.startswith("some/")] == ["some/Müller 渡船 ı/ü1.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("gone", ["closed", "full"])
def test_words_that_nobody_hears_change_neither_work_nor_status(
    gone: str, kiosk: Kiosk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_bytes(kiosk.jsonl(3) + b"no record\n")

    def run(*arguments: str) -> int:
        """The exit status where what is told goes to a pipe that nobody reads, or to a full disk."""
        reader, writer = os.pipe() if gone == "closed" else (-1, os.open("/dev/full", os.O_WRONLY))
        if reader >= 0:
            os.close(reader)
        with Path("a.jsonl").open("rb") as given:
            done = subprocess.run([*DEDUP, *arguments], stdin=given, stdout=subprocess.PIPE, stderr=writer, check=False)
        os.close(writer)
        return done.returncode

    assert run("clean", "-o", "out.jsonl") == 3  # it tells that it keeps its input, before it reads it
    assert Path("out.jsonl").read_bytes().count(b"\n") == 4
    assert run("filter", "a.jsonl", "-o", "kept.jsonl", "--report", "r") == 3
    assert Path("kept.jsonl").read_bytes().endswith(b"no record\n")
    assert run("clean", "a.jsonl", "--check") == 3
    assert run("clean", "missing") == 2
    assert run("clean", "--no-such-option") == 2
    assert run("no-such-command") == 2


@pytest.mark.parametrize("way", [">", ">>"])
def test_standard_output_that_is_an_input(process: Callable[..., Watched], way: str, kiosk: Kiosk) -> None:
    records = kiosk.jsonl(3)
    for arguments in ("clean a.jsonl", "clean --no-learn < a.jsonl", "clean < a.jsonl", "filter a.jsonl", "find a.jsonl"):
        Path("a.jsonl").write_bytes(records)
        done = process(*arguments.split(" < ")[0].split(), redirect=f"{'< a.jsonl ' * ('<' in arguments)}{way} a.jsonl")
        name = "-" if "<" in arguments else "a.jsonl"
        assert (done.status, len(done.lines)) == (2, 1)
        assert f"standard output is the input {name} (which `>` empties): name another file" in done.lines[0]
        assert Path("a.jsonl").read_bytes() == (records if way == ">>" else b"")


def test_standard_output_in_the_tree_is_passed_over(process: Callable[..., Watched], kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    for way in (">", ">>"):
        assert process("find", "in", "--report", "r", "--force", redirect=f"{way} in/found.txt").status == 0
        assert Path("in/found.txt").read_bytes().startswith(b"1 document, ")
        assert '{"kind": "skipped", "source": "found.txt", "reason": "is standard output"}' in Path("r").read_text()
