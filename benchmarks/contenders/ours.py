"""Our kernels alone: text to signatures, sorted bands, exactly verified pairs; no sites, no stripping, no report."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from common import job, peer

from dedup import kernels
from dedup.matching import candidates, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common import Job
    from numpy.typing import NDArray

    from dedup.kernels import Kernel

_AT_ONCE = 500  # texts: what is made of so many stays in the caches
_WARM = ["a few words that make the compiled code be loaded before the clock runs"]


def flat(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Texts as the kernels take them: bytes and offsets."""
    joined = "".join(texts)
    sizes = map(len, texts) if joined.isascii() else (len(text.encode("utf-8", "surrogatepass")) for text in texts)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(sizes, np.int64, len(texts)), out=offsets[1:])
    return np.frombuffer(joined.encode("utf-8", "surrogatepass"), np.uint8), offsets


def sign(asked: Job, kernel: Kernel, texts: Sequence[str]) -> NDArray[np.uint32]:
    """Signatures of texts; what the kernel takes of that is told by itself, for it is at home on bytes, not on strings."""
    signed = np.empty((len(texts), asked.permutations), np.uint32)
    for at in range(0, len(texts), _AT_ONCE):
        data, offsets = flat(texts[at : at + _AT_ONCE])
        with asked.phase("kernel"):
            kernel.text_signatures(data, offsets, asked.ngram, asked.permutations, out=signed[at : at + _AT_ONCE])
    return signed


def signatures(asked: Job, kernel: Kernel, texts: Sequence[str]) -> NDArray[np.uint32]:
    """Signatures of all texts, in as many threads as there are workers."""
    with asked.phase("sign"):
        if asked.workers == 1:
            return sign(asked, kernel, texts)
        step = -(-len(texts) // asked.workers)
        parts = [texts[at : at + step] for at in range(0, len(texts), step)]
        with ThreadPoolExecutor(asked.workers) as pool:
            return np.concatenate(list(pool.map(lambda part: sign(asked, kernel, part), parts)))


def verified(asked: Job, kernel: Kernel, texts: Sequence[str], rows: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Pairs of texts whose exact Jaccard similarity reaches the threshold."""
    with asked.phase("band"):
        found = candidates.find(kernel, rows, asked.bands, asked.rows)
        asked.counts["candidates"] = len(found.pairs)
    with asked.phase("verify"):
        sets = kernel.shingle_sets(*kernel.word_hashes(*flat(texts)), asked.ngram)
        return verify.verify(kernel, sets, found.pairs, asked.threshold).members


def main() -> int:
    """The program; `--variant reference` takes the plain kernel."""
    asked = job()
    peer(asked, "dedup.kernels")
    with asked.phase("load"):
        kernel = kernels.load(asked.variant or "fast")
        verified(asked, kernel, _WARM, sign(asked, kernel, _WARM))
    for name in ("kernel", "band", "verify"):
        del asked.phases[name]
    asked.counts.clear()
    texts = asked.texts()
    rows = signatures(asked, kernel, texts)
    if asked.paragraphs:
        return asked.finish("numba", "numpy")
    return asked.finish("numba", "numpy", pairs=verified(asked, kernel, texts, rows))


if __name__ == "__main__":
    sys.exit(main())
