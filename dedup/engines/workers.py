"""Judges documents on several cores, in order; the result does not depend on how many."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from dedup.engines.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from dedup.engines.verdict import Verdict
    from dedup.model import Document
    from dedup.profile import Profile
    from dedup.settings import CleanSettings

_BATCH_ITEMS = 128
_BATCH_CHARACTERS = 1 << 18
_AHEAD = 3  # batches a worker may be ahead of what is written: bounds the memory
_WORTH = 4 << 20  # bytes of input from which starting workers pays

Item = TypeVar("Item")

_state: tuple[CleanSettings, Mapping[str, Profile]] | None = None


def choose(workers: int, size: int) -> int:
    """How many workers to use: as many as asked for, or (0) one a core where the input of `size` bytes is worth it."""
    if workers:
        return workers
    return (os.cpu_count() or 1) if size >= _WORTH else 1


class Judges(Generic[Item]):
    """Judges items that may hold a document, in this process or in several; to be used by `with`.

    Args:
        settings: as for `verdict.judge`.
        profiles: as for `verdict.judge`.
        workers: 1 for this process alone.
        document_of: gives an item's document, or None.
    """

    def __init__(
        self,
        settings: CleanSettings,
        profiles: Mapping[str, Profile],
        workers: int,
        document_of: Callable[[Item], Document | None],
    ) -> None:
        self._settings = settings
        self._profiles = profiles
        self._workers = workers
        self._document_of = document_of
        self._stack = ExitStack()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._workers > 1:
            # a fork would copy the threads of the progress bar half
            context = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(self._workers, context, _start, (self._settings, self._profiles))
            self._stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            self._pool = pool
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def judged(self, items: Iterable[Item]) -> Iterator[tuple[Item, Verdict | None]]:
        """Each item with the verdict on its document, in order; with one worker as soon as it is there."""
        pool = self._pool
        if pool is None:
            for item in items:
                document = self._document_of(item)
                yield item, None if document is None else judge(document, self._settings, self._profiles)
            return
        waiting: deque[tuple[list[Item], Future[list[Verdict]]]] = deque()
        for batch in self._batches(items):
            documents = [document for document in map(self._document_of, batch) if document is not None]
            waiting.append((batch, pool.submit(_judge_all, documents)))
            if len(waiting) > self._workers * _AHEAD:
                yield from self._zipped(*waiting.popleft())
        while waiting:
            yield from self._zipped(*waiting.popleft())

    def _batches(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        """Some items at a time; fewer where their texts are long."""
        batch: list[Item] = []
        size = 0
        for item in items:
            document = self._document_of(item)
            batch.append(item)
            size += 0 if document is None else len(document.text)
            if len(batch) >= _BATCH_ITEMS or size >= _BATCH_CHARACTERS:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _zipped(self, batch: list[Item], future: Future[list[Verdict]]) -> Iterator[tuple[Item, Verdict | None]]:
        verdicts = iter(future.result())
        for item in batch:
            yield item, None if self._document_of(item) is None else next(verdicts)


def _start(settings: CleanSettings, profiles: Mapping[str, Profile]) -> None:
    global _state  # noqa: PLW0603 (a worker process has one state, set before its first work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    _state = settings, profiles


def _judge_all(documents: list[Document]) -> list[Verdict]:
    if _state is None:
        raise RuntimeError("a worker was not started")
    return [judge(document, *_state) for document in documents]
