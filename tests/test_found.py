"""`dedup.find` for Python: what it gives for nothing, and what it refuses."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import dedup as package
from dedup.clusters import Preference
from dedup.errors import UsageError
from dedup.model import Document
from dedup.profile import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Done


def test_nothing_is_found_in_nothing() -> None:
    for documents in ([], [""], ["", "", " \n"], ["***", "***"], [{"text": ""}, {"text": "\u200b"}]):
        report = package.find(documents)
        assert (report.pairs, report.clusters, report.leads) == ((), (), ())
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


def test_a_preference_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="--keep-doc best: choose one of first, longest, earliest, latest"):
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


def test_nothing_is_learned_from_nothing() -> None:
    assert package.learn([]) == {}
    assert package.learn(["A text without a site.", {"text": "One of a site.", "site": "s"}]) == {}
    with pytest.raises(UsageError, match="it has no `text`"):
        package.learn([{"words": "x"}])
    with pytest.raises(UsageError):
        package.learn([], paragraphs="page")  # type: ignore[arg-type]
