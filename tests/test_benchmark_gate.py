"""The benchmark suite: its gate fails when it must, its tables come from results."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

_MODULES = ("figures", "gate", "table")


@pytest.fixture(scope="module")
def suite(programs: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """The modules of the suite, as its programs see them."""
    return programs(*_MODULES)


def _raw(case: str, walls: dict[str, list[float]], **changed: object) -> dict[str, Any]:
    """Raw results as run.py writes them."""
    runs = [
        {
            "contender": who,
            "workers": 1,
            "round": number,
            "wall": wall,
            "cpu": wall,
            "peak": 50_000_000,
            "anonymous": 40_000_000,
            "phases": {"sign": wall / 2},
            "counts": {"documents": 10},
        }
        for who, values in walls.items()
        for number, wall in enumerate(values)
    ]
    plain = {
        "format": 1, "case": case, "why": "to see", "quick": False, "corpus": {"kind": "news", "n": 10, "bytes": 2_000_000},
        "settings": {}, "paragraphs": False, "rounds": 3, "titles": {"a": "Tool A", "b": "Tool B"}, "failed": {}, "scores": {},
        "machine": {"cpu": "some CPU", "cores": 2, "memory_gib": 24, "system": "Linux 6", "python": "3.11.7"},
        "versions": {"numpy": "2.0"}, "runs": runs,
    }  # fmt: skip
    return {**plain, **changed}


_FLOORS = """\
[faster]
what = "times faster"
over = { case = "one", contender = "b", workers = 1, measure = "wall" }
under = { case = "one", contender = "a", workers = 1, measure = "wall" }
better = "more"
aim = 5
floor = 3
"""


@pytest.fixture
def measured(suite: SimpleNamespace, tmp_path: Path) -> Callable[..., int]:
    """Writes results and floors; gives the gate's exit status."""

    def write(raw: dict[str, Any], floors: str = _FLOORS) -> int:
        results = tmp_path / "results"
        results.mkdir(exist_ok=True)
        (results / f"{raw['case']}.json").write_text(json.dumps(raw), "utf-8")
        (tmp_path / "floors.toml").write_text(floors, "utf-8")
        return suite.gate.main([str(results), "--floors", str(tmp_path / "floors.toml")])

    return write


