from __future__ import annotations

import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Record, Source
from dedup.reading import BinaryError, Fields, Ids, read
from dedup.reading.literal import find_literal, literal_offsets

SURROGATES = st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF)
STRINGS = st.text(st.one_of(st.characters(), SURROGATES, st.sampled_from('"\\/\n\r\t\0é中😀\u2028')), max_size=20)
VALUES = st.recursive(
    st.one_of(STRINGS, st.sampled_from(["text", 'a"text', ':"']), st.integers(), st.floats(), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(STRINGS | st.just("text"), inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def literals(draw: st.DrawFn, text: st.SearchStrategy[str] = STRINGS) -> str:
    """A string as JSON may write it: each character plain, with a short escape or in hexadecimal of either case."""
    out = []
    for char in draw(text):
        ways = [json.dumps(char)[1:-1], json.dumps(char, ensure_ascii=False)[1:-1]]
        if char == "/":
            ways.append("\\/")
        units = char.encode("utf-16-be", "surrogatepass")
        codes = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
        ways += ["".join(f"\\u{code}" for code in codes), "".join(f"\\u{code.upper()}" for code in codes)]
        if "\ud800" <= char <= "\udfff":
            ways = ways[:1]
        out.append(draw(st.sampled_from(ways)))
    return '"' + "".join(out) + '"'


def records(data: bytes, fields: Fields | None = None, *, site: str | None = None, path_site: str | None = None) -> list[Record]:
    source = Source("in.jsonl", None, "jsonl", "", path_site, certain=True)
    got, bare = (
        list(read(source, fields or Fields(), stream=io.BytesIO(data), ids=Ids(), site=site, bare=bare)) for bare in (False, True)
    )
    assert b"".join(record.before + record.raw + record.after for record in got) == data
    assert list(map(_told, bare)) == list(map(_told, got))
    return got


def _told(record: Record) -> tuple[object, ...]:
    """What a record says, whether or not its bytes were asked for."""
    return repr(record.document), record.source, record.number, record.reason, record.note


def only(data: bytes, fields: Fields | None = None, **options: str | None) -> Record:
    (record,) = records(data, fields, **options)
    return record


def reason(data: bytes, fields: Fields | None = None) -> str | None:
    record = only(data, fields)
    assert record.document is None
    assert record.before == data
    return record.reason


@given(literals())
def test_offsets_of_a_literal_cut_what_they_name(literal: str) -> None:
    raw = literal.encode()
    text = json.loads(literal)
    offsets = literal_offsets(raw, text, range(len(text) + 1))
    assert offsets[0] == 1
    assert offsets[-1] == len(raw) - 1
    for at, char in enumerate(text):
        assert json.loads(b'"' + raw[offsets[at] : offsets[at + 1]] + b'"') == char
    some = list(range(0, len(text) + 1, 3))
    assert literal_offsets(raw, text, some) == [offsets[at] for at in some]


@given(
    st.lists(st.tuples(literals(st.sampled_from(["text", "te", 'a"text', "x", ""])), VALUES | literals()), max_size=5),
    literals(st.just("text")),
    literals(),
    st.sampled_from(["", " ", "\t "]),
)
@example([('"text"', 1)], '"te\\u0078t"', '"a"', "")
@example([('"x"', {"text": "no"})], '"text"', '"yes"', " ")
def test_the_last_value_at_the_top_is_found(others: list[tuple[str, object]], key: str, literal: str, space: str) -> None:
    members = [(name, json.dumps(value) if not isinstance(value, str) or value[:1] != '"' else value) for name, value in others]
    members.append((key, literal))
    line = space.join(["{", f"{space},".join(f"{name}{space}:{space}{value}" for name, value in members), "}"]).encode()
    assert json.loads(line)["text"] == json.loads(literal)
    span = find_literal(line, "text")
    assert span is not None
    assert line[span.start : span.end] == literal.encode()
    assert only(line).raw == literal.encode()


def test_a_later_value_that_is_no_string_hides_an_earlier_one() -> None:
    assert find_literal(b'{"text": "a", "text": 1}', "text") is None
    assert reason(b'{"text": "a", "text": 1}') == "the field 'text' is no string, but a number"


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30).map(lambda data: data.replace(b"\n", b"")),
            st.fixed_dictionaries({"text": STRINGS}, optional={"id": VALUES, "url": STRINGS}).map(
                lambda d: json.dumps(d).encode()
            ),
        ),
        max_size=6,
    ),
    st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_any_lines_pass_through_whole(lines: list[bytes], end: bytes, bom: bytes) -> None:
    data = bom + end.join([b'{"text": "first"}', *lines])
    try:
        got = records(data)
    except BinaryError:
        return
    for record in got:
        if record.document is not None and record.byte_offsets is not None:
            length = len(record.document.text)
            assert record.byte_offsets([0, length]) == [1, len(record.raw) - 1]


