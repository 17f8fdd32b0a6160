"""`dedup.find` for Python: what it gives for nothing, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dedup as package
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done


def test_nothing_is_found_in_nothing() -> None:
    for documents in ([], [""], ["", "", " \n"], ["***", "***"], [{"text": ""}, {"text": "\u200b"}]):
        report = package.find(documents)
        assert (report.pairs, report.clusters, report.leads) == ((), (), ())
        assert report.counts["documents"] == len(documents)
        assert report.weakest() == []
        assert report.rethreshold(0.9).clusters == ()


@pytest.mark.parametrize("setting", [{"threshold": 0}, {"threshold": 1.2}, {"recall": 1}, {"recall": 0}, {"kernel": "other"}])
def test_what_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        package.find(["some words"], **setting)


def test_what_is_learned_in_python_is_what_the_command_learns(dedup: Callable[..., Done]) -> None:
    sites = Path(__file__).resolve().parent.parent / "examples" / "sites"
    records = [
        {"id": path.relative_to(sites).as_posix(), "site": path.parent.name, "text": path.read_text("utf-8")}
        for path in sites.rglob("*.txt")
    ]
    profiles = package.learn(records)
    assert sorted(profiles) == sorted({record["site"] for record in records})
    assert dedup("clean", sites, "-o", "cleaned", "-q").status == 0
    for record in records:
        left = package.clean(record["text"], site=record["site"], profile=profiles).text
        assert left == Path("cleaned", record["id"]).read_text("utf-8")


def test_nothing_is_learned_from_nothing() -> None:
    assert package.learn([]) == {}
    assert package.learn(["A text without a site.", {"text": "One of a site.", "site": "s"}]) == {}
    with pytest.raises(UsageError, match="it has no `text`"):
        package.learn([{"body": "x"}])
    with pytest.raises(UsageError):
        package.learn([], paragraphs="page")  # type: ignore[arg-type]
