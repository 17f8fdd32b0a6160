"""From options to what the engine takes: inputs, settings, profiles, progress; and the words at the end."""

from __future__ import annotations

import dataclasses
import io
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple

import dedup
from dedup import profile, reading
from dedup.cli.options import InputOptions, JudgeOptions, TargetOptions, say
from dedup.engines import embedded
from dedup.engines.rule_names import check_names
from dedup.errors import InputError, OutputError, UsageError
from dedup.reading.compression import open_read
from dedup.report import Report
from dedup.settings import CleanSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.model import Skipped
    from dedup.profile import Profile

_NAMED_FAILURES = 20  # told one by one; the report has them all

class Gathered(NamedTuple):
    """What a command works on.

    Attributes:
        inputs: for the engine.
        single: whether it is one file or standard input, whose output may be a file or standard output.
        folders: the folders that were given.
    """

    inputs: embedded.Inputs
    single: bool
    folders: tuple[str, ...]


@contextmanager
def gathered(options: InputOptions, *, twice: bool) -> Iterator[Gathered]:
    """Find the inputs.

    Args:
        options: as the user gave them.
        twice: whether the command reads its inputs more than once: records on standard input are spooled then.

    Raises:
        UsageError: no input, or options that do not fit together.
    """
    given = list(options.inputs or ())
    listed = _files_from(options) if options.files_from is not None else None
    if not given and listed is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("no input: name files or folders, or pipe a text in (`dedup clean < article.txt`)")
        given = ["-"]
    form = None if options.format == "auto" else options.format
    piped = "-" in given
    if piped and (len(given) > 1 or listed is not None):
        raise UsageError("`-` (standard input) cannot be mixed with other inputs")
    fields = reading.Fields(
        text=options.text_field,
        id=options.id_field,
        site=options.site_field,
        url=options.url_field,
        date=options.date_field,
        title=options.title_field,
    )
    with tempfile.TemporaryDirectory(prefix="dedup-") as scratch:
        inputs = embedded.Inputs([], fields=fields, site=options.site, max_decompressed=options.max_decompressed)
        if piped:
            _take_stdin(inputs, form, Path(scratch), twice=twice)
        else:
            inputs.sources, inputs.skipped = reading.find_sources(
                given,
                root=options.root,
                files_from=listed,
                include=options.include or (),
                exclude=options.exclude or (),
                format=form,
                site=options.site,
            )
            inputs.named = frozenset(s.id for s in inputs.sources if s.path is not None and s.path in given)
        folders = tuple(path for path in given if path != "-" and os.path.isdir(path))
        yield Gathered(inputs, piped or (len(given) == 1 and not folders and listed is None), folders)


def _files_from(options: InputOptions) -> list[bytes]:
    try:
        if options.files_from == "-":
            data = sys.stdin.buffer.read()
        else:
            data = Path(options.files_from or "").read_bytes()
    except OSError as error:
        raise UsageError(f"--files-from {options.files_from}: {error.strerror}") from error
    entries = data.split(b"\0") if options.null else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [entry for entry in entries if entry]


def _take_stdin(inputs: embedded.Inputs, form: str | None, scratch: Path, *, twice: bool) -> None:
    """Make standard input a source; records that are to be read twice, and Parquet, are written to a file first."""
    form = form or _sniff(sys.stdin.buffer)
    inputs.named = frozenset({"-"})
    source = reading.standard_input(form)
    if form == "text" or (not twice and form != "parquet"):
        inputs.stdin = sys.stdin.buffer
    else:
        spool = scratch / "stdin"
        if form != "parquet":
            say("records on standard input are kept in a temporary file to learn from; --no-learn or --profile streams them")
        with spool.open("wb") as file:
            try:
                while block := sys.stdin.buffer.read(1 << 20):
                    file.write(block)
            except OSError as error:
                raise OutputError(f"cannot keep standard input in {spool.parent}: {error.strerror}") from error
        source = reading.standard_input(form, path=str(spool))
    inputs.sources = [source]