def test_line_ends_marks_and_blank_lines_stay_where_they_are() -> None:
    first, blank, last = records(b'\xef\xbb\xbf{"text":"a"}\r\n \r\n{"text":"b"}')
    assert (first.before, first.raw, first.after, first.number) == (b'\xef\xbb\xbf{"text":', b'"a"', b"}\r\n", 1)
    assert (blank.document, blank.reason, blank.before, blank.number) == (None, None, b" \r\n", 2)
    assert (last.after, last.number) == (b"}", 3)


def test_lines_end_with_a_newline_only() -> None:
    (record,) = records('{"text":"a\u2028b\u0085c"}'.encode())
    assert record.document is not None
    assert record.document.text == "a\u2028b\u0085c"


def test_what_the_fast_library_refuses_the_other_one_reads() -> None:
    record = only(b'{"x": NaN, "y": -Infinity, "text": "a\\ud800b", "z": 1' + b"0" * 5000 + b"}")
    assert record.document is not None
    assert record.document.text == "a\ud800b"
    assert record.byte_offsets is not None
    assert record.byte_offsets([1, 2, 3]) == [2, 8, 9]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"null", "is no JSON object, but null"),
        (b'{"text": 1}', "the field 'text' is no string, but a number"),
        (b'{"text": null}', "the field 'text' is no string, but null"),
        (b'{"text": []}', "the field 'text' is no string, but a list"),
        (b'{"text": ["a", 1]}', "the field 'text' is no string, but a list"),
        (
            b'{"body": ["a", "b"]}',
            "the field 'body' is no string, but a list (jq -c '.body |= join(\"\\n\\n\")' makes one text of it)",
        ),
        (b'{"article": {"n": 1}}', "the field 'article' is no string, but an object"),
        (b'{"article": {"a b": "c"}}', "the field 'article' is no string, but an object"),
        (
            b'{"body": {"id": "a", "t": "b"}}',
            "the field 'body' is no string, but an object: the text must stand at the top of a record (jq -c '.text = .body.id')",
        ),
        (b'{"text": "a', "not JSON: Unterminated string starting at at character 10"),
        (b'{"text": "a\tb"}', "not JSON: Invalid control character at at character 12"),
        (b'{"text": "a\xff"}', "not UTF-8 at byte 12 of the line"),
        (b'{"a": 1, "b": 2}', "lacks a text field (it has: a, b; name it with --text-field)"),
        (b"{}", "lacks a text field (it has: none; name it with --text-field)"),
        (b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_what_is_no_record_says_why(line: bytes, why: str) -> None:
    assert reason(line) == why


def test_a_line_may_be_a_list_where_others_follow() -> None:
    assert [record.reason for record in records(b"[1]\n[]\n")] == ["is no JSON object, but a list"] * 2


@pytest.mark.parametrize("digits", [4000, 4001, 5000])
def test_a_long_number_is_an_id_digit_by_digit(digits: int) -> None:
    found = records(b"".join(b'{"id": %s%d, "text": "a"}\n' % (b"9" * (digits - 1), last) for last in (7, 8)))
    assert [record.document and record.document.id for record in found] == ["9" * (digits - 1) + last for last in "78"]
    assert reason(b'{"text": %s}' % (b"9" * digits)) == "the field 'text' is no string, but a number"


def test_a_field_named_by_the_user_is_the_only_one_looked_for() -> None:
    line = b'{"text": "a", "story": "b"}'
    assert reason(line, Fields(text="x")) == "lacks the field 'x' (it has: text, story; name it with --text-field)"
    assert only(line, Fields(text="story")).raw == b'"b"'
    record = only(line, Fields(site="paper"))
    assert record.document is not None
    assert record.note == "lacks 'paper', named by option"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"id": "a b"}, "a b"),
        ({"id": 7}, "7"),
        ({"id": 12345678901234567890123}, "12345678901234567890123"),
        ({"id": 1.5}, "1.5"),
        ({"id": [1, "é"]}, '[1, "é"]'),
        ({"id": True}, "true"),
        ({"id": ""}, "in.jsonl:1"),
        ({"id": None, "doc_id": "x"}, "x"),
        ({}, "in.jsonl:1"),
    ],
)
def test_ids(values: dict[str, object], wanted: str | None) -> None:
    record = only(json.dumps({**values, "text": "a"}).encode())
    assert record.document is not None
    assert record.document.id == wanted


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({}, "folder"),
        ({"site": "A"}, "A"),
        ({"site": "", "url": "http://b.example/x"}, "b.example"),
        ({"site": ""}, None),
        ({"url": "https://www.Example.com:8080/a?b"}, "example.com"),
        ({"url": "example.com./a"}, "example.com"),
        ({"url": "//cdn.example/a"}, "cdn.example"),
        ({"url": "http://[broken"}, None),
        ({"url": "no host"}, None),
        ({"url": None}, None),
    ],
)
def test_sites(values: dict[str, object], wanted: str | None) -> None:
    line = json.dumps({**values, "text": "a"}).encode()
    record = only(line, path_site="folder")
    assert record.document is not None
    assert record.document.site == wanted
    record = only(line, path_site="folder", site="all")
    assert record.document is not None
    assert record.document.site == "all"


