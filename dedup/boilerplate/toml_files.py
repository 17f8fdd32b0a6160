"""TOML files that users write, profiles and phrases: read, and refused where something in them would be looked at by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.errors import ReportError, os_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path


def read(path: Path, told: str) -> dict[str, Any]:
    """What a file says.

    Args:
        path: the file, in UTF-8.
        told: the file's name as an error about its contents begins with it.

    Raises:
        ReportError: it cannot be read, or is no TOML.
    """
    import tomllib  # noqa: PLC0415 (most runs read none)

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # some editors begin with a byte order mark
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {os_reason(error)}") from error
    except (ValueError, RecursionError) as error:  # also a number of more digits than Python reads
        raise ReportError(f"{told}: {error}") from error


def check_keys(table: Iterable[str], known: Collection[str], where: str, quoted: Callable[[str], str] = repr) -> None:
    """Refuse a key that is not known: what is added under it would do nothing, and nobody would say so.

    Raises:
        ReportError: it names `where`, the key, and those that are `known`, in their order.
    """
    for key in table:
        if key not in known:
            raise ReportError(f"{where}: {quoted(key)} is not known; known are {', '.join(known)}")
