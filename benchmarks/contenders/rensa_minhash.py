"""rensa: R-MinHash over n-grams made from the text, then sorted bands.

`--variant rho` takes the faster sketch that its README advertises, over words, as its own benchmark does.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from common import alike, candidates, job, peer, shingles, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common import Job
    from numpy.typing import NDArray


def sign(asked: Job, texts: Sequence[str]) -> NDArray[np.uint32]:
    """Signatures of texts, through the bulk interface."""
    signer: Any = importlib.import_module("rensa").RMinHash
    if asked.variant == "rho":
        matrix = signer.digest_matrix_from_token_sets_rho([text.split() for text in texts], asked.permutations, 1)
    else:
        matrix = signer.digest_matrix_from_token_sets([shingles(text, asked.ngram) for text in texts], asked.permutations, 1)
    return np.array(matrix.to_rows(), np.uint32)


def main() -> int:
    """The program."""
    asked = job()
    peer(asked, "rensa")
    texts = asked.texts()
    rows = signed(asked, texts, sign)
    if asked.paragraphs:
        return asked.finish("rensa")
    return asked.finish("rensa", pairs=alike(asked, rows, candidates(asked, rows)))


if __name__ == "__main__":
    sys.exit(main())
