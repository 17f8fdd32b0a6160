"""What the commands say of how documents were read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedup.cli import resuming
from dedup.engines.inputs import Inputs
from dedup.reading import Fields
from dedup.settings import CleanSettings

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
    assert f"dedup: lat.csv: {TOLD}\n" in done.err
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
    assert "dedup: 1 id stood twice; the later ones are called id~2 and so on\n" in done.err


def test_notes_of_a_filter_by_a_report(lat: Callable[..., Done]) -> None:
    lat("find", "lat.csv", "--report", "r")
    done = lat("filter", "lat.csv", "--report-in", "r", "-o", "out")
    assert "dedup: lat.csv: encoding detected as cp1252; fields are separated by ';'\n" in done.err
    assert lat("filter", "lat.csv", "--report-in", "r", "-o", "out", "--force", "-q").err == ""


def test_explain_tells_of_what_it_shows(dedup: Callable[..., Done]) -> None:
    Path("in").mkdir()
    for number in range(6):
        Path(f"in/{number}.txt").write_bytes(f"{WORDS} {number}\n".encode("cp1252" if number != 4 else "utf-8"))
    assert dedup("explain", "in", "--document", "5.txt").err == "dedup: 5.txt: encoding detected as cp1252\n"
    assert dedup("explain", "in", "--document", "4.txt").err == ""


def test_a_note_is_not_lost_on_what_is_no_document(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_bytes(gzip.compress(b'\n{"id": 1}\n{"id": "x", "text": "A plain text."}\n'))
    assert "dedup: a.jsonl: is compressed (gz)\n" in dedup("clean", "a.jsonl", "-o", "out").err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_a_longer_text_in_another_field_is_told_of_once(dedup: Callable[..., Done], command: str, name: str) -> None:
    rows = [{"id": str(number), "text": "A teaser.", "body": f"{WORDS} {number}", "content": "No."} for number in range(4)]
    write_records(name, rows)
    done = dedup(command, name, *COMMANDS[command])
    place = {"a.jsonl": ":1", "a.csv": ":2", "a.parquet": ""}[name]
    told = f"dedup: the text is the field 'text', and 'body' is longer, as in {name}{place}: --text-field body takes that one\n"
    assert (done.status, done.err.count(told), done.err.count("--text-field")) == (0, 1, 1)
    chosen = dedup(command, name, "--text-field", "body", *COMMANDS[command], *(["--force"] if COMMANDS[command] else []))
    assert (chosen.status, "--text-field" in chosen.err) == (0, False)


def write_records(name: str, rows: list[dict[str, str]]) -> None:
    """Write records as the file's name says."""
    if name.endswith(".parquet"):
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(pytest.importorskip("pyarrow").Table.from_pylist(rows), name)
    elif name.endswith(".csv"):
        Path(name).write_text("\n".join([",".join(rows[0]), *(",".join(f'"{v}"' for v in row.values()) for row in rows)]) + "\n")
    else:
        Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_fields_that_hold_the_same_text_are_not_told_of(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_text(json.dumps({"id": 1, "text": WORDS, "content": f"<p>{WORDS}</p>\n", "body": None}) + "\n")
    assert "--text-field" not in dedup("clean", "a.jsonl", "-o", "out").err


def dump(count: int = 4, **more: object) -> None:
    """Pages of one host, whose URL stands inside of an object, as dolma and datatrove put it."""
    lines = []
    for number in range(count):
        what = ("ferries and their crews", "cranes that rust", "nets, buoys and old rope", "gulls above the fish hall")[number]
        text = f"This page tells of {what}.\n\nThis line is on each page of the harbour.\n"
        meta = {"url": f"https://www.harbour.example/{number}", "source": {"name": f"s{number}"}, "key": f"k{number}"}
        lines.append(json.dumps({"id": number, "text": text, "metadata": meta, **more}) + "\n")
    Path("in.jsonl").write_text("".join(lines))


def documents(path: str = "r") -> list[dict[str, object]]:
    entries = [json.loads(line) for line in Path(path).read_text().splitlines()]
    return [entry for entry in entries if entry["kind"] == "document"]


NESTED = ["--url-field", "metadata.url", "--id-field", "metadata.key"]


def test_fields_inside_of_objects(dedup: Callable[..., Done]) -> None:
    dump()
    done = dedup("learn", "in.jsonl", "-o", "p", *NESTED)
    assert (done.status, [path.name for path in Path("p").iterdir()]) == (0, ["harbour.example.toml"])
    assert done.err == "dedup: 4 documents: 1 line of 1 site, in p\n"
    assert dedup("clean", "in.jsonl", "-o", "out.jsonl", "--report", "r", "--min-kept", 0, *NESTED, "-q").status == 0
    assert [(entry["document"], entry["site"]) for entry in documents()] == [(f"k{n}", "harbour.example") for n in range(4)]
    kept = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert all("This line" not in record["text"] for record in kept)
    read = [json.loads(line) for line in Path("in.jsonl").read_text().splitlines()]
    assert [{**record, "text": ""} for record in kept] == [{**record, "text": ""} for record in read]
    assert dedup("restore", "out.jsonl", "--report", "r").out == Path("in.jsonl").read_bytes()


def test_fields_inside_of_objects_are_carried(dedup: Callable[..., Done]) -> None:
    dump(2)
    done = dedup("find", "in.jsonl", "--report", "r", "--fields", "metadata.source.name,metadata.none,none.at.all")
    assert [entry["fields"] for entry in documents()] == [{"metadata.source.name": "s0"}, {"metadata.source.name": "s1"}]
    assert done.err.splitlines() == [
        "dedup: no record that was read has the field 'metadata.none' (--fields)",
        "dedup: no record that was read has the field 'none.at.all' (--fields)",
    ]


def test_a_field_with_dots_in_its_own_name_goes_first(dedup: Callable[..., Done]) -> None:
    dump(1, **{"metadata.url": "https://own.example/"})
    dedup("clean", "in.jsonl", "--dry-run", "--report", "r", *NESTED)
    assert documents()[0]["site"] == "own.example"


def test_objects_that_lack_the_field(dedup: Callable[..., Done]) -> None:
    Path("in.jsonl").write_text(
        '{"text": "a", "m": {"id": 12345678901234567890123, "k": {"d.e": "x"}}}\n'
        '{"text": "b", "m": {}, "id": 5}\n'
        '{"text": "c", "m": "no object"}\n'
        '{"text": "d", "m": null}\n'
        '{"text": "e"}\n'
    )
    done = dedup("clean", "in.jsonl", "--dry-run", "--report", "r", "--id-field", "m.id", "--site-field", "m.k.d.e")
    ids = ["12345678901234567890123", "in.jsonl:2", "in.jsonl:3", "in.jsonl:4", "in.jsonl:5"]
    assert [(entry["document"], entry.get("site")) for entry in documents()] == [(ids[0], "x"), *((i, None) for i in ids[1:])]
    assert "no record" not in done.err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["nope", "metadata.nope", "nope.nope", "metadata.url.nope"])
