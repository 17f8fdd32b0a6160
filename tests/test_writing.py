from __future__ import annotations

import errno
import gzip
import io
import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError, OutputError
from dedup.model import Record, Source
from dedup.reading import Fields, Ids, read
from dedup.reading.compression import open_read
from dedup.writing.outputs import RealPaths
from dedup.writing.sinks import Sink, open_sink, refuses

if TYPE_CHECKING:
    from collections.abc import Iterable

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes as on POSIX")
TEXT = Source("a.txt", None, "text")


def record(raw: bytes, before: bytes = b"", after: bytes = b"") -> Record:
    return Record(None, "a", 1, before=before, raw=raw, after=after)


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def give_up(sink: Sink, records: Iterable[Record]) -> None:
    for one in records:
        sink.write(one, one.raw)
    raise KeyboardInterrupt


class Full(io.RawIOBase):
    """A disk on which nothing fits."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _: object) -> int:
        raise self.error

    def writable(self) -> bool:
        return True


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz", "zst"])
def test_records_go_to_a_file_in_the_compression_of_the_source(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "deep" / "out"
    for _ in range(2):
        with open_sink(str(path), Source("a", None, "jsonl", compression)) as sink:
            sink.write(record(b"bbb", b"a", b"c\n"), b"b")
            sink.write(record(b"", b"\n"), b"")
            sink.flush()
            assert [name.startswith(".dedup-") for name in listed(path.parent) if name != "out"] == [True]
    assert listed(path.parent) == ["out"]
    with open_read("out", str(path), compression) as reader:
        assert reader.read() == b"abc\n\n"
        assert reader.compression == compression


def test_a_chosen_compression_goes_before_the_sources(tmp_path: Path) -> None:
    with open_sink(str(tmp_path / "out"), Source("a", None, "text", "gz"), compression="") as sink:
        sink.write(record(b"x"), b"x")
    assert (tmp_path / "out").read_bytes() == b"x"


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    for compression in ("", "gz", "zst"):
        with pytest.raises(KeyboardInterrupt), open_sink(str(tmp_path / "out"), Source("a", None, "text", compression)) as sink:
            give_up(sink, [record(b"x" * 1_000_000)])
    assert listed(tmp_path) == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


def test_an_error_of_the_body_stays_itself(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_sink(str(tmp_path / "out"), TEXT):
        (tmp_path / "none").read_bytes()
    assert listed(tmp_path) == []


@POSIX
def test_the_mode_of_what_is_replaced_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path = tmp_path / "real"
    path.write_bytes(b"old")
    path.chmod(0o640)
    (tmp_path / "link").symlink_to(path)
    with open_sink(str(tmp_path / "link"), TEXT) as sink:
        sink.write(record(b"new"), b"new")
    assert (tmp_path / "link").is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@POSIX
def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with open_sink(str(tmp_path / "out"), TEXT):
        pass
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_replaces_a_file_is_on_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    for turns in (0, 1):  # the disk is not waited for where nothing can be lost
        with open_sink(str(tmp_path / "new" / "out"), TEXT) as sink:
            sink.write(record(b"x"), b"x")
        assert len(waits) == turns


@POSIX
def test_links_and_what_lies_behind_them_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there" / "inner").mkdir(parents=True)
    (tmp_path / "way").symlink_to(tmp_path / "there" / "inner")
    (tmp_path / "to_be").symlink_to(tmp_path / "there" / "made")
    monkeypatch.chdir(tmp_path)
    for path in ("way/../beside", "way/a", "to_be"):
        with open_sink(path, TEXT) as sink:
            sink.write(record(b"x"), b"x")
    assert listed(tmp_path / "there") == ["beside", "inner", "made"]
    assert listed(tmp_path / "there" / "inner") == ["a"]
    assert (tmp_path / "to_be").is_symlink()


@POSIX
def test_real_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real" / "in").mkdir(parents=True)
    (tmp_path / "way").symlink_to("real/in")
    (tmp_path / "real" / "in" / "link").symlink_to("../file")
    (tmp_path / "real" / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path / "real")
    places = RealPaths()
    relative = ["", ".", "..", "in", "in/", "in/.", "in/..", "in/x", "in/link", "loop", "loop/x", "missing/x", "../way/../file"]
    for path in [*relative, *(f"{tmp_path}/way/{name}" for name in relative), "/", "//x"]:
        for _ in range(2):
            assert places.of(path) == os.path.realpath(path)


@POSIX
def test_a_device_is_written_to_and_stays_one() -> None:
    with open_sink("/dev/null", TEXT) as sink:
        sink.write(record(b"x"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full")
@pytest.mark.parametrize("compression", ["", "gz"])
def test_a_full_disk_is_told(compression: str) -> None:
    with (
        pytest.raises(OutputError, match=r"^cannot write /dev/full: no space left on device$"),
        open_sink("/dev/full", Source("a", None, "text", compression)) as sink,
    ):
        sink.write(record(b"x"), b"x")


def test_what_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"^cannot write .*file"), open_sink(str(tmp_path / "file" / "out"), TEXT):
        pass
    assert OutputError.exit_status == 4


def test_a_stream_is_flushed_and_left_open() -> None:
    stream = io.BytesIO()
    with open_sink(None, Source("-", None, "text", "gz"), stream=stream) as sink:
        sink.write(record(b"x"), b"x")
    assert gzip.decompress(stream.getvalue()) == b"x"
    with pytest.raises(ValueError, match="neither"), open_sink(None, TEXT):
        pass


def test_what_was_given_up_does_not_look_whole() -> None:
    stream = io.BytesIO()
    with pytest.raises(KeyboardInterrupt), open_sink(None, Source("-", None, "text", "gz"), stream=stream) as sink:
        give_up(sink, [record(b"x")])
    with pytest.raises(EOFError):
        gzip.decompress(stream.getvalue())


def test_errors_of_a_stream() -> None:
    with (
        pytest.raises(OutputError, match="cannot write standard output"),
        open_sink(None, TEXT, stream=Full(OSError(errno.EIO, "x"))) as sink,
    ):
        sink.write(record(b"x"), b"x")
    with pytest.raises(BrokenPipeError), open_sink(None, TEXT, stream=Full(BrokenPipeError())) as sink:
        sink.write(record(b"x"), b"x")


def test_a_stream_that_takes_a_part_at_a_time() -> None:
    taken = bytearray()

    class Slow(io.RawIOBase):
        def write(self, data: memoryview) -> int:
            taken.extend(data[:2])
            return len(data[:2])

    with open_sink(None, TEXT, stream=Slow()) as sink:
        sink.write(record(b"abcde"), b"abcde")
    assert taken == b"abcde"


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_what_is_read_is_written(lines: list[bytes]) -> None:
    data = b"".join(line.replace(b"\n", b"") + b"\n" for line in [b'{"text": "x"}', *lines])
    source = Source("a", None, "jsonl")
    out = io.BytesIO()
    try:
        with open_sink(None, source, stream=out) as sink:
            for one in read(source, Fields(), stream=io.BytesIO(data), ids=Ids()):
                sink.write(one, one.raw)
    except InputError:
        return
    assert out.getvalue() == data


def test_a_csv_row_that_would_mean_something_else_is_refused() -> None:
    source = Source("a", None, "csv")
    assert refuses(source, record(b'say "x"', b"1,", b"\n"), b'"x"') is not None
    assert refuses(source, record(b'say "x"', b"1,", b"\n"), b'say "') is None
    assert refuses(source, record(b"say", b"", b"\n"), b"") == "the cut would leave a blank row"
    assert refuses(source, record(b"say", b"1,", b"\n"), b"") is None
    assert refuses(source, record(b'"say"', b"", b"\n"), b'""') is None
    assert refuses(TEXT, record(b'say "x"'), b'"x"') is None
    with pytest.raises(OutputError, match="a:1: the cut"), open_sink(None, source, stream=io.BytesIO()) as sink:
        sink.write(record(b'say "x"', b"1,", b"\n"), b'"x"')


@pytest.fixture
def parquet(tmp_path: Path) -> tuple[Source, Any, Path]:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    texts = ["first one", None, "third one", "fourth one", "fifth one"]
    table = pa.table(
        {
            "n": [1, None, 3, 4, 5],
            "text": pa.array(texts).dictionary_encode(),
            "tags": [["a"], [], None, ["b", None], ["c"]],
            "at": pa.array([1, 2, 3, 4, None], pa.timestamp("ns", "UTC")),
        },
        metadata={"made by": "a test"},
    )
    path = tmp_path / "in.parquet"
    pq.write_table(table, path, row_group_size=2, compression={"n": "none", "text": "zstd", "tags": "gzip", "at": "snappy"})
    return Source("in.parquet", str(path), "parquet"), pq, tmp_path


def copy(source: Source, out: str | None, change: dict[int, bytes | None], stream: io.BytesIO | None = None) -> None:
    with open_sink(out, source, stream=stream) as sink:
        for one in read(source, Fields(), ids=Ids()):
            raw = change.get(one.number or 0, one.raw)
            if raw is not None:
                sink.write(one, raw)


def rows_of(path: object) -> list[dict[str, object]]:
    """Give all rows, times as numbers: Python's own are too coarse."""
    pa = pytest.importorskip("pyarrow")
    table = pytest.importorskip("pyarrow.parquet").read_table(path)
    at = table.schema.get_field_index("at")
    return list(table.set_column(at, "at", table.column(at).cast(pa.int64())).to_pylist())


