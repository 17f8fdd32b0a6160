"""Where the processor time of `dedup find` goes, by stage, and how near that is to what its compiled loops alone would take.

python benchmarks/stages.py dump.jsonl          # JSON Lines with `text`
python benchmarks/stages.py dump.jsonl --repeats 3

One process, one worker. A stage's time is that of all threads while it runs; that of an indented one, which is a part of the one
above, its own thread's.
The last lines run the loops once over the same texts, one behind the other: what a tool made of nothing else would need.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Stage(NamedTuple):
    """A function whose time is taken: where it is, what it does, and how deep it stands in the table."""

    place: str
    what: str
    depth: int


STAGES = (
    Stage("dedup.engines.counting:learn", "learn what sites share: a pass over all texts", 0),
    Stage("dedup.engines.collecting:collect", "judge: the second pass", 0),
    Stage("dedup.engines.verdict:Judge.judge", "verdicts on texts, until nothing more is found", 1),
    Stage("dedup.engines.batch:Batch.__init__", "lines and normal forms (both passes)", 2),
    Stage("dedup.engines.batch:Batch.may_find", "the sieve: which stages may find anything", 2),
    Stage("dedup.engines.onepass:Stages.run", "the stages, where something may be found", 2),
    Stage("dedup.engines.collecting:extract_of", "what is taken from a verdict", 1),
    Stage("dedup.engines.collecting:Collector.take", "columns, and the report's documents", 1),
    Stage("dedup.engines.matching:Matcher.run", "candidates, exact verification, pairs", 0),
    Stage("dedup.engines.found_report:tell", "clusters, copies and repeats into the report", 0),
)


def timed(
    function: Callable[..., Any], label: str, taken: dict[str, float], clock: Callable[[], float] = time.thread_time
) -> Callable[..., Any]:
    """The function, with its time added to what was taken."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (whatever it takes and gives)
        start = clock()
        try:
            return function(*arguments, **named)
        finally:
            taken[label] += clock() - start

    return wrapper


def watched(corpus: Path, told: Any) -> None:  # noqa: ANN401 (multiprocessing's queue has no type)
    """Run `dedup find` in this process, which is there for it alone, and tell the seconds by stage."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    taken: dict[str, float] = defaultdict(float)
    for stage in STAGES:
        module, _, name = stage.place.partition(":")
        home: Any = importlib.import_module(module)
        *path, last = name.split(".")
        for part in path:
            home = getattr(home, part)
        original = getattr(home, last)
        made = timed(original, stage.place, taken, time.thread_time if stage.depth else time.process_time)
        setattr(home, last, made)
        for other in [m for key, m in sys.modules.items() if key.startswith("dedup.")]:  # where it was imported by name
            if getattr(other, last, None) is original:
                setattr(other, last, made)
    gc.set_threshold(50_000, 20, 100)  # as the command line does for itself
    from dedup.cli import app  # noqa: PLC0415 (after what it uses was replaced)

    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        report = str(Path(folder) / "report.jsonl")
        status = app(["find", str(corpus), "--report", report, "--workers", "1", "--quiet"], standalone_mode=False)
    told.put((dict(taken), time.process_time() - start, status))


def loops(corpus: Path) -> Iterator[tuple[str, float]]:
    """Seconds of reading the texts, and of each compiled loop over them once."""
    from dedup.engines.workers import batches  # noqa: PLC0415 (of this checkout)
    from dedup.kernels import fast, texts  # noqa: PLC0415 (numba, in a process that needs it)

    taken: dict[str, float] = defaultdict(float)

    def take(label: str, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 (as above)
        return timed(function, label, taken)(*arguments)

    def through(part: Sequence[str]) -> None:
        encoded = take("read and decode", lambda: [text.encode("utf-8", "surrogatepass") for text in part])
        data = np.frombuffer(b"".join(encoded), np.uint8)
        lines = take("lines", texts.split_lines, data, np.cumsum([0, *map(len, encoded)], dtype=np.int64))
        folded = take("normal forms", texts.fold, data, lines.byte_start, lines.byte_end)
        take("signatures", fast.text_signatures, folded.forms, folded.form_offsets, 3, 128)
        take("shingle sets", lambda: fast.shingle_sets(*fast.word_hashes(folded.forms, folded.form_offsets), 3))

    through(["A few words. They have the loops loaded."])
    taken.clear()
    read = take("read and decode", lambda: [orjson.loads(line)["text"] for line in corpus.open("rb")])
    for part, _ in batches(read, len):
        through(part)
    yield from taken.items()


def main(arguments: Sequence[str] | None = None) -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args(arguments)
    runs = []
    context = multiprocessing.get_context("spawn")
    for _ in range(asked.repeats):
        queue = context.Queue()
        process = context.Process(target=watched, args=(asked.corpus, queue))
        process.start()
        runs.append(queue.get())
        process.join()
    whole = median(total for _, total, _ in runs)
    size = asked.corpus.stat().st_size / 1e6
    print(f"`dedup find`, {size:.0f} MB, medians of {asked.repeats} runs: {whole:.2f} s of processor time")
    for stage in STAGES:
        seconds = median(taken.get(stage.place, 0.0) for taken, _, _ in runs)
        print(f"{seconds:8.2f} s {100 * seconds / whole:5.1f} %  {'  ' * stage.depth}{stage.what}")
    alone = dict(loops(asked.corpus))
    total = sum(alone.values())
    print(f"the loops alone, once over the same texts: {total:.2f} s, {100 * total / whole:.0f} % of that")
    for label, seconds in alone.items():
        print(f"{seconds:8.2f} s {100 * seconds / whole:5.1f} %  {label}")
    return max(int(status or 0) for _, _, status in runs)


if __name__ == "__main__":
    sys.exit(main())
