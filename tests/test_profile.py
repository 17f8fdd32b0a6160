from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.boilerplate.profile import ANY_SITE, FORMAT, Known, Profile, dump, file_name, load, merged
from dedup.engines.describing import describe
from dedup.engines.verdict import judge
from dedup.errors import ReportError
from dedup.model import Document
from dedup.settings import CleanSettings
from dedup.text import normal
from dedup.text.normal import text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

LICENCE = "This text is free to use under the terms of the Harbour Commons."


@pytest.fixture(scope="module")
def documents(story: Callable[[int], list[str]]) -> list[Document]:
    def text(i: int) -> str:
        lines = ["Harbour news | Weather \\ “Tides”", *story(i)[:-1], f"{story(i)[-1]} {LICENCE}", f"Read {i} times"]
        return "\n".join(lines)

    return [Document(f'{site}/"{i}"', text(i + 100 * n), site) for n, site in enumerate(("a.example", "Ж/ü")) for i in range(24)]


def texts_of(documents: Iterable[Document]) -> dict[int, str]:
    """Every paragraph and edge by its key."""
    found: dict[int, str] = {}
    for document in documents:
        (described,) = describe([document.text], CleanSettings())
        edges = [edge[:2] for edge in described.all_edges()]
        for start, end in [*((p.start, p.end) for p in described.paragraphs), *edges]:
            piece = document.text[start:end]
            found.setdefault(text_key(piece), piece)
    return found


def write(folder: Path, profiles: Iterable[Profile], texts: dict[int, str]) -> None:
    for profile in profiles:
        (folder / file_name(profile.site)).write_text(dump(profile, texts), "utf-8")


def test_a_profile_read_again_judges_the_same(
    tmp_path: Path, documents: list[Document], learned: Callable[..., dict[str, Profile]]
) -> None:
    profiles = learned(documents)
    assert {"a.example", "Ж/ü", ANY_SITE} == profiles.keys()
    write(tmp_path, profiles.values(), texts_of(documents))
    again = load(tmp_path)
    assert again.keys() == profiles.keys()
    for site, profile in profiles.items():
        assert again[site].lines == profile.lines
        assert again[site].edges == profile.edges
    stranger = Document("c/1", documents[0].text, "c.example")
    for document in (*documents, stranger):
        verdict = judge(document, CleanSettings(), profiles)
        assert verdict.cuts
        assert judge(document, CleanSettings(), again) == verdict
    one = load(tmp_path / file_name("a.example"))
    assert one == {"a.example": again["a.example"]}


def test_a_dump_is_the_same_for_the_same_profile(documents: list[Document], learned: Callable[..., dict[str, Profile]]) -> None:
    texts = texts_of(documents)
    forward, backward = learned(documents), learned(documents[::-1])
    assert [dump(p, texts) for p in forward.values()] == [dump(p, texts) for p in backward.values()]


any_text = st.text(st.characters()) | st.text(
    st.sampled_from("aB1\"'\\ \t\n\r\x00\x1f\x7f\x85\u2028\ud800\U0001f30a é#[]=漢"), min_size=1
)


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(any_text.filter(normal.words), max_size=6),
    st.lists(any_text.filter(normal.words), max_size=6),
    st.lists(any_text, max_size=3),
)
@example("a", ["a\\\x7f", 'say "\\u0041"', "a'''", 'a"""', "a\ud800"], ["x = 1\n[[line]]\ntext = 3"], ["\x7f"])
def test_any_text_survives(
    tmp_path_factory: pytest.TempPathFactory, site: str, lines: list[str], edges: list[str], sample: list[str]
) -> None:
    texts = {text_key(text): text for text in (*lines, *edges)}
    named = tuple(" ".join(s.split()).encode("utf-8", "replace").decode() for s in sample)
    profile = Profile(site, 9)
    profile.lines = {text_key(text): Known(5, 9, named) for text in lines}
    profile.edges = {text_key(text): Known(4, 9, named) for text in edges}
    path = tmp_path_factory.mktemp("profile") / "p.toml"
    path.write_text(dump(profile, texts), "utf-8")
    (again,) = load(path).values()
    assert again.lines.keys() == profile.lines.keys()
    assert again.edges.keys() == profile.edges.keys()
    assert {known.count for known in again.lines.values()} <= {5}
    assert {known.heads for known in again.edges.values()} <= {0}
    assert again.documents == 9


def test_a_site_s_name_survives(tmp_path: Path) -> None:
    sites = ["a.example", "two  spaces", " edge ", "tab\there", "line\nend", "\xa0", 'quote"', "../up"]
    write(tmp_path, [Profile(site, 3) for site in sites], {})
    assert load(tmp_path).keys() == set(sites)


