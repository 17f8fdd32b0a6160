from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from dedup.engines import workers

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="a process cannot be held to some cores here")
@pytest.mark.parametrize("cores", [{0}, {1, 3, 4}])
def test_a_worker_for_each_core_that_may_be_used(monkeypatch: pytest.MonkeyPatch, cores: set[int]) -> None:
    usable: Callable[[int], set[int]] = lambda _: cores  # noqa: E731 (its type is told)
    monkeypatch.setattr(os, "sched_getaffinity", usable)
    assert workers.choose(workers.WORTH) == workers.choose(None) == len(cores)
    assert workers.choose(workers.WORTH - 1) == 1


def test_where_the_system_tells_of_no_such_cores_all_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert workers.choose(None) == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers.choose(None) == 1
