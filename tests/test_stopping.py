"""Ctrl-C and SIGTERM at moments that are told, not timed: each test sends the signal from inside the process."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Kiosk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

BEGIN = """
import os, signal, sys, threading, time
from dedup.__main__ import main

number, text = int(sys.argv.pop(1)), sys.argv.pop(1)

def send():
    os.kill(os.getpid(), number)
"""
AT_IMPORT = """
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == text:
            send()

sys.meta_path.insert(0, Finder())
main()
"""
AT_EVENT = """
wanted, count = int(text), 0

def hear(event, arguments):
    global count
    if event in {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"} and "dedup-" in str(arguments[:2]):
        count += 1
        if count == wanted:
            send()

sys.addaudithook(hear)
main()
"""
TWICE = """
from dedup import stopping

remove = stopping._remove

def remove_and_send():
    send()
    remove()
    send()

stopping._remove = remove_and_send
"""
IN_A_CALLBACK = """
import dedup.engines.verdict

class Loop:
    def __del__(self):
        send()

judge = dedup.engines.verdict.Judge.judge

def judge_and_drop(*arguments):
    Loop()
    return judge(*arguments)

dedup.engines.verdict.Judge.judge = judge_and_drop
main()
"""
AT_A_FORK = """
os.register_at_fork(before=send)
main()
"""
WITH_A_QUEUE = """
import multiprocessing

from dedup import stopping

queue = multiprocessing.Queue()
queue._reader.close = lambda: os.close(-1)  # as where its file descriptor is closed already
queue.put("work")
remove = stopping._remove
stopping._remove = lambda: (queue.close(), queue.join_thread(), remove())
stopping.listen()
send()
"""
AT_THE_END = """
def stop_after_the_command():
    threading.main_thread().join()
    send()
    time.sleep(0.2)

threading.Thread(target=stop_after_the_command).start()
main()
"""


@pytest.fixture
def stopped(told_well: Callable[[bytes], list[str]]) -> Callable[..., tuple[int, list[str]]]:
    """Runs code that sends itself a signal: its status, and what it told."""

    def run(code: str, number: int, text: str, *arguments: str, ignored: bool = False) -> tuple[int, list[str]]:
        command = [sys.executable, "-c", BEGIN + code, str(number), text, *arguments]
        before = partial(signal.signal, number, signal.SIG_IGN) if ignored else None
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL, preexec_fn=before, timeout=120)
        return done.returncode, told_well(done.stderr)

    return run


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("module", ["dedup.cli", "typer", "dedup.engines.verdict"])
def test_while_modules_are_loaded(stopped: Callable[..., tuple[int, list[str]]], number: int, module: str) -> None:
    Path("a.txt").write_text("A text.\n")
    assert stopped(AT_IMPORT, number, module, "clean", "a.txt") == (128 + number, ["dedup: stopped"])


@pytest.mark.parametrize("number", SIGNALS)
def test_who_ignores_signals_does_not_hear_of_them(stopped: Callable[..., tuple[int, list[str]]], number: int) -> None:
    """As `nohup` has it, and a shell for what runs in the background."""
    Path("a.txt").write_text("A text.\n")
    assert stopped(AT_IMPORT, number, "dedup.engines.verdict", "clean", "a.txt", ignored=True) == (0, [])


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "in", "-o", "out", "-q"],
        ["filter", "in", "-o", "out.d", "-q"],
        ["learn", "in", "-o", "out", "--site", "s", "-q"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_whenever_a_passing_file_is_dealt_with(
    stopped: Callable[..., tuple[int, list[str]]], kiosk: Kiosk, arguments: list[str]
) -> None:
    """`stopped` looks for what is left: the files are noted before they are made, and until they are gone."""
    Path("in").mkdir()
    for n in range(10):
        Path(f"in/{n}.txt").write_text(f"{kiosk.article}Page {n}.\n")
    ends = [stopped(AT_EVENT, signal.SIGTERM, str(event), *arguments, "--force") for event in (1, 2, 3, 4, 5, 7, 9)]
    assert ends[:5] == [(143, ["dedup: stopped"])] * 5
    assert all(end in ((143, ["dedup: stopped"]), (0, [])) for end in ends[5:])  # some have nothing more to deal with
    assert {path.read_text() for path in Path("out").glob("*.txt")} <= {f"{kiosk.kept}Page {n}.\n" for n in range(10)} | {
        kiosk.kept
    }


def test_a_second_signal_does_not_disturb_the_first(stopped: Callable[..., tuple[int, list[str]]]) -> None:
    Path("a.txt").write_text("A text.\n")
    assert stopped(TWICE + AT_EVENT, signal.SIGINT, "4", "clean", "a.txt", "-o", "out", "-q") == (130, ["dedup: stopped"])


def test_one_is_not_lost_where_exceptions_are(stopped: Callable[..., tuple[int, list[str]]], kiosk: Kiosk) -> None:
    Path("a.txt").write_text(kiosk.article)
    assert stopped(IN_A_CALLBACK, signal.SIGINT, "", "clean", "a.txt") == (130, ["dedup: stopped"])


@pytest.mark.skipif(sys.platform != "linux", reason="workers are copies of the process there")
@pytest.mark.parametrize("number", SIGNALS)
def test_while_workers_begin(stopped: Callable[..., tuple[int, list[str]]], kiosk: Kiosk, number: int) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(40))
    arguments = ["clean", "a.jsonl", "-o", "out.jsonl", "--workers", "2", "-q"]
    assert stopped(AT_A_FORK, number, "", *arguments) == (128 + number, ["dedup: stopped"])
    assert not Path("out.jsonl").exists()


def test_a_queue_of_workers_that_breaks_meanwhile_is_not_told_of(stopped: Callable[..., tuple[int, list[str]]]) -> None:
    assert stopped(WITH_A_QUEUE, signal.SIGTERM, "") == (128 + signal.SIGTERM, ["dedup: stopped"])


@pytest.mark.parametrize("number", SIGNALS)
def test_one_while_python_ends_is_no_more_heard(stopped: Callable[..., tuple[int, list[str]]], number: int) -> None:
    assert stopped(AT_THE_END, number, "", "--version") == (0, [])


@pytest.mark.parametrize("number", SIGNALS)
def test_one_while_the_reader_has_stalled(kiosk: Kiosk, told_well: Callable[[bytes], list[str]], number: int) -> None:
    Path("a.jsonl").write_bytes(kiosk.jsonl(1000))  # more than a pipe holds
    command = [sys.executable, "-m", "dedup", "clean", "a.jsonl", "--no-learn", "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)  # all the rest is never read
        process.send_signal(number)
        assert process.wait(60) == 128 + number
        assert told_well(process.stderr.read()) == ["dedup: stopped"]
