from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.matching.clusters import NEAR_DUPLICATE, PARTIAL
from dedup.matching.families import Clusters
from dedup.matching.listing import listing
from dedup.matching.verify import Pairs


@st.composite
def found(draw: st.DrawFn) -> tuple[Pairs, np.ndarray[Any, Any], Clusters, np.ndarray[Any, Any], np.ndarray[Any, Any], int]:
    """Pairs of contents with their relations, the clusters they make, contents, ranks, and a cap."""
    size = draw(st.integers(1, 14))
    content = np.arange(size)
    for number in range(1, size):
        if draw(st.booleans()):
            content[number] = content[draw(st.integers(0, number - 1))]
    own = sorted(set(content.tolist()))
    chosen = [pair for pair in combinations(own, 2) if draw(st.integers(0, 2)) == 0]
    rows = [(a, b, draw(st.sampled_from((0.1, 0.6))), draw(st.floats(0, 1)), draw(st.floats(0, 1))) for a, b in chosen]
    relation = np.array([NEAR_DUPLICATE if row[2] > 0.5 else PARTIAL for row in rows], np.int8)
    parent = content.copy()
    for (a, b, *_), kind in zip(rows, relation, strict=True):
        if kind == NEAR_DUPLICATE:
            parent[parent == parent[b]] = parent[a]
    groups = [np.flatnonzero(parent == name) for name in dict.fromkeys(parent.tolist())]
    groups = [group for group in groups if len(group) > 1]
    members = np.concatenate([np.empty(0, np.int64), *groups])
    offsets = np.cumsum([0, *map(len, groups)])
    rank = np.array(draw(st.permutations(range(size))))
    columns = np.array(rows, np.float64).reshape(-1, 5).T
    return (
        Pairs(columns[:2].T.astype(np.int64), *columns[2:]),
        relation,
        Clusters(members, offsets),
        content,
        rank,
        draw(st.integers(1, 6)),
    )


@given(found())
def test_pairs_are_listed_as_said(given_: tuple[Any, ...]) -> None:
    pairs, relation, groups, content, rank, cap = given_
    table = {(a, b): (j, x, y, kind) for (a, b, j, x, y), kind in zip(pairs.rows(), relation.tolist(), strict=True)}
    equal = (1.0, 1.0, 1.0, NEAR_DUPLICATE)
    table |= {(b, a): (j, y, x, kind) for (a, b), (j, x, y, kind) in table.items()} | {(c, c): equal for c in content.tolist()}
    wanted, extras = {pair for pair in table if pair[0] < pair[1]}, []
    for start, end in zip(groups.offsets[:-1], groups.offsets[1:], strict=True):
        documents = groups.members[start:end].tolist()
        if len(documents) <= cap:
            continue
        held = {(a, b) for a, b in combinations(documents, 2) if (content[a], content[b]) in table}
        whole = {(a, b) for a, b in held if table[int(content[a]), int(content[b])][3] != PARTIAL}
        contents = set(content[documents].tolist())
        kept = content[min(documents, key=rank.__getitem__)]
        told = {(a, b) for a, b in held & wanted if len(contents) <= cap or kept in {a, b}}
        wanted -= {(a, b) for a, b in wanted if {a, b} <= contents} - told
        extras.append((len(whole - told), documents, whole))
    added = 0
    for more, _, whole in sorted(extras):
        added += more
        if added >= len(content):
            break
        wanted |= whole
    listed = listing(pairs, relation, groups, content, rank, cap)
    rows = [(a, b, (*shares, kind)) for (a, b, *shares), kind in zip(listed.pairs.rows(), listed.relation.tolist(), strict=True)]
    assert rows == [(a, b, table[int(content[a]), int(content[b])]) for a, b in sorted(wanted)]
    assert listed.left_out == sum((a, b) not in wanted for a, b, *_ in pairs.rows())
    assert len(rows) < len(pairs) + len(content)


def test_equal_documents_make_no_cluster_so_large_that_pairs_of_its_contents_go() -> None:
    content, documents = np.arange(12) % 3, np.arange(12)
    pairs = Pairs(np.array([[0, 1], [0, 2], [1, 2]]), *[np.full(3, 0.6)] * 3)
    relation, groups = np.full(3, NEAR_DUPLICATE, np.int8), Clusters(documents, np.array([0, 12]))
    assert [len(listing(pairs, relation, groups, content, documents, cap).pairs) for cap in (2, 3)] == [2, 3]


def test_nothing_is_listed_of_nothing() -> None:
    none = Pairs(np.empty((0, 2), np.int64), *[np.empty(0)] * 3)
    documents, groups = np.arange(3), Clusters(np.empty(0, np.int64), np.zeros(1, np.int64))
    listed = listing(none, np.empty(0, np.int8), groups, documents, documents, 2)
    assert (len(listed.pairs), len(listed.relation), listed.left_out) == (0, 0, 0)