def test_date_and_title() -> None:
    record = only(b'{"text": "a", "published": 20240131, "headline": "T", "date": null}')
    assert record.document is not None
    assert (record.document.date, record.document.title) == ("20240131", "T")


def test_repeated_ids_are_numbered_and_counted() -> None:
    ids = Ids()
    assert [ids.unique(name) for name in ["a", "a~2", "a", "b", "a", "\ud800"]] == ["a", "a~2", "a~3", "b", "a~4", "\ud800"]
    assert ids.repeated == 2


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(BinaryError):
        records(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_records_in_wide_characters_are_refused_by_the_name_of_their_encoding(encoding: str) -> None:
    with pytest.raises(InputError, match=encoding[:6].upper()):
        records('\ufeff{"text": "a"}\n{"text": "b"}\n'.encode(encoding))


def test_a_long_line_is_read_in_linear_time() -> None:
    text = '\\"\\\\' * 500_000
    line = b'{"meta": ' + b'[{"text": "\\""}],' * 1 + b' "text": "' + text.encode() + b'"}'
    line = line.replace(b"],", b"], ", 1)
    record = only(line)
    assert len(record.raw) == len(text) + 2


def test_several_records_in_one_line_say_what_to_do() -> None:
    (several,) = records(b'{"text": "a"} {"text": "b"}\n')
    assert several.reason == "not JSON: Extra data at character 15 (several records in one line: jq -c . makes a line of each)"
    (comma,) = records(b'{"text": "a"},\n')
    assert comma.reason == "not JSON: Extra data at character 14"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_say_what_to_do(encoding: str) -> None:
    name = encoding.upper()
    with pytest.raises(InputError) as caught:
        records('{"text": "a"}\n'.encode(encoding))
    assert caught.value.reason == f"is {name}; JSON Lines are read as UTF-8 only (iconv -f {name} -t UTF-8)"
