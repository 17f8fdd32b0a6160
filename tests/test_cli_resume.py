"""A run that was stopped goes on with `--resume`, and ends with the bytes of one that was not stopped."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from files import tree_of

from dedup.boilerplate.profile import Known, Profile
from dedup.errors import UsageError
from dedup.model import Finding, Partner, Skipped
from dedup.writing import journal
from dedup.writing.targets import FileTarget

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done


class Stopped(BaseException):
    """Stands for a process that is gone at once."""


@pytest.fixture
def site(tmp_path: Path, story: Callable[[int], list[str]]) -> None:
    """Two sites with furniture of their own, records, a page that is damaged, and the same story on both sites."""
    for name, pages in (("harbour", range(8)), ("valley", range(6, 13))):
        for n in pages:
            lines = [f"The {name} post, weekday edition", *story(n), story(n)[1], f"Letters reach the {name} post at its gate"]
            path = tmp_path / "in" / name / f"{n:02}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n\n".join(lines) + "\n")
    records = [json.dumps({"id": f"r{n % 4}", "text": "\n".join([*story(n), story(n)[1]])}) for n in range(20, 28)]
    (tmp_path / "in" / "m.jsonl").write_text("\n".join([*records[:4], "no json", *records[4:]]) + "\n")
    (tmp_path / "in" / "n.jsonl.gz").write_bytes(gzip.compress(b"\n".join(map(str.encode, records)), mtime=0))
    (tmp_path / "in" / "harbour" / "03x.txt.gz").write_bytes(gzip.compress(b"A text that was cut off. " * 90)[:60])


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Ends the run when an output of the given number is about to take its name, or has just taken it.

    What a process that is gone does not do any more, such as removing what is half written, is not done.
    """
    replace, discard = os.replace, FileTarget.discard

    def at(number: int, *, before: bool) -> None:
        count = 0

        def counted(source: str, target: str) -> None:
            nonlocal count
            count += 1
            if count == number and before:
                raise Stopped
            replace(source, target)
            if count == number:
                raise Stopped

        monkeypatch.setattr(os, "replace", counted)
        monkeypatch.setattr(FileTarget, "discard", lambda self: discard(self) if count < number else None)

    def never() -> None:
        monkeypatch.setattr(os, "replace", replace)
        monkeypatch.setattr(FileTarget, "discard", discard)

    def act(number: int | None = None, *, before: bool = False) -> None:
        never() if number is None else at(number, before=before)

    return act


WAYS = {
    "tree": ["clean", "in", "-o", "out"],
    "copies": ["clean", "in", "-o", "out", "--strip", "copy"],
    "in place": ["clean", "in", "--in-place"],
    "in place, copies": ["clean", "in", "--in-place", "--strip", "copy"],
}


def uninterrupted(dedup: Callable[..., Done], arguments: list[str]) -> tuple[int, dict[str, bytes], bytes, list[str]]:
    shutil.copytree("in", "kept")
    done = dedup(*arguments, "--report", "r")
    result = done.status, tree_of("in" if "--in-place" in arguments else "out"), Path("r").read_bytes(), done.err.splitlines()
    shutil.rmtree("in")
    shutil.rmtree("out", ignore_errors=True)
    Path("r").unlink()
    shutil.copytree("kept", "in")
    return result


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("number", [1, 5, 17])
def test_the_bytes_are_those_of_a_run_that_was_not_stopped(
    dedup: Callable[..., Done], stop: Callable[..., None], way: str, number: int, before: bool
) -> None:
    arguments = WAYS[way]
    status, texts, report, told = uninterrupted(dedup, arguments)
    assert (status, len(texts)) == (3, 17 + ("--in-place" in arguments))
    stop(number, before=before)
    with pytest.raises(Stopped):
        dedup(*arguments, "--report", "r")
    stop()
    assert Path("r.journal").exists()
    done = dedup(*arguments, "--report", "r", "--resume")
    assert done.status == 3
    folder = "in" if "--in-place" in arguments else "out"
    assert tree_of(folder) == texts
    assert Path("r").read_bytes() == report
    assert [line for line in done.err.splitlines() if "going on behind" not in line] == told
    assert not Path("r.journal").exists()
    assert dedup("restore", folder, "-o", "back", "--report", "r").status in {0, 3}
    for name, data in tree_of("kept").items():
        if not name.endswith(".gz"):
            assert tree_of("back")[name] == data
    # what is finished is left alone
    assert dedup(*arguments, "--report", "r", "--resume") == (0, b"", "dedup: nothing to resume: r is complete\n")
    assert tree_of(folder) == texts


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", ["tree", "in place"])
def test_it_may_be_stopped_again_and_again(dedup: Callable[..., Done], stop: Callable[..., None], way: str) -> None:
    arguments = WAYS[way]
    status, texts, report, _ = uninterrupted(dedup, arguments)
    resume: list[str] = []
    for number in range(40):
        stop(2, before=number % 2 == 0)
        try:
            done = dedup(*arguments, "--report", "r", *resume)
        except Stopped:
            resume = ["--resume"]
        else:
            break
    assert number > 8
    assert done.status == status
    assert tree_of("in" if way == "in place" else "out") == texts
    assert Path("r").read_bytes() == report


