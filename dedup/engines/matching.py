"""Finds copies: carries the columns of all documents through signing, banding, verification, families and clusters."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from dedup import spool
from dedup.matching import banding, candidates, clusters, copies, families, pairing, running, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from dedup.kernels import Kernel
    from dedup.matching.columns import Columns
    from dedup.matching.verify import Pairs
    from dedup.settings import FindSettings

    Sets: TypeAlias = tuple[NDArray[np.uint64], NDArray[np.int64]]
    """Sorted distinct shingle hashes of stretches of text, one behind the other, and their offsets."""
    Chunk: TypeAlias = tuple[NDArray[Any], NDArray[np.int64]]

T = TypeVar("T")

_PARAGRAPHS = 0.8
"""Of the threshold, from which two paragraphs are one family: a lead of 35 words with four changed may keep less than half of
its shingles, and what it shows is a paragraph taken over. Banding finds a little less of these (`--verbose` tells)."""
_SIGNED = 1 << 18  # shingles handed to the kernel at a time


@dataclass(slots=True)
class Matches:
    """All that was found.

    Attributes:
        columns: what it was found in.
        settings: how.
        banding: bands and rows of the signatures.
        form_pairs: verified pairs of forms.
        family: `int64[forms]`.
        spread: the families that stand in several contents.
        pairs: verified pairs of contents (numbers of their smallest documents) that have a relation.
        relation: `int8[pairs]`, index into `clusters.RELATIONS`.
        groups: clusters of documents.
        counts: the funnel, and what was capped.
    """

    columns: Columns
    settings: FindSettings
    banding: banding.Banding
    form_pairs: Pairs
    family: NDArray[np.int64]
    spread: copies.Spread
    pairs: Pairs
    relation: NDArray[np.int8]
    groups: families.Clusters
    counts: Counter[str] = field(default_factory=Counter)


class Matcher:
    """Runs the stages; signatures and shingle sets lie in files of `folder`.

    Args:
        kernel: makes them.
        columns: of what is matched.
        settings: how alike copies are.
        folder: an existing one.
        threads: for the kernel; the result is the same.
    """

    def __init__(self, kernel: Kernel, columns: Columns, settings: FindSettings, folder: Path, threads: int = 1) -> None:
        self._kernel = kernel
        self._threads = threads
        self._columns = columns
        self._settings = settings
        self._folder = folder
        self._banding = banding.choose(settings.threshold, settings.recall)
        self._counts: Counter[str] = Counter()
        contents = np.flatnonzero((columns.content == np.arange(len(columns.content))) & (columns.words >= settings.least))
        self._contents: NDArray[np.int64] = contents
        self._place = np.full(len(columns.rows), -1, np.int64)
        self._place[contents] = np.arange(len(contents))
        self._sets = self._shingle_sets("documents", columns.chunks(columns.documents.take(contents)), settings.document_shingle)
        shingled = functools.partial(self._shingle_sets, "running", k=settings.shingle)
        self._running = running.Running(kernel, columns, shingled, threads)

    def run(self) -> Matches:
        """Find everything."""
        columns, settings = self._columns, self._settings
        form_pairs = self._form_pairs()
        found = families.families(self._kernel, len(columns.first), form_pairs.members)
        pairs = self._document_pairs(found.number)
        relation = clusters.relations(pairs, settings)
        self._counts["pairs_apart"] = int(clusters.is_apart(pairs).sum())
        pairs, relation = pairs.some(relation >= 0), relation[relation >= 0]
        joined = pairs.members[clusters.joining(relation)]
        same = np.flatnonzero(columns.content != np.arange(len(columns.content)))
        same_pairs = np.stack([columns.content[same], same], axis=1)
        groups = families.clusters(self._kernel, len(columns.rows), np.concatenate([joined, same_pairs]).astype(np.int64))
        spread, capped = copies.spread(columns, found.number, settings.family_cap)
        self._counts["capped_families"] = capped
        self._count_results(relation, groups, spread)
        return Matches(columns, settings, self._banding, form_pairs, found.number, spread, pairs, relation, groups, self._counts)

    def compare(self, packed: NDArray[np.uint64]) -> Pairs:
        """Exact similarities of pairs of contents; all are returned but those of pages that tell different things."""
        a, b = (self._place[numbers] for numbers in verify.unpack(packed))
        pairs = self._named(verify.verify(self._kernel, self._sets, verify.pack(a, b), -1.0, threads=self._threads))
        pairs = self._with_running(pairs)
        return pairs.some(~clusters.is_apart(pairs))

    def _with_running(self, pairs: Pairs) -> Pairs:
        """Pairs of contents with what is shared of running text, where that tells furniture from copies; not with `--raw`."""
        if not self._settings.strip:
            return pairs
        return dataclasses.replace(pairs, running=self._running.of_one_template(pairs.members))

    def _taken(self, proposed: NDArray[np.uint64]) -> Pairs:
        """Of candidate pairs those of two sites' pages that share their running text."""
        members = self._contents[np.stack(verify.unpack(proposed), axis=1)]
        shares = self._running.of_two_sites(members) if self._settings.strip else np.full(len(members), np.nan)
        some = ~np.isnan(shares)
        pairs = verify.verify(self._kernel, self._sets, proposed[some], -1.0, threads=self._threads)
        return dataclasses.replace(self._named(pairs), running=shares[some])

    def _count_results(self, relation: NDArray[np.int8], groups: families.Clusters, spread: copies.Spread) -> None:
        columns, counts = self._columns, self._counts
        counts["contents"] = len(self._contents)
        counts["too_short"] = int((columns.words < self._settings.least).sum())
        counts["paragraphs"] = len(columns.owner)
        counts["distinct_paragraphs"] = len(columns.first)
        for index, name in enumerate(clusters.RELATIONS):
            counts[f"pairs_{name}"] = int((relation == index).sum())
        counts["clusters"] = len(groups)
        counts["clustered_documents"] = len(groups.members)
        counts["copied_families"] = len(spread)

    def _form_pairs(self) -> Pairs:
        """Verified pairs of distinct paragraphs."""
        columns, settings = self._columns, self._settings
        forms = columns.paragraphs.take(columns.first)
        sets = self._shingle_sets("paragraphs", columns.chunks(forms), settings.shingle)
        found = self._banded("forms", sets)
        self._counts["candidate_paragraph_pairs"] = len(found.pairs)
        least = _PARAGRAPHS * settings.threshold
        pairs = verify.verify(self._kernel, sets, found.pairs, least, containment=settings.contained, threads=self._threads)
        self._counts["verified_paragraph_pairs"] = len(pairs)
        return pairs

    def _document_pairs(self, family: NDArray[np.int64]) -> Pairs:
        """Verified pairs of contents: candidates by whole signature, by shared families and by sampled shingles."""
        columns, settings, contents = self._columns, self._settings, self._contents
        whole = self._banded("contents", self._sets).pairs
        original = np.flatnonzero(self._place[columns.owner] >= 0)
        own = family[columns.form[original]]
        several = np.bincount(own, minlength=1)[own] > 1  # most stand in one place only, and propose nothing
        original, own = original[several], own[several]
        words = self._running.weights(contents, pairing.SHARED) if settings.strip else columns.words[contents]
        owners = self._place[columns.owner[original]]
        shared = pairing.by_families(own, owners, columns.size[original], words, settings.family_cap)
        sampled = pairing.by_samples(*self._sets, settings.sample, settings.sample_cap)
        proposed = verify.distinct(whole, shared.pairs, sampled.pairs)
        del whole, shared
        self._counts["candidate_document_pairs"] = len(proposed)
        self._counts["capped_samples"] = sampled.capped
        least = min(settings.threshold, settings.partial)  # a threshold below what is worth telling still means what it says
        pairs = verify.verify(
            self._kernel, self._sets, proposed, least, containment=settings.partial_contained, threads=self._threads
        )
        told = verify.pack(*pairs.members.T)
        others = proposed[~spool.among(proposed, told)]
        return verify.merged(self._with_running(self._named(pairs)), self._taken(others))

    def _named(self, pairs: Pairs) -> Pairs:
        """Pairs of contents under their documents' numbers."""
        return verify.Pairs(self._contents[pairs.members], pairs.jaccard, pairs.containment_a, pairs.containment_b)

    def _banded(self, name: str, sets: Sets) -> candidates.Candidates:
        """Candidate pairs of stretches of text, by banding their signatures, which lie in a file."""
        chosen, sign = self._banding, self._kernel.signatures
        if len(sets[1]) == 1:
            return candidates.Candidates(np.empty(0, np.uint64), 0, 0)
        signatures = spool.writable(self._folder / f"{name}.signatures", np.uint32, len(sets[1]) - 1, chosen.permutations)
        at = 0
        for signed in self._by_chunks(_chunks(sets), lambda shingles, ends: sign(shingles, ends, chosen.permutations)):
            signatures[at : at + len(signed)] = signed
            at += len(signed)
        found = candidates.find(self._kernel, signatures, chosen.bands, chosen.rows)
        self._counts["capped_buckets"] += found.capped_buckets
        self._counts["capped_members"] += found.capped_members
        return found

    def _by_chunks(self, chunks: Iterable[Chunk], work: Callable[[NDArray[Any], NDArray[np.int64]], T]) -> Iterator[T]:
        """What is made of each chunk, in order; a chunk a thread is worked on at a time."""
        waiting: deque[Future[T]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            for chunk in chunks:
                waiting.append(pool.submit(work, *chunk))
                if len(waiting) > self._threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _shingle_sets(self, name: str, chunks: Iterable[Chunk], k: int) -> Sets:
        """The sorted distinct shingle hashes of stretches of text, in a file."""
        path, kernel = self._folder / f"{name}.shingles", self._kernel
        lengths = [np.zeros(1, np.int64)]
        with path.open("wb") as file:
            for shingles, ends in self._by_chunks(chunks, lambda data, at: kernel.shingle_sets(*kernel.word_hashes(data, at), k)):
                file.write(shingles.data)
                lengths.append(np.diff(ends))
        offsets = np.cumsum(np.concatenate(lengths)).astype(np.int64)
        return spool.of_file(path, np.uint64), offsets


def _chunks(sets: Sets) -> Iterator[Sets]:
    """Some sets of shingles at a time."""
    shingles, offsets = sets
    for at, end in spool.parts(np.diff(offsets), _SIGNED):
        yield shingles[offsets[at] : offsets[end]], offsets[at : end + 1] - offsets[at]
