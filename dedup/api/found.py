"""The Python API for many documents: `dedup.find` with the report it gives, and `dedup.learn`."""

from __future__ import annotations

import dataclasses
import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup import kernels
from dedup.api.given import Given
from dedup.boilerplate import profile as profiles_
from dedup.engines import counting, finding, found_report
from dedup.errors import UsageError
from dedup.matching import clusters, families
from dedup.matching.verify import Pairs, unpack
from dedup.settings import CleanSettings, FindSettings, check_count, check_flag, tuple_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from dedup.choices import KeepDoc, Mode
    from dedup.matching.clusters import Relation
    from dedup.model import Document


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents that are alike, exactly compared; of those with equal words the one of the smallest id stands for all.

    Only of a large cluster (more than 50 documents), such pairs are there too, as long as they are few.

    Attributes:
        a: id of the one, the smaller in byte order.
        b: id of the other.
        relation: "near_duplicate", "contained" or "partial".
        jaccard: shared shingles of all of both.
        containment_a: share of `a`'s shingles that `b` has.
        containment_b: share of `b`'s shingles that `a` has.
        running: of the smaller one's running text, the share that the other has, where that made the pair partial; else None.
    """

    a: str
    b: str
    relation: Relation
    jaccard: float
    containment_a: float
    containment_b: float
    running: float | None = None

    @property
    def similarity(self) -> float:
        """What joins the two: the Jaccard of near-duplicates, else the larger containment."""
        return self.jaccard if self.relation == "near_duplicate" else max(self.containment_a, self.containment_b)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents joined by near-duplicate or contained pairs.

    Attributes:
        documents: ids in byte order.
        keep: id of the one that `filter` keeps.
        weakest: the lowest similarity of the pairs that join it.
    """

    documents: tuple[str, ...]
    keep: str
    weakest: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A document that `filter` drops, and the pair by which it goes.

    Attributes:
        keep: id of the document that is kept for it.
        relation: what it is of that one: "equal", "near_duplicate" or "contained".
        jaccard: of the two; 1 of equal ones.
        containment: share of the dropped one's shingles that the kept one has.
    """

    keep: str
    relation: clusters.Dropped
    jaccard: float
    containment: float


class _Numbered(NamedTuple):
    """The documents by number, in byte order of their ids.

    Attributes:
        ids: theirs.
        rank: `int64[documents]`; of a cluster the smallest is kept.
        content: `int64[documents]`, the smallest document with equal words.
        order: `int64[documents]`, the numbers in the order in which the documents were given.
    """

    ids: tuple[str, ...]
    rank: NDArray[np.int64]
    content: NDArray[np.int64]
    order: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Report:
    """What `find` found.

    An id is the record's own as a string (`7` is "7"), "a~2" where another has been "a", and its place in the list without one.

    Attributes:
        pairs: of contents, ordered by ids; of a large cluster those of all its documents while they are few, else only those
            with the content that is kept.
        clusters: ordered by their smallest id.
        dropped: by id, what `dedup filter` drops, and for which document; ordered by ids.
        leads: entries as in the report's objects of kind `lead`.
        counts: the funnel, and what was capped.
        settings: what was asked.
    """

    pairs: tuple[Pair, ...]
    clusters: tuple[Cluster, ...]
    dropped: Mapping[str, Dropped]
    leads: tuple[Mapping[str, object], ...]
    counts: Mapping[str, int]
    settings: FindSettings
    _verified: tuple[Pair, ...] = field(repr=False)
    _numbered: _Numbered = field(repr=False, compare=False)

    @property
    def kept(self) -> list[int]:
        """What `dedup filter` passes on: the places of these documents among those that were given, from 0, in their order."""
        ids = self._numbered.ids
        return [place for place, number in enumerate(self._numbered.order.tolist()) if ids[number] not in self.dropped]

    def weakest(self, n: int = 10) -> list[Pair]:
        """The `n` least alike of the pairs of contents that join clusters: where to look for errors.

        Raises:
            UsageError: a number that cannot be.
        """
        check_count("weakest: n", n)
        return sorted(filter(_joins, self._verified), key=lambda pair: (pair.similarity, pair.a, pair.b))[:n]

    def rethreshold(self, threshold: float) -> Report:
        """The report for a higher threshold, from the pairs verified already.

        Pairs below it are no near-duplicates any more; those contained by as much stay contained; no pair is added. What
        is dropped is so by these pairs. Leads and counts stay those of the search.

        Raises:
            UsageError: a threshold below the one that was asked for: such pairs were not looked for.
        """
        settings = dataclasses.replace(self.settings, threshold=threshold)
        asked = self.settings.threshold
        if threshold < asked:
            raise UsageError(
                f"rethreshold({threshold}): pairs below {asked} were not looked for; run find(threshold={threshold})"
            )
        pairs, verified = (
            tuple(dataclasses.replace(pair, relation=_relation(pair, settings)) for pair in listed)
            for listed in (self.pairs, self._verified)
        )
        made, dropped = _clusters(self._numbered, verified, settings)
        return dataclasses.replace(self, pairs=pairs, clusters=made, dropped=dropped, settings=settings, _verified=verified)


def _clusters(
    numbered: _Numbered, verified: Sequence[Pair], settings: FindSettings
) -> tuple[tuple[Cluster, ...], dict[str, Dropped]]:
    """The clusters that pairs of contents join, and what `filter` drops by these pairs."""
    ids, rank, content, _ = numbered
    number = {document: place for place, document in enumerate(ids)}
    members = np.array([(number[pair.a], number[pair.b]) for pair in verified], np.int64).reshape(-1, 2)
    joins = np.array([*map(_joins, verified)], np.bool_)
    same = np.flatnonzero(content != np.arange(len(content)))
    edges = np.concatenate([members[joins], np.stack([content[same], same], axis=1)])
    groups = families.clusters(kernels.load("reference"), len(ids), edges)  # nobody waits for a compiler
    compare = _Known(members, verified).compare
    dropped = clusters.dropped(groups, content, rank, compare, settings)
    return _listed(numbered, groups, verified), _named(ids, dropped)


def _listed(numbered: _Numbered, groups: families.Clusters, verified: Sequence[Pair]) -> tuple[Cluster, ...]:
    """The clusters under their documents' ids, each with the weakest of the pairs that join it."""
    ids, rank, *_ = numbered
    listed = [groups.members[start:end] for start, end in pairwise(groups.offsets)]
    home = {ids[document]: place for place, members in enumerate(listed) for document in members.tolist()}
    weakest = [1.0] * len(listed)
    for pair in filter(_joins, verified):
        weakest[home[pair.a]] = min(weakest[home[pair.a]], pair.similarity)
    return tuple(
        Cluster(tuple(ids[member] for member in members.tolist()), ids[int(members[np.argmin(rank[members])])], least)
        for members, least in zip(listed, weakest, strict=True)
    )


