"""The compiled lines, forms and sentences are those of `paragraphs`, `normal`, `phrase_file` and `sentences`."""

from __future__ import annotations

import inspect
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.boilerplate.phrase_file import phrase_words
from dedup.kernels import edges, folding, lines, texts
from dedup.model import Span
from dedup.text import normal, paragraphs, sentences

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

properties = settings(max_examples=150, deadline=None)  # no deadline: the first call compiles

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]
WHITE = [" ", "\t", "\x1c", "\x1f", "\xa0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000"]
ENDS = [*".!?;:,…。！？．؟۔।॥၊။។៕։፧፨", "\u037e", "\u2024"]
CLOSING = [*"\"'”’»›«‹“„‘)]）】」』〉》([", "[1]", "[12]", "[٣]", "[x]", "[]", *"*_`"]
LETTERS = [
    *"aZ ßıİǰŉΣςᾳΐйЙиеёЁßﬁﬀĲＡａ１ÀØÆŒẞ©℗®№²Ⅷ€_-0129٣۴๑၃１",
    *"漢々ーかがヶｱﾞヴ한글각กัำภาษາລວခကိုខ្មែងदिीनक़्तلمحمدّאבשׁשּׁია",
    "\u1100\u1161\u11a8",
    "\U00020000",
    "\U00010400",
    "\U0001d165",
    "\U0001d160",
    "\U0001f469",
    "\U0010ffff",
]
MARKS = [
    "\u0301",
    "\u0306",
    "\u0308",
    "\u0323",
    "\u0345",
    "\u20dd",
    "\u3099",
    "\u309a",
    "\u0651",
    "\u064e",
    "\u093c",
    "\u05bc",
    "\u0e48",
]
NOTHING = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u00ad",
    "\ufeff",
    "\ufe0f",
    "\u034f",
    "\x00",
    "\x01",
    "\x02",
    "\ud800",
    "\udfff",
    "\ufffd",
]
WORDS = ["The", "council", "of", "voted.", "Copyright", "Straße,", "Ελλάδα", "новости", "12", "1,000", "か\u3099", "\u0e20" * 30]
TARGETS = [
    "<br>",
    "</P>",
    "<a href='b'>",
    "](",
    "](/",
    "](https://a.example/b",
    "(c)",
    '"A title"',
    '"It ends. So"',
    "'",
    "](#top)",
    "](/é.html)",
    "](<a b>)",
    "](sic)",
]
PIECES = [*BREAKS, *WHITE, *ENDS, *CLOSING, *LETTERS, *MARKS, *NOTHING, *WORDS, *TARGETS]
tricky = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=30).map("".join)
linked = st.lists(st.sampled_from([*TARGETS, *CLOSING, *WORDS, *WHITE, "。", "\u2028"]), max_size=30).map("".join)
marked = st.lists(st.sampled_from([*MARKS, "и", "か", "\u200d", "1"]), max_size=30).map("".join)
closing = st.lists(st.sampled_from([*ENDS, *CLOSING, *WHITE, *"[]12٣**"]), max_size=30).map("".join)
running = st.lists(st.sampled_from([*WORDS, *(f"{word}{end}" for word in "aÉ字Է" for end in ENDS), *CLOSING]), max_size=30).map(
    " ".join
)
lines_of_words = st.integers(1, 70).map(lambda size: ("word of a line, 漢字 " * 6)[:size])
wrapped = st.lists(lines_of_words | st.sampled_from(["", "* [A](/b)", "a | [b](/c)"]), max_size=20).map("\n".join)
a_text = tricky | linked | marked | closing | running | wrapped | st.text()
batches = st.lists(a_text, max_size=5)


def columns(batch: list[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in batch]
    return np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)], dtype=np.int64)


def folded(batch: list[str]) -> texts.Folded:
    data, offsets = columns(batch)
    return texts.fold(data, offsets[:-1], offsets[1:])


def pieces(column: NDArray[np.uint8], offsets: NDArray[np.int64]) -> list[str]:
    """The strings of a column."""
    data = column.tobytes()
    return [data[start:end].decode() for start, end in pairwise(offsets.tolist())]


