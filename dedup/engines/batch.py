"""Many texts at once, in columns made by the compiled kernel; Python objects are made of what is asked for."""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dedup import repeats
from dedup.boilerplate import arrows, captions, menus, phrases
from dedup.boilerplate.occurrences import Counted, occurrences_of_all
from dedup.engines.describing import MayFind
from dedup.engines.ends import EdgeSentences, KnownEnds
from dedup.engines.rows import FIRST_AND_LAST, rows_of
from dedup.engines.sieve import Lines
from dedup.kernels import fast, repeating
from dedup.kernels import texts as kernel
from dedup.matching.columns import AllKept
from dedup.model import GOOD_SIZE, SAYS_SIZE, Paragraph, Span
from dedup.repeats import Alike
from dedup.text import links, normal, paragraphs, sentences, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.boilerplate.occurrences import Occurrences
    from dedup.choices import Mode
    from dedup.engines.sieve import Sieve
    from dedup.matching.columns import Kept
    from dedup.settings import CleanSettings, RepeatSettings
    from dedup.text.sentences import Edges

_CHARACTER = 4  # bytes of one, at most


def _last_bytes(marks: str) -> NDArray[np.bool_]:
    """`bool[256]`: which bytes are the last one of a mark; whatever has one of them is looked at."""
    telling = np.zeros(256, np.bool_)
    telling[[mark.encode()[-1] for mark in marks]] = True
    return telling


_SHARP = _last_bytes("#")
_TELLING = _last_bytes(captions.MARKS + menus.MARKS)
_COLON = _last_bytes(phrases.COLONS)
_BACK, _ON = _last_bytes(arrows.BACK), _last_bytes(f"{arrows.ON};")  # an entity may be the arrow
_LINKED = _last_bytes(links.CLOSES + tags.CLOSES)


