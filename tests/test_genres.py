"""Texts of many genres and languages, as pages give them: what is theirs must stay, whatever else says the like of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from dedup.engines.verdict import judge
from dedup.model import Document
from dedup.settings import CleanSettings

MARKS = {"~": False, "?": None}
"""How a line of the file begins that must go, and one that may do either; all others must stay."""

ABOVE = ["Skip to main content", "Sign in", "Subscribe", "Advertisement"]
BELOW = [
    *("Share", "Related stories", "Harbour wall to be raised before winter", "Old bakery burns down in Aldis"),
    *("Comments", "Old sailor", "3 hours ago", "About time that they did it.", "Reply", "Gull", "4 hours ago", "+1", "Reply"),
    *("Privacy policy", "© 2024 The Harbour Gazette. All rights reserved."),
]
GO = {*ABOVE, "Share", "Related stories", "Comments", "Reply", *BELOW[-2:]}


class Text(NamedTuple):
    """A text: its name, and its lines with whether each stays (None: it may do either)."""

    name: str
    lines: list[tuple[str, bool | None]]


def read() -> list[Text]:
    texts: list[Text] = []
    for line in Path(__file__).with_name("genres.txt").read_text("utf-8").splitlines():
        if line.startswith("=== "):
            texts.append(Text(line[4:], []))
        elif line:
            stays = MARKS.get(line[0], True) if line[1:2] == " " else True
            texts[-1].lines.append((line if stays else line[2:], stays))
    return texts


TEXTS = read()


def left(lines: list[str]) -> list[bool]:
    """Per line whether all of it stays."""
    text = "\n".join(lines)
    cuts = judge(Document("a", text), CleanSettings(), {}).cuts
    starts = [sum(len(line) + 1 for line in lines[:index]) for index in range(len(lines))]
    return [
        not any(cut.start < start + len(line) and start < cut.end for cut in cuts)
        for start, line in zip(starts, lines, strict=True)
    ]


def test_there_are_texts() -> None:
    assert len(TEXTS) >= 120
    assert len({text.name for text in TEXTS}) == len(TEXTS)
    assert sum(stays is False for text in TEXTS for _, stays in text.lines) >= 60


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_what_is_the_texts_stays(text: Text) -> None:
    stayed = left([line for line, _ in text.lines])
    wrong = [line for (line, stays), there in zip(text.lines, stayed, strict=True) if stays is not None and stays != there]
    assert wrong == []


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_it_stays_amid_the_furniture_of_a_page(text: Text) -> None:
    own = [line for line, stays in text.lines if stays]
    lines = [*ABOVE, *own, *BELOW]
    stayed = left(lines)
    assert stayed[len(ABOVE) : len(ABOVE) + len(own)] == [True] * len(own)
    around = [*range(len(ABOVE)), *range(len(ABOVE) + len(own), len(lines))]
    assert not any(stayed[index] for index in around if lines[index] in GO)
