"""Tells apart pages that share what stands around their running text, but not that text.

A site's furniture is learned from what several of its documents share. Where there are too few of them, or no site is known,
it stays, and two pages are alike by their menus and teasers. What they tell is not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dedup.matching import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from dedup.kernels import Kernel
    from dedup.matching.columns import Columns

    Sets: TypeAlias = tuple[NDArray[np.uint64], NDArray[np.int64]]
    SetsOf: TypeAlias = Callable[[Iterator[tuple[NDArray[Any], NDArray[np.int64]]]], Sets]

FEW = 5
"""Documents of a site that tell its furniture: a line must stand on three, and not all of a site's pages are of one kind."""
_WORDS = 30  # of running text by which two pages can be told apart
_SHARED = 0.3  # of the smaller one's running text; copies that were cut and edited share more than .4 of it


class Telling:
    """Tells which pairs of documents share less of their running text than copies do.

    Args:
        kernel: counts what they share.
        columns: the documents.
        sets: makes sets of shingles of stretches of text, given as a kernel takes them.
    """

    def __init__(self, kernel: Kernel, columns: Columns, sets: SetsOf) -> None:
        self._kernel = kernel
        self._columns = columns
        self._sets = sets
        self._sites: Counter[str | None] | None = None

    def apart(self, members: NDArray[np.int64], threads: int = 1) -> NDArray[np.bool_]:
        """Which pairs are of one small site, or of none, both with running text, and hardly share any of that.

        Args:
            members: `int64[pairs, 2]`, numbers of documents, the smaller first, in order.
            threads: that compare; the result is the same.

        Returns:
            `bool[pairs]`.
        """
        found = np.zeros(len(members), np.bool_)
        documents, place = np.unique(members, return_inverse=True)
        wordy = (self._running(documents) >= _WORDS)[place].reshape(-1, 2).all(axis=1)
        asked = np.flatnonzero(wordy)
        asked = asked[self._of_one_template(members[asked])]
        if len(asked):
            documents, place = np.unique(members[asked], return_inverse=True)
            sets = self._sets(self._columns.running(documents))
            packed = verify.pack(*place.reshape(-1, 2).T)
            pairs = verify.verify(self._kernel, sets, packed, -1.0, threads=threads)
            found[asked] = np.maximum(pairs.containment_a, pairs.containment_b) < _SHARED
        return found

    def _running(self, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """`int64[documents]`, words of running text."""
        columns = self._columns
        bounds = np.searchsorted(columns.owner, documents), np.searchsorted(columns.owner, documents, "right")
        stretches = zip(*(bound.tolist() for bound in bounds), strict=True)
        sums = (int(columns.size[start:end][columns.good[start:end]].sum()) for start, end in stretches)
        return np.fromiter(sums, np.int64, len(documents))

    def _of_one_template(self, members: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`bool[pairs]`: which may be made by one template, that of a small site or, where none is known, of any."""
        documents, place = np.unique(members, return_inverse=True)
        sites = [self._columns.rows[number].site for number in documents.tolist()]
        numbers = {site: number for number, site in enumerate(dict.fromkeys(sites))}
        own = np.array([numbers[site] for site in sites], np.int64)[place].reshape(-1, 2)
        same = own[:, 0] == own[:, 1]
        small = np.array([site is None or self._documents(site) < FEW for site in numbers], np.bool_)
        return np.asarray(same & small[own[:, 0]])

    def _documents(self, site: str) -> int:
        """How many documents a site has."""
        if self._sites is None:
            self._sites = Counter(row.site for row in self._columns.rows)
        return self._sites[site]
