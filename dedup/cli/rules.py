"""`dedup rules`: lists all rules, shows and checks the phrases of those that have some."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from dedup.cli.options import command, option, printable

WHAT = "What is shown"

_NAMES = (
    "",
    "--keep spares what is stripped: a rule, all below a name (heading, section, site), or a kind (boilerplate, repeat).",
    "--strip adds what is kept, a rule each; `clean` alone takes copy, and its --main is what strips main.outside.",
)


@command
def rules(
    *,
    rule: Annotated[
        str | None,
        typer.Argument(metavar="RULE", help="Show this rule's phrases; without it all rules are listed.", show_default=False),
    ] = None,
    language: Annotated[
        str | None, option("--language", metavar="CODE", help="Only phrases of this language.", panel=WHAT)
    ] = None,
    match: Annotated[str | None, option("--match", metavar="LINE", help="Say which rule takes this line.", panel=WHAT)] = None,
    check: Annotated[str | None, option("--check", metavar="FILE", help="Check a language file of phrases.", panel=WHAT)] = None,
) -> int:
    """List the rules, show the phrases of one, try a line, or check a file of phrases.

    Examples:
      dedup rules heading.related --language de
      dedup rules --match "Lesen Sie auch"
    """
    from dedup.boilerplate import phrase_file, phrases  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import rule_names  # noqa: PLC0415
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)

    said = {"RULE": rule, "--language": language, "--match": match, "--check": check}
    given = [name for name, value in said.items() if value is not None]
    if len(given) > 1 and given != ["RULE", "--language"]:
        raise UsageError(f"{' and '.join(given)} exclude each other")
    known = phrases.load()
    names = {r.name: r for r in known.rules()}
    if check is not None:
        read = phrase_file.read_file(check, frozenset(names))
        complaints = known.complaints(read)
        _print([*complaints, f"{check}: {len(read.phrases)} phrases, {len(complaints)} complaints"])
        return 1 if complaints else 0
    if match is not None:
        words = phrases.phrase_words(match)
        hit = known.match(words)
        if hit is None:
            _print(["page.date: a date" if known.is_date(words) else "no rule takes it"])
        else:
            _print([f'{hit.rule}: "{hit.phrase}" ({", ".join(hit.languages)})'])
        return 0
    others = {**rule_names.OTHER_RULES, rule_names.COPY: rule_names.COPY_MEANING}
    if rule is not None and rule in others:
        _print([f"{rule}: {others[rule]}; it goes by no phrases"])
        return 0
    if rule is not None and rule not in names:
        raise UsageError(f"{rule}: no such rule (`dedup rules` lists them)")
    entries = [e for e in known.entries() if language is None or language in e.languages]
    if not entries:
        spoken = sorted({code for e in known.entries() for code in e.languages})
        raise UsageError(f"--language {language}: no phrases; there are {', '.join(spoken)}")
    if rule is not None:
        own = sorted(f"{', '.join(e.languages)}: {e.phrase}" for e in entries if e.rule == rule)
        _print(own or [f"{rule}: {names[rule].meaning}; no phrase is its own" + (f" ({language})" if language else "")])
        return 0
    counts = Counter(entry.rule for entry in entries)
    lines = [_line(name, f"{counts[name]:,} phrases", names[name].strip, names[name].meaning) for name in names]
    if language is None:
        lines += [_line(name, "", name not in {"main.outside", rule_names.COPY}, words) for name, words in others.items()]
    _print([*sorted(lines), *(_NAMES if language is None else ())])
    return 0


def _line(name: str, phrases: str, stripped: bool, meaning: str) -> str:
    return f"{name:18} {phrases:>13}  {'stripped' if stripped else 'kept    '}  {meaning}"


def _print(lines: list[str]) -> None:
    for line in lines:
        print(printable(line))  # noqa: T201 (this is the command's output)
