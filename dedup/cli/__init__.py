"""The command line: thin; each command parses, makes settings, runs the engine and prints."""

from __future__ import annotations

from typing import Annotated

import typer

from dedup import __version__
from dedup.cli.clean import clean
from dedup.cli.explain import explain
from dedup.cli.find import filter_, find
from dedup.cli.learn import learn
from dedup.cli.restore import restore
from dedup.cli.rules import rules

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        print(f"dedup {__version__}")  # noqa: T201 (this is the command's output)
        raise typer.Exit


@app.callback()
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
      130  stopped by Ctrl-C (143: by SIGTERM)
    """


for _name, _command in (
    ("clean", clean),
    ("find", find),
    ("filter", filter_),
    ("learn", learn),
    ("explain", explain),
    ("restore", restore),
    ("rules", rules),
):
    app.command(_name)(_command)
