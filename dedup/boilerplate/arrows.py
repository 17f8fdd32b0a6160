"""Lines that are links with an arrow: "« The last story", "Older posts →", "« One story | Main | Another »"."""

from __future__ import annotations

import re

from dedup.text import stops

BACK = "←«‹"  # noqa: RUF001 (quotation marks of many languages)
"""Signs that begin a line which leads back."""
ON = "→»›►▶❯➔↗≫>"  # noqa: RUF001 (the same, and other arrows)
"""Signs that end a line which leads on; the last one stands twice."""
WORDS = 30
"""The most words of such a line; a pager has the titles of two stories."""

_TITLE_WORDS = 20  # of a line with one arrow
_LINK_WORDS = 12  # of one that ends in it: as many may be a text's
_CLOSING = stops.CLOSING.replace("»", "")  # an arrow here, one at most
_QUOTES = {"«": "»", "»": "«", "‹": "›", "›": "‹"}  # noqa: RUF001 (the same)
_OPENING = re.compile(r"[<＜]")  # noqa: RUF001 (the full-width sign): code, and tags
_GOES_ON = re.compile(r"[,;:–—-]\s*\Z")  # noqa: RUF001 (a dash)
_STOP = re.compile(rf"[{stops.FULL}{stops.ASKING}…][{re.escape(_CLOSING)}]*\s*[»›]?\s*\Z")  # noqa: RUF001 (the same)
_SENTENCE = re.compile(r"\w{2}[.…。]\s")  # a link glued to a text
_FEWEST = 3  # parts of a pager in one line


def leads_back(line: str, words: int) -> bool:
    """Whether a line leads to the page before: an arrow, and what it leads to; or bars divide that from what leads on.

    Guillemets are arrows where they are no quotation marks: none of the other kind is there, and no sentence ends or goes on.

    Args:
        line: its text.
        words: how many it has.
    """
    line = line.strip()
    if line[:1] not in BACK or not line or words > WORDS:
        return False
    if len([part for part in line[1:].split("|") if part.strip()]) >= _FEWEST - 1 and "|" in line:
        return True
    quoted = line[0] in _QUOTES and (_QUOTES[line[0]] in line or _STOP.search(line) or _GOES_ON.search(line))
    return words <= _TITLE_WORDS and not quoted


def leads_on(line: str, words: int) -> bool:
    """Whether a line ends in an arrow behind what it leads to, as links do: "Read more »", "See all stories →", "More >>".

    A sentence to which such a link is glued is text.

    Args:
        line: its text.
        words: how many it has.
    """
    line = line.strip()
    if line[-1:] not in ON or not line or words > _LINK_WORDS or _OPENING.search(line) or _SENTENCE.search(line):
        return False
    if line[-1] == ">":
        return line.endswith(">>") and not line.startswith(">")
    bare = line.rstrip(line[-1] + " ")
    if line[-1] not in _QUOTES:
        return True
    return line[-1] not in bare and _QUOTES[line[-1]] not in bare and not _STOP.search(line)
