"""Lines that come again by right, and are no repeats: verse, short lines of speech, rows of lists and tables, questions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.model import Paragraph

_SHORT_LINE = 15  # words: a shorter line of speech may be said twice, a shorter line of a song is sung again
_VERSE_LINES = 4  # short lines in a row that read as verse
_VERSE_LEAST = 3  # words of such a line; menu entries have fewer
_QUESTION_SIZE = 40  # words of a question that is asked again

_DIALOGUE = re.compile(r"\s*[\"'“”„‚‘«»‹›「『—–―-]")  # noqa: RUF001 (opening marks of speech in many languages)
_ITEM = re.compile(r"\s*(?:[|+*•·‣◦▪-]|\d+[.)])\s")
_CELLS = re.compile(r"\s\|\s|\S {3,}\S")
_QUESTION = re.compile(r"(?:[?？؟]|[\u0370-\u03ff\u1f00-\u1fff]\s?[;\u037e])[\s\"'”’»)\]]*\Z")  # noqa: RUF001 (marks of many scripts)
_MARK = re.compile(r"[^\w\s]\s*\Z")  # a comma, a stop, a dash at a line's end


def is_speech(piece: str, size: float) -> bool:
    """Whether a paragraph is a short line of speech."""
    return size < _SHORT_LINE and _DIALOGUE.match(piece) is not None


def is_asked(text: str, paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a paragraph is a question that the next one answers: who asks several people asks each of them the same."""
    here, after = paragraphs[index], paragraphs[index + 1 : index + 2]
    return here.size <= _QUESTION_SIZE and after != [] and after[0].good and bool(_QUESTION.search(text[here.start : here.end]))


def is_row(piece: str) -> bool:
    """Whether a line is an item of a list or a row of a table."""
    if "\t" in piece or _ITEM.match(piece):
        return True
    return ("|" in piece or "   " in piece) and bool(_CELLS.search(piece))


def in_verse(text: str, paragraphs: Sequence[Paragraph]) -> list[bool]:
    """Per paragraph whether it is a stanza, or a short line that follows one among four in a row: song, speech, list.

    The first of such lines is none: a short lead may come again above the page's last lines.
    """
    verse = [_is_stanza(text[p.start : p.end], p.size) for p in paragraphs]
    short = [stanza or _VERSE_LEAST <= p.size < _SHORT_LINE for p, stanza in zip(paragraphs, verse, strict=True)]
    start = 0
    for end in range(len(short) + 1):
        if end < len(short) and short[end]:
            continue
        if end - start >= _VERSE_LINES:
            verse[start + 1 : end] = [True] * (end - start - 1)
        start = end + 1
    return verse


def _is_stanza(piece: str, size: float) -> bool:
    """Whether short lines were kept apart: each ends in a mark, or had room for the first word of the next."""
    lines = [line.strip() for line in piece.splitlines() if line.strip()]
    if len(lines) < 2 or size / len(lines) >= _SHORT_LINE:
        return False
    longest = max(map(len, lines))
    return all(_MARK.search(a) or len(a) + 1 + len(b.split(maxsplit=1)[0]) <= longest for a, b in pairwise(lines))
