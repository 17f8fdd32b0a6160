"""From options to what the engine takes: inputs, settings, outputs, profiles, workers, progress."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dedup import reading, stopping
from dedup.boilerplate import profile
from dedup.cli import piped, reports
from dedup.cli.options import AboutOptions, InputOptions, JudgeOptions, SplitOptions, TargetOptions, counted, say, standard_output
from dedup.engines import counting
from dedup.engines.inputs import Inputs
from dedup.engines.rule_names import check_names
from dedup.errors import UsageError, os_reason
from dedup.reading.encodings import UTF8_MARK, wide
from dedup.settings import CleanSettings, FindSettings, MainSettings
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.model import Finding


class Gathered(NamedTuple):
    """What a command works on.

    Attributes:
        inputs: for the engine.
        single: whether it is one file or standard input, whose output may be a file or standard output.
        folders: the folders that were given.
        linked: the real paths of folders to which symbolic links in these led.
        pipes: ids of what is no file: standard input, pipes, devices.
    """

    inputs: Inputs
    single: bool
    folders: tuple[str, ...]
    pipes: frozenset[str] = frozenset()
    linked: tuple[str, ...] = ()


@contextmanager
def gathered(options: InputOptions, *, twice: bool, streams: str = "", quiet: bool = False) -> Iterator[Gathered]:
    """Find the inputs.

    Args:
        options: as the user gave them.
        twice: whether the command reads its inputs more than once: records on standard input are spooled then.
        streams: the options with which it would not; "": there are none.
        quiet: whether not to say so.

    Raises:
        UsageError: no input, or options that do not fit together.
    """
    given, listed = _given(options)
    form = None if options.format == "auto" else options.format
    fields, site = _about(options)
    with stopping.folder() as scratch:
        inputs = Inputs([], fields=fields, site=site, max_decompressed=options.max_decompressed)
        inputs.waits = None if quiet else _tell_compiling
        if given == ["-"]:
            piped.take_standard_input(inputs, form, Path(scratch), twice=twice, streams=streams, quiet=quiet)
            yield Gathered(inputs, single=True, folders=(), pipes=inputs.named)
            return
        linked: list[str] = []
        unmet: list[str] = []
        inputs.sources, inputs.skipped = reading.find_sources(
            given,
            root=options.root,
            files_from=listed,
            include=options.include or (),
            exclude=options.exclude or (),
            format=form,
            site=site,
            entered=linked,
            unmet=unmet,
        )
        if not quiet:
            for glob in unmet:
                say(f"{glob}: no file has such an id or name")
            _tell_of_folders(inputs, listed or ())
        inputs.named = frozenset(s.id for s in inputs.sources if s.path is not None and s.path in given)
        piped.leave_out_own_output(inputs)
        reports.pass_over_reports(inputs)
        asked = {*given, *map(os.fsdecode, listed or ())}
        pipes = piped.copy_pipes(inputs, asked, Path(scratch), known=form is not None, twice=twice)
        folders = tuple(filter(os.path.isdir, given))
        yield Gathered(inputs, len(given) == 1 and not folders and listed is None, folders, pipes, tuple(linked))


def _tell_of_folders(inputs: Inputs, listed: Sequence[bytes]) -> None:
    """Say on stderr which folders stand in a list that names nothing in them, as `ls` writes it: nothing of them is read."""
    folders = {skipped.source.rstrip("/") for skipped in inputs.skipped if skipped.reason == reading.LISTED_FOLDER}
    for path in listed if folders else ():
        place = reading.path_id(os.fsdecode(path)).rstrip("/")
        while "/" in place:
            place = place.rpartition("/")[0]
            folders.discard(place)
    if folders:
        such = f"{counted(len(folders), 'folder')} of the list, such as {min(folders)}"
        say(f"{such}: nothing in there is listed, nor read; list files (find … -type f), or give folders as INPUT")


def _given(options: InputOptions) -> tuple[list[str], list[bytes] | None]:
    """The paths that the user gave, `-` alone where there are none, and those of a list, None without one."""
    given = list(options.inputs or ())
    if options.null and options.files_from is None:
        raise UsageError("-0 is for lists of paths: add --files-from FILE, or --files-from - for standard input")
    listed = _files_from(options) if options.files_from is not None else None
    if not given and listed is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("no input: name files or folders, or pipe a text in (`dedup clean < article.txt`)")
        given = ["-"]
    if listed == [] and not given:
        raise UsageError(f"--files-from {options.files_from}: the list names nothing")
    for path in given:
        refuse_empty("INPUT", path)
    if "-" in given and (len(given) > 1 or listed is not None):
        raise UsageError("`-` (standard input) cannot be mixed with other inputs")
    files_only = {"--root": options.root, "--include": options.include, "--exclude": options.exclude}
    for name in (name for name, value in files_only.items() if value and "-" in given):
        raise UsageError(f"{name} is for files: standard input has no name; leave it out")
    return given, listed


def _about(options: InputOptions) -> tuple[reading.Fields, str | None]:
    """The names of records' fields, and the site of all inputs, as far as the command goes by them."""
    if not isinstance(options, AboutOptions):
        return reading.Fields(text=options.text_field, id=options.id_field), None
    fields = reading.Fields(
        text=options.text_field,
        id=options.id_field,
        site=options.site_field,
        url=options.url_field,
        date=options.date_field,
        title=options.title_field,
    )
    return fields, options.site