def forms(found: texts.Folded) -> list[str]:
    return pieces(found.forms, found.form_offsets)


def phrases(found: texts.Folded) -> list[str]:
    return pieces(found.phrases, found.phrase_offsets)


def phrase_form(text: str) -> str:
    return " ".join(phrase_words(text.replace("©", " ").replace("℗", " ")))


def check_lines(batch: list[str]) -> None:
    data, offsets = columns(batch)
    found = texts.split_lines(data, offsets)
    assert found.offsets[0] == 0
    assert found.offsets[-1] == len(found.start) == len(found.end) == len(found.byte_start) == len(found.byte_end)
    for text, at, (first, last), may_be_wrapped in zip(
        batch, offsets.tolist(), pairwise(found.offsets), found.wrapped, strict=False
    ):
        spans = paragraphs.split(text, "line")
        assert list(zip(found.start[first:last].tolist(), found.end[first:last].tolist(), strict=True)) == spans
        before = [[at + len(text[:place].encode("utf-8", "surrogatepass")) for place in span] for span in spans]
        assert np.stack([found.byte_start[first:last], found.byte_end[first:last]], axis=1).tolist() == before
        assert may_be_wrapped or paragraphs.split(text, "auto") == spans


@properties
@given(batches)
@example([])
@example(["", "", " \n", "a"])
@example(["\r", "\na\r\n\r\nb", "\n", "c\u2028\u2029d\x85\xa0"])
@example(["a\xe2"[:1], "\u3000", "\u00e2\u0080\u00a8x", "\u2027\u202a"])
def test_lines(batch: list[str]) -> None:
    check_lines(batch)


def test_wrapped_texts_are_told() -> None:
    line = "A line of some fifty columns that goes on and on, "
    filled = "\n".join([line] * 10)
    wide = "\n".join(["一行有二十五个汉字的文本它会一直写到行的末尾为止然后"] * 10)
    single, list_of = line * 9, "\n".join([line, "a", "b", "c"] * 4)
    body = [*["Menu"] * 90, *[line.lower()] * 10, "", "1. https://a.example/" + "x" * 90]
    dump = "\n".join([*body, *["* An item that is longer " * 3] * 9])
    apart = "\n\n".join([line] * 10)
    batch = [filled, wide, single, list_of, apart, filled.replace("\n", "\r\n"), "\n".join([line * 3] * 10), "", dump]
    told = texts.split_lines(*columns(batch)).wrapped.tolist()
    assert told == [True, True, False, False, False, True, False, False, True]
    assert len(paragraphs.split(dump)) == 101
    check_lines(batch)


def test_of_linked_texts_it_is_asked() -> None:
    item = "* [A line that is longer than others, and wrapped by nobody](https://a.example/that-is-longer-than-others/)\n"
    line = "and a line of some fifty columns goes on and on,\n"
    batch = [item * 9, line * 9 + "\n" + item * 9, line]
    assert texts.split_lines(*columns(batch)).wrapped.tolist() == [True, True, False]
    assert len(paragraphs.split(batch[1])) == 10
    check_lines(batch)


@properties
@given(st.lists(st.integers(30, 130), min_size=2, max_size=60), st.sampled_from(["word ", "wörd ", "漢", "가나 "]), st.randoms())
def test_what_is_told_unwrapped_is_split_by_lines(sizes: list[int], word: str, random: Any) -> None:  # noqa: ANN401 - Random
    text = "".join((word * size)[:size].strip() + random.choice(["\n", "\r\n", "\n", "\n \n"]) for size in sizes)
    check_lines([text])


@properties
@given(batches)
@example([])
@example([""])
@example(["\u0301\u0323", "\u0323\u0301a", "か", "\u3099", "1", "2", "\ufb01", "ŉ"])
@example(["и" + "\u0301\u0323\u0306\u20dd" * 3 + "か\u3099\u0323漢1\u06512x"])
@example(["e\u200d\u0301\u0323t ά\u0345", "12\u200d3 4\u03015 6 7a٣٣"])
def test_forms(batch: list[str]) -> None:
    found = folded(batch)
    assert forms(found) == [normal.normal_form(text) for text in batch]
    words = [normal.words(text) for text in batch]
    assert found.words.tolist() == [len(each) for each in words]
    assert found.dense.tolist() == [sum(normal.is_no_space(word[0]) for word in each) for each in words]


