"""The options that several commands share, and the frame every command runs in."""

from __future__ import annotations

import errno
import functools
import gc
import inspect
import io
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, get_type_hints

import typer

from dedup.choices import AnyFormat, Mode  # noqa: TC001 (typer reads the hints)
from dedup.errors import DedupError, OutputError, UsageError, Writing, os_reason

if TYPE_CHECKING:
    from collections.abc import Callable

INPUT = "What is read"
FIELDS = "Records (JSONL, CSV, TSV, Parquet)"
OUTPUT = "What is written"
VERDICTS = "How it is judged"

PRINTING = Writing("standard output")
"""Where standard output is printed to."""

_NO_FOLDER = ": let TMPDIR name a folder that can be written to"
_INTERRUPTED = 130  # exit status
_WORDS = {"GLOB", "ID", "LINE", "NAME", "NAME,…"}  # what options take that is no path, and need not be ASCII
_MAY_BE_EMPTY = frozenset({"inputs", "output", "profile", "match"})
"""Options whose commands say themselves what to do where they are empty, or for which that is a value."""
_PIECE = 1 << 20  # characters of a line that are looked at together: a line of any length is shown


class ClosedOutput(io.TextIOBase):
    """Stands for a standard output that is closed, for which Python has None, so that who writes to it hears of it."""

    def write(self, _: str) -> int:
        """Refuse the text as the system would."""
        raise OSError(errno.EBADF, "it is closed")


def option(*names: str, help: str, panel: str, **more: Any) -> Any:  # noqa: A002, ANN401 (typer's own names and types)
    """A typer option in a panel of the help."""
    if more.get("metavar") in _WORDS:
        more["callback"] = _as_typed
    return typer.Option(*names, help=help, rich_help_panel=panel, show_default=more.pop("show_default", False), **more)


def _as_typed(value: Any) -> Any:  # noqa: ANN401 (a text, several, or none)
    """Words of the command line, which are UTF-8 also where the locale has Python take them for something else."""
    if isinstance(value, list):
        return [_as_typed(item) for item in value]
    if value is None or value.isascii() or sys.getfilesystemencoding() == "utf-8":
        return value
    try:
        return os.fsencode(value).decode("utf-8")
    except UnicodeDecodeError:
        return value


@dataclass
class InputOptions:
    """What is read, and where in records its text and id stand."""

    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help="Files and folders; `-` or none: standard input.", show_default=False),
    ] = None
    files_from: Annotated[
        str | None, option("--files-from", metavar="FILE|-", help="Read the inputs' paths from a file, one a line.", panel=INPUT)
    ] = None
    null: Annotated[
        bool, option("--null", "-0", help="The paths of --files-from end in NUL bytes (`find -print0`).", panel=INPUT)
    ] = False
    root: Annotated[
        str | None,
        option("--root", metavar="DIR", help="Folder that files' ids and outputs are relative to (default: here).", panel=INPUT),
    ] = None
    include: Annotated[
        list[str] | None,
        option("--include", metavar="GLOB", help="Read only files that match, by id or by name (repeatable).", panel=INPUT),
    ] = None
    exclude: Annotated[
        list[str] | None,
        option("--exclude", metavar="GLOB", help="Pass over files that match, by id or by name (repeatable).", panel=INPUT),
    ] = None
    format: Annotated[
        AnyFormat, option("--format", help="Layout of the inputs; auto: by name, standard input by its first bytes.", panel=INPUT)
    ] = "auto"
    max_decompressed: Annotated[
        int | None,
        option(
            "--max-decompressed", metavar="BYTES", help="Refuse a compressed input that grows beyond this.", panel=INPUT, min=0
        ),
    ] = None
    text_field: Annotated[
        str | None, option("--text-field", metavar="NAME", help="The field that holds the text.", panel=FIELDS)
    ] = None
    id_field: Annotated[str | None, option("--id-field", metavar="NAME", help="The field that holds the id.", panel=FIELDS)] = (
        None
    )


