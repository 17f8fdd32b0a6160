"""The same input gives the same bytes: whatever the order of the inputs, the workers, the kernel."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from dedup.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITES = ("alder.example", "birch.example", "cedar.example")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, story: Callable[[int], list[str]]) -> Path:
    """Three sites with furniture, and stories that went from one to the other: whole, trimmed, edited, and their leads alone."""
    root = tmp_path_factory.mktemp("tree")
    chance = random.Random(1)  # noqa: S311 (the same in each run)
    for number in range(45):
        site = SITES[number % 3]
        told = story(number - number % 5)
        if number % 5 == 1:
            told = told[:-1]
        elif number % 5 == 2:
            told = [" ".join(word if chance.random() > 0.05 else "other" for word in line.split()) for line in told]
        elif number % 5 == 3:
            told = [*story(1000 + number), told[1]]
        elif number % 5 == 4:
            told = [*told, told[1]]
        path = root / site / f"{number:02}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n\n".join([f"The {site} daily", *told, f"Nothing of {site} may be printed again without our consent."]))
    return root


def run(*arguments: object) -> None:
    assert app([str(argument) for argument in arguments], standalone_mode=False) == 0


@pytest.fixture(scope="module")
def whole(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    report = tmp_path_factory.mktemp("whole") / "report.jsonl"
    run("find", tree, "--report", report, "-q")
    data = report.read_bytes()
    for kind in ("document", "repeat", "copy", "lead", "furniture", "pair", "cluster"):
        assert f'{{"kind": "{kind}"'.encode() in data
    return data


@pytest.mark.parametrize("kernel", ["fast", "reference"])
def test_both_kernels_find_the_same(kernel: str, tree: Path, whole: bytes, tmp_path: Path) -> None:
    run("find", tree, "--kernel", kernel, "--report", tmp_path / "report.jsonl", "-q")
    assert (tmp_path / "report.jsonl").read_bytes() == whole


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_inputs_changes_nothing(seed: int, tree: Path, whole: bytes, tmp_path: Path) -> None:
    files = sorted(map(str, tree.rglob("*.txt")))
    random.Random(seed).shuffle(files)  # noqa: S311 (the same in each run)
    (tmp_path / "list").write_text("\n".join(files))
    listed = ("--files-from", tmp_path / "list", "--root", tree, "-q")
    run("find", *listed, "--report", tmp_path / "report.jsonl")
    assert (tmp_path / "report.jsonl").read_bytes() == whole
    run("filter", *listed, "-o", tmp_path / "a", "--report", tmp_path / "a.jsonl")
    run("filter", tree, "-q", "-o", tmp_path / "b", "--report", tmp_path / "b.jsonl")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert {p.relative_to(tmp_path / "a"): p.read_bytes() for p in (tmp_path / "a").rglob("*.txt")} == {
        p.relative_to(tmp_path / "b"): p.read_bytes() for p in (tmp_path / "b").rglob("*.txt")
    }


def test_the_number_of_workers_changes_nothing(tree: Path, whole: bytes, tmp_path: Path) -> None:
    run("find", tree, "--workers", 2, "--report", tmp_path / "find.jsonl", "-q")
    assert (tmp_path / "find.jsonl").read_bytes() == whole
    cleaned = {}
    for workers in (1, 2):
        out, report = tmp_path / f"{workers}", tmp_path / f"{workers}.jsonl"
        run("clean", tree, "--strip", "copy", "--workers", workers, "-o", out, "--report", report, "-q")
        left = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.txt")}
        cleaned[workers] = left, report.read_bytes()
    assert cleaned[1] == cleaned[2]
    assert len(cleaned[1][0]) == 45
    assert b'{"kind": "copy"' in cleaned[1][1]
