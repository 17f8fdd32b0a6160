from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
from typing import TYPE_CHECKING

import pytest

from dedup.errors import InputError
from dedup.reading import decompress
from dedup.reading.compression import open_read, open_write, sniff
from dedup.reading.decompress import load_zstd

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("gz", "bz2", "xz", "zst")
DATA = random.Random(7).randbytes(300_000)  # noqa: S311  # test data, no secret


def compress(kind: str, data: bytes) -> bytes:
    makers = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": load_zstd().compress}
    return bytes(makers[kind](data))


def read_all(data: bytes, kind: str = "", **options: int) -> tuple[bytes, str | None]:
    """Give what can be read, and why it ends before its end."""
    got = []
    try:
        with open_read("in", io.BytesIO(data), kind, **options) as reader:
            while chunk := reader.read1(1000):
                got.append(chunk)
    except InputError as error:
        return b"".join(got), error.reason
    return b"".join(got), None


@pytest.mark.parametrize("kind", KINDS)
def test_members_one_after_the_other_and_padding_are_read(kind: str) -> None:
    members = compress(kind, DATA[:1000]) + compress(kind, b"") + compress(kind, DATA[1000:]) + b"\0" * 512
    assert read_all(members, kind) == (DATA, None)
    assert sniff(members) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_or_damaged_stream_gives_what_precedes_and_an_error(kind: str) -> None:
    first, second = compress(kind, DATA[:1000]), compress(kind, DATA[1000:])
    got, reason = read_all(first + second[:-1000], kind)
    assert len(got) >= 1000
    assert DATA.startswith(got)
    assert reason == f"the {kind} data is cut off"
    got, reason = read_all(first + second[:4] + b"\xff" * 100 + second[104:], kind)
    assert got == DATA[:1000]
    assert reason is not None
    assert reason.startswith(f"the {kind} data is damaged")


@pytest.mark.parametrize("kind", KINDS)
def test_garbage_behind_the_last_member_is_not_passed_over(kind: str) -> None:
    got, reason = read_all(compress(kind, DATA) + b"garbage", kind)
    assert got == DATA
    assert reason is not None


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_progress_counts_all_compressed_bytes(kind: str) -> None:
    data = compress(kind, DATA) if kind else DATA
    seen: list[int] = []
    with open_read("in", io.BytesIO(data), kind, progress=seen.append) as reader:
        reader.read()
    assert sum(seen) == len(data)


@pytest.mark.parametrize("kind", KINDS)
def test_what_decompresses_to_too_much_is_refused(kind: str) -> None:
    data = compress(kind, bytes(5_000_000))
    assert read_all(data, kind, max_decompressed=5_000_000) == (bytes(5_000_000), None)
    got, reason = read_all(data, kind, max_decompressed=1_000_000)
    assert len(got) <= 1_000_000
    assert reason == "is larger than allowed when decompressed (--max-decompressed)"


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_refused_where_no_limit_is_set(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = compress(kind, bytes(50_000_000))
    assert len(read_all(bomb, kind)[0]) == 50_000_000  # not large enough for a bomb
    monkeypatch.setattr(decompress, "_BOMB_SIZE", 10_000_000)
    got, reason = read_all(bomb, kind)
    assert len(got) < 15_000_000
    assert reason is not None
    assert reason.startswith("grows like a decompression bomb (")
    assert read_all(bomb, kind, max_decompressed=50_000_000)[1] is None  # its user knows it
    text = compress(kind, bytes(100) + random.Random(1).randbytes(12_000_000))  # noqa: S311 (no secret)
    assert read_all(text, kind)[1] is None  # large, but grown by little


def test_the_first_bytes_decide_not_the_name() -> None:
    with open_read("in", io.BytesIO(compress("gz", b"abc")), "zst") as reader:
        assert reader.read() == b"abc"
        assert reader.note == "is compressed (gz), though its name says zst"
    with open_read("in", io.BytesIO(b"abc"), "gz") as reader:
        assert reader.read() == b"abc"
        assert reader.note == "is not compressed, though its name says gz"
    with open_read("in", io.BytesIO(compress("xz", b"abc")), "") as reader:
        assert (reader.read(), reader.compression, reader.note) == (b"abc", "xz", "is compressed (xz)")
    with open_read("in", io.BytesIO(b""), "gz") as reader:
        assert (reader.read(), reader.note) == (b"", None)


def test_a_skippable_frame_of_zstandard_is_skipped() -> None:
    assert read_all(b"\x51\x2a\x4d\x18\x03\0\0\0abc" + compress("zst", b"text"), "zst") == (b"text", None)


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_writing_gives_the_same_bytes_each_time_and_leaves_the_target_open(kind: str) -> None:
    outputs = []
    for _ in range(2):
        target = io.BytesIO()
        writer = open_write(target, kind)
        writer.write(DATA)
        if kind:
            writer.close()
        outputs.append(target.getvalue())
    assert outputs[0] == outputs[1]
    assert read_all(outputs[0], kind) == (DATA, None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_of_nothing_is_one_that_others_can_read(kind: str) -> None:
    target = io.BytesIO()
    open_write(target, kind).close()
    others = {"gz": gzip.decompress, "bz2": bz2.decompress, "xz": lzma.decompress, "zst": load_zstd().decompress}
    assert others[kind](target.getvalue()) == b""
    assert sniff(target.getvalue()) == kind


def test_gzip_output_holds_neither_time_nor_name(tmp_path: Path) -> None:
    path = tmp_path / "named.gz"
    with path.open("wb") as target:
        open_write(target, "gz").close()
    assert path.read_bytes()[3:8] == bytes(5)


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_read("in", str(tmp_path / "none"), "")
    with pytest.raises(InputError, match="directory"):
        open_read("in", str(tmp_path), "")
