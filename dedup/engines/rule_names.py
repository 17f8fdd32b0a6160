"""The names that `--keep` and `--strip` take."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

from dedup.boilerplate import phrases
from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

OTHER_RULES: Mapping[str, str] = MappingProxyType(
    {
        "section.related": "links and teasers under a heading of other stories",
        "section.comments": "what readers wrote, under a heading of comments",
        "section.menu": "entries of a menu in a row, some of which name parts of a newspaper",
        "section.author": "a note on who wrote the text, under its heading",
        "site.frequency": "stands on many documents of the site",
        "site.sentence": "a sentence that begins or ends the text on many documents of the site",
        "corpus.frequency": "a short line on many documents of several sites",
        "main.outside": "outside of a whole page's main block",
        "repeat.exact": "says the same as a paragraph before it",
        "repeat.near": "nearly the same as another paragraph",
        "repeat.contained": "what it says is said in another paragraph",
        "repeat.lengthened": "another paragraph again, with a few words added",
        "repeat.run": "part of a run of paragraphs that stands there already",
        "repeat.title": "a title that stands twice in a row",
    }
)
"""The rules that are no phrase rules, each with what its lines are."""

COPY = "copy"
COPY_MEANING = "stands in an earlier or preferred document"


def known_names() -> frozenset[str]:
    """Kinds, rules, what rules lie below, and rules with their kind: all that `--keep` can spare."""
    rules = [*(f"boilerplate.{rule.name}" for rule in phrases.load().rules())]
    rules += [name if name.startswith("repeat.") else f"boilerplate.{name}" for name in OTHER_RULES]
    names: set[str] = set()
    for rule in rules:
        parts = rule.split(".")
        names |= {".".join(parts[i:j]) for i in (0, 1) for j in range(i + 1, len(parts) + 1)}
    return frozenset(names)


def check_names(keep: Sequence[str], strip: Sequence[str], *, copies: bool = True) -> None:
    """Check what a user wants kept or stripped; `copies`: whether what stands in other documents can be stripped at all.

    Raises:
        UsageError: a name that no kind or rule has, or to no effect; the message says what to do instead.
    """
    known, asked = known_names(), for_strip()
    for name in keep:
        if name == COPY:
            raise UsageError("--keep copy: copies stay anyway; `clean --strip copy` is what strips them")
        if name not in known:
            raise UsageError(f"--keep {name}: {no_such(name, known)}")
    for name in strip:
        if name not in asked:
            raise UsageError(f"--strip {name}: {_not_asked_for(name, asked, known)}")
        if name == COPY and not copies:
            raise UsageError("--strip copy: only `dedup clean` strips copied paragraphs; `dedup find` shows them")
        for spared in keep:
            if f"{name}.".startswith(f"{spared}.") or f"boilerplate.{name}.".startswith(f"{spared}."):
                raise UsageError(f"--keep {spared} spares what --strip {name} would strip: leave one of them out")


def for_strip() -> frozenset[str]:
    """All that `--strip` can add: the rules whose lines stay by default, and copies."""
    return frozenset({COPY, *(rule.name for rule in phrases.load().rules() if not rule.strip)})


def no_such(name: str, known: Iterable[str], what: str = "kind or rule") -> str:
    """Say that there is none of this name, and which one may be meant: those below it, or one that is written much alike."""
    listed = sorted(known)
    below = [other for other in listed if other.startswith(f"{name}.")]
    near = [] if "," in name else difflib.get_close_matches(name, listed, 1)
    if "," in name:
        return f"no such {what}; give one at a time, the option once for each"
    hint = f": those below it are {', '.join(below)}" if below else f"; did you mean {near[0]}?" if near else ""
    return f"no such {what}{hint} (`dedup rules` lists them)"


def _not_asked_for(name: str, asked: Collection[str], known: Collection[str]) -> str:
    """Why `--strip` does not take a name."""
    rule = name.removeprefix("boilerplate.")
    below = [other for other in sorted(asked) if other == rule or other.startswith(f"{rule}.") or rule == "boilerplate"]
    if name not in known:
        return no_such(name, asked)
    if below:
        return f"name the rule itself: {' or '.join(other for other in below if other != COPY)}"
    if rule in {"main", "main.outside"}:
        return "`clean --main` is what strips it"
    return f"is stripped anyway (--keep {name} would spare it)"
