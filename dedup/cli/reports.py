"""The reports that a command writes, and those that it acts on."""

from __future__ import annotations

import dataclasses
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from dedup.cli import piped
from dedup.errors import InputError, OutputError, ReportError, UsageError, os_reason
from dedup.model import Skipped
from dedup.reading.compression import open_read, sniff
from dedup.reading.sources import layout
from dedup.reading.text import first_bytes
from dedup.reporting.report import Report
from dedup.writing import journal, outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance

    from dedup.cli.running import Gathered
    from dedup.engines.inputs import Inputs
    from dedup.model import Source
    from dedup.reporting.restoring import Index

_BEGINNING = re.compile(rb'\{"kind": "(?:header", "format": \d+, "dedup": "|journal", "format": \d+, "run": )')
_STANDARD_OUTPUT = frozenset({"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
_ENOUGH = 100  # bytes to know it by


def check_report(  # noqa: PLR0913 (what the options became)
    path: str | None, found: Gathered, written_to: object, *, force: bool, in_place: bool = False, resumed: bool = False
) -> None:
    """Refuse a report's path before anything is read.

    Args:
        path: the user's FILE.
        found: the inputs, none of which it may be.
        written_to: where the outputs go, none of which it may be.
        force: whether a file that exists may be overwritten.
        in_place: whether inputs are replaced; then no file may be, which could be all that is left of an earlier run's cuts.
        resumed: whether it is gone on with.

    Raises:
        OutputError: it cannot be made there.
        UsageError: it is a folder, or would overwrite something, or be overwritten.
    """
    if path is None:
        return
    _check_name(path)
    if path in _STANDARD_OUTPUT and not isinstance(written_to, (outputs.ToPaths, outputs.Nowhere)):
        raise UsageError(f"--report {path}: standard output is for what is printed; name a file")
    exists = outputs.exists(path) and not resumed
    if not resumed and not force:
        refuse_stopped(path)
    if in_place and exists:
        raise UsageError(f"--report {path}: exists already and may be what undoes an earlier run; name another file")
    if not force and exists:
        raise UsageError(f"--report {path}: exists already; name another file, or overwrite it with --force")
    real = os.path.realpath(path)
    there = os.stat(path) if os.path.exists(path) else None  # noqa: PTH110, PTH116 (as the next line)
    # A tree may have very many inputs, none of which is a file that is not there.
    if there and any(source.path is not None and piped.is_file(source, there) for source in found.inputs.sources):
        raise UsageError(f"--report {path} is one of the inputs: name another file")
    places = outputs.RealPaths()
    if isinstance(written_to, outputs.ToPaths) and any(outputs.lies_in(real, places.of(p)) for p in written_to.paths):
        raise UsageError(f"--report {path} is one of the outputs, or below it: name another file")
    if not there:
        outputs.refuse_unwritable(path)


def refuse_stopped(path: str) -> None:
    """Raise UsageError where a report is that of a run that was stopped: its outputs are there, and its journal beside it."""
    if outputs.exists(path) and os.path.lexists(journal.beside(path)):
        raise UsageError(f"--report {path}: is that of a run that was stopped: go on with it by --resume, or name another file")


def _check_name(path: str) -> None:
    if path == "-":
        raise UsageError("--report -: standard output is for texts; name a file")
    if layout(path)[1]:
        raise UsageError(f"--report {path}: a report is written as plain text, not compressed: name it without that ending")
    if path.endswith(("/", os.sep)) or os.path.isdir(path):  # noqa: PTH112 (no Path is needed)
        raise UsageError(f"--report {path}: is a folder: name a file in it")


_DECIDE = frozenset(
    [
        *("profile", "no_learn", "main", "min_kept", "paragraphs", "keep", "strip"),
        *("raw", "threshold", "recall", "keep_doc", "prefer_sites"),
    ]
)
"""The options that decide what goes."""


def check_acting(*groups: DataclassInstance) -> None:
    """Refuse options that decide what goes beside `--report-in`, which tells it; `groups` are those of the command.

    Raises:
        UsageError: such an option is not as it is by default.
    """
    for group in groups:
        for field in dataclasses.fields(group):
            if field.name in _DECIDE and getattr(group, field.name) != field.default:
                name = field.name.replace("_", "-")
                raise UsageError(f"--report-in and --{name} exclude each other: what goes is told by the report")


def open_report(path: str | None, *, force: bool, durable: bool = False) -> Report:
    """The report, to a file, whose folder is made, or (without a path) only counted.

    Args:
        path: the user's FILE.
        force: whether a file that exists may be overwritten.
        durable: whether it must be on the disk, not only on its way, before what it tells of appears.

    Raises:
        UsageError: the file exists.
        OutputError: it cannot be written.
    """
    if path is None:
        return Report(None)
    mode = "wb" if force or outputs.is_device(path) else "xb"
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        stream = cast(IO[bytes], Path(path).open(mode))  # noqa: SIM115 (the report closes it)
    except FileExistsError:
        raise UsageError(f"--report {path}: exists already; name another file, or overwrite it with --force") from None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {os_reason(error)}") from error
    return Report(stream, durable=durable and not outputs.is_device(path))


@contextmanager
def opened(path: str, option: str) -> Iterator[IO[bytes]]:
    """A report to read.

    Raises:
        ReportError: it cannot be opened, or is no file.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113 (no Path is needed)
        raise ReportError(f"{option} {path}: is no file")
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 (closed below; the error is of the opening alone)
    except OSError as error:
        raise ReportError(f"{option} {path}: {os_reason(error)}") from error
    with stream:
        if sniff(stream.read(_ENOUGH)):
            raise ReportError(f"{option} {path}: is compressed: unpack it first")
        stream.seek(0)
        yield stream


@contextmanager
def earlier(path: str, *, written: str | None, alone: bool) -> Iterator[Index]:
    """A report to act on.

    Args:
        path: the user's FILE.
        written: the report that is to be written.
        alone: whether there is one input, which may have any name.

    Raises:
        ReportError: it is none, or was cut short.
        UsageError: it is the report that is to be written.
    """
    from dedup.reporting.restoring import Index  # noqa: PLC0415 (most runs act on none)

    check_other(written, path)
    with opened(path, "--report-in") as stream:
        index = Index(stream, path, alone=alone)
        if not index.complete:
            raise ReportError(f"--report-in {path}: was cut short (it has no `end`): make it anew")
        yield index


def check_other(written: str | None, path: str) -> None:
    """Raise UsageError where the report that is written would be the one that is read."""
    if written is not None and os.path.realpath(written) == os.path.realpath(path):
        raise UsageError(f"--report {written} is the report that is acted on: name another file")


def leave_out(inputs: Inputs, *paths: str) -> None:
    """Reports that lie among the texts are none of them."""
    ours, real = {os.path.realpath(path) for path in paths}, outputs.RealPaths()
    inputs.sources = [source for source in inputs.sources if source.path is None or real.of(source.path) not in ours]


def pass_over_reports(inputs: Inputs) -> None:
    """Reports and journals of earlier runs that lie among the texts are none of them, unless the user named them outright.

    Read as records they would be cleaned: in place, what undoes the earlier run would be cut.
    """
    ours = {source.id for source in inputs.sources if source.id not in inputs.named and _is_ours(source)}
    if ours:
        told = [Skipped(name, "is a report of dedup, or a journal", expected=True) for name in ours]
        inputs.sources = [source for source in inputs.sources if source.id not in ours]
        inputs.skipped = sorted([*inputs.skipped, *told], key=lambda item: (item.source.encode(), item.reason))


def _decompressed(source: Source) -> IO[bytes]:
    return cast("IO[bytes]", open_read(source.id, source.path or "", source.compression))


def _is_ours(source: Source) -> bool:
    """Whether a file is a report or a journal; a plain one is opened as it is, for a tree may have very many."""
    path = source.path or ""
    if not source.regular or source.format not in {"jsonl", "text"}:
        return False
    try:
        if source.compression:
            with _decompressed(source) as stream:
                head = stream.read(_ENOUGH)
        else:
            head = first_bytes(path, _ENOUGH)
    except (OSError, InputError):
        return False  # told of when it is read
    return _BEGINNING.match(head) is not None
