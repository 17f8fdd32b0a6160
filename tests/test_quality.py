"""The measure of the verdicts: its gate fails when it must, its copies are what they say, its figures are those of pages."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
_MODULES = (
    "quality_sets",
    "quality_gate",
    "quality_planted",
    "quality_rewritten",
    "quality_exact",
    "quality_measuring",
    "quality_defaults",
    "quality",
)
MENU = ["Home", "News", "Weather"]
FOOT = ["Related stories", "The harbour again", "All rights reserved"]


@pytest.fixture(scope="module")
def suite(programs: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """The modules of the suite, as its programs see them."""
    return programs(*_MODULES)


def measured(**shares: float) -> dict[str, Any]:
    return {"pages": {"digest": "d", "records": 2, "floors": {"default": {"all": shares}}}}


# Labels by exhaustion


def test_all_documents_are_compared(suite: SimpleNamespace) -> None:
    words = [f"w{number}" for number in range(40)]
    texts = {
        "whole": words,
        "again": [*words[:-1], "other"],
        "part": words[5:25],
        "half": [*words[20:], *"abcdefghijklmn"],
        "own": ["x"],
    }
    labels = suite.quality_exact.labels([{"id": name, "text": " ".join(text)} for name, text in texts.items()])
    assert {(one["id1"], one["id2"], one["label"]) for one in labels} == {
        ("whole", "again", "near_dup"),
        ("whole", "part", "contained"),
        ("again", "part", "contained"),
        ("whole", "half", "partial"),
        ("again", "half", "partial"),
    }
    assert not list(suite.quality_exact.labels([{"id": "a", "text": "alone"}]))


# The gate


def test_the_gate_passes_what_reaches_the_floors(suite: SimpleNamespace) -> None:
    floors = suite.quality_gate.updated({}, measured(precision=0.9876, kept=1.0), None)
    assert floors["sets"]["pages"]["floors"] == {"default": {"all": {"precision": 0.987, "kept": 1.0}}}
    assert not suite.quality_gate.compare(floors, measured(precision=0.987, kept=1.0))
    assert not suite.quality_gate.compare({}, measured(precision=0.1))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"digest": "e"}, "digest is e"),
        ({"records": 3}, "records is 3"),
        ({"floors": {"default": {"all": {"precision": 0.979}}}}, "precision 0.979 is below its floor 0.98"),
        ({"floors": {"default": {"all": {}}}}, "precision None is below its floor 0.98"),
    ],
)
def test_the_gate_stops_what_is_lower_or_other_data(suite: SimpleNamespace, changed: dict[str, Any], told: str) -> None:
    floors = suite.quality_gate.updated({}, measured(precision=0.98), None)
    got = copy.deepcopy(measured(precision=0.98))
    got["pages"].update(changed)
    (line,) = suite.quality_gate.compare(floors, got)
    assert told in line


def test_floors_rise_by_themselves_and_fall_only_for_a_reason(suite: SimpleNamespace) -> None:
    gate = suite.quality_gate
    floors = gate.updated({}, measured(precision=0.98, recall=0.5), None)
    risen = gate.updated(floors, measured(precision=0.9, recall=0.6), None)
    assert risen["sets"]["pages"]["floors"]["default"]["all"] == {"precision": 0.98, "recall": 0.6}
    assert not risen["lowered"]
    fallen = gate.updated(risen, measured(precision=0.9, recall=0.6), "the labels were wrong")
    assert fallen["sets"]["pages"]["floors"]["default"]["all"] == {"precision": 0.9, "recall": 0.6}
    assert [item["reason"] for item in fallen["lowered"]] == ["the labels were wrong"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--update"],
        ["--lower", "why"],
        ["--gate", "f", "--lower", "why"],
        ["--gate", "f", "--update", "--lower", " "],
        ["--sets", "x"],
    ],
)
def test_options_that_do_not_fit_are_refused(suite: SimpleNamespace, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        suite.quality.main(arguments)
    assert raised.value.code == 2


def test_without_data_there_is_nothing_to_hold(
    suite: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEDUP_DATA", str(tmp_path))
    assert suite.quality.main(["--quick", "--main", "--gate", str(FOLDER / "quality_floors.json")]) == 0
    assert "passed over" in capsys.readouterr().err


# Planted copies


@pytest.fixture
def labelled(story: Callable[[int], list[str]]) -> list[dict[str, Any]]:
    """Pages of three sites, with a story between menu and footer."""
    pages = []
    for number in range(15):
        own = [*story(number), *story(number + 100)[1:]]
        lines = [*MENU, *own, *FOOT]
        labels = [0] * len(MENU) + [1] * len(own) + [0] * len(FOOT)
        pages.append({"id": f"p{number}", "site": f"s{number % 3}", "text": "\n".join(lines), "labels": labels})
    return pages


def test_copies_stand_in_the_furniture_of_another_site(suite: SimpleNamespace, labelled: list[dict[str, Any]]) -> None:
    planted = suite.quality_planted.plant(labelled)
    by_id = {page["id"]: page for page in planted.pages}
    assert len(planted.wanted) == len(labelled) // 3
    assert len(by_id) == len(labelled)
    for source, copied in planted.wanted:
        assert by_id[source]["site"] != by_id[copied]["site"]
        lines = by_id[copied]["text"].split("\n")
        assert lines[: len(MENU)] == MENU
        assert lines[-len(FOOT) :] == FOOT
        assert planted.texts[copied] in by_id[copied]["text"]


def test_copies_are_changed_within_bounds(suite: SimpleNamespace, labelled: list[dict[str, Any]]) -> None:
    planted = suite.quality_planted.plant(labelled)
    for source, copied in planted.wanted:
        own = planted.texts[source].split("\n")
        words, kept = Counter(" ".join(own[1:]).split()), Counter(" ".join(planted.texts[copied].split("\n")[2:]).split())
        assert own[0] not in planted.texts[copied]
        assert 0.5 * words.total() <= kept.total() <= words.total()
        assert (kept & words).total() >= 0.8 * kept.total()
        assert suite.quality_planted.alike(planted.texts[source], planted.texts[copied])


def test_the_same_copies_each_time(suite: SimpleNamespace, labelled: list[dict[str, Any]]) -> None:
    assert suite.quality_planted.plant(labelled) == suite.quality_planted.plant(labelled)


def test_other_texts_are_not_alike(suite: SimpleNamespace, story: Callable[[int], list[str]]) -> None:
    assert not suite.quality_planted.alike("\n".join(story(1)), "\n".join(story(2)))
    assert not suite.quality_planted.alike("", "")


# Measuring


def test_every_part_has_its_halves(suite: SimpleNamespace, labelled: list[dict[str, Any]]) -> None:
    sets = suite.quality_sets
    case = sets.Case("pages", "pages", parts=(sets.Part("early", lambda page: page["id"] < "p12"),), by="site")
    parts = dict(sets.parts_of(case, labelled))
    assert len(parts["tune"]) + len(parts["check"]) == len(parts["all"]) == len(labelled)
    assert len(parts["early tune"]) + len(parts["early check"]) == len(parts["early"])
    assert {name for name in parts if name.startswith("site=")} == {"site=s0", "site=s1", "site=s2"}
    assert all(len({page["site"] for page in parts[name]} & {page["site"] for page in parts["tune"]}) == 0 for name in ("check",))


def test_what_rules_took_is_told_by_words_of_lines(suite: SimpleNamespace, labelled: list[dict[str, Any]]) -> None:
    measuring, page = suite.quality_measuring, labelled[0]
    lines = page["text"].split("\n")
    begin = len("\n".join(MENU)) + 1
    told = [
        {"kind": "header"},
        {"document": "p0", "start": 0, "end": begin, "rule": "navigation"},
        {"document": "p0", "start": begin, "end": begin + len(lines[len(MENU)]), "rule": "repeat.title"},
    ]
    rules: dict[str, Counter[str]] = {"navigation": Counter(), "repeat.title": Counter()}
    scorer = SimpleNamespace(words=lambda line: len(line.split()))
    loss = measuring._loss(scorer, page, measuring.Removed(told), rules)
    assert rules == {"navigation": Counter(right=3), "repeat.title": Counter(wrong=6)}
    assert (loss.lost, loss.rules) == (6, Counter({"navigation": 0, "repeat.title": 6}))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("One line. Free to use under Licence 4.0 of the Harbour.", "Free to use under Licence 4.0 of the Harbour."),
        ("A line.\nAll by itself", "All by itself"),
        ("What? Free to use!  \n\n", "Free to use!"),
        ("", ""),
    ],
)
def test_the_last_sentence(suite: SimpleNamespace, text: str, last: str) -> None:
    assert suite.quality_measuring._last_sentence(text) == last


# Defaults


def test_each_default_is_among_the_values_that_are_tried(suite: SimpleNamespace) -> None:
    for _, part, name, values in suite.quality_defaults.VALUES:
        assert sum(chosen for _, chosen, _ in suite.quality_defaults.variants(part, name, values)) == 1, (part, name)


# Pages as a text browser writes them


def test_a_dumped_page_has_the_words_and_labels_of_the_page(suite: SimpleNamespace, story: Callable[[int], list[str]]) -> None:
    lines = [*MENU, "Say it in one line!", *story(1), *FOOT[:1]]
    labels = [0, 0, 0, 0, *[1] * len(story(1)), 5]
    page = suite.quality_rewritten.dump(
        {"id": "Page-a", "text": "\n\n".join(lines), "labels": [y for x in labels for y in (x, None)][:-1]}
    )
    written = page["text"].split("\n")
    assert len(written) == len(page["labels"])
    assert written[:4] == ["     * [1]Home", "     * [2]News", "     * [3]Weather", ""]
    assert "   [4]Say it in one line!" in written
    kept = [line.strip() for line, label in zip(written, page["labels"], strict=True) if label == 1]
    assert " ".join(kept).split() == " ".join(story(1)).split()
    assert max(map(len, written)) <= suite.quality_rewritten.WIDTH + 3
    assert written[-5].strip() == "1. https://pagea.example/1"
    assert all(label is not None for line, label in zip(written, page["labels"], strict=True) if line)


def test_a_dumped_page_without_links_has_no_list_of_them(suite: SimpleNamespace) -> None:
    page = suite.quality_rewritten.dump({"text": "It is said.\n", "labels": [1, None]})
    assert page == {"text": "   It is said.\n", "labels": [1, None]}


def test_a_page_with_numbered_links_or_tags_has_the_words_and_labels_of_the_page(suite: SimpleNamespace) -> None:
    said = "The ferry & the pier were said to be shut for as long as the storm went on."
    given = {"id": "Page-a", "text": f"Home\n\n{said}\n{said} {said}", "labels": [0, None, 1, 0]}
    page = suite.quality_rewritten.refer(given)
    assert page["text"].split("\n") == ["[Home][1]", "", said, "", f"{said} {said}", "", "[1]: https://pagea.example/1"]
    assert page["labels"] == [0, None, 1, None, 0, None, 0]
    page = suite.quality_rewritten.tag(given)
    written = said.replace("&", "&amp;")
    assert page["text"].split("\n") == [
        '<li><a href="https://pagea.example/0">Home</a></li>',
        f"<p>{written}</p>",
        f"<p>{written} {written}</p>",
    ]
    assert page["labels"] == [0, 1, 0]
