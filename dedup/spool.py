"""Columns of numbers that lie in files of a temporary folder, so that they take no memory that others want."""

from __future__ import annotations

import ctypes
import errno
import math
import os
import sys
from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

_CANNOT = (errno.EINVAL, errno.EOPNOTSUPP)  # a file system that does not take room beforehand


class Growing:
    """A column that grows at its end, in a file.

    Args:
        path: the file; one that exists is overwritten.
        code: of the numbers, as `array` has them.

    Attributes:
        waiting: where numbers are added; `write` is to be called now and then.
    """

    def __init__(self, path: Path, code: str) -> None:
        self._path = path
        self._file = path.open("wb")
        self._count = 0
        self.waiting = array(code)

    def write(self) -> None:
        """Write what waits.

        Raises:
            OSError: the disk is full.
        """
        self._count += len(self.waiting)
        self._file.write(self.waiting)
        del self.waiting[:]

    def close(self) -> None:
        """Write what waits, and close the file; once more is no error."""
        if not self._file.closed:
            with self._file:
                self.write()

    def column(self) -> NDArray[Any]:
        """What was added, mapped from the file, which is closed."""
        self.close()
        dtype = np.dtype(self.waiting.typecode)
        return of_file(self._path, dtype) if self._count else np.empty(0, dtype)


def mapped(path: Path, dtype: DTypeLike, pieces: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """The pieces one behind the other, written to a file and mapped from it: one piece is held at a time."""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(np.ascontiguousarray(piece, dtype).data)
    return of_file(path, dtype)


def of_file(path: Path, dtype: DTypeLike) -> NDArray[Any]:
    """What a file holds, mapped from it; nothing of an empty one."""
    if not path.stat().st_size:
        return np.empty(0, dtype)
    return np.asarray(np.memmap(path, dtype, "r"))  # each slice of a memmap is one anew, which takes longer than the slicing


def writable(path: Path, dtype: DTypeLike, *shape: int) -> NDArray[Any]:
    """An array of that shape, 0 at first, mapped from a file.

    Raises:
        OSError: the disk has no room for it. (Where room cannot be asked for, a full disk ends the process later.)
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if not size:
        return np.empty(shape, dtype)
    with path.open("wb") as file:
        _take_room(file.fileno(), size)
    return np.asarray(np.memmap(path, dtype, "r+", shape=shape))


def _take_room(file: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file, 0, size)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
        else:
            return
    os.truncate(file, size)


def joined_ranges(firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ranges of numbers, one behind the other."""
    return np.repeat(firsts - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())


def ranges(firsts: NDArray[np.int64], counts: NDArray[np.int64], most: int = 1 << 18) -> Iterator[NDArray[np.int64]]:
    """The same, about `most` numbers at a time: a range is never parted."""
    for at, end in parts(counts, most):
        yield joined_ranges(firsts[at:end], counts[at:end])


def parts(counts: NDArray[np.int64], most: int = 1 << 18) -> Iterator[tuple[int, int]]:
    """Parts of a list of ranges, by their first and one past their last, that have about `most` numbers each, or one range."""
    total, at = np.cumsum(counts), 0
    while at < len(counts):
        base = total[at - 1] if at else 0
        end = max(at + 1, int(np.searchsorted(total, base + most, "right")))
        yield at, end
        at = end


def among(values: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of some values are among known ones, which are ascending; none are among none."""
    places = np.searchsorted(known, values)
    found = np.zeros(len(values), np.bool_)
    inside = places < len(known)
    found[inside] = known[places[inside]] == values[inside]
    return found


def give_back() -> None:
    """Hand the memory that was freed back to the system; the GNU C library keeps what lies below anything in use."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
