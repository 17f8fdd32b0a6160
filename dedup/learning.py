"""Learns each site's furniture: counts on how many documents of a site a paragraph stands, and judges by the counts."""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedup.profile import ANY_SITE, Known, Profile, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dedup.model import Paragraph
    from dedup.settings import LearnSettings

_SHORT = 8  # words: menu entries, buttons, captions of boxes
_LONG = 40  # words: legal notices, or an article's background
_SAMPLE = 3  # documents named as evidence
_COPIED_MOST = 50  # documents: running text on more of them is stock or furniture, no sign of a near-copy
_SAME_CONTENT = 0.5  # of the smaller document's running text: then both are one content
_EDGE_SENTENCES = 3  # sentences at a paragraph's end or beginning that are counted together


@dataclass(slots=True)
class _Rows:
    """The occurrences on one site, in columns: 8 + 4 + 8 + 2 + 1 bytes each; `above` is the key of the paragraph above."""

    documents: list[str] = field(default_factory=list)
    keys: array[int] = field(default_factory=lambda: array("Q"))
    owners: array[int] = field(default_factory=lambda: array("I"))
    above: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("H"))
    classes: array[int] = field(default_factory=lambda: array("B"))
    edge_keys: array[int] = field(default_factory=lambda: array("Q"))
    edge_owners: array[int] = field(default_factory=lambda: array("I"))
    edge_sizes: array[int] = field(default_factory=lambda: array("H"))


_LINE, _MEDIUM, _SENTENCE, _PASSAGE = range(4)
_HEAD = 4  # a bit beside the class: no running text above


def _class_of(paragraph: Paragraph) -> int:
    if paragraph.size > _LONG:
        return _PASSAGE
    if paragraph.good:
        return _SENTENCE
    return _LINE if paragraph.size <= _SHORT else _MEDIUM


class Learner:
    """Takes documents, then gives the profiles of their sites. Memory: 23 bytes a distinct paragraph of a document."""

    def __init__(self, settings: LearnSettings) -> None:
        self._settings = settings
        self._sites: dict[str | None, _Rows] = defaultdict(_Rows)

    def add(
        self, document: str, site: str | None, paragraphs: Sequence[Paragraph], edges: Sequence[Sequence[str]]
    ) -> None:
        """Count a document's paragraphs, each once, and its edge sentences (their words, see `edge_sentences`)."""
        rows = self._sites[site]
        owner = len(rows.documents)
        rows.documents.append(document)
        seen: set[int] = set()
        above, head = 0, _HEAD
        for paragraph in paragraphs:
            name = key(paragraph.words)
            if name and name not in seen:
                seen.add(name)
                rows.keys.append(name)
                rows.owners.append(owner)
                rows.above.append(above)
                rows.sizes.append(min(65535, math.ceil(paragraph.size)))
                rows.classes.append(_class_of(paragraph) | head)
            above = name
            if paragraph.good:
                head = 0
        for name, words in {key(words): words for words in edges if words}.items():
            rows.edge_keys.append(name)
            rows.edge_owners.append(owner)
            rows.edge_sizes.append(min(65535, len(words)))

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
        contents = _contents(rows)
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
        floor_of = floors[classes & ~np.uint8(_HEAD)]
        above = np.frombuffer(rows.above, np.uint64)
        profile.lines = _count(keys, owners, contents, floor_of, rows.documents, total, (above, classes & _HEAD > 0))
        edge_floor = np.array(max(base, math.ceil(s.share_edge * total)))
        edge_owners = np.frombuffer(rows.edge_owners, np.uint32)
        edge_keys = np.frombuffer(rows.edge_keys, np.uint64)
        floor_of = np.broadcast_to(edge_floor, edge_keys.shape)
        profile.edges = _count(edge_keys, edge_owners, contents, floor_of, rows.documents, total)
        profile.edge_lengths = {
            size for name, size in zip(rows.edge_keys, rows.edge_sizes, strict=True) if name in profile.edges
        }
        return profile

    def _any_site(self) -> Profile:
        """Short lines that stand on many documents of two sites or more."""
        import numpy as np  # noqa: PLC0415

        documents = [d for _, rows in self._in_order() for d in rows.documents]
        s = self._settings
        floor = max(s.any_floor, math.ceil(s.any_share * len(documents)))
        profile = Profile(ANY_SITE, len(documents))
        if len(documents) < floor:
            return profile
        keys, owners, sites, start = [], [], [], 0
        for number, (_, rows) in enumerate(self._in_order()):
            short = np.frombuffer(rows.classes, np.uint8) & ~np.uint8(_HEAD) == _LINE
            keys.append(np.frombuffer(rows.keys, np.uint64)[short])
            owners.append(np.frombuffer(rows.owners, np.uint32)[short] + np.uint32(start))
            sites.append(np.full(len(keys[-1]), number, np.uint32))
            start += len(rows.documents)
        all_keys, all_owners, all_sites = map(np.concatenate, (keys, owners, sites))
        pairs = np.unique(np.stack([all_keys, all_sites.astype(np.uint64)]), axis=1)
        several, spread = np.unique(pairs[0], return_counts=True)
        wide = np.isin(all_keys, several[spread > 1])
        contents = np.arange(len(documents), dtype=np.int64)
        floor_of = np.broadcast_to(np.array(floor), (int(wide.sum()),))
        profile.lines = _count(all_keys[wide], all_owners[wide], contents, floor_of, documents, len(documents))
        return profile

    def _in_order(self) -> list[tuple[str | None, _Rows]]:
        return sorted(self._sites.items(), key=lambda item: (item[0] is not None, item[0] or ""))


def _count(  # noqa: PLR0913 (columns of one table)
    keys: NDArray[np.uint64],
    owners: NDArray[np.uint32],
    contents: NDArray[np.int64],
    floors: NDArray[np.int64],
    documents: Sequence[str],
    total: int,
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
        known[int(keys[starts[at]])] = Known(int(counts[at]), total, tuple(sample), below, heads)
    return known


def _contents(rows: _Rows) -> NDArray[np.int64]:
    """Number the contents of a site: documents that share most of their running text are one.

    A site's own near-copies (versions, reprints) are not its furniture. Running text on more than 50 documents, or on half of
    a site's, is no sign of that.
    """
    import numpy as np  # noqa: PLC0415

    classes = np.frombuffer(rows.classes, np.uint8)
    running = np.flatnonzero(classes & ~np.uint8(_HEAD) >= _SENTENCE)
    count = len(rows.documents)
    holders: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in running:
        holders[rows.keys[row]].append((rows.owners[row], rows.sizes[row]))
    most = min(_COPIED_MOST, max(_SAMPLE, count // 2))
    totals = [0] * count
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for owners in holders.values():
        if len(owners) > most:
            continue
        for i, (a, size) in enumerate(owners):
            totals[a] += size
            for b, _ in owners[i + 1 :]:
                shared[min(a, b), max(a, b)] += size
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for (a, b), size in shared.items():
        if size >= _SAME_CONTENT * min(totals[a], totals[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    roots = np.array([root(node) for node in range(count)], np.int64)
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)
