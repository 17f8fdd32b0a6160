"""The same input gives the same bytes: whatever the order of the inputs, the workers, the kernel."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from dedup import reading
from dedup.cli import app
from dedup.clusters import Preference
from dedup.engines import embedded, finding, telling
from dedup.report import Report
from dedup.settings import CleanSettings, FindSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITES = ("alder.example", "birch.example", "cedar.example")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, story: Callable[[int], list[str]]) -> Path:
    """Three sites with furniture, and stories that went from one to the other: whole, trimmed, edited, and their leads alone."""
    root = tmp_path_factory.mktemp("tree")
    chance = random.Random(1)  # noqa: S311 (the same in each run)
    for number in range(90):
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


def find_and_clean(tree: Path, folder: Path, workers: int) -> tuple[bytes, bytes, dict[str, bytes]]:
    """The reports of find and of clean with copies, and what is left."""
    options: dict[str, Any] = dict.fromkeys(("files_from", "format", "site"))
    sources, skipped = reading.find_sources([str(tree)], root=None, include=(), exclude=(), **options)
    inputs = embedded.Inputs(sources, skipped)
    cleaning = CleanSettings()
    profiles, _ = embedded.learn(inputs, cleaning)
    (folder / "scratch").mkdir(parents=True)
    found = finding.find(
        inputs,
        cleaning=cleaning,
        settings=FindSettings(),
        profiles=profiles,
        kernel="auto",
        preference=Preference(),
        folder=folder / "scratch",
        workers=workers,
    )
    with (folder / "find").open("wb") as stream:
        telling.tell(found, Report(stream), "0", cleaning)
    to = outputs.plan(sources, f"{folder}/out/", fields=inputs.fields, single=False, folders=(str(tree),), force=False)
    with (folder / "clean").open("wb") as stream:
        embedded.clean(inputs, cleaning, profiles, Report(stream), to, workers=workers, copied=finding.copied_paragraphs(found))
    left = {path.relative_to(folder / "out").as_posix(): path.read_bytes() for path in (folder / "out").rglob("*.txt")}
    return (folder / "find").read_bytes(), (folder / "clean").read_bytes(), left


def test_the_number_of_workers_changes_nothing(tree: Path, tmp_path: Path) -> None:
    alone = find_and_clean(tree, tmp_path / "1", 1)
    assert find_and_clean(tree, tmp_path / "2", 2) == alone
    assert b'"kind": "copy"' in alone[1]
    assert len(alone[2]) == 90
