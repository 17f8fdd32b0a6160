"""Walks folders: finds each file once, whatever symbolic links there are, and names what it passes over."""
# Paths are strings, as in Source: a tree of a million files needs no million Path objects.
# ruff: noqa: PTH118

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from dedup.errors import os_reason
from dedup.model import Skipped
from dedup.reading.names import path_id

if TYPE_CHECKING:
    from collections.abc import Iterator


class Found(NamedTuple):
    """A file in a folder.

    Attributes:
        path: where to open it.
        real: its path with all symbolic links followed.
        relative: its path below the folder that was walked.
        linked: whether a symbolic link below that folder led to it.
    """

    path: str
    real: str
    relative: str
    linked: bool


class _Folder(NamedTuple):
    path: str
    real: str
    relative: str
    name: str
    linked: bool


class Walker:
    """Walks several folders, each real folder once.

    Folders behind symbolic links come after all real ones, so a link to a folder that is read anyway, above it or beside
    it, adds nothing, and the work is linear in the files that there are.

    Attributes:
        skipped: what was passed over.
        entered: real paths of the folders behind symbolic links that were walked, without those below them.
    """

    def __init__(self) -> None:
        self.skipped: list[Skipped] = []
        self.entered: list[str] = []
        self._visited: dict[str, str] = {}
        self._linked: list[_Folder] = []

    def walk(self, path: str, name: str) -> Iterator[Found]:
        """Find the files below a folder, without those behind linked folders.

        Hidden files and folders, and what is no regular file, go to `skipped`. `name` is put before their ids there.
        """
        yield from self._walk(_Folder(path, os.path.realpath(path), "", name, linked=False))

    def walk_links(self) -> Iterator[tuple[str, Found]]:
        """Find the files behind the linked folders met so far; each with the name given to `walk`."""
        while self._linked:
            folders, self._linked = sorted(self._linked, key=lambda f: (f.name, path_id(f.relative))), []
            for folder in folders:
                if folder.real not in self._visited:
                    self.entered.append(folder.real)
                for found in self._walk(folder):
                    yield folder.name, found

    def _walk(self, top: _Folder) -> Iterator[Found]:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            name = self._id(folder, "")
            if folder.real in self._visited:
                self._skip(folder, "", f"is the folder {self._visited[folder.real] or '.'} again, read once", expected=True)
                continue
            self._visited[folder.real] = name
            try:
                with os.scandir(folder.path) as entries:
                    ordered = sorted(entries, key=lambda entry: os.fsencode(entry.name))
                enterable = os.access(folder.path, os.X_OK)  # else nothing in it can be looked at or opened
            except OSError as error:
                self._skip(folder, "", f"cannot be read: {os_reason(error)}", expected=False)
                continue
            real, relative = os.path.join(folder.real, ""), folder.relative and os.path.join(folder.relative, "")
            for entry in ordered:
                name = entry.name
                if enterable and entry.is_file(follow_symlinks=False) and name[0] != ".":
                    yield Found(entry.path, real + name, relative + name, folder.linked)
                    continue
                found = self._entry(folder, entry)
                if isinstance(found, Found):
                    yield found
                elif found is not None:
                    waiting.append(found)

    def _entry(self, folder: _Folder, entry: os.DirEntry[str]) -> Found | _Folder | None:
        """Sort an entry of a folder: a file, a folder to walk, or None for what is passed over or put off."""
        if entry.name.startswith("."):
            self._skip(folder, entry.name, "is hidden", expected=True)
            return None
        is_link = entry.is_symlink()
        try:
            mode = entry.stat().st_mode
        except OSError as error:
            broken = "is a symbolic link " + ("that leads to itself" if error.errno == errno.ELOOP else "to nothing")
            reason = broken if is_link else f"cannot be read: {os_reason(error)}"
            self._skip(folder, entry.name, reason, expected=False)
            return None
        real = os.path.realpath(entry.path) if is_link else os.path.join(folder.real, entry.name)
        relative = os.path.join(folder.relative, entry.name)
        linked = folder.linked or is_link
        if stat.S_ISREG(mode):
            return Found(entry.path, real, relative, linked)
        if not stat.S_ISDIR(mode):
            self._skip(folder, entry.name, f"is a {special_kind(mode)}", expected=True)
            return None
        below = _Folder(entry.path, real, relative, folder.name, linked)
        if not is_link:
            return below
        self._linked.append(below)
        return None

    def _id(self, folder: _Folder, name: str) -> str:
        return "/".join(part for part in (folder.name, path_id(os.path.join(folder.relative, name)).rstrip("/")) if part)

    def _skip(self, folder: _Folder, name: str, reason: str, *, expected: bool) -> None:
        self.skipped.append(Skipped(self._id(folder, name) or path_id(folder.path), reason, expected=expected))


def special_kind(mode: int) -> str:
    """Name what is neither a file nor a folder."""
    if stat.S_ISFIFO(mode):
        return "pipe"
    return "socket" if stat.S_ISSOCK(mode) else "device"
