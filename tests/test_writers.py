from __future__ import annotations

import time

import pytest

from dedup.paragraphs import describe, split
from dedup.writers import notes

BODY = [
    "The old lighthouse at the mouth of the bay was lit again on Saturday, eleven years after it had gone out.",
    "Some three hundred people stood on the pier when the lamp began to turn, and a brass band played until rain came.",
]
RULES = {"By Ada Berg": "byline", "Von Ada Berg und Jon Vale": "byline", "Ада Берг": None, "12 May 2024": "page.date"}


def found(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that are notes: likely ones, sure ones."""
    text = "\n".join(lines)
    listed = describe(text, split(text, "line"))
    told = notes(text, listed, [RULES.get(line) for line in lines], [p.good for p in listed], 30)
    assert all(listed[i].good for i in told.likely)
    return [lines[i] for i in sorted(told.likely)], [lines[i] for i in sorted(told.sure)]


@pytest.mark.parametrize(
    ("head", "note"),
    [
        (["By Ada Berg"], "Ada Berg is a writer of this paper, and has lived in the old pilot house for many years."),
        (["Von Ada Berg und Jon Vale"], "Jon Vale schreibt seit zwölf Jahren über die See und wohnt im alten Haus des Lotsen."),
        (["Ada Berg", "12 May 2024"], "Ada Berg is a writer of this paper, and has lived in the old pilot house for many years."),
        (["Ада Берг", "12 May 2024"], "Ада Берг пишет для этой газеты о море, и живёт в старом доме лоцмана уже много лет."),
    ],
)
def test_who_is_signed_is_told_of(head: list[str], note: str) -> None:
    assert found([*head, *BODY, note]) == ([note], [note])


def test_the_lines_above_a_note_belong_to_it() -> None:
    note = "Ada is a writer of this paper, and has lived in the old pilot house for many years."
    assert found(["By Ada Berg", *BODY, "Ada Berg", "Editor", note])[1] == ["Ada Berg", "Editor", note]


def test_names_that_the_text_speaks_of_are_not_the_writers() -> None:
    note = "Ada Berg is a writer of this paper, and has lived in the old pilot house for many years."
    said = "The lamp is as bright as ever, said Ada Berg, and went down the stairs to thank the fishermen for it."
    assert found(["By Ada Berg", *BODY, said, note]) == ([], [])


def test_words_that_are_no_names() -> None:
    text = "Lamp oil is sold in the harbour, and nobody knows who makes it or who brings it to the island at night."
    assert found(["Lamp Oil", "12 May 2024", *BODY, "Lamp Oil and more", text]) == ([], [])


def test_an_empty_page_and_a_page_on_many_people_have_none() -> None:
    assert found([]) == ([], [])
    people = [f"{name} Vale has sailed the bay for years and knows each stone of it by name." for name in ("Ines", "Jon", "Lea")]
    names = [f"{name} Vale" for name in ("Ines", "Jon", "Lea")]
    lines = [line for pair in zip(names, people, strict=True) for line in pair]
    assert found([*names, *BODY, *lines]) == ([], [])


def test_time_grows_with_the_lines() -> None:
    def seconds(count: int) -> float:
        lines = [line for n in range(count) for line in (f"Ada Berg{n}", f"Ada Berg{n} has sailed the bay for years, {BODY[0]}")]
        begun = time.process_time()
        found([*BODY, *lines])
        return time.process_time() - begun

    def least(count: int) -> float:  # what else the machine does is not counted, but is felt
        return min(seconds(count) for _ in range(3))

    seconds(100)
    assert least(4000) < 10 * max(least(1000), 0.01)
