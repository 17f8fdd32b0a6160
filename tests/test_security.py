"""What comes from others is data: no path in it leads out of the target, and no text of it steers a terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from files import write

from dedup.boilerplate import profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and names as on POSIX")

KEPT = """The night train to Ostrava carries beds again

The night train to Ostrava carries beds again since the first of May, eleven years after the last sleeping car was scrapped.

Two families from the hills had booked all berths of the first run, and brought a brass band that played until Olomouc.
"""
ARTICLE = f"{KEPT}\n{KEPT.splitlines()[2]}\n\n© 2025 The Hanak Herald. All rights reserved\n"
STEERING = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egpj\u2066"
"""Clears a screen, names a window, colours, by one byte too, and turns the direction of writing."""


def edited(report: str, **changes: object) -> None:
    """Change the keys that a report's entries have."""
    entries = [json.loads(line) for line in Path(report).read_text().splitlines()]
    changed = [entry | {key: value for key, value in changes.items() if key in entry} for entry in entries]
    Path(report).write_text("".join(json.dumps(entry) + "\n" for entry in changed))


def files() -> set[str]:
    return {str(path) for path in Path().rglob("*") if path.is_file()}


def steers(text: str) -> bool:
    return any(not (char.isprintable() or char == "\n") for char in text)


@pytest.mark.parametrize("name", ["../owned.txt", "/var/../owned.txt", "%2e%2e/owned.txt", "~/owned.txt", "in/../../owned.txt"])
def test_a_report_cannot_say_where_a_restored_text_goes(dedup: Callable[..., Done], name: str) -> None:
    write("here/in/a.txt", ARTICLE)
    write("here/in/b.txt", ARTICLE)
    dedup("clean", "here/in", "-o", "here/out", "--report", "here/r")
    before = files()
    edited("here/r", source=name, document=name, partner={"document": name, "start": 0, "end": 1})
    done = dedup("restore", "here/out", "--report", "here/r", "-o", "here/back")
    assert done.status == 2  # it knows neither
    assert files() == before
    assert dedup("restore", "here/out/a.txt", "--report", "here/r", "-o", "here/back").status == 0  # one has any name
    assert files() - before == {"here/back/here/out/a.txt"}


@pytest.mark.parametrize("command", ["restore", "clean", "filter", "learn"])
@pytest.mark.parametrize("link", ["folder", "file", "dangling"])
def test_no_link_in_the_target_is_followed_out_of_it(dedup: Callable[..., Done], command: str, link: str) -> None:
    write("in/site/a.txt", ARTICLE)
    write("in/site/b.txt", "A text that is no copy of the other, about a mill that was sold.\n")
    write("in/site/c.txt", "A third one, about a bridge that nobody had ever seen from below.\n")
    write("outside/site/a.txt", "precious")
    write("outside/site.toml", "precious")
    dedup("clean", "in", "-o", "cleaned", "--report", "r")
    Path("out").mkdir()
    if command == "learn":
        target = {"folder": "outside/site.toml", "file": "outside/site.toml", "dangling": "outside/none"}[link]
        Path("out/site.toml").symlink_to(Path(target).absolute())
    elif link == "folder":
        Path("out/site").symlink_to(Path("outside/site").absolute())
    else:
        Path("out/site").mkdir()
        target = "outside/site/a.txt" if link == "file" else "outside/none"
        Path("out/site/a.txt").symlink_to(Path(target).absolute())
    arguments = ["restore", "cleaned", "--report", "r"] if command == "restore" else [command, "in"]
    done = dedup(*arguments, "-o", "out", "--force")
    assert (done.status, done.out) == (2, b"")
    assert "leads out of it (a symbolic link?)" in done.err
    assert done.err.count("\n") == 1
    assert Path("outside/site/a.txt").read_text() == Path("outside/site.toml").read_text() == "precious"
    assert not Path("outside/none").exists()
    assert not Path("outside/site/b.txt").exists()


def test_a_target_that_is_a_link_itself_is_its_users_choice(dedup: Callable[..., Done]) -> None:
    write("in/a.txt", ARTICLE)
    Path("real").mkdir()
    Path("out").symlink_to("real")
    assert dedup("clean", "in", "-o", "out").status == 0
    assert Path("real/a.txt").read_text() == KEPT


