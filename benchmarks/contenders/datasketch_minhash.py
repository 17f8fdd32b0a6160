"""datasketch: `MinHash.generator` with xxhash and affine32, then sorted bands or (`--variant lsh`) its own MinHashLSH."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from common import alike, candidates, job, peer, shingles, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from common import Job
    from numpy.typing import NDArray


def hashes(asked: Job, texts: Sequence[str]) -> Iterator[Any]:
    """A MinHash for each text, made the fastest way that the public interface has."""
    from datasketch import MinHash  # noqa: PLC0415 (`peer` has told whether it is there)
    from xxhash import xxh32_intdigest  # noqa: PLC0415

    sets = (encoded(text, asked.ngram) for text in texts)
    return iter(MinHash.generator(sets, num_perm=asked.permutations, hashfunc=xxh32_intdigest, scheme="affine32"))


def encoded(text: str, ngram: int) -> list[bytes]:
    """The n-grams of a text's words as bytes; encoded once, which is faster than each n-gram by itself."""
    words = text.encode("utf-8", "surrogatepass").split()
    return [b" ".join(words[at : at + ngram]) for at in range(len(words) - ngram + 1)]


def sign(asked: Job, texts: Sequence[str]) -> NDArray[np.uint32]:
    """Signatures of texts."""
    rows = np.empty((len(texts), asked.permutations), np.uint32)
    for row, minhash in zip(rows, hashes(asked, texts), strict=True):
        row[:] = minhash.hashvalues
    return rows


def looked_up(asked: Job, rows: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.int64]:
    """Pairs by datasketch's own index: all are inserted, then each is queried."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

    with asked.phase("index"):
        index = MinHashLSH(num_perm=asked.permutations, params=(asked.bands, asked.rows))
        first = MinHash(num_perm=asked.permutations, scheme="affine32")
        given = {"permutations": first.permutations, "scheme": "affine32"}
        entries = [MinHash(hashvalues=row, **given) for row in rows]
        with index.insertion_session() as session:
            for number, minhash in enumerate(entries):
                session.insert(number, minhash, check_duplication=False)
    with asked.phase("query"):
        others: list[list[Any]] = [index.query(minhash) for minhash in entries]
        found = {(min(n, m), max(n, m)) for n, of in enumerate(others) for m in of if n != m}
        asked.counts["candidates"] = len(found)
        return np.array(sorted(found), np.int64).reshape(-1, 2)


def verified(asked: Job, texts: Sequence[str], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those pairs whose sets of n-grams are as alike as the threshold asks."""
    with asked.phase("verify"):
        sets = {number: set(shingles(texts[number], asked.ngram)) for number in np.unique(pairs).tolist()}
        kept = [pair for pair in pairs.tolist() if _jaccard(sets[pair[0]], sets[pair[1]]) >= asked.threshold]
        return np.array(kept, np.int64).reshape(-1, 2)


def _jaccard(a: set[str], b: set[str]) -> float:
    """Shared members of all members; two empty sets share nothing."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def main() -> int:
    """The program."""
    asked = job()
    peer(asked, "datasketch")
    peer(asked, "xxhash")
    texts = asked.texts()
    rows = signed(asked, texts, sign)
    packages = ("datasketch", "xxhash")
    if asked.paragraphs:
        return asked.finish(*packages)
    if asked.variant == "lsh":
        return asked.finish(*packages, pairs=verified(asked, texts, looked_up(asked, rows)))
    return asked.finish(*packages, pairs=alike(asked, rows, candidates(asked, rows)))


if __name__ == "__main__":
    sys.exit(main())
