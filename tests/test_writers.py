from __future__ import annotations

import time

import pytest

from dedup.boilerplate.writers import before_note, notes
from dedup.text.paragraphs import describe, split

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


@pytest.mark.parametrize(
    ("name", "lead", "text"),
    [
        (
            "Great Sorrel",
            "Great Sorrel has no road to the mainland, and what its people eat comes by boat on three days.",
            BODY[0],
        ),
        ("Ада Берг", "Ада Берг живёт в старом доме лоцмана уже много лет, и знает каждый камень в этой бухте.", BODY[1]),
    ],
)
def test_whom_the_text_below_is_on_did_not_write_it(name: str, lead: str, text: str) -> None:
    lines = [*BODY, name, lead, *(f"{text} {number} So it is told of {name} to this day." for number in range(8))]
    assert found([name, "12 May 2024", *lines]) == ([], [])
    assert found([name, "12 May 2024", *lines[:5]])[0] == [lead]


def test_words_that_are_no_names() -> None:
    text = "Lamp oil is sold in the harbour, and nobody knows who makes it or who brings it to the island at night."
    assert found(["Lamp Oil", "12 May 2024", *BODY, "Lamp Oil and more", text]) == ([], [])


def test_a_line_of_a_few_characters_is_no_name() -> None:
    asked = "灯塔新闻：有评论说这座灯塔早就该拆掉，您在岛上住了四十年，您认同这种说法吗？"
    assert found(["灯塔新闻", "12 May 2024", *BODY, "灯塔新闻记者", asked]) == ([], [])


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


LONG = [*BODY, *(f"{number} {line}" for number in range(2) for line in BODY)]
ON_HER = "has written for this paper since she came home from sea, and lives in the old pilot house."


def ended(lines: list[str]) -> list[str]:
    """What stands before the note that ends a text."""
    text = "\n".join(lines)
    listed = describe(text, split(text, "line"))
    return lines[: before_note(text, listed, [p.good for p in listed], 0, len(lines))]


@pytest.mark.parametrize(
    "note",
    [
        ["Ada Berg", f"Ada Berg {ON_HER}"],
        ["Ada Berg", f"Ada {ON_HER}"],
        ["Ada Berg Staff Writer", f"Ada {ON_HER}"],
        ["Ada Berg", "Staff writer", f"Ada Berg {ON_HER}"],
        ["Ada Berg", "Ada Berg is our editor at sea.", f"She {ON_HER}"],
        ["Ada Berg", f"Home from sea since May, Ada Berg {ON_HER}"],
        ["Ada van der Berg", f"Ada van der Berg {ON_HER}"],
        ["Ада Берг", "Редактор", "Много лет на море провела Ада Берг, а теперь пишет о нём для газеты и живёт в доме лоцмана."],
        ["About Ada", f"Ada Berg {ON_HER}", f"She {ON_HER}"],
        ["About Bay Lights Ltd:", f"Bay Lights Ltd's lamp {ON_HER}"],
        ["Über Ada Berg", "Ada schreibt seit zwölf Jahren für dieses Blatt über die See und wohnt im alten Haus des Lotsen."],
        ["À propos de Phares & Cie", "Phares & Cie fabrique depuis trente ans les lampes des phares de la côte et de ses îles."],
        ["О «Маяк»", "«Маяк» пишет для моряков о море уже двенадцать лет, и живёт на то, что дают читатели газеты."],
    ],
)
def test_a_note_below_a_name_ends_a_text(note: list[str]) -> None:
    assert ended([*LONG, *note]) == LONG
    assert ended([*LONG, "Vale Sports", "A line between", *note]) == LONG


@pytest.mark.parametrize(
    "part",
    [
        ["Lamp Oil", f"Lamp oil {ON_HER}"],  # small letters: no name
        ["Light Ships", f"Light from them {ON_HER} So much light!"],
        ["Bay Tides:", f"Bay Tides {ON_HER}"],
        ["What Ada wrote", f"What Ada wrote {ON_HER}"],
        ["An", f"An old man {ON_HER}"],
        ["Ada Berg", f"She {ON_HER}"],
        ["Ada Berg", f"She is at home, Ada said, and {ON_HER}"],
        ["Jon Vale", f"At the pier lives Jon Vale, who {ON_HER}", "Ada Berg", f"Beside him lives Ada Berg, who {ON_HER}"],
        ["Ada Berg", "Editor", "Harbour Street", f"Ada {ON_HER}"],
        ["About Ada", f"Jon {ON_HER}"],
        ["", f"Ada {ON_HER}"],
    ],
)
def test_a_part_of_the_text_is_no_note(part: list[str]) -> None:
    lines = [*LONG, *filter(None, part)]
    assert ended(lines) == lines


def test_on_whom_the_text_speaks_there_is_no_note_unless_it_says_so() -> None:
    said = f"The lamp is bright, said Ada Berg. {BODY[0]}"
    assert ended([*LONG, said, "Ada Berg", f"Ada Berg {ON_HER}"])[-1] == f"Ada Berg {ON_HER}"
    assert ended([*LONG, said, "About Ada Berg", f"Ada Berg {ON_HER}"]) == [*LONG, said]


def test_parts_that_each_begin_with_their_name_are_no_notes() -> None:
    lines = [*LONG, "Ines Vale", f"Ines Vale {ON_HER}", "Ada Berg", f"Ada Berg {ON_HER}"]
    assert ended(lines) == lines


def test_a_note_is_short_beside_the_text() -> None:
    lines = [BODY[0], "About Ada Berg", f"Ada Berg {ON_HER}"]
    assert ended(lines) == lines
    assert ended(lines[2:]) == lines[2:]


@pytest.mark.parametrize(
    ("signed", "note"),
    [
        ("By Ada Berg | 12 May 2024", ["Ada Berg", f"Ada Berg {ON_HER}"]),
        ("By Ada Berg and Jon Vale", ["Ada Berg", f"Ada {ON_HER}", "Jon Vale", f"Jon {ON_HER}"]),
        ("Von Ada Berg, 12. Mai", ["Ada Berg", "Ada schreibt seit Jahren für dieses Blatt über die See und wohnt am Hafen."]),
    ],
)
def test_who_signed_is_told_of_below_parts_that_begin_as_their_headings_do(signed: str, note: list[str]) -> None:
    part = ["Bay Lights", "Bay Lights of the old kind burnt oil, and were seen from four miles out to sea on clear nights."]
    assert ended([signed, *LONG, *part, *note]) == [signed, *LONG, *part]
    assert ended([*LONG, *part, *note]) == [*LONG, *part, *note]
