"""Finds the inputs: which files are meant, what they are called, how they are laid out."""
# Paths are strings, as in Source: a tree of a million files needs no million Path objects.
# ruff: noqa: PTH100, PTH112, PTH114, PTH116, PTH119, PTH122, PTH206

from __future__ import annotations

import os
import stat
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, cast

from dedup.choices import FORMATS, Format
from dedup.errors import UsageError, os_reason
from dedup.model import Skipped, Source
from dedup.reading.names import Globs, Ids, path_id
from dedup.reading.walk import Walker, special_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dedup.choices import Compression
    from dedup.reading.walk import Found

_ENDINGS: Mapping[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".jsonlines": "jsonl",
    ".jl": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
}
LISTED_FOLDER = "is a folder, and a list names files"
_DOUBTFUL = frozenset({".json", ".jl"})
"""Endings that mean something else as often: dumps are JSON Lines, settings, answers of servers and Julia's programs are not."""
_COMPRESSIONS: Mapping[str, Compression] = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
_ANY_FORMAT = frozenset({None, "auto"})


class Plan(NamedTuple):
    """What will be read, in byte order of ids, and what will not."""

    sources: list[Source]
    skipped: list[Skipped]


class _Candidate(NamedTuple):
    """A file that may be read; `linked`: by a symbolic link; `regular`: no pipe or device."""

    id: str
    path: str
    real: str
    site: str | None
    linked: bool = False
    regular: bool = True


def layout(name: str, chosen: str | None = None) -> tuple[Format, Compression]:
    """Tell format and compression by a name's ending, without regard to case.

    A chosen format other than "auto" goes before the ending's. Parquet compresses inside: `x.parquet.gz` is not known as Parquet.

    Raises:
        UsageError: a format that is not known.
    """
    given = chosen not in _ANY_FORMAT
    if given and chosen not in FORMATS:
        raise UsageError(f"unknown format {chosen!r}: it is one of auto, {', '.join(FORMATS)}")
    ending, compression = _endings(name)
    found = _ENDINGS.get(ending, "text")
    if found == "parquet" and compression:
        found = "text"
    if given:
        found = cast(Format, chosen)
    return found, "" if found == "parquet" else compression


def says_format(name: str) -> bool:
    """Whether a name's ending stands for a format other than text."""
    return _endings(name)[0] in _ENDINGS


def _endings(name: str) -> tuple[str, Compression]:
    """Give a name's ending before that of its compression, in lower case, and the compression."""
    stem, ending = os.path.splitext(name.lower())
    compression = _COMPRESSIONS.get(ending)
    return (ending, "") if compression is None else (os.path.splitext(stem)[1], compression)


def standard_input(
    chosen: str | None = None, *, path: str | None = None, site: str | None = None, sniffed: bool = False
) -> Source:
    """Make the source of standard input: text unless another format is chosen, which the first bytes may have told.

    `path` is its spool, if it has one.
    """
    return Source("-", path, layout("", chosen)[0], "", site, certain=chosen not in _ANY_FORMAT and not sniffed)


def find_sources(  # noqa: PLR0913  # the options of the commands, all by name
    inputs: Sequence[str],
    *,
    root: str | None,
    files_from: Iterable[bytes] | None,
    include: Sequence[str],
    exclude: Sequence[str],
    format: str | None,  # noqa: A002  # the option's name
    site: str | None,
    entered: list[str] | None = None,
    unmet: list[str] | None = None,
) -> Plan:
    """Find the inputs to read, each once, in byte order of their ids, whatever the order in which they are given.

    Ids are paths relative to the root: `root` for everything if it is given, else for a folder the folder itself, for a file
    the current folder. With several roots a folder's ids begin with its name; the second folder of one name is `name~2`. A
    single file outside the current folder is called by its base name, a pipe or device by its whole path.
    `include` and `exclude` (see `Globs`) concern all but standard input.

    Args:
        inputs: files, folders, `-`, and pipes or devices, which are read as streams.
        root: the folder to which all ids are relative.
        files_from: more paths of files, as bytes; empty ones are ignored.
        include: only what one of these matches is read, if there are any.
        exclude: what one of these matches is not read.
        format: read all as this format; None or "auto": by ending.
        site: the site of all sources; None: the first folder below the root.
        entered: takes the real paths of folders to which symbolic links in the given ones led.
        unmet: takes what of `include` and `exclude` means no file, each with its option before it.

    Raises:
        UsageError: a path outside its root, two inputs with one id, an unknown format.
    """
    finder = _Finder(root)
    listed = [os.fsdecode(entry) for entry in files_from if entry] if files_from is not None else []
    candidates = list(finder.find([name for name in inputs if name != "-"], listed))
    skipped = finder.skipped
    if entered is not None:
        entered += finder.entered
    included, excluded = Globs(include), Globs(exclude)
    kept: dict[str, _Candidate] = {}
    for candidate in finder.once(candidates):
        if (pattern := excluded.match(candidate.id)) is not None:
            skipped.append(Skipped(candidate.id, f"is excluded by {pattern!r}", expected=True))
        elif included and included.match(candidate.id) is None:
            skipped.append(Skipped(candidate.id, "is not among those to include", expected=True))
        elif candidate.id in kept:
            both = f"{kept[candidate.id].path} and {candidate.path}"
            raise UsageError(f"two inputs would both be called {candidate.id!r} ({both}): give --root, a folder that holds all")
        else:
            kept[candidate.id] = candidate
    if unmet is not None:
        for item in skipped:  # a hidden folder that nobody looks into may be excluded, too
            excluded.match(item.source)
        unmet += [f"--exclude {pattern}" for pattern in excluded.unmet] + [f"--include {pattern}" for pattern in included.unmet]
    sources = [_source(candidate, format, site) for candidate in kept.values()]
    sources += [standard_input(format, site=site)] * ("-" in inputs)
    sources.sort(key=lambda source: source.id.encode())
    return Plan(sources, sorted(skipped, key=lambda item: (item.source.encode(), item.reason)))


