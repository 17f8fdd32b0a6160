"""What tools of this field have done to those who relied on them; none of it happens here.

They deleted all copies (records, with the check off); 90 % of a corpus (a filter updated twice); the last character of each text
that was not ASCII; they skipped work after a crash because a temporary file looked finished; and gave another answer for the
same page on the second call. Each test tells by its name of which story it is.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from files import entries, tree_of

import dedup as package

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done, Kiosk


@pytest.fixture
def pile(tmp_path: Path, story: Callable[[int], list[str]]) -> dict[str, int]:
    """Forty records of eight stories, whole or without an end, as `in.jsonl` and as a tree; gives each id's story."""
    stories: dict[str, int] = {}
    lines = []
    for n in range(40):
        text = "\n\n".join(story(n % 8)[: 5 if n % 3 else 4]) + "\n"
        lines.append(json.dumps({"id": f"n{n}", "site": f"s{n % 4}", "date": f"2024-01-{1 + n % 28:02}", "text": text}) + "\n")
        stories[f"n{n}"] = n % 8
        path = tmp_path / "in" / f"s{n % 4}" / f"{n:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "in.jsonl").write_text("".join(lines))
    (tmp_path / "sites").write_text("s3\ns1\n")
    return stories


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--raw"],
        ["--raw", "--threshold", "0.05", "--recall", "0.5"],
        ["--keep-doc", "longest"],
        ["--keep-doc", "latest", "--prefer-sites", "sites"],
        ["--kernel", "reference", "--raw"],
    ],
    ids=" ".join,
)
def test_not_all_copies_are_deleted(dedup: Callable[..., Done], pile: dict[str, int], options: list[str]) -> None:
    done = dedup("filter", "in.jsonl", "--report", "r", "-q", *options)
    kept = {json.loads(line)["id"] for line in done.out.splitlines()}
    gone = {entry["document"]: entry["keep"] for entry in entries("r", "dropped")}
    assert {pile[name] for name in kept} == set(range(8))
    assert len(gone) >= 16  # there is something to delete
    assert kept | gone.keys() == pile.keys()
    assert not kept & gone.keys()
    assert set(gone.values()) <= kept
    if "0.05" not in options:
        assert all(pile[name] == pile[keep] for name, keep in gone.items())
    assert dedup("filter", "in.jsonl", "--ids", "-q", *options).out.decode().split() == sorted(kept, key=lambda n: int(n[1:]))


@pytest.mark.usefixtures("pile")
def test_not_all_copies_are_deleted_where_there_is_nothing_else(dedup: Callable[..., Done]) -> None:
    line = Path("in.jsonl").read_bytes().splitlines(keepends=True)[1]
    for count in (1, 2, 3, 60):  # 60: more than a cluster is listed pair by pair
        assert dedup("filter", "-q", given=line * count).out == line


@pytest.mark.usefixtures("pile")
@pytest.mark.parametrize("options", [["-o", "out"], ["--in-place", "--report", "r"]], ids=lambda options: options[0])
def test_not_all_copies_of_a_paragraph_are_stripped(
    dedup: Callable[..., Done], story: Callable[[int], list[str]], options: list[str]
) -> None:
    before = tree_of("in")
    assert dedup("clean", "in", "--strip", "copy", *options, "-q").status == 0
    after = tree_of(options[1] if options[0] == "-o" else "in")
    assert sum(map(len, after.values())) < 0.9 * sum(map(len, before.values()))
    everything = b"\n".join(after.values()).decode()
    assert all(line in everything for n in range(8) for line in story(n))
    assert after.keys() == before.keys()
    assert all(after.values())


