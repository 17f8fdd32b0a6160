"""A pile of copies, and a footer on every document: the work grows as the pile does, and the report stays below it.

What is counted is work: lines of Python that were run, hashes and pairs that a kernel was given. With DEDUP_SLOW=1 larger
piles are timed as well.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from dedup import kernels, reading
from dedup.cli import app
from dedup.engines import finding, found_report
from dedup.engines.inputs import Inputs
from dedup.kernels import reference
from dedup.matching.clusters import Preference
from dedup.reporting.report import Report
from dedup.settings import CleanSettings, FindSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

FOOTER = "Letters to the editor are read by all of us and answered by the end of the week at the latest"
MODULES = (
    "columns",
    "pairing",
    "clusters",
    "copies",
    "finding",
    "matching",
    "found_report",
    "filtering",
    "verify",
    "families",
    "candidates",
)


def words(chance: random.Random, count: int) -> str:
    return " ".join(f"{chance.getrandbits(32):x}" for _ in range(count))


def copies(count: int) -> Iterator[str]:
    text = words(random.Random(0), 60) + "\n\n" + words(random.Random(1), 60)  # noqa: S311 (the same in each run)
    for _ in range(count):
        yield text


def footers(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"{words(random.Random(number), 60)}\n\n{FOOTER}"  # noqa: S311 (the same in each run)


def near_copies(count: int) -> Iterator[str]:
    text = words(random.Random(0), 60).split()  # noqa: S311 (the same in each run)
    for number in range(count):
        yield " ".join([*text[: number % 59], f"word{number}", *text[number % 59 + 1 :]])


def pile(path: Path, make: Callable[[int], Iterator[str]], count: int) -> Path:
    with path.open("w") as file:
        for number, text in enumerate(make(count)):
            file.write(json.dumps({"id": f"{number:05}", "text": text}) + "\n")
    return path


class Work:
    """Counts the lines that are run in the modules of matching, and what the reference kernel is given."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.counts: Counter[str] = Counter()
        self.__name__ = self.name = "reference"
        patch.setattr(kernels, "load", lambda _: self)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:  # noqa: ANN401 (any kernel function)
            self.counts[name] += sum(len(argument) for argument in arguments if hasattr(argument, "__len__"))
            return getattr(reference, name)(*arguments)

        return counted

    def trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_globals.get("__name__", "").rpartition(".")[2] not in MODULES:
            return None
        self.counts["lines"] += event == "line"
        return self.trace


def work(source: Path, folder: Path, patch: pytest.MonkeyPatch) -> Counter[str]:
    """What it takes to find, tell, and choose what goes."""
    counted = Work(patch)
    folder.mkdir()
    options: dict[str, Any] = dict.fromkeys(("root", "files_from", "format", "site"))
    sources, skipped = reading.find_sources([str(source)], include=(), exclude=(), **options)
    previous = sys.gettrace()
    sys.settrace(counted.trace)
    try:
        found = finding.find(
            Inputs(sources, skipped),
            cleaning=CleanSettings(learn=False),
            settings=FindSettings(strip=False),
            profiles={},
            kernel="reference",
            preference=Preference(),
            folder=folder,
        )
        with (folder / "report").open("wb") as stream:
            found_report.tell(found, Report(stream), "0", CleanSettings())
        finding.droppings(found)
        finding.copied_paragraphs(found)
    finally:
        sys.settrace(previous)
    assert counted.counts["lines"] > 10_000
    assert counted.counts["signatures"] > 0
    return counted.counts


@pytest.mark.parametrize("make", [copies, footers, near_copies])
def test_the_work_grows_as_the_pile_does(
    make: Callable[[int], Iterator[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (work(pile(tmp_path / f"{n}.jsonl", make, n), tmp_path / str(n), monkeypatch) for n in (250, 500))
    for name in one:
        assert two[name] < 2.6 * one[name] + 1000, name


def report_of(make: Callable[[int], Iterator[str]], count: int, folder: Path, *more: str) -> tuple[float, float, dict[str, int]]:
    """The seconds it took to find, the report's size by that of the pile, and the counts."""
    source, report = pile(folder / f"{count}.jsonl", make, count), folder / f"{count}.report"
    before = time.process_time()
    assert app(["find", str(source), "--report", str(report), "-q", *more], standalone_mode=False) == 0
    seconds = time.process_time() - before
    counts: dict[str, int] = json.loads(report.read_bytes().splitlines()[-1])["counts"]
    return seconds, report.stat().st_size / source.stat().st_size, counts


@pytest.mark.parametrize("make", [copies, footers])
@pytest.mark.parametrize("more", [(), ("--raw",)])
def test_the_report_stays_below_the_pile(
    make: Callable[[int], Iterator[str]], more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, share, counts = report_of(make, 2000, tmp_path, *more)
    capsys.readouterr()
    assert counts["documents"] == 2000
    assert counts["clusters"] == (make is copies)
    assert counts["contents"] == (1 if make is copies else 2000)
    assert counts["copies"] == 0
    assert counts["candidate_document_pairs"] < 10 * 2000
    assert share < 1


@pytest.mark.skipif(os.environ.get("DEDUP_SLOW") != "1", reason="minutes; set DEDUP_SLOW=1")
@pytest.mark.parametrize("more", [(), ("--raw",)])
@pytest.mark.parametrize("make", [copies, footers, near_copies])
def test_large_piles_take_their_time_and_no_more(
    make: Callable[[int], Iterator[str]], more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_of(make, 100, tmp_path, *more)  # what is loaded once
    told = [(count, *report_of(make, count, tmp_path, *more)[:2]) for count in (10_000, 20_000, 50_000)]
    capsys.readouterr()
    for count, seconds, share in told:
        sys.stderr.write(f"{make.__name__} {more} {count:,}: {seconds:.1f} s, report {share:.2f} of the pile\n")
    assert told[1][1] < 3 * told[0][1]
    assert told[2][1] < 7.5 * told[0][1]
    assert all(share < 1 for *_, share in told if make is not near_copies)
