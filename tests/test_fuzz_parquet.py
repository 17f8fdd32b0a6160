"""Damaged Parquet: what can be read is read and comes back, the rest is told of; the process goes on.

See test_fuzz_inputs.py for how many are tried.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

from dedup.reading.parquet import as_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")

LINE = "A heron stands on the weir of the old mill, and the anglers have stopped counting their trout.\n"
TEXTS = [LINE + LINE, None, "Share", f"{LINE}{LINE}© 2025 The Weir Post. All rights reserved\n", "é水😀" * 9, ""] * 2


def made(**options: object) -> bytes:
    """A file with a nested column beside the text."""
    ids = [str(number) for number in range(len(TEXTS))]
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": ids, "text": TEXTS, "tags": [[name] * 2 for name in ids]}), out, **options)
    return out.getvalue()


BASES = [
    made(compression=compression, row_group_size=5, data_page_version=version, use_dictionary=listed, write_page_checksum=summed)
    for compression, version, listed, summed in (
        *(("none", "1.0", True, False), ("none", "2.0", False, False), ("none", "1.0", False, True)),
        *(("snappy", "1.0", False, False), ("gzip", "2.0", True, False), ("zstd", "2.0", False, True)),
    )
]
"""Most damage is met in the metadata: uncompressed values without checksum are what they are."""


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(BASES)))
    for _ in range(draw(st.integers(1, 3))):
        end = len(data)
        at = draw(st.integers(0, end) | st.integers(max(0, end - 1500), end))  # the metadata stand at the end
        how = draw(st.sampled_from(["bit", "bit", "byte", "drop", "double", "zero", "end"]))
        if how == "bit" and at < end:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "byte" and at < end:
            data[at] = draw(st.integers(0, 255))
        elif how == "drop":
            del data[at : at + draw(st.integers(1, 20))]
        elif how == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 20))]
        elif how == "zero":
            data[at : at + 8] = bytes(len(data[at : at + 8]))
        elif how == "end":
            del data[at:]
    return bytes(data)


def columns(path: str) -> dict[str, list[Any]]:
    """What the columns hold, texts as bytes; a damaged schema may have any type."""
    table = parquet.read_table(path)
    return {name: _plain(column).to_pylist() for name, column in zip(table.schema.names, table.columns, strict=True)}


def _plain(column: Any) -> Any:  # noqa: ANN401 (pyarrow is untyped)
    if pyarrow.types.is_string(column.type):
        return as_bytes(pyarrow, column)
    return column.cast(pyarrow.list_(pyarrow.binary())) if pyarrow.types.is_list(column.type) else column


@tried(0.06)
@given(data=damaged())
def test_any_damage_is_told_and_the_rest_comes_back(dedup: Callable[..., Done], data: bytes) -> None:
    Path("bad.parquet").write_bytes(data)
    for name in ("out.parquet", "back.parquet"):
        Path(name).unlink(missing_ok=True)
    done = dedup("clean", "bad.parquet", "-o", "out.parquet", "--report", "r", "--force", "-q")
    assert done.status in {0, 2, 3}
    assert "Traceback" not in done.err
    assert (done.status == 0) == (done.err == "")
    assert Path("out.parquet").exists() == (done.status != 2)
    entries = [json.loads(line) for line in Path("r").read_bytes().splitlines()]
    whole = [entry["reason"] for entry in entries if entry["kind"] == "skipped" and "record" not in entry]
    if done.status == 2:
        assert len(whole) == 1
        assert "passed through" not in done.err
        return
    assert not whole
    told = sum(entry["kind"] == "document" or ("record" in entry and entry["kind"] == "skipped") for entry in entries)
    assert told == parquet.ParquetFile("bad.parquet").metadata.num_rows
    assert dedup("restore", "out.parquet", "-o", "back.parquet", "--report", "r", "-q").status in {0, 3}
    assert columns("back.parquet") == columns("bad.parquet")


def test_the_bases_are_sound(dedup: Callable[..., Done]) -> None:
    for base in BASES:
        Path("good.parquet").write_bytes(base)
        done = dedup("clean", "good.parquet", "-o", "out.parquet", "--report", "r", "--force", "-q")
        assert (done.status, done.err.count("\n")) == (3, 2)  # two rows have no text
        assert columns("out.parquet")["text"][0] == LINE.encode()


def test_what_pages_of_a_known_checksum_hold_is_not_believed_when_it_was_changed(dedup: Callable[..., Done]) -> None:
    base = made(compression="none", use_dictionary=False, write_page_checksum=True)
    Path("bad.parquet").write_bytes(base.replace(b"heron", b"robin", 1))
    done = dedup("clean", "bad.parquet", "-o", "out.parquet", "-q")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "bad.parquet: damaged after record 0: could not verify page integrity" in done.err