def test_gate_passes_what_meets_its_floor(measured: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(_raw("one", {"a": [1, 1.1, 0.9], "b": [4, 4.1, 3.9]})) == 0
    assert "short of what is asked" in capsys.readouterr().out


def test_gate_fails_what_does_not(measured: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(_raw("one", {"a": [1, 1, 1], "b": [2.9, 2.9, 2.9]})) == 1
    assert "worse than the floor 3" in capsys.readouterr().err


def test_gate_fails_where_less_is_better_and_it_is_more(measured: Callable[..., int]) -> None:
    floors = _FLOORS.replace('"more"', '"less"')
    assert measured(_raw("one", {"a": [1, 1, 1], "b": [2.9, 2.9, 2.9]}), floors) == 0
    assert measured(_raw("one", {"a": [1, 1, 1], "b": [3.1, 3.1, 3.1]}), floors) == 1


@pytest.mark.parametrize(
    "changed",
    [{"failed": {"a": "wrong count: pairs is 3 and not 4"}}, {"quick": True}, {"runs": []}],
    ids=["wrong count", "quick corpus", "nothing measured"],
)
def test_gate_fails_results_that_say_nothing(measured: Callable[..., int], changed: dict[str, Any]) -> None:
    assert measured(_raw("one", {"a": [1, 1, 1], "b": [9, 9, 9]}, **changed)) == 1


def test_gate_lets_pass_who_is_not_installed(measured: Callable[..., int]) -> None:
    assert measured(_raw("one", {"a": [1], "b": [9]}, failed={"c": "not installed: c"})) == 0


def test_floors_are_raised_and_lowered_only_with_a_reason(
    suite: SimpleNamespace, measured: Callable[..., int], tmp_path: Path
) -> None:
    file = tmp_path / "floors.toml"
    measured(_raw("one", {"a": [1], "b": [10]}), _FLOORS + "\n" + _FLOORS.replace("[faster]", "[again]"))
    results = suite.figures.Results(tmp_path / "results")
    assert suite.gate.update(results, suite.figures.ratios(file), file) == ["faster", "again"]
    assert [row.floor for row in suite.figures.ratios(file)] == [8.0, 8.0]
    measured(_raw("one", {"a": [1], "b": [5]}), file.read_text("utf-8"))
    results = suite.figures.Results(tmp_path / "results")
    assert suite.gate.update(results, suite.figures.ratios(file), file) == []
    assert suite.gate.update(results, suite.figures.ratios(file), file, 'a slower "machine"') == ["faster", "again"]
    assert [(row.floor, row.lowered) for row in suite.figures.ratios(file)] == [(4.0, "from 8: a slower 'machine'")] * 2


def test_growth_is_the_difference_of_two_cases(suite: SimpleNamespace, tmp_path: Path) -> None:
    small, large = _raw("small", {"a": [1]}), _raw("large", {"a": [1]})
    large["runs"][0] |= {"anonymous": 90_000_000, "counts": {"documents": 1_000_010}}
    for raw in (small, large):
        (tmp_path / f"{raw['case']}.json").write_text(json.dumps(raw), "utf-8")
    side = {"case": "large", "contender": "a", "workers": 1, "less": "small"}
    row = suite.figures.Ratio("m", "", {**side, "measure": "anonymous"}, {**side, "measure": "counts.documents"}, "less", 200)
    assert row.value(suite.figures.Results(tmp_path)).median == pytest.approx(50)


@pytest.mark.parametrize(
    ("over", "under", "value", "least", "most"),
    [
        ([4, 8, 6], [1, 1, 2], 6, 3, 8),
        ([1, 5, 9], [2, 2, 2], 2.5, 0.5, 4.5),
        ([2, 9, 9], [4], 2.25, 0.5, 2.25),  # the rounds of one side say nothing about the other's
        ([9], [3, 1, 2], 4.5, 3, 9),
        ([5], [2], 2.5, 2.5, 2.5),
    ],
    ids=["three rounds", "a steady side", "one round below", "one round above", "one round"],
)
def test_a_ratio_lies_in_its_range(  # noqa: PLR0917 (two sides, three figures)
    suite: SimpleNamespace, tmp_path: Path, over: list[float], under: list[float], value: float, least: float, most: float
) -> None:
    (tmp_path / "one.json").write_text(json.dumps(_raw("one", {"a": under, "b": over})), "utf-8")
    side = {"case": "one", "workers": 1, "measure": "wall"}
    row = suite.figures.Ratio("r", "times", {**side, "contender": "b"}, {**side, "contender": "a"}, "more", 1)
    figure = row.value(suite.figures.Results(tmp_path))
    assert (figure.least, figure.median, figure.most) == pytest.approx((least, value, most))
    told = suite.table.of_ratios(suite.figures.Results(tmp_path), [row])
    assert (" to " in told) == (len(over) > 1 or len(under) > 1)
    assert suite.gate.told(suite.figures.Results(tmp_path), [row])[0].count(" to ") == told.count(" to ")


def test_what_was_measured_lies_in_its_range(suite: SimpleNamespace) -> None:
    figures = []
    for row in suite.figures.ratios():
        with suppress(suite.figures.Unmeasured):
            figures.append(row.value(suite.figures.Results()))
    assert figures
    assert all(figure.least <= figure.median <= figure.most for figure in figures)


def test_nothing_is_divided_by_zero(suite: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps(_raw("one", {"a": [0, 1], "b": [1, 1]})), "utf-8")
    side = {"case": "one", "workers": 1, "measure": "wall"}
    row = suite.figures.Ratio("r", "times", {**side, "contender": "b"}, {**side, "contender": "a"}, "more", 1)
    with pytest.raises(suite.figures.Unmeasured, match="nothing to divide by"):
        row.value(suite.figures.Results(tmp_path))


def test_one_round_has_no_range(suite: SimpleNamespace, measured: Callable[..., int], tmp_path: Path) -> None:
    measured(_raw("one", {"a": [1], "b": [4]}, rounds=1))
    told = suite.table.of_case(suite.figures.Results(tmp_path / "results"), "one")
    assert "| Tool A | 1 | 1 | 2 | 1 | 50 MB |  |  |" in told
    assert "2.0 MB, 1 round.\n" in told


def test_the_tables_are_made_from_results(suite: SimpleNamespace, measured: Callable[..., int], tmp_path: Path) -> None:
    raw = _raw("one", {"a": [1, 1.2, 0.9], "b": [4, 8, 4]}, scores={"a": {"recall": 0.9876, "precision": 1.0}})
    measured({**raw, "failed": {"c": "wrong count: pairs is 3 and not 4"}})
    results = suite.figures.Results(tmp_path / "results")
    rows = suite.figures.ratios(tmp_path / "floors.toml")
    assert "| times faster | **4** ✗ (4 to 6.67) | ≥ 5 |" in suite.table.of_ratios(results, rows)
    told = suite.table.of_case(results, "one")
    assert "| Tool A | 1 | 1 (0.9 to 1.2) | 2 | 1 | 50 MB | 0.988 | 1.000 |" in told
    assert told.index("Tool A") < told.index("Tool B")
    assert "| c | | wrong count: pairs is 3 and not 4 |" in told
    assert "some CPU" in suite.table.machine(results)
    assert suite.table.of_ratios(suite.figures.Results(tmp_path / "nowhere"), rows) == ""
