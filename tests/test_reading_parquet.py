from __future__ import annotations

import datetime as dt
import io
import os
import sys
from pathlib import Path

import pytest

from dedup.errors import InputError, UsageError
from dedup.model import Record, Source
from dedup.reading import Fields, Ids, read

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXTS = ["a é\n中", None, "", "the last 😀"]


def source(path: object) -> Source:
    return Source("in.parquet", str(path), "parquet", "", "folder")


def records(path: object, fields: Fields | None = None, **options: object) -> list[Record]:
    return list(read(source(path), fields or Fields(), ids=Ids(), **options))


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_rows_of_all_groups(tmp_path: Path, kind: str) -> None:
    kinds = {"dictionary": pa.dictionary(pa.int32(), pa.string())}
    column = pa.array(TEXTS, pa.string()).cast(kinds.get(kind) or getattr(pa, kind)())
    pq.write_table(pa.table({"text": column, "id": [1, 2, 3, 4]}), tmp_path / "in", row_group_size=2)
    got = records(tmp_path / "in")
    assert [None if record.document is None else record.document.text for record in got] == TEXTS
    assert [record.number for record in got] == [1, 2, 3, 4]
    assert got[1].reason == "lacks a text: the column 'text' is null"
    assert got[0].raw == "a é\n中".encode()
    assert got[0].byte_offsets is not None
    assert got[0].byte_offsets([0, 2, 3, 5]) == [0, 2, 4, 8]
    assert got[3].document is not None
    assert got[3].document.id == "4"


def test_fields_of_many_kinds(tmp_path: Path) -> None:
    table = pa.table(
        {
            "body": ["a"],
            "uuid": pa.array([b"\x00\xff"], pa.binary()),
            "url": ["http://www.x.example/"],
            "date": pa.array([1_700_000_000_000_000_001], pa.timestamp("ns")),
            "headline": [{"a": [dt.date(2024, 1, 31)]}],
        }
    )
    pq.write_table(table, tmp_path / "in")
    (record,) = records(tmp_path / "in")
    assert record.document is not None
    assert (record.document.id, record.document.site) == ("\x00\\xff", "x.example")
    assert record.document.date == "2023-11-14 22:13:20.000000001"
    assert record.document.title == '{"a": ["2024-01-31"]}'
    pq.write_table(pa.concat_tables([table.set_column(0, "body", pa.nulls(1, pa.string())), table]), tmp_path / "in")
    nothing, record = records(tmp_path / "in", Fields(site="paper"), site="all")
    assert (nothing.document, nothing.note) == (None, None)
    assert record.note == "lacks 'paper', named by option"
    assert record.document is not None
    assert record.document.site == "all"


def test_a_text_that_is_no_utf_8_passes_through(tmp_path: Path) -> None:
    broken = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff"))
    pq.write_table(pa.table({"text": broken}), tmp_path / "in")
    (record,) = records(tmp_path / "in")
    assert (record.document, record.reason) == (None, "not UTF-8 at byte 2 of the text")


def test_progress_tells_of_the_columns_bytes(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["word " * 100] * 1000}), tmp_path / "in", row_group_size=100)
    seen: list[int] = []
    records(tmp_path / "in", progress=seen.append)
    assert len(seen) == 10
    assert 0 < sum(seen) <= (tmp_path / "in").stat().st_size


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "no").write_bytes(b"PAR1 no PAR1")
    with pytest.raises(InputError, match="is no Parquet file"):
        records(tmp_path / "no")
    with pytest.raises(InputError, match="no such file"):
        records(tmp_path / "none")
    pq.write_table(pa.table({"text": [1], "b": ["x"]}), tmp_path / "in")
    with pytest.raises(InputError, match="the column 'text' is no text, but int64: name another with --text-field"):
        records(tmp_path / "in")
    with pytest.raises(InputError, match=r"lacks the field 'x' \(it has: text, b; name it with --text-field\)"):
        records(tmp_path / "in", Fields(text="x"))
    with pytest.raises(InputError, match="from files, not from streams"):
        list(read(Source("-", None, "parquet"), Fields(), stream=io.BytesIO(), ids=Ids()))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"install dedup-text\[parquet\]"):
        records("any")


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    texts, words = pa.array(["a tide", "a gull"]), pa.array(["x", "y"])
    pq.write_table(pa.table([texts, words, texts], names=["text", "id", "id"]), tmp_path / "in")
    assert [record.document and record.document.id for record in records(tmp_path / "in")] == ["x", "y"]  # the first counts
    pq.write_table(pa.table([texts, words, texts], names=["text", "words", "text"]), tmp_path / "in")
    with pytest.raises(InputError, match="has several columns 'text': rename them, or name another with --text-field"):
        records(tmp_path / "in")
    got = records(tmp_path / "in", Fields(text="words"))
    assert [record.document and record.document.text for record in got] == ["x", "y"]


def test_a_column_that_holds_no_text_is_not_taken_for_it(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [["a", "list"]], "content": ["a tide"], "body": [1]}), tmp_path / "in")
    (record,) = records(tmp_path / "in")
    assert record.document is not None
    assert record.document.text == "a tide"
    with pytest.raises(InputError, match="the column 'text' is no text, but list"):
        records(tmp_path / "in", Fields(text="text"))


def test_a_time_that_python_has_no_value_for(tmp_path: Path) -> None:
    times = pa.array([{"at": 2**62}, {"at": 10**18}], pa.struct([("at", pa.timestamp("ns"))]))
    pq.write_table(pa.table({"text": ["a", "b"], "date": times}), tmp_path / "in")
    first, second = records(tmp_path / "in")
    assert first.document is not None
    assert first.document.date is None
    assert second.document is not None
    assert "2001" in str(second.document.date)


def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff \n.parquet")
    pq.write_table(pa.table({"text": ["a tide"]}), tmp_path / "in")
    (tmp_path / "in").rename(path)
    (record,) = records(path)
    assert record.raw == b"a tide"
    Path(path).write_bytes(b"none")
    with pytest.raises(InputError, match="is no Parquet file"):
        records(path)