def _sniff(stream: BinaryIO) -> str:
    """Whether a stream holds records of JSON or a text, by its first bytes, which stay unread."""
    head: bytes = stream.peek(1 << 16) if hasattr(stream, "peek") else b""
    head = open_read("-", io.BytesIO(head), "").peek().lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if head.startswith(b"{") and head[1:].lstrip()[:1] in {b'"', b"}"} else "text"


def version() -> str:
    """The version of dedup."""
    return dedup.__version__


def clean_settings(options: JudgeOptions, *, min_kept: int | None = None, learn: bool = True) -> CleanSettings:
    """The settings of `clean`, their names checked.

    Raises:
        UsageError: a name or a value that does not exist.
    """
    keep, strip = tuple(options.keep or ()), tuple(options.strip or ())
    check_names(keep, strip)
    settings = CleanSettings(paragraphs=options.paragraphs, keep=keep, strip=strip, learn=learn)
    return settings if min_kept is None else dataclasses.replace(settings, min_kept=min_kept)


def planned(found: Gathered, target: TargetOptions) -> outputs.ToStream | outputs.ToPaths:
    """Where the outputs go, from the inputs and OUT."""
    return outputs.plan(
        found.inputs.sources,
        target.output,
        stream=sys.stdout.buffer,
        fields=found.inputs.fields,
        single=found.single,
        folders=found.folders,
        force=target.force,
    )


def profiles_for(folder: str | None, settings: CleanSettings, found: Gathered, target: TargetOptions) -> dict[str, Profile]:
    """The profiles that judge: from a folder, else learned from the input, else none."""
    if folder is not None:
        return profile.load(folder)
    sources = found.inputs.sources
    alone = len(sources) == 1 and sources[0].format == "text"
    if not settings.learn or alone or not sources:
        return {}
    with progress(found.inputs, target, "learning"):
        return embedded.learn(found.inputs, settings)[0]


@contextmanager
def progress(inputs: embedded.Inputs, target: TargetOptions, words: str) -> Iterator[None]:
    """Show the bytes read, and of how many, on stderr while the block runs; only on a terminal."""
    if target.quiet or not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm  # noqa: PLC0415 (only where someone looks)

    total = 0
    for source in inputs.sources:
        if source.path is not None:
            try:
                total += os.stat(source.path).st_size
            except OSError:
                continue  # told of when it is read
    label = f"{words} ({len(inputs.sources):,} files)" if len(inputs.sources) > 1 else words
    with tqdm(total=total or None, desc=label, unit="B", unit_scale=True, unit_divisor=1024, file=sys.stderr) as bar:

        def move(count: int) -> None:
            bar.update(count)

        inputs.progress = move
        try:
            yield
        finally:
            inputs.progress = None


def open_report(path: str | None, *, force: bool) -> Report:
    """The report, to a file, or (without a path) only counted.

    Raises:
        UsageError: the file exists.
        OutputError: it cannot be written.
    """
    if path is None:
        return Report(None)
    try:
        stream: IO[bytes] = open(path, "wb" if force else "xb")  # noqa: SIM115 (the report closes it)
    except FileExistsError:
        raise UsageError(f"--report {path}: exists already; name another file, or overwrite it with --force") from None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
    return Report(stream)


def tell_failures(failures: list[Skipped]) -> None:
    """Name on stderr what could not be read."""
    for failure in failures[:_NAMED_FAILURES]:
        place = failure.source if failure.record is None else f"{failure.source}:{failure.record}"
        say(f"{place}: {failure.reason}")
    if len(failures) > _NAMED_FAILURES:
        say(f"and {len(failures) - _NAMED_FAILURES:,} more that could not be read (the report names them all)")


def status_of(failures: list[Skipped], done: int, *, empty: str | None) -> int:
    """The exit status: 0 done, 3 done but for some inputs, 2 nothing could be done.

    Args:
        failures: what could not be read.
        done: documents that were.
        empty: said when there was nothing to read at all, which is an error; None where that is fine (empty standard input).
    """
    tell_failures(failures)
    if failures:
        return 3 if done else InputError.exit_status
    if not done and empty is not None:
        say(empty)
        return InputError.exit_status
    return 0
