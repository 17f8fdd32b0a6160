"""The help of each command shows examples, and each example runs; the version and shell completion are told."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_group

import dedup as package
from dedup.cli import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

ROOT = Path(__file__).parent.parent
COMMANDS = get_group(made()).commands


def examples(name: str) -> list[str]:
    lines = (COMMANDS[name].help or "").replace("\b", "").splitlines()
    return [line.strip() for line in lines[lines.index("Examples:") + 1 :] if line.strip()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Callable[[int], list[str]]) -> Path:
    """A folder with all that the examples name, and `dedup` on the path."""
    monkeypatch.chdir(tmp_path)
    pages = ["\n\n".join(["The harbour post", *story(n), story(n)[1], "© 2025 The harbour post"]) + "\n" for n in range(6)]
    for folder in ("site", "sites"):
        for site in ("harbour", "valley"):
            for n, name in enumerate(("ferry", "quay", "gull")):
                path = Path(folder) / site / f"{name}.txt"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(pages[n])
    for name in ("article.txt", "page.txt"):
        Path(name).write_text(pages[0])
    records = "".join(json.dumps({"id": n, "site": "harbour.example", "text": page}) + "\n" for n, page in enumerate(pages))
    Path("dump.jsonl").write_text(records)
    Path("dump.jsonl.gz").write_bytes(gzip.compress(records.encode()))
    binaries = tmp_path / "bin"
    binaries.mkdir()
    shim = binaries / "dedup"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def shell(line: str) -> None:
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, (line, done.stderr.decode())
    assert b"error" not in done.stderr, (line, done.stderr.decode())  # of what is not the last in a pipe


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a POSIX shell")
@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.usefixtures("place")
def test_the_examples_run(name: str) -> None:
    shell("dedup learn dump.jsonl -o profiles -q")
    if name == "restore":
        shell("dedup clean site/ -o cleaned/ --report report.jsonl -q")
        shell("dedup restore cleaned/ --report report.jsonl -o original/")
        shell("dedup clean dump.jsonl -o cleaned.jsonl --report report.jsonl --force -q")
        assert examples(name)[0] == "dedup restore cleaned/ --report report.jsonl -o original/"
        shell(examples(name)[1])
        return
    assert examples(name)
    for line in examples(name):
        if name == "learn" and Path("profiles").exists() and "learn" in line:
            line = f"{line} --force"  # noqa: PLW2901 (the profiles that other examples need are there)
        shell(line)


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a POSIX shell")
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("page", "beginning", "least"),
    [("README.md", "mkdir -p try\n", 9), ("docs/rules.md", "dedup rules ", 4)],
    ids=["readme", "rules"],
)
def test_the_commands_of_a_page_run_from_top_to_bottom(page: str, beginning: str, least: int) -> None:
    """In a copy of what is shipped, which is not written to but where the page says so."""
    (block,) = re.findall(rf"```sh\n({re.escape(beginning)}.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    for folder in ("examples", "dedup/rules"):
        shutil.copytree(ROOT / folder, folder)
    before = {path for path in Path().rglob("*") if path.is_file()}
    lines = block.splitlines()
    assert len(lines) >= least
    for line in lines:
        shell(line)
    made = {path for path in Path().rglob("*") if path.is_file()} - before
    assert {path.parts[0] for path in made} <= {"try"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_its_page(dedup: Callable[..., Done], name: str) -> None:
    docs = Path(__file__).parent.parent / "docs"
    page = (docs / "commands" / f"{name}.md").read_text("utf-8")
    assert page.startswith(f"# dedup {name}\n")
    assert f"Usage: dedup {name} " in page
    assert "$ dedup" in page  # an example that was run
    assert f"(commands/{name}.md)" in (docs / "cli.md").read_text("utf-8")
    assert dedup(name, "--help").status in {0, None}


def test_the_version(dedup: Callable[..., Done]) -> None:
    assert dedup("--version").out.decode() == f"dedup {package.__version__}\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_complete(name: str) -> None:
    environment = {**os.environ, "_DEDUP_COMPLETE": f"source_{name}"}
    command = [sys.executable, "-m", "dedup"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert b"_DEDUP_COMPLETE" in done.stdout
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [("cl", "clean"), ("clean --ke", "--keep"), ("filter --keep-doc l", "longest latest"), ("restore --rep", "--report")],
)
def test_commands_and_options_are_completed(words: str, offered: str) -> None:
    place = {"COMP_WORDS": f"dedup {words}", "COMP_CWORD": str(len(words.split()))}
    environment = {**os.environ, "_DEDUP_COMPLETE": "complete_bash", **place}
    command = [sys.executable, "-m", "dedup"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert done.stdout.decode().split() == offered.split()


@pytest.mark.parametrize("option", [["--keep", "repeat"], ["--strip", "byline"], ["--profile", "nowhere"]], ids=lambda o: o[0])
@pytest.mark.parametrize("command", ["find", "filter"])
def test_what_says_how_to_strip_excludes_stripping_nothing(dedup: Callable[..., Done], command: str, option: list[str]) -> None:
    Path("a.jsonl").write_text("{}\n")
    done = dedup(command, "a.jsonl", "--raw", *option)
    told = f"dedup: error: --raw and {option[0]} exclude each other: with --raw nothing is stripped, whatever it is\n"
    assert done == (2, b"", told)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["find", "a.jsonl", "--fields", "n"], "--fields is for the report: add --report FILE or --json"),
        (["find", "a.jsonl", "--json", "--verbose"], "--json and --verbose exclude each other"),
        (["clean", "-0", "-o", "out"], "-0 is for lists of paths: add --files-from FILE"),
        (["restore", "-0", "a.jsonl", "--report", "r"], "-0 is for lists of paths"),
    ],
)
def test_options_that_would_have_no_effect_are_refused(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    Path("a.jsonl").write_text("{}\n")
    done = dedup(*arguments, given=b"a.jsonl\0")
    assert (done.status, done.out, done.err.count("\n"), Path("out").exists()) == (2, b"", 1, False)
    assert words in done.err


@pytest.mark.parametrize("command", ["find", "filter", "explain"])
def test_only_clean_strips_copies(dedup: Callable[..., Done], command: str) -> None:
    Path("a.jsonl").write_text("{}\n")
    done = dedup(command, "a.jsonl", "--strip", "copy")
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert "--strip copy: only `dedup clean` strips copied paragraphs" in done.err


@pytest.mark.parametrize(
    ("command", "absent", "there"),
    [
        ("learn", {"--keep", "--strip"}, {"--paragraphs", "--site", "--date-field"}),
        (
            "restore",
            {"--site", "--site-field", "--url-field", "--date-field", "--title-field", "--paragraphs"},
            {"--text-field", "--id-field", "--format", "--root"},
        ),
    ],
)
def test_commands_have_no_options_that_they_do_not_use(command: str, absent: set[str], there: set[str]) -> None:
    options = {name for parameter in COMMANDS[command].params for name in parameter.opts}
    assert there <= options
    assert not absent & options


@pytest.mark.parametrize(("command", "instead"), [("filter", "--ids"), ("restore", "--in-place")])
def test_what_to_do_with_several_inputs_can_be_done(dedup: Callable[..., Done], command: str, instead: str) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_text("{}\n")
    report = ["--report", "a.jsonl"] if command == "restore" else []
    done = dedup(command, "a.jsonl", "b.jsonl", *report)
    assert done == (2, b"", f"dedup: error: several inputs: give a folder to write to with -o OUT, or {instead}\n")
    assert instead in {name for parameter in COMMANDS[command].params for name in parameter.opts}


@pytest.mark.parametrize(
    ("command", "streams"),
    [
        (["clean"], ["--no-learn", "--profile"]),
        (["clean", "--strip", "copy"], []),
        (["find"], ["--raw", "--profile"]),
        (["filter"], []),
        (["learn", "-o", "p"], []),
        (["explain"], []),
    ],
    ids=" ".join,
)
def test_how_records_on_standard_input_are_streamed_is_said_where_they_can_be(
    dedup: Callable[..., Done], command: list[str], streams: list[str]
) -> None:
    given = b'{"id": 1, "text": "The tide is out."}\n'
    kept = "dedup: records on standard input are kept in a temporary file, because they are read twice"
    told = dedup(*command, given=given).err.splitlines()[0]
    assert told == kept + (f"; {' or '.join(streams)} streams them" if streams else "")
    Path("q").mkdir()
    for option in streams:
        values = ["q"] if option == "--profile" else []
        assert kept not in dedup(*command, option, *values, given=given).err