@properties
@given(batches)
@example(["© 2024 ℗ 12", "2024", "Copyright ©"])
def test_phrases(batch: list[str]) -> None:
    found = folded(batch)
    assert found.signs.tolist() == ["©" in text or "℗" in text for text in batch]
    assert phrases(found) == [phrase_form(text) for text in batch]


@properties
@given(batches)
@example(
    [
        "A.[1][22]",
        "A.[1",
        "A1]",
        ".]",
        "[1]",
        "1].",
        ".[1x]",
        ".[]",
        ". [٣]\t",
        "." + " " * 23,
        "." + " " * 24,
        ".[" + "1" * 21 + "]",
    ]
)
@example(
    [
        ".[" + "1" * 22 + "]",
        ".[" + "1" * 23 + "]",
        "\u0e20" * 60,
        "\u0e20" * 59,
        "\u0eff" + "x" * 58,
        "\u0eff" + "x" * 23,
        "x" * 40 + "\u0e00" * 20,
    ]
)
@example(["x" * 59 + "\u0e00", "x" * 36 + "\u0e00" + "x" * 23, "x" * 36 + "\u0e00" + "x" * 24, "\u0e00" * 20])
def test_ends_of_sentences(batch: list[str]) -> None:
    assert folded(batch).sentence.tolist() == [paragraphs.ends_sentence(text) for text in batch]


def edges_by_the_book(text: str) -> list[tuple[bool, int, int]]:
    """`sentences.edges_of` without the keys."""
    found = sentences.split_sentences(text, 0, len(text))
    counts = range(1, min(3, len(found) - 1) + 1)
    begins = [(True, 0, found[count - 1].end) for count in counts]
    return begins + [(False, found[-count].start, len(text)) for count in counts]


def check_edges(batch: list[str]) -> None:
    data, offsets = columns(batch)
    found = texts.edge_sentences(data, offsets[:-1], offsets[1:])
    expected = [(row, *edge) for row, text in enumerate(batch) for edge in edges_by_the_book(text)]
    assert list(zip(*(column.tolist() for column in (found.row, found.begins, found.start, found.end)), strict=True)) == expected
    whole = data.tobytes()
    for row, start, end, first, last in zip(found.row, found.start, found.end, found.byte_start, found.byte_end, strict=True):
        assert whole[first:last].decode("utf-8", "surrogatepass") == batch[row][start:end]


@properties
@given(batches)
@example(["A b. C d! E f? G. H.", "A. B", "A.  ", "A. b. C", "一。二！三", "A.\u3000", "a.” B", "a. \u2028b", "。 x"])
@example(["A." + " " * 5 + "b. C", "A.)) B", "A.) b. C", "A。) ) B", "A.\n", "é. É", ".. . A", "ա. և Ա. Բ", "a. \U00010428"])
@example(["Ա: Բ:» Գ: դ: Ե", "Ա :  Բ", "a: B", "Ա1: Բ", "։: Ա", "Ա:: Բ: Գ", "က။ခ", "ក។ ខ៕ គ", "a. é b. ї c. É"])
@example(["Է: " * 300, "Է: Ա " * 127 + "x" * 508, "Է: Ա " * 127 + "x" * 509])
def test_edges(batch: list[str]) -> None:
    check_edges(batch)


@properties
@given(st.lists(st.tuples(running | tricky, st.sampled_from(["", "word " * 90, "字" * 300, "字。" * 4, "é" * 700])), max_size=12))
def test_edges_of_long_paragraphs(pieces: list[tuple[str, str]]) -> None:
    check_edges(["".join(text + between for text, between in pieces)])


