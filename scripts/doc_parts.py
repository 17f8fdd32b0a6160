"""The parts of the documentation that cog takes from the program: help pages, rules, languages, a report.

    just docs         fill them in
    just check        fail if one is not what the program says

Each function that the documents call gives Markdown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from dedup.boilerplate import phrases
from dedup.engines.rule_names import OTHER_RULES
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


def names_of_pages() -> str:
    """A table of the commands' pages, with what each command does."""
    from typer.main import get_group  # noqa: PLC0415 (only the reference of commands needs it)

    from dedup.cli import made  # noqa: PLC0415

    told = {name: (command.help or "").split("\n", 1)[0] for name, command in get_group(made()).commands.items()}
    rows = [f"| [`dedup {name}`](commands/{name}.md) | {told[name]} |\n" for name in commands()]
    return "\n| command | does |\n| --- | --- |\n" + "".join(rows) + "\n"


def help_page(*arguments: str) -> str:
    """The `--help` of a command, or of `dedup`, in a code block."""
    return f"\n```text\n{dedup(*arguments, '--help').strip()}\n```\n\n"


def field_names() -> str:
    """A table of the options for records' fields, with the names that are found without them."""
    rows = [f"| `--{role}-field` | {', '.join(f'`{name}`' for name in names)} |\n" for role, names in GUESSES.items()]
    return "\n| option | the common names, best first |\n| --- | --- |\n" + "".join(rows) + "\n"


def speed(*names: str) -> str:
    """On what the benchmarks ran, and the table of their ratios (or of those that are named), from the raw results."""
    sys.path.insert(0, str(ROOT / "benchmarks"))  # programs of their own, no package
    from figures import Results, ratios  # noqa: PLC0415
    from table import machine, of_ratios  # noqa: PLC0415

    results, rows = Results(), {row.name: row for row in ratios()}
    return f"\n{machine(results)}\n{of_ratios(results, [rows[name] for name in names or rows])}"


def rules() -> str:
    """A table of the phrase rules."""
    rows = [
        f"| `{rule.name}` | {rule.meaning} | {rule.max_words} | {'yes' if rule.strip else 'only if asked'} |\n"
        for rule in phrases.load().rules()
    ]
    return "\n| rule | its lines | most words | stripped |\n| --- | --- | ---: | --- |\n" + "".join(rows) + "\n"


def other_rules() -> str:
    """A table of the rules that have no phrases."""
    rows = [
        f"| `{name}` | {meaning} | {'with `clean --main`' if name == 'main.outside' else 'yes'} |\n"
        for name, meaning in OTHER_RULES.items()
    ]
    return "\n| rule | its lines | stripped |\n| --- | --- | --- |\n" + "".join(rows) + "\n"


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


def session(*lines: str) -> str:
    """Lines given to a shell, in a folder that holds the examples, each with what it says, in a code block."""
    with tempfile.TemporaryDirectory() as folder:
        for made in (Path(folder) / "bin", Path(folder) / "here"):
            made.mkdir()
        shim = Path(folder) / "bin" / "dedup"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n', "utf-8")
        shim.chmod(0o755)
        (Path(folder) / "here" / "examples").symlink_to(ROOT / "examples")
        shown = "".join(f"$ {line}\n{_said(line, Path(folder))}" for line in lines)
    return f"\n```console\n{shown}```\n\n"


def _said(line: str, folder: Path) -> str:
    """What a line says on standard output and standard error, as on a terminal."""
    plain = {"NO_COLOR": "1", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 (lines from the documentation's source)
        ["/bin/sh", "-c", line],
        cwd=folder / "here",
        env={**os.environ, **plain, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,  # a status that is not 0 is shown by `; echo $?`
    )
    return "".join(f"{text.rstrip()}\n" for text in done.stdout.splitlines())
