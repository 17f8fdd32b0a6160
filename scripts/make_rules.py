"""Makes dedup/rules/compiled.json, what `dedup` reads of its phrase rules, from dedup/rules/*.toml.

    python scripts/make_rules.py            write it
    python scripts/make_rules.py --check    write nothing, exit 1 if the committed file is not what would be written

Phrases that stand under one rule in one language and under another in another are named, and the exit status is 1:
a line can only have one verdict. (The file is written all the same; of the rules the first by name counts.)
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from dedup.boilerplate.phrase_file import PhraseFile, read_file
from dedup.boilerplate.phrases import Entry, Index

RULES = Path(__file__).parent.parent / "dedup" / "rules"
TARGET = RULES / "compiled.json"


def read_rules() -> dict[str, dict[str, Any]]:
    """What rules.toml says of each rule, by full name; a table within a rule's is a rule too."""
    found: dict[str, dict[str, Any]] = {}

    def walk(table: dict[str, Any], prefix: str) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                facts = {name: fact for name, fact in value.items() if not isinstance(fact, dict)}
                if facts:
                    found[prefix + key] = facts
                walk(value, f"{prefix}{key}.")

    walk(tomllib.loads((RULES / "rules.toml").read_text("utf-8")), "")
    return found


SPELLINGS = {"az": ("ı", "i"), "tr": ("ı", "i"), "ru": ("е\u0308", "е")}  # noqa: RUF001 (the letters)
"""By language a letter that many texts write as another: the dotless i is "I" in capitals, and most leave the dots of ё out."""


def read_languages() -> list[PhraseFile]:
    """All language files, by name."""
    rules = read_rules()
    return [read_file(path, rules) for path in sorted(RULES.glob("*.toml")) if path.name != "rules.toml"]


def by_phrase(files: list[PhraseFile]) -> dict[str, dict[str, list[str]]]:
    """For each phrase form the rules it stands under, each with its languages; in its other spelling, too."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in files:
        for item in file.phrases:
            languages = found.setdefault(item.phrase, {}).setdefault(item.rule, [])
            if file.language not in languages:
                languages.append(file.language)
    for file in files:
        for item in file.phrases if file.language in SPELLINGS else ():
            other = item.phrase.replace(*SPELLINGS[file.language])
            if other not in found:
                found[other] = {item.rule: [file.language]}
    return found


def clashes(files: list[PhraseFile]) -> list[str]:
    """The phrases under several rules, a line each."""
    return [
        f"{phrase!r} is " + " but ".join(f"{rule} in {', '.join(rules[rule])}" for rule in sorted(rules))
        for phrase, rules in sorted(by_phrase(files).items())
        if len(rules) > 1
    ]


def compiled(files: list[PhraseFile]) -> str:
    """The text of compiled.json."""
    entries = (Entry(min(rules), phrase, tuple(sorted(rules[min(rules)]))) for phrase, rules in sorted(by_phrase(files).items()))
    data = {
        "rules": read_rules(),
        "phrases": Index.of(entries)._asdict(),
        "date_words": sorted(frozenset[str]().union(*(file.date_words for file in files))),
        "date_marks": sorted(frozenset[str]().union(*(file.date_marks for file in files))),
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), indent=0) + "\n"


def main() -> int:
    """Write or check; the exit status."""
    files = read_languages()
    text = compiled(files)
    same = TARGET.exists() and TARGET.read_text("utf-8") == text
    if "--check" in sys.argv[1:]:
        print(f"{TARGET.name}: {'up to date' if same else 'differs: run scripts/make_rules.py'}")
    else:
        TARGET.write_text(text, "utf-8", newline="\n")
        print(f"{TARGET.name}: {sum(len(file.phrases) for file in files):,} phrases of {len(files)} languages")
        same = True
    found = clashes(files)
    for clash in found:
        print(f"clash: {clash}", file=sys.stderr)
    return 0 if same and not found else 1


if __name__ == "__main__":
    sys.exit(main())
