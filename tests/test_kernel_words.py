from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import words

SLOTS = 8
hashes = st.integers(0, 2**64 - 1)
lines = st.lists(st.tuples(st.lists(hashes, min_size=1, max_size=6), *[st.booleans()] * 4), max_size=8)
tables = st.lists(st.lists(st.integers(0, 4), min_size=SLOTS, max_size=SLOTS), min_size=6, max_size=6)


def by_the_book(line: list[int], labelled: bool, marked: bool, table: list[list[int]]) -> bool:
    means = [[len(line) <= table[kind][word % SLOTS] for word in line] for kind in range(6)]
    first, beside, last, within, labels, credited = means
    return last[-1] or any(within) or (first[0] and any(beside)) or (labelled and any(labels)) or (marked and any(credited))


@given(lines, tables)
def test_lines_with_telling_words(listed: list[tuple[list[int], bool, bool, bool, bool]], table: list[list[int]]) -> None:
    flat = np.array([word for line, *_ in listed for word in line], np.uint64)
    offsets = np.cumsum([0, *(len(line) for line, *_ in listed)], dtype=np.int64)
    looked, labelled, marked, found = (np.array([line[place] for line in listed], np.bool_) for place in range(1, 5))
    expected = [
        known or (is_looked and by_the_book(line, is_labelled, is_marked, table))
        for line, is_looked, is_labelled, is_marked, known in listed
    ]
    words.find_telling(flat, offsets, looked, labelled, marked, np.array(table, np.int16), found)
    assert found.tolist() == expected
