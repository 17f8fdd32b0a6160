"""What paragraphs of a batch begin and end with: the sentences there, and which outer paragraphs have known ones."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from dedup.boilerplate import furniture
from dedup.engines import rows as places
from dedup.kernels import texts as kernel
from dedup.kernels import words
from dedup.text import normal
from dedup.text.sentences import Edge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import TypeAlias

    from numpy.typing import NDArray

    from dedup.engines.rows import Rows
    from dedup.engines.sieve import Sieve
    from dedup.text.sentences import Edges

    Numbers: TypeAlias = NDArray[np.int64]
    Find: TypeAlias = Callable[[NDArray[np.uint8], Numbers, Numbers, Numbers, Numbers], None]


class EdgeSentences:
    """The sentences at the edges of some paragraphs of a batch: as objects when they are asked for.

    Args:
        data: `uint8[bytes]`, the texts.
        rows: their paragraphs.
        chosen: `int64[chosen]`, those that are asked for.

    Attributes:
        row: `int64[edges]`, its paragraph, as a number among the chosen ones.
        begins: `bool[edges]`: it begins the paragraph.
        keys: of each.
        words: `int64[edges]`.
    """

    def __init__(self, data: NDArray[np.uint8], rows: Rows, chosen: NDArray[np.int64]) -> None:
        found = kernel.edge_sentences(data, rows.byte_start[chosen], rows.byte_end[chosen])
        folded = kernel.fold(data, found.byte_start, found.byte_end)
        self.keys = normal.keys_of_bytes(folded.phrases.tobytes(), folded.phrase_offsets.tolist())
        self.words, self.row, self.begins = folded.words, found.row, found.begins
        self._found, self._chosen, self._rows = found, chosen, rows

    @property
    def owner(self) -> NDArray[np.int64]:
        """`int64[edges]`, the text of each."""
        return self._rows.owner[self._chosen][self.row]

    @functools.cached_property
    def _places(self) -> dict[tuple[int, int], int]:
        owners, starts = self._rows.owner[self._chosen].tolist(), self._rows.start[self._chosen].tolist()
        return {place: row for row, place in enumerate(zip(owners, starts, strict=True))}

    @functools.cached_property
    def _lists(self) -> tuple[list[int], list[bool], list[int], list[int], list[int]]:
        bounds, found = np.searchsorted(self.row, np.arange(len(self._chosen) + 1)), self._found
        return bounds.tolist(), self.begins.tolist(), found.start.tolist(), found.end.tolist(), self.words.tolist()

    def of(self, text: int, start: int) -> Edges | None:
        """The edges of the paragraph that starts there; None if it is none of those."""
        row = self._places.get((text, start))
        if row is None:
            return None
        edges: Edges = ([], [])
        bounds, begins, starts, ends, counts = self._lists
        for i in range(bounds[row], bounds[row + 1]):
            edges[0 if begins[i] else 1].append(Edge(start + starts[i], start + ends[i], self.keys[i], counts[i]))
        return edges


class KnownEnds:
    """Which of the outer paragraphs of a batch may begin or end as known ones do, as `furniture` tells it of each.

    Args:
        data: `uint8[bytes]`, the texts.
        rows: their paragraphs.
        good: `bool[paragraphs]`, running text.
        folded: their forms.
        sieve: tells what is known.

    Attributes:
        owners: the texts that have such paragraphs.
    """

    def __init__(self, data: NDArray[np.uint8], rows: Rows, good: NDArray[np.bool_], folded: kernel.Folded, sieve: Sieve) -> None:
        self._folded = folded
        outer, closing = rows.placed(good, places.TWO_OF_EITHER_END), rows.placed(good, places.LAST_TWO)
        glued = closing[self._have(words.last_words, closing, sieve.lengths, sieve.closing, whole=False)]
        self._closing, self._glued, self._outer = (_named(rows, some) for some in (closing, glued, outer))
        by_length = furniture.lengths_tell(sieve.edge_lengths)
        if by_length:
            known = sieve.edge_lengths, sieve.edge_keys
            outer = outer[self._have(words.last_words, outer, *known) | self._have(words.first_words, outer, *known)]
        self._edges = EdgeSentences(data, rows, outer)
        edged = rows.owner[outer] if by_length else self._edges.owner[[key in sieve.edge_keys for key in self._edges.keys]]
        self.owners = np.concatenate([rows.owner[glued], edged])

    def edges(self, text: int, start: int) -> Edges | None:
        """The edges of the paragraph that starts there, none if none is known; None: it is no outer one."""
        return self._edges.of(text, start) or (([], []) if (text, start) in self._outer else None)

    def may_be_glued(self, text: int, start: int) -> bool:
        """Whether a known line may stand at the end of the paragraph that starts there, behind something else."""
        return (text, start) in self._glued or (text, start) not in self._closing

    def _have(
        self, find: Find, rows: NDArray[np.int64], lengths: Collection[int], keys: Collection[int], *, whole: bool = True
    ) -> NDArray[np.bool_]:
        """`bool[rows]`: whose first or last words, as many as are in `lengths`, have one of the keys; `whole`: or all words."""
        forms, offsets = self._folded.phrases, self._folded.phrase_offsets
        starts, ends = offsets[rows], offsets[rows + 1]
        found = np.zeros(len(rows), np.bool_)
        if not lengths or not keys:
            return found
        spans = np.empty((2, len(rows), len(lengths)), np.int64)
        find(forms, starts, ends, np.array(sorted(lengths), np.int64), spans)
        begin, end = spans
        there = (end > begin) & (whole | (begin > starts[:, None]))
        data = self._bytes
        digest = normal.key_of_bytes
        listed = zip(begin[there].tolist(), end[there].tolist(), strict=True)
        found[np.nonzero(there)[0][[digest(data[a:b]) in keys for a, b in listed]]] = True
        return found

    @functools.cached_property
    def _bytes(self) -> bytes:
        return self._folded.phrases.tobytes()


def _named(rows: Rows, chosen: NDArray[np.int64]) -> frozenset[tuple[int, int]]:
    """Paragraphs by their text and where they start in it."""
    return frozenset(zip(rows.owner[chosen].tolist(), rows.start[chosen].tolist(), strict=True))
