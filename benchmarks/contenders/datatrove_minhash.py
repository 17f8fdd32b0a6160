"""datatrove: its MinHash signatures and buckets, read and written as it does, with words split at spaces and no folding."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from common import job, peer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common import Job
    from numpy.typing import NDArray


class _Spaces:
    """Splits at white space, as for every contender; datatrove's own word splitters load a model a language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def word_tokenize(self, text: str) -> list[str]:
        """The words."""
        return text.split()


def documents(asked: Job, data: Any) -> Iterator[Any]:  # noqa: ANN401 (datatrove's module)
    """The records as datatrove's documents."""
    with asked.corpus.open("rb") as stream:
        for line in stream:
            record = orjson.loads(line)
            yield data.Document(text=record["text"], id=record["id"])


def pairs_of(folder: Path) -> NDArray[np.int64]:
    """What stage 2 wrote: file and document, twice, as 32-bit numbers."""
    found = [np.empty((0, 2), np.int64)]
    for path in sorted(folder.glob("*.dups")):
        rows = np.fromfile(path, "<u4").reshape(-1, 4)
        found.append(np.sort(rows[:, [1, 3]].astype(np.int64), axis=1))
    return np.unique(np.concatenate(found), axis=0)


def main() -> int:
    """The program; what it finds is not verified, for datatrove does not."""
    asked = job()
    minhash = peer(asked, "datatrove.pipeline.dedup.minhash")
    data = peer(asked, "datatrove.data")
    text = peer(asked, "datatrove.utils.text")
    minhash.logger.remove()
    minhash.load_word_tokenizer = _Spaces
    plain = text.TextNormConfig(**dict.fromkeys(text.TextNormConfig.__dataclass_fields__, False))
    hashing = minhash.HashConfig(precision=32, hash_fc="xxhash")
    config = minhash.MinhashConfig(asked.ngram, asked.bands, asked.rows, norm_config=plain, hash_config=hashing)
    with tempfile.TemporaryDirectory() as folder:
        with asked.phase("sign"):
            minhash.MinhashDedupSignature(f"{folder}/signatures", config).run(documents(asked, data))
        with asked.phase("band"):
            buckets = minhash.MinhashDedupBuckets(f"{folder}/signatures", f"{folder}/pairs", config=config, lines_to_buffer=-1)
            for rank in range(asked.bands):
                buckets.run(rank=rank, world_size=asked.bands)
        return asked.finish("datatrove", pairs=pairs_of(Path(folder) / "pairs"))


if __name__ == "__main__":
    sys.exit(main())
