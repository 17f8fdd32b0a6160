"""Runs a command in a fresh process and measures it: wall and CPU time, and memory sampled from /proc (Linux)."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

_EVERY = 0.01  # seconds between two looks at the memory
_SELDOM = 0.1  # the same of several processes: to tell what they share, all of their pages are looked at
_THREADS = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Start:
    """How a command is started.

    Attributes:
        command: program and arguments.
        workers: cores that it may run on; libraries are told the same number of threads.
        env: added to this process's environment.
        timeout: seconds after which it is killed, with all it started.
        pipe: a file that `cat` gives it on standard input; else it has none.
        keep: whether what it prints is wanted; else it goes to /dev/null.
    """

    command: Sequence[str]
    workers: int = 1
    env: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 600
    pipe: Path | None = None
    keep: bool = True


@dataclass(frozen=True)
class Outcome:
    """What one run took.

    Attributes:
        status: exit status; negative: the signal that ended it.
        wall: seconds from start to end of the process.
        cpu: seconds of user and system time, of the process and of those it waited for.
        peak: bytes of resident memory at the most: of the process and its children, sampled; what they share counts once.
        anonymous: bytes of that which are not mapped from files, at the most.
        output: what it printed.
        errors: the last of what it printed on standard error.
    """

    status: int
    wall: float
    cpu: float
    peak: int
    anonymous: int
    output: str
    errors: str


class _Memory(threading.Thread):
    """Watches the memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self.peak = 0
        self.anonymous = 0

    def run(self) -> None:
        """Look at once, and then every few milliseconds until it is over."""
        while True:
            family = list(_family(self._pid))
            if len(family) == 1:
                memory = _fields(f"/proc/{self._pid}/status")
                self._take(max(memory.get("VmHWM", 0), memory.get("VmRSS", 0)), memory.get("RssAnon", 0))
            else:
                shares = [_fields(f"/proc/{pid}/smaps_rollup") for pid in family]
                self._take(*(sum(memory.get(name, 0) for memory in shares) for name in ("Pss", "Pss_Anon")))
            if self._over.wait(_EVERY if len(family) == 1 else _SELDOM):
                return

    def _take(self, resident: int, anonymous: int) -> None:
        self.peak, self.anonymous = max(self.peak, resident), max(self.anonymous, anonymous)

    def end(self) -> None:
        """Stop watching."""
        self._over.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from _family(int(child))


def _fields(path: str) -> dict[str, int]:
    """What a file of /proc says of a process's memory, in bytes by the kernel's names; nothing of a process that is gone."""
    try:
        lines = Path(path).read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    parts = [line.split() for line in lines if line.endswith(" kB")]
    return {part[0].rstrip(":"): int(part[1]) * 1024 for part in parts}


def run(start: Start) -> Outcome:
    """Run a command and wait for it."""
    environment = {**os.environ, **dict.fromkeys(_THREADS, str(start.workers)), **start.env}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start would compile what others find compiled
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as errors:
        source = subprocess.Popen(["cat", str(start.pipe)], stdout=subprocess.PIPE) if start.pipe else None
        with _cores(start.workers):
            begin = time.perf_counter()
            process = subprocess.Popen(
                start.command,
                env=environment,
                stdin=source.stdout if source else subprocess.DEVNULL,
                stdout=printed if start.keep else subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        if source and source.stdout:
            source.stdout.close()
        memory = _Memory(process.pid)
        memory.start()
        alarm = threading.Timer(start.timeout, _kill, [process.pid])
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        alarm.cancel()
        memory.end()
        if source:
            source.wait()
        cpu = usage.ru_utime + usage.ru_stime
        return Outcome(process.returncode, wall, cpu, memory.peak, memory.anonymous, _text(printed), _text(errors)[-2000:])


@contextlib.contextmanager
def _cores(count: int) -> Iterator[None]:
    """What is started inside runs on so many cores, the last ones; this process has all of them again afterwards."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(own)[-count:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def machine() -> dict[str, str | int]:
    """What the figures were made on; nothing that names the machine."""
    info = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    models = [line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(pages / 2**30),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }
