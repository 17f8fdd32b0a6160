"""The names that `--keep` and `--strip` take."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from dedup import phrases
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OTHER_RULES = (
    "section.related",
    "section.comments",
    "section.author",
    "site.frequency",
    "site.sentence",
    "corpus.frequency",
    "main.outside",
    "repeat.exact",
    "repeat.near",
    "repeat.contained",
    "repeat.lengthened",
    "repeat.run",
    "repeat.title",
)
"""The rules that are no phrase rules."""


def known_names() -> frozenset[str]:
    """Kinds, rules, what rules lie below, and rules with their kind: all that `--keep` can spare."""
    rules = [*(f"boilerplate.{rule.name}" for rule in phrases.load().rules())]
    rules += [name if name.startswith("repeat.") else f"boilerplate.{name}" for name in OTHER_RULES]
    names: set[str] = set()
    for rule in rules:
        parts = rule.split(".")
        names |= {".".join(parts[i:j]) for i in (0, 1) for j in range(i + 1, len(parts) + 1)}
    return frozenset(names)


def check_names(keep: Sequence[str], strip: Sequence[str]) -> None:
    """Check what a user wants kept or stripped.

    Raises:
        UsageError: a name that no kind or rule has; the message offers the nearest.
    """
    _check("--keep", keep, known_names())
    _check("--strip", strip, {"copy", *(rule.name for rule in phrases.load().rules() if not rule.strip)})


def _check(option: str, names: Iterable[str], known: Iterable[str]) -> None:
    listed = sorted(known)
    for name in names:
        if name not in listed:
            near = difflib.get_close_matches(name, listed, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"{option} {name}: no such kind or rule{hint} (`dedup rules` lists them)")
