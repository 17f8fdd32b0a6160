"""What is easily taken for text or for records and is neither."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Record, Source
from dedup.reading import BinaryError, Fields, Ids, read
from dedup.reading.foreign import (
    ARROW,
    HTML,
    JSON_ARRAY,
    JSON_LINES,
    JSON_SEQUENCE,
    JSON_VALUES,
    MAIL,
    NO_JSON_LINES,
    RTF,
    TABLE,
    WARC,
    XML,
    is_arrow,
    is_html,
    why_no_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done, Kiosk

OBJECT = {"id": "a", "text": 'One {line} of "text", and a [bracket.\n\nAnother\\', "tags": [], "meta": {}}


def records(data: bytes, *, certain: bool = False, any_bytes: bool = False) -> list[Record]:
    source = Source("a.json", None, "jsonl", certain=certain)
    return list(read(source, Fields(), stream=io.BytesIO(data), ids=Ids(), any_bytes=any_bytes))


def refused(data: bytes, *, any_bytes: bool = False) -> str:
    """Why this is refused, however it is called."""
    with pytest.raises(BinaryError) as doubtful:
        records(data, any_bytes=any_bytes)
    with pytest.raises(InputError) as certain:
        records(data, certain=True, any_bytes=any_bytes)
    assert not isinstance(certain.value, BinaryError)
    assert doubtful.value.reason == certain.value.reason
    return certain.value.reason


@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n", "\ufeff\r\n"])
def test_json_over_several_lines(before: str) -> None:
    for data in (
        json.dumps(OBJECT, indent=2),
        json.dumps(OBJECT, indent=0).replace("\n", "\r\n"),
        json.dumps(OBJECT, indent="\t") + "\n" + json.dumps(OBJECT, indent="\t"),
        '{"meta": {\n"a": 1}, "text": "x"}',
        '{"a": [{\n\n"b": 1}], "text": "x"}',
        '{ "a": [\n1, 2], "text": "x"}',
    ):
        assert refused((before + data).encode()) == JSON_VALUES
        assert refused((before + data).encode(), any_bytes=True) == JSON_VALUES  # the cleaned twin would have been refused, too


@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n"])
def test_one_array(before: str) -> None:
    lines = ",\n".join([json.dumps(OBJECT)] * 3)
    for data in (json.dumps([OBJECT]), json.dumps([OBJECT, OBJECT], indent=1), f"[{lines}]\n", f"[\n{lines}\n]", "[]\n\n", "[1,"):
        assert refused((before + data).encode()) == JSON_ARRAY


STRINGS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('"\\/[]{},:\n')), max_size=8)
VALUES = st.recursive(
    st.one_of(STRINGS, st.integers(), st.floats(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STRINGS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(STRINGS, VALUES, max_size=3)


@given(st.lists(OBJECTS, max_size=4), st.sampled_from(["\n", "\r\n", "\n\n", " \n\t"]), st.booleans())
def test_any_records_on_lines_of_their_own_are_let_in(objects: list[object], end: str, certain: bool) -> None:
    data = "".join(json.dumps(one, ensure_ascii=False) + end for one in objects).encode()
    assert b"".join(record.before + record.raw + record.after for record in records(data, certain=certain)) == data


@given(OBJECTS.filter(bool), st.lists(VALUES, max_size=3), st.sampled_from([0, 1, "\t"]), st.sampled_from(["", "\n", "\r\n"]))
def test_any_other_json_is_refused(one: object, several: list[object], indent: int | str, end: str) -> None:
    assert refused((json.dumps(one, indent=indent, ensure_ascii=False) + end).encode()) == JSON_VALUES
    for layout in (None, indent):
        assert refused((json.dumps(several, indent=layout) + end).encode()) == JSON_ARRAY


def test_records_with_long_numbers_are_known() -> None:
    assert why_no_words(b'{"id": %s, "text": "The kiosk opens on Friday."}\n{"id": 2}\n' % (b"9" * 5000)) == JSON_LINES


def test_records_behind_control_characters_are_told_of() -> None:
    assert refused(b'\x1e{"text": "The kiosk opens on Friday."}\n') == JSON_SEQUENCE
    assert refused(b"\n\x1e[]\n\x1e{}\n") == JSON_SEQUENCE


def test_lines_are_read_as_ever(kiosk: Kiosk) -> None:
    one = json.dumps(OBJECT).encode()
    for data in (one, one + b"\n" + one, b"\xef\xbb\xbf\n" + one + b"\r\n", b"", b"\n\n", b"{}\n", kiosk.jsonl(3)):
        for certain in (True, False):
            got = records(data, certain=certain)
            assert b"".join(record.before + record.raw + record.after for record in got) == data
            assert [record.number for record in got] == list(range(1, len(got) + 1))


@pytest.mark.parametrize(
    "damaged",
    [
        b'{"text": "a, and then the',  # in a string no line ends
        b'{"id": 1,',  # after which no `{` may stand
        b'{"id": 1, "text":',
        b'{"text": "a"',
        b"{",
        b'[{"text": "a"}]',  # a record that is a list, as others follow
        b"[1] a footnote",
    ],
)
def test_a_damaged_first_record_spoils_no_other(damaged: bytes) -> None:
    data = damaged + b'\n\n{"text": "b"}\n'
    got = records(data, certain=True)
    assert [record.document.text for record in got if record.document] == ["b"]
    assert got[0].reason is not None
    assert b"".join(record.before + record.raw + record.after for record in got) == data


def test_what_is_no_json_may_be_called_so() -> None:
    for data in (b"17", b'"a text"', b"// settings\n{}", b"null\n", b"[see below", b"a,b\n1,2\n"):
        with pytest.raises(BinaryError) as error:
            records(data)
        assert error.value.reason == NO_JSON_LINES
        assert all(record.reason for record in records(data, certain=True)) or data[:1] == b"/"


def test_a_damaged_stream_is_told_of_once_its_records_are_given() -> None:
    for lines in (1, 2, 30):
        whole = b'{"text": "abc"}\n' * lines
        got: list[Record] = []
        packed = gzip.compress(whole)[:-9]
        with pytest.raises(InputError, match=f"damaged after record {lines}: the gz data is cut off"):
            got.extend(read(Source("a.json", None, "jsonl"), Fields(), stream=io.BytesIO(packed), ids=Ids()))
    with pytest.raises(InputError, match="gz data is cut off"):
        list(read(Source("a.json", None, "jsonl"), Fields(), stream=io.BytesIO(gzip.compress(b"[1, 2]")[:-9]), ids=Ids()))


def make_tree(kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.json").write_bytes(kiosk.jsonl(3))
    Path("in/b.json.gz").write_bytes(gzip.compress(kiosk.jsonl(2)))
    Path("in/one.json").write_text(json.dumps({"id": "one", "text": kiosk.article}))
    Path("in/array.json").write_text(json.dumps([{"text": kiosk.article}]))
    Path("in/pretty.json").write_text(json.dumps({"text": kiosk.article}, indent=2))


def test_a_tree_with_json(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_tree(kiosk)
    done = dedup("clean", "in", "-o", "out", "--report", "r")
    assert done.status == 0
    assert {path.name for path in Path("out").iterdir()} == {"a.json", "b.json.gz", "one.json"}
    assert f"1 passed over, such as array.json: {JSON_ARRAY}" in done.err
    assert f"1 passed over, such as pretty.json: {JSON_VALUES}" in done.err
    entries = [json.loads(line) for line in Path("r").read_text().splitlines()]
    assert [e["source"] for e in entries if e["kind"] == "skipped"] == ["array.json", "pretty.json"]
    assert entries[-1]["counts"]["skipped_expected"] == 2
    assert entries[-1]["counts"]["documents"] == 6
    cleaned = [json.loads(line) for line in Path("out/a.json").read_text().splitlines()]
    assert [record["text"] for record in cleaned] == [kiosk.kept] * 3
    assert dedup("restore", "out", "-o", "back", "--report", "r").status == 0
    for name in ("a.json", "one.json"):
        assert Path("back", name).read_bytes() == Path("in", name).read_bytes()
    assert gzip.decompress(Path("back/b.json.gz").read_bytes()) == kiosk.jsonl(2)


def test_json_in_place_and_back(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_tree(kiosk)
    before = {path: path.read_bytes() for path in Path("in").iterdir()}
    assert dedup("clean", "in", "--in-place", "--report", "r").status == 0
    assert Path("in/array.json").read_bytes() == before[Path("in/array.json")]
    assert dedup("restore", "in", "--in-place", "--report", "r").status == 0
    for path, old in before.items():
        assert (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()) == (
            gzip.decompress(old) if path.suffix == ".gz" else old
        )


@pytest.mark.parametrize("command", ["find", "filter", "learn"])
def test_the_other_commands_tell_of_json_too(dedup: Callable[..., Done], kiosk: Kiosk, command: str) -> None:
    make_tree(kiosk)
    more = {"learn": ["-o", "p"], "filter": ["-o", "out"], "find": ["--report", "r"]}[command]
    done = dedup(command, "in", *more)
    assert done.status == 0
    assert f"such as array.json: {JSON_ARRAY}" in done.err
    assert "array.json" not in dedup(command, "in", *more, "-q", "--force").err
    if command == "find":
        assert b"  2 files passed over: hidden, no text" in done.out


def test_json_that_was_named_or_piped(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_tree(kiosk)
    for name, reason in (("array", JSON_ARRAY), ("pretty", JSON_VALUES)):
        path = Path(f"in/{name}.json")
        for command in (["clean"], ["find"], ["explain"], ["filter"]):
            done = dedup(*command, path)
            assert (done.status, done.out.count(b"Elder")) == (2, 0)
            assert f"{path}: {reason}" in done.err
        piped = dedup("clean", given=path.read_bytes())
        assert (piped.status, piped.out) == (2, b"")
        assert piped.err.endswith(f"dedup: -: {reason}\n")
        for done in (dedup("clean", path, "--format", "text"), dedup("clean", "--format", "text", given=path.read_bytes())):
            assert done.status == 0
            assert b"Kiosk on Elder Square" in done.out
    assert dedup("clean", given=b"[Photo: a kiosk]\n\nA text.\n").out == b"[Photo: a kiosk]\n\nA text.\n"


PAGE = b"<html><head><title>Kiosk</title></head><body><p>The kiosk opens on Friday.</p></body></html>\n"


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        b"<!DOCTYPE html>\n" + PAGE,
        b"\xef\xbb\xbf\r\n \t<!doctype HTML PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'>\n" + PAGE,
        b"<?xml version='1.0'?>\n<!-- saved from url=(0014)about:internet -->\n\n<!-- <p> -->\n" + PAGE,
        b'<HTML lang="en">',
        b"<html",
        ("\ufeff<!DOCTYPE html>" + PAGE.decode()).encode("utf-16-le"),
        ("\ufeff" + PAGE.decode()).encode("utf-16-be"),
        ("\ufeff" + PAGE.decode()).encode("utf-32"),
    ],
)
def test_pages_are_known(page: bytes) -> None:
    assert is_html(page)
    with pytest.raises(BinaryError, match="is HTML"):
        list(read(Source("a", None, "text"), Fields(), stream=io.BytesIO(page), ids=Ids()))
    for source, any_bytes in ((Source("a", None, "text", certain=True), False), (Source("a", None, "text"), True)):
        (record,) = read(source, Fields(), stream=io.BytesIO(page), ids=Ids(), any_bytes=any_bytes)
        assert record.raw == page


def test_texts_are_no_pages() -> None:
    for text in (
        b"",
        b"A text on <html> and <!doctype html>",
        b"<p>A paragraph</p>",
        b"<htmlish>",
        b"<!doctype xml>",
        b"<!-- a comment that nobody ends <html>",
        b"<?xml version='1.0'?><rss/>",
        b"<!--" + b"-->\n<!--" * 2000 + b"--><p>",  # in no time that grows with the power of its comments
    ):
        assert not is_html(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n", WARC),
        (b"\r\nWARC/1.1\nWARC-Type: conversion\n", WARC),
        (b"<?xml version='1.0'?><rss/>", XML),
        (b'\xef\xbb\xbf\n<?xml version="1.0" encoding="UTF-8"?>\n<mediawiki>', XML),
        ('\ufeff<?xml version="1.0" encoding="UTF-16"?><feed/>'.encode("utf-16-le"), XML),
        (b'<doc id="12" url="?curid=12" title="Kiosk">\nKiosk\n\nIt opens on Friday.\n</doc>\n', XML),
        (b"\n<DOC>\n<DOCNO> 1 </DOCNO>\n", XML),
        (b"{\\rtf1\\ansi The kiosk opens on Friday.}", RTF),
        (b'[{"id": 1, "text": "The kiosk opens on Friday."}, {"id": 2}]', JSON_ARRAY),
        (b'\xef\xbb\xbf\n[\r\n {\r\n  "text": "The kiosk opens on Friday."\r\n }\r\n]\r\n', JSON_ARRAY),
        (b'\x1e{"id": 1, "text": "The kiosk opens on Friday."}\n\x1e{"id": 2}\n', JSON_SEQUENCE),
        (b'\xef\xbb\xbf\x1e\n{\n "text": "The kiosk opens on Friday."\n}\n', JSON_SEQUENCE),
        (b'{\n "cells": [\n  {"source": "The kiosk opens on Friday."}\n ]\n}\n', JSON_VALUES),
        (b"From ada@post.example Fri Mar  1 09:00:00 2024\nFrom: Ada <ada@post.example>\nSubject: Kiosk\n\nIt opens.\n\n", MAIL),
        (b"From - Fri Mar 01 09:00:00 2024\r\nX-Mozilla-Status: 0001\r\n\r\nIt opens.\r\n", MAIL),
        (b"From ada at post.example  Fri Mar  1 9:00:00 2024\n>From x\nDate: Fri, 1 Mar 2024\n\nIt opens.\n", MAIL),
        (b"Received: from a.example\n\tby b.example; Fri, 1 Mar 2024\nSubject: Kiosk\n\nIt opens.\n", MAIL),
        (b"\xef\xbb\xbfSubject: Kiosk\r\nMIME-Version: 1.0\r\n\r\nIt opens.\r\n", MAIL),
        (b"1042      \nReturn-Path: <ada@post.example>\nmessage-id: <1@post.example>\n\nIt opens.\n", MAIL),
    ],
)
def test_what_holds_texts_is_none(dedup: Callable[..., Done], kiosk: Kiosk, data: bytes, reason: str) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in/b.warc.wet.gz").write_bytes(gzip.compress(data))
    Path("in/c").write_bytes(data)
    done = dedup("clean", "in", "-o", "out")
    assert (done.status, [path.name for path in Path("out").iterdir()]) == (0, ["a.txt"])
    assert f"2 passed over, such as b.warc.wet.gz: {reason}" in done.err
    assert dedup("clean", "in/c").err == f"dedup: in/c: {reason}\n"
    assert dedup("clean", "-q", given=data).err == f"dedup: -: {reason}\n"
    assert dedup("clean", "--format", "text", "in/c").out == data


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": 1, "text": "The kiosk opens on Friday."}\n{"id": 2, "text": "It does not."}\n',
        b'\xef\xbb\xbf\n{ "text": "a"}\r\n\r\n{"text": "b"}\r\n',
        b'{"text": "The kiosk opens on Friday."}',
        b'{"text": "' + b"The kiosk opens on Friday. " * 4000 + b'"}\n',
    ],
)
def test_records_under_another_name_are_no_text(dedup: Callable[..., Done], kiosk: Kiosk, data: bytes) -> None:
    """Of two equal records one was cut as a repeated line."""
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in/dump.gz").write_bytes(gzip.compress(data))
    Path("in/part-00000").write_bytes(data)
    done = dedup("clean", "in", "-o", "out")
    assert (done.status, [path.name for path in Path("out").iterdir()]) == (0, ["a.txt"])
    assert f"2 passed over, such as dump.gz: {JSON_LINES}" in done.err
    assert dedup("clean", "in/dump.gz").err == f"dedup: in/dump.gz: {JSON_LINES}\n"
    assert dedup("clean", "--format", "text", "in/part-00000").out == data
    for name in ("part-00000", "dump.gz"):
        assert dedup("clean", "--format", "jsonl", f"in/{name}", "--report", "r", "--force").out == data
        assert '"kind": "document", "document": ' in Path("r").read_text()


@pytest.mark.parametrize(
    "data", [b'id,text\n1,"The kiosk opens."\n', b'\xef\xbb\xbf"url"\t"Body"\r\nx\ty\r\n', b"article;label\na;b\n"]
)
def test_rows_under_another_name_are_no_text(dedup: Callable[..., Done], data: bytes) -> None:
    Path("table.txt").write_bytes(data)
    for done in (dedup("clean", "table.txt"), dedup("clean", given=data)):
        assert (done.status, done.out) == (2, b"")
        assert done.err.endswith(f": {TABLE}\n")
    assert dedup("clean", "--format", "text", "table.txt").out == data
    assert dedup("clean", "--format", "csv", "table.txt").status == 0


def test_texts_hold_no_texts() -> None:
    for text in (b'[{"a quote"}]\n', b'[{Photo: "a kiosk"}]\n', b'{\n"A quote", in braces\n}\n', b"[{]\n", b'["a", "b"]\n'):
        assert why_no_words(text) is None
    for text in (b'{"a": 1}\nAn article.\n', b'{"a": [\n1]}\n', b'{"Quoted", in braces}\n', b"{}\n", b'{"a": 1\n{"b": 2}\n'):
        assert why_no_words(text) is None
    for text in (
        b"",
        b"WARC/1.0 is a format of web archives.\n",
        b"From: Ada Berg\nTo: Elder Post\nSubject: The kiosk\n\nThe mail that the paper has seen is short.\n",
        b"Keywords: kiosks\nReceived: 12 May 2024\nAccepted: 3 June 2024\n\nKiosks and their tenants\n",
        b"From Friday at 9:00 the kiosk is open.\nTenant: Ada Berg\n\nIt was closed for two years.\n",
        b"Message-ID: <1@post.example>\n\nOne line is no head of a mail.\n",
        b"a: b\n" * 20_000,
        b"<?xml",
        b"{\\rt",
        b"<?xml-stylesheet?>",
        b"<docs>",
        b"<doc",
        b"What? {x}",
        b"Text, and what it says\n",
        b"text,body",
        b"text\nbody\n",
        b"harbour,island\n",
        b"text,island;theatre\n",
    ):
        assert why_no_words(text) is None


def make_pages(kiosk: Kiosk) -> None:
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    Path("in/b.txt").write_bytes(PAGE)
    Path("in/page.html").write_bytes(b"<!doctype html>\n" + PAGE * 2000)  # too long to be read at once
    Path("in/page.html.gz").write_bytes(gzip.compress(PAGE))
    record = {"id": "r", "text": PAGE.decode()}
    Path("in/fields.jsonl").write_text(json.dumps(record) + "\n")


def test_pages_in_a_tree_are_passed_over_and_told_of(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_pages(kiosk)
    done = dedup("clean", "in", "-o", "out", "--report", "r")
    assert done.status == 0
    assert {path.name for path in Path("out").iterdir()} == {"a.txt", "fields.jsonl"}
    assert Path("out/fields.jsonl").read_bytes() == Path("in/fields.jsonl").read_bytes()
    assert f"3 passed over, such as b.txt: {HTML}" in done.err
    entries = [json.loads(line) for line in Path("r").read_text().splitlines()]
    assert {e["source"]: e["reason"] for e in entries if e["kind"] == "skipped"} == dict.fromkeys(
        ("b.txt", "page.html", "page.html.gz"), HTML
    )
    found = dedup("find", "in")
    assert f"3 passed over, such as b.txt: {HTML}" in found.err
    assert b"  3 files passed over: hidden, no text" in found.out


def test_pages_stay_as_they_are_in_place_and_back(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_pages(kiosk)
    before = {path: path.read_bytes() for path in Path("in").iterdir()}
    assert dedup("clean", "in", "--in-place", "--report", "r").status == 0
    restored = dedup("restore", "in", "--in-place", "--report", "r")
    assert (restored.status, restored.err) == (0, "dedup: 2 documents restored\n")
    assert {path: path.read_bytes() for path in Path("in").iterdir()} == before


def test_pages_that_were_named_or_piped(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_pages(kiosk)
    for name in ("b.txt", "page.html", "page.html.gz"):
        for command in ("clean", "find", "explain", "filter"):
            done = dedup(command, f"in/{name}")
            assert (done.status, b"kiosk" in done.out.lower()) == (2, False)
            assert f"in/{name}: {HTML}" in done.err
    piped = dedup("clean", given=PAGE)
    assert (piped.status, piped.out, piped.err) == (2, b"", f"dedup: -: {HTML}\n")
    assert dedup("clean", "--format", "text", given=PAGE).out == PAGE
    assert dedup("clean", "--format", "text", "in/b.txt").out == PAGE


def test_pages_that_were_cleaned_as_text_are_restored_without_saying_so(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    page = b"<html>\n" + kiosk.article.encode() + b"</html>\n"
    Path("page.html").write_bytes(page)
    assert dedup("clean", "page.html", "--format", "text", "-o", "out.html", "--report", "r").status == 0
    assert len(Path("out.html").read_bytes()) < len(page)
    restored = dedup("restore", "out.html", "--report", "r")
    assert (restored.status, restored.out) == (0, page)


def arrow(*, stream: bool) -> bytes:
    """A table, as Hugging Face's `datasets` keeps it (a stream), or as a file."""
    pyarrow = pytest.importorskip("pyarrow")
    ipc = pytest.importorskip("pyarrow.ipc")
    table = pyarrow.table({"text": ["The kiosk opens on Friday."] * 3})
    sink = pyarrow.BufferOutputStream()
    with (ipc.new_stream if stream else ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


@pytest.mark.parametrize("stream", [True, False])
def test_arrow_is_named(dedup: Callable[..., Done], kiosk: Kiosk, stream: bool) -> None:
    data = arrow(stream=stream)
    assert is_arrow(data)
    Path("in").mkdir()
    Path("in/a.txt").write_text(kiosk.article)
    for name in ("data-00000.arrow", "data-00001.arrow"):
        Path("in", name).write_bytes(data)
    done = dedup("clean", "in", "-o", "out")
    assert (done.status, [path.name for path in Path("out").iterdir()]) == (0, ["a.txt"])
    assert f"2 passed over, such as data-00000.arrow: {ARROW}" in done.err
    for named in (dedup("clean", "in/data-00000.arrow"), dedup("clean", "in/data-00000.arrow", "--format", "text")):
        assert (named.status, named.err) == (2, f"dedup: in/data-00000.arrow: {ARROW}\n")
    assert dedup("clean", given=data).err == f"dedup: -: {ARROW}\n"


def test_other_binaries_are_no_arrow() -> None:
    for data in (b"", b"\xff" * 4, b"\xff" * 400, b"\xff\xff\xff\xff\x08\0\0\0", b"ARROW", b"\xff\xff\xff\xff" + bytes(40)):
        assert not is_arrow(data)
    with pytest.raises(BinaryError, match="is binary, not text"):
        list(read(Source("a", None, "text"), Fields(), stream=io.BytesIO(b"\xff" * 4 + bytes(40)), ids=Ids()))


def test_explain_says_why_a_page_is_no_document(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    make_pages(kiosk)
    done = dedup("explain", "in", "--document", "b.txt")
    assert done.status == 2
    assert f"dedup: b.txt: {HTML}\n" in done.err
    assert done.err.count("b.txt") == 1
    assert "no document of the inputs has this id" in dedup("explain", "in", "--document", "c.txt").err
