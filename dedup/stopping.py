"""How a run is stopped by Ctrl-C, SIGTERM or a closed terminal: what was only for this run goes at once, what is done stays.

Nothing is unwound: an exception from a signal is lost in callbacks and in other people's `except:`, it comes between the making
of a file and the note of who removes it, and waits where a reader has stalled. So what has to go is noted before it is made.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # see `dedup`
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last: the terminal was closed
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
_TRIES = 3  # another thread may be writing to a folder that is removed

_passing: set[str] = set()  # files and folders
_waiting: list[int] = []  # signals that came while they were held back
_held = False
_listens = False


def listen() -> None:
    """From now on a signal ends the process, with 128 and its number; one that who began the process had ignored is not heard.

    On Windows everything stays as Python has it.
    """
    global _listens  # noqa: PLW0603 (a process has one state of its signals)
    _listens = True
    if sys.platform != "win32":
        for number in SIGNALS:
            if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
                signal.signal(number, _stop)


def listens() -> bool:
    """Whether this process is the command's own, where nobody else's code runs."""
    return _listens


def no_more() -> None:
    """All is done and told: only Python's own end is left, which nothing is to interrupt."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def goes(path: str) -> None:
    """Note a file or folder, before it is made, that is to be gone when the run is stopped."""
    _passing.add(path)


def stays(path: str) -> None:
    """It has its own name now, or is gone."""
    _passing.discard(path)


@contextmanager
def folder() -> Iterator[str]:
    """A folder for temporary files, of this user only; it is gone at the end.

    Raises:
        OSError: it cannot be made.
    """
    import secrets  # noqa: PLC0415 (these three: help must not wait for them)
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    with held():  # it tries where a file can be made
        above = tempfile.gettempdir()
    path = os.path.join(above, f"dedup-{secrets.token_hex(8)}")  # noqa: PTH118 (no Path is needed)
    goes(path)
    os.mkdir(path, 0o700)  # noqa: PTH102 (as above)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        stays(path)


@contextmanager
def held() -> Iterator[None]:
    """Hold signals back until the end of the block; processes that are begun in it hear of none before they wish to."""
    global _held  # noqa: PLW0603 (a process has one state of its signals)
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # another thread may still take one
    _held = True
    try:
        yield
    finally:
        _held = False
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if _waiting:
            _end(_waiting[0])


def as_worker() -> None:
    """In a process that was begun to work: the one that began it ends it."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _stop(number: int, _frame: FrameType | None) -> None:
    if _held:
        _waiting.append(number)
    else:
        _end(number)


def _end(number: int) -> None:
    try:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        _end_workers()
        _remove()
        if sys.stderr is not None:
            begin = b"\n" if sys.stderr.isatty() else b""  # below a bar of progress
            os.write(sys.stderr.fileno(), begin + b"dedup: stopped\n")
    finally:
        os._exit(128 + number)


def _end_workers() -> None:
    if "threading" in sys.modules:
        import threading  # noqa: PLC0415 (loaded where there can be workers)

        threading.excepthook = lambda _: None  # a thread that looks after workers complains of their end
    multiprocessing, util = (sys.modules.get(name) for name in ("multiprocessing", "multiprocessing.util"))
    if multiprocessing is not None and hasattr(multiprocessing, "active_children"):
        for process in multiprocessing.active_children():
            with suppress(Exception):  # it has ended, or another thread waits for it
                process.kill()
                process.join(1)
    if util is not None and hasattr(util, "_run_finalizers"):
        with suppress(Exception):
            util._exiting = True  # type: ignore[attr-defined]  # noqa: SLF001 (its threads show no errors then)
            util._run_finalizers(0)  # noqa: SLF001 (its semaphores; else another process of Python's tells of them on stderr)


def _remove() -> None:
    for path in sorted(_passing):
        with suppress(OSError):
            os.unlink(path)  # noqa: PTH108 (as above)
            continue
        if os.path.isdir(path):  # noqa: PTH112 (as above)
            import shutil  # noqa: PLC0415 (who made a folder has it)

            for _ in range(_TRIES):
                shutil.rmtree(path, ignore_errors=True)
