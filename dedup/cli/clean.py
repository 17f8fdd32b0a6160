"""`dedup clean`: strips boilerplate and repeats."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from dedup.cli.options import OUTPUT, VERDICTS, AboutOptions, JudgeOptions, TargetOptions, WorkOptions, command, option, say


@dataclasses.dataclass
class CleanOptions:
    """What only `clean` has."""

    profile: Annotated[
        str | None, option("--profile", metavar="PROFILES", help="Judge by these profiles (of `dedup learn`).", panel=VERDICTS)
    ] = None
    no_learn: Annotated[
        bool, option("--no-learn", help="Do not learn from the input: phrases and repeats only.", panel=VERDICTS)
    ] = False
    main: Annotated[
        bool,
        option("--main", help="Whole pages: strip also what stands outside of the main block of running text.", panel=VERDICTS),
    ] = False
    min_kept: Annotated[
        int,
        option(
            "--min-kept",
            metavar="WORDS",
            help="Leave a document as it is that would keep fewer words, and few of its sentences.",
            panel=VERDICTS,
            show_default=True,
        ),
    ] = 25
    report_in: Annotated[
        str | None,
        option("--report-in", metavar="FILE", help="Cut what this earlier report tells of; judge nothing anew.", panel=VERDICTS),
    ] = None
    report: Annotated[
        str | None,
        option(
            "--report", metavar="FILE", help="Write every cut with its reason; `dedup restore` undoes them by it.", panel=OUTPUT
        ),
    ] = None
    in_place: Annotated[bool, option("--in-place", help="Replace the inputs; requires --report.", panel=OUTPUT)] = False
    resume: Annotated[
        bool, option("--resume", help="Go on with the same command after it was stopped; requires its --report.", panel=OUTPUT)
    ] = False
    dry_run: Annotated[bool, option("--dry-run", "-n", help="Write no text; the report and the summary only.", panel=OUTPUT)] = (
        False
    )
    diff: Annotated[bool, option("--diff", help="Print a unified diff instead of the text.", panel=OUTPUT)] = False
    check: Annotated[bool, option("--check", help="Write no text; exit with 1 when something would be cut.", panel=OUTPUT)] = (
        False
    )


@command
def clean(inputs: AboutOptions, judging: JudgeOptions, target: TargetOptions, own: CleanOptions, work: WorkOptions) -> int:
    """Strip boilerplate and repeats from texts; what is kept keeps its bytes.

    Examples:
      dedup clean < article.txt
      dedup clean sites/ -o cleaned/ --report report.jsonl
      zcat dump.jsonl.gz | dedup clean --profile profiles/ > cleaned.jsonl
      dedup clean sites/ --dry-run --report look.jsonl
      dedup clean sites/ -o acted/ --report-in look.jsonl
    """
    from dedup.cli import cleaning, reports, resuming, running  # noqa: PLC0415 (help must not wait for them)

    _check(own, target)
    if own.report_in is not None:
        reports.check_acting(own, judging)
    settings = running.clean_settings(
        judging, min_kept=own.min_kept, learn=not own.no_learn and own.profile is None, main=own.main, copy=True
    )
    if own.resume and resuming.is_finished(own.report or ""):
        say(f"nothing to resume: {own.report} is complete")
        return 0
    stopped = resuming.look(own.report or "") if own.resume else None
    twice = own.report_in is None and (settings.learn or "copy" in settings.strip)
    streams = "" if "copy" in settings.strip else "--no-learn or --profile"
    with running.gathered(inputs, twice=twice, streams=streams, quiet=target.quiet) as found:
        return cleaning.clean(found, settings, own, target, asked=work.workers, stopped=stopped)


def _check(own: CleanOptions, target: TargetOptions) -> None:
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)

    modes = [name for name, on in (("--dry-run", own.dry_run), ("--diff", own.diff), ("--check", own.check)) if on]
    if len(modes) > 1:
        raise UsageError(f"{' and '.join(modes)} exclude each other")
    if own.in_place and own.report is None and not modes:
        raise UsageError("--in-place demands --report FILE, from which `dedup restore` can undo it")
    if own.in_place and target.output is not None:
        raise UsageError("--in-place and -o exclude each other")
    if own.resume and (own.report is None or modes or (target.output is None and not own.in_place)):
        raise UsageError("--resume needs the --report, and the -o OUT or --in-place, of the run that was stopped")
    if own.profile is not None and own.no_learn:
        raise UsageError("--profile and --no-learn exclude each other (a profile already means that nothing is learned)")
    if modes and target.output is not None:
        raise UsageError(f"{modes[0]} writes no text: leave out -o")
