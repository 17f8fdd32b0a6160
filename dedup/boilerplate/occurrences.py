"""What is counted of documents when the furniture of sites is learned: paragraphs and edge sentences, once for each document."""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dedup.model import Paragraph

_SHORT = 8  # words: menu entries, buttons, captions of boxes
_LONG = 40  # words: legal notices, or an article's background
_MOST = 65535  # words: more are not counted

LINE, MEDIUM, SENTENCE, PASSAGE = range(4)
"""Classes of paragraphs: short lines, other lines, running text, long running text."""
HEAD = 4
"""A bit beside the class: no running text above; where a document has none, no sentence."""


class Occurrences(NamedTuple):
    """What is counted of documents: a row a paragraph, in order, and the edge sentences; a document behind the other.

    Attributes:
        keys: `array("Q")` of the paragraphs, none of them 0, each once a document.
        above: `array("Q")`, the key of the paragraph above each; 0: there is none.
        sizes: `array("H")`, words as they weigh, rounded up, at most 65,535.
        counts: `array("H")`, words, at most 65,535.
        classes: `array("B")`, the class of each, with `HEAD`.
        edges: `array("Q")`, keys of the edge sentences, each once a document.
        edge_counts: `array("I")`, their words.
        ends: `array("Q")`, of each document one past its last row,
        edge_ends: `array("Q")`, and one past its last edge sentence.
    """

    keys: array[int]
    above: array[int]
    sizes: array[int]
    counts: array[int]
    classes: array[int]
    edges: array[int]
    edge_counts: array[int]
    ends: array[int]
    edge_ends: array[int]

    def of(self, document: int) -> Occurrences:
        """One of the documents."""
        a, edge_a = (self.ends[document - 1], self.edge_ends[document - 1]) if document else (0, 0)
        b, edge_b = self.ends[document], self.edge_ends[document]
        rows, ends = [column[a:b] for column in self[:5]], [array("Q", [b - a]), array("Q", [edge_b - edge_a])]
        edges = [column[edge_a:edge_b] for column in self[5:7]]
        return Occurrences(*[*rows, *edges, *ends])


_CODES = "QQHHBQIQQ"


def occurrences(paragraphs: Sequence[Paragraph], edges: Iterable[tuple[int, int]]) -> Occurrences:
    """Lay out what is counted of one document; `edges` are its edge sentences (see `sentences`), each by key and words."""
    rows: list[tuple[int, int, int, int, int]] = []
    seen = {0}
    above, head, text = 0, HEAD, begins(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        name = paragraph.key
        if name not in seen:
            seen.add(name)
            size, count = min(_MOST, math.ceil(paragraph.size)), min(_MOST, paragraph.count)
            rows.append((name, above, size, count, _class_of(paragraph) | head))
        above = name
        if index == text:
            head = 0
    columns = [*zip(*rows, strict=True)] or [()] * 5
    own = dict(sorted(edge for edge in {*edges} if edge[0]))
    return Occurrences(*map(array, _CODES, [*columns, own.keys(), own.values(), [len(rows)], [len(own)]]))


def begins(paragraphs: Sequence[Paragraph]) -> int | None:
    """The first running text of a document, or where there is none the first sentence (a recipe's step, an answer), or None."""
    found = next((i for i, p in enumerate(paragraphs) if p.good), None)
    return found if found is not None else next((i for i, p in enumerate(paragraphs) if p.says), None)


def joined(listed: Iterable[Occurrences]) -> Occurrences:
    """Those of several documents as one."""
    whole = Occurrences(*(array(code, b"") for code in _CODES))
    for found in listed:
        firsts = len(whole.keys), len(whole.edges)
        for column, own in zip(whole[:7], found, strict=False):
            column.extend(own)
        for ends, own, first in zip(whole[7:], found[7:], firsts, strict=True):
            ends.extend(end + first for end in own)
    return whole


def _class_of(paragraph: Paragraph) -> int:
    if paragraph.size > _LONG:
        return PASSAGE
    if paragraph.good:
        return SENTENCE
    return LINE if paragraph.size <= _SHORT else MEDIUM


class Counted(NamedTuple):
    """The paragraphs and the edge sentences of many documents.

    Attributes:
        keys: `uint64[paragraphs]`.
        sizes: `float64[paragraphs]`, words as they weigh.
        counts: `int64[paragraphs]`, words.
        good: `bool[paragraphs]`, running text,
        says: `bool[paragraphs]`, sentences of some words.
        offsets: `int64[documents + 1]`.
        edge_keys: `uint64[edges]`, in any order.
        edge_counts: `int64[edges]`, words.
        edge_owners: `int64[edges]`, the document of each.
    """

    keys: NDArray[np.uint64]
    sizes: NDArray[np.float64]
    counts: NDArray[np.int64]
    good: NDArray[np.bool_]
    says: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    edge_keys: NDArray[np.uint64]
    edge_counts: NDArray[np.int64]
    edge_owners: NDArray[np.int64]


def occurrences_of_all(counted: Counted) -> Occurrences:
    """The `occurrences` of many documents at once."""
    import numpy as np  # noqa: PLC0415 (not for a single document)

    keys, good, offsets = counted.keys, counted.good, counted.offsets
    documents = np.arange(len(offsets))
    owners = np.repeat(documents[:-1], np.diff(offsets))
    above = np.zeros_like(keys)
    above[1:] = keys[:-1] * (owners[1:] == owners[:-1])
    running = np.concatenate([[0], np.cumsum(good)])
    without = running[offsets[1:]] == running[offsets[:-1]]
    running = np.concatenate([[0], np.cumsum(good | (counted.says & without[owners]))])
    head = running[:-1] == running[offsets[owners]]
    kinds = np.where(good, SENTENCE, np.where(counted.sizes <= _SHORT, LINE, MEDIUM))
    classes = np.where(counted.sizes > _LONG, PASSAGE, kinds) | np.where(head, HEAD, 0)
    rows, edges = np.sort(_firsts(owners, keys)), _firsts(counted.edge_owners, counted.edge_keys)
    whole = [keys, above, np.minimum(_MOST, np.ceil(counted.sizes)), np.minimum(_MOST, counted.counts), classes]
    ends = [np.searchsorted(found, documents[1:]) for found in (owners[rows], counted.edge_owners[edges])]
    laid = [*(column[rows] for column in whole), counted.edge_keys[edges], counted.edge_counts[edges], *ends]
    return Occurrences(*(array(code, column.astype(code).tobytes()) for code, column in zip(_CODES, laid, strict=True)))


def _firsts(owners: NDArray[np.int64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where each key but 0 stands first with each owner, in order of owner and key."""
    import numpy as np  # noqa: PLC0415

    order = np.lexsort((keys, owners))
    owners, keys = owners[order], keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (owners[1:] != owners[:-1]) | (keys[1:] != keys[:-1])
    return np.asarray(order[new & (keys != 0)], np.int64)