@pytest.mark.usefixtures("site")
def test_what_was_learned_is_that_of_the_whole_tree(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    stop(9)
    with pytest.raises(Stopped):
        dedup("clean", "in", "--in-place", "--report", "r")
    stop()
    # so many pages are clean now that learning anew would not find the line any more
    assert dedup("clean", "in/harbour", "--dry-run", "--report", "probe").status in {0, 3}
    assert "The harbour post" not in Path("probe").read_text()
    assert dedup("clean", "in", "--in-place", "--report", "r", "--resume").status == 3
    assert not [name for name, data in tree_of("in").items() if b"weekday edition" in data and name.endswith(".txt")]


@pytest.mark.usefixtures("site")
def test_without_a_stopped_run_it_is_a_run_like_any_other(dedup: Callable[..., Done]) -> None:
    status, texts, report, _ = uninterrupted(dedup, WAYS["tree"])
    assert dedup(*WAYS["tree"], "--report", "r", "--resume").status == status
    assert (tree_of("out"), Path("r").read_bytes()) == (texts, report)


@pytest.mark.usefixtures("site")
def test_a_run_that_was_stopped_while_it_learned_begins_anew(dedup: Callable[..., Done]) -> None:
    status, texts, report, _ = uninterrupted(dedup, WAYS["in place"])
    Path("r.journal").write_text('{"kind": "journal", "format": 1, "run": "x"}\n{"kind": "prof')
    assert dedup(*WAYS["in place"], "--report", "r", "--resume").status == status
    assert (tree_of("in"), Path("r").read_bytes()) == (texts, report)


@pytest.mark.usefixtures("site")
def test_the_report_may_lie_among_the_texts(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    arguments = ["clean", "in", "--in-place", "--report", "in/r.jsonl"]
    shutil.copytree("in", "kept")
    assert dedup(*arguments).status == 3
    texts = tree_of("in")
    shutil.rmtree("in")
    shutil.copytree("kept", "in")
    stop(7, before=True)
    with pytest.raises(Stopped):
        dedup(*arguments)
    stop()
    assert dedup(*arguments, "--resume").status == 3
    assert tree_of("in") == texts


@pytest.mark.usefixtures("site")
def test_a_stopped_run_can_be_undone_instead(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    before = tree_of("in")
    stop(9, before=True)
    with pytest.raises(Stopped):
        dedup("clean", "in", "--in-place", "--report", "r")
    stop()
    assert tree_of("in") != before
    done = dedup("restore", "in", "--in-place", "--report", "r", "-q")
    assert done.status == 3
    assert "was cut short (it has no `end`)" in done.err
    after = {name: data for name, data in tree_of("in").items() if ".dedup-" not in name}
    packed = "n.jsonl.gz"  # packed anew, so the bytes that count are those in it
    assert gzip.decompress(after.pop(packed)) == gzip.decompress(before.pop(packed))
    assert after == before


def begun(dedup: Callable[..., Done], stop: Callable[..., None], way: str) -> list[str]:
    stop(6, before=False)
    with pytest.raises(Stopped):
        dedup(*WAYS[way], "--report", "r")
    stop()
    return [*WAYS[way], "--report", "r", "--resume"]


CHANGED = {
    "another option": ("tree", lambda a: [*a, "--keep", "repeat"], "give the inputs and options of the run that was stopped"),
    "another input": ("tree", lambda a: Path("in/new.txt").write_text("x") and a, "give the inputs and options of the run"),
    "a changed input": ("tree", lambda a: Path("in/harbour/01.txt").write_text("x") and a, "in/harbour/01.txt was changed"),
    "a changed output": ("tree", lambda a: Path("out/harbour/01.txt").write_text("x") and a, "exist already"),
    "a changed file": ("in place", lambda a: Path("in/harbour/01.txt").write_text("x") and a, "in/harbour/01.txt was changed"),
    "a shorter report": ("tree", lambda a: Path("r").write_text("") or a, "r: is shorter than its journal says"),
    "no report": ("tree", lambda a: Path("r").unlink() or a, "r: cannot be gone on with"),
    "no journal": ("tree", lambda a: Path("r.journal").write_text("x\n") and a, "r.journal: not a journal"),
    "another format": ("tree", lambda a: Path("r.journal").write_text("{}\n") and a, "r.journal: not a journal"),
}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("case", CHANGED)
def test_what_is_not_as_it_was_is_refused(dedup: Callable[..., Done], stop: Callable[..., None], case: str) -> None:
    way, change, words = CHANGED[case]
    arguments = change(begun(dedup, stop, way))
    before = tree_of("."), tree_of("in")
    done = dedup(*arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err
    assert (tree_of("."), tree_of("in")) == before


@pytest.mark.usefixtures("site")
def test_an_output_that_is_gone_is_made_again(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    status, texts, report, _ = uninterrupted(dedup, WAYS["tree"])
    arguments = begun(dedup, stop, "tree")
    Path("out/harbour/01.txt").unlink()
    assert dedup(*arguments).status == 2  # the later ones are there, and would be overwritten
    assert dedup(*arguments, "--force").status == status
    assert (tree_of("out"), Path("r").read_bytes()) == (texts, report)


@pytest.mark.usefixtures("site")
def test_a_stopped_run_is_not_overwritten_by_chance(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    begun(dedup, stop, "in place")
    report = Path("r").read_bytes()
    done = dedup(*WAYS["in place"], "--report", "r")
    assert (done.status, Path("r").read_bytes()) == (2, report)
    assert "go on with it by --resume" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["clean", "a.txt", "--resume"], "--resume needs the --report"),
        (["clean", "a.txt", "--resume", "--report", "r"], "--resume needs the --report, and the -o OUT or --in-place"),
        (
            ["clean", "a.txt", "--resume", "--report", "r", "-o", "out", "--dry-run"],
            "--resume needs the --report, and the -o OUT",
        ),
        (["clean", "a.txt", "--resume", "--report", "r", "--in-place", "--check"], "--resume needs the --report, and the"),
        (["clean", "-", "--resume", "--report", "r", "-o", "out"], "pipes and devices cannot be gone on with"),
        (["clean", "a.txt", "--resume", "--report", "r", "-o", os.devnull], "pipes and devices cannot be gone on with"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_resumed_is_refused(dedup: Callable[..., Done], arguments: list[str], words: str) -> None:
    Path("a.txt").write_text("A text.\n")
    done = dedup(*arguments)
    assert (done.status, done.out, done.err.count("\n")) == (2, b"", 1)
    assert words in done.err
    assert [path.name for path in Path().iterdir()] == ["a.txt"]


def test_a_journal_comes_back_as_it_was_written(tmp_path: Path) -> None:
    known = Known(5, 9, ("a", "\ud83d"), frozenset({1, 2**63}), 2, 8)
    profiles = {"s": Profile("s", 9, {7: known}, {8: known}), "": Profile("", 1)}
    copied = {"d": [Finding("copy", 1, 2, "copy.family", 0.5, Partner("e", 3, 4), {"x": [1]})], "e": []}
    skipped = [Skipped("a", "is hidden", expected=True), Skipped("b", "no", 5)]
    path = str(tmp_path / "j")
    written = journal.Journal(path)
    written.begin("name", profiles, copied, skipped)
    entry = {"source": "a", "before": "1", "output": "2", "report": 10, "counts": {"cuts": 1}, "rules": {}, "notes": [("a", "n")]}
    written.writing("x")
    written.done(entry, skipped[1:])
    written.done(entry | {"source": "b"}, [skipped[1], skipped[0]])
    written.close()
    with (tmp_path / "j").open("ab") as stream:
        stream.write(b'{"kind": "done", "sou')
    read = journal.read(path)
    assert read is not None
    assert (read.run, read.profiles, read.copied, read.skipped) == ("name", profiles, copied, skipped)
    assert [done.source for done in read.done] == ["a", "b"]
    assert (read.done[0].counts, read.done[0].notes, read.done[0].report) == ({"cuts": 1}, [("a", "n")], 10)
    assert read.failures == [(0, skipped[1]), (1, skipped[0])]
    assert read.writing == "x"
    assert 0 < read.begun < read.done[0].end < read.done[1].end < (tmp_path / "j").stat().st_size


def test_a_journal_of_others_deletes_nothing_else(dedup: Callable[..., Done]) -> None:
    Path("a.txt").write_text("A text.\n")
    Path("precious.tmp").write_text("x")
    lines = [{"kind": "journal", "format": 1, "run": "x"}, {"kind": "ready", "copies": False}]
    lines.append({"kind": "writing", "path": "precious.tmp"})
    Path("r.journal").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert dedup("clean", "a.txt", "-o", "out", "--report", "r", "--resume").status == 2
    assert Path("precious.tmp").exists()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("number", [16, 17])
def test_parquet_too(
    dedup: Callable[..., Done], stop: Callable[..., None], story: Callable[[int], list[str]], number: int
) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    texts = ["\n".join([*story(n), story(n)[1]]) for n in range(6)]
    parquet.write_table(pyarrow.table({"text": texts, "n": list(range(6))}), "in/p.parquet", row_group_size=4)
    status, done_texts, report, _ = uninterrupted(dedup, WAYS["in place"])
    stop(number + 1, before=number == 16)
    with pytest.raises(Stopped):
        dedup(*WAYS["in place"], "--report", "r")
    stop()
    assert dedup(*WAYS["in place"], "--report", "r", "--resume").status == status
    assert Path("r").read_bytes() == report
    assert tree_of("in") == done_texts


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there")
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_resumed_or_begun_anew_while_the_run_is_at_work(
    dedup: Callable[..., Done], stop: Callable[..., None], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """In place, what the one has cleaned the other would take for the original, and the report would lose its cuts."""
    again = begun(dedup, stop, way)
    passing = Path(json.loads(Path("r.journal").read_text().splitlines()[-1]).get("path", "none"))
    before = tree_of("."), passing.exists()
    monkeypatch.setattr(journal, "_PAUSE", 0.001)
    with Path("r.journal").open("r+b") as stream:
        journal._hold(stream, "r.journal", alone=True)
        done = dedup(*again)
        told = "dedup: error: r.journal: another run is at work with this report: wait until it is done, or stop it\n"
        assert (done.status, done.err) == (2, told)
        if not way.startswith("in place"):
            fresh = dedup(*again[:-1], "--force")
            assert (fresh.status, fresh.err) == (2, told)
        assert (tree_of("."), passing.exists()) == before
    assert dedup(*again).status == 3


def test_a_journal_that_another_went_on_with_meanwhile_is_let_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "j")
    written = journal.Journal(path)
    written.begin("name", {}, None, [])
    written.close()
    read = journal.read(path)
    assert read is not None
    journal.Journal(path, keep=read.begun, size=read.size).close()
    with Path(path).open("ab") as stream:
        stream.write(b"{}\n")
    with pytest.raises(UsageError, match="another run is at work"):
        journal.Journal(path, keep=read.begun, size=read.size)
    assert Path(path).read_bytes().endswith(b"{}\n")


@pytest.mark.usefixtures("site")
def test_a_file_that_only_has_the_name_of_a_journal_is_let_alone(dedup: Callable[..., Done]) -> None:
    Path("nature.journal").write_text("mine\n")
    for force in ([], ["--force"]):
        done = dedup("clean", "in", "-o", "out", "--report", "nature", *force)
        assert (done.status, done.err.count("\n")) == (2, 1)
        assert "nature.journal: is there, and no journal of dedup" in done.err
        assert Path("nature.journal").read_text() == "mine\n"
    for left in (
        "",
        '{"kind": "jour',
        '{"kind": "journal", "format": 1, "run": "x"}\n',
    ):  # of a run that was stopped while it learned
        Path("r.journal").write_text(left)
        assert dedup("clean", "in", "-o", "out", "--report", "r", "--force").status == 3
        assert not Path("r.journal").exists()


@pytest.mark.usefixtures("site")
def test_the_same_command_without_resume_is_told_of_it(dedup: Callable[..., Done], stop: Callable[..., None]) -> None:
    """That its outputs exist already was said, and to use --force, with which all begins anew."""
    stop(5)
    with pytest.raises(Stopped):
        dedup("clean", "in", "-o", "out", "--report", "r")
    stop()
    told = "--report r: is that of a run that was stopped: go on with it by --resume, or name another file"
    assert dedup("clean", "in", "-o", "out", "--report", "r") == (2, b"", f"dedup: error: {told}\n")
    assert dedup("clean", "in", "-o", "out", "--report", "r", "--resume").status == 3
