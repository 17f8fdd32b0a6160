from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.model import Record, Source
from dedup.reading import BinaryError, Fields, Ids, read
from dedup.reading.compression import sniff
from dedup.reading.text import HEAD

if TYPE_CHECKING:
    from pathlib import Path


def read_one(data: bytes, source: Source | None = None, **options: object) -> Record:
    source = source or Source("site/a.txt", None, "text", "", "site")
    (record,) = read(source, Fields(), stream=io.BytesIO(data), ids=Ids(), **options)
    return record


@given(st.binary(max_size=200), st.sampled_from([b"", b"", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"]))
def test_the_bytes_of_a_file_are_those_of_its_record(data: bytes, mark: bytes) -> None:
    data = mark + data
    try:
        record = read_one(data)
    except BinaryError:
        return
    except InputError:
        assert sniff(data)
        return
    assert (record.before, record.after, record.number) == (b"", b"", None)
    assert record.raw == data or sniff(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_line_ends_and_odd_spaces_stay(encoding: str) -> None:
    text = "Día uno\r\n\r\nDía\u00a0dos\n"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    record = read_one(mark + text.encode(encoding))
    assert record.document is not None
    assert record.document.text == text
    assert record.byte_offsets is not None
    start, end = record.byte_offsets([9, 11])
    assert record.raw[start:end].decode(record.encoding.removesuffix("-sig")) == text[9:11]


SIZES = (HEAD - 1, HEAD, HEAD + 1)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=50).map(str.encode), st.sampled_from([b"a" * size for size in SIZES])))
def test_a_file_of_any_size_is_read_as_a_stream_is(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("small") / "a.txt"
    path.write_bytes(data)
    both = []
    for stream in (None, io.BytesIO(data)):
        used: list[int] = []
        source = Source("site/a.txt", str(path), "text", "", "site", regular=True)
        try:
            (record,) = read(source, Fields(), stream=stream, ids=Ids(), progress=used.append)
        except InputError as error:
            both.append((type(error), str(error)))
        else:
            both.append((record.document, record.encoding, record.raw, record.note, sum(used)))
    assert both[0] == both[1]


def test_a_small_file_is_read_whole_where_a_file_system_gives_it_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a text in parts")
    real = os.read
    monkeypatch.setattr(os, "read", lambda file, size: real(file, min(size, 3)))
    (record,) = read(Source("a.txt", str(path), "text", regular=True), Fields(), ids=Ids())
    assert record.raw == b"a text in parts"


def test_what_was_a_file_when_it_was_found(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    source = Source("a.txt", str(path), "text", regular=True)
    with pytest.raises(InputError, match=r"a\.txt: no such file or directory"):
        list(read(source, Fields(), ids=Ids()))
    path.mkdir()
    with pytest.raises(InputError, match=r"a\.txt: "):
        list(read(source, Fields(), ids=Ids()))


def test_ids_sites_and_notes() -> None:
    record = read_one(b"a caf\xe9")
    assert record.document is not None
    assert (record.document.id, record.document.site, record.source) == ("site/a.txt", "site", "site/a.txt")
    assert record.note == "encoding detected as cp1252"
    record = read_one(gzip.compress(b"a caf\xe9"), site="all")
    assert record.document is not None
    assert record.document.site == "all"
    assert record.note == "is compressed (gz); encoding detected as cp1252"


def test_an_empty_file_is_a_document() -> None:
    record = read_one(b"")
    assert record.document is not None
    assert record.document.text == ""


def test_a_file_larger_than_a_buffer(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    data = "wörd \n".encode() * 500_000
    path.write_bytes(gzip.compress(data))
    seen: list[int] = []
    source = Source("a", str(path), "text", "gz")
    (record,) = read(source, Fields(), ids=Ids(), progress=seen.append)
    assert record.raw == data
    assert sum(seen) == path.stat().st_size
    with pytest.raises(InputError, match="larger than allowed"):
        list(read(source, Fields(), ids=Ids(), max_decompressed=10_000))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    def reason(source: Source, data: bytes | None = None) -> str:
        with pytest.raises(InputError) as caught:
            list(read(source, Fields(), stream=None if data is None else io.BytesIO(data), ids=Ids()))
        return caught.value.reason

    assert reason(Source("a", str(tmp_path / "none"), "text")) == "no such file or directory"
    assert reason(Source("a", None, "text")) == "has no path and no stream"
    assert "directory" in reason(Source("a", str(tmp_path), "text")) or sys.platform == "win32"
    whole = gzip.compress(os.urandom(1000))
    assert reason(Source("a", None, "text", "gz"), whole[:-20]) == "the gz data is cut off"
    assert reason(Source("a", None, "text", "gz"), whole[:10] + b"\xff" * 30).startswith("the gz data is damaged")
    with pytest.raises(BinaryError, match="a: is binary, not text"):
        list(read(Source("a", None, "text", "gz"), Fields(), stream=io.BytesIO(os.urandom(1000)), ids=Ids()))


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes as on POSIX")
def test_a_pipe_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"text",))
    writer.start()
    (record,) = read(Source("pipe", str(path), "text"), Fields(), ids=Ids())
    writer.join()
    assert record.raw == b"text"


def test_the_stream_is_left_open() -> None:
    stream = io.BytesIO(b"text")
    list(read(Source("-", None, "text"), Fields(), stream=stream, ids=Ids()))
    assert not stream.closed
