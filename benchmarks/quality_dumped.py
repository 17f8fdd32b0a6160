"""Labelled pages as a text browser would have written them: `lynx -dump`, with furniture as links.

Nothing of it is kept in the project: the pages are rewritten at each run.
"""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quality_sets import Page

WIDTH = 76  # columns of text; lynx writes three blank ones before it
ENTRY = 6  # words of a menu's entry, at the most
LINK = 14  # of a line of furniture that is one link

Line = tuple[str, int | None]
"""A line with its label; a blank one has none."""


def dump(page: Page) -> Page:
    """The page with its lines and their labels as `lynx -dump` would have written them.

    Two short lines of furniture or more in a row are a list of links, a short one is a link, everything else is wrapped; the
    list of the links' addresses is furniture at the end.
    """
    given = [line for line in zip(page["text"].split("\n"), page["labels"], strict=True) if line[0].strip()]
    links: list[int] = []
    lines = list(_written(given, links))
    if links:
        host = "".join(filter(str.isalnum, page["id"])).lower()  # one for all would make a line frequent in the corpus of them
        lines += [("References", 0), ("", None), *((f"{number:4}. https://{host}.example/{number}", 0) for number in links)]
    return {**page, "text": "\n".join(text for text, _ in lines), "labels": [label for _, label in lines]}


def _written(given: Sequence[Line], links: list[int]) -> Iterator[Line]:
    for listed, run in groupby(given, key=_is_entry):
        lines = list(run)
        for text, label in lines:
            if label != 1 and len(text.split()) <= LINK:
                links.append(len(links) + 1)
                text = f"[{len(links)}]{text.strip()}"  # noqa: PLW2901 (as it is written)
            if listed and len(lines) > 1:
                yield f"     * {text}", label
            else:
                yield from ((f"   {part}", label) for part in textwrap.wrap(text, WIDTH, break_long_words=False))
                yield "", None
        if listed and len(lines) > 1:
            yield "", None


def _is_entry(line: Line) -> bool:
    text, label = line
    return label != 1 and len(text.split()) <= ENTRY and text.rstrip()[-1] not in ".!?…"
