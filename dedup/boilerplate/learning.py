"""Learns each site's furniture: counts on how many documents of a site a paragraph stands, and judges by the counts."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.boilerplate.occurrences import HEAD, LINE, SENTENCE
from dedup.boilerplate.profile import ANY_SITE, Known, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.model import Document
    from dedup.settings import LearnSettings

_SAMPLE = 3  # documents named as evidence

# When two documents are one content: by the running text that they share.
_COPIED_MOST = 50  # documents: running text on more of them, or on half of the site's, is stock more often than a copy
_COPIED_LEAST = 3  # documents: on so few it is none, however small the site is
_SAME = 0.5  # of the smaller one's running text, stock left out
_SAME_WITH_STOCK = 0.9  # of the larger one's, stock counted: what they do not share is a headline's worth
_STOCK_PASSAGES = 3  # shared passages, for that: a page's legal notice is shorter
_STOCK_WORDS = 60  # shared words, for that
_HUBS = 8  # documents with which the others that hold a passage are compared, so that time does not grow with their square
_PORTION = 1 << 18  # shared passages of two documents that are counted at a time


@dataclass(slots=True)
class _Rows:
    """The occurrences on one site, in columns: 8 + 4 + 8 + 2 + 2 + 1 bytes each, an edge sentence 8 + 4 + 4.

    `above` is the key of the paragraph above.
    """

    documents: list[str] = field(default_factory=list)
    keys: array[int] = field(default_factory=lambda: array("Q"))
    owners: array[int] = field(default_factory=lambda: array("I"))
    above: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("H"))
    counts: array[int] = field(default_factory=lambda: array("H"))
    classes: array[int] = field(default_factory=lambda: array("B"))
    edge_keys: array[int] = field(default_factory=lambda: array("Q"))
    edge_counts: array[int] = field(default_factory=lambda: array("I"))
    edge_owners: array[int] = field(default_factory=lambda: array("I"))


class _Table(NamedTuple):
    """Occurrences in columns; classes without `HEAD`."""

    keys: NDArray[np.uint64]
    owners: NDArray[np.int64]
    sizes: NDArray[np.uint16]
    classes: NDArray[np.uint8]


class Learner:
    """Takes documents, then gives the profiles of their sites. Memory: 25 bytes a distinct paragraph of a document."""

    def __init__(self, settings: LearnSettings) -> None:
        self._settings = settings
        self._sites: dict[str | None, _Rows] = defaultdict(_Rows)

    def add(self, documents: Iterable[Document], found: Occurrences) -> None:
        """Count the paragraphs and the edge sentences of documents, each once a document."""
        ends = zip(documents, found.ends, found.edge_ends, strict=True)
        row = edge = 0
        for site, run in groupby(ends, lambda item: item[0].site or None):
            rows, first, first_edge = self._sites[site], row, edge
            for document, end, edge_end in run:
                owner = array("I", [len(rows.documents)])
                rows.documents.append(document.id)
                rows.owners.extend(owner * (end - row))
                rows.edge_owners.extend(owner * (edge_end - edge))
                row, edge = end, edge_end
            rows.keys.extend(found.keys[first:row])
            rows.above.extend(found.above[first:row])
            rows.sizes.extend(found.sizes[first:row])
            rows.counts.extend(found.counts[first:row])
            rows.classes.extend(found.classes[first:row])
            rows.edge_keys.extend(found.edges[first_edge:edge])
            rows.edge_counts.extend(found.edge_counts[first_edge:edge])

    def profiles(self) -> dict[str, Profile]:
        """What the sites' documents have in common, by site; `ANY_SITE` holds lines that stand on many documents of all.

        Sites with fewer documents than the floor have no profile; documents without a site count for `ANY_SITE` only.
        """
        found = {
            site: self._profile(site, rows)
            for site, rows in sorted((s, r) for s, r in self._sites.items() if s is not None)
            if len(rows.documents) >= self._settings.floor
        }
        anywhere = self._any_site()
        if anywhere.lines:
            found[ANY_SITE] = anywhere
        return found

    def _profile(self, site: str, rows: _Rows) -> Profile:
        import numpy as np  # noqa: PLC0415 (a tenth of a second that a single document never needs)

        s = self._settings
        owners = np.frombuffer(rows.owners, np.uint32)
        contents = _contents(_joined([rows]), rows.documents)
        total = int(contents.max()) + 1
        base = max(s.floor, math.ceil(s.growth * math.sqrt(total)))
        floors = np.array(
            [
                base,
                base,
                max(base, math.ceil(s.share_sentence * total)),
                max(base, math.ceil(s.share_long * total)),
            ]
        )
        profile = Profile(site, total)
        keys = np.frombuffer(rows.keys, np.uint64)
        classes = np.frombuffer(rows.classes, np.uint8)
        floor_of = floors[classes & ~np.uint8(HEAD)]
        above = np.frombuffer(rows.above, np.uint64)
        words = np.frombuffer(rows.counts, np.uint16)
        profile.lines = _count(keys, owners, contents, floor_of, rows.documents, total, words, (above, classes & HEAD > 0))
        edge_floor = np.array(max(base, math.ceil(s.share_edge * total)))
        edge_keys = np.frombuffer(rows.edge_keys, np.uint64)
        whole = np.isin(keys, edge_keys)  # what some documents have on a line of its own counts, too
        edge_owners = np.concatenate([np.frombuffer(rows.edge_owners, np.uint32), owners[whole]])
        edge_keys = np.concatenate([edge_keys, keys[whole]])
        edge_words = np.concatenate([np.frombuffer(rows.edge_counts, np.uint32), np.zeros(int(whole.sum()), np.uint32)])
        floor_of = np.broadcast_to(edge_floor, edge_keys.shape)
        profile.edges = _count(edge_keys, edge_owners, contents, floor_of, rows.documents, total, edge_words)
        return profile

    def _any_site(self) -> Profile:
        """Short lines that stand on many documents of two sites or more; a story that many sites print counts once."""
        import numpy as np  # noqa: PLC0415

        documents = [d for _, rows in self._in_order() for d in rows.documents]
        s = self._settings
        profile = Profile(ANY_SITE, len(documents))
        if len(documents) < s.any_floor or len(self._sites.keys() - {None}) < 2:
            return profile
        table = _joined(rows for _, rows in self._in_order())
        contents = _contents(table, documents)
        short = table.classes == LINE
        keys, owners = table.keys[short], table.owners[short]
        del table  # as large as all that was counted
        site_of = np.repeat(np.arange(len(self._sites), dtype=np.uint32), [len(rows.documents) for _, rows in self._in_order()])
        sites = site_of[owners]
        sited = sites >= int(None in self._sites)  # documents without a site come first, as number 0, and are no site
        wide = np.isin(keys, _on_several(keys[sited], sites[sited]))
        profile.documents = int(contents.max()) + 1
        floor = np.array(max(s.any_floor, math.ceil(s.any_share * profile.documents)))
        floor_of = np.broadcast_to(floor, (int(wide.sum()),))
        profile.lines = _count(keys[wide], owners[wide], contents, floor_of, documents, profile.documents)
        return profile

    def _in_order(self) -> list[tuple[str | None, _Rows]]:
        return sorted(self._sites.items(), key=lambda item: (item[0] is not None, item[0] or ""))


def _on_several(keys: NDArray[np.uint64], sites: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The keys that stand on two sites or more, ascending."""
    import numpy as np  # noqa: PLC0415

    if not len(keys):
        return keys
    order = np.argsort(keys, kind="stable")
    keys, sites = keys[order], sites[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    several = np.minimum.reduceat(sites, starts) != np.maximum.reduceat(sites, starts)
    found: NDArray[np.uint64] = keys[starts[several]]
    return found


def _count(  # noqa: PLR0913, PLR0917 (columns of one table)
    keys: NDArray[np.uint64],
    owners: NDArray[np.uint32],
    contents: NDArray[np.int64],
    floors: NDArray[np.int64],
    documents: Sequence[str],
    total: int,
    words: NDArray[np.unsignedinteger[Any]] | None = None,
    places: tuple[NDArray[np.uint64], NDArray[np.bool_]] | None = None,
) -> dict[int, Known]:
    """Per key the number of distinct contents that hold it, where that reaches the key's floor."""
    import numpy as np  # noqa: PLC0415

    if not len(keys):
        return {}
    order = np.lexsort((contents[owners], keys))
    keys, owners, floors = keys[order], owners[order], floors[order]
    first_of_key = np.concatenate([[True], keys[1:] != keys[:-1]])
    own = contents[owners]
    new = first_of_key | np.concatenate([[True], own[1:] != own[:-1]])
    starts = np.flatnonzero(first_of_key)
    counts = np.add.reduceat(new.astype(np.int64), starts)
    highest = np.maximum.reduceat(floors, starts)
    ends = np.concatenate([starts[1:], [len(keys)]])
    known = {}
    for at in np.flatnonzero(counts >= highest):
        rows = slice(starts[at], ends[at])
        sample = sorted(documents[i] for i in owners[rows])[:_SAMPLE]
        below, heads = frozenset[int](), 0
        if places is not None:
            own_rows = order[rows][new[rows]]
            names, times = np.unique(places[0][own_rows], return_counts=True)
            below, heads = frozenset(map(int, names[times > 1])), int(places[1][own_rows].sum())
        length = 0 if words is None else int(words[order[rows]].max())
        known[int(keys[starts[at]])] = Known(int(counts[at]), total, tuple(sample), below, heads, length)
    return known


def _joined(sites: Iterable[_Rows]) -> _Table:
    """The occurrences of some sites as one table, documents numbered through."""
    import numpy as np  # noqa: PLC0415

    columns: list[list[NDArray[Any]]] = [[], [], [], []]
    start = 0
    for rows in sites:
        columns[0].append(np.frombuffer(rows.keys, np.uint64))
        columns[1].append(np.frombuffer(rows.owners, np.uint32).astype(np.int64) + start)
        columns[2].append(np.frombuffer(rows.sizes, np.uint16))
        columns[3].append(np.frombuffer(rows.classes, np.uint8) & ~np.uint8(HEAD))
        start += len(rows.documents)
    return _Table(*map(np.concatenate, columns))


def _contents(table: _Table, documents: Sequence[str]) -> NDArray[np.int64]:
    """Number the contents of documents: those that share most of their running text are one.

    A site's own near-copies (versions, reprints) are not its furniture, and a story on many sites is not everyone's. Stock, the
    running text on more than 50 documents or on half of them, tells nothing of two documents unless they share hardly less than
    all. A passage on many documents compares all of them with the first eight by id only.

    Returns:
        Per document the number of its content, from 0, without gaps.
    """
    import numpy as np  # noqa: PLC0415

    count = len(documents)
    rank = np.empty(count, np.int64)
    rank[sorted(range(count), key=documents.__getitem__)] = np.arange(count)  # by id, so that the order of arrival is no matter
    return _components(count, _alike(_shared(table, rank), count))[rank]


class _Shared(NamedTuple):
    """The running text of documents, a row an occurrence, by key and document.

    Attributes:
        owners: `int64[rows]`, the document.
        sizes: `float64[rows]`, words.
        rare: `bool[rows]`: it is no stock.
        starts: `int64[passages]`, the first row of each distinct passage.
        holders: `int64[passages]`, its rows.
    """

    owners: NDArray[np.int64]
    sizes: NDArray[np.float64]
    rare: NDArray[np.bool_]
    starts: NDArray[np.int64]
    holders: NDArray[np.int64]


def _shared(table: _Table, rank: NDArray[np.int64]) -> _Shared:
    import numpy as np  # noqa: PLC0415

    running = table.classes >= SENTENCE
    keys, owners = table.keys[running], rank[table.owners[running]]
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    holders = np.diff(np.append(starts, len(keys)))
    rare = np.repeat(holders <= min(_COPIED_MOST, max(_COPIED_LEAST, len(rank) // 2)), holders)
    return _Shared(owners, table.sizes[running][order].astype(np.float64), rare, starts, holders)


def _alike(shared: _Shared, count: int) -> Iterator[tuple[int, int]]:
    """The documents, of so many, that share most of their running text, two and two."""
    import numpy as np  # noqa: PLC0415

    from dedup.spool import joined_ranges  # noqa: PLC0415 (numpy)

    owners, sizes, rare, *_ = shared
    own, whole = np.bincount(owners, sizes * rare, count), np.bincount(owners, sizes, count)
    for hubs, firsts, counts in _portions(_runs(shared)):
        rows = joined_ranges(firsts, counts)
        names, pair = np.unique(np.repeat(hubs, counts) * count + owners[rows], return_inverse=True)
        a, b = np.divmod(names, count)
        both_own = np.bincount(pair, sizes[rows] * rare[rows], len(names))
        both, passages = np.bincount(pair, sizes[rows], len(names)), np.bincount(pair, minlength=len(names))
        same = (both_own > 0) & (both_own >= _SAME * np.minimum(own[a], own[b]))
        with_stock = both >= _SAME_WITH_STOCK * np.maximum(whole[a], whole[b])
        same |= with_stock & (passages >= _STOCK_PASSAGES) & (both >= _STOCK_WORDS)
        yield from zip(a[same].tolist(), b[same].tolist(), strict=True)


def _runs(shared: _Shared) -> NDArray[np.int64]:
    """What a passage's first holders are compared with: `int64[n, 3]` of holder, first row and number of rows, by holder."""
    import numpy as np  # noqa: PLC0415

    runs = []
    for hub in range(_HUBS):
        some = shared.holders > hub + 1
        first = shared.starts[some] + hub
        runs.append(np.column_stack([shared.owners[first], first + 1, shared.holders[some] - hub - 1]))
    table = np.concatenate(runs)
    return table[np.argsort(table[:, 0], kind="stable")]


def _portions(runs: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """The columns of runs, some at a time, all those of a holder together: so that not all pairs are there at once."""
    import numpy as np  # noqa: PLC0415

    total, at = np.cumsum(runs[:, 2]), 0
    while at < len(runs):
        most = total[at] - runs[at, 2] + _PORTION
        last = runs[max(at, int(np.searchsorted(total, most, "right")) - 1), 0]
        end = int(np.searchsorted(runs[:, 0], last, "right"))
        yield runs[at:end, 0], runs[at:end, 1], runs[at:end, 2]
        at = end


def _components(count: int, pairs: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """Number the sets into which pairs join `count` things, from 0, without gaps."""
    import numpy as np  # noqa: PLC0415

    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    roots = np.array([root(node) for node in range(count)], np.int64)
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)
