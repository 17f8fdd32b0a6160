"""What two documents share of their running text, where all of their words cannot tell whether they are alike.

A site's furniture is learned from what several of its documents share. Where these are too few, or no site is known, it stays:
two pages of one template are alike by their menus and teasers, though they tell different things; and a page that took over
another site's story shares little with it but the story.
"""

from __future__ import annotations

import functools
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
APART = 0.3
"""Of the smaller one's running text: pages that share less tell different things; cut and edited copies share more than .4."""
TAKEN = 0.5
"""Of it, from which another site's page is worth telling: half of a story that was cut or edited."""
_ROWS = 1 << 18  # paragraphs worked on at a time
_WORDS = 30  # of running text by which two pages can be told apart
_MOST = 0.8  # of a document's words: what has more running text is compared well enough by all its words


class Running:
    """Compares documents by their running text: the share of the smaller one's shingles that the other has.

    Args:
        kernel: counts what they share.
        columns: the documents.
        sets: makes sets of shingles of stretches of text, given as a kernel takes them.
        threads: that compare; the result is the same.
    """

    def __init__(self, kernel: Kernel, columns: Columns, sets: SetsOf, threads: int = 1) -> None:
        self._kernel = kernel
        self._columns = columns
        self._sets = sets
        self._threads = threads
        self._sites: Counter[str | None] | None = None

    def of_one_template(self, members: NDArray[np.int64]) -> NDArray[np.float64]:
        """The shares of pairs that may be pages of one template: of one small site, or both of none.

        Args:
            members: `int64[pairs, 2]`, numbers of documents, the smaller first, in order.

        Returns:
            `float64[pairs]`; NaN for all others, where one has too little running text, and from `APART` on.
        """
        documents, pairs = np.unique(members, return_inverse=True)
        pairs = pairs.reshape(-1, 2)
        wordy = self._words[documents] >= _WORDS
        names, own = self._sites_of(documents)
        small = np.array([name is None or self._documents(name) < FEW for name in names], np.bool_)
        a, b = own[pairs].T
        shares = self._shares(members, wordy[pairs].all(axis=1) & (a == b) & small[a])
        shares[shares >= APART] = np.nan
        return shares

    def of_two_sites(self, members: NDArray[np.int64]) -> NDArray[np.float64]:
        """The shares of pairs of two sites' pages, one of which at least has much beside its running text.

        Args:
            members: as of `of_one_template`.

        Returns:
            `float64[pairs]`; NaN for all others, where one has too little running text, and below `TAKEN`.
        """
        documents, pairs = np.unique(members, return_inverse=True)
        pairs = pairs.reshape(-1, 2)
        running = self._words[documents]
        much = running < _MOST * self._columns.words[documents]
        asked = (running >= _WORDS)[pairs].all(axis=1) & much[pairs].any(axis=1)
        if not asked.any():
            return np.full(len(members), np.nan)
        names, own = self._sites_of(documents)
        known = np.array([name is not None for name in names], np.bool_)
        a, b = own[pairs].T
        shares = self._shares(members, asked & (a != b) & known[a] & known[b])
        shares[shares < TAKEN] = np.nan
        return shares

    def _shares(self, members: NDArray[np.int64], asked: NDArray[np.bool_]) -> NDArray[np.float64]:
        """`float64[pairs]`, the shares of those that are asked, NaN for the others."""
        shares = np.full(len(members), np.nan)
        if asked.any():
            documents, pairs = np.unique(members[asked], return_inverse=True)
            packed = verify.pack(*pairs.reshape(-1, 2).T)
            sets = self._sets(self._columns.running(documents))
            found = verify.verify(self._kernel, sets, packed, -1.0, threads=self._threads)
            shares[asked] = np.maximum(found.containment_a, found.containment_b)
        return shares

    def weights(self, documents: NDArray[np.int64], share: float) -> NDArray[np.int64]:
        """The words that shared paragraphs are weighed by; fewer where such a share is more than `TAKEN` of the running text.

        Args:
            documents: numbers of some.
            share: of the words, which shared paragraphs must make up for two documents to be compared.

        Returns:
            `int64[documents]`.
        """
        words, running = self._columns.words[documents], self._words[documents]
        return np.where(running >= _WORDS, np.minimum(words, (running * TAKEN / share).astype(np.int64)), words)

    @functools.cached_property
    def _words(self) -> NDArray[np.int64]:
        """`int64[documents]`, words of running text."""
        columns = self._columns
        found = np.zeros(len(columns.rows), np.int64)
        for at in range(0, len(columns.owner), _ROWS):
            rows = slice(at, at + _ROWS)
            good = columns.good[rows]
            np.add.at(found, columns.owner[rows][good], columns.size[rows][good])
        return found

    def _sites_of(self, documents: NDArray[np.int64]) -> tuple[list[str | None], NDArray[np.int64]]:
        """The sites of documents, and `int64[documents]`, the place of each one's among these."""
        sites = [self._columns.rows[number].site for number in documents.tolist()]
        places = {site: place for place, site in enumerate(dict.fromkeys(sites))}
        return [*places], np.array([places[site] for site in sites], np.int64)

    def _documents(self, site: str) -> int:
        """How many documents a site has."""
        if self._sites is None:
            self._sites = Counter(row.site for row in self._columns.rows)
        return self._sites[site]
