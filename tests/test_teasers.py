from __future__ import annotations

import time

import pytest

import dedup
from dedup.boilerplate.names import RELATED
from dedup.boilerplate.teasers import SECTION, boxed, glued_rows
from dedup.text.paragraphs import describe, split

GLUED = [
    "Old Crane Sold In The HarbourThe last crane of the old yard has found a buyer, who wants to bring it home in May.",
    "Ferry Stays In The Yard Until 2026Nobody can tell when the engine that should have come in spring will be delivered.",
    "Who Paid For The New Lamp?The fishermen did, and they say that they would do so again if it were to break one day.",
]
PLAIN = "He opened the lid of his MacBook and read what the fishermen had written to him about the lamp of the lighthouse."


def rows(lines: list[str]) -> set[int]:
    text = "\n".join(lines)
    listed = describe(text, split(text, "line"))
    return glued_rows(text, listed, [p.good for p in listed])


def test_teasers_in_a_row_are_found() -> None:
    assert rows([PLAIN, *GLUED, PLAIN]) == {1, 2, 3}
    assert rows(["Home", *GLUED[:2]]) == {1, 2}


def test_one_alone_is_not() -> None:
    assert rows([PLAIN, GLUED[0], PLAIN, "Home", GLUED[1], PLAIN]) == set()


def test_many_on_a_page_are_teasers_wherever_they_stand() -> None:
    fourth = GLUED[0].replace("Cranes", "Boats")
    lines = [line for glued in [*GLUED[:3], fourth] for line in (glued, "More in Town")]
    assert rows(lines) == {0, 2, 4, 6}
    assert rows(lines[:6]) == set()


def test_names_with_capitals_within_are_no_glue() -> None:
    assert rows([PLAIN, PLAIN.replace("He opened", "She closed")]) == set()
    assert rows([f"The Yard Has Sold The Crane. {line}" for line in (PLAIN, PLAIN)]) == set()


def test_empty_pages_have_none() -> None:
    assert rows([]) == set()


def test_long_lines_take_no_time() -> None:
    lines = ["aB" * 40_000 + " cd ef.", "Ab cD " * 20_000 + "end.", "a " * 40_000 + "B."]
    begun = time.process_time()
    rows(lines * 2)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("titles", [1, 2, 3])
def test_a_box_amid_running_text(titles: int) -> None:
    rules = [None, None, RELATED, *[SECTION] * titles, None, RELATED, SECTION]
    cut = [rule is not None for rule in rules]
    running = [rule is None for rule in rules]
    assert boxed(rules, cut, running) == set(range(2, 3 + titles))
    assert boxed(rules, [False] * len(rules), running) == set()  # what the user keeps is no furniture
    running[3 + titles] = False
    assert boxed(rules, cut, running) == set()


def test_a_long_list_is_no_box() -> None:
    rules = [None, RELATED, *[SECTION] * 4, None]
    assert boxed(rules, [rule is not None for rule in rules], [rule is None for rule in rules]) == set()
    assert boxed([], [], []) == set()


def test_an_article_goes_on_behind_a_box() -> None:
    upper = [
        "The harbour board said on Monday night that the old crane would be moved to the museum before the winter storms.",
        "It has stood at the end of the pier since 1911, and for half of that time it has lifted nothing but gulls and boys.",
        "The museum wants to paint it red, as it was when it came, and to let children sit where the driver sat.",
    ]
    lower = [
        "Nobody had asked the fishermen, who hang their nets on it and say that they will go on doing so.",
        "They have until May to find another place, and the mayor has promised to help them with it.",
    ]
    lines = ["Crane will leave the harbour", *upper, "Read also", "Ferry stays in the yard", "Who paid for the new lamp", *lower]
    kept = dedup.clean("\n".join(lines), main=True).text
    assert all(line in kept for line in (*upper, *lower))
    assert "Ferry stays" not in kept
