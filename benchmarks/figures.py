"""Reads raw results, and makes the ratios of floors.toml from them."""

from __future__ import annotations

import functools
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent
RESULTS, FLOORS = FOLDER / "results", FOLDER / "floors.toml"


class Unmeasured(Exception):  # noqa: N818 (not an error: a row that stays empty)
    """Why a figure is not there."""


@dataclass(frozen=True)
class Figure:
    """What several rounds gave: the median, the least and the most."""

    median: float
    least: float
    most: float


class Results:
    """A folder of raw results, read as they are asked for.

    Args:
        folder: of run.py.
    """

    def __init__(self, folder: Path = RESULTS) -> None:
        self._folder = folder

    @functools.cache  # noqa: B019 (a program reads one folder)
    def case(self, name: str) -> dict[str, Any]:
        """The raw results of a case.

        Raises:
            Unmeasured: there are none.
        """
        path = self._folder / f"{name}.json"
        if not path.exists():
            raise Unmeasured(f"{name} was not run")
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return found

    def names(self) -> list[str]:
        """The cases that were run."""
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def rounds(self, case: str, contender: str, workers: int, measure: str) -> dict[int, float]:
        """A measure of each round.

        Raises:
            Unmeasured: the contender has no times in that case, or the measure is not one.
        """
        raw = self.case(case)
        found = {}
        for run in raw["runs"]:
            if run["contender"] == contender and run["workers"] == workers:
                found[run["round"]] = _measure(run, measure, raw["corpus"]["bytes"])
        if not found:
            raise Unmeasured(f"{contender} has no times in {case}: {raw['failed'].get(contender, 'it did not take part')}")
        return found

    def figure(self, case: str, contender: str, workers: int, measure: str) -> Figure:
        """A measure over all rounds."""
        values = list(self.rounds(case, contender, workers, measure).values())
        return Figure(median(values), min(values), max(values))


def _measure(run: Mapping[str, Any], measure: str, size: int) -> float:
    if measure == "wall_per_mb":
        return float(run["wall"]) / (size / 1e6)
    group, _, name = measure.partition(".")
    value = run[group].get(name) if name else run[group]
    if value is None:
        raise Unmeasured(f"{run['contender']} tells no {measure}")
    return float(value)


@dataclass(frozen=True)
class Ratio:
    """A row of floors.toml."""

    name: str
    what: str
    over: dict[str, Any]
    under: dict[str, Any]
    better: str
    aim: float
    floor: float | None = None
    lowered: str = ""

    def value(self, results: Results) -> Figure:
        """The ratio of the medians; its least and most are those of the ratios a round.

        Raises:
            Unmeasured: a side of it was not measured.
        """
        over, under = _side(results, self.over), _side(results, self.under)
        each = [over[number] / under[number] for number in over.keys() & under.keys() if under[number]]
        if not each:
            raise Unmeasured(f"{self.name}: nothing to divide by")
        return Figure(median(over.values()) / median(under.values()), min(each), max(each))

    def meets(self, value: float, wanted: float) -> bool:
        """Whether a value is as good as is wanted."""
        return value >= wanted if self.better == "more" else value <= wanted


def _side(results: Results, given: Mapping[str, Any]) -> dict[int, float]:
    """One side of a ratio, by round."""
    found = results.rounds(given["case"], given["contender"], given["workers"], given["measure"])
    if "less" in given:
        base = results.figure(given["less"], given["contender"], given["workers"], given["measure"]).median
        found = {number: value - base for number, value in found.items()}
    return found


def ratios(file: Path = FLOORS) -> list[Ratio]:
    """All rows, in the order of the file."""
    return [Ratio(name, **raw) for name, raw in tomllib.loads(file.read_text("utf-8")).items()]
