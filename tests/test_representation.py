from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reporting.representation import cut_entry, cut_raw

CASES = {
    "plain": ("Related\n", "utf-8", b"Related\n", None),
    "bytes that are no UTF-8": ("R\udcff\n", "utf-8", b"R\xff\n", None),
    "wide": ("Relié\n", "utf-16-le", "Relié\n".encode("utf-16-le"), None),
    "an escaped line end": ("Relié\n\n", "utf-8", "Relié\\n\\n".encode(), "json"),
    "ASCII only": ("Relié 😀\n", "utf-8", b"Reli\\u00e9 \\ud83d\\ude00\\n", "json-ascii"),
    "a lone surrogate": ("\ud83d\n", "utf-8", b"\\ud83d\\n", "json-ascii"),
    "doubled quotation marks": ('"Yes"\n', "cp1252", b'""Yes""\n', "csv"),
    "an escape that need not be": ("a/b\n", "utf-8", b"a\\/b\\n", "raw"),
    "another case of hexadecimal": ("é\n", "utf-8", b"\\u00E9\\n", "raw"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_cut_says_how_it_was_written(case: str) -> None:
    text, encoding, raw, way = CASES[case]
    entry = cut_entry(text, encoding, raw)
    assert entry.get("written") == (None if way == "raw" else way)
    assert ("raw" in entry) == (way == "raw")
    assert cut_raw(entry, encoding) == raw


@given(text=st.text(), ascii_only=st.booleans())
def test_what_python_writes_as_json_needs_no_base64(text: str, ascii_only: bool) -> None:
    literal = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    raw = literal.encode("utf-8", "surrogatepass")
    entry = cut_entry(text, "utf-8", raw)
    assert "raw" not in entry or raw.decode("utf-8", "ignore").encode() != raw
    assert cut_raw(entry, "utf-8") == raw


@given(
    text=st.text(),
    raw=st.binary(max_size=20),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-32-be", "cp1252", "gb18030"]),
)
def test_any_bytes_come_back(text: str, raw: bytes, encoding: str) -> None:
    entry = cut_entry(text, encoding, raw)
    assert cut_raw(json.loads(json.dumps(entry)), encoding) == raw


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"text": 5},
        {"text": "a", "raw": "#"},
        {"text": "a", "raw": 5},
        {"text": "a", "raw": "é"},
        {"text": "a", "written": "xml"},
        {"text": "a", "written": ["json"]},
        {"text": "é"},
    ],
)
def test_what_is_no_cut_is_told(entry: dict[str, object]) -> None:
    assert cut_raw(entry, "ascii" if entry == {"text": "é"} else "utf-8") is None


def test_an_encoding_that_does_not_exist_is_told() -> None:
    assert cut_raw({"text": "a"}, "no-such") is None
    assert cut_raw({"text": "a"}, "a\0b") is None
