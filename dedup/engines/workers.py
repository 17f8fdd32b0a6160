"""Judges documents on several cores, in order; the result does not depend on how many."""

from __future__ import annotations

import gc
import math
import multiprocessing
import os
import sys
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from itertools import starmap
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from dedup import stopping
from dedup.model import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

    from dedup.engines.verdict import Judge, Verdict

_BATCH_ITEMS = 1024
_BATCH_CHARACTERS = 1 << 18
_AHEAD = 3  # batches a worker may be ahead of what is written: bounds the memory
_HUGE = 1 << 26  # characters of a document that is judged here: sent to a worker, it would stand in memory thrice
WORTH = 4 << 20  # bytes or characters of input from which starting workers pays

_SENT = attrgetter("id", "text", "site", "date", "title")  # of a document: a tuple is sent in a fifth of the time

Item = TypeVar("Item")
Result = TypeVar("Result")

_state: tuple[Judge, Callable[[Document, Verdict], object]] | None = None


def choose(size: int | None) -> int:
    """How many workers to use where nobody asked for a number: one a core where `size` bytes of input, if known, are worth it.

    Cores are those that this process may use: a container, or `taskset`, may leave it few of the machine's.
    """
    if size is not None and size < WORTH:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(
    items: Iterable[Item], size_of: Callable[[Item], int], ready: Callable[[], bool] | None = None
) -> Iterator[tuple[list[Item], int]]:
    """Some items at a time, with their size; fewer where their texts are long, or where a further one is not `ready`."""
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += size_of(item)
        if len(batch) >= _BATCH_ITEMS or size >= _BATCH_CHARACTERS or (ready is not None and not ready()):
            yield batch, size
            batch, size = [], 0
    if batch:
        yield batch, size


class Judges(Generic[Item, Result]):
    """Judges items that may hold a document, in this process or in several; to be used by `with`.

    Args:
        judge: by what documents are judged.
        workers: 1 for this process alone; where a stream is read, others are started once it has given some megabytes.
        document_of: gives an item's document, or None.
        finish: what is made of a document and its verdict, where it was judged: the less, the less is sent.
        ready: whether a further item can be had without waiting; while it can, some are judged at a time.
    """

    def __init__(
        self,
        judge: Judge,
        workers: int,
        document_of: Callable[[Item], Document | None],
        finish: Callable[[Document, Verdict], Result],
        *,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        self._judge = judge
        self._workers = workers
        self._document_of = document_of
        self._finish = finish
        self._ready = ready
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> ProcessPoolExecutor:
        from dedup.spool import give_back  # noqa: PLC0415 (numpy, which one text does not need)

        self._judge.prepare()
        give_back()  # copies of this process would have what was freed, too
        gc.freeze()  # and its objects, as long as nobody looks through them for garbage
        self._stack.callback(gc.unfreeze)
        pool = ProcessPoolExecutor(self._workers, _context(), _start, (self._judge, self._finish))
        self._stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        with stopping.held():
            for _ in range(self._workers):
                pool.submit(int)  # with the first work, workers begin
        return pool

    def judged(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | None]]:
        """Each item with what was made of the verdict on its document, in order."""
        pool: ProcessPoolExecutor | None = None
        waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
        left = math.inf if self._workers == 1 else 0 if self._ready is None else WORTH
        for batch, size in batches(items, self._size, self._ready):
            if left > 0 or size >= _HUGE:
                while waiting:
                    first, future = waiting.popleft()
                    yield from self._zipped(first, future.result())
                left -= size
                yield from self._zipped(batch, _judge_all(self._documents(batch), (self._judge, self._finish)))
                continue
            pool = pool or self._start()
            waiting.append((batch, pool.submit(_judge_sent, list(map(_SENT, self._documents(batch))))))
            while len(waiting) > self._workers * _AHEAD or (waiting and self._ready is not None and not self._ready()):
                first, future = waiting.popleft()
                yield from self._zipped(first, future.result())
        for first, future in waiting:
            yield from self._zipped(first, future.result())

    def _documents(self, batch: list[Item]) -> list[Document]:
        return [document for document in map(self._document_of, batch) if document is not None]

    def _size(self, item: Item) -> int:
        document = self._document_of(item)
        return 0 if document is None else len(document.text)

    def _zipped(self, batch: list[Item], results: list[Result]) -> Iterator[tuple[Item, Result | None]]:
        made = iter(results)
        for item in batch:
            yield item, None if self._document_of(item) is None else next(made)


def _context() -> BaseContext:
    """How workers begin: as copies of this process, which have all loaded, where that is safe; else anew, in a second or more."""
    copied = sys.platform == "linux" and threading.active_count() == 1  # a thread would be copied half
    return multiprocessing.get_context("fork" if copied else "spawn")


def _start(judge: Judge, finish: Callable[[Document, Verdict], object]) -> None:
    global _state  # noqa: PLW0603 (a worker process has one state, set before its first work)
    stopping.as_worker()
    gc.set_threshold(50_000, 20, 100)  # as the command line does for itself
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _state = judge, finish


def _end_with_parent() -> None:
    """Let a worker whose parent was killed not wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge_sent(sent: list[tuple[Any, ...]]) -> list[Any]:
    return _judge_all(list(starmap(Document, sent)), _started())


def _judge_all(documents: list[Document], state: tuple[Judge, Callable[[Document, Verdict], Any]]) -> list[Any]:
    judge, finish = state
    return [finish(*pair) for pair in zip(documents, judge.judge(documents), strict=True)]


def _started() -> tuple[Judge, Callable[[Document, Verdict], Any]]:
    if _state is None:
        raise RuntimeError("a worker was not started")
    return _state