def _source(candidate: _Candidate, chosen: str | None, site: str | None) -> Source:
    form, compression = layout(candidate.path, chosen)
    certain = chosen not in _ANY_FORMAT or (form != "text" and _endings(candidate.path)[0] not in _DOUBTFUL)
    return Source(candidate.id, candidate.path, form, compression, site or candidate.site, candidate.regular, certain)


class _Finder:
    """Finds the files that are meant, and gives them their ids."""

    def __init__(self, root: str | None) -> None:
        if root is not None and not os.path.isdir(root):
            raise UsageError(f"--root {root}: no such folder")
        self._root = root
        self._walker = Walker()
        self.skipped, self.entered = self._walker.skipped, self._walker.entered

    def find(self, given: Sequence[str], listed: Sequence[str]) -> Iterator[_Candidate]:
        """Find all that the given paths (files and folders) and the listed ones (files) mean."""
        folders: list[str] = []
        files: list[str] = []
        specials: list[_Candidate] = []
        named = set(given)
        for path, count in Counter((*given, *listed)).items():
            mode = self._mode(path)
            if mode is None:
                continue
            if count > 1:
                self._skip(path_id(path), f"is given {count} times, read once")
            if stat.S_ISREG(mode):
                files.append(path)
            elif not stat.S_ISDIR(mode):
                specials += self._special(path, mode)
            elif path in named:
                folders.append(path)
            else:
                self._skip(path_id(path), LISTED_FOLDER)
        yield from self._in_folders(folders, several=bool(files))
        lone = len(files) == 1 and not (folders or specials or listed)
        for path in sorted(files, key=os.fsencode):
            yield self._file(path, lone=lone)
        yield from specials

    def once(self, candidates: Iterable[_Candidate]) -> Iterator[_Candidate]:
        """Pass each real file once: by a path without links if there is one, else by the one found first."""
        groups: dict[str, list[_Candidate]] = {}
        for candidate in candidates:
            groups.setdefault(candidate.real, []).append(candidate)
        for group in groups.values():
            first = group[0] if len(group) == 1 else min(group, key=lambda candidate: candidate.linked)
            for other in group:
                if other is not first:
                    again = "given again" if other.id == first.id else f"the file {first.id} again"
                    self._skip(other.id, f"is {again}, read once")
            yield first

    def _skip(self, name: str, reason: str) -> None:
        self.skipped.append(Skipped(name, reason, expected=True))

    def _mode(self, path: str) -> int | None:
        try:
            return os.stat(path).st_mode
        except FileNotFoundError:
            reason = "no such file or folder"
        except OSError as error:
            reason = os_reason(error)
        except ValueError:
            reason = "no possible path"  # it holds a NUL
        self.skipped.append(Skipped(path_id(path), reason))
        return None

    def _special(self, path: str, mode: int) -> Iterator[_Candidate]:
        """Take a pipe or a character device, which are read as streams."""
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            absolute = os.path.abspath(path)
            yield _Candidate(path_id(absolute.lstrip(os.sep)), path, absolute, None, regular=False)
        else:
            self.skipped.append(Skipped(path_id(path), f"is a {special_kind(mode)}"))

    def _in_folders(self, folders: Sequence[str], *, several: bool) -> Iterator[_Candidate]:
        """Find the files in the folders; an outer folder comes before one that lies in it."""
        by_real: dict[str, str] = {}
        for folder in sorted(folders, key=os.fsencode):
            real = os.path.realpath(folder)
            if by_real.setdefault(real, folder) is not folder:
                self._skip(path_id(folder), f"is the folder {path_id(by_real[real])} again, read once")
        several = several or len(by_real) > 1
        names = Ids()
        for real in sorted(by_real, key=os.fsencode):
            folder = by_real[real]
            if self._root is not None:
                below = self._below(folder, self._root)
                name = "" if below == os.curdir else path_id(below)
            else:
                name = names.unique(path_id(os.path.basename(os.path.abspath(folder)) or "root")) if several else ""
            for found in self._walker.walk(folder, name):
                yield self._in_tree(name, found)
        for name, found in self._walker.walk_links():
            yield self._in_tree(name, found)

    def _in_tree(self, name: str, found: Found) -> _Candidate:
        below = path_id(found.relative)
        full = f"{name}/{below}" if name else below
        return _Candidate(full, found.path, found.real, _first_folder(full if self._root is not None else below), found.linked)

    def _file(self, path: str, *, lone: bool) -> _Candidate:
        try:
            name = path_id(self._below(path, self._root or os.curdir))
        except UsageError:
            if not lone or self._root is not None:
                raise
            name = path_id(os.path.basename(path))
        return _Candidate(name, path, os.path.realpath(path), _first_folder(name), os.path.islink(path))

    def _below(self, path: str, root: str) -> str:
        """Give a path relative to a root, as they are written or with symbolic links followed."""
        for absolute in (os.path.abspath, os.path.realpath):
            try:
                relative = os.path.relpath(absolute(path), absolute(root))
            except ValueError:  # another drive
                continue
            if relative.split(os.sep)[0] != os.pardir:
                return relative
        where = "the current folder" if self._root is None else f"--root {root}"
        raise UsageError(f"{path} lies outside {where}: give --root FOLDER, a folder that holds all inputs")


def _first_folder(name: str) -> str | None:
    """Give the first folder of an id, or None for a file that lies in its root."""
    folder, slash, _ = name.partition("/")
    return folder if slash else None