class Batch:
    """Texts with their paragraphs.

    Args:
        texts: in order.
        mode: how they are split.

    Attributes:
        known_ends: which paragraphs may begin or end as known ones do; None where `may_find` was not asked.
    """

    def __init__(self, texts: Sequence[str], mode: Mode) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        self._data = np.frombuffer(b"".join(encoded), np.uint8)
        del encoded  # a large text stands in memory often enough
        self._rows, self._joined = rows_of(self._data, offsets, texts, mode)
        self._folded = kernel.fold(self._data, self._rows.byte_start, self._rows.byte_end)
        self._sizes = paragraphs.size_of(self._folded.words, self._folded.dense)
        self._good = self._folded.sentence & (self._sizes >= GOOD_SIZE)
        self._bounds = self._rows.offsets.tolist()
        self._keys = _keys(self._folded)
        self._alike: list[list[Alike]] | None = None
        self._may_find: list[MayFind] | None = None
        self.known_ends: KnownEnds | None = None

    @functools.cached_property
    def counts(self) -> list[int]:
        """By text, its words."""
        total = np.concatenate([[0], np.cumsum(self._folded.words)])
        return np.diff(total[self._rows.offsets]).tolist()  # type: ignore[no-any-return]  # numpy's lists are untyped

    @functools.cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int], list[int], list[float], list[bool]]:
        folded, rows = self._folded, self._rows
        columns = folded.words.tolist(), self._sizes.tolist(), folded.sentence.tolist()
        return rows.start.tolist(), rows.end.tolist(), self._keys, *columns

    @functools.cached_property
    def _forms(self) -> tuple[bytes, list[int]]:
        return self._folded.forms.tobytes(), self._folded.form_offsets.tolist()

    @functools.cached_property
    def _numbered(self) -> tuple[bytes, list[int]]:
        return self._folded.phrases.tobytes(), self._folded.phrase_offsets.tolist()

    @functools.cached_property
    def _kept(self) -> AllKept:
        folded, rows = self._folded, self._rows
        spans = np.stack([rows.start, rows.end], axis=1)
        return AllKept(self._forms[0], folded.form_offsets, spans, folded.words, self._good, rows.offsets)

    def lined(self, text: int) -> bool:
        """Whether the paragraphs of one text are its lines."""
        return text not in self._joined

    def spans(self, text: int) -> list[Span]:
        """Where the paragraphs of one text stand."""
        (starts, ends, *_), rows = self._lists, slice(self._bounds[text], self._bounds[text + 1])
        return list(map(Span, starts[rows], ends[rows]))

    def paragraph(self, text: int, index: int) -> Paragraph:
        """One paragraph of one text."""
        return self._paragraph(self._bounds[text] + index)

    def paragraphs(self, text: int) -> list[Paragraph]:
        """The paragraphs of one text."""
        return [self._paragraph(row) for row in range(self._bounds[text], self._bounds[text + 1])]

    def _paragraph(self, row: int) -> Paragraph:
        (forms, at), (numbered, numbered_at) = self._forms, self._numbered
        form, other = forms[at[row] : at[row + 1]], numbered[numbered_at[row] : numbered_at[row + 1]]
        own = form.decode("utf-8", "surrogatepass")
        same = own if form == other else other.decode("utf-8", "surrogatepass")  # most have no number
        starts, ends, keys, counts, sizes, sentences = self._lists
        return Paragraph(starts[row], ends[row], own, same, keys[row], counts[row], sizes[row], sentences[row])

    def kept(self, text: int) -> Kept:
        """The paragraphs of one text as `columns.kept` gives them."""
        return self._kept.of(text)

    @functools.cached_property
    def _outer(self) -> EdgeSentences:
        return EdgeSentences(self._data, self._rows, self._rows.placed(self._good, FIRST_AND_LAST))

    def edges(self, text: int, start: int) -> Edges | None:
        """The edges of the paragraph that starts there; None if it is neither first nor last, of all or of running text."""
        return self._outer.of(text, start)

    @functools.cached_property
    def occurrences(self) -> Occurrences:
        """What is counted of all texts when the furniture of sites is learned."""
        found = self._outer
        enough = found.words >= np.where(found.begins, *sentences.LEAST_WORDS)
        edges = np.array(found.keys, np.uint64)[enough], found.words[enough], found.owner[enough]
        offsets, words = self._rows.offsets, self._folded.words
        says = self._folded.sentence & (self._sizes >= SAYS_SIZE)
        return occurrences_of_all(Counted(self._key_column, self._sizes, words, self._good, says, offsets, *edges))

    def alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        """By text, the pairs of its sentences that may be one; the settings are the same at each call."""
        if self._alike is None:
            self._alike = self._find_alike(settings)
        return self._alike

    def _find_alike(self, settings: RepeatSettings) -> list[list[Alike]]:
        rows, folded = self._rows, self._folded
        compared = repeating.in_company(folded.sentence & (self._sizes >= repeats.LEAST_SIZE), rows.offsets)
        found = repeating.alike(
            *fast.some_word_hashes(folded.forms, folded.form_offsets, compared),
            rows.offsets,
            compared,
            k=repeats.SHINGLE,
            holders=repeats.HOLDERS,
            near=settings.near,
            contained=settings.contained,
        )
        owners = np.searchsorted(rows.offsets, found.b, "right") - 1
        columns = (owners, rows.start[found.a], rows.start[found.b], found.shared, found.size_a, found.size_b)
        alike: list[list[Alike]] = [[] for _ in rows.offsets[1:]]
        for owner, *pair in zip(*(column.tolist() for column in columns), strict=True):
            alike[owner].append(Alike(*pair))
        return alike

    def may_find(self, sieve: Sieve, settings: CleanSettings) -> list[MayFind]:
        """By text, which stages may find anything in it; the arguments are the same at each call."""
        if self._may_find is None:
            lines = sieve.lines(self._sieved())
            some, suspected = self._of_texts(self._rows.owner[lines]).tolist(), lines.tolist()
            by_text = (suspected[a:b] if any_line else () for any_line, (a, b) in zip(some, pairwise(self._bounds), strict=True))
            self.known_ends = KnownEnds(self._data, self._rows, self._good, self._folded, sieve)
            others = self._may_repeat(settings.repeats), self._of_texts(self.known_ends.owners)
            self._may_find = list(map(MayFind, by_text, *(column.tolist() for column in others)))
        return self._may_find

    @functools.cached_property
    def _key_column(self) -> NDArray[np.uint64]:
        return np.array(self._keys, np.uint64)

    def _of_texts(self, owners: NDArray[np.int64]) -> NDArray[np.bool_]:
        """`bool[texts]`: which texts are among those."""
        found = np.zeros(len(self._rows.offsets) - 1, np.bool_)
        found[owners] = True
        return found

    def _may_repeat(self, settings: RepeatSettings) -> NDArray[np.bool_]:
        some = self._sizes >= repeats.LEAST_EQUAL
        owners, keys = self._rows.owner[some], self._key_column[some]
        order = np.lexsort((keys, owners))  # equal paragraphs of a text stand side by side
        again = (np.diff(owners[order]) == 0) & (keys[order[1:]] == keys[order[:-1]])
        return self._of_texts(owners[order[1:][again]]) | np.array([bool(pairs) for pairs in self.alike(settings)], np.bool_)

    def _sieved(self) -> Lines:
        folded, rows = self._folded, self._rows
        lines = np.flatnonzero((self._sizes <= phrases.LONGEST) & (rows.end - rows.start <= phrases.MOST_CHARACTERS))
        start, end = rows.byte_start[lines], rows.byte_end[lines]
        linked = kernel.have_any(self._data, start, end, _LINKED)
        near = np.where(linked, end, np.minimum(end, start + _CHARACTER * phrases.LABEL_REACH))  # an address may stand before it
        formed = folded.phrases, folded.phrase_offsets[lines], folded.phrase_offsets[lines + 1]
        stretches = ((*formed, _SHARP), (self._data, start, near, _COLON), (self._data, start, end, _TELLING))
        back = kernel.have_any(self._data, start, np.minimum(end, start + _CHARACTER), _BACK)
        arrowed = back | kernel.have_any(self._data, np.maximum(start, end - 1), end, _ON)
        flags = [np.zeros(len(self._sizes), np.bool_) for _ in range(6)]
        having = (True, *(kernel.have_any(*stretch) for stretch in stretches), linked, arrowed)
        for flag, has in zip(flags, having, strict=True):
            flag[lines] = has
        short, numbers, labelled, marked, with_links, with_arrows = flags
        forms = folded.phrases, folded.phrase_offsets
        words = fast.some_word_hashes(*forms, short)
        flags = [numbers, folded.signs, labelled, marked, with_links, with_arrows]
        return Lines(self._key_column, folded.words, short, *forms, *words, *flags)


def _keys(folded: kernel.Folded) -> list[int]:
    return normal.keys_of_bytes(folded.phrases.tobytes(), folded.phrase_offsets.tolist())
