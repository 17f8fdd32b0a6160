"""What is easily taken for text or for records and is neither."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.errors import InputError
from dedup.model import Record, Source
from dedup.reading import BinaryError, Fields, Ids, read
from dedup.reading.foreign import JSON_ARRAY, JSON_VALUES, NO_JSON_LINES

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
