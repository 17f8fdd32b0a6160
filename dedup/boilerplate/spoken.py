"""Lines that a phrase knows and a person says: an answer of two words, a notice in quotation marks."""

from __future__ import annotations

import re

from dedup.boilerplate import names
from dedup.text import normal, stops

_BUTTONS = frozenset({"cookie", "media.control", "navigation", "pager", "share", "subscribe"})
_ASKING = frozenset({"share", "subscribe"})  # "Follow us!" is a button, "Later." is none
_BUTTON_SIZE = 2  # words, or characters that are words, of an answer; longer ones are sites' sentences: "Powered by Blogger."

_CALL = re.compile(r"[!！][\"'”’»」』)*_]*\s*\Z")  # noqa: RUF001 (of several scripts)
_QUOTED = re.compile(r"\s*(?:[\"“„「『]|«[^»]*[.!?…,]\s*»|»[^«]*[.!?…,]\s*«)")
"""How a quotation begins a line. Arrows are written like guillemets (« Back): those need a stop within."""


def is_spoken(line: str, rule: str, phrase: str) -> bool:
    """Whether somebody says what elsewhere is a button or a notice.

    Buttons and entries of menus have no full stop: "I agree." answers a question, "Help!" is called; nor have headings of links
    whose end is open: "More from the minister on Monday." No site puts its own notices in quotation marks: "Subscribe to our
    newsletter", says the banner of which an article tells.

    Args:
        line: its text.
        rule: the one that knows it,
        phrase: by this phrase.
    """
    if phrase.startswith("*"):
        return False
    if phrase.endswith("**") and _QUOTED.match(line):
        return True
    if phrase.endswith("*") and rule == names.RELATED:
        return bool(stops.ENDS_FULLY.search(line))
    if rule not in _BUTTONS or "*" in phrase or "#" in phrase or len(normal.words(phrase)) > _BUTTON_SIZE:
        return False
    return bool(stops.ENDS_FULLY.search(line)) or (rule not in _ASKING and bool(_CALL.search(line)))