def test_parquet_keeps_schema_values_and_groups(parquet: tuple[Source, Any, Path]) -> None:
    source, pq, folder = parquet
    old = pq.ParquetFile(source.path)
    copy(source, str(folder / "out"), {3: b"third"})
    new = pq.ParquetFile(folder / "out")
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert [new.metadata.row_group(at).num_rows for at in range(3)] == [2, 2, 1]
    compressions = [[file.metadata.row_group(1).column(at).compression for at in range(4)] for file in (old, new)]
    assert compressions[0] == compressions[1]
    rows = rows_of(source.path)
    rows[2]["text"] = "third"
    assert rows_of(folder / "out") == rows
    again = io.BytesIO()
    copy(source, None, {3: b"third"}, again)
    assert again.getvalue() == (folder / "out").read_bytes()


def test_parquet_without_some_rows(parquet: tuple[Source, Any, Path]) -> None:
    source, pq, folder = parquet
    copy(source, str(folder / "out"), {3: None, 4: None, 5: b""})
    rows = rows_of(source.path)
    rows[4]["text"] = ""
    assert rows_of(folder / "out") == [rows[0], rows[1], rows[4]]
    copy(source, str(folder / "none"), dict.fromkeys(range(1, 6)))
    assert pq.read_table(folder / "none").num_rows == 0


