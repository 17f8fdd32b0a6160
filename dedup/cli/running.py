"""From options to what the engine takes: inputs, settings, profiles, progress; and the words at the end."""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import dedup
from dedup import profile, reading
from dedup.cli import piped
from dedup.cli.options import InputOptions, JudgeOptions, TargetOptions, say, standard_output
from dedup.engines import embedded
from dedup.engines.rule_names import check_names
from dedup.errors import InputError, OutputError, UsageError
from dedup.reading.compression import os_reason
from dedup.report import Report
from dedup.settings import CleanSettings, FindSettings, MainSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.model import Finding, Skipped, Source
    from dedup.profile import Profile

NO_TEXT = "no text found: only hidden or binary files, or none that --include lets in"
_NAMED_FAILURES = 20  # told one by one; the report has them all


class Gathered(NamedTuple):
    """What a command works on.

    Attributes:
        inputs: for the engine.
        single: whether it is one file or standard input, whose output may be a file or standard output.
        folders: the folders that were given.
        pipes: ids of what is no file: standard input, pipes, devices.
    """

    inputs: embedded.Inputs
    single: bool
    folders: tuple[str, ...]
    pipes: frozenset[str] = frozenset()


@contextmanager
def gathered(options: InputOptions, *, twice: bool, quiet: bool = False) -> Iterator[Gathered]:
    """Find the inputs.

    Args:
        options: as the user gave them.
        twice: whether the command reads its inputs more than once: records on standard input are spooled then.
        quiet: whether not to say so.

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
    if "-" in given and (len(given) > 1 or listed is not None):
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
        if given == ["-"]:
            piped.take_standard_input(inputs, form, Path(scratch), twice=twice, quiet=quiet)
            yield Gathered(inputs, single=True, folders=(), pipes=inputs.named)
            return
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
        pipes = piped.copy_pipes(inputs, Path(scratch), known=form is not None, twice=twice)
        folders = tuple(path for path in given if Path(path).is_dir())
        yield Gathered(inputs, len(given) == 1 and not folders and listed is None, folders, pipes)


def _files_from(options: InputOptions) -> list[bytes]:
    try:
        data = piped.standard_input().read() if options.files_from == "-" else Path(options.files_from or "").read_bytes()
    except OSError as error:
        raise UsageError(f"--files-from {options.files_from}: {os_reason(error)}") from error
    entries = data.split(b"\0") if options.null else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [entry for entry in entries if entry]


def version() -> str:
    """The version of dedup."""
    return dedup.__version__


def clean_settings(
    options: JudgeOptions, *, min_kept: int | None = None, learn: bool = True, main: bool = False
) -> CleanSettings:
    """The settings of `clean`, their names checked.

    Raises:
        UsageError: a name or a value that does not exist.
    """
    keep, strip = tuple(options.keep or ()), tuple(options.strip or ())
    check_names(keep, strip)
    settings = CleanSettings(
        paragraphs=options.paragraphs, keep=keep, strip=strip, learn=learn, main=MainSettings() if main else None
    )
    return settings if min_kept is None else dataclasses.replace(settings, min_kept=min_kept)


def planned(found: Gathered, target: TargetOptions) -> outputs.ToStream | outputs.ToPaths:
    """Where the outputs go, from the inputs and OUT (`-` and none: standard output).

    Raises:
        UsageError: OUT does not fit the inputs, or exists.
        OutputError: standard output is closed.
    """
    fields = found.inputs.fields
    if target.output is None or target.output == "-":
        if found.inputs.sources and not found.single:
            raise UsageError("several inputs: give a folder to write to with -o OUT, or --in-place with --report")
        return outputs.ToStream(standard_output(), fields, each=any(source.path is None for source in found.inputs.sources))
    return outputs.plan(
        found.inputs.sources,
        target.output,
        fields=fields,
        single=found.single,
        folders=found.folders,
        force=target.force,
    )


def in_place(found: Gathered) -> outputs.ToPaths:
    """Each input is replaced.

    Raises:
        UsageError: standard input, a pipe or a device cannot be.
    """
    if found.pipes:
        raise UsageError(f"--in-place: {min(found.pipes)} (standard input, a pipe or a device) has no place; give files")
    sources = found.inputs.sources
    return outputs.ToPaths({source.id: source.path or "" for source in sources}, found.inputs.fields)


def workers_for(asked: int, found: Gathered) -> int:
    """How many processes judge: as asked, or by the size of the input; a stream is judged as it comes."""
    from dedup.engines import workers  # noqa: PLC0415 (a single text needs none)

    if any(source.path is None for source in found.inputs.sources):
        return 1
    return workers.choose(asked, total_size(found.inputs))


def copied(
    found: Gathered, settings: CleanSettings, profiles: Mapping[str, Profile], target: TargetOptions, workers: int
) -> dict[str, list[Finding]]:
    """By document, the paragraphs that an earlier document has: a pass of matching before the one that cuts."""
    from dedup import clusters  # noqa: PLC0415 (numpy, for --strip copy only)
    from dedup.engines import finding  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="dedup-") as folder, progress(found.inputs, target, "matching"):
        matched = finding.find(
            found.inputs,
            cleaning=settings,
            settings=FindSettings(),
            profiles=profiles,
            kernel="auto",
            preference=clusters.Preference(),
            folder=Path(folder),
            workers=workers,
        )
        return finding.copied_paragraphs(matched)


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


def total_size(inputs: embedded.Inputs) -> int:
    """The bytes of all files, compressed as they are; what cannot be asked is told of when it is read."""
    total = 0
    for source in inputs.sources:
        if source.path is not None:
            with suppress(OSError):
                total += Path(source.path).stat().st_size
    return total


@contextmanager
def progress(inputs: embedded.Inputs, target: TargetOptions, words: str) -> Iterator[None]:
    """Show the bytes read, and of how many, on stderr while the block runs; only on a terminal."""
    if target.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm  # noqa: PLC0415 (help must not wait for it)

    total = total_size(inputs)
    label = f"{words} ({len(inputs.sources):,} files)" if len(inputs.sources) > 1 else words
    with tqdm(total=total or None, desc=label, unit="B", unit_scale=True, unit_divisor=1024, file=sys.stderr) as bar:

        def move(count: int) -> None:
            bar.update(count)

        inputs.progress = move
        try:
            yield
        finally:
            inputs.progress = None


def check_report(path: str | None, found: Gathered, written_to: object, *, force: bool, in_place: bool = False) -> None:
    """Refuse a report's path before anything is read.

    Args:
        path: the user's FILE.
        found: the inputs, none of which it may be.
        written_to: where the outputs go, none of which it may be.
        force: whether a file that exists may be overwritten.
        in_place: whether inputs are replaced; then no file may be, which could be all that is left of an earlier run's cuts.

    Raises:
        UsageError: the report would overwrite something, or be overwritten.
    """
    if path is None:
        return
    if path == "-":
        raise UsageError("--report -: standard output is for texts; name a file")
    if in_place and outputs.exists(path):
        raise UsageError(f"--report {path}: exists already and may be what undoes an earlier run; name another file")
    if not force and outputs.exists(path):
        raise UsageError(f"--report {path}: exists already; name another file, or overwrite it with --force")
    real = os.path.realpath(path)
    if any(source.path is not None and os.path.realpath(source.path) == real for source in found.inputs.sources):
        raise UsageError(f"--report {path} is one of the inputs: name another file")
    if isinstance(written_to, outputs.ToPaths) and any(os.path.realpath(p) == real for p in written_to.paths):
        raise UsageError(f"--report {path} is one of the outputs: name another file")


def open_report(path: str | None, *, force: bool, durable: bool = False) -> Report:
    """The report, to a file, or (without a path) only counted.

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
        stream = cast(IO[bytes], Path(path).open(mode))  # noqa: SIM115 (the report closes it)
    except FileExistsError:
        raise UsageError(f"--report {path}: exists already; name another file, or overwrite it with --force") from None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {os_reason(error)}") from error
    return Report(stream, durable=durable and not outputs.is_device(path))