@given(running | tricky)
def test_edges_are_those_of_paragraphs(text: str) -> None:
    data, offsets = columns([text])
    found = texts.edge_sentences(data, offsets[:-1], offsets[1:])
    begins, ends = sentences.edges_of(text, paragraphs.describe(text, [Span(0, len(text))])[0])
    assert [edge[:2] for edge in begins + ends] == list(zip(found.start.tolist(), found.end.tolist(), strict=True))


def codes() -> list[int]:
    """The code points up to U+FFFF and, of the others, all of each distinct page of the table and one of every page."""
    index = normal.table().page_index
    pages = {number: page for page, number in reversed(list(enumerate(index)))}
    wide = {page << 8 | low for page in pages.values() for low in range(256)} | {page << 8 for page in range(len(index))}
    return sorted(wide.union(range(0x10000)))


CHARACTERS = [chr(code) for code in codes()]


def test_every_code_point_folds_alike() -> None:
    for around in ("a{}b ", "и{}\u0323字{}1{}2 "):
        text = "".join(around.replace("{}", char) for char in CHARACTERS)
        found = folded([text])
        assert forms(found) == [normal.normal_form(text)]
        assert phrases(found) == [phrase_form(text)]


def test_every_code_point_is_white_space_or_a_line_end_alike() -> None:
    found = texts.split_lines(*columns([f"a{char}" for char in CHARACTERS]))
    assert (found.end == 1).tolist() == [char.isspace() for char in CHARACTERS]
    text = "".join(f"a{char}b\n" for char in CHARACTERS)
    found = texts.split_lines(*columns([text]))
    assert list(zip(found.start.tolist(), found.end.tolist(), strict=True)) == paragraphs.split(text, "line")


def test_every_code_point_ends_a_sentence_alike() -> None:
    for before in ("A", "A.", "A.]", "A.[1"):
        expected = [paragraphs.ends_sentence(before + char + "]") for char in CHARACTERS]
        assert folded([before + char + "]" for char in CHARACTERS]).sentence.tolist() == expected
    assert folded([f"A{char}" for char in CHARACTERS]).sentence.tolist() == [paragraphs.ends_sentence(c) for c in CHARACTERS]


@pytest.mark.parametrize("around", ["A{} B", "A.{}B", "A.{} B", "A. {}", "A。{}B", "A.”{}"])
def test_every_code_point_parts_sentences_alike(around: str) -> None:
    check_edges([around.format(char) for char in CHARACTERS if not "㌀" < char < "豈"])


def test_every_code_point_is_as_wide() -> None:
    """A line that its width fills to the last of the columns that can be wrapped, or beyond it."""
    batch = ["\n".join([char * 60 + "x"] * 5) for char in CHARACTERS if not char.isspace()]
    told = texts.split_lines(*columns(batch)).wrapped.tolist()
    assert told == [paragraphs._width(text[:61]) <= 120 for text in batch]


@properties
@given(st.lists(st.sampled_from([*BREAKS[:2], *BREAKS[3:], *"漨₨₅¨éĀa"]), max_size=12).map("".join))
def test_line_ends_are_counted(text: str) -> None:
    data = np.frombuffer(text.encode(), np.uint8)
    ends = sum(char in BREAKS for char in text)
    assert lines.count_breaks(data) >= ends
    assert lines.count_breaks(np.append(data, np.full(lines._MANY + 1, 0x85, np.uint8))) == ends


def test_forms_have_room() -> None:
    for char in CHARACTERS:
        units = [chr(unit) for unit in normal.table().units(ord(char))]
        size = sum(len(unit.encode()) + 2 * normal.is_no_space(unit) for unit in units)  # with the spaces around
        data = np.frombuffer(char.encode("utf-8", "surrogatepass"), np.uint8)
        room = folding.room(data, np.array([0]), np.array([len(data)]))
        assert size <= room == len(data) * (1 if char.isascii() else texts._WIDEST)


