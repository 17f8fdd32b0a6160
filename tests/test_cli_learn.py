from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.engines import counting

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

    from dedup.boilerplate.profile import Profile
    from dedup.engines.inputs import Inputs
    from dedup.settings import CleanSettings

HEAD, FOOT = "The Vellin Post morning edition", "Our newsroom stands by the old weighing house in Vellin"


@pytest.fixture
def page(story: Callable[[int], list[str]]) -> Callable[[int], str]:
    """The page of a number, with the site's lines over and under its story."""
    return lambda number: "\n\n".join([HEAD, *story(number), FOOT]) + "\n"


@pytest.fixture
def tree(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:  # noqa: ARG001 (dedup makes the folder)
    """Ten pages of one site and one of another, in `in`."""
    for number in range(10):
        path = Path(f"in/vellin.example/{number}.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number))
    Path("in/lone.example").mkdir()
    Path("in/lone.example/a.txt").write_text(page(99))


def stories(text: str) -> str:
    return text.removeprefix(f"{HEAD}\n\n").removesuffix(f"\n{FOOT}\n")


@pytest.mark.usefixtures("tree")
def test_a_profile_is_toml_that_names_what_was_learned(dedup: Callable[..., Done]) -> None:
    done = dedup("learn", "in", "-o", "profiles")
    assert (done.status, done.out) == (0, b"")
    assert "11 documents: 2 lines of 1 site, in profiles" in done.err
    (path,) = Path("profiles").iterdir()
    assert path.name == "vellin.example.toml"
    text = path.read_text()
    assert tomllib.loads(text)
    assert HEAD in text
    assert FOOT in text


@pytest.mark.usefixtures("tree")
def test_inputs_that_change_meanwhile_are_told_of(dedup: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> None:
    texts_of = counting.texts_of

    def later(inputs: Inputs, settings: CleanSettings, profiles: dict[str, Profile]) -> object:
        for path in Path("in/vellin.example").iterdir():
            path.write_text("Something else.")
        return texts_of(inputs, settings, profiles)

    monkeypatch.setattr(counting, "texts_of", later)
    done = dedup("learn", "in", "-o", "profiles", "-q")
    told = "dedup: error: vellin.example: an input was changed while it was learned from; run again\n"
    assert done == (2, b"", told)
    assert not Path("profiles").exists()


@pytest.mark.usefixtures("tree")
def test_a_profile_cleans_single_pages_in_a_pipe(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:
    dedup("learn", "in", "-o", "profiles")
    profiled = ["clean", "--profile", "profiles", "--site", "vellin.example"]
    assert dedup(*profiled, given=page(50).encode()) == (0, stories(page(50)).encode(), "")
    one = dedup("clean", "--profile", "profiles/vellin.example.toml", "--site", "vellin.example", given=page(50).encode())
    assert one.out.decode() == stories(page(50))
    # another site's pages are none of its business
    assert dedup("clean", "--profile", "profiles", "--site", "other.example", given=page(50).encode()).out.decode() == page(50)


@pytest.mark.usefixtures("tree")
def test_a_profile_can_be_edited(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:
    dedup("learn", "in", "-o", "profiles")
    path = Path("profiles/vellin.example.toml")
    before, _, rest = path.read_text().partition(HEAD)
    start, end = before.rindex("[["), rest.find("[[")
    path.write_text(before[:start] + (rest[end:] if end >= 0 else ""))
    cleaned = dedup("clean", "--profile", "profiles", "--site", "vellin.example", given=page(50).encode()).out.decode()
    assert cleaned == page(50).removesuffix(f"\n{FOOT}\n")


@pytest.mark.usefixtures("tree")
def test_records_give_the_same_profile_as_files_in_any_order(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:
    dedup("learn", "in", "-o", "a")
    dedup("learn", *(f"in/vellin.example/{n}.txt" for n in (3, 9, 0, 1, 8, 2, 7, 6, 4, 5)), "--root", "in", "-o", "b")
    assert Path("a/vellin.example.toml").read_bytes() == Path("b/vellin.example.toml").read_bytes()
    lines = [
        json.dumps({"id": f"vellin.example/{n}.txt", "url": "https://www.vellin.example/x", "text": page(n)}) for n in range(10)
    ]
    assert dedup("learn", "-q", "-o", "c", given="\n".join(lines).encode()) == (0, b"", "")
    assert Path("c/vellin.example.toml").read_bytes() == Path("a/vellin.example.toml").read_bytes()


@pytest.mark.usefixtures("tree")
def test_profiles_are_overwritten_only_by_force(dedup: Callable[..., Done]) -> None:
    dedup("learn", "in", "-o", "profiles")
    Path("profiles/vellin.example.toml").write_text("mine\n")
    done = dedup("learn", "in", "-o", "profiles")
    assert done.status == 2
    assert "profiles/vellin.example.toml exists already: choose another OUT, or overwrite with --force" in done.err
    assert Path("profiles/vellin.example.toml").read_text() == "mine\n"
    assert dedup("learn", "in", "-o", "profiles", "--force").status == 0
    assert HEAD in Path("profiles/vellin.example.toml").read_text()


@pytest.mark.usefixtures("tree")
def test_profiles_of_an_earlier_run_are_told_of(dedup: Callable[..., Done]) -> None:
    assert "more in profiles" not in dedup("learn", "in", "-o", "profiles").err
    Path("profiles/closed.example.toml").write_bytes(Path("profiles/vellin.example.toml").read_bytes())
    Path("profiles/.swap.toml").write_text("")
    done = dedup("learn", "in", "-o", "profiles", "--force")
    assert done.status == 0
    assert "dedup: 1 profile more in profiles, such as closed.example.toml: `clean --profile` goes by all there\n" in done.err
    assert "more in" not in dedup("learn", "in", "-o", "profiles", "--force", "-q").err


def test_too_few_pages_teach_nothing_and_it_is_said(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:
    done = dedup("learn", "-o", "profiles", "--site", "vellin.example", given=page(1).encode())
    assert done.status == 0
    assert "nothing learned: a site needs 3 documents" in done.err
    assert dedup("clean", "--profile", "profiles", given=page(1).encode()) == (0, page(1).encode(), "")


@pytest.mark.usefixtures("tree")
def test_documents_whose_site_no_profile_knows_are_told_of(dedup: Callable[..., Done], page: Callable[[int], str]) -> None:
    assert dedup("learn", "in", "-o", "profiles", "-q").status == 0
    told = "what only the pages of one site share stays there"
    misspelt = (["--site", "velin.example"], ", such as velin.example", "it knows vellin.example")
    for named, such, instead in (([], "", "--site names it"), misspelt):
        done = dedup("clean", "--profile", "profiles", *named, "--report", "r", "--force", given=page(1).encode())
        assert done.err == f"dedup: 1 document of no site that profiles knows{such}: {told} ({instead})\n"
        assert json.loads(Path("r").read_text().splitlines()[-1])["counts"]["unprofiled"] == 1
        assert not dedup("clean", "-q", "--profile", "profiles", *named, given=page(1).encode()).err
        for command in (["find"], ["filter", "--ids"], ["explain"]):
            line = f"dedup: 1 document of no site that profiles knows{such}: {told} ({instead})\n"
            assert line in dedup(*command, "--profile", "profiles", *named, given=page(1).encode()).err
    for command in (["clean"], ["find"], ["filter", "--ids"], ["explain"]):
        done = dedup(*command, "--profile", "profiles", "--site", "vellin.example", given=page(1).encode())
        assert (done.status, "of no site" in done.err) == (0, False)


@pytest.mark.usefixtures("tree")
def test_what_cannot_be_learned_from_is_named(dedup: Callable[..., Done]) -> None:
    Path("in/bad.jsonl").write_text("no json\n")
    done = dedup("learn", "in", "-o", "profiles")
    assert (done.status, Path("profiles/vellin.example.toml").exists()) == (3, True)
    assert "dedup: bad.jsonl:1: not JSON" in done.err


@pytest.mark.parametrize(("arguments", "words"), [(["e"], "no text found"), (["nowhere"], "nowhere: no such file or folder")])
def test_nothing_to_learn_from(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    Path("e").mkdir()
    done = dedup("learn", *arguments, "-q", "-o", "profiles")
    assert (done.status, Path("profiles").exists()) == (2, False)
    assert words in done.err


def test_profiles_go_into_a_folder(dedup: Callable[..., Done]) -> None:
    Path("p").write_text("x")
    done = dedup("learn", "p", "-o", "p")
    assert (done.status, done.err) == (2, "dedup: error: -o p is no folder: name one, to which a file a site is written\n")
