from __future__ import annotations

import gzip
import io
import json
import random
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import reading
from dedup.cli import app
from dedup.engines import filtering, finding, refiltering
from dedup.engines.filtering import filter_documents
from dedup.engines.inputs import Inputs
from dedup.errors import InputError
from dedup.matching.clusters import Preference
from dedup.reporting.report import Report
from dedup.settings import CleanSettings, FindSettings
from dedup.text import normal
from dedup.writing import outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from conftest import Done

STORY = [
    "The harbour board bought a second dredger on Monday because the old one can no longer reach the bar at low tide.",
    "It was built for a gravel company that gave up last spring, and it will arrive with its own crew of seven.",
    "Fishermen asked for the work to be done by night so that the boats can land their catch in the morning.",
    "The board will pay for it out of the fees of the marina, which has had a waiting list for eleven years.",
]
OTHER = "A school in the hills has taught its pupils to keep bees, and they now sell forty jars of honey every autumn."


def run(*arguments: object) -> int:
    status = app([str(argument) for argument in arguments], standalone_mode=False)
    assert isinstance(status, int)
    return status


def jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def ids_of(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def told(report: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in report.read_text().splitlines()]


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


RECORDS = [
    {"id": "short", "text": text(*STORY[:3]), "date": "2024-03-02", "site": "one"},
    {"id": "other", "text": OTHER, "date": "2024-03-01", "site": "one"},
    {"id": "full", "text": text(*STORY), "date": "2024-03-01", "site": "two"},
    {"id": "again", "text": text(*STORY).upper(), "date": "2024-03-09", "site": "three"},
    {"id": "stub", "text": "The page has moved."},
    {"id": "stub2", "text": "The page has moved."},
    {"id": "empty", "text": ""},
    {"id": "empty2", "text": ""},
]
UNTOUCHED = ["other", "stub", "stub2", "empty", "empty2"]


def test_ids_are_a_line_each_whatever_they_hold(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    source = jsonl(tmp_path / "in.jsonl", [{"id": name, "text": name} for name in ("a\nb", "c\r\n", "\ud800", "é")])
    assert run("filter", source, "--ids", "-q") == 0
    assert capfdbinary.readouterr().out == "a\\nb\nc\\r\\n\n\\ud800\né\n".encode()


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ([], "full"),
        (["--keep-doc", "first"], "full"),
        (["--keep-doc", "longest"], "again"),
        (["--keep-doc", "earliest"], "full"),
        (["--keep-doc", "latest"], "again"),
        (["--prefer-sites", "SITES"], "again"),
        (["--prefer-sites", "SITES", "--keep-doc", "earliest"], "again"),
    ],
)
def test_one_of_a_cluster_passes(options: Sequence[str], kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("SITES").write_text("nowhere\nthree\n\ntwo\n")
    source = jsonl(tmp_path / "in.jsonl", [r for r in RECORDS if r["id"] != "short"])
    assert run("filter", source, "--raw", *options, "-o", "out.jsonl", "--report", "report.jsonl", "-q") == 0
    assert sorted(ids_of(Path("out.jsonl"))) == sorted([kept, *UNTOUCHED])
    (dropped,) = [entry for entry in told(Path("report.jsonl")) if entry["kind"] == "dropped"]
    gone = {"full", "again"} - {kept}
    assert dropped == {
        "kind": "dropped",
        "document": gone.pop(),
        "keep": kept,
        "relation": "equal",
        "jaccard": 1.0,
        "containment": 1.0,
    }
    dates = {"undated": 4, "unread_dates": 0} if {"earliest", "latest"} & {*options} else {}
    assert told(Path("report.jsonl"))[-1]["counts"] == {"documents": 7, "dropped": 1, "dropped_equal": 1, "too_short": 4, **dates}


def test_preferred_sites_without_a_document_are_told_of(dedup: Callable[..., Done], story: Callable[[int], list[str]]) -> None:
    text = "\n\n".join(story(1))
    lines = [json.dumps({"site": f"{name}.example", "text": text}) + "\n" for name in "abc"]
    Path("a.jsonl").write_text("".join(lines))
    Path("sites").write_text("www.b.example\nc.example\nhttps://a.example\nwww.b.example\n")  # of which one is a site
    done = dedup("filter", "a.jsonl", "--prefer-sites", "sites")
    assert done.out.decode() == lines[2]
    assert "dedup: 2 of 3 preferred sites have no document, such as https://a.example\n" in done.err
    assert b"  2 of 3 preferred sites have no document" in dedup("find", "a.jsonl", "--prefer-sites", "sites").out
    Path("sites").write_text("c.example\na.example\n")
    assert "preferred" not in dedup("filter", "a.jsonl", "--prefer-sites", "sites").err


def test_a_list_of_sites_may_begin_with_a_byte_order_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("SITES").write_text("three\ntwo\n", "utf-8-sig")
    source = jsonl(tmp_path / "in.jsonl", [r for r in RECORDS if r["id"] != "short"])
    assert run("filter", source, "--raw", "--prefer-sites", "SITES", "-o", "out.jsonl", "-q") == 0
    assert sorted(ids_of(Path("out.jsonl"))) == sorted(["again", *UNTOUCHED])


DATED = {
    "a": 1700000000,
    "b": "999999999",
    "c": "2024-03-01T01:00+05:00",
    "d": "2024-03-01T00:30+00:00",
    "e": "Fri, 01 Mar 2024 00:15:00 GMT",
    "f": "10/02/2035",
    "g": None,
}


@pytest.mark.parametrize(("policy", "kept"), [("earliest", "b"), ("latest", "d")])
def test_dates_are_compared_as_instants(policy: str, kept: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = jsonl(tmp_path / "in.jsonl", [{"id": name, "text": text(*STORY), "date": date} for name, date in DATED.items()])
    report = tmp_path / "report.jsonl"
    assert run("filter", source, "--raw", "--keep-doc", policy, "-o", tmp_path / "out.jsonl", "--report", report) == 0
    assert ids_of(tmp_path / "out.jsonl") == [kept]
    err = capfd.readouterr().err
    assert f"dedup: 2 documents without a date: --keep-doc {policy} keeps others before them\n" in err
    assert 'dedup: 1 date cannot be read, taken for none, such as "10/02/2035"\n' in err
    counts = told(report)[-1]["counts"]
    assert (counts["undated"], counts["unread_dates"]) == (2, 1)
    assert run("find", source, "--raw", "--keep-doc", policy, "--report", tmp_path / "found.jsonl") == 0
    out = capfd.readouterr().out
    assert f"  2 documents without a date: --keep-doc {policy} keeps others before them\n" in out
    assert '  1 date cannot be read, taken for none, such as "10/02/2035"\n' in out
    counts = told(tmp_path / "found.jsonl")[-1]["counts"]
    assert (counts["undated"], counts["unread_dates"]) == (2, 1)


def test_where_no_document_has_a_date_it_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = jsonl(tmp_path / "in.jsonl", [{"id": name, "text": text(*STORY)} for name in "ab"])
    assert run("filter", source, "--raw", "--keep-doc", "latest", "--ids") == 0
    assert "dedup: 2 documents, none with a date: --keep-doc latest keeps the first id\n" in capfd.readouterr().err
    assert run("find", source, "--raw", "--keep-doc", "earliest") == 0
    assert "  2 documents, none with a date: --keep-doc earliest keeps the first id\n" in capfd.readouterr().out
    for command in (("filter", "--ids"), ("find",)):
        assert run(*command, source, "--raw") == 0
        assert " date" not in "".join(capfd.readouterr())


def test_what_is_too_short_to_compare_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    line = "The page that you ask for has moved to here"
    source = jsonl(tmp_path / "in.jsonl", [{"id": f"{n:03}", "text": line} for n in range(100)])
    report = tmp_path / "report.jsonl"
    assert run("filter", source, "--ids", "--report", report) == 0
    out, err = capfd.readouterr()
    assert len(out.splitlines()) == 100
    assert "dedup: 100 documents, 0 dropped\n" in err
    assert "dedup: 100 documents too short to compare (fewer than 14 words)\n" in err
    assert told(report)[-1]["counts"]["too_short"] == 100
    assert run("find", source, "--raw", "--report", tmp_path / "found.jsonl") == 0
    out = capfd.readouterr().out
    assert out.startswith("100 documents, 1,000 words\n")
    assert "LIMITS\n  100 documents too short to compare (fewer than 14 words)\n" in out
    assert told(tmp_path / "found.jsonl")[-1]["counts"]["too_short"] == 100
    jsonl(source, [{"id": name, "text": text(*STORY)} for name in "ab"])
    assert run("find", source) == run("filter", source, "--ids", "--report", report, "--force") == 0
    assert "short" not in "".join(capfd.readouterr())
    assert told(report)[-1]["counts"]["too_short"] == 0


def test_as_what_documents_go_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Of what is equal to a document that goes, too; the same by an earlier report."""
    shorter = text(*STORY[:3], STORY[3].replace("marina", "harbour"))
    told_of = [text(*STORY, OTHER), text(*STORY, OTHER).upper(), shorter, shorter, text(*STORY[:2]), OTHER, text(*STORY[1:3])]
    source = jsonl(tmp_path / "in.jsonl", [{"id": str(n), "text": told} for n, told in enumerate(told_of)])
    report, found, again = (tmp_path / name for name in ("report.jsonl", "found.jsonl", "again.jsonl"))
    assert run("filter", source, "--raw", "--ids", "--report", report) == 0
    out, err = capfd.readouterr()
    assert out == "0\n"
    gone = [entry for entry in told(report) if entry["kind"] == "dropped"]
    relations = {entry["document"]: entry["relation"] for entry in gone}
    assert relations == {
        "1": "equal",
        "2": "near_duplicate",
        "3": "near_duplicate",
        "4": "contained",
        "5": "contained",
        "6": "contained",
    }
    jaccard = min(entry["jaccard"] for entry in gone if entry["relation"] == "near_duplicate")
    assert 0.5 < jaccard < 0.9
    summary = f"1 equal, 2 near-duplicate (weakest {jaccard:.2f}), 3 contained (weakest 1.00)"
    assert f"dedup: 7 documents, 6 dropped: {summary}\n" in err
    counts = told(report)[-1]["counts"]
    assert [counts[f"dropped{name}"] for name in ("", "_equal", "_near_duplicate", "_contained")] == [6, 1, 2, 3]
    assert run("find", source, "--raw", "--report", found) == 0
    assert run("filter", source, "--report-in", found, "--ids", "--report", again) == 0
    assert f"dedup: 7 documents, 6 dropped: {summary}\n" in capfd.readouterr().err
    assert [entry for entry in told(again) if entry["kind"] == "dropped"] == gone
    jsonl(source, [{"id": "a", "text": text(*STORY)}, {"id": "b", "text": OTHER}])
    assert run("filter", source, "--ids") == 0
    assert capfd.readouterr().err == "dedup: 2 documents, 0 dropped\n"


def test_lines_pass_as_they_are(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = [
        b'{"id": "a", "text":  "' + " ".join(STORY).encode() + b'", "n": 1.50}\n',
        b"\n",
        b"this is no JSON\n",
        b'{"id": "b", "text": "' + "\\u0020".join(STORY).encode() + b'"}\n',
        b'{"id": "c", "text": "\\ud800 ' + OTHER.encode() + b'"}\r\n',
        b'{"id": "d", "no": "text"}',
    ]
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"".join(lines))
    assert run("filter", source, "--raw", "-o", tmp_path / "out.jsonl", "--report", tmp_path / "report.jsonl") == 3
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(lines[i] for i in (0, 1, 2, 4, 5))
    assert [(e["kind"], e.get("record")) for e in told(tmp_path / "report.jsonl")[1:-1]] == [
        ("skipped", 3),
        ("skipped", 6),
        ("dropped", None),
    ]
    err = capfd.readouterr().err
    assert "3 documents, 1 dropped" in err
    assert "in.jsonl:3: not JSON" in err
    assert "passed through unchanged" in err


def tree(root: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return root


def test_a_tree_becomes_a_tree(tmp_path: Path) -> None:
    files = {"a/x.txt": text(*STORY), "b/y.txt": text(*STORY, OTHER[:40]), "b/z.txt": OTHER, "top.txt": "", "b/e.txt": "Moved."}
    root = tree(tmp_path / "in", files)
    assert run("filter", root, "--keep-doc", "longest", "-o", tmp_path / "out", "-q") == 0
    left = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_bytes().decode() for p in (tmp_path / "out").rglob("*") if p.is_file()
    }
    assert left == {name: content for name, content in files.items() if name != "a/x.txt"}


def test_what_is_left_of_an_earlier_run_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With `--force` nobody is left to believe that the copies that lie in OUT were kept."""
    root = tree(tmp_path / "in", {"a/x.txt": text(*STORY), "b/y.txt": text(*STORY, OTHER[:40]), "b/z.txt": OTHER})
    out = tmp_path / "out"
    assert run("filter", root, "--keep-doc", "first", "-o", out, "-q") == 0
    assert capfd.readouterr().err == ""
    assert run("filter", root, "--keep-doc", "longest", "-o", out, "-q", "--force") == 0
    told = capfd.readouterr().err
    assert f"1 file that this run does not keep is there from an earlier one, such as {out}/a/x.txt" in told
    (out / "a" / "x.txt").unlink()
    assert run("filter", root, "--keep-doc", "longest", "-o", out, "-q", "--force") == 0
    assert capfd.readouterr().err == ""


TWICE = "dedup: 1 id stood twice; the later ones are called id~2 and so on\n"


def test_ids_are_written_a_line_each(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = tree(tmp_path / "in", {"a.txt": text(*STORY), "b.txt": text(*STORY), "c.jsonl": ""})
    jsonl(root / "c.jsonl", [{"id": "a.txt", "text": OTHER}, {"id": "\ud800", "text": ""}, {"id": "é", "text": "."}])
    assert run("filter", root, "--ids") == 0
    short = "dedup: 2 documents too short to compare (fewer than 14 words)\n"
    summary = f"dedup: 5 documents, 1 dropped: 1 equal\n{short}{TWICE}"
    assert capfd.readouterr() == ("a.txt\na.txt~2\n\\ud800\né\n", summary)
    assert run("filter", root, "--ids", "-o", tmp_path / "out") == 2


def test_standard_input_is_filtered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:  # noqa: ANN401
    source = jsonl(tmp_path / "in.jsonl", RECORDS)
    with source.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert run("filter", "--raw", "--keep-doc", "longest", "-q") == 0
    out = capfdbinary.readouterr().out
    lines = source.read_bytes().splitlines(keepends=True)
    assert out == b"".join(line for line, record in zip(lines, RECORDS, strict=True) if record["id"] in {"again", *UNTOUCHED})


def test_the_one_that_contains_stays(tmp_path: Path) -> None:
    records = [{"id": "a", "text": text(*STORY[:2])}, {"id": "b", "text": text(*STORY, OTHER)}]
    source = jsonl(tmp_path / "in.jsonl", records)
    for keep, left in (("first", ["a", "b"]), ("longest", ["b"])):
        assert run("filter", source, "--raw", "--keep-doc", keep, "-o", tmp_path / f"{keep}.jsonl", "-q") == 0
        assert ids_of(tmp_path / f"{keep}.jsonl") == left


def broken_gzip(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Some records can be read, then the file ends."""
    chance = random.Random(0)  # noqa: S311 (the same in each run)
    noise = "".join(json.dumps({"id": f"noise{n}", "text": f"{chance.getrandbits(40_000):x}"}) + "\n" for n in range(100))
    data = gzip.compress(("".join(json.dumps(record) + "\n" for record in records) + noise).encode())
    path.write_bytes(data[: len(data) // 2])


def test_nothing_goes_for_a_document_that_is_not_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "in"
    root.mkdir()
    broken_gzip(root / "a.jsonl.gz", [{"id": "lost", "text": text(*STORY)}, {"id": "lost2", "text": OTHER}])
    jsonl(root / "b.jsonl", [{"id": "x", "text": text(*STORY)}, {"id": "y", "text": text(*reversed(STORY))}])
    jsonl(root / "c.jsonl", [{"id": "z", "text": text(*STORY)}, {"id": "o", "text": OTHER}, {"id": "p", "text": OTHER + " Yes."}])
    assert run("filter", root, "--raw", "-o", tmp_path / "out", "--report", tmp_path / "report.jsonl") == 3
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.jsonl", "c.jsonl"]
    left = ids_of(tmp_path / "out" / "b.jsonl") + ids_of(tmp_path / "out" / "c.jsonl")
    gone = {entry["document"]: entry["keep"] for entry in told(tmp_path / "report.jsonl") if entry["kind"] == "dropped"}
    assert {"o", "x"} <= set(left)
    assert set(gone.values()) <= set(left)
    assert set(left) | set(gone) == {"x", "y", "z", "o", "p"}
    assert "a.jsonl.gz" in capfd.readouterr().err


def inputs_of(*paths: Path) -> Inputs:
    options: dict[str, Any] = dict.fromkeys(("root", "files_from", "format", "site"))
    return Inputs(*reading.find_sources([str(path) for path in paths], include=(), exclude=(), **options))


def found_in(inputs: Inputs, folder: Path, preference: Preference | None = None, **options: Any) -> finding.FindResult:  # noqa: ANN401
    return finding.find(
        inputs,
        cleaning=CleanSettings(learn=False),
        settings=FindSettings(**{"strip": False} | options),
        profiles={},
        kernel="reference",
        preference=preference or Preference(),
        folder=folder,
    )


@pytest.mark.parametrize("change", [lambda lines: lines[:1], lambda lines: lines[::-1], lambda lines: [*lines, lines[0]]])
def test_an_input_that_changed_meanwhile_is_refused(change: Callable[[list[str]], list[str]], tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", [{"id": "a", "text": text(*STORY)}, {"id": "b", "text": text(*STORY)}])
    found = found_in(inputs_of(source), tmp_path)
    source.write_text("".join(change(source.read_text().splitlines(keepends=True))))
    out = tmp_path / "out.jsonl"
    inputs = inputs_of(source)
    to = outputs.plan(inputs.sources, str(out), fields=inputs.fields, single=True, folders=(), force=False)
    with pytest.raises(InputError, match="changed"):
        filter_documents(inputs, found, to, Report(None), "0", CleanSettings())
    assert not out.exists()


blocks = st.lists(
    st.sampled_from([*STORY, OTHER, "Yes.", "No more than this.", "It will arrive with its own crew of seven."]), max_size=6
)
corpora = st.lists(
    st.tuples(blocks, st.sampled_from(["", "2024-01-01", "2023"]), st.sampled_from(["", "one", "two"])), max_size=9
)


def shingles(content: str) -> frozenset[tuple[str, ...]]:
    words = normal.words(content)
    return frozenset(tuple(words[i : i + 5]) for i in range(len(words) - 4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    corpora,
    st.sampled_from(["first", "longest", "earliest", "latest"]),
    st.sampled_from([(), ("two",), ("none", "one")]),
    st.sampled_from([0.3, 0.5, 0.9]),
)
def test_what_goes_has_a_verified_pair_with_what_stays(
    corpus: Sequence[tuple[Sequence[str], str, str]],
    policy: Any,  # noqa: ANN401 (one of four words)
    sites: tuple[str, ...],
    threshold: float,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = [
            {"id": f"{number}", "text": text(*listed), "date": date, "site": site}
            for number, (listed, date, site) in enumerate(corpus)
        ]
        inputs = inputs_of(jsonl(folder / "in.jsonl", documents))
        found = found_in(inputs, folder, Preference(policy, sites), threshold=threshold)
        report, ids = io.BytesIO(), io.BytesIO()
        filter_documents(inputs, found, filtering.IdLines(ids), Report(report), "0", CleanSettings())
        groups = found.matches.groups
        clusters = [set(map(str, groups.members[a:b])) for a, b in zip(groups.offsets[:-1], groups.offsets[1:], strict=True)]
    entries = [json.loads(line) for line in report.getvalue().splitlines()]
    gone = {entry["document"]: entry for entry in entries if entry["kind"] == "dropped"}
    left = ids.getvalue().decode().split()
    assert left == [document["id"] for document in documents if document["id"] not in gone]
    sets = {document["id"]: shingles(document["text"]) for document in documents}
    for document, entry in gone.items():
        one, other = sets[document], sets[entry["keep"]]
        assert entry["keep"] in left
        shared = len(one & other)
        jaccard, inside, outside = shared / len(one | other), shared / len(one), shared / len(other)
        assert (entry["jaccard"], entry["containment"]) == (round(jaccard, 4), round(inside, 4))
        assert jaccard >= threshold or inside >= 0.8
        assert not outside >= 0.8 > inside
        assert any({document, entry["keep"]} <= cluster for cluster in clusters)
    assert all(cluster & set(left) for cluster in clusters)


@pytest.mark.parametrize("page", ["README.md", "docs/cli.md", "docs/commands/filter.md", "docs/commands/find.md"])
def test_the_defaults_are_told_where_commands_are_listed(page: str) -> None:
    words = (Path(__file__).parent.parent / page).read_text("utf-8")
    threshold, contained = FindSettings().threshold, FindSettings().contained
    assert re.search(rf"{threshold}[^.]*`--threshold`|`--threshold`[^.]*\({threshold}\)", words)
    assert re.search(rf"contain\w*[^.]* {contained}|contained[^.]*\({contained}\)|holds {contained}", words)


@pytest.mark.parametrize("acting", [False, True])
@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_a_text_that_vanishes_once_texts_were_compared(
    dedup: Callable[..., Done], story: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch, name: str, acting: bool
) -> None:
    Path("in").mkdir()
    for number, each in zip((1, 2, 2, 3), "abcd", strict=True):  # c is b again
        Path(f"in/{each}.txt").write_text("\n\n".join(story(number)))
    more = ["--report-in", "found"] if acting else []
    assert dedup("find", "in", "--report", "found").status == 0
    module = refiltering if acting else filtering
    pass_on: Callable[..., None] = filtering.pass_on

    def vanish_and_pass_on(*arguments: Any) -> None:  # noqa: ANN401 (as they are)
        Path(f"in/{name}.txt").unlink(missing_ok=True)
        pass_on(*arguments)

    monkeypatch.setattr(module, "pass_on", vanish_and_pass_on)
    done = dedup("filter", "in", "-o", "out", "--report", "r", *more)
    reason = f"{name}.txt: no such file or directory"
    if name == "b":  # c goes for it
        assert (done.status, done.err) == (2, f"dedup: error: {reason} (it was compared with others); run again\n")
        return
    assert done.status == 3
    assert done.err.splitlines()[-1] == f"dedup: {reason} (nothing of it was written)"
    assert {path.stem for path in Path("out").iterdir()} == {"a", "b", "d"} - {name}
    assert f'"source": "{name}.txt", "reason": "no such file or directory"' in Path("r").read_text()


def test_of_ids_nothing_passes_through(dedup: Callable[..., Done]) -> None:
    Path("a.jsonl").write_text('{"id": 1, "text": "A text."}\n{"id": 2}\n')
    done = dedup("filter", "a.jsonl", "--ids", "-q")
    told = "dedup: a.jsonl:2: lacks a text field (it has: id; name it with --text-field)"
    assert (done.status, done.out, done.err) == (3, b"1\n", f"{told}\n")
    assert dedup("filter", "a.jsonl", "-q").err == f"{told} (passed through unchanged)\n"
