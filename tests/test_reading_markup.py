"""Texts that are pieces of HTML are read as they are, which is said once for each input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.reading.markup import NOTE, is_markup

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

PIECE = '<p>The ferry comes back.</p>\n<div class="share"><a href="/share">Share</a></div>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PIECE, True),
        ("<P>One<BR/>two<BR />three</P>", True),
        ("Text and <img src=\"a.png\"> and <a class='x' href='b'>c</a> and <br>", True),
        ("a < b, c < d, e < f and <p> is a tag, as </p> is", False),
        ("<name> said to <name> that <he> came", False),
        ("The ferry comes back. " * 200 + PIECE, False),
        ("<" * 5000, False),
        ("", False),
    ],
)
def test_pieces_of_html(text: str, expected: bool) -> None:
    assert is_markup(text) is expected


@pytest.mark.parametrize("name", ["pages.jsonl", "pages.csv", "page.txt"])
def test_it_is_said_once(dedup: Callable[..., Done], name: str) -> None:
    rows = [{"id": str(number), "text": text} for number, text in enumerate(["The ferry.", PIECE, PIECE])]
    if name.endswith("jsonl"):
        written = "".join(json.dumps(row) + "\n" for row in rows)
    elif name.endswith("csv"):
        written = "id,text\n" + "".join('{},"{}"\n'.format(row["id"], row["text"].replace('"', '""')) for row in rows)
    else:
        written = PIECE
    Path(name).write_text(written, "utf-8")
    for command in (["clean", "--dry-run"], ["find"]):
        done = dedup(*command, name)
        assert done.status == 0
        assert done.err.count(NOTE) == 1
