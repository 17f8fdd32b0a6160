"""`dedup rules`: lists all rules, shows and checks the phrases of those that have some."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.options import PRINTING, command, counted, option, printable

if TYPE_CHECKING:
    from dedup.boilerplate.phrases import Entry

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
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)

    said = {"RULE": rule, "--language": language, "--match": match, "--check": check}
    given = [name for name, value in said.items() if value is not None]
    if len(given) > 1 and given != ["RULE", "--language"]:
        raise UsageError(f"{' and '.join(given)} exclude each other")
    if check is not None:
        return _check(check)
    if match is not None:
        _print([_match(match)])
    elif rule is not None:
        _print(_phrases(rule, language))
    else:
        _print(_all(language))
    return 0


def _check(path: str) -> int:
    """Tell what the examples of a file show to be wrong; 1 where they do."""
    from dedup.boilerplate import phrase_file, phrases  # noqa: PLC0415 (help must not wait for it)

    known = phrases.load()
    read = phrase_file.read_file(path, frozenset(rule.name for rule in known.rules()))
    complaints = known.complaints(read)
    _print([*complaints, f"{path}: {counted(len(read.phrases), 'phrase')}, {counted(len(complaints), 'complaint')}"])
    return 1 if complaints else 0


def _match(line: str) -> str:
    """Which rule takes a line, as `clean` asks it."""
    from dedup.boilerplate import phrases  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines.line_rules import LineRules  # noqa: PLC0415

    hit = LineRules().match(line)
    if hit is None:
        return "no rule takes it"
    told = f'"{hit.phrase}" ({", ".join(hit.languages)})' if hit.phrase else phrases.load().rule(hit.rule).meaning
    return f"{hit.rule}: {told}"


def _phrases(rule: str, language: str | None) -> list[str]:
    """The phrases of one rule.

    Raises:
        UsageError: there is no such rule, or no phrase in the language.
    """
    from dedup.boilerplate import phrases  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import rule_names  # noqa: PLC0415
    from dedup.errors import UsageError  # noqa: PLC0415

    rule, others = rule.removeprefix("boilerplate."), _others()  # as --keep may name it, with its kind
    if rule in others:
        return [f"{rule}: {others[rule]}; it goes by no phrases"]
    meanings = {known.name: known.meaning for known in phrases.load().rules()}
    if rule not in meanings:
        raise UsageError(f"{rule}: {rule_names.no_such(rule, {*meanings, *others}, 'rule')}")
    own = sorted(f"{', '.join(entry.languages)}: {entry.phrase}" for entry in _entries(language) if entry.rule == rule)
    return own or [f"{rule}: {meanings[rule]}; no phrase is its own" + (f" ({language})" if language else "")]


def _all(language: str | None) -> list[str]:
    """All rules, each with the number of its phrases; of a language, those that go by phrases."""
    from dedup.boilerplate import phrases  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import rule_names  # noqa: PLC0415

    counts = Counter(entry.rule for entry in _entries(language))
    lines = [_line(rule.name, counted(counts[rule.name], "phrase"), rule.strip, rule.meaning) for rule in phrases.load().rules()]
    if language is not None:
        return sorted(lines)
    others = _others().items()
    lines += [_line(name, "", name not in {"main.outside", rule_names.COPY}, meaning) for name, meaning in others]
    return [*sorted(lines), *_NAMES]


def _others() -> dict[str, str]:
    """The rules that go by no phrases, each with what its lines are."""
    from dedup.engines import rule_names  # noqa: PLC0415 (help must not wait for it)

    return {**rule_names.OTHER_RULES, rule_names.COPY: rule_names.COPY_MEANING}


def _entries(language: str | None) -> list[Entry]:
    """All phrases, or those of a language.

    Raises:
        UsageError: it has none.
    """
    from dedup.boilerplate import phrases  # noqa: PLC0415 (help must not wait for it)
    from dedup.errors import UsageError  # noqa: PLC0415

    every = phrases.load().entries()
    entries = [entry for entry in every if language is None or language in entry.languages]
    if not entries:
        spoken = sorted({code for entry in every for code in entry.languages})
        raise UsageError(f"--language {language}: no phrases; there are {', '.join(spoken)}")
    return entries


def _line(name: str, phrases: str, stripped: bool, meaning: str) -> str:
    return f"{name:18} {phrases:>13}  {'stripped' if stripped else 'kept    '}  {meaning}"


def _print(lines: list[str]) -> None:
    with PRINTING:
        for line in lines:
            print(printable(line))  # noqa: T201 (this is the command's output)