def test_entries_added_by_hand_need_a_text_only(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(f'format = {FORMAT}\nsite = "a"\ndocuments = 30\n\n[[line]]\ntext = "Read 12 more!"\n', "utf-8")
    profile = load(path)["a"]
    known = profile.lines[text_key("read 7 more")]
    assert (known.count, known.of, known.sample) == (30, 30, ())
    text = "First, it rained.\nRead 3 more\nThen it stopped."
    verdict = judge(Document("x", text, "a"), CleanSettings(min_kept=0), {"a": profile})
    assert [text[cut.start : cut.end] for cut in verdict.cuts] == ["Read 3 more\n"]


def test_a_byte_order_mark_is_no_part_of_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(f'format = {FORMAT}\nsite = "a"\ndocuments = 30\n', "utf-8-sig")
    assert load(path).keys() == {"a"}


HEAD = f'format = {FORMAT}\nsite = "a"\ndocuments = 5\n'


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("", "format"),
        ("format = 99\n", "format"),
        ('site = "a"\ndocuments = 5\n', "format"),
        (f"format = {FORMAT}\ndocuments = 5\n", "site"),
        (f'format = {FORMAT}\nsite = "a"\n', "documents"),
        (f'format = {FORMAT}\nsite = "a"\ndocuments = -1\n', "documents"),
        (f'format = {FORMAT}\nsite = "a"\ndocuments = true\n', "documents"),
        (f"format = {FORMAT}\nsite = 3\ndocuments = 5\n", "site"),
        (f"{HEAD}line = 3\n", "line"),
        (f"{HEAD}[line]\ntext = 'x'\n", "line"),
        (f"{HEAD}[[line]]\ntext = 'ok'\n[[line]]\ncount = 3\n", "[[line]] number 2"),
        (f"{HEAD}[[line]]\ntext = 'ok'\n[[edge]]\ntext = 'ok'\n[[edge]]\ntext = 3\n", "[[edge]] number 2"),
        (f"{HEAD}[[edge]]\ntext = '* * *'\n", "[[edge]] number 1"),
        (f"{HEAD}[[line]]\ntext = 'ok'\ncount = -3\n", "[[line]] number 1"),
        (f"{HEAD}[[line]]\ntext = 'ok'\ncount = 'three'\n", "[[line]] number 1"),
        (f"{HEAD}[[line]]\ntext = 'ok'\ncount = true\n", "[[line]] number 1"),
        (f"{HEAD}[[line]]\ntext = 'ok'\nsample = 'a'\n", "[[line]] number 1"),
        (f"{HEAD}[[line]]\ntext = 'ok'\nsample = [1]\n", "[[line]] number 1"),
        (f"{HEAD}[[lines]]\ntext = 'ok'\n", "`lines` is not known; known are format, site, documents, line, edge"),
        (f"{HEAD}[[edge]]\ntext = 'ok'\n[[edge]]\ntext = 'ok'\ncuont = 3\n", "[[edge]] number 2: `cuont` is not known"),
        (f'{HEAD}[[line]]\ntext = """One line.\n\nAnother."""\n', "[[line]] number 1: its `text` holds several paragraphs"),
        (f"{HEAD}[[line\n", "line 4"),
        ("this is no TOML", "line 1"),
    ],
)
def test_damaged_profiles_name_file_and_entry(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text(content, "utf-8")
    for asked in (path, tmp_path):
        with pytest.raises(ReportError) as caught:
            load(asked)
        assert str(path) in str(caught.value)
        assert named in str(caught.value)
        assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReportError, match=r"harbour\.toml"):
        load(path)


def test_deep_nesting_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "harbour.toml"
    path.write_text("x = " + "[" * 100_000, "utf-8")
    with pytest.raises(ReportError, match=r"harbour\.toml"):
        load(path)


def test_hidden_files_in_a_folder_of_profiles_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f'{HEAD}[[line]]\ntext = """One\nand the same."""\n')
    (tmp_path / "._a.toml").write_bytes(b"\0\5\x16\7 what macOS leaves on other file systems")
    assert load(tmp_path).keys() == {"a"}


def test_missing_paths(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="nowhere"):
        load(tmp_path / "nowhere")
    with pytest.raises(ReportError, match="no profile"):
        load(tmp_path)


def test_two_profiles_of_one_site(tmp_path: Path) -> None:
    for name in ("1.toml", "2.toml"):
        (tmp_path / name).write_text(HEAD, "utf-8")
    with pytest.raises(ReportError, match=r"2\.toml.*'a'"):
        load(tmp_path)


@given(
    st.lists(st.text(st.characters()) | st.sampled_from(["a/b", "a%2Fb", ".", "..", "_any-site", ".a", "%2Ea", "_"]), unique=True)
)
@example([ANY_SITE, "_any-site"])
@example([".a", "%2Ea"])
@example(["_a", "%5Fa", "A", "a", "%41"])
@example(["ж" * 80, "ж" * 81, "a" * 300])
@example(["con", "%63on", "CON", "aux.example", "Lpt1.example", "console.example"])
def test_file_names_are_told_apart_and_safe(sites: list[str]) -> None:
    names = [file_name(site) for site in sites]
    assert len(set(names)) == len(sites)
    for name in names:
        assert name.endswith(".toml")
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>|\0')
        assert not name.startswith(".")
        assert name.split(".")[0].lower() not in {"con", "aux", "nul", "prn", "com1", "lpt1"}
        assert len(name) <= 255
    assert len({name.casefold() for name in names}) == len(sites)


def test_a_document_is_judged_by_its_site_then_by_all() -> None:
    profiles = {"a": Profile("a", 9), "b": Profile("b", 9), ANY_SITE: Profile(ANY_SITE, 99)}
    assert merged(profiles, "a") == [("site", profiles["a"]), ("corpus", profiles[ANY_SITE])]
    assert merged(profiles, "c") == merged(profiles, None) == [("corpus", profiles[ANY_SITE])]
    assert merged({}, "a") == []