def _named(ids: Sequence[str], dropped: Mapping[int, clusters.Dropping]) -> dict[str, Dropped]:
    """What is dropped, under ids."""
    return {
        ids[number]: Dropped(ids[gone.kept], gone.relation, gone.jaccard, gone.containment)
        for number, gone in sorted(dropped.items())
    }


class _Known:
    """Compares contents by the pairs of them that were verified and join; by others nothing is dropped."""

    def __init__(self, members: NDArray[np.int64], verified: Sequence[Pair]) -> None:
        self._shares = {
            (a << 32) | b: (pair.jaccard, pair.containment_a, pair.containment_b)
            for (a, b), pair in zip(members.tolist(), verified, strict=True)
            if _joins(pair)
        }

    def compare(self, packed: NDArray[np.uint64]) -> Pairs:
        """Similarities of pairs (`a << 32 | b`, `a < b`); all are returned."""
        members = np.stack(unpack(packed), axis=1)
        shares = np.array([self._shares.get(pair, (0.0, 0.0, 0.0)) for pair in packed.tolist()], np.float64).reshape(-1, 3)
        return Pairs(members, *shares.T)


def _joins(pair: Pair) -> bool:
    """Whether a pair joins its documents to a cluster."""
    return pair.relation != "partial"


def _relation(pair: Pair, settings: FindSettings) -> Relation:
    if not _joins(pair):
        return "partial"  # at a lower threshold already, if only because the pages tell different things
    if pair.jaccard >= settings.threshold:
        return "near_duplicate"
    return "contained" if max(pair.containment_a, pair.containment_b) >= settings.contained else "partial"


