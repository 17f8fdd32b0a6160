from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import words

SLOTS = 8
HASHES = st.integers(0, 5).map(lambda n: n * 0x0123456789ABCDEF)  # few, of which some share a slot
lines = st.lists(st.tuples(st.lists(HASHES, min_size=1, max_size=6), *[st.booleans()] * 4), max_size=8)
triggers = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.lists(HASHES, min_size=1, max_size=3)), max_size=6)
written = st.lists(st.lists(st.sampled_from(["#", "#th", "may", "monday", "word", "other"]), max_size=30), max_size=8)


def stands(place: int, word: int, line: list[int], labelled: bool, marked: bool) -> bool:
    if place == words.FIRST:
        return line[0] == word
    if place == words.LAST:
        return line[-1] == word
    return word in line and (place == words.ANYWHERE or (labelled if place == words.LABELLED else marked))


@given(lines, triggers)
def test_lines_with_all_words_of_a_trigger(
    listed: list[tuple[list[int], bool, bool, bool, bool]], wanted: list[tuple[int, int, list[int]]]
) -> None:
    wanted = sorted(wanted, key=lambda trigger: trigger[2][0] % SLOTS)
    firsts = np.array([first for _, _, (first, *_) in wanted], np.uint64)
    slots = np.searchsorted(firsts % np.uint64(SLOTS), np.arange(SLOTS + 1, dtype=np.uint64)).astype(np.int32)
    others = [others for _, _, (_, *others) in wanted]
    laid = (
        np.array([place for place, *_ in wanted], np.uint8),
        np.array([most for _, most, _ in wanted], np.int16),
        np.cumsum([0, *map(len, others)], dtype=np.int32),
        np.array([word for some in others for word in some], np.uint64),
    )
    flat = np.array([word for line, *_ in listed for word in line], np.uint64)
    offsets = np.cumsum([0, *(len(line) for line, *_ in listed)], dtype=np.int64)
    looked, labelled, marked, found = (np.array([line[place] for line in listed], np.bool_) for place in range(1, 5))
    expected = [
        known
        or (
            is_looked
            and any(
                len(line) <= most and stands(place, named[0], line, is_labelled, is_marked) and {*named} <= {*line}
                for place, most, named in wanted
            )
        )
        for line, is_looked, is_labelled, is_marked, known in listed
    ]
    words.find_telling(flat, offsets, looked, labelled, marked, slots, firsts, *laid, found)
    assert found.tolist() == expected


def may_be_dated(line: list[str]) -> bool:
    """A date of up to 20 words, or one of two words or more, in a line of up to 9, with up to 3 others."""
    tells = ["#" in word or word in {"may", "monday"} for word in line]
    runs = [(a, b) for a in range(len(line)) for b in range(a + 1, len(line) + 1) if all(tells[a:b])]
    return len(line) <= 20 and any(
        "#" in "".join(line[a:b]) and (b - a == len(line) or (b - a > 1 and len(line) <= 9 and len(line) - (b - a) <= 3))
        for a, b in runs
    )


@given(written, st.data())
def test_lines_with_a_date(listed: list[list[str]], data: st.DataObject) -> None:
    numbers = {word: number for number, word in enumerate(["#", "#th", "may", "monday", "word", "other"])}
    dates = np.zeros(SLOTS, np.bool_)
    dates[[numbers["may"], numbers["monday"]]] = True
    forms = [" ".join(line).encode() for line in listed]
    looked = data.draw(st.lists(st.booleans(), min_size=len(listed), max_size=len(listed)))
    found = np.zeros(len(listed), np.bool_)
    words.find_dated(
        np.frombuffer(b"".join(forms), np.uint8),
        np.cumsum([0, *map(len, forms)], dtype=np.int64),
        np.array([numbers[word] for line in listed for word in line], np.uint64),
        np.cumsum([0, *map(len, listed)], dtype=np.int64),
        np.array(looked, np.bool_),
        dates,
        20,
        9,
        3,
        found,
    )
    assert found.tolist() == [is_looked and may_be_dated(line) for line, is_looked in zip(listed, looked, strict=True)]


@given(written, st.lists(st.integers(0, 6), max_size=4, unique=True).map(sorted))
def test_first_and_last_words(listed: list[list[str]], lengths: list[int]) -> None:
    forms = [" ".join(line).encode() for line in listed]
    ends = np.cumsum([0, *map(len, forms)], dtype=np.int64)
    data, wanted = np.frombuffer(b"".join(forms), np.uint8), np.array(lengths, np.int64)
    for find, of in ((words.first_words, lambda line, n: line[:n]), (words.last_words, lambda line, n: line[len(line) - n :])):
        spans = np.empty((2, len(forms), len(lengths)), np.int64)
        find(data, ends[:-1], ends[1:], wanted, spans)
        found = [[data[a:b].tobytes().decode() for a, b in zip(*row, strict=True)] for row in spans.transpose(1, 0, 2)]
        assert found == [[" ".join(of(line, n)) if n <= len(line) else "" for n in lengths] for line in listed]
