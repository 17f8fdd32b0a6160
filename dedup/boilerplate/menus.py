"""Menus in one line: the path above an article ("Home > News > Harbour"), a bar of entries ("Home | About us"), buttons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.text import links, stops
from dedup.text.normal import is_no_space, normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

MARKS = ">›»→＞/\\|·•]"  # noqa: RUF001 (the full-width sign)
"""What divides such a line: one of these, or in scripts without spaces a space; the bracket is a link's."""
MOST = 400
"""The most characters of such a line."""
WORDS = 40
"""The most words of it."""
BUTTON_WORDS = 12
"""The most words of a line with a button."""

_BUTTON = "(BUTTON)"  # before what stands on one, in `lynx -dump`
_PATH = 3  # parts of a path that slashes divide: "Home / Away" is a row of a table
_BAR = 3  # entries of a bar, or links in a row
_ROW = 5  # entries in a row with spaces between them, the first or the second of them a name: "首页 新闻 财经 体育 社会"
_ENTRY = 6  # characters of one
_PART = 5  # words of a part of a path, but for the last, which may be the headline
_PART_NO_SPACE = 12  # the same in characters, where each is a word

_ARROW = re.compile(r"\s*[>›»→＞]+\s*")  # noqa: RUF001 (the full-width sign)
_SLASH = re.compile(r"\s+[/\\]\s+")
_DIVIDER = re.compile(r"\s*\|\s*|\s+[·•]\s+")
_SPACE = re.compile(r"[\s|｜]+")  # noqa: RUF001 (divides entries of scripts without spaces)
_COLON = re.compile("[:：]")  # noqa: RUF001 (the full-width colon)


def is_menu(line: str, names: AbstractSet[str], is_known: Callable[[str], bool]) -> bool:
    """Whether a line is the path to a page, or a bar of a menu's entries; a sentence is neither, nor an empty line.

    A path begins with a name such as "Home", or with a label like "You are here:", or it ends with what Chinese sites call the
    text itself. Of a bar, one entry is such a name and half of them are known.

    Args:
        line: its text.
        names: of entries that no menu is without, in normal form: "home", "contact".
        is_known: whether a phrase that is stripped knows an entry.
    """
    if not line.strip() or len(line) > MOST or stops.ENDS.search(line):
        return False
    return _is_path(line, names) or _is_bar(line, names, is_known)


def is_row_of_links(line: str) -> bool:
    """Whether a line is three links or more, and nothing else: a menu, a site's languages, the tags of an article."""
    return links.alone(line) >= _BAR


def is_button(line: str, words: int) -> bool:
    """Whether a line, of so many words, is a button as a text browser writes it: "(BUTTON) Menu", "Search ____ (BUTTON)"."""
    return words <= BUTTON_WORDS and _BUTTON in line


def button_words() -> list[str]:
    """Words of the normal form of which each such line has one."""
    return normal_form(_BUTTON).split()


def _is_path(line: str, names: AbstractSet[str]) -> bool:
    parts = _parts(_ARROW, line)
    if len(parts) == 1:
        parts = _parts(_SLASH, line)
        if len(parts) < _PATH:
            return False
    if len(parts) == 1 or not all(map(_is_short, parts[:-1])):
        return False
    label, colon, first = _labelled(parts[0])
    return normal_form(first) in names or normal_form(parts[-1]) in names or (colon and normal_form(label) in names)


def _is_bar(line: str, names: AbstractSet[str], is_known: Callable[[str], bool]) -> bool:
    parts = _parts(_DIVIDER, line)
    if any(normal_form(part) in names for part in parts) and _is_known(parts, is_known):
        return True
    if not is_no_space(line.strip()[0]):
        return False
    parts = _parts(_SPACE, line)
    named = [part for part in parts if is_no_space(part[0]) and normal_form(part) in names]
    if not named:
        return False
    row = len(parts) >= _ROW and named[0] in parts[:2] and all(map(_is_entry, parts))
    return row or _is_known(parts, is_known)


def _is_known(parts: Sequence[str], is_known: Callable[[str], bool]) -> bool:
    return len(parts) >= _BAR and 2 * sum(map(is_known, parts)) >= len(parts)


def _is_entry(part: str) -> bool:
    return len(part) <= _ENTRY and is_no_space(part[0])


def _parts(divider: re.Pattern[str], line: str) -> list[str]:
    """What stands between the dividers; of a line without words, the line."""
    return [part for part in divider.split(line.strip()) if any(map(str.isalnum, part))] or [line]


def _labelled(part: str) -> tuple[str, bool, str]:
    """What stands before a colon, whether there is one, and what stands behind it."""
    colon = _COLON.search(part)
    return (part[: colon.start()], True, part[colon.end() :]) if colon else ("", False, part)


def _is_short(part: str) -> bool:
    words = normal_form(_labelled(part)[2]).split()
    return len(words) <= (_PART_NO_SPACE if words and is_no_space(words[-1][0]) else _PART)
