"""FastSketchLSH: Fast Similarity Sketch over n-grams made from the text, then its own LSH."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from common import alike, job, peer, shingles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common import Job
    from numpy.typing import NDArray


def sign(asked: Job, library: Any, texts: Sequence[str]) -> NDArray[np.uint64]:  # noqa: ANN401 (the library)
    """Sketches of texts, through the batch interface."""
    with asked.phase("sign"):
        sketcher = library.FastSimilaritySketch(size=asked.permutations, seed=1)
        rows = sketcher.batch([shingles(text, asked.ngram) for text in texts], num_threads=asked.workers)
        return np.asarray(rows, np.uint64)


def looked_up(asked: Job, library: Any, rows: NDArray[np.uint64]) -> NDArray[np.int64]:  # noqa: ANN401 (the library)
    """Pairs by its own index; it cuts a signature into bands of equal size, so `bands` must divide the permutations."""
    bands = next(bands for bands in range(asked.bands, 0, -1) if asked.permutations % bands == 0)
    asked.counts["bands"] = bands
    with asked.phase("index"):
        index = library.LSH(num_perm=asked.permutations, num_bands=bands, num_threads=asked.workers)
        index.insert(rows)
    with asked.phase("query"):
        others, ends = index.query(rows, format="csr")
        numbers = np.repeat(np.arange(len(rows)), np.diff(ends.astype(np.int64)))
        pairs = np.sort(np.stack([numbers, others.astype(np.int64)], axis=1), axis=1)
        found = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0)
        asked.counts["candidates"] = len(found)
        return found


def main() -> int:
    """The program."""
    asked = job()
    library = peer(asked, "FastSketchLSH")
    texts = asked.texts()
    rows = sign(asked, library, texts)
    if asked.paragraphs:
        return asked.finish("FastSketchLSH")
    return asked.finish("FastSketchLSH", pairs=alike(asked, rows, looked_up(asked, library, rows)))


if __name__ == "__main__":
    sys.exit(main())