def with_consequences(failures: list[Skipped], found: Gathered, written_to: object) -> list[Skipped]:
    """The failures, each with what became of the input or record."""
    if not isinstance(written_to, (outputs.ToPaths, outputs.ToStream)):
        return failures
    ids = {source.id for source in found.inputs.sources}
    unwritten = " (nothing of it was written)" if isinstance(written_to, outputs.ToPaths) else ""
    told = []
    for failure in failures:
        if failure.record is not None:
            told.append(dataclasses.replace(failure, reason=f"{failure.reason} (passed through unchanged)"))
        else:
            told.append(dataclasses.replace(failure, reason=failure.reason + (unwritten if failure.source in ids else "")))
    return told


def tell_failures(failures: list[Skipped], *, reported: bool = True) -> None:
    """Name on stderr what could not be read; `reported` says whether a report names all."""
    for failure in failures[:_NAMED_FAILURES]:
        place = failure.source if failure.record is None else f"{failure.source}:{failure.record}"
        say(f"{place}: {failure.reason}")
    if len(failures) > _NAMED_FAILURES:
        named = " (the report names them all)" if reported else ""
        say(f"and {len(failures) - _NAMED_FAILURES:,} more like that{named}")


def done_of(documents: int, sources: Sequence[Source], failures: list[Skipped], written_to: object) -> int:
    """How many documents were dealt with to any end: none where files were to be written and none could be read to its end."""
    damaged = {failure.source for failure in failures if failure.record is None}
    lost = isinstance(written_to, outputs.ToPaths) and all(source.id in damaged for source in sources)
    return 0 if lost else documents


def status_of(failures: list[Skipped], done: int, *, empty: str | None, reported: bool = True) -> int:
    """The exit status: 0 done, 3 done but for some inputs, 2 nothing could be done.

    Args:
        failures: what could not be read.
        done: documents that were.
        empty: said when there was nothing to read at all, which is an error; None where that is fine (empty standard input).
        reported: whether a report names all failures.
    """
    tell_failures(failures, reported=reported)
    if failures:
        return 3 if done else InputError.exit_status
    if not done and empty is not None:
        say(empty)
        return InputError.exit_status
    return 0