@pytest.mark.parametrize("command", ["clean", "restore"])
def test_in_place_changes_nothing_outside_of_what_was_given(dedup: Callable[..., Done], command: str) -> None:
    write("in/a.txt", ARTICLE)
    write("in/sub/b.txt", ARTICLE)
    dedup("clean", "in", "-o", "cleaned", "--report", "old")
    write("outside/c.txt", ARTICLE)
    Path("in/c.txt").symlink_to(Path("outside/c.txt").absolute())
    report = "old" if command == "restore" else "r"
    done = dedup(command, "in", "--in-place", "--report", report)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "--in-place: in/c.txt is a link to " in done.err
    assert {Path(name).read_text() for name in ("in/a.txt", "in/sub/b.txt", "outside/c.txt")} == {ARTICLE}
    assert Path("in/c.txt").is_symlink()
    Path("in/c.txt").unlink()
    Path("in/inner.txt").symlink_to("sub/b.txt")  # leads to what is read anyway
    assert dedup(command, "in", "--in-place", "--report", report).status == 0


def test_a_linked_file_that_is_named_outright_is_replaced_where_it_lies(dedup: Callable[..., Done]) -> None:
    write("outside/c.txt", ARTICLE)
    Path("c.txt").symlink_to("outside/c.txt")
    assert dedup("clean", "c.txt", "--in-place", "--report", "r").status == 0
    assert Path("c.txt").is_symlink()
    assert Path("outside/c.txt").read_text() == KEPT


@pytest.mark.parametrize("site", ["../../owned", "/owned", "..", ".", "a/b", "a\\b", "con", "a\0b", STEERING, "x" * 5000])
def test_a_sites_name_is_no_path(dedup: Callable[..., Done], site: str) -> None:
    pages = ["The Hanak Herald weekday edition\n" + f"Only page {n} says this about the year {1900 + n}.\n" for n in range(6)]
    write("here/in.jsonl", "".join(json.dumps({"site": site, "text": page}) + "\n" for page in pages))
    before = files()
    assert dedup("learn", "here/in.jsonl", "-o", "here/profiles").status == 0
    made = files() - before
    assert made
    assert all(Path(name).parent == Path("here/profiles") for name in made)
    assert set(profile.load("here/profiles")) == {site}


def test_ids_that_look_like_paths_name_no_file(dedup: Callable[..., Done]) -> None:
    ids = ["../../owned.txt", "/owned.txt", "a/../../owned"]
    write("here/in.jsonl", "".join(json.dumps({"id": name, "text": ARTICLE}) + "\n" for name in ids))
    before = files()
    assert dedup("filter", "here/in.jsonl", "-o", "here/out.jsonl", "--report", "here/r").status == 0
    assert files() - before == {"here/out.jsonl", "here/r"}


def test_what_commands_show_of_texts_ids_names_and_sites_steers_no_terminal(dedup: Callable[..., Done]) -> None:
    body = ARTICLE.replace("train", f"train {STEERING}")
    lines = [{"id": f"{n}{STEERING}", "site": f"s{STEERING}", "title": f"T{STEERING}", "text": body} for n in range(5)]
    name = f"in{STEERING}.jsonl"
    write(name, "".join(json.dumps(line) + "\n" for line in lines) + "no json\n" + json.dumps({STEERING: 1}) + "\n")
    write(f"tree/{STEERING.replace('/', '')}/a.txt", body)
    for arguments, status, shown in (
        (["find", name, "-v"], 3, True),
        (["find", "tree", name], 3, True),
        (["explain", name], 0, True),
        (["explain", name, "--document", STEERING], 2, True),
        (["clean", name, "-o", "out.jsonl", "--report", "r", "--force"], 3, True),
        (["clean", name, "--dry-run"], 3, True),
        (["clean", "tree", "-o", f"out{STEERING}"], 0, False),
        (["clean", f"none{STEERING}"], 2, True),
        (["clean", name, "--keep", STEERING], 2, True),
        (["clean", name, "--profile", f"none{STEERING}"], 2, True),
        (["restore", "out.jsonl", "--report", "r", "-o", "back.jsonl", "--force"], 0, False),
        (["learn", name, "-o", f"profiles{STEERING}", "--force"], 3, True),
        (["filter", name, "-o", "f.jsonl", "--force"], 3, True),
        (["rules", "--match", f"{STEERING} All rights reserved"], 0, False),
        (["rules", STEERING], 2, True),
    ):
        done = dedup(*arguments)
        assert not steers(done.out.decode() + done.err), arguments
        assert done.status == status, arguments
        assert (r"\x1b[2J" in done.err or rb"\u001b[2J" in done.out) == shown, arguments  # in words that steer nothing


