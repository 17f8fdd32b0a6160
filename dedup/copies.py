"""Paragraphs that stand in several documents: each with its partner, and leads that were taken up elsewhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.columns import Columns
    from dedup.verify import Pairs

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


def spread(columns: Columns, family: NDArray[np.int64], cap: int) -> tuple[list[Family], int]:
    """The families that stand in two contents or more, and how many stand in more than `cap`, which are left out.

    Args:
        columns: the paragraphs.
        family: `int64[forms]`, the family's number of each form.
        cap: contents.
    """
    long = np.flatnonzero(columns.size >= _MIN_WORDS)
    original = long[columns.content[columns.owner[long]] == columns.owner[long]]
    own = family[columns.form[original]]
    if not len(own):
        return [], 0
    several = np.bincount(own)[own] > 1  # most stand in one place only
    own, original = own[several], original[several]
    order = np.lexsort((original, own))
    own, original = own[order], original[order]
    if not len(own):
        return [], 0
    starts = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1]]))
    found, capped = [], 0
    for start, end in zip(starts, [*starts[1:], len(own)], strict=True):
        if end - start < 2:
            continue  # most of them
        members = original[start:end]
        documents = len(np.unique(columns.owner[members]))
        if documents > cap:
            capped += 1
        elif documents > 1:
            found.append(Family(int(members.min()), np.sort(members)))
    return sorted(found, key=lambda item: item.first), capped


def copies(columns: Columns, found: Sequence[Family], pairs: Pairs, rank: NDArray[np.int64] | None = None) -> Iterator[Copy]:
    """Each paragraph of the families with its partner, in order of family and paragraph.

    The partner is a paragraph of equal form or a verified one, in the document of the smallest id, or of the smallest
    `rank` where that is given (`int64[documents]`); the first document's own paragraphs have the next one's as partner. A
    paragraph that only a chain of others joins to the rest has none.
    """
    alike = _alike(columns, found, pairs)
    for family in found:
        by_form: dict[int, list[_Choice]] = defaultdict(list)
        owners = columns.owner[family.paragraphs]
        orders = owners if rank is None else rank[owners]
        forms = columns.form[family.paragraphs].tolist()
        for paragraph, form, order in zip(family.paragraphs.tolist(), forms, orders.tolist(), strict=True):
            by_form[form].append(_Choice(order, -1.0, paragraph))
        best = {form: _best_two(choices) for form, choices in by_form.items()}
        partners = {
            form: _best_two(
                [*best[form], *(c._replace(loss=-s) for other, s in alike[form].items() for c in best.get(other, ()))]
            )
            for form in by_form
        }
        for paragraph, form, order in zip(family.paragraphs.tolist(), forms, orders.tolist(), strict=True):
            partner = next((choice for choice in partners[form] if choice.order != order), None)
            if partner is not None:
                yield Copy(paragraph, partner.paragraph, -partner.loss, family.first)


def _alike(columns: Columns, found: Sequence[Family], pairs: Pairs) -> dict[int, dict[int, float]]:
    """Of the forms of some families, those that are alike, with their score; large families, left out, have many pairs."""
    wanted = np.zeros(max(columns.form.max(initial=-1), pairs.members.max(initial=-1)) + 1, np.bool_)
    for family in found:
        wanted[columns.form[family.paragraphs]] = True
    own = wanted[pairs.members[:, 0]]
    alike: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), score in zip(pairs.members[own].tolist(), pairs.jaccard[own].tolist(), strict=True):
        alike[a][b] = alike[b][a] = score
    return alike


class _Choice(NamedTuple):
    """A paragraph as partner: the smaller, the better.

    Attributes:
        order: of its document, the smaller the better; no other document has it.
        loss: the score, negative.
        paragraph: its number.
    """

    order: int
    loss: float
    paragraph: int


def _best_two(choices: Sequence[_Choice]) -> tuple[_Choice, ...]:
    """The best choice and the best in another document: of those, any paragraph has one that is not in its own."""
    first = min(choices)
    second = min((choice for choice in choices if choice.order != first.order), default=None)
    return (first,) if second is None else (first, second)


def leads(columns: Columns, found: Sequence[Family]) -> Iterator[Lead]:
    """Families that hold some document's lead, its first running text."""
    good = np.flatnonzero(columns.good)
    _, first = np.unique(columns.owner[good], return_index=True)
    is_lead = set(good[first].tolist())
    for family in found:
        seen: dict[int, int] = {}
        for paragraph in family.paragraphs.tolist():
            owner = int(columns.owner[paragraph])
            if owner not in seen or paragraph in is_lead:
                seen[owner] = paragraph
        own = tuple(p for p in seen.values() if p in is_lead)
        if own:
            yield Lead(family.first, own, tuple(p for p in seen.values() if p not in is_lead))
