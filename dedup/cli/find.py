"""`dedup find` and `dedup filter`: copies across documents."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from dedup import __version__, stopping
from dedup.choices import KeepDoc, KernelName  # noqa: TC001 (typer reads the hints)
from dedup.cli.options import (
    OUTPUT,
    PRINTING,
    VERDICTS,
    AboutOptions,
    JudgeOptions,
    TargetOptions,
    WorkOptions,
    command,
    counted,
    flush,
    option,
    refuse_closed,
    say,
    standard_output,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.cli import running
    from dedup.engines import filtering
    from dedup.engines.finding import FindResult
    from dedup.model import Skipped
    from dedup.settings import CleanSettings
    from dedup.writing.outputs import ToPaths, ToStream


_DROPPED = {
    "equal": "equal",
    "near_duplicate": "near-duplicate (weakest {:.2f})",
    "contained": "contained (weakest {:.2f})",
}
"""As what documents are dropped, with the lowest Jaccard, or containment, by which one was."""


@dataclasses.dataclass
class MatchOptions(WorkOptions):
    """How alike copies are, and what is kept."""

    profile: Annotated[
        str | None, option("--profile", metavar="PROFILES", help="Strip by these profiles (of `dedup learn`).", panel=VERDICTS)
    ] = None
    raw: Annotated[bool, option("--raw", help="Match texts as they are, without stripping first.", panel=VERDICTS)] = False
    threshold: Annotated[
        float,
        option(
            "--threshold",
            metavar="SHARE",
            help="Jaccard similarity from which texts are alike.",
            panel=VERDICTS,
            show_default=True,
        ),
    ] = 0.5
    recall: Annotated[
        float,
        option(
            "--recall",
            metavar="SHARE",
            help="Share of the pairs at the threshold that must be found.",
            panel=VERDICTS,
            show_default=True,
        ),
    ] = 0.99
    keep_doc: Annotated[
        KeepDoc, option("--keep-doc", help="Which document of a cluster is kept.", panel=VERDICTS, show_default=True)
    ] = "first"
    prefer_sites: Annotated[
        str | None,
        option("--prefer-sites", metavar="FILE", help="Sites, one a line, whose documents are kept first.", panel=VERDICTS),
    ] = None
    kernel: Annotated[
        KernelName, option("--kernel", help="The compiled inner loops or the plain ones; same result.", panel=VERDICTS)
    ] = "auto"


@command
def find(  # noqa: PLR0913 (options of a command)
    inputs: AboutOptions,
    judging: JudgeOptions,
    matching: MatchOptions,
    *,
    report: Annotated[str | None, option("--report", metavar="FILE", help="Write the full report.", panel=OUTPUT)] = None,
    json_: Annotated[bool, option("--json", help="The full report on standard output.", panel=OUTPUT)] = False,
    force: Annotated[bool, option("--force", help="Overwrite a report that exists.", panel=OUTPUT)] = False,
    quiet: Annotated[bool, option("--quiet", "-q", help="No progress, and no notes on what was read.", panel=OUTPUT)] = False,
    verbose: Annotated[bool, option("--verbose", "-v", help="Show what banding finds and misses.", panel=OUTPUT)] = False,
    fields: Annotated[
        str | None,
        option("--fields", metavar="NAME,…", help="Fields of the records that the report's documents carry along.", panel=OUTPUT),
    ] = None,
) -> int:
    """Find repeats, copies and clusters of documents; change nothing.

    Examples:
      dedup find sites/
      dedup find dump.jsonl.gz --report report.jsonl
    """
    from dedup.cli import ending, reports, running, table  # noqa: PLC0415 (help must not wait for them)
    from dedup.engines import found_report  # noqa: PLC0415
    from dedup.errors import UsageError  # noqa: PLC0415
    from dedup.reporting.report import Report  # noqa: PLC0415

    if json_ and report is not None:
        raise UsageError("--json and --report exclude each other: the same report would be written twice")
    if json_ and verbose:
        raise UsageError("--json and --verbose exclude each other: what banding finds is shown below the table")
    reported = json_ or report is not None
    if fields is not None and not reported:
        raise UsageError("--fields is for the report: add --report FILE or --json")
    target = TargetOptions(quiet=quiet, force=force)
    _check_raw(judging, matching)
    refuse_closed()
    with running.gathered(inputs, twice=_learns(matching), streams="--raw or --profile", quiet=quiet) as gathered:
        reports.check_report(report, gathered, None, force=force)
        carried = tuple(name.strip() for name in (fields or "").split(",") if name.strip())
        gathered.inputs.fields = dataclasses.replace(gathered.inputs.fields, carried=carried)
        with _found(gathered, judging, matching, target) as (found, cleaning):
            if json_:
                found_report.tell(found, Report(standard_output()), __version__, cleaning)
            else:
                with reports.open_report(report, force=force) as written:
                    found_report.tell(found, written, __version__, cleaning)
                with PRINTING:
                    for line in table.lines(found, verbose=verbose) if _was_read(gathered, found) else ():
                        print(line)  # noqa: T201 (this is the command's output)
            flush()
            if not quiet:
                ending.tell_reading(gathered.inputs, found.notes, found.counts, reported=reported)
            return _status(gathered, found.counts, found.failures, reported=reported)


@command
def filter_(  # noqa: PLR0913 (options of a command)
    inputs: AboutOptions,
    judging: JudgeOptions,
    matching: MatchOptions,
    target: TargetOptions,
    *,
    report: Annotated[
        str | None, option("--report", metavar="FILE", help="Write what was dropped, for which document, and why.", panel=OUTPUT)
    ] = None,
    report_in: Annotated[
        str | None,
        option(
            "--report-in", metavar="FILE", help="Drop by this earlier report of `find`; compare nothing anew.", panel=VERDICTS
        ),
    ] = None,
    ids: Annotated[
        bool, option("--ids", help="Write the ids of the documents that are kept, not the documents.", panel=OUTPUT)
    ] = False,
) -> int:
    """Pass one document of each cluster on, and all that are in none.

    Examples:
      dedup filter dump.jsonl -o unique.jsonl --report dropped.jsonl
      dedup filter sites/ --ids --keep-doc earliest
      dedup find dump.jsonl --report look.jsonl
      dedup filter dump.jsonl -o acted.jsonl --report-in look.jsonl
    """
    from dedup.cli import ending, reports, running  # noqa: PLC0415 (help must not wait for them)
    from dedup.engines import filtering  # noqa: PLC0415
    from dedup.errors import UsageError  # noqa: PLC0415

    if ids and target.output is not None:
        raise UsageError("--ids writes to standard output: leave out -o")
    if report_in is not None:
        reports.check_acting(judging, matching)
    _check_raw(judging, matching)
    with running.gathered(inputs, twice=True, quiet=target.quiet) as gathered:
        if report_in is not None:
            reports.leave_out(gathered.inputs, report_in)
        if ids:
            outputs: filtering.IdLines | ToStream | ToPaths = filtering.IdLines(standard_output("name a file: > FILE"))
        else:
            outputs = running.planned(gathered, target, instead="--ids")
        reports.check_report(report, gathered, outputs, force=target.force)
        if report_in is not None:
            return _filter_by(report_in, gathered, outputs, report, target)
        with (
            _found(gathered, judging, matching, target) as (found, cleaning),
            reports.open_report(report, force=target.force) as written,
        ):
            tally = filtering.filter_documents(gathered.inputs, found, outputs, written, __version__, cleaning)
        flush()
        _summarise(tally, outputs, target, [ending.too_short(found), ending.unpreferred(found), *ending.undated(found)])
        if not target.quiet:
            ending.tell_reading(gathered.inputs, found.notes, found.counts)
        failures = ending.with_consequences(found.failures, gathered, outputs, parts=False)
        return _status(gathered, tally.written.counts, failures, reported=report is not None)


def _filter_by(
    path: str,
    gathered: running.Gathered,
    outputs: filtering.IdLines | ToStream | ToPaths,
    report: str | None,
    target: TargetOptions,
) -> int:
    """Filter by an earlier report."""
    from dedup.cli import ending, reports, running  # noqa: PLC0415 (help must not wait for them)
    from dedup.engines import refiltering  # noqa: PLC0415

    reports.check_other(report, path)
    with reports.opened(path, "--report-in") as stream:
        earlier = refiltering.FindReport(stream, path)
    with (
        reports.open_report(report, force=target.force) as written,
        running.progress(gathered.inputs, target, "filtering"),
    ):
        tally = refiltering.filter_by(earlier, gathered.inputs, outputs, written, __version__)
    flush()
    _summarise(tally, outputs, target)
    if not target.quiet:
        ending.tell_absent(len(tally.absent), min(tally.absent, default=""), "in clusters of the report")
        ending.tell_reading(gathered.inputs, written.notes, written.counts)
    failures = ending.with_consequences(written.failures, gathered, outputs, parts=False)
    empty = ending.empty_of(gathered)
    return ending.status_of(failures, written.counts["documents"], empty=empty, reported=report is not None)


def _summarise(tally: filtering.Tally, outputs: object, target: TargetOptions, limits: Sequence[tuple[int, str]] = ()) -> None:
    counts = tally.written.counts
    if not target.quiet:
        say(f"{counted(counts['documents'], 'document')}, {counts['dropped']:,} dropped{_harshness(tally)}")
        for count, words in limits:
            if count:
                say(f"{count:,} {words}")
    old = getattr(outputs, "old", ())
    if old:
        are = f"{counted(len(old), 'file')} that this run does not keep {'is' if len(old) == 1 else 'are'}"
        say(f"{are} there from an earlier one, such as {min(old)}: remove {'it' if len(old) == 1 else 'them'}")


def _harshness(tally: filtering.Tally) -> str:
    """How many documents went as what, and how little alike they were at the least."""
    told = [
        f"{tally.written.counts[f'dropped_{relation}']:,} {words.format(tally.weakest[relation])}"
        for relation, words in _DROPPED.items()
        if relation in tally.weakest
    ]
    return f": {', '.join(told)}" if told else ""


def _check_raw(judging: JudgeOptions, matching: MatchOptions) -> None:
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)

    said = {"--keep": judging.keep, "--strip": judging.strip, "--profile": matching.profile}
    given = [name for name, value in said.items() if value]
    if matching.raw and given:
        raise UsageError(f"--raw and {given[0]} exclude each other: with --raw nothing is stripped, whatever it is")


@contextmanager
def _found(
    gathered: running.Gathered, judging: JudgeOptions, matching: MatchOptions, target: TargetOptions
) -> Iterator[tuple[FindResult, CleanSettings]]:
    """Everything that matching finds; its files live as long as the block."""
    from dedup.cli import running  # noqa: PLC0415
    from dedup.engines import finding  # noqa: PLC0415
    from dedup.matching import clusters  # noqa: PLC0415 (help must not wait for them)
    from dedup.settings import FindSettings  # noqa: PLC0415

    settings = FindSettings(threshold=matching.threshold, recall=matching.recall, strip=not matching.raw)
    cleaning = running.clean_settings(judging, learn=_learns(matching))
    workers = running.workers_for(matching.workers, gathered)
    profiles = running.profiles_for(matching.profile, cleaning, gathered, target, workers)
    with stopping.folder() as folder, running.progress(gathered.inputs, target, "matching"):
        found = finding.find(
            gathered.inputs,
            cleaning=cleaning,
            settings=settings,
            profiles=profiles,
            kernel=matching.kernel,
            preference=clusters.Preference(matching.keep_doc, _sites(matching.prefer_sites)),
            folder=Path(folder),
            workers=workers,
        )
        if matching.profile is not None and not target.quiet:
            _tell_unprofiled(found, matching.profile, profiles, named=gathered.inputs.site is not None)
        yield found, cleaning


def _tell_unprofiled(found: FindResult, folder: str, profiles: Mapping[str, Profile], *, named: bool) -> None:
    """Say of how many documents the sites have no profile, unless there are only profiles for all sites."""
    from dedup.boilerplate.profile import ANY_SITE  # noqa: PLC0415 (help must not wait for it)
    from dedup.cli import ending  # noqa: PLC0415

    known = profiles.keys() - {ANY_SITE}
    others = [row.site or "" for row in found.matches.columns.rows if row.site not in known] if known else []
    ending.tell_unprofiled(len(others), next(filter(None, others), ""), folder, known, named=named)


def _learns(matching: MatchOptions) -> bool:
    return not matching.raw and matching.profile is None


def _sites(path: str | None) -> tuple[str, ...]:
    from dedup.errors import UsageError, os_reason  # noqa: PLC0415 (help must not wait for it)

    if path is None:
        return ()
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()  # some editors begin with a byte order mark
    except OSError as error:
        raise UsageError(f"--prefer-sites {path}: {os_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--prefer-sites {path}: not UTF-8 ({error.reason})") from error
    return tuple(line.strip() for line in lines if line.strip())


def _was_read(gathered: running.Gathered, found: FindResult) -> bool:
    """Whether there is something to tell of: documents, or inputs that hold none; not where none could be read."""
    from dedup.cli import ending  # noqa: PLC0415 (help must not wait for it)

    return found.counts.get("documents", 0) > 0 or (ending.empty_of(gathered) is None and not found.failures)


def _status(gathered: running.Gathered, counts: Mapping[str, int], failures: list[Skipped], *, reported: bool) -> int:
    from dedup.cli import ending  # noqa: PLC0415 (help must not wait for it)

    empty = ending.empty_of(gathered)
    return ending.status_of(failures, counts.get("documents", 0), empty=empty, reported=reported)
