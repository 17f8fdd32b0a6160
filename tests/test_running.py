"""Pages of one template are no copies of each other, where the site is too small to learn its furniture from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import dedup
from dedup import kernels
from dedup.matching import running
from dedup.matching.columns import Row, kept
from dedup.matching.columns_builder import Builder
from dedup.settings import FindSettings
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

_ITEMS = [
    f"{thing} {place} timetable"
    for thing in ("Ferry", "Tram", "Coach", "Harbour", "Quarry", "Lido", "Depot", "Signal")
    for place in ("north", "south", "inner", "outer", "upper", "lower", "Sorrel", "Carrow")
]
_STORIES = {
    "a": [
        "The council voted on Monday to close the swimming pool in Mill Lane for at least two years of repairs.",
        "Engineers had found that the roof beams were rotten, and that no firm would insure the building any longer.",
    ],
    "b": [
        "A lorry that carried nine tonnes of barley overturned near the old bridge, and nobody was hurt in the accident.",
        "Farmers came with shovels and trailers before noon, while the police led the traffic through the village.",
    ],
}


def page(name: str, site: str | None = None) -> dict[str, str | None]:
    return {"id": name, "site": site, "text": "\n".join([*_ITEMS, *_STORIES[name]])}


def others(site: str, count: int) -> list[dict[str, str]]:
    return [{"id": f"other {n}", "site": site, "text": "Nothing is known of that."} for n in range(count)]


@pytest.mark.parametrize("site", [None, "small.example"])
def test_pages_that_tell_different_things_are_partial_at_most(site: str | None) -> None:
    found = dedup.find([page("a", site), page("b", site)])
    assert [(pair.relation, pair.jaccard > 0.5, pair.running) for pair in found.pairs] == [("partial", True, 0.0)]
    assert not found.clusters
    assert not found.dropped
    assert found.counts["pairs_apart"] == 1
    assert found.rethreshold(0.6).pairs[0].relation == "partial"


def test_without_stripping_a_threshold_is_a_threshold() -> None:
    found = dedup.find([page("a"), page("b")], raw=True)
    assert [pair.relation for pair in found.pairs] == ["near_duplicate"]
    assert found.counts["pairs_apart"] == 0


@pytest.mark.parametrize("sites", [("one.example", "two.example"), ("one.example", None)])
def test_what_two_sites_share_is_no_template(sites: tuple[str | None, str | None]) -> None:
    found = dedup.find([page("a", sites[0]), page("b", sites[1])])
    assert [pair.relation for pair in found.pairs] == ["near_duplicate"]


def test_what_a_site_with_more_documents_shares_is_told_by_counting() -> None:
    for count, relation in ((running.FEW - 3, "partial"), (running.FEW - 2, "near_duplicate")):
        found = dedup.find([page("a", "s"), page("b", "s"), *others("s", count)])
        assert [pair.relation for pair in found.pairs if pair.a == "a"] == [relation]


def test_a_page_that_was_cut_and_edited_stays_a_copy() -> None:
    text = page("a")["text"]
    assert text is not None
    edited = text.replace("on Monday", "late on Tuesday").replace("rotten", "quite rotten")
    found = dedup.find([page("a"), {"id": "c", "text": edited}])
    assert [pair.relation for pair in found.pairs] == ["near_duplicate"]


def test_pages_without_running_text_are_compared_by_all_they_have() -> None:
    texts = ["\n".join([*_ITEMS, last]) for last in ("Closed on Sundays", "Open on feast days")]
    assert [pair.relation for pair in dedup.find(texts).pairs] == ["near_duplicate"]


def framed(name: str, site: str | None, entries: list[str]) -> dict[str, str | None]:
    return {"id": name, "site": site, "text": "\n".join([*entries, *_STORIES["a"], *_STORIES["b"]])}


@pytest.mark.parametrize(("site", "told"), [("two.example", True), ("one.example", False), (None, False)])
def test_a_story_that_another_site_took_over_is_told_amid_other_furniture(site: str | None, told: bool) -> None:
    entries = [f"{item} {number}" for number, item in enumerate(_ITEMS)]
    other = [" ".join(reversed(item.split())) + " booking office" for item in _ITEMS]
    found = dedup.find([framed("a", "one.example", entries), framed("b", site, other)])
    assert [(pair.relation, pair.running) for pair in found.pairs] == ([("partial", 1.0)] if told else [])
    assert all(max(pair.containment_a, pair.containment_b) < 0.4 for pair in found.pairs)
    assert not found.clusters


@pytest.mark.parametrize("name", ["fast", "reference"])
def test_kernels_give_the_same_shares(name: str, tmp_path: Path) -> None:
    builder = Builder(tmp_path)
    for item in (page("a"), page("b")):
        text = str(item["text"])
        builder.add(Row(str(item["id"]), None, None, "").laid(), kept(describe(text, split(text))))
    kernel, columns = kernels.load(name), builder.columns(FindSettings().least)
    compared = running.Running(kernel, columns, lambda chunks: _sets(kernel, chunks))
    for nothing in (compared.of_one_template, compared.of_two_sites):
        assert nothing(np.empty((0, 2), np.int64)).tolist() == []
    assert compared.of_one_template(np.array([[0, 1]])).tolist() == [0.0]
    assert np.isnan(compared.of_two_sites(np.array([[0, 1]]))).all()


def _sets(
    kernel: kernels.Kernel, chunks: Iterable[tuple[NDArray[Any], NDArray[np.int64]]]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    ((data, offsets),) = chunks
    return kernel.shingle_sets(*kernel.word_hashes(data, offsets), 3)
