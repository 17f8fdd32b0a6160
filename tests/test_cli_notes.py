"""What the commands say of how documents were read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

WORDS = "Le café du port rouvre à l'été, après deux années où la fenêtre était fermée. Une voisine a prêté les clés."
TOLD = "encoding detected as cp1252; fields are separated by ';'; lacks 'nope', named by option"
COMMANDS = {
    "clean": ["-o", "out"],
    "find": [],
    "filter": ["-o", "out"],
    "learn": ["-o", "profiles"],
    "explain": [],
}


@pytest.fixture
def lat(dedup: Callable[..., Done]) -> Callable[..., Done]:  # it goes to an empty folder
    """A table with something to say of: its encoding, what separates its fields."""
    Path("lat.csv").write_bytes(f"id;text\n1;{WORDS}\n2;{WORDS} Fin.\n".encode("cp1252"))
    return dedup


@pytest.mark.parametrize("command", COMMANDS)
def test_notes_on_a_table(lat: Callable[..., Done], command: str) -> None:
    given = ["lat.csv", "--date-field", "nope", *COMMANDS[command]]
    done = lat(command, *given)
    assert done.status == 0
    assert f"dedup: 1: {TOLD}\n" in done.err
    if command != "explain":
        quiet = lat(command, *given, "-q", *(["--force"] if "-o" in given else []))
        assert (quiet.status, quiet.err) == (0, "")


@pytest.mark.parametrize("command", ["clean", "find"])
def test_the_report_has_the_note_of_a_table(lat: Callable[..., Done], command: str) -> None:
    lat(command, "lat.csv", "--date-field", "nope", "--report", "r", *COMMANDS[command])
    entries = [json.loads(line) for line in Path("r").read_text().splitlines()]
    assert [entry.get("note") for entry in entries if entry["kind"] == "document"] == [TOLD, None]
    assert entries[-1]["counts"]["noted"] == 1


@pytest.mark.parametrize("command", ["clean", "find", "filter", "learn"])
def test_notes_on_texts_and_ids(dedup: Callable[..., Done], command: str) -> None:
    Path("in").mkdir()
    for number in range(5):
        Path(f"in/{number}.txt").write_bytes(f"{WORDS} {number}\n".encode("cp1252"))
    Path("in/a.jsonl").write_text(json.dumps({"id": "x", "text": "A plain text."}) + "\n" + '{"id": "x", "text": "Another."}\n')
    done = dedup(command, "in", *COMMANDS[command])
    assert done.status == 0
    for number in range(3):
        assert f"dedup: {number}.txt: encoding detected as cp1252\n" in done.err
    assert "3.txt" not in done.err
    assert "dedup: and 2 more such notes\n" in done.err
    assert "dedup: 1 ids stood twice; the later ones are called id~2 and so on\n" in done.err


def test_notes_of_a_filter_by_a_report(lat: Callable[..., Done]) -> None:
    lat("find", "lat.csv", "--report", "r")
    done = lat("filter", "lat.csv", "--report-in", "r", "-o", "out")
    assert "dedup: 1: encoding detected as cp1252; fields are separated by ';'\n" in done.err
    assert lat("filter", "lat.csv", "--report-in", "r", "-o", "out", "--force", "-q").err == ""


def test_explain_tells_of_what_it_shows(dedup: Callable[..., Done]) -> None:
    Path("in").mkdir()
    for number in range(6):
        Path(f"in/{number}.txt").write_bytes(f"{WORDS} {number}\n".encode("cp1252" if number != 4 else "utf-8"))
    assert dedup("explain", "in", "--document", "5.txt").err == "dedup: 5.txt: encoding detected as cp1252\n"
    assert dedup("explain", "in", "--document", "4.txt").err == ""


def test_a_note_is_not_lost_on_what_is_no_document(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_bytes(gzip.compress(b'\n{"id": 1}\n{"id": "x", "text": "A plain text."}\n'))
    assert "dedup: x: is compressed (gz)\n" in dedup("clean", "a.jsonl", "-o", "out").err
