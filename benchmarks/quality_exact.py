"""Labels by exhaustion: every two documents of a set that share a shingle are compared, whatever an index would have proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from dedup import kernels
from dedup.text import normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_SHINGLE = 5  # words
_NEAR, _CONTAINED = 0.5, 0.8  # Jaccard; share of the smaller one's shingles
_PARTIAL = 0.2, 0.3  # the same two


def labels(pages: Sequence[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """Two ids and a label ("near_dup", "contained", "partial") for each two texts that are alike; too short ones have none."""
    forms = [normal.normal_form(page["text"]).encode("utf-8", "surrogatepass") for page in pages]
    data, ends = np.frombuffer(b"".join(forms), np.uint8), np.cumsum([0, *map(len, forms)], dtype=np.int64)
    kernel = kernels.load("fast")
    shingles, offsets = kernel.shingle_sets(*kernel.word_hashes(data, ends), _SHINGLE)
    _, numbers = np.unique(shingles, return_inverse=True)
    owners = np.repeat(np.arange(len(forms), dtype=np.int32), np.diff(offsets))
    holders = owners[np.argsort(numbers, kind="stable")]
    firsts = np.concatenate([[0], np.cumsum(np.bincount(numbers))])
    first, second, jaccard, share = _alike(numbers, offsets, holders, firsts, *_PARTIAL)
    names = np.where(jaccard >= _NEAR, "near_dup", np.where(share >= _CONTAINED, "contained", "partial"))
    for a, b, name in zip(first.tolist(), second.tolist(), names.tolist(), strict=True):
        yield {"id1": pages[a]["id"], "id2": pages[b]["id"], "label": name}


@numba.njit  # type: ignore[untyped-decorator]
def _alike(  # noqa: PLR0913, PLR0917 (numba takes columns)
    numbers: NDArray[np.int64],
    offsets: NDArray[np.int64],
    holders: NDArray[np.int32],
    firsts: NDArray[np.int64],
    least_jaccard: float,
    least_share: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts what each document shares with those before it, by the holders of each of its shingles."""
    count = len(offsets) - 1
    shared, met = np.zeros(count, np.int32), np.empty(count, np.int32)
    firsts_of, seconds, jaccards, shares = [0][:0], [0][:0], [0.0][:0], [0.0][:0]
    for document in range(count):
        some, size = 0, offsets[document + 1] - offsets[document]
        for place in range(offsets[document], offsets[document + 1]):
            for holder in holders[firsts[numbers[place]] : firsts[numbers[place] + 1]]:
                if holder >= document:
                    break
                if shared[holder] == 0:
                    met[some] = holder
                    some += 1
                shared[holder] += 1
        for other in met[:some]:
            both, size_other = shared[other], offsets[other + 1] - offsets[other]
            shared[other] = 0
            jaccard, share = both / (size + size_other - both), both / min(size, size_other)
            if jaccard >= least_jaccard or share >= least_share:
                firsts_of.append(np.int64(other))
                seconds.append(document)
                jaccards.append(jaccard)
                shares.append(share)
    return np.array(firsts_of), np.array(seconds), np.array(jaccards), np.array(shares)
