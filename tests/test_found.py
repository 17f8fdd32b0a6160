"""`dedup.find` for Python: what it gives for nothing, and what it refuses."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import dedup as package
from dedup import Dropped
from dedup.boilerplate.profile import load
from dedup.errors import UsageError
from dedup.matching.clusters import Preference
from dedup.model import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Done


def test_nothing_is_found_in_nothing() -> None:
    for documents in ([], [""], ["", "", " \n"], ["***", "***"], [{"text": ""}, {"text": "\u200b"}]):
        report = package.find(documents)
        assert (report.pairs, report.clusters, report.leads, report.dropped) == ((), (), (), {})
        assert report.counts["documents"] == len(documents)
        assert report.weakest() == []
        assert report.rethreshold(0.9).clusters == ()


@pytest.mark.parametrize(
    "setting",
    [
        *({"threshold": 0}, {"threshold": 1.2}, {"threshold": "0.5"}, {"threshold": None}, {"threshold": True}),
        *({"recall": 1}, {"recall": 0}, {"recall": "all"}, {"kernel": "other"}, {"kernel": None}),
        *({"keep_doc": "bestt"}, {"keep_doc": None}, {"prefer_sites": "abc"}, {"prefer_sites": 5}, {"prefer_sites": [5]}),
        *({"profile": 5}, {"profile": {"site": "a profile"}}),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        package.find(["some words"], **setting)
    (name,) = setting
    assert name.replace("_", "-") in str(caught.value).replace("_", "-")


def test_what_has_no_effect_is_refused() -> None:
    with pytest.raises(UsageError, match="raw and profile exclude each other"):
        package.find(["some words"], raw=True, profile={})


def test_a_preference_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="keep_doc 'best': choose one of first, longest, earliest, latest"):
        Preference("best")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"give a list of texts, such as \['abc'\]"):
        Preference("first", "abc")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        ("a text", "documents: pass a list of .* for one, a list of it"),
        (b"a text", "documents: pass a list of .*bytes$"),
        ({"text": "x"}, "documents: pass a list of .* for one, a list of it"),
        (Document("a", "x"), "documents: pass a list of .* for one, a list of it"),
        (5, "documents: pass a list of .*int"),
        (None, "documents: pass a list of .*None"),
        (["x", 5], "document 1: pass a text.*int"),
        ([None], "document 0: pass a text.*None"),
        ([b"x"], "document 0: pass a text.*bytes"),
        ([("id", "text")], "document 0: pass a text.*tuple"),
        ([{}], r"document 0: it has no `text` \(it has: nothing\)"),
        ([{"id": "a", 5: "x"}], r"document 0: it has no `text` \(it has: id, 5\)"),
        ([{"text": 5}], "document 0: its `text` is no str: .*int"),
        ([{"text": None, "body": b"x"}], "document 0: its `text` is no str: None"),
        ([Document("a", None)], "document 0: `text`: pass a str, not None"),  # type: ignore[arg-type]
        ([Document(5, "x")], "document 0: `id`: pass a str, .*int"),  # type: ignore[arg-type]
        ([Document("a", "x", date=2024)], "document 0: `date`: pass a str or None, .*int"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_what_is_no_document_is_refused(documents: Any, said: str) -> None:  # noqa: ANN401 (all that people may pass)
    for function in (package.find, package.learn):
        with pytest.raises(UsageError, match=said):
            function(documents)


class Table:
    """Goes through the names of its columns, as a DataFrame of pandas does."""

    columns = ("id", "text")

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)


def test_a_table_is_not_taken_for_the_names_of_its_columns() -> None:
    for function in (package.find, package.learn):
        with pytest.raises(
            UsageError, match=r"not a value of type Table; of a table, its rows as mappings: to_dict\('records'\) in pandas"
        ):
            function(Table())  # type: ignore[arg-type]


class NotAvailable:
    """Is neither equal to itself nor not, as pandas' NA."""

    __hash__ = None  # type: ignore[assignment]

    def __ne__(self, other: object) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def test_what_a_table_has_in_place_of_nothing_is_nothing() -> None:
    line = "This line stands on each page of the harbour."
    nothing = [float("nan"), NotAvailable(), None, ""]
    records = [
        {"id": none, "site": none, "url": none, "date": none, "title": none, "text": f"A page of its own, {n}.\n\n{line}"}
        for n, none in enumerate(nothing)
    ]
    assert package.learn(records) == {}  # of no site, and so of none together
    found = package.find([{"id": none, "text": "The ferry was late again on Monday morning. " * 5} for none in nothing])
    assert [cluster.documents for cluster in found.clusters] == [("0", "1", "2", "3")]


