"""Labelled pages as others would have written them, with furniture as links: `lynx -dump`, Markdown by number, pieces of HTML.

Nothing of it is kept in the project: the pages are rewritten at each run.
"""

from __future__ import annotations

import html
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
    links: list[int] = []
    lines = list(_dumped(_lines(page), links))
    if links:
        lines += [("References", 0), ("", None), *((f"{number:4}. {_address(page, number)}", 0) for number in links)]
    return _with(page, lines)


def refer(page: Page) -> Page:
    """The page in Markdown whose links have numbers, with the list of their addresses at the end."""
    lines: list[Line] = []
    links: list[Line] = []
    for text, label in _lines(page):
        if _is_link(text, label):
            links.append((f"[{len(links) + 1}]: {_address(page, len(links) + 1)}", 0))
            text = f"[{text.strip()}][{len(links)}]"  # noqa: PLW2901 (as it is written)
        lines += [(text, label), ("", None)]
    return _with(page, lines + links)


def tag(page: Page) -> Page:
    """The page as pieces of HTML, a line each."""
    lines: list[Line] = []
    for number, (text, label) in enumerate(_lines(page)):
        said = html.escape(text.strip(), quote=False)
        link = f'<li><a href="{_address(page, number)}">{said}</a></li>'
        lines.append((link if _is_link(text, label) else f"<p>{said}</p>", label))
    return _with(page, lines)


WAYS: dict[str, Callable[[Page], Page]] = {"dumped": dump, "referring": refer, "tagged": tag}
"""By kind of set."""


def _lines(page: Page) -> list[Line]:
    return [line for line in zip(page["text"].split("\n"), page["labels"], strict=True) if line[0].strip()]


def _with(page: Page, lines: Sequence[Line]) -> Page:
    return {**page, "text": "\n".join(text for text, _ in lines), "labels": [label for _, label in lines]}


def _address(page: Page, number: int) -> str:
    host = "".join(filter(str.isalnum, page["id"])).lower()  # one for all would make a line frequent in the corpus of them
    return f"https://{host}.example/{number}"


def _is_link(text: str, label: int | None) -> bool:
    return label != 1 and len(text.split()) <= LINK


def _dumped(given: Sequence[Line], links: list[int]) -> Iterator[Line]:
    for listed, run in groupby(given, key=_is_entry):
        lines = list(run)
        for text, label in lines:
            if _is_link(text, label):
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
