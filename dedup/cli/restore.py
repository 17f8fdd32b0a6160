"""`dedup restore`: undoes `dedup clean`."""

from __future__ import annotations

from typing import Annotated

from dedup.cli.options import INPUT, OUTPUT, InputOptions, TargetOptions, command, counted, option, say


@command
def restore(
    inputs: InputOptions,
    report: Annotated[str, option("--report", metavar="FILE", help="The report of the `clean` to undo.", panel=INPUT)],
    target: TargetOptions,
    *,
    in_place: Annotated[bool, option("--in-place", help="Replace the cleaned files.", panel=OUTPUT)] = False,
) -> int:
    """Put back what `clean` took out: byte for byte, or not at all when a text is not the one that was cleaned.

    Examples:
      dedup restore cleaned/ --report report.jsonl -o original/
      dedup restore cleaned.jsonl --report report.jsonl > original.jsonl
    """
    from dedup.cli import ending, reports, running  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import restoring  # noqa: PLC0415 (help must not wait for it)
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)
    from dedup.reporting.restoring import ANOTHER, Index  # noqa: PLC0415 (help must not wait for it)

    if in_place and target.output is not None:
        raise UsageError("--in-place and -o exclude each other")
    with running.gathered(inputs, twice=False, quiet=target.quiet) as found:
        reports.leave_out(found.inputs, report)
        written_to = running.in_place(found) if in_place else running.planned(found, target, instead="--in-place")
        with reports.opened(report, "--report") as stream, running.progress(found.inputs, target, "restoring"):
            index = Index(stream, report, alone=len(found.inputs.sources) == 1)
            counts, failures = restoring.restore(found.inputs, index, written_to)
        if not index.complete:
            say(f"{report}: was cut short (it has no `end`): what it still tells of was restored")
        if not target.quiet and (counts["restored"] > 1 or len(found.inputs.sources) > 1):
            say(f"{counted(counts['restored'], 'document')} restored")
        if not target.quiet and counts["restored"] and not (found.single and found.inputs.sources[0].format == "text"):
            missing = set() if found.single else index.sources - {source.id for source in found.inputs.sources}
            ending.tell_absent(index.unmet, min(missing, default=""))
        failures = ending.with_consequences(failures, found, written_to)
        empty = ending.empty_of(found)
        done = ending.done_of(counts["restored"], found.inputs.sources, failures, written_to)
        status = ending.status_of(failures, done, empty=empty, reported=False)
        if sum(failure.record is not None and failure.reason.startswith(ANOTHER) for failure in failures) > 1:
            field = "" if inputs.text_field else ", or had `clean` a --text-field?"
            known = "records without ids are known by their numbers"
            say(f"{known}: were some added, left out or moved since they were cleaned{field or '?'}")
        ending.tell_of_other_root(found, index.sources)
        return status