def reported(command: Callable[..., Done], path: Path, *options: str) -> dict[str, list[dict[str, Any]]]:
    """By kind, what `find` says of the records of a file."""
    done = command("find", path, "--json", "-q", *options)
    assert done.status == 0
    entries: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in done.out.splitlines():
        entry = json.loads(line)
        entries[entry["kind"]].append(entry)
    return entries


def assert_same(found: package.Report, told: dict[str, list[dict[str, Any]]]) -> None:
    """The report of Python says what that of the command does."""
    counts = told["end"][0]["counts"]
    assert {name: counts[name] for name in counts if name not in {"copies", "rules"}} == {
        name: found.counts[name] for name in counts if name not in {"copies", "rules"}
    }
    assert [(c.documents, c.keep) for c in found.clusters] == [
        (tuple(sorted(c["documents"])), c["keep"]) for c in told["cluster"]
    ]
    pairs = [(p.a, p.b, p.relation, round(p.jaccard, 4)) for p in found.pairs]
    assert pairs == [(p["a"], p["b"], p["relation"], p["jaccard"]) for p in told["pair"]]
    assert list(found.leads) == told["lead"]


NAMES = (
    ("id", "doc_id", "UUID"),
    ("text", "content", "Body", "maintext"),
    ("url", "link", "source_url"),
    ("site", "domain", "HOST"),
    ("date", "published", "Timestamp"),
    ("title", "headline"),
)


def random_records(seed: int) -> list[dict[str, Any]]:
    """Stories on sites with footers, of which some are copies of others, under various field names and with various dates."""
    chance = random.Random(seed)  # noqa: S311 (the same in each run)
    words = [a + b for a in ("ba", "de", "fi", "go", "lu", "mar", "nel", "ros") for b in ("ta", "ne", "li", "ko", "pur", "sam")]
    stories = [[" ".join(chance.choices(words, k=chance.randint(9, 40))) + "." for _ in range(4)] for _ in range(6)]
    dates = ["2024-05-01", 1714521599, "Tue, 30 Apr 2024 21:00:00 GMT", "10/02/2024", None, 1714555800000.0]
    sites = ["one.example", "www.two.example:80", "three.example"]
    records = []
    for number in range(40):
        site = chance.choice(sites)
        told = [line for line in chance.choice(stories) if chance.random() < 0.8]
        own = " ".join(chance.choices(words, k=12))
        text = "\n\n".join([own, *told, f"All stories of the house {site.split('.')[-2]} on one page"])
        id_, body, url, home, date, title = (chance.choice(names) for names in NAMES)
        record = {
            id_: chance.choice([f"n{number}", number]),
            "other": {"a": 1},
            body: text,
            date: chance.choice(dates),
            title: own,
        }
        record |= chance.choice([{url: f"https://{site}/{number}"}, {home: site}, {home: "", url: f"//{site}/x"}, {}])
        records.append(record)
    return records