@pytest.mark.parametrize("command", [["clean", "--strip", "copy"], ["filter"]], ids=" ".join)
def test_not_all_copies_are_deleted_where_one_is_in_a_broken_file(
    dedup: Callable[..., Done], story: Callable[[int], list[str]], command: list[str]
) -> None:
    """The file that is cut off is not written, so nothing may go on account of what could still be read of it."""
    Path("in").mkdir()
    lost = json.dumps({"id": "lost", "text": "\n\n".join(story(1))}) + "\n"
    noise = "".join(json.dumps({"id": f"n{n}", "text": random.Random(n).randbytes(3000).hex()}) + "\n" for n in range(100))  # noqa: S311 (the same each time)
    data = gzip.compress((lost + noise).encode(), mtime=0)
    Path("in/a.jsonl.gz").write_bytes(data[: len(data) // 2])
    whole = "\n\n".join([*story(1), *(story(2)[1:] if command[0] == "clean" else [])]) + "\n"
    Path("in/b.txt").write_text(whole)
    done = dedup(*command, "in", "-o", "out", "-q")
    assert (done.status, done.err.count("\n")) == (3, 1)
    assert tree_of("out") == {"b.txt": whole.encode()}
    Path("in/a.jsonl.gz").write_bytes(data)
    assert dedup(*command, "in", "-o", "out", "-q", "--force").status == 0
    assert command[0] == "filter" or Path("out/b.txt").stat().st_size < len(whole)  # there it is a copy


@pytest.mark.usefixtures("pile")
def test_not_all_copies_are_deleted_by_acting_on_a_report_twice(dedup: Callable[..., Done]) -> None:
    dedup("find", "in.jsonl", "--report", "r", "-q")
    once = dedup("filter", "in.jsonl", "--report-in", "r", "-o", "once.jsonl", "-q")
    assert once.status == 0
    dedup("filter", "once.jsonl", "--report-in", "r", "-o", "twice.jsonl", "-q")
    assert Path("twice.jsonl").read_bytes() == Path("once.jsonl").read_bytes()


NAMED = {
    "a file twice": (["in.jsonl", "in.jsonl"], ["in.jsonl"]),
    "a file by two paths": (["in.jsonl", "./in.jsonl", "in/../in.jsonl"], ["in.jsonl"]),
    "a file and a link to it": (["in.jsonl", "link.jsonl"], ["in.jsonl"]),
    "a folder twice": (["in", "in"], ["in"]),
    "a folder by two paths": (["in", "in/", "./in"], ["in"]),
    "a folder and a file in it": (["in", "in/s1/05.txt", "--root", "."], ["in", "--root", "."]),
    "a folder and one in it": (["in", "in/s1", "--root", "."], ["in", "--root", "."]),
    "a list of files": (["--files-from", "twice"], ["--files-from", "once"]),
}


@pytest.mark.usefixtures("pile")
@pytest.mark.parametrize("command", ["filter", "clean", "learn", "find"])
@pytest.mark.parametrize("way", NAMED)
def test_a_filter_is_not_updated_twice_by_what_is_named_twice(dedup: Callable[..., Done], way: str, command: str) -> None:
    Path("link.jsonl").symlink_to("in.jsonl")
    Path("once").write_text("in/s1/01.txt\nin/s1/09.txt\nin/s2/02.txt\n")
    Path("twice").write_text("in/s1/01.txt\nin/s1/09.txt\nin/s2/02.txt\nin/s1/01.txt\n./in/s1/09.txt\n")
    results = []
    for number, arguments in enumerate(NAMED[way]):
        out, report = f"out{number}", f"r{number}"
        reported = [] if command == "learn" else ["--report", report]
        done = dedup(command, *arguments, *([] if command == "find" else ["-o", f"{out}/"]), *reported, "-q")
        assert done.status == 0
        told = Path(report).read_text().splitlines() if reported else []
        told = [line for line in told if '"skipped"' not in line and '"end"' not in line]
        results.append((done.out.partition(b"LIMITS")[0].rstrip(), tree_of(out) if command != "find" else {}, told))
    assert results[0] == results[1]
    assert results[0][0] or results[0][1]


@pytest.mark.usefixtures("pile")
def test_a_filter_is_not_updated_twice_by_a_second_run(dedup: Callable[..., Done]) -> None:
    for again in ([], ["--force"]):
        dedup("filter", "in.jsonl", "-o", "out.jsonl", "-q", *again)
        dedup("learn", "in.jsonl", "-o", "profiles", "-q", *again)
        dedup("clean", "in.jsonl", "--profile", "profiles", "-o", "clean.jsonl", "-q", *again)
        shutil.copytree(".", f"../kept{len(again)}", ignore=shutil.ignore_patterns("kept*"))
    assert tree_of("../kept0") == tree_of("../kept1")
    dedup("filter", "out.jsonl", "-o", "again.jsonl", "-q")
    assert Path("again.jsonl").read_bytes() == Path("out.jsonl").read_bytes()


ENDINGS = {
    "utf-8": "Alles süß, sagt der Müller, und schließt die Tür der Mühle, in der nun niemand mehr mahlt, für immer: adé",
    "utf-16": "Το πλοίο έφυγε την Κυριακή το πρωί, και κανείς στο νησί δεν ξέρει αν θα επιστρέψει πριν από τον χειμώνα ή μετά",
    "cp1251": "Паром ушёл в воскресенье утром, и никто на острове не знает, вернётся ли он до зимы или только после неё",
    "shift_jis": "連絡船は日曜日の朝に港を出たが、冬になる前に戻って来るのか、それとも春なのかは、島の誰も知らない。",
    "gb18030": "渡船星期日早上离开了港口，岛上没有人知道它会在冬天之前回来，还是要等到冰雪融化之后才会回来，大家只好等着看了",
    "utf-8-sig": "Con phà rời bến vào sáng chủ nhật, và không ai trên đảo biết liệu nó có trở lại trước mùa đông hay không đã😀",
}
LEGAL = "© 2025 The Elder Post. All rights reserved"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"], ids=repr)
@pytest.mark.parametrize("encoding", ENDINGS)
def test_the_last_character_of_a_file_is_not_cut(dedup: Callable[..., Done], encoding: str, end: str) -> None:
    last = ENDINGS[encoding]
    legal = LEGAL if encoding.startswith("utf") else LEGAL.removeprefix("© ")
    clean = f"{last}\n\n{last[::-1]}{end}"
    for text in (f"{legal}\n\n{clean}", f"{last}\n\n{legal}\n\n{last[::-1]}{end}"):
        Path("a.txt").write_bytes(text.encode(encoding))
        done = dedup("clean", "a.txt", "--report", "r", "--force")
        assert done.out == clean.encode(encoding)
        assert [cut["text"].strip() for cut in entries("r", "boilerplate")] == [legal]
    Path("a.txt").write_bytes(clean.encode(encoding))
    assert dedup("clean", "a.txt").out == clean.encode(encoding)


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_last_character_of_a_record_is_not_cut(dedup: Callable[..., Done], ascii_only: bool) -> None:
    texts = [f"{last}\n\n{last[::-1]}" for last in ENDINGS.values()]
    dirty, clean = (
        "".join(json.dumps({"text": before + text, "n": "ü"}, ensure_ascii=ascii_only) + "\n" for text in texts)
        for before in (f"{LEGAL}\n\n", "")
    )
    assert dedup("clean", "--no-learn", given=dirty.encode()).out == clean.encode()
    assert dedup("clean", "--no-learn", given=gzip.compress(dirty.encode())).out == clean.encode()


def test_the_last_character_of_a_row_is_not_cut(dedup: Callable[..., Done]) -> None:
    rows = "".join(f'{n},"{{}}{last}"\n' for n, last in enumerate(ENDINGS.values()))
    dirty, clean = ("id,text\n" + rows.format(*[before] * len(ENDINGS)) for before in (f"{LEGAL}\n\n", ""))
    assert dedup("clean", "--no-learn", "--format", "csv", given=dirty.encode()).out == clean.encode()


@pytest.mark.parametrize("last", ENDINGS.values(), ids=list(ENDINGS))
def test_the_last_character_of_a_text_in_python_is_not_cut(last: str) -> None:
    assert package.clean(last).text == last
    assert package.clean(f"{LEGAL}\n{last}").text == last


KILLED = """
import os, signal, sys

wanted, count = int(sys.argv.pop(1)), 0

def hear(event, arguments):
    global count
    if event == "os.rename" and "dedup-" in str(arguments[:1]):
        count += 1
        if count == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hear)
from dedup.__main__ import main
main()
"""
COMMANDS = {
    "clean": (["clean", "in", "-o", "out", "--report", "r"], ["--resume"]),
    "clean in place": (["clean", "in", "--in-place", "--report", "r"], ["--resume"]),
    "filter": (["filter", "in", "-o", "out", "--report", "r"], ["--force"]),
    "learn": (["learn", "in", "-o", "out"], ["--force"]),
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.usefixtures("pile")
@pytest.mark.parametrize("way", COMMANDS)
@pytest.mark.parametrize("number", [1, 3])
def test_no_work_is_skipped_after_a_crash_for_a_temporary_file_that_is_whole(
    dedup: Callable[..., Done], way: str, number: int
) -> None:
    for path in Path("in").rglob("*.txt"):
        path.write_text(f"Letters reach the paper at the old gate of the port\n\n{path.read_text()}\n{LEGAL}\n")
    arguments, again = COMMANDS[way]
    folder = "in" if "--in-place" in arguments else "out"
    shutil.copytree("in", "kept")
    assert dedup(*arguments, "-q").status == 0
    whole = tree_of(folder), Path("r").read_bytes() if Path("r").exists() else b""
    Path("r").unlink(missing_ok=True)
    shutil.rmtree(folder)
    shutil.copytree("kept", "in", dirs_exist_ok=True)
    command = [sys.executable, "-c", KILLED, str(number), *arguments, "-q"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == -9
    (left,) = Path(folder).rglob(".dedup-*.tmp")
    assert left.stat().st_size
    done = dedup(*arguments, *again, "-q")
    assert (done.status, done.err) == (0, "")
    result = {name: data for name, data in tree_of(folder).items() if not name.rpartition("/")[2].startswith(".dedup-")}
    assert (result, Path("r").read_bytes() if Path("r").exists() else b"") == whole


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.usefixtures("pile")
def test_no_work_is_skipped_for_names_that_look_like_its_traces(dedup: Callable[..., Done]) -> None:
    """Names that outputs, journals and temporary files might have do not make a run believe that anything is done."""
    assert dedup("filter", "in", "-o", "whole", "-q").status == 0
    for name in ("01.txt.tmp", ".dedup-x.tmp", "01.txt.done", "_SUCCESS", "01.txt.part", ".01.txt.lock"):
        Path("out/s1").mkdir(parents=True, exist_ok=True)
        Path("out/s1", name).write_text("half")
    Path("r.tmp").write_text("half")
    assert dedup("filter", "in", "-o", "out", "--report", "r", "-q").status == 0
    assert tree_of("whole").items() <= tree_of("out").items()


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.usefixtures("pile")
def test_no_work_is_skipped_for_an_output_that_looks_done(dedup: Callable[..., Done]) -> None:
    Path("out/s1").mkdir(parents=True)
    Path("out/s1/05.txt").write_text("half")
    for more in ([], ["--report", "r"], ["--report", "r", "--resume"]):
        done = dedup("clean", "in", "-o", "out", "-q", *more)
        assert (done.status, done.err.count("\n")) == (2, 1)
        assert "exist" in done.err
    assert tree_of("out") == {"s1/05.txt": b"half"}


def test_the_second_call_gives_the_same_answer_for_a_page(kiosk: Kiosk) -> None:
    answers = []
    for _ in range(3):
        answers.append(package.clean(kiosk.article))
        package.clean(kiosk.kept)
        package.clean(kiosk.article[::-1])
    assert answers[0] == answers[1] == answers[2]
    assert answers[0].text == kiosk.kept


def test_the_second_call_gives_the_same_answer_for_a_pile(story: Callable[[int], list[str]]) -> None:
    records = [{"id": str(n), "site": f"s{n % 2}", "text": "\n".join(story(n % 4))} for n in range(12)]
    found = [package.find(given) for given in (records, records, records[::-1], records)]
    listed = [(sorted((c.documents, c.keep) for c in each.clusters), sorted(each.pairs, key=str)) for each in found]
    assert listed[0] == listed[1] == listed[3]
    assert len(listed[0][0]) == 4


def test_the_second_call_of_a_command_gives_the_same_answer(dedup: Callable[..., Done], kiosk: Kiosk) -> None:
    given = kiosk.article.encode()
    assert dedup("clean", given=given) == dedup("clean", given=given) == (0, kiosk.kept.encode(), "")
    assert dedup("explain", given=given) == dedup("explain", given=given)


@pytest.mark.parametrize("options", [["--no-learn"], ["--profile", "p"], ["--no-learn", "--workers", "2"]], ids=" ".join)
def test_the_second_time_in_a_stream_a_page_has_the_same_answer(
    dedup: Callable[..., Done], kiosk: Kiosk, options: list[str]
) -> None:
    Path("p").mkdir()
    Path("p/s.toml").write_text('format = 1\nsite = "s"\ndocuments = 9\n[[line]]\ntext = "Hello there, reader"\n')
    page = json.dumps({"site": "s", "text": f"Hello there, reader\n\n{kiosk.article}"}).encode() + b"\n"
    pages = (page + kiosk.jsonl(1)) * 30
    Path("pages.jsonl").write_bytes(pages)
    named = ["pages.jsonl"] if "--workers" in options else []  # workers begin at once for a file, late for a pipe
    lines = dedup("clean", "-q", *named, *options, given=pages).out.splitlines()
    assert len(lines) == 60
    assert {json.loads(line)["text"] for line in lines[1::2]} == {kiosk.kept}
    (text,) = {json.loads(line)["text"] for line in lines[::2]}
    assert text == (kiosk.kept if "--profile" in options else f"Hello there, reader\n\n{kiosk.kept}")


def test_the_second_call_gives_the_same_answer_after_other_commands(dedup: Callable[..., Done], pile: dict[str, int]) -> None:
    assert pile
    answers = [dedup("filter", "in.jsonl", "--ids", "-q").out for _ in range(2)]
    dedup("clean", "in", "--strip", "copy", "-o", os.devnull)
    answers.append(dedup("filter", "in.jsonl", "--ids", "-q").out)
    assert len(set(answers)) == 1
