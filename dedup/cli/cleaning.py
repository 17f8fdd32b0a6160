"""What `dedup clean` does behind its options."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from dedup import __version__
from dedup.boilerplate.profile import ANY_SITE
from dedup.cli import ending, reports, resuming, running
from dedup.cli.options import counted, flush, say, standard_output
from dedup.engines import cleaning
from dedup.engines.acting import Earlier
from dedup.errors import UsageError
from dedup.writing import journal, outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedup.boilerplate.profile import Profile
    from dedup.cli.clean import CleanOptions
    from dedup.cli.options import TargetOptions
    from dedup.engines.inputs import Inputs
    from dedup.model import Finding
    from dedup.reporting.report import Report
    from dedup.reporting.restoring import Index
    from dedup.settings import CleanSettings
    from dedup.writing.journal import Stopped

_MANY = 5  # rules told in the summary


@dataclasses.dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done: the inputs, how they are judged, the user's options, and where the outputs go."""

    found: running.Gathered
    settings: CleanSettings
    own: CleanOptions
    target: TargetOptions
    written_to: outputs.ToStream | outputs.ToPaths | outputs.ToDiff | outputs.Nowhere
    workers: int


class _Learned(NamedTuple):
    """By what documents are judged: profiles, and by document the paragraphs that another has (None: not asked for)."""

    profiles: Mapping[str, Profile]
    copied: Mapping[str, list[Finding]] | None = None


def clean(  # noqa: PLR0913 (what the options became)
    found: running.Gathered,
    settings: CleanSettings,
    own: CleanOptions,
    target: TargetOptions,
    *,
    asked: int,
    stopped: Stopped | None,
) -> int:
    """Judge all documents, write what is left of them, and tell.

    Args:
        found: the inputs.
        settings: how they are judged.
        own: the options of `clean`.
        target: where the output goes.
        asked: processes that judge; 0: as many as the input is worth.
        stopped: the run to go on with, or None.

    Returns:
        The exit status.
    """
    _leave_reports_out(found, own)
    if own.report is not None and stopped is None and not target.force:
        reports.refuse_stopped(own.report)  # before its outputs, which are there, are a reason to use --force
    written_to = _outputs(own, target, found, resumed=stopped is not None)
    reports.check_report(own.report, found, written_to, force=target.force, in_place=own.in_place, resumed=stopped is not None)
    workers = running.workers_for(asked, found) if own.report_in is None else 1
    task = _Task(found, settings, own, target, written_to, workers)
    with ExitStack() as stack:
        index: Index | None = None
        if own.report_in is not None:
            alone = len(found.inputs.sources) == 1
            index = stack.enter_context(reports.earlier(own.report_in, written=own.report, alone=alone))
        run = _run(task)
        if run is not None:
            stack.callback(run.stop)
        name = resuming.name_of(settings, found.inputs, [own.in_place, target.output, own.profile, own.report_in])
        if stopped is not None and run is not None:
            learned = _Learned(stopped.profiles, stopped.copied)
            report = run.go_on(stopped, name, force=target.force, quiet=target.quiet)
        else:
            learned = _learned(task) if index is None else _Learned({})
            if run is not None:
                run.begin(name, *learned)
            report = reports.open_report(own.report, force=target.force, durable=own.in_place)
        if run is not None:
            run.watch(report)
        if own.profile is not None:
            report.profiled = (learned.profiles.keys() - {ANY_SITE}) or None  # a profile of no site is for all
        with report as written, running.progress(found.inputs, target, "cleaning"):
            _judge(task, learned, index, written)
        if run is not None:
            run.end()
    flush()
    status = _end(task, written)
    if index is not None:
        ending.tell_of_other_root(found, index.sources)
    return status


def _leave_reports_out(found: running.Gathered, own: CleanOptions) -> None:
    if own.report is not None and own.resume:
        reports.leave_out(found.inputs, own.report, journal.beside(own.report))
    if own.report_in is not None:
        reports.leave_out(found.inputs, own.report_in)


