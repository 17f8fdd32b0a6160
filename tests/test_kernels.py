"""Both kernels give the same bits and the same errors, and the bits are those of xxhash and datasketch."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh64_intdigest

import dedup.kernels
from dedup.errors import UsageError
from dedup.kernels import fast, load, reference, repeating

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

    from dedup.kernels import Kernel

KERNELS: list[Kernel] = [reference, fast]
U64 = st.integers(0, 2**64 - 1)
WORD = st.binary(min_size=1, max_size=70) | st.sampled_from([b"a", b"of", b"the", b"minister", b"\xd0\xb9", b"  "])
PARAGRAPHS = st.lists(st.lists(WORD, max_size=12).map(b" ".join), max_size=8)
properties = settings(max_examples=150, deadline=None)  # no deadline: the first call compiles


def columns(paragraphs: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    return np.frombuffer(b"".join(paragraphs), np.uint8), np.cumsum([0, *map(len, paragraphs)], dtype=np.int64)


def runs(lists: list[list[int]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    return np.array(list(chain.from_iterable(lists)), np.uint64), np.cumsum([0, *map(len, lists)], dtype=np.int64)


def same(function: str, *arguments: Any) -> Any:  # noqa: ANN401 - each function takes and gives other columns
    slow, quick = (getattr(kernel, function)(*arguments) for kernel in KERNELS)
    for one, other in zip(*((each if isinstance(each, tuple) else (each,)) for each in (slow, quick)), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    return quick


@properties
@given(PARAGRAPHS, st.integers(1, 6), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_from_text_to_signatures(paragraphs: list[bytes], k: int, permutations: int, seed: int) -> None:
    data, offsets = columns(paragraphs)
    sets = same("shingle_sets", *same("word_hashes", data, offsets), k)
    signed = same("signatures", *sets, permutations, seed)
    np.testing.assert_array_equal(signed, same("text_signatures", data, offsets, k, permutations, seed))


@pytest.mark.parametrize("size", range(70))
@pytest.mark.parametrize("behind", [b"", b" and more words behind"])
def test_a_word_of_any_length_is_hashed_as_by_xxhash(size: int, behind: bytes) -> None:
    word = bytes(range(33, 33 + size))
    hashes, offsets = fast.word_hashes(*columns([word + behind]))
    assert hashes[: offsets[1]].tolist() == [xxh64_intdigest(each) for each in (word + behind).split()]


@properties
@given(PARAGRAPHS, st.data())
def test_the_words_of_some_paragraphs_are_theirs_among_all(paragraphs: list[bytes], data: st.DataObject) -> None:
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(paragraphs), max_size=len(paragraphs))), np.bool_)
    hashes, offsets = fast.word_hashes(*columns(paragraphs))
    some, places = fast.some_word_hashes(*columns(paragraphs), chosen)
    for p, is_chosen in enumerate(chosen):
        wanted = hashes[offsets[p] : offsets[p + 1]] if is_chosen else hashes[:0]
        np.testing.assert_array_equal(some[places[p] : places[p + 1]], wanted)
    assert (places[0], places[-1]) == (0, len(some))


def test_words_of_some_paragraphs_need_columns_that_fit() -> None:
    data, offsets = columns([b"one two", b"three"])
    with pytest.raises(ValueError, match="chosen must have 2 members"):
        fast.some_word_hashes(data, offsets, np.array([True]))


def test_paragraphs_that_are_compared_in_company() -> None:
    compared = np.array([True, False, True, True, False, False, True])
    found = repeating.in_company(compared, np.array([0, 1, 4, 4, 7]))
    assert found.tolist() == [False, False, True, True, False, False, False]
    assert repeating.in_company(compared[:0], np.array([0])).tolist() == []


@pytest.mark.parametrize("kernel", KERNELS)
def test_signatures_go_where_they_are_wanted(kernel: Kernel) -> None:
    data, offsets = columns([b"one two three", b"", b"four five six seven"])
    whole = np.zeros((5, 8), np.uint32)
    given = kernel.text_signatures(data, offsets, 2, 8, out=whole[1:4])
    assert np.shares_memory(given, whole)
    np.testing.assert_array_equal(whole[1:4], kernel.text_signatures(data, offsets, 2, 8))
    assert not whole[[0, 4]].any()
    bad = (whole, whole[1:4].astype(np.int64), whole[::2], np.zeros((3, 7), np.uint32), np.zeros((8, 3), np.uint32).T)
    readonly = np.zeros((3, 8), np.uint32)
    readonly.flags.writeable = False
    for out in (*bad, readonly):
        with pytest.raises(ValueError, match="out must be a contiguous, writable array of uint32 with 3 rows of 8"):
            kernel.text_signatures(data, offsets, 2, 8, out=out)


def test_words_end_where_paragraphs_do() -> None:
    hashes, offsets = fast.word_hashes(*columns([b"one two", b"three", b"", b" ", b"four"]))
    assert offsets.tolist() == [0, 2, 3, 3, 3, 4]
    assert hashes.tolist() == [xxh64_intdigest(word) for word in (b"one", b"two", b"three", b"four")]


def test_a_signature_is_that_of_datasketch() -> None:
    from datasketch import MinHash  # noqa: PLC0415 - slow to import, and only this test compares with it

    text = b"the council voted on the new bridge and the council voted on the old one"
    words = [xxh64_intdigest(word) for word in text.split()]
    hashes = {reference.shingle_hash(words[i : i + 3]) >> 32 for i in range(len(words) - 2)}
    minhash = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    minhash.update_batch(hashes)
    np.testing.assert_array_equal(fast.text_signatures(*columns([text]), 3, 128)[0], minhash.hashvalues)


def test_a_shingle_hash_is_what_the_definition_says() -> None:
    words, m = [xxh64_intdigest(b"new"), xxh64_intdigest(b"york"), xxh64_intdigest(b"city")], 0x9E3779B97F4A7C15
    value = (words[0] * m**2 + words[1] * m + words[2]) % 2**64
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor % 2**64
    assert fast.shingle_sets(*fast.word_hashes(*columns([b"new york city"])), 3)[0].tolist() == [value ^ value >> 33]


def test_fewer_words_than_a_shingle_has_sign_as_the_empty_set() -> None:
    for kernel in KERNELS:
        signed = kernel.text_signatures(*columns([b"one two three four", b"", b"a b c d e"]), 5, 4)
        assert (signed == 2**32 - 1).all(axis=1).tolist() == [True, True, False]


@pytest.mark.parametrize(("words", "distinct"), [(3000, 3000), (3000, 7), (40_000, 900)])
def test_long_paragraphs(words: int, distinct: int) -> None:
    draw = np.random.default_rng(words + distinct)
    text = " ".join(f"w{number}" for number in draw.integers(0, distinct, words)).encode()
    data, offsets = columns([b"a short one before it", text, text[: len(text) // 2]])
    shingles, places = same("shingle_sets", *same("word_hashes", data, offsets), 2)
    assert all(np.all(np.diff(shingles[a:b]) > 0) for a, b in pairwise(places))
    np.testing.assert_array_equal(fast.signatures(shingles, places, 16), fast.text_signatures(data, offsets, 2, 16))


@pytest.mark.parametrize("seed", range(12))
def test_many_paragraphs_of_any_length_and_words_of_any(seed: int) -> None:
    draw = np.random.default_rng(seed)
    most = (3, 9, 40, 1500)[seed % 4]  # words of a paragraph: many of them in a block of words, or a block in one
    spaces = b" " * (1 + seed % 3)
    words = [b"x" * size for size in range(1, (5, 36)[seed % 2])]
    paragraphs = [
        spaces.join(words[i] for i in draw.integers(0, len(words), draw.integers(0, most))) for _ in range(12_000 // most)
    ]
    data, offsets = columns([*paragraphs, *([b""] * 3000), b"the last one"])
    hashes, ends = same("word_hashes", data, offsets)
    same("text_signatures", data, offsets, 1 + seed % 6, 4)
    assert ends[-1] == len(hashes) == len(data.tobytes().split()) - sum(_glued(data, offsets))


def _glued(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> list[int]:
    """1 for each border of paragraphs without a space at it, where splitting all of the data takes two words for one."""
    inner = [at for at in np.unique(offsets).tolist() if 0 < at < len(data)]
    return [-int(data[at - 1] != 32 and data[at] != 32) for at in inner]


@properties
@given(st.lists(st.lists(U64 | st.integers(0, 3), max_size=80), max_size=6), st.integers(1, 5))
def test_shingle_sets_of_any_hashes(lists: list[list[int]], k: int) -> None:
    same("shingle_sets", *runs(lists), k)


@properties
@given(st.integers(0, 5), st.integers(1, 4), st.integers(1, 9), st.integers(0, 3), st.randoms())
def test_band_keys(n: int, bands: int, rows: int, spare: int, random: Random) -> None:
    drawn = [[random.getrandbits(32) for _ in range(bands * rows + spare)] for _ in range(n)]
    signed = np.array(drawn, np.uint32).reshape(n, bands * rows + spare)
    for band in range(bands):
        keys = same("band_keys", signed, bands, rows, band)
        cut = [row.tobytes() for row in signed[:, band * rows : (band + 1) * rows]]
        assert keys.tolist() == [xxh64_intdigest(row, seed=band) for row in cut]


@properties
@given(st.lists(st.sets(st.integers(0, 12) | U64, max_size=20), min_size=1, max_size=6), st.data())
def test_overlaps(sets: list[set[int]], data: st.DataObject) -> None:
    member = st.integers(0, len(sets) - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(member, member), max_size=9)), np.int64).reshape(-1, 2)
    shared = same("overlaps", *runs([sorted(each) for each in sets]), pairs)
    assert shared.tolist() == [len(sets[a] & sets[b]) for a, b in pairs.tolist()]


@properties
@given(st.sets(st.integers(0, 400), max_size=9), st.sets(st.integers(0, 400), max_size=300))
def test_overlaps_of_few_with_many(few: set[int], many: set[int]) -> None:
    shared = same("overlaps", *runs([sorted(few), sorted(many)]), np.array([[0, 1], [1, 0]]))
    assert shared.tolist() == [len(few & many)] * 2


@properties
@given(st.integers(1, 30), st.data())
def test_union_find(n: int, data: st.DataObject) -> None:
    member = st.integers(0, n - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(member, member), max_size=30)), np.int64).reshape(-1, 2)
    component = {node: {node} for node in range(n)}
    for a, b in pairs.tolist():
        joined = component[a] | component[b]
        component.update(dict.fromkeys(joined, joined))
    assert same("union_find", n, pairs).tolist() == [min(component[node]) for node in range(n)]


BYTES, NUMBERS = np.zeros(4, np.uint8), np.array([0, 4])
HASHES, ROWS, PAIRS = np.zeros(4, np.uint64), np.zeros((2, 6), np.uint32), np.array([[0, 1]])
BAD: list[tuple[str, tuple[Any, ...], str]] = [
    ("word_hashes", (BYTES.tolist(), NUMBERS), "data must be an array of uint8"),
    ("word_hashes", (BYTES.astype(np.int8), NUMBERS), "data must be an array of uint8"),
    ("word_hashes", (BYTES.reshape(2, 2), NUMBERS), "1 dimension"),
    ("word_hashes", (BYTES, NUMBERS.astype(np.int32)), "offsets must be an array of int64"),
    ("word_hashes", (BYTES, NUMBERS[:0]), "offsets must rise from 0 to 4"),
    ("word_hashes", (BYTES, np.array([0, 3])), "offsets must rise from 0 to 4"),
    ("word_hashes", (BYTES, np.array([1, 4])), "offsets must rise from 0 to 4"),
    ("text_signatures", (BYTES, np.array([0, 3, 2, 4]), 1, 1), "offsets must rise from 0 to 4"),
    ("text_signatures", (BYTES, NUMBERS, 0, 1), "k must be at least 1, not 0"),
    ("text_signatures", (BYTES, NUMBERS, 1, 0), "permutations must be at least 1, not 0"),
    ("shingle_sets", (HASHES, NUMBERS, 0), "k must be at least 1, not 0"),
    ("shingle_sets", (HASHES, np.array([0, 5]), 1), "word_offsets must rise from 0 to 4"),
    ("signatures", (HASHES, np.array([0, 5]), 1), "offsets must rise from 0 to 4"),
    ("signatures", (HASHES, NUMBERS, 0), "permutations must be at least 1, not 0"),
    ("signatures", (HASHES, NUMBERS, 1, -1), "seed must be from 0 to 4294967295, not -1"),
    ("signatures", (HASHES, NUMBERS, 1, 2**32), "seed must be"),
    ("band_keys", (ROWS, 0, 1, 0), "bands must be at least 1, not 0"),
    ("band_keys", (ROWS, 1, 0, 0), "rows must be at least 1, not 0"),
    ("band_keys", (ROWS, 2, 4, 0), "2 bands of 4 rows need more than the 6 rows of the signature"),
    ("band_keys", (ROWS, 2, 3, 2), "band must be from 0 to 1, not 2"),
    ("band_keys", (ROWS[0], 1, 1, 0), "2 dimension"),
    ("overlaps", (HASHES, NUMBERS, PAIRS), "pairs must name members from 0 to 0"),
    ("overlaps", (HASHES, NUMBERS, PAIRS - 1), "pairs must name members from 0 to 0"),
    ("overlaps", (HASHES, NUMBERS, np.zeros((1, 3), np.int64)), "pairs must have two columns"),
    ("union_find", (1, PAIRS), "pairs must name members from 0 to 0"),
    ("union_find", (-1, PAIRS), "n must be at least 0, not -1"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), BAD)
def test_errors_are_equal(function: str, arguments: tuple[Any, ...], message: str) -> None:
    told = []
    for kernel in KERNELS:
        with pytest.raises(ValueError, match=message) as caught:
            getattr(kernel, function)(*arguments)
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_arrays_may_be_strided_unaligned_and_mapped_and_are_not_written_to(tmp_path: Path) -> None:
    data, offsets = columns([b"five words stand here now", b"and here are six more words"])
    expected = fast.text_signatures(data, offsets, 2, 8)
    mapped = np.memmap(tmp_path / "text", np.uint8, "w+", shape=data.shape)
    mapped[:] = data
    strided = np.repeat(offsets, 2)[::2]
    unaligned = np.frombuffer(b"x" + offsets.tobytes(), np.uint8)[1:].view(np.int64)
    for each in (strided, unaligned):
        np.testing.assert_array_equal(same("text_signatures", mapped, each, 2, 8), expected)
    hashes = fast.word_hashes(data, offsets)
    before = hashes[0].copy()
    fast.shingle_sets(*hashes, 1)
    np.testing.assert_array_equal(hashes[0], before)


def test_a_shingle_longer_than_any_text_is_no_error() -> None:
    assert same("shingle_sets", *same("word_hashes", *columns([b"a b"])), 10**30)[0].size == 0
    assert (same("text_signatures", *columns([b"a b"]), 10**30, 2) == 2**32 - 1).all()


def test_load() -> None:
    assert load("reference").name == "reference"
    assert load("fast").name == load().name == "fast"
    with pytest.raises(UsageError, match="no kernel 'quick'"):
        load("quick")


def test_without_numba_the_reference_serves_and_says_so() -> None:
    code = """