def find(  # noqa: PLR0913 (options by name)
    documents: Iterable[str | Mapping[str, Any] | Document],
    *,
    threshold: float = 0.5,
    recall: float = 0.99,
    raw: bool = False,
    keep_doc: KeepDoc = "first",
    prefer_sites: Sequence[str] = (),
    profile: str | Path | Mapping[str, profiles_.Profile] | None = None,
    kernel: str = "auto",
) -> Report:
    """Find copies among documents: the site's boilerplate and repeats are stripped first, then texts are matched.

    Args:
        documents: a list of texts (called "0", "1", …), of records, or of `Document`s. A record is a mapping with a `text` and,
            if it has them, `id`, `site` or `url`, `date` and `title`, found under the same names as in JSON Lines. They are gone
            through once. None at all gives an empty report.
        threshold: Jaccard of shingles from which two paragraphs or documents are alike.
        recall: of pairs at the threshold that are to be found.
        raw: match texts as they are.
        keep_doc: which document of a cluster is kept: the "first" of the list, "longest", "earliest" or "latest".
        prefer_sites: sites whose documents are kept before others.
        profile: profiles to strip by, or the folder of their files; None: learned from the documents.
        kernel: "auto", "fast" or "reference"; the result is the same.

    Raises:
        UsageError: a setting that cannot be, or what is no document.
        ReportError: a profile that cannot be read.
    """
    check_flag("raw", raw)
    settings = FindSettings(threshold=threshold, recall=recall, strip=not raw)
    cleaning = CleanSettings(learn=not raw and profile is None)
    preference = clusters.Preference(keep_doc, tuple_of_texts("prefer_sites", prefer_sites))
    if raw and profile is not None:
        raise UsageError("raw and profile exclude each other: with raw nothing is stripped, whatever it is")
    given = Given(documents)
    if profile is None:
        profile = counting.learn(given, cleaning)[0] if cleaning.learn else {}
    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        found = finding.find(
            given,
            cleaning=cleaning,
            settings=settings,
            profiles=profiles_.given(profile),
            kernel=kernel,
            preference=preference,
            folder=Path(folder),
        )
        return _report(found)


def learn(documents: Iterable[str | Mapping[str, Any] | Document], *, paragraphs: Mode = "auto") -> dict[str, profiles_.Profile]:
    """Learn what the documents of each site share, for `clean(…, site=…, profile=…)`, as `dedup learn` does.

    Args:
        documents: as of `find`; those without a site only count for what many sites share.
        paragraphs: how the texts are split: "auto", "line" or "blank".

    Returns:
        The profiles by site; none for a site of fewer than three documents, nor for no documents at all.

    Raises:
        UsageError: a setting that does not exist, or what is no document.
    """
    return counting.learn(Given(documents), CleanSettings(paragraphs=paragraphs))[0]


def _report(found: finding.FindResult) -> Report:
    matches = found.matches
    ids = tuple(row.id for row in matches.columns.rows)
    listing = finding.pairs_told(found)
    told, verified = (
        tuple(
            Pair(ids[a], ids[b], clusters.RELATIONS[relation], jaccard, of_a, of_b, running)
            for relation, (a, b, jaccard, of_a, of_b), running in zip(
                relations.tolist(), pairs.rows(), pairs.running_shares(), strict=True
            )
        )
        for relations, pairs in ((listing.relation, listing.pairs), (matches.relation, matches.pairs))
    )
    numbered = _Numbered(ids, found.rank, np.array(matches.columns.content), np.array(matches.columns.read_order))
    return Report(
        told,
        _listed(numbered, matches.groups, verified),
        _named(ids, finding.droppings(found)),
        tuple(found_report.leads(found)),
        dict.fromkeys(("documents", "words", "words_compared", "repeats"), 0) | dict(matches.counts) | found.counts,
        matches.settings,
        verified,
        numbered,
    )
