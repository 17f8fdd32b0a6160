"""Files that tests give to commands, and what commands wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def write(path: str, data: str | bytes) -> Path:
    """Write a file, in folders that are made for it."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data.encode() if isinstance(data, str) else data)
    return target


def tree_of(folder: str) -> dict[str, bytes]:
    """The contents of all files below a folder, by their paths relative to it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def entries(report: str | Path, *kinds: str) -> list[dict[str, Any]]:
    """The entries of a report, or those of some kinds."""
    every = [json.loads(line) for line in Path(report).read_bytes().splitlines()]
    return [entry for entry in every if not kinds or entry["kind"] in kinds]


def rewrite(report: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Change each entry of a report; None takes it out."""
    changed = [change(entry) for entry in entries(report)]
    Path(report).write_text("".join(json.dumps(entry) + "\n" for entry in changed if entry is not None))
