"""Coverage-guided fuzzing of what reads and cuts bytes, for those who have atheris (`pip install atheris`).

    python scripts/fuzz_bytes.py -runs=100000 corpus/

The first byte of an input chooses the format; the rest is read, cleaned and restored. A crash, or a byte that does not come back,
stops the run and leaves the input in a file. The options are libFuzzer's; `tests/test_fuzz_inputs.py` needs no atheris.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import atheris

with atheris.instrument_imports(include=["dedup"]):
    from dedup.engines import cleaning, restoring
    from dedup.engines.inputs import Inputs
    from dedup.errors import ReportError
    from dedup.model import Source
    from dedup.reading import Fields
    from dedup.reporting.report import Report
    from dedup.reporting.restoring import Index
    from dedup.settings import CleanSettings
    from dedup.writing.outputs import ToStream

FORMATS: tuple[Any, ...] = ("text", "jsonl", "csv", "tsv")


def outputs_to(stream: io.BytesIO) -> ToStream:
    """Outputs in memory."""
    return ToStream(stream, Fields(), each=False)


def inputs_of(data: bytes, form: Any) -> Inputs:  # noqa: ANN401 (a format)
    """The data as standard input."""
    return Inputs([Source("-", None, form)], stdin=io.BytesIO(data))


def try_bytes(data: bytes) -> None:
    """Clean and restore one input."""
    if not data:
        return
    form, given = FORMATS[data[0] % len(FORMATS)], data[1:]
    stream, cleaned, same, back = (io.BytesIO() for _ in range(4))
    written = Report(stream)
    written.header("", {})
    cleaning.clean(inputs_of(given, form), CleanSettings(), {}, written, outputs_to(cleaned))
    if any(failure.record is None for failure in written.failures):
        return  # it could not be read to its end
    cleaning.clean(inputs_of(given, form), CleanSettings(keep=("boilerplate", "repeat")), {}, Report(None), outputs_to(same))
    stream.seek(0)
    restoring.restore(inputs_of(cleaned.getvalue(), form), Index(stream, "report"), outputs_to(back))
    if back.getvalue() != same.getvalue():
        raise AssertionError("what was cut did not come back")
    try_report(stream.getvalue(), given)


def try_report(report: bytes, noise: bytes) -> None:
    """Read a report with some bytes changed: it is refused, or taken."""
    at = len(noise) * 31 % len(report)
    try:
        Index(io.BytesIO(report[:at] + noise[:8] + report[at + 8 :]), "report")
    except ReportError as error:
        json.dumps(str(error))


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_bytes)
    atheris.Fuzz()