import sys
sys.modules["numba"] = None
from dedup.kernels import load
print(load().name)
load("fast")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout == "reference\n"
    assert re.search("UsageError: the fast kernel cannot run here .*numba.*choose reference", run.stderr)


def test_where_the_high_byte_comes_first_the_reference_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "byteorder", "big")
    assert load().name == "reference"
    with pytest.raises(UsageError, match="high byte first"):
        load("fast")


@pytest.mark.parametrize("home_is_writable", [True, False])
def test_a_package_folder_that_cannot_be_written_to(tmp_path: Path, *, home_is_writable: bool) -> None:
    package = tmp_path / "dedup"
    source = Path(dedup.kernels.__file__).parent
    shutil.copytree(source, package / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("errors.py", "choices.py", "stopping.py"):
        shutil.copy(source.parent / name, package)
    (package / "__init__.py").touch()
    (package / "kernels" / "__pycache__").touch()  # a file: no folder of this name can be made, not even by root
    home = tmp_path / "home"
    home.mkdir() if home_is_writable else home.touch()
    code = """
import numpy as np
from dedup.kernels import fast
print(fast.__file__, fast.union_find(2, np.array([[0, 1]])))
"""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "LOCALAPPDATA": str(home)}
    environment |= {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, f"{package / 'kernels' / 'fast.py'} [0 0]\n"), run.stderr
    assert home_is_writable == any(path.suffix == ".nbi" for path in home.rglob("*"))
