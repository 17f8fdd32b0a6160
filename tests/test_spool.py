from __future__ import annotations

import errno
import os
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dedup import spool

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [0, 1, 5, 100_000])
def test_a_growing_column_holds_what_was_added_in_order(tmp_path: Path, count: int) -> None:
    growing = spool.Growing(tmp_path / "column", "I")
    for start in range(0, count, 7):
        growing.waiting.extend(range(start, min(count, start + 7)))
        if start % 3:
            growing.write()
    column = growing.column()
    assert column.dtype == np.uint32
    assert column.tolist() == list(range(count))
    growing.close()  # once more


def test_a_mapped_column_is_its_pieces_one_behind_the_other(tmp_path: Path) -> None:
    pieces = [np.array([1, 2], np.uint8), np.empty(0, np.uint8), np.array([3], np.uint8)]
    column = spool.mapped(tmp_path / "column", np.int64, pieces)
    assert (column.dtype, column.tolist()) == (np.int64, [1, 2, 3])
    assert spool.mapped(tmp_path / "none", np.int64, []).tolist() == []
    assert spool.writable(tmp_path / "empty", np.int64, 0).tolist() == []
    assert spool.writable(tmp_path / "zeros", np.int64, 3).tolist() == [0, 0, 0]


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room cannot be asked for")
def test_room_is_taken_before_it_is_written_to(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Errno"):
        spool.writable(tmp_path / "large", np.int64, 1 << 59)
    made = spool.writable(tmp_path / "table", np.uint32, 3, 2)
    made[2] = 7
    assert made.tolist() == [[0, 0], [0, 0], [7, 7]]
    assert (tmp_path / "table").stat().st_blocks


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="room cannot be asked for")
def test_a_file_system_that_does_not_take_room_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    assert spool.writable(tmp_path / "column", np.int64, 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_ranges_are_never_parted(most: int) -> None:
    firsts, counts = np.array([10, 0, 7, 100]), np.array([2, 5, 0, 3])
    pieces = [piece.tolist() for piece in spool.ranges(firsts, counts, most)]
    assert list(chain.from_iterable(pieces)) == [10, 11, 0, 1, 2, 3, 4, 100, 101, 102]
    assert len(pieces) == {1: 4, 3: 3, 1000: 1}[most]
    assert list(spool.ranges(firsts[:0], counts[:0])) == []


def test_giving_memory_back_changes_nothing() -> None:
    held = np.arange(1000)
    spool.give_back()
    assert held.sum() == 499_500