@dataclass
class AboutOptions(InputOptions):
    """What is read, and what else is known of it: all but `restore` go by that."""

    site: Annotated[str | None, option("--site", metavar="NAME", help="All inputs are of this site.", panel=INPUT)] = None
    site_field: Annotated[
        str | None, option("--site-field", metavar="NAME", help="The field that holds the site.", panel=FIELDS)
    ] = None
    url_field: Annotated[
        str | None,
        option("--url-field", metavar="NAME", help="The field that holds the URL, whose host is the site.", panel=FIELDS),
    ] = None
    date_field: Annotated[
        str | None, option("--date-field", metavar="NAME", help="The field that holds the date.", panel=FIELDS)
    ] = None
    title_field: Annotated[
        str | None, option("--title-field", metavar="NAME", help="The field that holds the headline.", panel=FIELDS)
    ] = None


@dataclass
class TargetOptions:
    """Where the output goes."""

    output: Annotated[
        str | None,
        option(
            "--output", "-o", metavar="OUT", help="A file for one input, else a folder (default: standard output).", panel=OUTPUT
        ),
    ] = None
    force: Annotated[bool, option("--force", help="Overwrite what exists.", panel=OUTPUT)] = False
    quiet: Annotated[bool, option("--quiet", "-q", help="No progress and no summary.", panel=OUTPUT)] = False


@dataclass
class SplitOptions:
    """How documents are split."""

    paragraphs: Annotated[
        Mode,
        option(
            "--paragraphs", help="A paragraph is a line, or a block between blank lines; auto: as the text shows.", panel=VERDICTS
        ),
    ] = "auto"


@dataclass
class JudgeOptions(SplitOptions):
    """How documents are split and judged."""

    keep: Annotated[
        list[str] | None,
        option(
            "--keep",
            metavar="KIND.RULE",
            help="Spare this: repeat, boilerplate.share, heading.comments (repeatable).",
            panel=VERDICTS,
        ),
    ] = None
    strip: Annotated[
        list[str] | None,
        option("--strip", metavar="RULE", help="Strip this too: page.date, byline, byline.agency (repeatable).", panel=VERDICTS),
    ] = None


@dataclass
class WorkOptions:
    """How the work is done; the result is the same."""

    workers: Annotated[
        int,
        option(
            "--workers",
            metavar="N",
            help="Processes to work with (default: one for each core, if there is much to read).",
            panel=OUTPUT,
            min=0,
        ),
    ] = 0


def command(function: Callable[..., int | None]) -> Callable[..., None]:
    """Make a typer command of a function whose parameters may be groups of options (dataclasses).

    The groups' fields become options of the command. The function returns its exit status; errors of `dedup` become one line on
    stderr and their status; a closed pipe is quiet success. Signals are the affair of `dedup.stopping`.
    """
    hints = get_type_hints(function, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__")}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in groups:
            own = get_type_hints(groups[name], include_extras=True)
            parameters += [
                inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=own[f.name])
                for f in fields(groups[name])
            ]
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[name]))

    shown = {p.name: _shown(p) for p in parameters}

    def body(values: dict[str, Any]) -> int | None:
        for name, value in values.items():
            if name not in _MAY_BE_EMPTY and (value == "" or (isinstance(value, list) and "" in value)):
                raise UsageError(f"{shown[name]} is empty (a variable that is not set?): say what, or leave it out")
        made = {name: group(**{f.name: values.pop(f.name) for f in fields(group)}) for name, group in groups.items()}
        return function(**made, **values)

    @functools.wraps(function)
    def wrapper(**values: Any) -> None:  # noqa: ANN401 (options of any type)
        if not gc.isenabled():  # put off while the command line was imported, which nobody has to look through again
            gc.freeze()
            gc.enable()
        try:
            status = _guarded(lambda: body(values))
        except KeyboardInterrupt:  # on Windows, or where another program runs the command
            _drop_output()
            say("stopped")
            status = _INTERRUPTED
        raise typer.Exit(status)

    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    del wrapper.__wrapped__
    return wrapper


