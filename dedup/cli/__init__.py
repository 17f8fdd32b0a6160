"""The command line: thin; each command parses, makes settings, runs the engine and prints."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dedup import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

COMMANDS = {
    "clean": "clean",
    "find": "find",
    "filter": "find",
    "learn": "learn",
    "explain": "explain",
    "restore": "restore",
    "rules": "rules",
}
"""The commands, in the order of the help, each with its module."""


def app(arguments: Sequence[str] | None = None, **options: Any) -> Any:  # noqa: ANN401 (as typer takes and gives them)
    """Run the command line, with the process's arguments where none are given.

    Only the command that is asked for is made: typer takes its time for each option of each.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    names = given[:1] if given and given[0] in COMMANDS else COMMANDS
    completing = "_DEDUP_COMPLETE" in os.environ  # a shell asks, and for options, too
    return made(names, listed=given in ([], ["-h"], ["--help"]) and not completing)(arguments, **options)


def made(names: Iterable[str] = COMMANDS, *, listed: bool = False) -> typer.Typer:
    """The command line with some of its commands; without their options, where they are only listed."""
    line = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    line.callback()(_main)
    for name in names:
        command = getattr(import_module(f"dedup.cli.{COMMANDS[name]}"), "filter_" if name == "filter" else name)
        line.command(name)(_without_options(command) if listed else command)
    return line


def _without_options(command: Callable[..., Any]) -> Callable[[], None]:
    def bare() -> None:
        raise NotImplementedError  # it is there to be listed

    bare.__doc__ = command.__doc__
    return bare


def _version(value: bool) -> None:
    if value:
        print(f"dedup {__version__}")  # noqa: T201 (this is the command's output)
        raise typer.Exit


def _main(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Find near-duplicates and boilerplate in news and web text, and take them out.

    Exit status:
        0  done
        1  --check found something
        2  nothing could be done
        3  done, but some inputs could not be read
        4  the output could not be written
      130  stopped by Ctrl-C (143: by SIGTERM, 129: by a closed terminal)
    """
