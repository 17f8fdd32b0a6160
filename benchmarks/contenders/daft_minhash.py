"""Daft: its expression `minhash` over text that it reads itself, then sorted bands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from common import alike, candidates, job, peer

if TYPE_CHECKING:
    from common import Job
    from numpy.typing import NDArray


def sign(asked: Job, daft: Any, frame: Any) -> NDArray[np.uint32]:  # noqa: ANN401 (Daft, and a frame of it)
    """Signatures of the column `text`."""
    column = daft.functions.minhash(
        daft.col("text"), num_hashes=asked.permutations, ngram_size=asked.ngram, seed=1, hash_function="xxhash"
    )
    with asked.phase("sign"):
        table = frame.select(column).to_arrow()
        rows = table.column(0).combine_chunks().flatten().to_numpy()
        return np.asarray(rows, np.uint32).reshape(-1, asked.permutations)


def main() -> int:
    """The program. Documents are read by Daft itself, with white space folded to single spaces; paragraphs come as a list."""
    asked = job()
    daft = peer(asked, "daft")
    if asked.paragraphs:
        texts = asked.texts()
        with asked.phase("read"):
            frame = daft.from_pydict({"text": texts}).collect()
        sign(asked, daft, frame)
        return asked.finish("daft")
    frame = daft.read_json(str(asked.corpus)).select(daft.functions.regexp_replace(daft.col("text"), r"\s+", " "))
    rows = sign(asked, daft, frame)
    asked.counts["units"] = len(rows)
    return asked.finish("daft", pairs=alike(asked, rows, candidates(asked, rows)))


if __name__ == "__main__":
    sys.exit(main())
