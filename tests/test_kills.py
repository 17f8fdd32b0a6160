"""Kill -9 at random moments: every file that is there is whole, and either old or new; a second run completes.

`DEDUP_KILLS=200 pytest tests/test_kills.py` kills so often; by default a few times.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
KILLS = int(os.environ.get("DEDUP_KILLS", "12"))
PAGES = 40


class Way(NamedTuple):
    """A command that writes, the folder it writes to, what completes it after it was stopped, and what lies in `in` before."""

    arguments: list[str]
    folder: str
    again: list[str]
    given: str = "kept"


REPORT = ["--report", "r.jsonl"]
WAYS = {
    "clean": Way(["clean", "in", "-o", "out", *REPORT], "out", ["--resume"]),
    "clean in place": Way(["clean", "in", "--in-place", *REPORT], "in", ["--resume"]),
    "filter": Way(["filter", "in", "-o", "out", *REPORT], "out", ["--force"]),
    "learn": Way(["learn", "in", "-o", "profiles"], "profiles", ["--force"]),
    "restore": Way(["restore", "in", "-o", "out", "--report", "done"], "out", ["--force"], "cleaned"),
    "restore in place": Way(["restore", "in", "--in-place", "--report", "done"], "in", [], "cleaned"),
}


@pytest.fixture
def pages(tmp_path: Path, story: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages of two sites, a few of them on both; and records."""
    monkeypatch.chdir(tmp_path)
    for n in range(PAGES):
        site = ("harbour", "valley")[n % 2]
        lines = [f"The {site} post, weekday edition", *story(n // 3 * 2), f"Letters reach the {site} post at its gate"]
        path = tmp_path / "kept" / site / f"{n:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(lines) + "\n")
    records = (json.dumps({"id": n, "text": "\n".join([*story(n), story(n)[1]])}) for n in range(200, 230))
    (tmp_path / "kept" / "m.jsonl").write_text("\n".join(records) + "\n")
    return tmp_path / "kept"


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "dedup", *arguments, "-q"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(arguments: list[str]) -> float:
    """Run to the end; the seconds it took."""
    begun = time.monotonic()
    process = start(arguments)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told.decode()
    return time.monotonic() - begun


def kill(arguments: list[str], share: float, took: float) -> tuple[float, bool]:
    """Kill a run after a share of the time that one took.

    Returns:
        The time that one takes, less where this was done before; whether it was killed.
    """
    process = start(arguments)
    time.sleep(share * took)
    process.kill()
    process.communicate()
    return (took, True) if process.returncode == -9 else (0.8 * took, False)


def tree_of(folder: str, *, hidden: bool) -> dict[str, bytes]:
    files = (path for path in Path(folder).rglob("*") if path.is_file() and (hidden or not path.name.startswith(".dedup-")))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def check_undoing(folder: str, written: dict[str, bytes], old: dict[str, bytes]) -> None:
    """Whatever was written before the kill, the report has all its cuts: `restore` puts it back."""
    if written:
        shutil.rmtree("back", ignore_errors=True)
        start(["restore", folder, "-o", "back", "--report", "r.jsonl"]).communicate(timeout=120)
        assert {name: Path("back", name).read_bytes() for name in written} == {name: old[name] for name in written}


def clear(given: Path) -> None:
    for name in ("in", "out", "profiles"):
        shutil.rmtree(name, ignore_errors=True)
    for path in Path().glob("r.jsonl*"):
        path.unlink()
    shutil.copytree(given, "in")


@pytest.mark.parametrize("way", WAYS)
def test_a_kill_leaves_whole_files_and_a_second_run_completes(pages: Path, way: str) -> None:
    arguments, folder, again, given = WAYS[way]
    if given == "cleaned":
        finish(["clean", "kept", "-o", given, "--report", "done"])
    clear(pages.with_name(given))
    took = finish(arguments)
    texts = tree_of(folder, hidden=True)
    report = Path("r.jsonl").read_bytes() if Path("r.jsonl").exists() else b""
    old = tree_of(given, hidden=True)
    assert given == "kept" or texts == tree_of("kept", hidden=True)
    chance = random.Random(f"{way} {os.environ.get('DEDUP_KILLS_SEED', '')}")  # noqa: S311 (no secret)
    wanted = -(-KILLS // len(WAYS))
    struck = 0
    for _ in range(4 * wanted + 8):
        clear(pages.with_name(given))
        took, killed = kill(arguments, chance.uniform(0.1, 1), took)
        struck += killed
        there = tree_of(folder, hidden=False)
        whole = {name: {texts[name], old.get(name, texts[name]) if folder == "in" else texts[name]} for name in texts}
        assert all(data in whole[name] for name, data in there.items())
        assert folder != "in" or there.keys() == old.keys()
        assert folder == "in" or tree_of("in", hidden=True) == old
        if way.startswith("clean"):
            check_undoing(folder, {name: data for name, data in there.items() if data != old[name]}, old)
        resumes = "--resume" in again or folder == "in"
        finish([*arguments, *again] if resumes or Path(folder).exists() or Path("r.jsonl").exists() else arguments)
        assert tree_of(folder, hidden="--resume" in again) == texts
        assert not report or Path("r.jsonl").read_bytes() == report
        assert not Path("r.jsonl.journal").exists()
        if struck == wanted:
            break
    assert struck == wanted, "no run was there to be killed any more"


def test_a_run_that_is_killed_at_every_go_gets_to_its_end(pages: Path) -> None:
    arguments, folder, *_ = WAYS["clean in place"]
    clear(pages)
    took = finish(arguments)
    texts, report = tree_of(folder, hidden=True), Path("r.jsonl").read_bytes()
    clear(pages)
    chance = random.Random(5)  # noqa: S311 (no secret)
    for _ in range(max(2, KILLS // 20)):
        kill([*arguments, "--resume"], chance.uniform(0.5, 1), took)
    finish([*arguments, "--resume"])
    assert (tree_of(folder, hidden=True), Path("r.jsonl").read_bytes()) == (texts, report)


@pytest.mark.skipif(sys.platform != "linux", reason="children are listed by /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_the_process_that_began_them(pages: Path, end: signal.Signals) -> None:
    del pages
    subprocess.run([sys.executable, "-m", "dedup", "learn", "kept", "-o", "profiles", "--quiet"], check=True)
    command = ["clean", "--profile", "profiles", "--format", "jsonl", "--workers", "2", "--quiet"]
    line = json.dumps({"text": "\n".join(f"The harbour was quiet on day {n}, and nobody came to see it." for n in range(400))})
    with subprocess.Popen(
        [sys.executable, "-m", "dedup", *command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.stdin is not None
        workers: list[int] = []
        for _ in range(1200):  # more than is judged before workers begin
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            workers = _children(process.pid)
            if len(workers) == 2:
                break
        assert len(workers) == 2
        process.send_signal(end)
        process.wait(20)
        assert process.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}[end]
        with suppress(BrokenPipeError):
            process.stdin.close()
    assert _gone(workers)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _gone(pids: list[int]) -> bool:
    """Whether processes end within some seconds; one that is dead and not yet waited for counts as gone."""
    for _ in range(200):
        states = [Path(f"/proc/{pid}/stat") for pid in pids]
        if not any(state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z" for state in states):
            return True
        time.sleep(0.05)
    return False
