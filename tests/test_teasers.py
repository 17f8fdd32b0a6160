from __future__ import annotations

import time

from dedup.boilerplate.teasers import glued_rows
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
