"""`dedup restore`: undoes `dedup clean`."""

from __future__ import annotations

from typing import Annotated

from dedup.cli.options import INPUT, InputOptions, TargetOptions, command, option, say


@command
def restore(
    inputs: InputOptions,
    report: Annotated[str, option("--report", metavar="FILE", help="The report of the `clean` to undo.", panel=INPUT)],
    target: TargetOptions,
    *,
    in_place: Annotated[bool, option("--in-place", help="Replace the cleaned files.", panel="What is written")] = False,
) -> int:
    """Put back what `clean` took out: byte for byte, or not at all when a text is not the one that was cleaned.

    Examples:

      dedup restore cleaned/ --report report.jsonl -o original/

      dedup restore cleaned.jsonl --report report.jsonl > original.jsonl
    """
    from dedup.cli import running  # noqa: PLC0415 (help must not wait for it)
    from dedup.engines import embedded  # noqa: PLC0415
    from dedup.errors import ReportError, UsageError  # noqa: PLC0415
    from dedup.restoring import Index  # noqa: PLC0415
    from dedup.writing import outputs  # noqa: PLC0415

    if in_place and target.output is not None:
        raise UsageError("--in-place and -o exclude each other")
    with running.gathered(inputs, twice=False) as found:
        sources = found.inputs.sources
        written_to = outputs.in_place(sources, found.inputs.fields) if in_place else running.planned(found, target)
        try:
            stream = open(report, "rb")  # noqa: SIM115 (closed below; the error is of the opening alone)
        except OSError as error:
            raise ReportError(f"{report}: {error.strerror}") from error
        with stream, running.progress(found.inputs, target, "restoring"):
            counts, failures = embedded.restore(found.inputs, Index(stream, report), written_to)
        if not target.quiet and len(sources) + counts["restored"] > 2:
            say(f"{counts['restored']:,} documents restored")
        return running.status_of(failures, counts["restored"], empty=None)
