"""dolma: its Bloom filter over paragraphs, which flags those that stood before, exactly the same; no near-duplicates."""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from common import job, peer

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RATE = 1e-6  # of false positives that the filter is made for
_PARAGRAPH = 100  # bytes at the least, on average: from which the filter's size is guessed


def settings(folder: Path, size: int) -> dict[str, Any]:
    """What the command line of dolma would hand to its deduper."""
    paragraphs = {"attribute_name": "repeated", "paragraph_separator": "\n", "by_ngram": None}
    return {
        "documents": [str(folder / "documents" / "*.gz")],
        "dedupe": {"name": "repeated", "paragraphs": paragraphs, "skip_empty": True},
        "bloom_filter": {
            "file": str(folder / "filter"),
            "read_only": False,
            "size_in_bytes": 0,
            "estimated_doc_count": max(1000, size // _PARAGRAPH),
            "desired_false_positive_rate": _RATE,
        },
        "is_s3_volume": False,
        "work_dir": {"input": str(folder / "in"), "output": str(folder / "out")},
        "processes": 1,
        "compression": {"input": None, "output": None},
    }


def flagged(folder: Path) -> NDArray[np.int64]:
    """For each flagged paragraph its record, and the code point where it starts: `int64[paragraphs, 2]`."""
    rows: list[tuple[int, int]] = []
    for path in sorted((folder / "attributes").rglob("*.gz")):
        with gzip.open(path, "rb") as stream:
            for number, line in enumerate(stream):
                spans: list[list[int]] = next(iter(orjson.loads(line)["attributes"].values()), [])
                rows.extend((number, int(start)) for start, _, flag in spans if flag)
    return np.array(rows, np.int64).reshape(-1, 2)


def main() -> int:
    """The program. dolma reads compressed files only: the time to compress is not counted as its own, but told ("prepare")."""
    asked = job()
    dolma = peer(asked, "dolma.dolma")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with asked.phase("prepare"):
            for part in ("documents", "in", "out"):
                (folder / part).mkdir()
            with gzip.open(folder / "documents" / "corpus.jsonl.gz", "wb", compresslevel=1) as packed:
                packed.write(asked.corpus.read_bytes())
        with asked.phase("flag"):
            dolma.deduper_entrypoint(orjson.dumps(settings(folder, asked.corpus.stat().st_size)).decode())
        rows = flagged(folder)
        asked.counts["flagged"] = len(rows)
        np.save(asked.out, rows)
        return asked.finish("dolma")


if __name__ == "__main__":
    sys.exit(main())