@pytest.mark.parametrize("options", [{}, {"raw": True}, {"keep_doc": "earliest"}, {"keep_doc": "latest"}], ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_records_are_read_as_the_command_reads_them(
    seed: int, options: dict[str, Any], dedup: Callable[..., Done], tmp_path: Path
) -> None:
    records = random_records(seed)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    flags = [f"--keep-doc={value}" if name == "keep_doc" else "--raw" for name, value in options.items()]
    told = reported(dedup, path, *flags)
    assert told["cluster"]
    assert_same(package.find(records, **options), told)


def test_the_examples_are_the_same_in_python(dedup: Callable[..., Done]) -> None:
    path = Path(__file__).resolve().parent.parent / "examples" / "dump.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = package.find(iter(records))
    assert_same(found, reported(dedup, path))
    assert found.counts["words_compared"] < found.counts["words"]
    assert dedup("learn", path, "-o", "profiles", "-q").status == 0
    learned, written = package.learn(records), load("profiles")
    assert {site: learned[site].lines.keys() for site in learned} == {site: written[site].lines.keys() for site in written}
    assert len(learned) == 2


def test_what_is_learned_in_python_is_what_the_command_learns(dedup: Callable[..., Done]) -> None:
    sites = Path(__file__).resolve().parent.parent / "examples" / "sites"
    records = [
        {"id": path.relative_to(sites).as_posix(), "site": path.parent.name, "text": path.read_text("utf-8")}
        for path in sites.rglob("*.txt")
    ]
    profiles = package.learn(records)
    assert sorted(profiles) == sorted({record["site"] for record in records})
    assert dedup("clean", sites, "-o", "cleaned", "-q").status == 0
    for record in records:
        left = package.clean(record["text"], site=record["site"], profile=profiles).text
        assert left == Path("cleaned", record["id"]).read_text("utf-8")


def filtered(command: Callable[..., Done], source: Path, *options: str) -> dict[str, Dropped]:
    """What `filter` drops."""
    assert command("filter", source, "--ids", "-q", "--report", "dropped", "--force", *options).status == 0
    entries = map(json.loads, Path("dropped").read_text("utf-8").splitlines())
    dropped = (entry for entry in entries if entry["kind"] == "dropped")
    return {
        entry["document"]: Dropped(entry["keep"], entry["relation"], entry["jaccard"], entry["containment"]) for entry in dropped
    }


def rounded(found: package.Report) -> dict[str, Dropped]:
    return {name: Dropped(d.keep, d.relation, round(d.jaccard, 4), round(d.containment, 4)) for name, d in found.dropped.items()}


@pytest.mark.parametrize("policy", ["first", "longest", "earliest", "latest"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_is_dropped_is_what_filter_drops(seed: int, policy: Any, dedup: Callable[..., Done], tmp_path: Path) -> None:  # noqa: ANN401
    """Of records, and of a tree of the same texts."""
    records = random_records(seed)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    sites = tmp_path / "sites"
    sites.write_text("three.example\nnowhere\none.example\n")
    found = package.find(records, keep_doc=policy, prefer_sites=["three.example", "nowhere", "one.example"] if seed else [])
    preferred = [f"--prefer-sites={sites}"] if seed else []
    assert rounded(found) == filtered(dedup, path, f"--keep-doc={policy}", *preferred)
    assert list(found.dropped) == sorted(found.dropped)
    assert len(found.dropped) > 5
    documents = [
        Document(f"{number % 3}/{number:02}.txt", text_of(record), f"{number % 3}") for number, record in enumerate(records)
    ]
    for document in documents:
        file = tmp_path / "tree" / document.id
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(document.text.encode())
    found = package.find(sorted(documents, key=lambda document: document.id), keep_doc=policy)
    assert rounded(found) == filtered(dedup, tmp_path / "tree", f"--keep-doc={policy}")
    assert len(found.dropped) > 5


def test_what_is_kept_is_told_by_place_whatever_the_ids() -> None:
    records = random_records(0)
    texts = [text_of(record) for record in records]
    found = package.find(texts)
    assert found.kept == [place for place in range(len(texts)) if str(place) not in found.dropped]
    assert len(found.kept) == len(texts) - len(found.dropped)
    for ids in ([*range(len(texts))], ["same"] * len(texts), [None] * len(texts)):  # of which none need be a key of `dropped`
        again = package.find([{"id": own, "text": text} for own, text in zip(ids, texts, strict=True)])
        assert len(again.kept) == len(texts) - len(again.dropped) < len(texts) - 5
        assert len(again.rethreshold(1).kept) > len(again.kept)
    assert package.find([]).kept == []


def text_of(record: dict[str, Any]) -> str:
    return next(record[name] for name in NAMES[1] if name in record)


def test_what_filter_drops_of_the_examples(dedup: Callable[..., Done], tmp_path: Path) -> None:
    examples = Path(__file__).resolve().parent.parent / "examples"
    lines = (examples / "dump.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert package.find(records).dropped == filtered(dedup, examples / "dump.jsonl") == {}
    again = records + [record | {"id": f"again {record['id']}", "text": record["text"][:-200]} for record in records]
    path = tmp_path / "again.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in again))
    found = package.find(again)
    assert rounded(found) == filtered(dedup, path)
    assert len(found.dropped) == len(records)
    sites = [
        Document(file.relative_to(examples / "sites").as_posix(), file.read_text("utf-8"), file.parent.name)
        for file in sorted((examples / "sites").rglob("*.txt"))
    ]
    found = package.find(sites)
    assert rounded(found) == filtered(dedup, examples / "sites")
    assert len(found.dropped) == 7


def test_at_a_higher_threshold_less_is_dropped_by_the_pairs_that_are_known() -> None:
    records = random_records(5)
    found = package.find(records, raw=True, threshold=0.3)
    assert found.rethreshold(0.3).dropped == found.dropped
    for threshold in (0.5, 0.7, 0.9, 1.0):
        higher = found.rethreshold(threshold)
        for name, dropped in higher.dropped.items():
            assert max(dropped.jaccard, dropped.containment) >= threshold
            assert dropped.keep not in higher.dropped
            assert any({name, dropped.keep} <= {*cluster.documents} for cluster in higher.clusters)
        assert len(higher.dropped) <= len(found.dropped)
        found = higher
    searched = package.find(records, raw=True, threshold=0.7, recall=0.9999)
    assert package.find(records, raw=True, threshold=0.3).rethreshold(0.7).dropped == searched.dropped


@pytest.mark.parametrize("threshold", [0.7, 0.85, 0.93])
def test_what_is_less_alike_than_a_high_threshold_says_is_not_dropped_as_contained(
    dedup: Callable[..., Done], tmp_path: Path, threshold: float
) -> None:
    """No Jaccard is above a containment: with 0.8 for that, whatever the threshold, one above it would say nothing."""
    words = [f"word{number}" for number in range(200)]
    texts = [" ".join([*words[: 200 - end], *(f"end{end}of{number}" for number in range(end))]) for end in (0, 6, 18)]
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps({"id": str(place), "text": text}) + "\n" for place, text in enumerate(texts)))
    found = package.find(texts, threshold=threshold)
    assert [round(pair.jaccard, 2) for pair in found.pairs] == [0.94, 0.83, 0.83]
    assert found.kept == {0.7: [0], 0.85: [0], 0.93: [0, 2]}[threshold]  # of the third .91 is in the first
    assert package.find(texts).rethreshold(threshold).kept == found.kept
    done = dedup("filter", str(path), "--threshold", str(threshold), "--ids", "-q")
    assert done.out.decode().split() == [str(place) for place in found.kept]


def test_nothing_is_learned_from_nothing() -> None:
    assert package.learn([]) == {}
    assert package.learn(["A text without a site.", {"text": "One of a site.", "site": "s"}]) == {}
    with pytest.raises(UsageError, match="it has no `text`"):
        package.learn([{"words": "x"}])
    with pytest.raises(UsageError):
        package.learn([], paragraphs="page")  # type: ignore[arg-type]


def test_a_notebook_can_complete_the_names() -> None:
    assert {"clean", "find", "learn", "Cleaned", "Report"} <= set(dir(package))


@pytest.mark.parametrize("number", [-1, 1.5, "all", None, True])
def test_a_number_of_pairs_that_cannot_be(number: object) -> None:
    with pytest.raises(UsageError, match=r"weakest: n .*: give a whole number, 0 or more"):
        package.find([]).weakest(number)  # type: ignore[arg-type]


class _Row(NamedTuple):
    text: str


class _Series:
    def to_dict(self) -> dict[str, str]:
        raise NotImplementedError


def test_rows_of_tables_say_how_they_become_mappings() -> None:
    for row, told in (
        (_Row("a"), "of type _Row; of a row, pass row._asdict()"),
        (_Series(), "of type _Series; of a row, pass row.to_dict()"),
        (b"a", "of type bytes: decode it first"),
        (("a",), "of type tuple"),
    ):
        with pytest.raises(UsageError) as caught:
            package.find([row])  # type: ignore[list-item]
        assert str(caught.value).endswith(f"not a value {told}")
