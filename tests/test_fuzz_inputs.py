"""Arbitrary bytes as inputs: nothing crashes or hangs, nothing is passed over in silence, and `restore` gives back every byte.

`DEDUP_FUZZ=100000 pytest tests/test_fuzz_*.py` tries so many in all, others each time; by default it is some two thousand, always
the same.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Source
from dedup.reading import Fields, Ids, read
from dedup.reading.compression import open_read, sniff
from dedup.reading.decompress import load_zstd
from dedup.text import normal, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from conftest import Done

    from dedup.model import Record

FORMATS = ("text", "jsonl", "csv", "tsv")
KINDS = ("gz", "bz2", "xz", "zst")

LINES = st.sampled_from(
    [
        "Related articles",
        "© 2025 The Fuzz Post. All rights reserved",
        "The ferry was late again on Monday, because nobody had told the captain that the clocks had been put back.",
        "The ferry was late again on Monday because nobody told the captain that the clocks had been put back by an hour.",
        "Share",
        "Read more",
        "Yes.",
        "ΣΑΝ ÄÖ й",
        "渡船又晚點了，因為沒有人告訴船長。",
        "one\u2028two\u0085three\x0bfour\x0cfive",
        "\u2028\u0085\x0b\x0c",
        "e\u0301\u200b\u00ad\ufeff",
        '"quoted, and ""twice"""',
        "a,b;c\td|e",
        "\x00\x1b[2J",
        "😀" * 3,
        "x" * 300,
        "",
    ]
)
ENDS = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "", " ", "\n \n"])
TEXTS = st.lists(st.tuples(LINES | st.text(max_size=30), ENDS).map("".join), max_size=14).map("".join)
SEEDS = [
    b'{"text": "A line.\\n", "id": 1}\n',
    b'{"id": null, "url": "http://[::1", "text": "\\ud83d"}\n',
    b'{"text": "a", "text": "b"}\n',
    b'{\n "text": "a\\nb",\n "id": 1\n}\n',
    b'{"id": 1,\n{"text": "b"}\n',
    b'[\n{"text": "a"},\n{"text": "b"}\n]\n',
    b'[{"text": "a"}]\n',
    b'{"te\\u0078t": "\\u00e9\\n\\/"}\r\n',
    b'{"text": {"text": "x"}, "content": "y"}\n',
    b"[" * 3000 + b"\n",
    b'{"a":' * 3000 + b"\n",
    b'{"text": "x", "n": ' + b"9" * 5000 + b"}\n",
    b'{"text": "x", "n": NaN, "m": 1e999}\n',
    b'\xef\xbb\xbf{"text": "x"}\n',
    b'id,text\n1,"a ""b"" c\nd"\n2,x,y\n3,"open\n',
    b"text;id\n\n\x00;1\n",
    b"\xff\xfet\0e\0x\0t\0\n\0a\0\n\0",
    b"\xfe\xff\0a\0\n\xd8\x3d",
    b"\0\0\xfe\xff\0\0\0a",
    b"\xc3\xa9\xc3",
    b"caf\xe9 na\xefve\n",
    b"\x82\xa0\x82\xa2\n",
    b"\x1f\x8b\x08\x00",
    b"PAR1",
    b"<!DOCTYPE html>\n<p>Share\n",
    b"<?xml version='1.0'?><!-- --><html>",
    b"\x28\xb5\x2f\xfd",
]


