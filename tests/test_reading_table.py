from __future__ import annotations

import csv
import gzip
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Record, Source
from dedup.reading import Fields, Ids, read
from dedup.reading.table import cell_offsets, cell_value, find_cells

CELLS = st.text(st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from('",;\t|\r\n é中😀')), max_size=8)
LEGACY = "été où 100 % “sûr”, ça va"


def records(data: bytes, form: str = "csv", fields: Fields | None = None, **options: object) -> list[Record]:
    source = Source("in.csv", None, form)
    got = list(read(source, fields or Fields(), stream=io.BytesIO(data), ids=Ids(), **options))
    assert b"".join(record.before + record.raw + record.after for record in got) == data
    return got


def write(rows: list[list[str]], **options: object) -> str:
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    return out.getvalue()


def texts(got: list[Record]) -> list[str]:
    return [record.document.text for record in got if record.document is not None]


@settings(max_examples=50)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=3),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]),
)
@example([("", "", "")], ",", "\n", csv.QUOTE_MINIMAL, "utf-8")
@example([("a\rb", 'say "x"', "\r")], ",", "\r\n", csv.QUOTE_MINIMAL, "utf-16")
def test_what_csv_writes_is_read_and_found(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, quoting: int, encoding: str
) -> None:
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # the writer quotes a carriage return only where it ends lines
    table = write([["id", "text", "title"], *rows], delimiter=delimiter, lineterminator=end, quoting=quoting)
    data = (b"\xfe\xff" if encoding == "utf-16-be" else b"") + table.encode(encoding)
    header, *got = records(data)
    assert header.document is None
    assert header.reason is None
    assert texts(got) == [row[1] for row in rows]
    assert [record.number for record in got] == list(range(2, len(rows) + 2))
    for record in got:
        check_offsets(record)


def check_offsets(record: Record) -> None:
    assert record.document is not None
    assert record.byte_offsets is not None
    text = record.document.text
    offsets = record.byte_offsets(range(len(text) + 1))
    for at, char in enumerate(text):
        piece = record.raw[offsets[at] : offsets[at + 1]].decode(record.encoding, "surrogateescape")
        assert piece in {char, '""' if char == '"' else char}
    assert record.byte_offsets(range(0, len(text) + 1, 2)) == offsets[::2]


@given(st.text(st.sampled_from('a",\r\n;é'), max_size=30))
@example('text\n"a"b\nc\n')
@example('text,b\n"a\nb\nc')
def test_any_bytes_pass_through_whole(body: str) -> None:
    data = b"text,id\n" + body.encode()
    for record in records(data):
        assert record.document is None or cell_value(record.raw.decode()) == record.document.text


@given(st.binary(max_size=80))
def test_bytes_of_any_encoding_pass_through_whole(body: bytes) -> None:
    data = b"text,id\n" + body
    try:
        got = records(data)
    except InputError:
        return
    for record in got:
        if record.document is not None:
            check_offsets(record)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", LEGACY),
        ("gb18030", "市长宣布，新的计划将于明年开始实施。"),
        ("cp932", "市長は、新しい計画が始まると発表した。"),
    ],
)
def test_legacy_encodings(encoding: str, text: str) -> None:
    header, *got = records(write([["text", "id"], [text, "1"], [f'{text}\n"{text}"', "2"]]).encode(encoding))
    assert [record.note for record in (header, *got)] == [None, f"encoding detected as {encoding}", None]
    assert texts(got) == [text, f'{text}\n"{text}"']
    for record in got:
        assert record.encoding == encoding
        check_offsets(record)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_whole_table_in_wide_characters_is_not_called_cut_off(encoding: str) -> None:
    data = ("\ufeff" + write([["text", "id"], [LEGACY, "1"], [LEGACY, "2"]])).encode(encoding)
    header, *got = records(data)
    assert [record.note for record in (header, *got)] == [None, None, None]
    assert texts(got) == [LEGACY, LEGACY]


def test_a_line_that_cannot_be_encoded_back_passes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.reading.rows._SAMPLE", 300)
    text = "市長は、新しい計画が来年から始まると発表した。"
    lines = [b"text,id\n", *(f"{text},{number}\n".encode("cp932") for number in range(20)), b"\xfa\x54,x\n", b"\x81,y\n"]
    got = records(b"".join(lines))
    assert texts(got) == [text] * 20 + ["\udc81"]
    assert [(record.number, record.reason) for record in got if record.document is None] == [(1, None), (22, "is no cp932 text")]
    check_offsets(got[-1])


