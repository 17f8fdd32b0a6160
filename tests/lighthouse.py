"""Pages around an invented article on a lighthouse, with what the stages before the main block would know of their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.boilerplate.mainblock import find_main
from dedup.boilerplate.page import Page
from dedup.settings import MainSettings
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Finding

BODY = [
    "The old lighthouse at the mouth of the bay was lit again on Saturday, eleven years after it had gone out.",
    "Some three hundred people stood on the pier when the lamp began to turn, and a brass band played until rain came.",
    "Restoring the tower cost less than expected, because a retired joiner made the window frames in his own shed.",
    "From now on the light will burn every night from dusk to dawn, paid for by the fishermen, who had asked for it.",
]
NOTICE = "Readers who write to us agree that their letters may be shortened and printed in any paper of this house."
TEASER = (
    "A ferry that should have sailed in spring still lies in the yard, and nobody can tell when its engine will be delivered."
)
COMMENT = (
    "My grandfather kept that light for thirty years and would have been glad to see it burn again, whatever the board may say."
)
MENU = ["Home", "News", "Weather", "Sport", "Letters", "About the paper"]
HEADLINE = "Lighthouse shines over the bay again"
KNOWN = {
    "Home": "navigation",
    "Legal notice": "legal",
    "Newsletter": "subscribe",
    "Advertisement": "advert",
    "Share": "share",
    "Related": "heading.related",
    "Reply": "comment.tools",
    "Show the video": "media.consent",
}
KNOWN["Read also: a ferry"] = "related.link"
CAPTION = "A crane lifts the new lamp into the tower of the old lighthouse on the morning of the feast. Photo: Ada Berg"
HEADS = {
    CAPTION: "media.caption",
    "By Ada Berg": "byline",
    "12 May 2024": "page.date",
    "Anna, 13 May 2024, 10:15": "comment.stamp",
}


def made(lines: Sequence[str]) -> tuple[str, Page]:
    """A page of which the lines of KNOWN are cut and those of HEADS are known; the latter with a number are stamps."""
    text = "\n".join(lines)
    listed = describe(text, split(text, "line"))
    shown = [text[p.start : p.end] for p in listed]
    rules = [KNOWN.get(line, HEADS.get(line)) for line in shown]
    return text, Page(listed, rules, [line in KNOWN for line in shown], ["2024" in line for line in shown])


def found_in(lines: Sequence[str], headline: int | None = None, settings: MainSettings | None = None) -> list[Finding]:
    text, page = made(lines)
    return find_main(text, page, headline, settings or MainSettings())


def left(lines: Sequence[str], headline: int | None = None) -> list[str]:
    """The lines that stay: neither cut before nor outside of the main block."""
    gone = {finding.start for finding in found_in(lines, headline)}
    text, page = made(lines)
    return [text[p.start : p.end] for p, cut in zip(page.paragraphs, page.cut, strict=True) if p.start not in gone and not cut]
