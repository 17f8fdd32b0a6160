"""Undoes `clean` by its report: what was cut out of records is put back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dedup import reading
from dedup.errors import InputError, ReportError
from dedup.model import Skipped
from dedup.reporting.entries import UNKNOWN

if TYPE_CHECKING:
    from dedup.engines.inputs import Inputs, Outputs
    from dedup.model import Record, Source
    from dedup.reporting.restoring import Index


def restore(inputs: Inputs, index: Index, outputs: Outputs) -> tuple[Counter[str], list[Skipped]]:
    """Put back into cleaned records what the report says was cut.

    A record that the report does not know, or whose text is another, passes through unchanged and is told of; a text
    file like that is not written.

    Returns:
        Counts ("restored", "unknown") and what could not be restored.
    """
    counts: Counter[str] = Counter()
    failures = [skipped for skipped in inputs.skipped if not skipped.expected]
    ids = reading.Ids()
    for source in inputs.sources:
        try:
            with outputs.open(source) as sink:
                for record in inputs.cleaned_records(source, ids):
                    sink.write(record, _restore_record(source, record, index, counts, failures))
        except InputError as error:
            failed = inputs.failed(source, error)
            failures += [] if failed.expected else [failed]
    return counts, failures


def _restore_record(source: Source, record: Record, index: Index, counts: Counter[str], failures: list[Skipped]) -> bytes:
    if record.document is None:
        return record.raw
    try:
        restored = index.restore(record)
        reason = UNKNOWN
    except ReportError as error:
        restored, reason = None, str(error)
    if restored is not None:
        counts["restored"] += 1
        return restored
    if record.number is None:
        reading.refuse_foreign(source, record.raw)  # a picture or a page in the tree is of no concern
        raise InputError(record.source, reason)
    counts["unknown"] += 1
    failures.append(Skipped(record.source, reason, record.number))
    return record.raw
