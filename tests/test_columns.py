from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import xxhash

from dedup.matching import columns as columns_
from dedup.matching import columns_builder
from dedup.matching.columns import Columns, Row, kept
from dedup.matching.columns_builder import Builder
from dedup.model import Document
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@pytest.fixture
def build(tmp_path: Path) -> Callable[[Sequence[Document]], Columns]:
    def make(documents: Sequence[Document]) -> Columns:
        builder = Builder(tmp_path)
        for document in documents:
            builder.add(Row.of(document, document.title or "").laid(), kept(describe(document.text, split(document.text))))
        return builder.columns(least=8)

    return make


def form(columns: Columns, paragraph: int) -> str:
    start, length = columns.paragraphs.starts[paragraph], columns.paragraphs.lengths[paragraph]
    return bytes(columns.data[start : start + length]).decode("utf-8", "surrogatepass")


def words(columns: Columns, document: int) -> list[str]:
    start, length = columns.documents.starts[document], columns.documents.lengths[document]
    return bytes(columns.data[start : start + length]).decode("utf-8", "surrogatepass").split()


def test_documents_are_numbered_by_the_bytes_of_their_ids(build: Callable[[Sequence[Document]], Columns]) -> None:
    ids = ["b", "ａ", "a/z.txt", "a-z.txt", "é", "𝒂", "￿", "a", "\ud800"]
    columns = build([Document(name, f"text of {i}") for i, name in enumerate(ids)])
    ordered = [row.id for row in columns.rows]
    assert ordered == sorted(ids, key=lambda name: name.encode("utf-8", "surrogatepass"))
    assert [ordered[number] for number in columns.read_order] == ids
    for number, name in enumerate(ordered):
        assert words(columns, number) == ["text", "of", str(ids.index(name))]


def test_each_paragraph_has_its_place_its_words_and_its_form(build: Callable[[Sequence[Document]], Columns]) -> None:
    documents = [
        Document(
            "2",
            "The Ferry runs.\n\n* * *\n\nthe ferry RUNS!\n\n" + "One two three four five six seven eight nine ten eleven twelve.",
        ),
        Document("1", "The ferry runs\n\nAnother one."),
    ]
    columns = build(documents)
    places = [
        (columns.rows.id(owner), start, end) for owner, start, end in zip(columns.owner, columns.start, columns.end, strict=True)
    ]
    texts = {document.id: document.text for document in documents}
    assert [texts[name][start:end].split()[0] for name, start, end in places] == ["The", "Another", "The", "the", "One"]
    assert [form(columns, i) for i in range(5)] == [
        "the ferry runs",
        "another one",
        "the ferry runs",
        "the ferry runs",
        "one two three four five six seven eight nine ten eleven twelve",
    ]
    assert columns.size.tolist() == [3, 2, 3, 3, 12]
    assert columns.good.tolist() == [False, False, False, False, True]
    assert columns.words.tolist() == [5, 18]
    assert columns.form[0] == columns.form[2] == columns.form[3]
    assert len(columns.first) == 3
    digests = [xxhash.xxh3_64_intdigest(form(columns, first).encode()) for first in columns.first]
    assert digests == sorted(digests)
    assert [form(columns, columns.first[number]) for number in columns.form] == [form(columns, i) for i in range(5)]


def test_equal_words_are_one_content_whatever_the_paragraphs(build: Callable[[Sequence[Document]], Columns]) -> None:
    columns = build(
        [
            Document("d", "One two.\n\nThree, FOUR five six seven eight!"),
            Document("b", "One\n\ntwo three\n\nfour five six seven eight"),
            Document("c", "One two three four five six seven nine"),
            Document("a", ""),
            Document("e", "  \n\n* * *"),
            Document("f", "One, two three: four five six seven eight", site="x"),
        ]
    )
    assert [columns.rows.id(number) for number in columns.content] == ["a", "b", "c", "b", "e", "b"]
    assert columns.words.tolist() == [0, 8, 8, 8, 0, 8]


def test_documents_too_short_to_compare_are_each_their_own(build: Callable[[Sequence[Document]], Columns]) -> None:
    columns = build([Document("a", "The page has moved to this place."), Document("b", "the page has moved to this place")])
    assert columns.content.tolist() == [0, 1]


def test_no_documents_and_documents_without_words_give_empty_columns(build: Callable[[Sequence[Document]], Columns]) -> None:
    columns = build([])
    assert list(columns.rows) == []
    assert len(columns.data) == len(columns.owner) == len(columns.first) == len(columns.documents.starts) == 0
    assert list(columns.chunks(columns.documents)) == []


