from __future__ import annotations

import os
import random
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from dedup.errors import UsageError
from dedup.reading.names import Globs, id_path, path_id
from dedup.reading.sources import Plan, find_sources, layout, standard_input

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and odd names as on POSIX")


def find(*inputs: object, **options: object) -> Plan:
    settings = {"root": None, "files_from": None, "include": (), "exclude": (), "format": None, "site": None, **options}
    return find_sources([str(one) for one in inputs], **settings)


def ids(plan: Plan) -> list[str]:
    return [source.id for source in plan.sources]


def said(plan: Plan) -> dict[str, str]:
    return {item.source: item.reason for item in plan.skipped}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("news/b/2.txt", "news/b/10.txt", "news/a/1.jsonl.gz", "news/top.txt", "news/a/.hidden", "news/.git/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_tree_in_byte_order_with_sites(tree: Path) -> None:
    plan = find(tree / "news")
    assert ids(plan) == ["a/1.jsonl.gz", "b/10.txt", "b/2.txt", "top.txt"]
    assert [source.site for source in plan.sources] == ["a", "b", "b", None]
    assert (plan.sources[0].format, plan.sources[0].compression) == ("jsonl", "gz")
    assert said(plan) == {".git": "is hidden", "a/.hidden": "is hidden"}
    assert all(item.expected for item in plan.skipped)


def test_dumps_are_named_json_as_other_things_are(tree: Path) -> None:
    for ending in ("", ".gz", ".bz2", ".xz", ".zst"):
        assert layout(f"c4-train.00000-of-01024.JSON{ending}") == ("jsonl", ending[1:])
    assert layout("a.json", "text") == ("text", "")
    for name in ("json", "jsonl", "txt"):
        (tree / "news" / f"x.{name}").write_text("{}")
    certain = {source.id: source.certain for source in find("news").sources}
    assert certain == {"a/1.jsonl.gz": True, "b/10.txt": False, "b/2.txt": False, "top.txt": False} | {
        "x.json": False,
        "x.jsonl": True,
        "x.txt": False,
    }
    assert all(source.certain for source in find("news", format="text").sources)
    assert not any(source.certain for source in find("news/x.json", format="auto").sources)


def test_the_site_option_goes_before_folders(tree: Path) -> None:
    assert {source.site for source in find(tree / "news", site="all").sources} == {"all"}


def test_files_are_called_from_the_current_folder(tree: Path) -> None:
    plan = find("news/top.txt", tree / "news/b/2.txt")
    assert ids(plan) == ["news/b/2.txt", "news/top.txt"]
    assert [source.site for source in plan.sources] == ["news", "news"]
    assert ids(find("news/top.txt", root="news")) == ["top.txt"]


def test_a_file_outside_the_current_folder_needs_a_root_unless_it_is_alone(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "news" / "a")
    plan = find("../b/2.txt")
    assert (ids(plan), plan.sources[0].site) == (["2.txt"], None)
    with pytest.raises(UsageError, match="give --root"):
        find("../b/2.txt", "../top.txt")
    with pytest.raises(UsageError, match="give --root"):
        find("../b/2.txt", root=".")
    assert ids(find("../b/2.txt", "../top.txt", root="..")) == ["b/2.txt", "top.txt"]


def test_several_folders_lend_their_names(tree: Path) -> None:
    (tree / "other" / "news").mkdir(parents=True)
    (tree / "other" / "news" / "x.txt").write_text("x")
    assert ids(find("news/a", "news/b")) == ["a/1.jsonl.gz", "b/10.txt", "b/2.txt"]
    assert find("news/a", "news/b").sources[0].site is None
    clash = ids(find("other/news", "news"))
    assert clash == ids(find("news", "other/news"))
    assert "news~2/x.txt" in clash
    assert "news/top.txt" in clash
    assert ids(find("news/a", "other", root=".")) == ["news/a/1.jsonl.gz", "other/news/x.txt"]
    assert find("news/a", root=".").sources[0].site == "news"


def test_two_files_with_one_id_are_a_usage_error(tree: Path) -> None:
    (tree / "far" / "news").mkdir(parents=True)
    (tree / "far" / "news" / "top.txt").write_text("x")
    with pytest.raises(UsageError, match=r"'news/top\.txt'.*give --root"):
        find("far/news", "news/top.txt")


def test_the_order_of_inputs_says_nothing(tree: Path) -> None:
    (tree / "link.txt").symlink_to(tree / "news" / "top.txt")
    inputs = ["news/b", "news", "news/b/2.txt", "link.txt", "news/top.txt", "nowhere"]
    plans = []
    for seed in range(6):
        random.Random(seed).shuffle(inputs)  # noqa: S311  # an order, no secret
        plan = find(*inputs)
        plans.append((ids(plan), [source.site for source in plan.sources], plan.skipped))
    assert all(plan == plans[0] for plan in plans)
    assert len(plans[0][0]) == 4


@pytest.mark.usefixtures("tree")
def test_what_is_given_twice_is_read_once_and_said() -> None:
    plan = find("news/top.txt", "news/top.txt", "./news/top.txt")
    assert ids(plan) == ["news/top.txt"]
    assert sorted(item.reason for item in plan.skipped) == ["is given 2 times, read once", "is given again, read once"]
    plan = find("news", "./news", "news/b")
    assert ids(plan) == ["news/a/1.jsonl.gz", "news/b/10.txt", "news/b/2.txt", "news/top.txt"]
    assert said(plan)["news"] == "is the folder ./news again, read once"
    assert said(plan)["b"] == "is the folder news/b again, read once"


def test_what_is_missing_is_said_and_is_a_failure(tree: Path) -> None:
    plan = find(tree / "news", "nowhere/x.txt", "bad\0name")
    assert len(plan.sources) == 4
    (missing, odd) = (item for item in plan.skipped if not item.expected)
    assert (missing.reason, odd.reason) == ("no possible path", "no such file or folder")
    with pytest.raises(UsageError, match="no such folder"):
        find("news", root="nowhere")


@POSIX
def test_links_are_followed_once_and_never_round(tree: Path) -> None:
    news = tree / "news"
    (tree / "aside").mkdir()
    (tree / "aside" / "far.txt").write_text("far")
    (news / "up").symlink_to(news)
    (news / "a" / "round").symlink_to(news / "b")
    (news / "b" / "round").symlink_to(news / "a")
    (news / "away").symlink_to(tree / "aside")
    (news / "again.txt").symlink_to(news / "top.txt")
    (news / "broken.txt").symlink_to(news / "none")
    plan = find(news)
    assert ids(plan) == ["a/1.jsonl.gz", "away/far.txt", "b/10.txt", "b/2.txt", "top.txt"]
    assert said(plan) == {
        ".git": "is hidden",
        "a/.hidden": "is hidden",
        "up": "is the folder . again, read once",
        "a/round": "is the folder b again, read once",
        "b/round": "is the folder a again, read once",
        "again.txt": "is the file top.txt again, read once",
        "broken.txt": "is a symbolic link to nothing",
    }
    assert [item.source for item in plan.skipped if not item.expected] == ["broken.txt"]


@POSIX
def test_many_folders_that_link_to_each_other(tmp_path: Path) -> None:
    for name in range(12):
        (tmp_path / str(name)).mkdir()
        (tmp_path / str(name) / "x.txt").write_text("x")
        for other in range(12):
            (tmp_path / str(name) / f"to{other}").symlink_to(tmp_path / str(other))
    plan = find(tmp_path)
    assert len(plan.sources) == 12
    assert len(plan.skipped) == 144


@POSIX
def test_what_is_no_file_is_passed_over_in_trees_and_read_when_named(tree: Path) -> None:
    pipe = tree / "news" / "pipe"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("news/sock")
        plan = find(tree / "news")
        assert said(plan)["pipe"] == "is a pipe"
        assert said(plan)["sock"] == "is a socket"
        assert all(item.expected for item in plan.skipped)
        plan = find(pipe, "/dev/null", "news/sock")
    assert ids(plan) == sorted(["dev/null", str(pipe).lstrip("/")])
    assert [(item.reason, item.expected) for item in plan.skipped] == [("is a socket", False)]


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_a_failure(tree: Path) -> None:
    (tree / "news" / "b").chmod(0)
    plan = find(tree / "news")
    (tree / "news" / "b").chmod(0o700)
    assert [(item.source, item.reason) for item in plan.skipped if not item.expected] == [
        ("b", "cannot be read: permission denied")
    ]


@pytest.mark.usefixtures("tree")
def test_globs() -> None:
    assert ids(find("news", exclude=["*.gz"])) == ["b/10.txt", "b/2.txt", "top.txt"]
    assert ids(find("news", include=["*.txt"], exclude=["b"])) == ["top.txt"]
    assert ids(find("news", include=["b/2*"])) == ["b/2.txt"]
    assert said(find("news", exclude=["b/"]))["b/2.txt"] == "is excluded by 'b/'"
    assert said(find("news", include=["b"]))["top.txt"] == "is not among those to include"


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("*.txt", "a/b.txt", True),
        ("/b.txt", "a/b.txt", False),
        ("/a", "a/b.txt", True),
        ("**/b.txt", "b.txt", True),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/b/d/c", True),
        ("a/**", "a/b", True),
        ("[ab]?.txt", "x/a1.txt", True),
        ("a", "ab/a.txt", False),
    ],
)
def test_glob_patterns(pattern: str, name: str, matches: bool) -> None:
    assert (Globs([pattern]).match(name) is not None) is matches