def test_what_a_file_from_others_holds_is_told_without_steering(dedup: Callable[..., Done]) -> None:
    quoted = json.dumps(STEERING).replace("\\u009b", "\\u009b")
    write("phrases.toml", f'language = "en"\n[[phrase]]\nrule = "legal"\nphrase = "a b"\nexample = {quoted}\n')
    write("p.toml", f"format = 1\nsite = {quoted}\ndocuments = 1\n[[line]]\ntext = 5\n")
    write("twice/a.toml", f"format = 1\nsite = {quoted}\ndocuments = 1\n")
    write("twice/b.toml", f"format = 1\nsite = {quoted}\ndocuments = 1\n")
    write(
        "bad", json.dumps({"kind": "header", "format": 1}) + "\n" + json.dumps({"kind": "document", "source": [STEERING]}) + "\n"
    )
    write("worse", f"{STEERING}\n")
    write("a.txt", ARTICLE)
    for arguments, status, words in (
        (["rules", "--check", "phrases.toml"], 1, r"the example '\x1b[2J"),
        (["clean", "a.txt", "--profile", "p.toml"], 2, "p.toml: [[line]] number 1 needs a `text`"),
        (["clean", "a.txt", "--profile", "twice"], 2, r"a second profile of the site '\x1b[2J"),
        (["restore", "a.txt", "--report", "bad"], 2, "bad:2: a document needs a `source`"),
        (["restore", "a.txt", "--report", "worse"], 2, "worse:1: not JSON"),
    ):
        done = dedup(*arguments)
        assert done.status == status
        assert words in done.out.decode() + done.err
        assert not steers(done.out.decode() + done.err), arguments


HUNGRY = r"(\w+\s?)+.*$ [a-z]{1,99}|(a|a)*\d"
"""As a regular expression it would take any line, and hours for some."""


def test_no_regular_expression_comes_from_outside(dedup: Callable[..., Done]) -> None:
    """A profile's lines and a file's phrases are words: they take what is written like them, and nothing else."""
    line = "aaaa " * 2000 + "!"
    write("a.txt", f"{KEPT}\n{line}\n")
    write("p.toml", f'format = 1\nsite = "s"\ndocuments = 9\n[[line]]\ntext = {json.dumps(HUNGRY)}\ncount = 9\n')
    assert dedup("clean", "a.txt", "--site", "s", "--profile", "p.toml").out == f"{KEPT}\n{line}\n".encode()
    write("b.txt", f"{KEPT}\n{HUNGRY}\n")
    assert dedup("clean", "b.txt", "--site", "s", "--profile", "p.toml").out == KEPT.encode()
    for phrase, words, status in (
        (HUNGRY, "legal: 'w s * a z # # a a * d': the example 'read' matches nothing\n", 1),
        (".*", "phrase 1 ('.*'): a phrase needs a word that is written out\n", 2),
        ("[a-z]+ read", "legal: 'a z read': the example 'read' matches nothing\n", 1),
    ):
        told = {"phrase": phrase, "met": "x", "example": "read", "counter_example": "A heron"}
        write(
            "f.toml",
            'language = "en"\n[[phrase]]\nrule = "legal"\n' + "".join(f"{k} = {json.dumps(v)}\n" for k, v in told.items()),
        )
        done = dedup("rules", "--check", "f.toml")
        assert done.status == status
        assert words in done.out.decode() + done.err


def test_evidence_of_a_profile_from_others_is_shown_without_steering(dedup: Callable[..., Done]) -> None:
    quoted = json.dumps(STEERING)
    write("p.toml", f'format = 1\nsite = "s"\ndocuments = 9\n[[line]]\ntext = "Hello there, reader"\nsample = [{quoted}]\n')
    write("a.txt", f"{KEPT}\nHello there, reader\n")
    done = dedup("explain", "a.txt", "--site", "s", "--profile", "p.toml")
    assert "on 9 of 9 documents" in done.out.decode()
    assert not steers(done.out.decode())


def test_a_profile_that_is_a_pipe_is_refused_not_waited_for(dedup: Callable[..., Done]) -> None:
    write("a.txt", ARTICLE)
    Path("profiles").mkdir()
    os.mkfifo("profiles/s.toml")
    done = dedup("clean", "a.txt", "--profile", "profiles")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "profiles/s.toml: is no file" in done.err
