"""Profiles, phrases, reports and journals from anyone: each is taken for what it says, or refused in one line; none does harm.

See test_fuzz_inputs.py for how many are tried.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done


KEPT = """A heron stands on the weir of the old mill again

A heron stands on the weir of the old mill again, and the anglers of the lower town have stopped counting their trout.

It comes at six in the morning, the miller's widow says, and leaves when the first school bus crosses the bridge above.
"""
ARTICLE = f"{KEPT}\n{KEPT.splitlines()[2]}\n\n© 2025 The Weir Post. All rights reserved\n"
PROFILE = """format = 1
site = "s"
documents = 9

[[line]]
text = "A heron stands on the weir of the old mill again"
count = 5
sample = ["a"]
heads = 2
below = ["x"]

[[edge]]
text = "It comes at six in the morning."
count = 3
"""
PHRASES = """language = "en"
name = "English"

[date]
words = ["january"]
marks = ["january"]

[[phrase]]
rule = "legal"
phrase = "all ** rights # reserved"
met = "under an article"
example = "All the rights 5 reserved"
counter_example = "A heron"
"""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**400, -1, "../x", "a.txt"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def edited_text(draw: st.DrawFn, base: str) -> bytes:
    """A text file with some of its lines and bytes changed."""
    lines = base.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["drop", "double", "value", "put"]))
        name = lines[at].partition(" = ")[0]
        if how == "drop":
            lines[at] = "\n"
        elif how == "double":
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif how == "value":
            values = [
                "0",
                "-1",
                "true",
                "1e999",
                "[[]]",
                '""',
                '"\\u0000"',
                "[1, 2]",
                "{}",
                "9" * 5000,
                "[" * 2000,
                '"*** **"',
                "nan",
            ]
            lines[at] = f"{name} = {draw(st.sampled_from(values))}\n"
        else:
            lines.insert(at, draw(st.text(max_size=20)))
    data = bytearray("".join(lines).encode("utf-8", "replace"))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return bytes(data)


@st.composite
def edited_lines(draw: st.DrawFn, base: bytes) -> bytes:
    """JSON Lines with values changed, keys gone, lines gone, doubled and in another order, and bytes changed."""
    lines = [json.loads(line) for line in base.splitlines()]
    for _ in range(draw(st.integers(0, 4))):
        if not lines:
            break
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(["value", "value", "value", "key", "drop", "double", "swap"]))
        keys = sorted(lines[at]) if isinstance(lines[at], dict) else []
        if how == "value" and keys:
            key = draw(st.sampled_from(keys))
            old = lines[at][key]
            near = st.just(old + draw(st.integers(-3, 3))) if type(old) is int else st.nothing()
            lines[at] = lines[at] | {key: draw(JSON | near)}
        elif how == "key" and keys:
            lines[at] = {key: value for key, value in lines[at].items() if key != draw(st.sampled_from(keys))}
        elif how == "drop":
            del lines[at]
        elif how == "double":
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
    data = bytearray("".join(json.dumps(line) + "\n" for line in lines).encode())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    if draw(st.sampled_from([False, False, False, True])):
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)


def quiet(done: Done, *statuses: int) -> None:
    """A status that was foreseen, and lines without a traceback; one line where nothing was done."""
    assert done.status in statuses
    assert "Traceback" not in done.err
    assert done.status != 2 or done.err.count("\n") == 1


@tried(0.1)
@given(data=edited_text(PROFILE) | st.binary(max_size=80))
def test_any_profile(dedup: Callable[..., Done], data: bytes) -> None:
    Path("p.toml").write_bytes(data)
    done = dedup("clean", "--profile", "p.toml", "--site", "s", "--report", "r", "--force", "-q", given=ARTICLE.encode())
    quiet(done, 0, 2)
    if done.status == 0:
        assert dedup("restore", "--report", "r", "-q", given=done.out).out == ARTICLE.encode()
        quiet(dedup("explain", "--profile", "p.toml", "--site", "s", given=ARTICLE.encode()), 0)


@tried(0.06)
@given(data=edited_text(PHRASES) | st.binary(max_size=80))
def test_any_file_of_phrases(dedup: Callable[..., Done], data: bytes) -> None:
    Path("f.toml").write_bytes(data)
    quiet(dedup("rules", "--check", "f.toml"), 0, 1, 2)


def report_of(dedup: Callable[..., Done], *arguments: str, texts: dict[str, str]) -> bytes:
    for name, text in texts.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    dedup(*arguments, "--report", "made", "-q", "--force")
    return Path("made").read_bytes()


RECORDS = "".join(json.dumps({"id": n, "text": ARTICLE}) + "\n" for n in range(2))


@tried(0.12)
@given(data=st.data())
def test_any_report_to_restore_by(dedup: Callable[..., Done], data: st.DataObject) -> None:
    base = report_of(dedup, "clean", "in", "-o", "out", texts={"in/a.txt": ARTICLE, "in/b.jsonl": RECORDS})
    Path("r").write_bytes(data.draw(edited_lines(base)))
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = dedup("restore", "out", "-o", "back", "--report", "r", "-q", "--force")
    assert done.status in {0, 2, 3}
    assert "Traceback" not in done.err
    there = {path for path in Path().rglob("*") if path.is_file()}
    assert {path for path in there - before.keys() if path.parent != Path("back")} == set()
    assert all(path.read_bytes() == old for path, old in before.items() if path.parent != Path("back"))
    # a text is the original or as it was, never a third
    wanted: dict[str, list[set[str]]] = {
        "a.txt": [{ARTICLE}],
        "b.jsonl": [{line, Path("out/b.jsonl").read_text().splitlines()[n]} for n, line in enumerate(RECORDS.splitlines())],
    }
    text = Path("back/a.txt")
    if text in there and done.status != 2 and "a.txt" not in done.err:
        assert text.read_text() in wanted["a.txt"][0]
    lines = Path("back/b.jsonl")
    if lines in there:
        for line, allowed in zip(lines.read_text().splitlines(), wanted["b.jsonl"], strict=True):
            assert line in allowed


@tried(0.12)
@given(data=st.data())
def test_any_report_to_act_on(dedup: Callable[..., Done], data: st.DataObject) -> None:
    base = report_of(dedup, "clean", "in", "--dry-run", texts={"in/a.txt": ARTICLE, "in/b.jsonl": RECORDS})
    Path("r").write_bytes(data.draw(edited_lines(base)))
    done = dedup("clean", "in", "-o", "acted", "--report-in", "r", "--report", "new", "-q", "--force")
    quiet(done, 0, 2, 3)
    if done.status != 2:
        # whatever was cut is in the new report
        assert dedup("restore", "acted", "-o", "again", "--report", "new", "-q", "--force").status == 0
        assert Path("again/a.txt").read_text() == ARTICLE
        assert Path("again/b.jsonl").read_text() == RECORDS


@tried(0.1)
@given(data=st.data())
def test_any_report_to_filter_by(dedup: Callable[..., Done], data: st.DataObject) -> None:
    texts = {"records.jsonl": "".join(json.dumps({"id": str(n), "text": f"{KEPT}{n % 2}"}) + "\n" for n in range(4))}
    base = report_of(dedup, "find", "records.jsonl", "--raw", texts=texts)
    Path("r").write_bytes(data.draw(edited_lines(base)))
    done = dedup("filter", "records.jsonl", "--ids", "--report-in", "r", "--report", "new", "-q", "--force")
    quiet(done, 0, 2, 3)
    kept = done.out.decode().split()
    assert done.status == 2 or kept
    if done.status != 2:
        dropped = [entry for entry in map(json.loads, Path("new").read_text().splitlines()) if entry["kind"] == "dropped"]
        assert sorted([*kept, *(entry["document"] for entry in dropped)]) == ["0", "1", "2", "3"]
        assert {entry["keep"] for entry in dropped} <= set(kept)


@pytest.fixture
def stopped(dedup: Callable[..., Done], monkeypatch: pytest.MonkeyPatch) -> Callable[[], bytes]:
    """Leaves a run half done, and gives its journal."""

    class Stop(BaseException):
        pass

    def make() -> bytes:
        for name in ("a", "b", "c"):
            Path("in").mkdir(exist_ok=True)
            Path(f"in/{name}.txt").write_text(ARTICLE.replace("heron", name * 5))
            Path(f"out/{name}.txt").unlink(missing_ok=True)
        for name in ("r", "r.journal"):
            Path(name).unlink(missing_ok=True)
        replace, count = os.replace, [0]

        def stop(source: str, target: str) -> None:
            count[0] += 1
            if count[0] > 2:
                raise Stop
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", stop)
            with pytest.raises(Stop):
                dedup("clean", "in", "-o", "out", "--report", "r", "-q")
        return Path("r.journal").read_bytes()

    return make


@tried(0.05)
@given(data=st.data())
def test_any_journal(dedup: Callable[..., Done], stopped: Callable[[], bytes], data: st.DataObject) -> None:
    Path("r.journal").write_bytes(data.draw(edited_lines(stopped())))
    originals = {path: path.read_bytes() for path in Path("in").iterdir()}
    done = dedup("clean", "in", "-o", "out", "--report", "r", "-q", "--resume")
    assert done.status in {0, 2, 3}
    assert "Traceback" not in done.err
    assert {path: path.read_bytes() for path in Path("in").iterdir()} == originals


def test_the_bases_are_sound(dedup: Callable[..., Done]) -> None:
    Path("p.toml").write_text(PROFILE)
    Path("f.toml").write_text(PHRASES)
    quiet(dedup("clean", "--profile", "p.toml", "--site", "s", given=ARTICLE.encode()), 0)
    quiet(dedup("rules", "--check", "f.toml"), 0, 1)
    base = report_of(dedup, "clean", "in", "-o", "out", texts={"in/a.txt": ARTICLE, "in/b.jsonl": RECORDS})
    cuts: list[Any] = [entry for entry in map(json.loads, base.splitlines()) if "start" in entry]
    assert {entry["kind"] for entry in cuts} == {"boilerplate", "repeat"}