def test_parquet_of_types_that_rows_cannot_be_picked_from(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    texts = ["first one", None, "third one", "fourth one"]
    table = pa.table({"text": pa.array(texts, pa.string_view()), "n": [1, 2, 3, 4]})
    pq.write_table(table, tmp_path / "in")
    source = Source("in", str(tmp_path / "in"), "parquet")
    copy(source, str(tmp_path / "all"), {3: b"third"})
    assert pq.read_table(tmp_path / "all").equals(
        table.set_column(0, "text", pa.array([*texts[:2], "third", texts[3]], pa.string_view()))
    )
    copy(source, str(tmp_path / "some"), {1: None, 3: None})
    assert pq.read_table(tmp_path / "some").to_pylist() == [{"text": None, "n": 2}, {"text": "fourth one", "n": 4}]


def test_parquet_that_fails_leaves_nothing(parquet: tuple[Source, Any, Path]) -> None:
    source, _, folder = parquet
    with pytest.raises(KeyboardInterrupt), open_sink(str(folder / "out"), source) as sink:
        give_up(sink, read(source, Fields(), ids=Ids()))
    assert listed(folder) == ["in.parquet"]
    with pytest.raises(OutputError, match="cannot write standard output"):
        copy(source, None, {}, Full(OSError(errno.ENOSPC, "full")))
    with pytest.raises(InputError, match="fewer rows"), open_sink(str(folder / "out"), source) as sink:
        sink.write(Record(None, "a", 99), b"")


def test_parquet_text_that_is_no_utf_8_keeps_its_bytes(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    broken = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff"))
    pq.write_table(pa.table({"text": broken}), tmp_path / "in")
    source = Source("in", str(tmp_path / "in"), "parquet")
    copy(source, str(tmp_path / "out"), {})
    assert pq.read_table(tmp_path / "out").column(0).cast(pa.binary()).to_pylist() == [b"a\xff"]


def test_json_stays_json(tmp_path: Path) -> None:
    source = Source("a", None, "jsonl")
    line = b'{"text":"one\\n\\u0074wo\\nthree", "x": 1.50}\n'
    with open_sink(str(tmp_path / "out"), source) as sink:
        for one in read(source, Fields(), stream=io.BytesIO(line), ids=Ids()):
            assert one.byte_offsets is not None
            start, end = one.byte_offsets([4, 8])
            sink.write(one, one.raw[:start] + one.raw[end:])
    assert json.loads((tmp_path / "out").read_bytes()) == {"text": "one\nthree", "x": 1.5}