def test_rows_that_do_not_fit_say_why() -> None:
    got = records(b'text,id\na,1\n"b"c,2\n\nd,3,4\ne\nf,5\n"g')
    assert texts(got) == ["a", "f"]
    assert [(record.number, record.reason) for record in got if record.document is None] == [
        (1, None),
        (3, "not CSV: a field goes on behind its closing quotation mark; within a field a quotation mark stands twice"),
        (4, None),
        (5, "has 3 fields where the header has 2"),
        (6, "has 1 field where the header has 2"),
        (8, "not CSV: a quotation mark that nothing closes"),
    ]
    *_, last = records(b'text,id\na,1\n"b,2\nc,3\nd,4\n')
    assert last.reason == "not CSV: a quotation mark that nothing closes, which takes the 2 lines behind it for one field"
    *_, last = records(b'text,id\na,1\n"b,2\nc,3\n')
    assert (last.reason or "").endswith("which takes the line behind it for one field")
    *_, broken, last = records(b'text\tid\n"Quoted in a table without quoting\t1\nb\t2\nc "d"\t3\ne\t4\n', "tsv")
    told = "a field goes on behind its closing quotation mark, and takes 3 lines for one row"
    assert (broken.reason, texts([last])) == (f"not CSV: {told}; within a field a quotation mark stands twice", ["e"])
    with pytest.raises(InputError, match="its first line says `sep=`, which is for spreadsheets only: delete that line"):
        records(b"sep=;\r\ntext;id\r\na;1\r\n")


def test_line_ends_of_old_say_what_to_do() -> None:
    (record,) = records(b"text,id\ra,1\rb,2\r")
    assert record.reason == "not CSV: a carriage return that no newline follows, outside of quotation marks (tr '\\r' '\\n')"


def test_delimiters() -> None:
    header, row = records(b"text;id\na,b;1\n")
    assert (header.note, row.note) == (None, "fields are separated by ';'")
    assert texts([row]) == ["a,b"]
    header, row = records(b'"a;b;c",text\n1,2\n')
    assert row.note is None
    assert texts([row]) == ["2"]
    header, row = records(b"text\tid\na,b;\t1\n", "tsv")
    assert (row.note, texts([row])) == (None, ["a,b;"])


def test_fields_of_a_table() -> None:
    data = b"\n \nID,Text,url,date\n7,a,http://www.x.example/1,2024-01-31\n,b,,\n"
    _, _, _, first, second = records(data)
    assert first.document is not None
    assert (first.document.id, first.document.site, first.document.date) == ("7", "x.example", "2024-01-31")
    assert second.document is not None
    assert (second.document.id, second.document.site, second.document.date) == ("in.csv:5", None, None)


def test_a_table_without_a_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"lacks a text field \(it has: a, b; name it with --text-field\)"):
        records(b"a,b\n1,2\n")
    with pytest.raises(InputError, match=r"\(it has: 1, (the tide ){4}the …; name it"):
        records(b"1," + b"the tide " * 5000 + b"\n2,b\n")  # no header: its names are texts
    with pytest.raises(InputError, match="lacks the field 'story'"):
        records(b"text,b\n1,2\n", fields=Fields(text="story"))
    got = records(b"text;b\n1\n1;2\n3;4\n", fields=Fields(site="paper"))
    told = "fields are separated by ';'; lacks 'paper', named by option"
    assert [record.note for record in got] == [None, None, told, None]  # of the first document, not of a row that is none


def test_an_empty_table_and_a_bare_header() -> None:
    assert records(b"") == []
    assert len(records(b"text,id")) == 1


def test_a_long_field_and_damage_behind_it() -> None:
    text = "a line, and another\n" * 50_000
    data = write([["id", "text"], ["1", text], ["2", "b"]]).encode()
    assert texts(records(data)) == [text, "b"]
    stream = io.BytesIO(gzip.compress(data[:-5]) + gzip.compress(data[-5:]))
    rows = read(Source("in", None, "csv", "gz"), Fields(), stream=stream, ids=Ids(), max_decompressed=len(data) - 2)
    assert next(rows).document is None
    assert texts([next(rows)]) == [text]
    with pytest.raises(InputError, match="damaged after record 2: is larger than allowed"):
        next(rows)


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("a,b\r\n", ["a", "b"]),
        ('"a,""b",\n', ['"a,""b"', ""]),
        ("", [""]),
        (",", ["", ""]),
        ('"a"b', []),
        ('"a', []),
        ('a"b,c', ['a"b', "c"]),
    ],
)
def test_cells(row: str, wanted: list[str]) -> None:
    assert [row[start:end] for start, end in find_cells(row, ",")] == wanted


def test_offsets_in_a_cell() -> None:
    assert cell_offsets('a"é"', "utf-8", "strict", [0, 1, 2, 3, 4], quoted=True) == [1, 2, 4, 6, 8]
    assert cell_offsets("aé", "utf-16-le", "strict", [0, 1, 2], quoted=False) == [0, 2, 4]
