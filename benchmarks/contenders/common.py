"""What all contenders share: their arguments, the text they get, banding by sorting, and what they hand back.

A contender is a program that is run in a fresh process. It reads the corpus, does the job, writes the pairs it found, and prints
one line of JSON: seconds of its phases, counts, versions. Everybody gets the same units of text: documents or (`--paragraphs`)
the lines of them, with single spaces between words, so that splitting at spaces gives everyone the same words.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import multiprocessing
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

_FULL = 50  # members of a bucket up to which all are paired; in a larger one each with the first and with the next
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SLICES = 8  # a worker: parts of the work, so that none waits long for the last
MISSING = 3  # exit status of a contender that is not installed


@dataclass
class Job:
    """What is asked of a contender.

    Attributes:
        corpus: JSON Lines with `id` and `text`.
        out: where the pairs go: `int64[pairs, 2]` of record numbers, as `.npy`.
        ngram: words of a shingle.
        permutations: rows of a signature.
        bands: into which it is cut.
        rows: of a band.
        threshold: Jaccard from which a pair is told.
        workers: processes or threads.
        paragraphs: sign lines instead of documents, and stop there.
        variant: which of its ways the contender shall take, if it has several.
    """

    corpus: Path
    out: Path
    ngram: int
    permutations: int
    bands: int
    rows: int
    threshold: float
    workers: int
    paragraphs: bool
    variant: str
    phases: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Times what happens inside."""
        start = time.perf_counter()
        yield
        self.phases[name] = self.phases.get(name, 0.0) + time.perf_counter() - start

    def texts(self) -> list[str]:
        """The units of text, words parted by single spaces; a unit without words is left out of paragraphs."""
        with self.phase("read"), self.corpus.open("rb") as stream:
            found = [orjson.loads(line)["text"] for line in stream]
            if self.paragraphs:
                found = [line for text in found for line in text.splitlines() if line.strip()]
            found = [" ".join(text.split()) for text in found]
            self.counts["units"] = len(found)
            self.counts["bytes"] = sum(len(text.encode("utf-8", "surrogatepass")) for text in found)
            return found

    def finish(self, *packages: str, pairs: NDArray[np.int64] | None = None) -> int:
        """Writes the pairs and prints what was measured."""
        if pairs is not None:
            with self.phase("write"):
                np.save(self.out, pairs)
            self.counts["pairs"] = len(pairs)
        versions = {name: importlib.metadata.version(name) for name in packages}
        print(json.dumps({"phases": self.phases, "counts": self.counts, "versions": versions}))
        return 0


def job() -> Job:
    """What the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    for name, default in (("ngram", 5), ("permutations", 128), ("bands", 16), ("rows", 8), ("workers", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--paragraphs", action="store_true")
    parser.add_argument("--variant", default="")
    return Job(**vars(parser.parse_args()))


def peer(asked: Job, name: str) -> Any:  # noqa: ANN401 (a package without types, or absent)
    """Imports a peer; ends the program with a word on standard error where it is not installed."""
    try:
        with asked.phase("import"):
            return importlib.import_module(name)
    except ImportError as error:
        print(f"{name} cannot be imported: {error}", file=sys.stderr)
        raise SystemExit(MISSING) from error


def shingles(text: str, ngram: int) -> list[str]:
    """The n-grams of a text's words, as strings."""
    words = text.split()
    return [" ".join(words[at : at + ngram]) for at in range(len(words) - ngram + 1)]


def signed(
    asked: Job, texts: Sequence[str], sign: Callable[[Job, Sequence[str]], NDArray[np.unsignedinteger[Any]]]
) -> NDArray[np.unsignedinteger[Any]]:
    """Signs all texts: in this process, or in several."""
    with asked.phase("sign"):
        if asked.workers == 1:
            return sign(asked, texts)
        step = -(-len(texts) // (asked.workers * _SLICES)) or 1
        parts = [(asked, texts[at : at + step]) for at in range(0, len(texts), step)]
        with multiprocessing.get_context("fork").Pool(asked.workers) as pool:
            return np.concatenate(pool.starmap(sign, parts, 1))


def candidates(asked: Job, signatures: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.int64]:
    """Pairs that share a band, by sorting: `int64[pairs, 2]`, ascending and distinct."""
    with asked.phase("band"):
        found = [_band(signatures[:, at * asked.rows : (at + 1) * asked.rows]) for at in range(asked.bands)]
        packed = np.unique(np.concatenate(found))
        asked.counts["candidates"] = len(packed)
        return np.stack([packed >> np.uint64(32), packed & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)


def _band(rows: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.uint64]:
    """The pairs of one band, each packed into 64 bits."""
    key = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        key = (key ^ column.astype(np.uint64)) * _MULTIPLIER
        key ^= key >> np.uint64(29)
    order = np.argsort(key, kind="stable").astype(np.uint64)
    ends = np.flatnonzero(np.append(np.diff(key[order.astype(np.int64)]) != 0, np.True_)) + 1
    starts = np.append(0, ends[:-1])
    found = [np.empty(0, np.uint64)]
    for start, end in zip(starts[ends - starts > 1].tolist(), ends[ends - starts > 1].tolist(), strict=True):
        members = order[start:end]
        if len(members) <= _FULL:
            first, second = np.triu_indices(len(members), 1)
            found.append(members[first] << np.uint64(32) | members[second])
        else:
            found.extend((members[0] << np.uint64(32) | members[1:], members[:-1] << np.uint64(32) | members[1:]))
    return np.concatenate(found)


def alike(asked: Job, signatures: NDArray[np.unsignedinteger[Any]], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those pairs whose signatures agree on as many rows as the threshold asks: an estimate, not a verification."""
    with asked.phase("estimate"):
        kept = [np.empty((0, 2), np.int64)]
        for at in range(0, len(pairs), 1 << 16):
            part = pairs[at : at + (1 << 16)]
            kept.append(part[(signatures[part[:, 0]] == signatures[part[:, 1]]).mean(axis=1) >= asked.threshold])
        return np.concatenate(kept)