def _shown(parameter: inspect.Parameter) -> str:
    """How the user knows an option, or an argument."""
    (about,) = (item for item in parameter.annotation.__metadata__ if hasattr(item, "param_decls"))
    names = (about.default, *(about.param_decls or ()))  # in a hint, typer takes the first name for the default
    return next((name for name in names if isinstance(name, str) and name.startswith("--")), about.metavar or parameter.name)


def _guarded(body: Callable[[], int | None]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what a terminal cannot show must not end the run
    try:
        status = body() or 0
        flush()
    except BrokenPipeError:
        _drop_output()
        return 0
    except DedupError as error:
        _drop_output()
        say(f"error: {error}")
        return error.exit_status
    except MemoryError:
        _drop_output()
        say("error: not enough memory: a document takes five times its size, and up to sixty times where its lines are short")
        return DedupError.exit_status
    except RuntimeError as error:
        from concurrent.futures import BrokenExecutor  # noqa: PLC0415 (seldom needed)

        if not isinstance(error, BrokenExecutor):
            raise
        _drop_output()
        say("error: a worker process was killed, perhaps for want of memory; try --workers 1")
        return DedupError.exit_status
    except OSError as error:
        # what no other place expected, such as a full disk under the temporary files or under what is printed
        _drop_output()
        say(f"error: {_place(error)}{os_reason(error)}{_NO_FOLDER if _lacks_folder(error) else ''}")
        return OutputError.exit_status
    else:
        return status


def flush() -> None:
    """Hand on what standard output holds back, if there is one.

    Raises:
        OutputError: it cannot be written.
    """
    if sys.stdout is not None:
        with PRINTING:
            sys.stdout.flush()


def _drop_output() -> None:
    """Let what is still buffered go nowhere: its reader is gone, or its disk full."""
    try:
        flush()
    except (OSError, OutputError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lacks_folder(error: OSError) -> bool:
    """Whether no folder takes temporary files, as `tempfile` says it."""
    return error.errno == errno.ENOENT and "temporary directory" in (error.strerror or "")


def _place(error: OSError) -> str:
    """Where an error happened that no other place expected: what has no room and no name is a temporary file."""
    if error.filename:
        return f"{error.filename}: "
    if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return ""
    import tempfile  # noqa: PLC0415 (seldom needed)

    return f"cannot write temporary files in {tempfile.gettempdir()} (TMPDIR names another folder): "


def unwritten(error: OSError) -> int:
    """The exit status where help or the version could not be printed, which is told."""
    _drop_output()
    say(f"error: cannot write standard output: {os_reason(error)}")
    return OutputError.exit_status


def standard_output(instead: str = "name a file with -o OUT") -> BinaryIO:
    """Standard output, for bytes.

    Args:
        instead: what else the command at hand can do.

    Raises:
        OutputError: it is closed.
    """
    refuse_closed(instead)
    return sys.stdout.buffer


def refuse_closed(instead: str = "to write nothing, give > /dev/null") -> None:
    """Refuse a standard output that is closed, before hours of work for what is to be printed.

    Raises:
        OutputError: it is.
    """
    if sys.stdout is None or isinstance(sys.stdout, ClosedOutput):
        raise OutputError(f"cannot write standard output: it is closed; {instead}")


def say(message: str) -> None:
    """Tell the user something: on stderr, in one line, without the control characters that a file name may hold.

    Where that is full or its reader is gone, the words are lost: the work is done, and the exit status says how it went.
    """
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in message)
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"dedup: {clean}", file=sys.stderr)  # noqa: T201 (the one place that speaks)


def counted(number: int, thing: str) -> str:
    """A number of things as a sentence has it: "1 document", "2,000 documents"."""
    return f"{number:,} {named(number, thing)}"


def named(number: int, thing: str) -> str:
    """What a number of things is called: "document", "documents"."""
    if number == 1:
        return thing
    return f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"


def printable(line: str) -> str:
    """A line without what could steer a terminal."""
    if line.isprintable():
        return line
    if len(line) > _PIECE:
        return "".join(printable(line[at : at + _PIECE]) for at in range(0, len(line), _PIECE))
    return "".join(c if c.isprintable() or c in "\t\u00a0\u200b\u200c\u200d\u00ad\u3000" else f"\\u{ord(c):04x}" for c in line)