@pytest.mark.usefixtures("tree")
def test_a_list_of_files() -> None:
    plan = find(files_from=[b"news/b/2.txt", b"", b"news", b"news/none", b"news/b/2.txt"])
    assert ids(plan) == ["news/b/2.txt"]
    assert said(plan) == {
        "news/b/2.txt": "is given 2 times, read once",
        "news": "is a folder, and a list names files",
        "news/none": "no such file or folder",
    }


def test_standard_input_is_a_source() -> None:
    plan = find("-", "-", format="jsonl", site="s")
    assert plan.sources == [standard_input("jsonl", site="s")]
    assert (plan.sources[0].id, plan.sources[0].path, plan.sources[0].site) == ("-", None, "s")


@pytest.mark.parametrize(
    ("name", "chosen", "wanted"),
    [
        ("x.TXT.GZ", None, ("text", "gz")),
        ("x.ndjson", "auto", ("jsonl", "")),
        ("x.jl.gz", "auto", ("jsonl", "gz")),
        ("x.jsonlines", None, ("jsonl", "")),
        ("x.csv.bz2", None, ("csv", "bz2")),
        ("x.tab.xz", None, ("tsv", "xz")),
        ("x.pq", None, ("parquet", "")),
        ("x.parquet.gz", None, ("text", "gz")),
        ("x", None, ("text", "")),
        ("x.zst", None, ("text", "zst")),
        ("x.json.zst", "jsonl", ("jsonl", "zst")),
        ("x.gz", "parquet", ("parquet", "")),
    ],
)
def test_layout_by_ending(name: str, chosen: str | None, wanted: tuple[str, str]) -> None:
    assert layout(name, chosen) == wanted


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="unknown format 'doc'"):
        layout("x", "doc")


