"""The errors `dedup` raises: one small tree, each with the exit status that the command line ends with."""

from __future__ import annotations


class DedupError(Exception):
    """Base of all errors that are told to the user in one line."""

    exit_status = 2


class UsageError(DedupError):
    """A setting or a combination of options that cannot be carried out; the message says what to do instead."""


class InputError(DedupError):
    """An input that cannot be read: missing, no permission, binary, damaged."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class ReportError(DedupError):
    """A report, profile or rule file that is damaged or does not belong to the given text."""


class OutputError(DedupError):
    """The output could not be written (disk full, no permission)."""

    exit_status = 4


def os_reason(error: OSError) -> str:
    """Say what the system says, as the end of a sentence: "no such file or directory"."""
    reason = error.strerror or str(error)
    return reason[:1].lower() + reason[1:]


class Writing:
    """Where something is written, by its name for the user: what the system cannot do there is told as an error of ours.

    Raises:
        OutputError: when left by an `OSError`; a reader that is gone stays a `BrokenPipeError`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise OutputError(f"cannot write {self._name}: {os_reason(error)}") from error