def test_documents_without_words_are_there_and_empty(build: Callable[[Sequence[Document]], Columns]) -> None:
    columns = build([Document("x", ""), Document("y", "\n\n")])
    assert columns.words.tolist() == columns.documents.lengths.tolist() == [0, 0]
    assert columns.content.tolist() == [0, 1]
    ((data, offsets),) = columns.chunks(columns.documents)
    assert (len(data), offsets.tolist()) == (0, [0, 0, 0])


def test_lone_surrogates_fold_and_offsets_hold(build: Callable[[Sequence[Document]], Columns]) -> None:
    text = "bad \ud83d here\n\nand \udcff there"
    columns = build([Document("x", text)])
    assert [text[a:b] for a, b in zip(columns.start, columns.end, strict=True)] == ["bad \ud83d here", "and \udcff there"]
    bytes(columns.data).decode("utf-8")


def test_labels_are_one_line_of_at_most_80_characters(build: Callable[[Sequence[Document]], Columns]) -> None:
    columns = build([Document("a", "x", title="A  title\n in two lines"), Document("b", "x", title="word " * 200)])
    assert columns.rows[0].label == "A title in two lines"
    assert len(columns.rows[1].label) == 80
    assert columns.rows[1].label.endswith("…")


def test_rows_come_back_from_their_file_as_they_were(build: Callable[[Sequence[Document]], Columns]) -> None:
    documents = [
        Document("b\0\n", "x", site="", title=" "),
        Document("\ud800", "x", site="\xff\xfe", date="2024-05-01", title="Ähre"),
        Document("a", "x"),
    ]
    rows = build(documents).rows
    wanted = [Row.of(documents[i], documents[i].title or "") for i in (2, 0, 1)]
    assert list(rows) == rows[:] == wanted
    assert (rows[-1], rows[::2]) == (wanted[-1], wanted[::2])
    with pytest.raises(IndexError):
        rows[3]


@pytest.mark.parametrize("chunk", [1, 7, 40, 1 << 20])
def test_chunks_give_all_stretches_in_order(
    chunk: int, build: Callable[[Sequence[Document]], Columns], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns_, "_CHUNK", chunk)
    chance = random.Random(chunk)  # noqa: S311 (the same texts in each run)
    texts = ["\n\n".join(" ".join(chance.choices("abcdefgh", k=chance.randint(0, 9))) for _ in range(4)) for _ in range(20)]
    columns = build([Document(f"{chance.random()}", text) for text in texts])
    for ranges in (
        columns.documents,
        columns.paragraphs,
        columns.paragraphs.take(columns.first),
        columns.documents.take(np.arange(5, 0, -2)),
    ):
        pieces = []
        for data, offsets in columns.chunks(ranges):
            assert offsets[0] == 0
            assert offsets[-1] == len(data)
            assert len(data) <= chunk or len(offsets) == 2
            pieces += [bytes(data[a:b]) for a, b in pairwise(offsets)]
        wanted = [bytes(columns.data[a : a + n]) for a, n in zip(ranges.starts, ranges.lengths, strict=True)]
        assert pieces == wanted


def test_columns_do_not_depend_on_how_many_rows_are_worked_on_at_a_time(
    tmp_path: Path, build: Callable[[Sequence[Document]], Columns], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(5)  # noqa: S311 (a test)
    vocabulary = ["ferry", "quay", "gull", "tide"]
    texts = ["\n\n".join(" ".join(draw.choices(vocabulary, k=2)) for _ in range(draw.randrange(6))) for _ in range(40)]
    documents = [Document(str(draw.random()), text) for text in texts]
    whole = build(documents)
    known = {
        name: np.array(getattr(whole, name)) for name in ("owner", "start", "end", "size", "good", "form", "first", "content")
    }
    places = np.array(whole.paragraphs.starts), np.array(whole.paragraphs.lengths)
    for name in ("_ROWS", "_SORTED", "_HELD"):
        monkeypatch.setattr(columns_builder, name, 3)
    (tmp_path / "again").mkdir()
    builder = Builder(tmp_path / "again")
    for document in documents:
        builder.add(Row.of(document, "").laid(), kept(describe(document.text, split(document.text))))
    again = builder.columns(least=8)
    for name, column in known.items():
        assert getattr(again, name).tolist() == column.tolist()
    assert (again.paragraphs.starts.tolist(), again.paragraphs.lengths.tolist()) == tuple(column.tolist() for column in places)
    assert len(whole.first) < len(whole.form)
