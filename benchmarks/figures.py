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
    from collections.abc import Callable, Mapping

FOLDER = Path(__file__).resolve().parent
RESULTS, FLOORS = FOLDER / "results", FOLDER / "floors.toml"


class Unmeasured(Exception):  # noqa: N818 (not an error: a row that stays empty)
    """Why a figure is not there."""


@dataclass(frozen=True)
class Figure:
    """What the rounds gave: the median, the least and the most; of how many rounds, 1 means that there is no range."""

    median: float
    least: float
    most: float
    rounds: int

    def range(self, shown: Callable[[float], str]) -> str:
        """The least and the most in brackets, behind a blank; "" where there was one round."""
        return f" ({shown(self.least)} to {shown(self.most)})" if self.rounds > 1 else ""


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
        return Figure(median(values), min(values), max(values), len(values))


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

        Where the sides did not have the same rounds, each round of the one is divided by each of the other. Either way the ratio
        of the medians lies between the least and the most.

        Raises:
            Unmeasured: a side of it was not measured, or there is nothing to divide by.
        """
        over, under = _side(results, self.over), _side(results, self.under)
        if min(under.values()) <= 0:
            raise Unmeasured(f"{self.name}: nothing to divide by")
        if over.keys() == under.keys():
            each = [over[number] / under[number] for number in over]
        else:
            each = [one / other for one in over.values() for other in under.values()]
        return Figure(median(over.values()) / median(under.values()), min(each), max(each), len(each))

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
