"""What `find` prints for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dedup.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from conftest import Done


@pytest.fixture
def table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    def find(records: Iterable[Mapping[str, Any]], *options: str, status: int = 0, raw: bytes = b"") -> list[str]:
        source = tmp_path / "in.jsonl"
        source.write_bytes("".join(json.dumps(record) + "\n" for record in records).encode() + raw)
        assert app(["find", str(source), *options], standalone_mode=False) == status
        return capsys.readouterr().out.splitlines()

    return find


def part(lines: list[str], title: str) -> list[str]:
    """The lines below a title."""
    start = next(i for i, line in enumerate(lines) if line.startswith(title))
    end = next((i for i in range(start, len(lines)) if not lines[i]), len(lines))
    return lines[start:end]


def copies(stories: Iterable[list[str]], count: int, **fields: str) -> list[dict[str, str]]:
    return [
        {"id": f"{n}.{copy}", "text": "\n\n".join(story), **fields} for n, story in enumerate(stories) for copy in range(count)
    ]


def test_nothing_found_is_said_in_few_lines(table: Callable[..., list[str]]) -> None:
    for records in ([], [{"text": ""}], [{"text": "A single short text."}], [{"text": "A text that can be compared. " * 5}]):
        lines = table(records)
        assert lines[0].startswith(("0 documents, ", "1 document, ")[len(records)])
        short = bool(records) and len(records[0]["text"]) < 30
        assert [line for line in lines if line.isupper() or ":" in line] == [
            "CLUSTERS: 0, of 0 documents",
            "REPEATED LEADS: 0",
            "FURNITURE: 0 sites",
            *(["LIMITS"] if short else []),  # it is too short to be compared
        ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl: no such file or folder"),
        (["a.jsonl", "--text-field", "boddy"], "boddy"),
        (["empty"], "no text found"),
        (["hidden"], "no text found"),
        (["bad.jsonl"], "bad.jsonl:1: not JSON"),
    ],
    ids=["no file", "no such field", "no files", "none that is read", "no record"],
)
def test_no_table_is_shown_where_nothing_could_be_read(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    Path("a.jsonl").write_text('{"body": "The tide is out."}\n')
    Path("bad.jsonl").write_text("no JSON\n")
    for folder in ("empty", "hidden"):
        Path(folder).mkdir()
    Path("hidden/.a.txt").write_text("The tide is out.")
    for options in ([], ["--verbose"]):
        done = dedup("find", *arguments, *options)
        assert (done.status, done.out) == (2, b"")
        assert words in done.err


def test_the_largest_clusters_come_first_and_the_rest_is_counted(
    table: Callable[..., list[str]], story: Callable[[int], list[str]]
) -> None:
    records = copies([story(n) for n in range(12)], 2) + [{"id": f"large{n}", "text": "\n\n".join(story(99))} for n in range(7)]
    lines = part(table(records, "--raw"), "CLUSTERS")
    assert lines[0] == "CLUSTERS: 13, of 31 documents"
    assert lines[1].startswith(f"  7 × {story(99)[0][:40]}")
    assert lines[2:8] == [
        "      keep large0 (weakest 1.00)",
        *(f"           large{n}" for n in range(1, 5)),
        "           and 2 more",
    ]
    assert lines[8].startswith(f"  2 × {story(0)[0][:40]}")
    assert lines[-1] == "  and 3 more clusters (--report lists all)"


def test_a_line_has_80_characters_and_steers_no_terminal(
    table: Callable[..., list[str]], story: Callable[[int], list[str]]
) -> None:
    title = "\x1b[31mRed\u202e\x07 " + "and long " * 20
    records = copies([story(0)], 2, title=title, site="\x1b]0;x\x07" + "site " * 30)
    lines = table([*records, {"id": "i" * 200 + "\x1b[2J", "text": "\n\n".join(story(0)), "site": "other"}])
    assert all(len(line) <= 80 and line.isprintable() for line in lines)
    assert any(r"\u001b[31mRed\u202e\u0007 and long" in line for line in lines)
    assert sum(line.endswith("…") for line in lines) >= 2


def test_repeated_leads_have_their_holders_and_the_first_of_them(
    table: Callable[..., list[str]], story: Callable[[int], list[str]]
) -> None:
    first, other, third = story(1), story(2), story(3)
    records = [
        {"id": "own", "text": "\n\n".join(first), "date": "2024-02-03"},
        {"id": "taker", "text": "\n\n".join([*other, first[1]]), "date": "2024-02-01"},
        {"id": "undated", "text": "\n\n".join([*third, first[1]])},
    ]
    lines = part(table(records), "REPEATED LEADS")
    assert lines[0] == "REPEATED LEADS: 1"
    assert lines[1].startswith(f"  3 × {first[1].lower()[:50]}")
    assert lines[2:] == ["      first 2024-02-01 taker", "           own", "           taker", "           undated"]


def test_the_furniture_of_each_site_is_shown(table: Callable[..., list[str]], story: Callable[[int], list[str]]) -> None:
    footer = "Letters to the editor are read by all of us here."
    records = [
        {"id": f"{site}{n}", "site": site, "text": "\n\n".join([f"The {site} daily", *story(20 * n + len(site)), footer])}
        for site, pages in (("alder", 6), ("birchwood", 9))
        for n in range(pages)
    ]
    lines = part(table(records), "FURNITURE")
    assert [line.strip() for line in lines] == [
        "FURNITURE: 2 sites",
        "birchwood (9 documents)",
        f"9 × {footer}",
        "9 × The birchwood daily",
        "alder (6 documents)",
        f"6 × {footer}",
        "6 × The alder daily",
    ]


def test_a_line_with_other_signs_around_it_is_shown_once(
    table: Callable[..., list[str]], story: Callable[[int], list[str]]
) -> None:
    footer = "Letters to the editor are read by all of us here"
    records = [
        {"id": str(n), "site": "alder", "text": "\n\n".join([*story(n), sign + footer])}
        for n, sign in enumerate(["*** ", "+ ", "", "*** ", "+ ", "*** "])
    ]
    assert [line.strip() for line in part(table(records), "FURNITURE")][2:] == [f"6 × {footer}"]


def test_what_was_capped_or_skipped_is_told(table: Callable[..., list[str]], story: Callable[[int], list[str]]) -> None:
    records = [{"id": str(n), "text": "\n\n".join([*story(n)[:3], story(1000)[1]])} for n in range(70)]
    lines = part(table(records, "--raw", status=3, raw=b"no JSON\n"), "LIMITS")
    assert "  1 family on too many documents to propose pairs or be listed as copies" in lines
    assert "  1 input or record that could not be read" in lines
    assert any(line.endswith("sampled shingles in too many documents to propose pairs") for line in lines)
    assert "LIMITS" not in table(records[:5], "--site", "x")


def test_documents_without_a_site_are_told(table: Callable[..., list[str]], story: Callable[[int], list[str]]) -> None:
    records = [{"id": str(n), "text": "\n\n".join(story(n)), "site": "a" if n < 2 else None} for n in range(5)]
    told = "documents without a site: what pages of one site share goes unseen there"
    assert f"  3 {told}" in part(table(records), "LIMITS")
    assert "LIMITS" not in table(records[:4])  # of two, none could be learned from
    assert "LIMITS" not in table(records, "--raw")


def test_verbose_tells_what_is_missed(table: Callable[..., list[str]]) -> None:
    lines = table([{"text": "x"}], "-v", "--threshold", "0.8", "--recall", "0.95")
    banding = part(lines, "BANDING")
    assert banding[0].startswith("BANDING: ")
    missed = float(banding[0].split("misses ")[1].split("%")[0])
    assert 0 < missed <= 5
    assert banding[0].endswith("of pairs at 0.8")
    (at_threshold,) = [line for line in banding if line.startswith("  J = 0.8")]
    assert float(at_threshold.split()[4].rstrip("%")) == pytest.approx(100 - missed)
    assert sum(line.startswith("  J = ") for line in banding) == 10
    assert "SAMPLING: one of 8 shingles; of documents contained in others" in banding
    assert "BANDING" not in "".join(table([{"text": "x"}]))


def test_one_of_a_thing_is_no_several(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_text(json.dumps({"text": "A ferry."}) + "\n{\n", "utf-8")
    out = dedup("find", "a.jsonl").out.decode().splitlines()
    assert out[0] == "1 document, 2 words, 2 after stripping"
    assert out[2:4] == [
        "  1 paragraph > 1 distinct > 0 candidate pairs > 0 verified",
        "  0 contents > 0 candidate pairs > 0 near-duplicate, 0 contained, 0 partial",
    ]
    assert "  1 document too short to compare (fewer than 14 words)" in out
    assert "  1 input or record that could not be read" in out
