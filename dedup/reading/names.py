"""What inputs and records are called, and which names a glob means."""

from __future__ import annotations

import fnmatch
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import xxhash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Ids:
    """Gives each document an id of its own: the second one called `a` becomes `a~2`.

    Keeps an 8-byte hash (xxh3_64) of each id, not the id; two ids with one hash, which is to be expected once in some
    billions, would make a needless `~2` and no harm.
    """

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._last: dict[int, int] = {}
        self.repeated = 0

    def unique(self, wanted: str) -> str:
        """Give the id itself the first time, afterwards the first of `id~2`, `id~3`, … that is free; counted in `repeated`."""
        key = _hash(wanted)
        if key not in self._seen:
            self._seen.add(key)
            return wanted
        self.repeated += 1
        number = self._last.get(key, 1) + 1
        while (other := _hash(f"{wanted}~{number}")) in self._seen:
            number += 1
        self._last[key] = number
        self._seen.add(other)
        return f"{wanted}~{number}"


def _hash(name: str) -> int:
    return xxhash.xxh3_64_intdigest(name.encode("utf-8", "surrogatepass"))


def path_id(relative: str) -> str:
    """Write a relative path as an id: `/` always, and bytes that are no UTF-8 percent-escaped.

    In a name that holds such bytes, and in one that percent-decoding (once or again) would turn into such a name, `%`
    itself is escaped too: so `a%20b` and `100%` stay as they are, and no two paths get one id.
    """
    if os.sep != "/":
        relative = relative.replace(os.sep, "/")
    if "%" not in relative and relative.isascii():
        return relative
    return "/".join(_escape(part) for part in relative.split("/"))


def _escape(part: str) -> str:
    raw = os.fsencode(part)
    if not _holds_bad_bytes(raw):
        return raw.decode("utf-8")  # which the name is not where the locale has another encoding
    plain = raw.decode("utf-8", "surrogateescape").replace("%", "%25")
    return re.sub("[\udc80-\udcff]", lambda match: f"%{ord(match[0]) - 0xDC00:02X}", plain)


def _holds_bad_bytes(raw: bytes) -> bool:
    """Tell whether a name is no UTF-8, or would be none after percent-decoding it again and again."""
    while True:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return True
        decoded = unquote_to_bytes(raw)
        if decoded == raw:
            return False
        raw = decoded


class Globs:
    """Patterns of `--include` or `--exclude`.

    Each is matched (`*`, `?`, `[…]`; `*` crosses `/`) with the id and with the base name, and with the folders above it,
    so `drafts` means all that is under a folder of that name. A leading `/` binds a pattern to the whole id; `**/` also
    stands for nothing.

    Attributes:
        unmet: of the patterns, those that meant no id so far.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = [(pattern, _compile(pattern), not pattern.startswith("/")) for pattern in patterns]
        self.unmet = dict.fromkeys(patterns)

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def match(self, name: str) -> str | None:
        """Give the first pattern that means this id, or None."""
        first: str | None = None
        for pattern, compiled, anywhere in self._patterns:
            if first is not None and pattern not in self.unmet:
                continue
            for path in _upwards(name):
                if compiled.match(path) or (anywhere and compiled.match(path.rpartition("/")[2])):
                    self.unmet.pop(pattern, None)
                    first = pattern if first is None else first
                    break
        return first


def _compile(pattern: str) -> re.Pattern[str]:
    plain = pattern.strip("/").removesuffix("/**")
    variants = {plain, plain.removeprefix("**/"), plain.replace("/**/", "/")}
    return re.compile("|".join(fnmatch.translate(variant) for variant in sorted(variants)))


def _upwards(name: str) -> Iterator[str]:
    """Give an id and the ids of the folders above it."""
    while name:
        yield name
        name = name.rpartition("/")[0]


def id_path(name: str) -> str:
    """Give the relative path of which `path_id` made an id."""
    parts = (part.encode("utf-8") for part in name.split("/"))
    return os.sep.join(os.fsdecode(unquote_to_bytes(part) if _holds_bad_bytes(part) else part) for part in parts)  # noqa: PTH118  # paths are strings, as in Source
