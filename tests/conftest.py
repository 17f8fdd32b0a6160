"""Invented texts and small workers that several test modules share."""

from __future__ import annotations

import io
import json
import random
import signal
import subprocess
import sys
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import ferry
import islands
import pytest
from hypothesis import HealthCheck, settings

from dedup.boilerplate.learning import Learner
from dedup.engines.describing import describe
from dedup.settings import CleanSettings, LearnSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.model import Document

# No deadlines: what is slow once, because it compiles or the machine is busy, is no failure. The same examples each time, so that
# a failure is of the change that made it; `just explore` looks for others.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _PATIENT)
settings.register_profile("same", _PATIENT, derandomize=True)
settings.load_profile("same")

# Processes inherit which signals are ignored, and in the background of a shell SIGINT is: here the tests say who hears what.
for _name in ("SIGINT", "SIGTERM", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)


# Where a test names no encoding, it writes and reads UTF-8, whatever the locale says, as every Python will from 3.15 on. That the
# program names its own is held by test_cli_faults_pipes.py::test_whatever_the_locale_and_the_home.
pytest.MonkeyPatch().setattr(io, "text_encoding", lambda encoding, _stacklevel=2: encoding or "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the golden files anew instead of comparing with them")


@pytest.fixture(scope="session", params=islands.LANGUAGES)
def article(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """A headline and the paragraphs of running text under it, in one language after the other."""
    return islands.article(request.param)


@pytest.fixture(scope="session")
def english() -> tuple[str, ...]:
    """The headline and five paragraphs in English."""
    return islands.article("en")


@pytest.fixture(scope="session")
def articles() -> Mapping[str, Sequence[str]]:
    """All articles by language."""
    return {language: islands.article(language) for language in islands.LANGUAGES}


@pytest.fixture(scope="session")
def story() -> Callable[[int], list[str]]:
    """Makes the story of a number: a headline and four paragraphs that no other number's story has a line of."""

    def make(number: int) -> list[str]:
        chance = random.Random(number)  # noqa: S311 (the same stories in each run)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]
        words = ["".join(chance.choices(syllables, k=chance.choice((2, 2, 3)))) for _ in range(120)]
        bounds = [0, 6, 34, 60, 90, 120]
        lines = [" ".join(words[a:b]).capitalize() for a, b in pairwise(bounds)]
        return [lines[0], *(f"{line}." for line in lines[1:])]

    return make


@pytest.fixture(scope="session")
def learned() -> Callable[..., dict[str, Profile]]:
    """Learns profiles from documents, as the engine does."""

    def learn(documents: Iterable[Document], settings: LearnSettings | None = None) -> dict[str, Profile]:
        learner = Learner(settings or LearnSettings())
        for document in documents:
            (described,) = describe([document.text], CleanSettings())
            learner.add([document], described.occurrences())
        return learner.profiles()

    return learn


class Done(NamedTuple):
    """How a command ended, and what it said.

    Attributes:
        status: its exit status.
        out: standard output.
        err: standard error.
    """

    status: int
    out: bytes
    err: str


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def dedup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """Runs the command line in this process, in an empty folder; `given` None: standard input is a terminal."""
    from dedup.cli import app  # noqa: PLC0415 (most tests need no command line)

    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, given: bytes | None = b"") -> Done:
        stdin = _Terminal(io.BytesIO()) if given is None else io.TextIOWrapper(io.BytesIO(given))
        monkeypatch.setattr(sys, "stdin", stdin)
        status = app([str(argument) for argument in arguments], standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return Done(status, out, err.decode())

    return run


@pytest.fixture(scope="module")
def programs() -> Iterator[Callable[..., SimpleNamespace]]:
    """Loads programs of `benchmarks/` by name, as they see each other; they are no package."""
    folder = str(Path(__file__).resolve().parent.parent / "benchmarks")
    loaded: list[str] = []

    def load(*names: str) -> SimpleNamespace:
        loaded.extend(names)
        return SimpleNamespace(**{name: __import__(name) for name in names})

    sys.path.insert(0, folder)
    try:
        yield load
    finally:
        sys.path.remove(folder)
        for name in loaded:
            sys.modules.pop(name, None)


class Kiosk(NamedTuple):
    """An article with a repeat and a footer, for the tests of what goes wrong outside.

    Attributes:
        kept: what is left of it.
        article: all of it.
    """

    kept: str
    article: str

    def jsonl(self, count: int) -> bytes:
        """So many records with the article."""
        return b"".join(json.dumps({"id": str(number), "text": self.article}).encode() + b"\n" for number in range(count))


@pytest.fixture(scope="session")
def kiosk() -> Kiosk:
    """The article of the kiosk."""
    kept = """Kiosk on Elder Square opens again

The kiosk on Elder Square opens again on Friday, two years after a lorry had driven backwards through its only window.

Its new tenant wants to sell newspapers, plums and bicycle tubes, as his grandfather did when trams still turned there.
"""
    return Kiosk(kept, f"{kept}\n{kept.splitlines()[2]}\n\n© 2025 The Elder Post. All rights reserved\n")


class Watched(NamedTuple):
    """How a command ended, of which `told_well` is true."""

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
def told_well(here: Path) -> Callable[[bytes], list[str]]:
    """Gives the lines that a command told when it ended: no traceback is among them, and no temporary file is left."""

    def lines_of(told: bytes) -> list[str]:
        lines = told.decode().splitlines()
        assert not [line for line in lines if "Traceback" in line or "Exception" in line]
        assert list((here.parent / "temporary").iterdir()) == []
        assert not list(here.rglob(".dedup-*"))
        return lines

    return lines_of


@pytest.fixture
def watched(
    told_well: Callable[[bytes], list[str]], monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Watched]:
    """Runs the command line in this process."""
    from dedup.cli import app  # noqa: PLC0415 (most tests need no command line)

    monkeypatch.setattr(tempfile, "tempdir", None)

    def run(*arguments: str) -> Watched:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        status = app(list(arguments), standalone_mode=False)
        out, err = capsysbinary.readouterr()
        return Watched(status, out, told_well(err))

    return run


@pytest.fixture
def process(told_well: Callable[[bytes], list[str]]) -> Callable[..., Watched]:
    """Runs the command line in a process of its own; with a limit, files of more bytes fail as on a full disk."""

    def run(*arguments: str, given: bytes = b"", limit: int | None = None, redirect: str = "") -> Watched:
        command: list[str] = [sys.executable, "-m", "dedup", *arguments]
        if redirect:
            command = ["sh", "-c", f'exec "$@" {redirect}', "sh", *command]
        before = None if limit is None else partial(_limit_files, limit)
        done = subprocess.run(command, input=given, capture_output=True, check=False, preexec_fn=before)
        return Watched(done.returncode, done.stdout, told_well(done.stderr))

    return run


def _limit_files(size: int) -> None:
    import resource  # noqa: PLC0415 (not on Windows)

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.fixture(scope="session")
def profiles() -> dict[str, Profile]:
    """What was learned of the harbour town's paper; see `ferry`."""
    return ferry.learned()