@st.composite
def mutated(draw: st.DrawFn, base: st.SearchStrategy[bytes]) -> bytes:
    """Bytes with some of them cut out, doubled, put in or changed."""
    data = bytearray(draw(base))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        size = draw(st.integers(0, 12))
        how = draw(st.sampled_from(["cut", "put", "change", "double", "end"]))
        if how == "cut":
            del data[at : at + size]
        elif how == "put":
            data[at:at] = draw(st.binary(max_size=12))
        elif how == "change" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        elif how == "double":
            data[at:at] = data[at : at + 40]
        elif how == "end":
            del data[at:]
    return bytes(data)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """JSON Lines or CSV, mostly well made."""
    texts = draw(st.lists(TEXTS, max_size=5))
    if draw(st.booleans()):
        escaped = draw(st.booleans())
        lines = [json.dumps({"id": n % 2, "text": text}, ensure_ascii=escaped) + "\n" for n, text in enumerate(texts)]
    else:
        lines = ["id,text\n", *('{},"{}"\n'.format(n, text.replace('"', '""')) for n, text in enumerate(texts))]
    return "".join(lines).encode("utf-8", "surrogatepass")


ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030"])
ENCODED = st.builds(lambda text, encoding: text.encode(encoding, "ignore"), TEXTS, ENCODINGS)
PLAIN = st.binary(max_size=200) | ENCODED | records() | st.lists(st.sampled_from(SEEDS), max_size=4).map(b"".join)
DATA = mutated(PLAIN)


