"""Paragraphs that stand in several documents: each with its partner, and leads that were taken up elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.spool import joined_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.matching.columns import Columns
    from dedup.matching.verify import Pairs

_TOGETHER = 1 << 17  # paragraphs of families that are looked at together
_MIN_WORDS = 8  # words: shorter paragraphs are in other documents by chance


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph that stands in another document too.

    Attributes:
        paragraph: its number.
        partner: number of the paragraph it is a copy of: the one in the document of the smallest id.
        score: Jaccard of the two.
        family: number of the paragraph that names the family, its first.
    """

    paragraph: int
    partner: int
    score: float
    family: int


@dataclass(frozen=True, slots=True)
class Lead:
    """A document's first running text that other documents hold.

    Attributes:
        family: as in `Copy`.
        leads: paragraphs that are the lead of their document, in order of document.
        others: paragraphs of the family elsewhere, one a document.
    """

    family: int
    leads: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Paragraphs of one family in two contents or more, in order."""

    first: int
    paragraphs: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Families in two contents or more, one behind the other, in order of their first paragraphs.

    Attributes:
        paragraphs: `int64`, ascending within each family.
        offsets: `int64[families + 1]`, offsets into them.
    """

    paragraphs: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[Family]:
        return self.some(range(len(self)))

    def some(self, numbers: Iterable[int]) -> Iterator[Family]:
        """Some of them."""
        for number in numbers:
            paragraphs = self.paragraphs[self.offsets[number] : self.offsets[number + 1]]
            yield Family(int(paragraphs[0]), paragraphs)

    def parts(self, most: int) -> Iterator[Spread]:
        """The families some at a time, of about so many paragraphs; one part where there are none."""
        at = 0
        while True:
            end = max(at + 1, int(np.searchsorted(self.offsets, self.offsets[at] + most, "right")) - 1)
            bounds = self.offsets[at : end + 1]
            yield Spread(self.paragraphs[bounds[0] : bounds[-1]], bounds - bounds[0])
            at = end
            if at >= len(self):
                return


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies as columns of one length, in order of family and paragraph; what they are called: see `Copy`.

    Attributes:
        paragraph: `int64`.
        partner: `int64`.
        score: `float64`.
        family: `int64`.
    """

    paragraph: NDArray[np.int64]
    partner: NDArray[np.int64]
    score: NDArray[np.float64]
    family: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.paragraph)

    def __iter__(self) -> Iterator[Copy]:
        columns = self.paragraph, self.partner, self.score, self.family
        return map(Copy, *(column.tolist() for column in columns))

    def take(self, numbers: NDArray[np.int64] | slice) -> Copies:
        """Some of them."""
        return Copies(self.paragraph[numbers], self.partner[numbers], self.score[numbers], self.family[numbers])

    def by_place(self) -> Copies:
        """The same in order of paragraph, and so of document."""
        return self.take(np.argsort(self.paragraph))


def spread(columns: Columns, family: NDArray[np.int64], cap: int, *, equal: bool = False) -> tuple[Spread, int]:
    """The families that stand in two contents or more, and how many stand in more than `cap`, which are left out.

    Args:
        columns: the paragraphs.
        family: `int64[forms]`, the family's number of each form.
        cap: contents.
        equal: whether each document counts, not only the first of those with equal words.
    """
    long = np.flatnonzero(columns.size >= _MIN_WORDS)
    original = long if equal else long[columns.content[columns.owner[long]] == columns.owner[long]]
    own = family[columns.form[original]]
    several = np.bincount(own, minlength=1)[own] > 1  # most stand in one place only
    own, original = own[several], original[several]
    order = np.argsort(own, kind="stable")
    own, original = own[order], original[order]
    owner = columns.owner[original]  # ascending in a family, as paragraphs are numbered by document
    new = np.ones(len(own), np.bool_)
    new[1:] = own[1:] != own[:-1]
    starts = np.flatnonzero(new)
    new[1:] |= owner[1:] != owner[:-1]
    documents = np.diff(np.append(np.cumsum(new)[starts] - 1, np.count_nonzero(new)))
    sizes = np.diff(np.append(starts, len(own)))
    listed = np.flatnonzero((documents > 1) & (documents <= cap))
    listed = listed[np.argsort(original[starts[listed]])]
    rows = joined_ranges(starts[listed], sizes[listed])
    return Spread(original[rows], np.append(0, np.cumsum(sizes[listed]))), int((documents > cap).sum())


def copies(columns: Columns, found: Spread, pairs: Pairs) -> Copies:
    """Each paragraph of the families with its partner.

    The partner is a paragraph of equal form or a verified one, in the document of the smallest id; the first document's own
    paragraphs have the next one's as partner. A paragraph that only a chain of others joins to the rest has none.
    """
    return _joined([_copies(columns, part, pairs) for part in found.parts(_TOGETHER)])


def going(columns: Columns, found: Spread, pairs: Pairs, rank: NDArray[np.int64]) -> Copies:
    """The paragraphs of the families that go when one of each is to stay, each with the partner for which it goes.

    The partner is a paragraph of equal form or a verified one, in a document of smaller `rank` (`int64[documents]`; of those the
    smallest), and stays itself: what is alike only to something that goes stays, too.
    """
    return _joined([_going(columns, part, pairs, rank) for part in found.parts(_TOGETHER)])


def _joined(parts: Sequence[Copies]) -> Copies:
    return Copies(
        np.concatenate([part.paragraph for part in parts]),
        np.concatenate([part.partner for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.family for part in parts]),
    )


def _copies(columns: Columns, found: Spread, pairs: Pairs) -> Copies:
    """The copies of some families; a form is in one of them only."""
    orders = columns.owner[found.paragraphs]
    forms = columns.form[found.paragraphs]
    best = _best_two(_Choices(forms, orders, np.full(len(forms), -1.0), found.paragraphs))
    partners = _best_two(best.joined(_alike(best, pairs)))
    first = np.searchsorted(partners.form, forms)
    second = np.minimum(first + 1, max(0, len(partners.form) - 1))  # in another document, if it is of the same form
    other = partners.order[first] == orders
    chosen = np.where(other, second, first)
    there = ~other | ((second > first) & (partners.form[second] == forms))
    chosen = chosen[there]
    return Copies(found.paragraphs[there], partners.paragraph[chosen], -partners.loss[chosen], _families(found)[there])


def _going(columns: Columns, found: Spread, pairs: Pairs, rank: NDArray[np.int64]) -> Copies:
    """What goes of some families. Of a form all paragraphs go for one of another form, or all but those of its best document."""
    orders = rank[columns.owner[found.paragraphs]]
    forms = columns.form[found.paragraphs]
    best = _best_two(_Choices(forms, orders, np.full(len(forms), -1.0), found.paragraphs))
    best = best.take(np.unique(best.form, return_index=True)[1])
    alike = _alike(best, pairs)
    own = best.order[np.searchsorted(best.form, alike.form)]
    alike, own = alike.take(np.flatnonzero(alike.order < own)), own[alike.order < own]
    alike = alike.take(np.lexsort((alike.paragraph, alike.loss, alike.order, own)))  # forms from the best document on
    partner, score = best.paragraph.copy(), -best.loss
    gone: set[int] = set()
    places = np.searchsorted(best.form, alike.form).tolist()
    for form, place, other, loss in zip(alike.form.tolist(), places, alike.paragraph.tolist(), alike.loss.tolist(), strict=True):
        if form not in gone and int(columns.form[other]) not in gone:
            gone.add(form)
            partner[place], score[place] = other, -loss
    place = np.searchsorted(best.form, forms)
    goes = rank[columns.owner[partner[place]]] < orders
    place = place[goes]
    return Copies(found.paragraphs[goes], partner[place], score[place], _families(found)[goes])


def _families(found: Spread) -> NDArray[np.int64]:
    """Of each paragraph of some families the number of its family."""
    return np.repeat(found.paragraphs[found.offsets[:-1]], np.diff(found.offsets))


class _Choices(NamedTuple):
    """Paragraphs as partners of forms, as columns: the smaller by order, loss and paragraph, the better.

    Attributes:
        form: `int64`.
        order: `int64`, of the paragraph's document; no other document has it.
        loss: `float64`, the score, negative.
        paragraph: `int64`.
    """

    form: NDArray[np.int64]
    order: NDArray[np.int64]
    loss: NDArray[np.float64]
    paragraph: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> _Choices:
        """Some of them."""
        return _Choices(self.form[rows], self.order[rows], self.loss[rows], self.paragraph[rows])

    def joined(self, other: _Choices) -> _Choices:
        """These and others."""
        form, order, loss, paragraph = (np.concatenate(both) for both in zip(self, other, strict=True))
        return _Choices(form, order, loss, paragraph)


def _alike(best: _Choices, pairs: Pairs) -> _Choices:
    """Of each form its choices among the best ones of the forms that are alike; large families, left out, have many pairs."""
    wanted = np.zeros(max(best.form.max(initial=-1), pairs.members.max(initial=-1)) + 1, np.bool_)
    wanted[best.form] = True
    own = np.flatnonzero(wanted[pairs.members[:, 0]] & wanted[pairs.members[:, 1]])
    a, b = pairs.members[own].T
    form, other = np.concatenate([a, b]), np.concatenate([b, a])
    first, end = np.searchsorted(best.form, other), np.searchsorted(best.form, other, "right")
    counts = end - first
    rows = joined_ranges(first, counts)
    loss = np.repeat(-np.tile(pairs.jaccard[own], 2), counts)
    return best.take(rows)._replace(form=np.repeat(form, counts), loss=loss)


def _best_two(choices: _Choices) -> _Choices:
    """Of each form the best choice and the best in another document, in order of form: any paragraph has one not in its own."""
    order = np.lexsort((choices.paragraph, choices.loss, choices.order, choices.form))
    ordered = choices.take(order)
    new = np.ones(len(order), np.bool_)
    new[1:] = ordered.form[1:] != ordered.form[:-1]
    another = new.copy()
    another[1:] |= ordered.order[1:] != ordered.order[:-1]
    heads = np.flatnonzero(another)
    place = np.arange(len(heads))
    kept = heads[place - np.maximum.accumulate(np.where(new[heads], place, 0)) < 2]
    return ordered.take(kept)


def leads(columns: Columns, found: Spread) -> Iterator[Lead]:
    """Families that hold some document's lead, its first running text."""
    good = np.flatnonzero(columns.good)
    _, first = np.unique(columns.owner[good], return_index=True)
    is_lead = np.zeros(len(columns.owner), np.bool_)
    is_lead[good[first]] = True
    lead = is_lead[found.paragraphs]
    led = np.append(0, np.cumsum(lead))[found.offsets]
    for number, family in zip(numbers := np.flatnonzero(np.diff(led)).tolist(), found.some(numbers), strict=True):
        rows = slice(found.offsets[number], found.offsets[number + 1])
        owners, leading = columns.owner[family.paragraphs].tolist(), lead[rows].tolist()
        seen: dict[int, tuple[int, bool]] = {}
        for paragraph, owner, leads_it in zip(family.paragraphs.tolist(), owners, leading, strict=True):
            if leads_it or owner not in seen:
                seen[owner] = paragraph, leads_it
        own, others = (tuple(p for p, leads_it in seen.values() if leads_it is wanted) for wanted in (True, False))
        yield Lead(family.first, own, others)
