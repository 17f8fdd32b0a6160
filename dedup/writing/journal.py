"""The journal of a run that writes files: what it has to know to go on after it was stopped at any moment.

It lies beside the report and is gone when the run is done. JSON Lines: what was learned comes first and is on the disk before any
file is changed; then, for each output, the name it is written under and, before it takes its own, the digests of the input
and of the output and how far the report is. So what is done is known by content, and a line that is too much does no harm.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

import xxhash

from dedup.errors import OutputError, ReportError, UsageError, os_reason
from dedup.writing.journal_entries import (
    count_of,
    finding_entry,
    finding_of,
    profile_entries,
    profile_of,
    skipped_entry,
    skipped_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dedup.boilerplate.profile import Profile
    from dedup.model import Finding, Skipped

if sys.platform != "win32":
    import fcntl

FORMAT = 1
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_BEGINNING = b'{"kind": "journal", "format": '
"""Of each journal; of one that was stopped early, a part."""
_TRIES, _PAUSE = 40, 0.05  # seconds
_BLOCK = 1 << 16


class Done(NamedTuple):
    """An output that was ready to take its name.

    Attributes:
        source: id of the input.
        before: digest of the input file.
        output: digest of the output file.
        report: bytes of the report that tell of everything up to it.
        counts: the report's.
        rules: the report's.
        notes: the report's.
        end: bytes of the journal up to its line.
    """

    source: str
    before: str
    output: str
    report: int
    counts: Counter[str]
    rules: Counter[str]
    notes: list[tuple[str, str]]
    end: int


@dataclass(slots=True)
class Stopped:
    """What the journal of a stopped run says.

    Attributes:
        run: names the command and its inputs.
        profiles: what judges, by site.
        copied: by document, the paragraphs that are cut as copies; None where none were looked for.
        skipped: what was passed over when the inputs were listed.
        done: digests and places of the outputs, in order.
        failures: what could not be read, each with the number of outputs that were ready before.
        writing: the passing names of files that may be left, the last one at most in a run.
        begun: bytes of the journal before the first output.
        size: bytes of the journal in all.
    """

    run: str
    profiles: dict[str, Profile] = field(default_factory=dict)
    copied: dict[str, list[Finding]] | None = None
    skipped: list[Skipped] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    failures: list[tuple[int, Skipped]] = field(default_factory=list)
    writing: str | None = None
    begun: int = 0
    size: int = 0


def beside(report: str) -> str:
    """Where the journal of a run lies, by its report."""
    return f"{report}.journal"


def file_digest(path: str) -> str | None:
    """The digest of a file's bytes as they lie (xxh3_128); None where it cannot be read."""
    state = xxhash.xxh3_128()
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (a Path takes longer than most files of a tree)
            while block := file.read(_BLOCK):
                state.update(block)
    except OSError:
        return None
    return state.hexdigest()