@POSIX
@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"plain/n\xc3\xa9e.txt", "plain/née.txt"),
        (b"100%/a%20b%C3%A9", "100%/a%20b%C3%A9"),
        (b"a\xff%.txt/a%ff", "a%FF%25.txt/a%25ff"),
        (b"a%25FF", "a%2525FF"),
    ],
)
def test_ids_of_odd_names(raw: bytes, wanted: str) -> None:
    assert path_id(os.fsdecode(raw)) == wanted
    assert os.fsencode(id_path(wanted)) == raw


@POSIX
def test_ids_of_different_names_differ() -> None:
    parts = [b"a", b"\xff", b"\xc3", b"%", b"25", b"FF", b"%FF", b"%25FF", b"%2525FF", b"%C3", b"%C3%A9"]
    names = {one + two + three for one in parts for two in parts for three in parts}
    assert len({path_id(os.fsdecode(name)) for name in names}) == len(names)
    assert all(os.fsencode(id_path(path_id(os.fsdecode(name)))) == name for name in names)


@POSIX
def test_a_name_that_is_no_utf_8_can_be_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"bad\xff.txt")  # noqa: PTH118  # pathlib takes no bytes
    try:
        with open(path, "wb") as file:  # noqa: PTH123  # as above
            file.write(b"text")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (source,) = find(tmp_path).sources
    assert source.id == "bad%FF.txt"
    assert source.path is not None
    assert os.fsencode(source.path) == path
