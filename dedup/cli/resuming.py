"""`clean --resume`: a run that writes files keeps a journal beside its report, from which the same command goes on."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import xxhash

from dedup import __version__
from dedup.cli.options import counted, say
from dedup.errors import ReportError, UsageError, os_reason
from dedup.reporting.report import Report
from dedup.writing import journal, outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.cli.running import Gathered
    from dedup.engines.inputs import Inputs
    from dedup.model import Finding, Source
    from dedup.reading import Fields
    from dedup.settings import CleanSettings
    from dedup.writing.journal import Done, Journal, Stopped

_PASSING = re.compile(r"\.dedup-[0-9a-f]{16}\.tmp")


def is_finished(report: str) -> bool:
    """Whether there is nothing to resume, because the report has its `end` and no journal is left beside it."""
    if os.path.lexists(journal.beside(report)):
        return False
    try:
        with Path(report).open("rb") as file:
            line = b""
            for line in file:  # noqa: B007 (the last one is looked at)
                pass
        return bool(json.loads(line).get("kind") == "end")
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def look(report: str) -> Stopped | None:
    """What the stopped run says, None where none had changed anything; a file that it left half written is removed.

    Raises:
        ReportError: the journal cannot be read.
        UsageError: its run is still at work.
    """
    stopped = journal.read(journal.beside(report))
    if stopped is not None and stopped.writing is not None and _PASSING.fullmatch(Path(stopped.writing).name):
        with suppress(OSError, ValueError):  # gone, or no possible path
            Path(stopped.writing).unlink()
    return stopped


def can_be(found: Gathered, written_to: outputs.ToPaths, report: str) -> bool:
    """Whether a run with a report can be gone on with after it was stopped: files become files."""
    if outputs.is_device(report) or found.pipes:
        return False
    from_files = all(source.path is not None for source in found.inputs.sources)
    return from_files and not any(map(outputs.is_device, written_to.paths))


def name_of(settings: CleanSettings, inputs: Inputs, options: Sequence[object]) -> str:
    """Names what a run does and to what, but not how fast; the same command on the same inputs has the same name."""
    state = xxhash.xxh3_128()
    facts = [__version__, dataclasses.asdict(settings), _names(inputs.fields), inputs.site, *options]
    state.update(json.dumps(facts, default=str).encode())
    for source in inputs.sources:
        state.update(json.dumps([source.id, source.path, source.format, source.compression, source.site]).encode())
    return state.hexdigest()


def _names(fields: Fields) -> dict[str, object]:
    """What the user named, without what was met."""
    return {field.name: getattr(fields, field.name) for field in dataclasses.fields(fields) if field.compare}


class Run:
    """A run with its journal.

    Args:
        report: the report's path.
        found: the inputs.
        written_to: the outputs.
        in_place: whether these are the inputs.
    """

    def __init__(self, report: str, found: Gathered, written_to: outputs.ToPaths, *, in_place: bool) -> None:
        self._report = report
        self._inputs = found.inputs
        self._outputs = written_to
        self._in_place = in_place
        self._journal: Journal | None = None

    def begin(self, name: str, profiles: Mapping[str, Profile], copied: Mapping[str, list[Finding]] | None) -> None:
        """Put on the disk what was learned, before anything else is written."""
        self._journal = journal.Journal(journal.beside(self._report), durable=self._in_place)
        self._journal.begin(name, profiles, copied, self._inputs.skipped)

    def go_on(self, stopped: Stopped, name: str, *, force: bool, quiet: bool) -> Report:
        """Find what is done, and open the report behind what it tells of that.

        Raises:
            UsageError: the command, an input or an output is not what it was.
        """
        if stopped.run != name or not {done.source for done in stopped.done} <= {source.id for source in self._inputs.sources}:
            raise UsageError("--resume: give the inputs and options of the run that was stopped, to the same version of dedup")
        number = self._hold(stopped.done)
        last = stopped.done[number - 1] if number else None
        self._journal = journal.Journal(
            journal.beside(self._report), keep=last.end if last else stopped.begun, size=stopped.size, durable=self._in_place
        )
        places = {source.id: place for place, source in enumerate(self._inputs.sources)}
        self._inputs.settled = places[last.source] + 1 if last else 0
        if not force and not self._in_place:
            outputs.refuse_existing(self._outputs.path_of(source) for source in self._inputs.sources[self._inputs.settled :])
        self._inputs.skipped = [] if last else stopped.skipped
        written = Report(self._reopened(last), durable=self._in_place)
        written.failures = [item for index, item in stopped.failures if index < number]
        if last:
            written.counts, written.rules, written.notes = last.counts, last.rules, last.notes
        self._journal.went_before(len(written.failures))
        if not quiet:
            say(f"going on behind {counted(number, 'file')} already done")
        return written

    def watch(self, written: Report) -> None:
        """Have every output told of in the journal before it appears."""
        self._outputs.watch = lambda source: _Watch(self, source, written)

    def end(self) -> None:
        """The run is done, and its report on the disk."""
        if self._journal is not None:
            self._journal.remove()

    def stop(self) -> None:
        """The run is not done, and may be gone on with."""
        if self._journal is not None:
            self._journal.close()

    def opening(self, path: str) -> None:
        """A file is made under a passing name."""
        if self._journal is not None:
            self._journal.writing(path)

    def ready(self, source: Source, digest: str, written: Report) -> None:
        """An output takes its name; the report tells of it already."""
        if self._journal is not None:
            entry = {"source": source.id, "before": journal.file_digest(source.path or ""), "output": digest}
            told = {"report": written.size(), "counts": written.counts, "rules": written.rules, "notes": written.notes}
            self._journal.done(entry | told, written.failures)

    def _hold(self, done: Sequence[Done]) -> int:
        """How many outputs, from the first on, are there as they were written."""
        sources = {source.id: source for source in self._inputs.sources}
        for number, entry in enumerate(done):
            source = sources[entry.source]
            now = journal.file_digest(self._outputs.path_of(source))
            if now != entry.output:
                if self._in_place and (now != entry.before or number + 1 < len(done)):
                    raise UsageError(f"--resume: {source.path} was changed since the run was stopped: put it back, or start anew")
                return number
            if not self._in_place and journal.file_digest(source.path or "") != entry.before:
                raise UsageError(f"--resume: {source.path} was changed since the run was stopped: start anew with --force")
        return len(done)

    def _reopened(self, last: Done | None) -> IO[bytes]:
        """The report, cut off behind what it tells of the last output that is done."""
        try:
            stream = Path(self._report).open("r+b" if last else "wb")  # noqa: SIM115 (the report closes it)
        except OSError as error:
            raise ReportError(f"--report {self._report}: cannot be gone on with: {os_reason(error)}") from error
        size = last.report if last else 0
        if stream.seek(0, os.SEEK_END) < size:
            stream.close()
            raise ReportError(f"--report {self._report}: is shorter than its journal says: start anew with --force")
        stream.seek(size)
        stream.truncate()
        return cast(IO[bytes], stream)


class _Watch:
    """Tells a run of one output."""

    def __init__(self, run: Run, source: Source, written: Report) -> None:
        self._run = run
        self._source = source
        self._written = written

    def opening(self, path: str) -> None:
        """It is made under a passing name."""
        self._run.opening(path)

    def ready(self, digest: str) -> None:
        """It takes its name."""
        self._run.ready(self._source, digest, self._written)