class Journal:
    """Writes a journal, which no other run can do as long as it is open.

    Args:
        path: where to; begun anew, unless `keep` says how many of its bytes stand: the others stay until `went_before`.
        keep: bytes of the journal of the run that is gone on with.
        size: bytes that it had when it was read, where it is kept.
        durable: whether each line is to be on the disk before what it tells of happens, not only on its way there.

    Raises:
        OutputError: it cannot be written; from every method.
        UsageError: another run is at work on it.
    """

    def __init__(self, path: str, *, keep: int = 0, size: int = 0, durable: bool = False) -> None:
        self._path = path
        self._durable = durable
        self._told = 0
        try:
            # nothing is cut off before it is known that nobody writes to it
            made = 0 if keep else os.O_CREAT
            if made:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._stream = cast(IO[bytes], os.fdopen(os.open(path, os.O_RDWR | made | _BINARY, 0o666), "r+b"))
        except OSError as error:
            raise self._error(error) from error
        try:
            _hold(self._stream, path, alone=True)
            if keep and self._stream.seek(0, os.SEEK_END) != size:
                raise _held(path)
            self._stream.seek(keep)
            if not keep:
                self._stream.truncate()
        except OSError as error:
            self._stream.close()
            raise self._error(error) from error
        except UsageError:
            self._stream.close()
            raise

    def begin(
        self,
        run: str,
        profiles: Mapping[str, Profile],
        copied: Mapping[str, Sequence[Finding]] | None,
        skipped: Iterable[Skipped],
    ) -> None:
        """Put on the disk what was learned."""
        self._line({"kind": "journal", "format": FORMAT, "run": run})
        for known in profiles.values():
            self._line({"kind": "profile", "site": known.site, "documents": known.documents, **profile_entries(known)})
        for item in skipped:
            self._line({"kind": "skipped", "item": skipped_entry(item)})
        for document, findings in (copied or {}).items():
            self._line({"kind": "copied", "document": document, "findings": [finding_entry(f) for f in findings]})
        self._line({"kind": "ready", "copies": copied is not None})
        self._flush(sync=True)

    def writing(self, path: str) -> None:
        """A file is about to be written under a passing name."""
        self._line({"kind": "writing", "path": path})
        self._flush(sync=False)

    def done(self, entry: Mapping[str, object], failures: Sequence[Skipped]) -> None:
        """An output is about to take its name: `entry` has what `Done` has; `failures` are all so far."""
        new = [skipped_entry(item) for item in failures[self._told :]]
        self._told = len(failures)
        self._line({"kind": "done", **entry, "failures": new})
        self._flush(sync=self._durable)

    def went_before(self, failures: int) -> None:
        """So many failures stand in the journal already, in what is kept of it."""
        self._told = failures
        try:
            self._stream.truncate()
        except OSError as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Close it; the run may be gone on with."""
        self._stream.close()

    def remove(self) -> None:
        """Close and delete it: the run is done."""
        self._stream.close()
        Path(self._path).unlink(missing_ok=True)

    def _line(self, entry: Mapping[str, object]) -> None:
        try:
            self._stream.write(json.dumps(entry).encode() + b"\n")
        except OSError as error:
            raise self._error(error) from error

    def _flush(self, *, sync: bool) -> None:
        try:
            self._stream.flush()
            if sync:
                os.fsync(self._stream.fileno())
        except OSError as error:
            raise self._error(error) from error

    def _error(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write {self._path}: {os_reason(error)}")


def refuse_other(path: str) -> None:
    """Raise UsageError where the name of a journal, which is overwritten and removed, is that of another file."""
    if not Path(path).is_file():
        return
    try:
        with Path(path).open("rb") as file:
            ours = _BEGINNING.startswith(file.read(len(_BEGINNING)))
    except OSError:
        return  # told of when it is to be written
    if not ours:
        raise UsageError(f"{path}: is there, and no journal of dedup, which would overwrite it: name another --report")


def _hold(stream: IO[bytes], path: str, *, alone: bool) -> None:
    """Wait until no other run writes to a journal, but not for long: workers of one that was killed end at once.

    Nothing is held where the system or the file system knows no locks.

    Raises:
        UsageError: another run is at work.
    """
    if sys.platform == "win32":
        return
    for _ in range(_TRIES):
        try:
            fcntl.flock(stream, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE)
        except OSError:
            return
        else:
            return
    raise _held(path)


def _held(path: str) -> UsageError:
    return UsageError(f"{path}: another run is at work with this report: wait until it is done, or stop it")


def read(path: str) -> Stopped | None:
    """What a journal says, as far as it goes; None where there is none, or where nothing had been changed yet.

    Raises:
        ReportError: it is no journal.
        UsageError: another run is at work on it.
    """
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 (closed below)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {os_reason(error)}") from error
    with stream:
        _hold(stream, path, alone=False)
        try:
            stopped = _stopped(_lines(stream))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ReportError(f"{path}: not a journal ({type(error).__name__}: {str(error)[:80]})") from error
        if stopped is not None:
            stopped.size = stream.seek(0, os.SEEK_END)
        return stopped


def _lines(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], int]]:
    """The entries, each with the bytes up to its end; the last line may be cut short."""
    end = 0
    for raw in stream:
        if not raw.endswith(b"\n"):
            return
        end += len(raw)
        yield json.loads(raw), end


def _stopped(lines: Iterable[tuple[dict[str, Any], int]]) -> Stopped | None:
    stopped: Stopped | None = None
    ready = False
    for entry, end in lines:
        kind = entry["kind"]
        if stopped is None:
            if kind != "journal" or entry["format"] != FORMAT:
                raise ValueError("its first line is another's")
            stopped = Stopped(text_of(entry["run"]), copied={})
        elif kind == "profile":
            stopped.profiles[text_of(entry["site"])] = profile_of(entry)
        elif kind == "skipped":
            stopped.skipped.append(skipped_of(*entry["item"]))
        elif kind == "copied" and stopped.copied is not None:
            stopped.copied[text_of(entry["document"])] = [finding_of(*values) for values in entry["findings"]]
        elif kind == "ready":
            stopped.copied = stopped.copied if entry["copies"] else None
            stopped.begun, ready = end, True
        elif kind == "writing":
            stopped.writing = text_of(entry["path"])
        elif kind == "done":
            stopped.failures += [(len(stopped.done), skipped_of(*item)) for item in entry["failures"]]
            stopped.done.append(_done(entry, end))
    return stopped if ready else None


def _done(entry: Mapping[str, Any], end: int) -> Done:
    notes = [(text_of(document), text_of(note)) for document, note in entry["notes"]]
    counts, rules = (Counter({name: count_of(value) for name, value in entry[key].items()}) for key in ("counts", "rules"))
    source, before, output = (text_of(entry[key]) for key in ("source", "before", "output"))
    return Done(source, before, output, count_of(entry["report"]), counts, rules, notes, end)
