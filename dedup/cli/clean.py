"""`dedup clean`: strips boilerplate and repeats."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

from dedup.cli.options import (
    OUTPUT,
    VERDICTS,
    InputOptions,
    JudgeOptions,
    TargetOptions,
    WorkOptions,
    command,
    flush,
    option,
    say,
    standard_output,
)

if TYPE_CHECKING:
    from dedup.cli import running
    from dedup.engines import embedded
    from dedup.report import Report
    from dedup.settings import CleanSettings
    from dedup.writing import outputs

_MANY = 5  # rules told in the summary


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
            help="Leave a document alone that would keep less and lose its sentences.",
            panel=VERDICTS,
            show_default=True,
        ),
    ] = 25
    report: Annotated[
        str | None, option("--report", metavar="FILE", help="Write every cut and its reason, to undo them by.", panel=OUTPUT)
    ] = None
    in_place: Annotated[bool, option("--in-place", help="Replace the inputs; demands --report.", panel=OUTPUT)] = False
    dry_run: Annotated[bool, option("--dry-run", "-n", help="Write no text; the report and the summary only.", panel=OUTPUT)] = (
        False
    )
    diff: Annotated[bool, option("--diff", help="Print a unified diff instead of the text.", panel=OUTPUT)] = False
    check: Annotated[bool, option("--check", help="Write no text; exit with 1 when something would be cut.", panel=OUTPUT)] = (
        False
    )


@command
def clean(inputs: InputOptions, judging: JudgeOptions, target: TargetOptions, own: CleanOptions, work: WorkOptions) -> int:
    """Strip boilerplate and repeats from texts; what is kept keeps its bytes.

    Examples:
      dedup clean < article.txt
      dedup clean site/ -o cleaned/ --report report.jsonl
      zcat dump.jsonl.gz | dedup clean --profile profiles/ > cleaned.jsonl
    """
    from dedup.cli import running  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import embedded  # noqa: PLC0415 (help must not wait for it)

    _check(own, target)
    settings = running.clean_settings(
        judging, min_kept=own.min_kept, learn=not own.no_learn and own.profile is None, main=own.main
    )
    twice = settings.learn or "copy" in settings.strip
    with running.gathered(inputs, twice=twice, quiet=target.quiet) as found:
        written_to = _outputs(own, target, found)
        running.check_report(own.report, found, written_to, force=target.force, in_place=own.in_place)
        profiles = running.profiles_for(own.profile, settings, found, target)
        workers = running.workers_for(work.workers, found)
        copied = running.copied(found, settings, profiles, target, workers) if "copy" in settings.strip else None
        report = running.open_report(own.report, force=target.force, durable=own.in_place)
        with report as written, running.progress(found.inputs, target, "cleaning"):
            written.header(running.version(), _told(settings))
            failures = embedded.clean(found.inputs, settings, profiles, written, written_to, workers=workers, copied=copied)
        flush()
        if not target.quiet:
            _summarise(written, found.inputs)
        empty = None if found.pipes else running.NO_TEXT
        failures = running.with_consequences(failures, found, written_to)
        done = running.done_of(written.counts["documents"], found.inputs.sources, failures, written_to)
        status = running.status_of(failures, done, empty=empty, reported=own.report is not None)
    return 1 if own.check and not status and written.counts["cuts"] else status


def _check(own: CleanOptions, target: TargetOptions) -> None:
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)

    modes = [name for name, on in (("--dry-run", own.dry_run), ("--diff", own.diff), ("--check", own.check)) if on]
    if len(modes) > 1:
        raise UsageError(f"{' and '.join(modes)} exclude each other")
    if own.in_place and own.report is None and not modes:
        raise UsageError("--in-place demands --report FILE, from which `dedup restore` can undo it")
    if own.in_place and target.output is not None:
        raise UsageError("--in-place and -o exclude each other")
    if own.profile is not None and own.no_learn:
        raise UsageError("--profile and --no-learn exclude each other (a profile already means that nothing is learned)")
    if modes and target.output is not None:
        raise UsageError(f"{modes[0]} writes no text: leave out -o")


def _outputs(
    own: CleanOptions, target: TargetOptions, found: running.Gathered
) -> outputs.ToStream | outputs.ToPaths | outputs.ToDiff | outputs.Nowhere:
    from dedup.cli import running  # noqa: PLC0415 (help must not wait for it)
    from dedup.writing import outputs  # noqa: PLC0415 (help must not wait for it)

    if own.dry_run or own.check:
        return outputs.Nowhere()
    if own.diff:
        return outputs.ToDiff(standard_output())
    if own.in_place:
        return running.in_place(found)
    return running.planned(found, target)


def _told(settings: CleanSettings) -> dict[str, object]:
    """The settings as the report's header gives them."""
    return dataclasses.asdict(settings)


def _summarise(written: Report, inputs: embedded.Inputs) -> None:
    """Say on stderr what was done; a single document in a pipe is cleaned in silence."""
    counts = written.counts
    if counts["documents"] > 1 or len(inputs.sources) > 1:
        lost = 100 * (counts["words"] - counts["words_kept"]) / max(1, counts["words"])
        say(
            f"{counts['documents']:,} documents, {counts['changed']:,} changed: "
            f"{counts['cuts']:,} cuts, {lost:.1f} % of {counts['words']:,} words"
        )
        if written.rules:
            say("  " + ", ".join(f"{name} {count:,}" for name, count in written.rules.most_common(_MANY)))
        if counts["ids_repeated"]:
            say(f"  {counts['ids_repeated']:,} ids stood twice; the later ones are called id~2 and so on")
    if counts["left"]:
        say(f"{counts['left']:,} left alone: too little would have stayed (--min-kept; the report says which)")
    for document, note in written.notes:
        say(f"{document}: {note}")
    if counts["noted"] > len(written.notes):
        say(f"and {counts['noted'] - len(written.notes):,} more such notes (the report has them all)")
    if counts["skipped_expected"]:
        say(f"{counts['skipped_expected']:,} passed over: hidden, binary, special or not asked for (the report names them)")
