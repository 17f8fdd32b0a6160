"""The parts of the documentation that cog takes from the program: help pages, rules, languages, a report.

    cog -r -I scripts docs/*.md           fill them in (`just docs`)
    cog --check -I scripts docs/*.md      exit 1 if one is not what the program says (`just check`)

Each function that the documents call gives Markdown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from dedup import phrases
from dedup.reading.fields import GUESSES

ROOT = Path(__file__).parent.parent
WIDTH = 100


def dedup(*arguments: str) -> str:
    """What `dedup` prints, on a terminal of 100 columns without colours; a failure of it ends the program."""
    plain = {"NO_COLOR": "1", "TERMINAL_WIDTH": str(WIDTH), "_TYPER_FORCE_DISABLE_TERMINAL": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 (our own program, arguments from the documentation's source)
        [sys.executable, "-m", "dedup", *arguments],
        cwd=ROOT,
        env={**os.environ, **plain, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())


def commands() -> list[str]:
    """The names of all commands, in the order of the help."""
    from dedup.cli import COMMANDS  # noqa: PLC0415 (only the reference of commands needs it)

    return list(COMMANDS)


def help_pages() -> str:
    """A section for `dedup` and for each command, with its `--help`."""
    pages = [("dedup", ("--help",)), *((f"dedup {name}", (name, "--help")) for name in commands())]
    return "".join(f"\n### {title}\n\n```text\n{dedup(*arguments).strip()}\n```\n" for title, arguments in pages) + "\n"


def field_names() -> str:
    """A table of the options for records' fields, with the names that are found without them."""
    rows = [f"| `--{role}-field` | {', '.join(f'`{name}`' for name in names)} |\n" for role, names in GUESSES.items()]
    return "\n| option | the common names, best first |\n| --- | --- |\n" + "".join(rows) + "\n"


def speed() -> str:
    """On what the benchmarks ran, and the table of their ratios, from the raw results."""
    sys.path.insert(0, str(ROOT / "benchmarks"))  # programs of their own, no package
    from figures import Results  # noqa: PLC0415
    from table import machine, of_ratios  # noqa: PLC0415

    results = Results()
    return f"\n{machine(results)}\n{of_ratios(results)}"


def rules() -> str:
    """A table of the phrase rules."""
    rows = [
        f"| `{rule.name}` | {rule.meaning} | {rule.max_words} | {'yes' if rule.strip else 'only if asked'} |\n"
        for rule in phrases.load().rules()
    ]
    return "\n| rule | its lines | most words | stripped |\n| --- | --- | ---: | --- |\n" + "".join(rows) + "\n"


def languages() -> str:
    """The languages that have phrases, on one line."""
    files = [path for path in sorted((ROOT / "dedup" / "rules").glob("*.toml")) if path.name != "rules.toml"]
    return ", ".join(f"{tomllib.loads(path.read_text('utf-8'))['name']} (`{path.stem}`)" for path in files) + ".\n"


def report(source: str) -> str:
    """The report of cleaning one file, in a code block."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.jsonl"
        dedup("clean", source, "--dry-run", "--quiet", "--report", str(written))
        return f"\n```jsonl\n{written.read_text('utf-8').strip()}\n```\n\n"


def console(*arguments: str, first: int = 0, last: int = 0) -> str:
    """A command of `dedup` and what it prints, of which only the first or last lines are shown, in a code block."""
    lines = dedup(*arguments).splitlines()
    shown = [*lines[:first], "…"] if first else ["…", *lines[-last:]] if last else lines
    return "\n```console\n$ " + " ".join(("dedup", *arguments)) + "\n" + "\n".join(shown) + "\n```\n\n"


def tail(source: str, count: int) -> str:
    """The last lines of a file, in a code block."""
    lines = (ROOT / source).read_text("utf-8").splitlines()[-count:]
    return f"\n```console\n$ tail -n {count} {source}\n" + "\n".join(lines) + "\n```\n\n"