def _tell_compiling() -> None:
    say("compiling the inner loops for this machine; this takes some ten seconds, once")


def _files_from(options: InputOptions) -> list[bytes]:
    try:
        data = piped.standard_input().read() if options.files_from == "-" else Path(options.files_from or "").read_bytes()
    except OSError as error:
        raise UsageError(f"--files-from {options.files_from}: {os_reason(error)}") from error
    if options.null:
        entries = data.split(b"\0")
        if len(entries) == 1 and b"\n" in data.rstrip(b"\n") and not os.path.exists(data):  # noqa: PTH110 (bytes)
            raise UsageError(f"--files-from {options.files_from}: its paths end in newlines, not in NUL bytes: leave out -0")
    elif wide(data) is not None:
        raise UsageError(f"--files-from {options.files_from}: is {(wide(data) or '')[:6].upper()}: save it as UTF-8")
    elif b"\0" in data:
        raise UsageError(f"--files-from {options.files_from}: its paths end in NUL bytes: add -0")
    else:  # as some editors leave it, with a byte order mark and other line ends
        entries = [line.removesuffix(b"\r") for line in data.removeprefix(UTF8_MARK).split(b"\n")]
    return [entry for entry in entries if entry]


def clean_settings(
    options: SplitOptions, *, min_kept: int | None = None, learn: bool = True, main: bool = False, copy: bool = False
) -> CleanSettings:
    """The settings of `clean`, their names checked; `copy`: whether the command can strip what stands in other documents.

    Raises:
        UsageError: a name or a value that does not exist.
    """
    asked = options if isinstance(options, JudgeOptions) else JudgeOptions(options.paragraphs)
    keep, strip = tuple(asked.keep or ()), tuple(asked.strip or ())
    check_names(keep, strip, copies=copy)
    settings = CleanSettings(
        paragraphs=asked.paragraphs, keep=keep, strip=strip, learn=learn, main=MainSettings() if main else None
    )
    return settings if min_kept is None else dataclasses.replace(settings, min_kept=min_kept)


def refuse_empty(name: str, path: str) -> None:
    """Raise UsageError for an empty path, which `Path` takes for the current folder."""
    if not path:
        raise UsageError(f"{name} is empty (a variable that is not set?): name it; `.` is the current folder")


