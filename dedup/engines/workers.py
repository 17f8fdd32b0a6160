"""Works on documents on several cores, in order; the result does not depend on how many."""

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
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

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
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)

_state: Work[Any] | None = None


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


class Work(Protocol[Made_co]):
    """What is done with documents, here or in a worker process, which gets a copy of it."""

    def __call__(self, documents: list[Document]) -> Made_co:
        """What is made of some documents."""

    def prepare(self) -> None:
        """Load and compile what workers would, each."""


class Workers(Generic[Item, Made]):
    """Has work done on items that may hold a document, in this process or in several; to be used by `with`.

    Args:
        work: what is done.
        workers: 1 for this process alone; where a stream is read, others are started once it has given some megabytes.
        document_of: gives an item's document, or None.
        ready: whether a further item can be had without waiting; while it can, some are worked on at a time.
    """

    def __init__(
        self,
        work: Work[Made],
        workers: int,
        document_of: Callable[[Item], Document | None],
        *,
        ready: Callable[[], bool] | None = None,
    ) -> None:
        self._work = work
        self._workers = workers
        self._document_of = document_of
        self._ready = ready
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> ProcessPoolExecutor:
        from dedup.spool import give_back  # noqa: PLC0415 (numpy, which one text does not need)

        self._work.prepare()
        give_back()  # copies of this process would have what was freed, too
        gc.freeze()  # and its objects, as long as nobody looks through them for garbage
        self._stack.callback(gc.unfreeze)
        pool = ProcessPoolExecutor(self._workers, _context(), _start, (self._work,))
        self._stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        with stopping.held():
            for _ in range(self._workers):
                pool.submit(int)  # with the first work, workers begin
        return pool

    def made(self, items: Iterable[Item]) -> Iterator[tuple[list[Item], Made]]:
        """Some items at a time, in order, with what was made of their documents."""
        pool: ProcessPoolExecutor | None = None
        waiting: deque[tuple[list[Item], Future[Made]]] = deque()
        left = math.inf if self._workers == 1 else 0 if self._ready is None else WORTH
        for batch, size in batches(items, self._size, self._ready):
            if left > 0 or size >= _HUGE:
                while waiting:
                    first, future = waiting.popleft()
                    yield first, future.result()
                left -= size
                yield batch, self._work(self._documents(batch))
                continue
            pool = pool or self._start()
            waiting.append((batch, pool.submit(_work_on_sent, list(map(_SENT, self._documents(batch))))))
            while len(waiting) > self._workers * _AHEAD or (waiting and self._ready is not None and not self._ready()):
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()

    def _documents(self, batch: list[Item]) -> list[Document]:
        return [document for document in map(self._document_of, batch) if document is not None]

    def _size(self, item: Item) -> int:
        document = self._document_of(item)
        return 0 if document is None else len(document.text)


class Judges(Workers[Item, list[Result]]):
    """Judges items that may hold a document.

    Args:
        judge: by what documents are judged.
        workers: as of `Workers`.
        document_of: the same.
        finish: what is made of a document and its verdict, where it was judged: the less, the less is sent.
        ready: as of `Workers`.
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
        super().__init__(_Judging(judge, finish), workers, document_of, ready=ready)

    def judged(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | None]]:
        """Each item with what was made of the verdict on its document, in order."""
        for batch, results in self.made(items):
            made = iter(results)
            for item in batch:
                yield item, None if self._document_of(item) is None else next(made)


class _Judging(Generic[Result]):
    """Judges documents, and finishes each with its verdict."""

    def __init__(self, judge: Judge, finish: Callable[[Document, Verdict], Result]) -> None:
        self._judge = judge
        self._finish = finish

    def __call__(self, documents: list[Document]) -> list[Result]:
        return [self._finish(*pair) for pair in zip(documents, self._judge.judge(documents), strict=True)]

    def prepare(self) -> None:
        self._judge.prepare()


def _context() -> BaseContext:
    """How workers begin: as copies of this process, which have all loaded, where that is safe; else anew, in a second or more."""
    copied = sys.platform == "linux" and threading.active_count() == 1  # a thread would be copied half
    return multiprocessing.get_context("fork" if copied else "spawn")


def _start(work: Work[Any]) -> None:
    global _state  # noqa: PLW0603 (a worker process has one state, set before its first work)
    stopping.as_worker()
    gc.set_threshold(50_000, 20, 100)  # as the command line does for itself
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _state = work


def _end_with_parent() -> None:
    """Let a worker whose parent was killed not wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work_on_sent(sent: list[tuple[Any, ...]]) -> Any:  # noqa: ANN401 (the work's)
    if _state is None:
        raise RuntimeError("a worker was not started")
    return _state(list(starmap(Document, sent)))