def pack(kind: str, data: bytes) -> bytes:
    makers: dict[str, Callable[[bytes], Any]] = {
        "gz": lambda b: gzip.compress(b, 1, mtime=0),
        "bz2": lambda b: bz2.compress(b, 1),
        "xz": lambda b: lzma.compress(b, preset=0),
        "zst": load_zstd().compress,
    }
    return bytes(makers[kind](data))


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Compressed members one after the other, some of them damaged or cut off, with padding or garbage behind."""
    kind = draw(st.sampled_from(KINDS))
    members = [pack(draw(st.sampled_from([kind, kind, kind, *KINDS])), draw(PLAIN)) for _ in range(draw(st.integers(1, 3)))]
    whole = b"".join(members) + draw(st.sampled_from([b"", b"", b"\0" * 8, b"garbage"]))
    return draw(mutated(st.just(whole)))


def read_all(data: bytes, form: Any, *, certain: bool = True) -> tuple[list[Record], str | None]:  # noqa: ANN401 (a format)
    """What can be read, and why it ends before its end; `certain`: the format was named."""
    got: list[Record] = []
    try:
        got.extend(read(Source("-", None, form, certain=certain), Fields(), stream=io.BytesIO(data), ids=Ids()))
    except InputError as error:
        return got, error.reason
    return got, None


def joined(got: list[Record]) -> bytes:
    return b"".join(record.before + record.raw + record.after for record in got)


@tried(0.25)
@given(data=DATA, form=st.sampled_from(FORMATS))
def test_what_is_read_is_all_that_was_there(data: bytes, form: str) -> None:
    got, reason = read_all(data, form)
    if reason is None and data[:2] != b"\x1f\x8b":
        assert joined(got) == data
    for record in got:
        document = record.document
        if document is None:
            # blank lines and the header are records of nothing; all else says why it is none
            assert record.reason is not None or not record.before.removeprefix(b"\xef\xbb\xbf").strip() or form in {"csv", "tsv"}
            continue
        spans = paragraphs.split(document.text)
        ends = [0, *(span.end for span in spans)]
        assert all(a <= span.start < span.end for a, span in zip(ends, spans, strict=False))
        gaps = [document.text[a : span.start] for a, span in zip(ends, spans, strict=False)] + [document.text[ends[-1] :]]
        assert not normal.words("".join(gaps))
        if record.byte_offsets is not None:
            offsets = list(range(0, len(document.text) + 1, max(1, len(document.text) // 50)))
            places = record.byte_offsets(offsets)
            assert places == sorted(places)
            assert all(0 <= place <= len(record.raw) for place in places)


@tried(0.25)
@given(data=DATA | streams(), form=st.sampled_from([*FORMATS, "auto"]))
def test_clean_and_restore_give_back_every_byte(dedup: Callable[..., Done], data: bytes, form: str) -> None:
    cleaned = dedup("clean", "-q", "--no-learn", "--format", form, "--report", "r", "--force", given=data)
    assert cleaned.status in {0, 2, 3}
    assert (cleaned.status == 0) == (cleaned.err == "")
    assert "Traceback" not in cleaned.err
    entries = [json.loads(line) for line in Path("r").read_bytes().splitlines()]
    assert [entries[0]["kind"], entries[-1]["kind"]] == ["header", "end"]
    check_cuts(entries)
    chosen = form if form != "auto" else "jsonl" if any("record" in entry for entry in entries) else "text"
    got, reason = read_all(data, chosen, certain=form != "auto")
    if form == "auto" and (reason is not None or cleaned.status == 2):
        return
    if cleaned.status == 2:
        assert all(record.document is None for record in got)
        assert cleaned.out in {b"", joined(got)}
        return
    # all that could be read is in the output, document or not
    restored = dedup("restore", "-q", "--format", chosen, "--report", "r", given=cleaned.out)
    assert restored.out == joined(got)
    assert sum(entry["kind"] == "document" for entry in entries) == sum(record.document is not None for record in got)
    told = sum(entry["kind"] == "skipped" for entry in entries)
    assert told == sum(record.reason is not None for record in got) + (reason is not None)


def check_cuts(entries: list[dict[str, Any]]) -> None:
    at = 0
    for entry in entries:
        if entry["kind"] == "document":
            at = byte = 0
        elif "start" in entry:
            assert at <= entry["start"] < entry["end"]
            assert byte <= entry["byte_start"] < entry["byte_end"]
            at, byte = entry["end"], entry["byte_end"]


@tried(0.1)
@given(data=streams(), form=st.sampled_from(["text", "jsonl", "csv"]), limit=st.sampled_from([0, 10, 200, 10**6]))
def test_no_compressed_stream_gives_more_than_allowed(dedup: Callable[..., Done], data: bytes, form: str, limit: int) -> None:
    done = dedup("clean", "-q", "--no-learn", "--format", form, "--max-decompressed", limit, given=data)
    assert done.status in {0, 2, 3}
    assert len(done.out) <= (limit if sniff(data) else len(data))


NAMES = st.lists(st.sampled_from(["a", "b.jsonl", "c.csv.gz", "d.txt", "e.json"]), unique=True, min_size=1, max_size=3)


@tried(0.05)
@given(data=st.lists(DATA | streams(), min_size=3, max_size=3), names=NAMES)
def test_a_tree_of_anything(
    dedup: Callable[..., Done], data: list[bytes], names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tree")
    (folder / "in").mkdir()
    for name, content in zip(names, data, strict=False):
        (folder / "in" / name).write_bytes(content)
    report = folder / "r"
    cleaned = dedup("clean", folder / "in", "-o", folder / "out", "--report", report, "-q")
    assert cleaned.status in {0, 2, 3}
    there = {path.name for path in (folder / "out").iterdir()} if (folder / "out").exists() else set()
    entries = [json.loads(line) for line in report.read_bytes().splitlines()]
    skipped = {entry["source"] for entry in entries if entry["kind"] == "skipped" and "record" not in entry}
    assert there | skipped == set(names)
    assert not there & skipped
    if there:
        assert dedup("restore", folder / "out", "-o", folder / "back", "--report", report, "-q").status in {0, 2, 3}
        for name in there:
            assert plain(folder / "back" / name) == plain(folder / "in" / name)


def plain(path: Path) -> bytes:
    """The decompressed bytes of a file that can be read."""
    with open_read(path.name, str(path), "") as stream:
        return stream.read()


LISTS = st.lists(TEXTS, max_size=3).map(lambda texts: "\n".join(texts).encode("utf-8", "replace"))


@tried(0.05)
@given(data=st.binary(max_size=300) | LISTS, null=st.booleans())
def test_any_list_of_files(dedup: Callable[..., Done], data: bytes, null: bool) -> None:
    Path("list").write_bytes(data)
    done = dedup("clean", "--files-from", "list", *(["-0"] if null else []), "-q", "--dry-run")
    assert done.status in {0, 2, 3}
    assert "Traceback" not in done.err