def test_classes_are_those_of_the_table() -> None:
    kinds = normal.CharClass
    named = (
        folding._SEPARATOR,
        folding._DROP,
        folding._LETTER,
        folding._LATIN_GREEK,
        folding._DIGIT,
        folding._NO_SPACE,
        folding._MARK,
    )
    assert list(kinds) == list(named)
    assert (edges._DIGIT, lines._NO_SPACE) == (kinds.DIGIT, kinds.NO_SPACE)


@pytest.mark.parametrize(
    ("one", "other", "names"),
    [(edges, lines, ["_size", "_code", "_code_at", "_code_before"]), (folding, lines, ["_size"])],
)
def test_what_each_file_of_loops_has_anew_is_the_same(one: ModuleType, other: ModuleType, names: list[str]) -> None:
    def source(module: ModuleType, name: str) -> str:
        function = getattr(module, name)
        return inspect.getsource(getattr(function, "py_func", function))

    assert [source(one, name) for name in names] == [source(other, name) for name in names]


@pytest.mark.parametrize(
    ("kernel", "text", "names"),
    [
        (edges, paragraphs, ["_TAIL", "_LONG_UNSTOPPED"]),
        (edges, sentences, ["_MOST"]),
        (lines, paragraphs, ["_NARROWEST_WRAP", "_WIDEST_WRAP", "_WRAPPED_SHARE", "_STICKING_OUT"]),
    ],
)
def test_numbers_are_those_of_the_texts(kernel: ModuleType, text: ModuleType, names: list[str]) -> None:
    assert [getattr(kernel, name) for name in names] == [getattr(text, name) for name in names]


@properties
@given(st.binary(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
@example(b"\xf4\xbf\xbf\xbf\xf8\xff\xc0\x80\xe0\x80\x80\xed\xa0\x80\xf0", [(0, 40), (3, 7)])
def test_bytes_that_are_no_text_do_no_harm(data: bytes, places: list[tuple[int, int]]) -> None:
    column = np.frombuffer(data, np.uint8)
    starts, ends = (
        np.array([sorted(min(place, len(data)) for place in pair)[side] for pair in places], np.int64) for side in (0, 1)
    )
    found = texts.fold(column, starts, ends)
    assert found.form_offsets[-1] == len(found.forms) <= folding.room(column, starts, ends)
    texts.edge_sentences(column, starts, ends)
    assert np.all(texts.split_lines(column, np.array([0, len(data)], np.int64)).byte_end <= len(data))


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0323\u0301\u0327\u0315", "\u3099\u0301\u20dd"])
def test_long_runs_of_marks_take_no_long_time(marks: str) -> None:
    text = "и" + marks * 100_000
    assert forms(folded([text])) == [normal.normal_form(text)]


def test_wrong_arguments() -> None:
    data, offsets = columns(["one", "two"])
    with pytest.raises(ValueError, match="offsets must rise from 0 to 6"):
        texts.split_lines(data, offsets[:-1])
    for function in (texts.fold, texts.edge_sentences):
        with pytest.raises(ValueError, match="data must be an array of uint8"):
            function(data.astype(np.int64), offsets[:-1], offsets[1:])
        with pytest.raises(ValueError, match="of one length"):
            function(data, offsets, offsets[1:])
        for starts, ends in (([-1], [2]), ([3], [2]), ([0], [7])):
            with pytest.raises(ValueError, match="must lie in the 6 bytes"):
                function(data, np.array(starts, np.int64), np.array(ends, np.int64))


@given(st.lists(st.text(max_size=12), max_size=8), st.sets(st.sampled_from("#:a "), max_size=3))
def test_stretches_that_have_one_of_some_bytes(pieces: list[str], marks: set[str]) -> None:
    encoded = [piece.encode("utf-8", "surrogatepass") for piece in pieces]
    ends = np.cumsum([len(piece) for piece in encoded], dtype=np.int64)
    starts = ends - np.array([len(piece) for piece in encoded], np.int64)
    wanted = np.zeros(256, np.bool_)
    wanted[[ord(mark) for mark in sorted(marks)]] = True
    found = texts.have_any(np.frombuffer(b"".join(encoded), np.uint8), starts, ends, wanted)
    assert found.tolist() == [any(mark in piece for mark in marks) for piece in pieces]