def _outputs(
    own: CleanOptions, target: TargetOptions, found: running.Gathered, *, resumed: bool
) -> outputs.ToStream | outputs.ToPaths | outputs.ToDiff | outputs.Nowhere:
    if own.dry_run or own.check:
        return outputs.Nowhere()
    if own.diff:
        return outputs.ToDiff(standard_output("name a file: > FILE"))
    if own.in_place:
        return running.in_place(found)
    return running.planned(found, target, instead="--in-place with --report", resumed=resumed)


def _run(task: _Task) -> resuming.Run | None:
    """The run's journal; None where nothing could be gone on with."""
    own, written_to = task.own, task.written_to
    if isinstance(written_to, outputs.ToPaths) and own.report is not None and resuming.can_be(task.found, written_to, own.report):
        if not own.resume:
            journal.refuse_other(journal.beside(own.report))
        return resuming.Run(own.report, task.found, written_to, in_place=own.in_place)
    if own.resume:
        raise UsageError("--resume: pipes and devices cannot be gone on with; start anew")
    return None


def _learned(task: _Task) -> _Learned:
    """What the inputs tell before they are judged."""
    found, settings, target = task.found, task.settings, task.target
    profiles = running.profiles_for(task.own.profile, settings, found, target, task.workers)
    if "copy" not in settings.strip:
        return _Learned(profiles)
    return _Learned(profiles, running.copied(found, settings, profiles, target, task.workers))


def _judge(task: _Task, learned: _Learned, index: Index | None, written: Report) -> None:
    """Judge by what was learned, or by an earlier report (its `index`), write and report."""
    inputs = task.found.inputs
    if not inputs.settled:
        settings = dataclasses.asdict(task.settings) if index is None else index.header.get("settings", {})
        written.header(__version__, settings)
    cleaning.clean(
        inputs,
        task.settings,
        learned.profiles,
        written,
        task.written_to,
        workers=task.workers,
        copied=learned.copied,
        given=None if index is None else Earlier(index, written, inputs).verdicts,
    )


def _end(task: _Task, written: Report) -> int:
    """Tell what was done; the exit status."""
    found, own, written_to = task.found, task.own, task.written_to
    if not task.target.quiet:
        alone = not own.check and not _prints(written_to)
        _summarise(written, found.inputs, alone=alone, reported=own.report is not None)
        siteless, words = ending.siteless(written.counts)
        if siteless and task.settings.learn and own.report_in is None:
            say(f"{siteless:,} {words} ({ending.SITES})")
        count, site = written.counts["unprofiled"], found.inputs.site
        ending.tell_unprofiled(count, written.unprofiled, own.profile, written.profiled or (), named=site is not None)
    empty = ending.empty_of(found)
    failures = ending.with_consequences(written.failures, found, written_to)
    done = ending.done_of(written.counts["documents"], found.inputs.sources, failures, written_to)
    status = ending.status_of(failures, done, empty=empty, reported=own.report is not None)
    return 1 if own.check and not status and written.counts["cuts"] else status


def _prints(written_to: object) -> bool:
    """Whether standard output, a pipe or a device takes what is left: who reads that wants nothing beside it."""
    if isinstance(written_to, outputs.ToPaths):
        return all(map(outputs.is_device, written_to.paths))
    return isinstance(written_to, (outputs.ToStream, outputs.ToDiff))


def _summarise(written: Report, inputs: Inputs, *, alone: bool, reported: bool) -> None:
    """Say on stderr what was done; of a single document only where it is to be told of `alone`."""
    counts, report = written.counts, "the report" if reported else "--report FILE"
    if counts["documents"] > (0 if alone else 1) or len(inputs.sources) > 1:
        lost = 100 * (counts["words"] - counts["words_kept"]) / max(1, counts["words"])
        say(
            f"{counted(counts['documents'], 'document')}, {counts['changed']:,} changed: "
            f"{counted(counts['cuts'], 'cut')}, {lost:.1f} % of {counted(counts['words'], 'word')}"
        )
        if written.rules:
            say("  " + ", ".join(f"{name} {count:,}" for name, count in written.rules.most_common(_MANY)))
    if counts["left"]:
        say(f"{counts['left']:,} left alone: too little would have stayed (--min-kept; {report} says which)")
    if counts["skipped_expected"]:
        say(f"{counts['skipped_expected']:,} passed over: {ending.PASSED_OVER} or not asked for ({report} names them)")
    ending.tell_reading(inputs, written.notes, counts, reported=reported)