def test_a_field_that_no_record_has_is_told_of(dedup: Callable[..., Done], command: str, name: str) -> None:
    dump(1)
    for option in ("--id-field", "--site-field", "--url-field", "--date-field", "--title-field"):
        done = dedup(command, "in.jsonl", option, name, *COMMANDS[command], *(["--force"] if COMMANDS[command] else []))
        assert done.status == 0
        assert f"dedup: no record that was read has the field {name!r} ({option})\n" in done.err


def test_a_field_that_some_records_have_is_not(dedup: Callable[..., Done]) -> None:
    Path("in").mkdir()
    Path("in/a.jsonl").write_text('{"text": "a"}\n{"text": "b", "paper": "x"}\n')
    Path("in/b.csv").write_text("text\nc\n")
    Path("in/c.txt").write_text("d\n")
    assert "no record" not in dedup("find", "in", "--site-field", "paper").err
    assert "no record" not in dedup("find", "in/c.txt", "--site-field", "paper").err  # there are none to have it
    assert "'paper' (--site-field)" in dedup("find", "in/b.csv", "--site-field", "paper").err
    assert "'text.url' (--url-field)" in dedup("find", "in/b.csv", "--url-field", "text.url").err  # tables have flat names


def test_the_text_must_stand_at_the_top(dedup: Callable[..., Done]) -> None:
    Path("in.jsonl").write_text('{"doc": {"text": "a"}}\n')
    done = dedup("clean", "in.jsonl", "--text-field", "doc.text")
    assert done.status == 2
    assert (
        "in.jsonl:1: lacks the field 'doc.text': the text must stand at the top of a record (jq -c '.text = .doc.text')"
        in done.err
    )
    Path("in.jsonl").write_text('{"doc": {"text": "a"}, "doc.text": "b"}\n')
    assert dedup("clean", "in.jsonl", "--text-field", "doc.text").status == 0


def test_fields_of_parquet_are_carried(dedup: Callable[..., Done]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({"text": ["a", "b"], "kind": ["x", None], "n": [1, 2]}), "in.parquet")
    done = dedup("find", "in.parquet", "--report", "r", "--fields", "kind,n,none")
    assert [entry["fields"] for entry in documents()] == [{"kind": "x", "n": 1}, {"kind": None, "n": 2}]
    assert "'none' (--fields)" in done.err


def test_what_was_met_does_not_rename_a_run() -> None:
    met = Fields(site="a", met={"a"}, missed={"b"})
    names = {resuming.name_of(CleanSettings(), Inputs([], fields=fields), []) for fields in (met, Fields(site="a"))}
    assert len(names) == 1
