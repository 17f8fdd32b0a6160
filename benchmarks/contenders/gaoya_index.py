"""gaoya: its MinHash index, which splits, signs, finds and estimates in one; words are found by its own analyzer."""

from __future__ import annotations

import sys

import numpy as np
from common import job, peer


def main() -> int:
    """The program."""
    asked = job()
    minhash = peer(asked, "gaoya").minhash
    texts = asked.texts()
    if asked.paragraphs:
        print("gaoya gives no signatures", file=sys.stderr)
        return 2
    with asked.phase("index"):
        index = minhash.MinHashStringIndex(
            hash_size=32,
            jaccard_threshold=asked.threshold,
            num_bands=asked.bands,
            band_size=asked.rows,
            analyzer="word",
            ngram_range=(asked.ngram, asked.ngram),
            id_container="vec",
        )
        index.par_bulk_insert_docs(list(range(len(texts))), texts)
    with asked.phase("query"):
        found = index.par_bulk_query(texts)
        pairs = {(min(number, other), max(number, other)) for number, others in enumerate(found) for other in others}
        told = np.array(sorted(pair for pair in pairs if pair[0] != pair[1]), np.int64).reshape(-1, 2)
    return asked.finish("gaoya", pairs=told)


if __name__ == "__main__":
    sys.exit(main())