def planned(found: Gathered, target: TargetOptions, *, instead: str, resumed: bool = False) -> outputs.ToStream | outputs.ToPaths:
    """Where the outputs go, from the inputs and OUT (`-` and none: standard output).

    Args:
        found: the inputs.
        target: OUT.
        instead: what the command can do with several inputs and no folder.
        resumed: whether some outputs may be there.

    Raises:
        UsageError: OUT does not fit the inputs, or exists.
        OutputError: standard output is closed.
    """
    fields = found.inputs.fields
    if target.output is None or target.output == "-":
        if found.inputs.sources and not found.single:
            raise UsageError(f"several inputs: give a folder to write to with -o OUT, or {instead}")
        return outputs.ToStream(standard_output(), fields, each=any(source.path is None for source in found.inputs.sources))
    refuse_empty("-o OUT", target.output)
    return outputs.plan(
        found.inputs.sources,
        target.output,
        fields=fields,
        single=found.single,
        folders=(*found.folders, *found.linked),
        force=target.force or resumed,
    )


def in_place(found: Gathered) -> outputs.ToPaths:
    """Each input is replaced.

    Raises:
        UsageError: standard input, a pipe or a device cannot be, nor what a symbolic link in a folder leads to outside of it.
    """
    if found.pipes:
        raise UsageError(f"--in-place: {min(found.pipes)} (standard input, a pipe or a device) has no place; give files")
    _refuse_links_out(found)
    return outputs.InPlace(found.inputs.sources, found.inputs.fields)


def _refuse_links_out(found: Gathered) -> None:
    roots, paths = [os.path.realpath(folder) for folder in found.folders], outputs.RealPaths()
    for source in found.inputs.sources:
        path = source.path or ""
        below = any(path.startswith(folder.rstrip(os.sep) + os.sep) for folder in found.folders)
        real = paths.of(path)
        if below and not any(outputs.lies_in(real, root) for root in roots):
            raise UsageError(
                f"--in-place: {path} is a link to {real}, outside of what was given: name that, or --exclude the link"
            )


def workers_for(asked: int, found: Gathered) -> int:
    """How many processes judge: as asked, or by the size of the input; a stream may have any, a single text needs one."""
    from dedup.engines import workers  # noqa: PLC0415 (a single text needs none)

    if _is_single_text(found):
        return 1
    return asked or workers.choose(None if found.inputs.stdin is not None else total_size(found.inputs, workers.WORTH))


def _is_single_text(found: Gathered) -> bool:
    sources = found.inputs.sources
    return len(sources) == 1 and sources[0].format == "text"


def copied(
    found: Gathered, settings: CleanSettings, profiles: Mapping[str, Profile], target: TargetOptions, workers: int
) -> dict[str, list[Finding]]:
    """By document, the paragraphs that an earlier document has: a pass of matching before the one that cuts."""
    from dedup.engines import finding  # noqa: PLC0415
    from dedup.matching import clusters  # noqa: PLC0415 (numpy, for --strip copy only)

    with stopping.folder() as folder, progress(found.inputs, target, "matching"):
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


def profiles_for(
    folder: str | None, settings: CleanSettings, found: Gathered, target: TargetOptions, workers: int
) -> dict[str, Profile]:
    """The profiles that judge: from a folder, else learned from the input, else none."""
    if folder is not None:
        refuse_empty("--profile PROFILES", folder)
        return profile.load(folder)
    if not settings.learn or not found.inputs.sources or _is_single_text(found):
        return {}
    with progress(found.inputs, target, "learning"):
        return counting.learn(found.inputs, settings, workers=workers)[0]


def total_size(inputs: Inputs, enough: float = math.inf) -> int:
    """The bytes of all files, compressed as they are, or `enough` of them; what cannot be asked is told of when it is read."""
    total = 0
    for source in inputs.sources:
        if source.path is not None and total < enough:
            with suppress(OSError):
                total += os.stat(source.path).st_size  # noqa: PTH116 (strings: see Source)
    return total


@contextmanager
def progress(inputs: Inputs, target: TargetOptions, words: str) -> Iterator[None]:
    """Show the bytes read, and of how many, on stderr while the block runs; only on a terminal."""
    if target.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from tqdm import tqdm  # noqa: PLC0415 (help must not wait for it)

    tqdm.monitor_interval = 0  # no thread of its own: with one, workers cannot be copies of this process
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
