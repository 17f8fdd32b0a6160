"""`dedup restore`: undoes `dedup clean`."""

from __future__ import annotations

from typing import Annotated

from dedup.cli.options import INPUT, OUTPUT, InputOptions, TargetOptions, command, option, say


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
    from dedup.engines import embedded  # noqa: PLC0415 (help must not wait for it)
    from dedup.errors import UsageError  # noqa: PLC0415 (help must not wait for it)
    from dedup.restoring import Index  # noqa: PLC0415 (help must not wait for it)

    if in_place and target.output is not None:
        raise UsageError("--in-place and -o exclude each other")
    with running.gathered(inputs, twice=False) as found:
        reports.leave_out(found.inputs, report)
        written_to = running.in_place(found) if in_place else running.planned(found, target)
        with reports.opened(report, "--report") as stream, running.progress(found.inputs, target, "restoring"):
            index = Index(stream, report)
            counts, failures = embedded.restore(found.inputs, index, written_to)
        if not index.complete:
            say(f"{report}: was cut short (it has no `end`): what it still tells of was restored")
        if not target.quiet and len(found.inputs.sources) + counts["restored"] > 2:
            say(f"{counts['restored']:,} documents restored")
        failures = ending.with_consequences(failures, found, written_to)
        empty = None if found.pipes else ending.NO_TEXT
        return ending.status_of(failures, counts["restored"], empty=empty, reported=False)
