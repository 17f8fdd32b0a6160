from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import pytest

import dedup
from dedup import kernels
from dedup.engines.matching import Matcher
from dedup.errors import UsageError
from dedup.matching.columns import Row, kept
from dedup.matching.columns_builder import Builder
from dedup.model import Document
from dedup.settings import FindSettings
from dedup.text import normal
from dedup.text.paragraphs import describe, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el", "or")]


class Writer:
    """Writes texts of invented words, the same for the same number, and changes them."""

    def __init__(self, number: object) -> None:
        self.chance = random.Random(str(number))  # noqa: S311 (the same texts in each run)

    def words(self, count: int) -> list[str]:
        return ["".join(self.chance.choices(SYLLABLES, k=self.chance.choice((2, 3)))) for _ in range(count)]

    def changed(self, words: Sequence[str], share: float) -> list[str]:
        """As many words exchanged, dropped, or put in."""
        told = list(words)
        for place in sorted(self.chance.sample(range(len(told)), round(share * len(told))), reverse=True):
            told[place : place + 1] = self.words(self.chance.choice((0, 1, 1, 1, 2)))
        return told

    def exchanged(self, words: Sequence[str], share: float) -> list[str]:
        """As many words exchanged for others."""
        places = set(self.chance.sample(range(len(words)), math.ceil(share * len(words))))
        return [self.words(1)[0] if place in places else word for place, word in enumerate(words)]

    def paragraph(self, words: Sequence[str]) -> str:
        return " ".join(words).capitalize() + "."

    def article(self, sizes: Sequence[int]) -> list[list[str]]:
        return [self.words(size) for size in sizes]

    def text(self, paragraphs: Iterable[Sequence[str]]) -> str:
        return "\n\n".join(self.paragraph(words) for words in paragraphs if words)


def shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    words = [str(word) for word in normal.words(text)]
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def exact_pairs(texts: Mapping[str, str], size: int) -> dict[tuple[str, str], tuple[float, float, float]]:
    """All pairs that share a shingle: Jaccard, and the share of each one's shingles that the other has."""
    sets = {name: shingles(text, size) for name, text in texts.items()}
    holders = defaultdict(list)
    for name in sorted(sets):
        for shingle in sets[name]:
            holders[shingle].append(name)
    shared = Counter(pair for names in holders.values() for pair in combinations(sorted(names), 2))
    return {(a, b): (n / (len(sets[a]) + len(sets[b]) - n), n / len(sets[a]), n / len(sets[b])) for (a, b), n in shared.items()}


def assert_recall(similarities: Iterable[float], found: Iterable[bool], threshold: float, recall: float) -> None:
    """At the threshold (and a little above), no more is missed than was allowed, and four standard deviations."""
    near = [hit for value, hit in zip(similarities, found, strict=True) if threshold <= value < threshold + 0.1]
    allowed = len(near) * (1 - recall)
    assert len(near) > 30
    assert near.count(False) <= allowed + 4 * math.sqrt(allowed * recall)


def variants(seed: int, documents: int) -> dict[str, str]:
    """Stories with two to six versions each: words changed, paragraphs left out, put in, moved, and broken otherwise."""
    writer = Writer(seed)
    texts: dict[str, str] = {}
    while len(texts) < documents:  # of at least 8 words: shorter ones are not compared
        story = writer.article([writer.chance.randint(3, 60) for _ in range(writer.chance.randint(1, 8))])
        share = writer.chance.choice((0, 0.02, 0.05, 0.1, 0.2))
        for _ in range(writer.chance.randint(1, 6)):
            told = [writer.changed(paragraph, share) for paragraph in story]
            if len(told) > 1 and writer.chance.random() < 0.5:
                told = writer.chance.sample(told, writer.chance.randint(1, len(told)))
            if writer.chance.random() < 0.3:
                told.insert(writer.chance.randint(0, len(told)), writer.words(writer.chance.randint(1, 90)))
            if writer.chance.random() < 0.3:
                told = [list(chain(*told))]
            if sum(map(len, told)) >= 8:
                texts[f"{writer.chance.getrandbits(40):010x}"] = writer.text(told)
    return texts


@pytest.mark.parametrize(("seed", "threshold", "recall"), [(1, 0.5, 0.99), (2, 0.5, 0.9), (3, 0.7, 0.95), (4, 0.3, 0.9)])
def test_document_pairs_are_those_of_brute_force(seed: int, threshold: float, recall: float) -> None:
    texts = variants(seed, 1000 if threshold > 0.5 else 800)
    exact = exact_pairs(texts, 5)
    report = dedup.find(
        [{"id": name, "text": text} for name, text in texts.items()], raw=True, threshold=threshold, recall=recall
    )
    told = {(pair.a, pair.b): pair for pair in report.pairs}
    assert len(told) == len(report.pairs)
    for names, pair in told.items():
        assert (pair.jaccard, pair.containment_a, pair.containment_b) == pytest.approx(exact[names], abs=1e-12)
        larger = max(pair.containment_a, pair.containment_b)
        if pair.jaccard >= threshold:
            assert pair.relation == "near_duplicate"
        elif larger >= 0.8:
            assert pair.relation == "contained"
        else:
            assert pair.relation == "partial"
            assert pair.jaccard >= 0.2 or larger >= 0.3
    content = {name: tuple(normal.words(text)) for name, text in texts.items()}
    smallest: dict[tuple[str, ...], str] = {}
    for name in sorted(texts):
        smallest.setdefault(content[name], name)
    distinct = {pair: values for pair, values in exact.items() if all(smallest[content[name]] == name for name in pair)}
    assert set(told) <= set(distinct)
    assert_recall([values[0] for values in distinct.values()], [pair in told for pair in distinct], threshold, recall)
    contained = [pair for pair, values in distinct.items() if max(values[1:]) >= 0.8 and len(shingles(texts[pair[0]], 5)) > 40]
    assert sum(pair in told for pair in contained) >= 0.95 * len(contained)


@pytest.mark.parametrize(("seed", "threshold", "recall"), [(5, 0.5, 0.99), (6, 0.8, 0.9)])
def test_paragraph_pairs_are_those_of_brute_force(seed: int, threshold: float, recall: float, tmp_path: Path) -> None:
    writer = Writer(seed)
    texts: dict[str, str] = {}
    while len(texts) < 2500:
        words = writer.words(writer.chance.randint(1, 60))
        share = writer.chance.choice((0.02, 0.05, 0.1, 0.15))
        for _ in range(writer.chance.randint(1, 6)):
            texts[f"{len(texts):05}"] = writer.paragraph(writer.changed(words, share))
    builder = Builder(tmp_path)
    for name, text in texts.items():
        builder.add(Row(name, None, None, "").laid(), kept(describe(text, split(text))))
    columns = builder.columns(FindSettings().least)
    matches = Matcher(kernels.load("fast"), columns, FindSettings(threshold=threshold, recall=recall), tmp_path).run()
    names = [columns.rows[columns.owner[paragraph]].id for paragraph in columns.first]
    exact = exact_pairs({name: texts[name] for name in names}, 3)
    pairs = matches.form_pairs
    told = {}
    for (a, b), *values in zip(pairs.members, pairs.jaccard, pairs.containment_a, pairs.containment_b, strict=True):
        order = (names[a], names[b]) if names[a] < names[b] else (names[b], names[a])
        told[order] = values if names[a] < names[b] else [values[0], values[2], values[1]]
    for order, values in told.items():
        assert values == pytest.approx(exact[order], abs=1e-12)
        assert values[0] >= 0.8 * threshold or max(values[1:]) >= 0.8
    assert_recall([values[0] for values in exact.values()], [order in told for order in exact], threshold, recall)


def records(texts: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": f"{number:04}", "text": text} for number, text in enumerate(texts)]


@pytest.mark.parametrize("how", ["whole", "cut", "changed", "exchanged"])
def test_planted_leads_are_found_with_their_partner(how: str) -> None:
    writer = Writer(how)
    leads = [writer.words(writer.chance.randint(25, 45)) for _ in range(200)]
    bodies = [writer.article([writer.chance.randint(20, 60) for _ in range(4)]) for _ in range(200)]
    texts = []
    for number, (lead, body) in enumerate(zip(leads, bodies, strict=True)):
        taken = leads[(number + 1) % 200]
        planted = {
            "whole": taken,
            "cut": taken[: len(taken) * 6 // 10],
            "changed": writer.changed(taken, 0.1),
            "exchanged": writer.exchanged(taken, 0.1),
        }[how]
        place = writer.chance.randint(1, len(body))
        texts.append(writer.text([writer.words(6), lead, *body[:place], planted, *body[place:]]))
    report = dedup.find(records(texts))
    assert report.clusters == ()
    found = {}
    for entry in report.leads:
        (lead,), (other,) = entry["lead_of"], entry["stands_in"]  # type: ignore[misc]
        found[lead["document"]] = other["document"]
        number = int(lead["document"])
        assert texts[number][lead["start"] : lead["end"]] == writer.paragraph(leads[number])
    right = sum(found.get(f"{(number + 1) % 200:04}") == f"{number:04}" for number in range(200))
    assert right == len(found)
    assert right >= 190


def test_a_lead_tells_who_had_it_first() -> None:
    writer = Writer("dates")
    lead, story, other = writer.words(30), writer.article([40, 40]), writer.article([30, 30, 30])
    first, later = writer.text([lead, *story]), writer.text([*other, lead])
    report = dedup.find([{"id": "b", "text": later, "date": "2024-05-02"}, {"id": "a", "text": first, "date": "2024-05-03"}])
    (entry,) = report.leads
    assert entry["first"] == {"document": "b", "date": "2024-05-02"}
    assert [place["document"] for place in entry["lead_of"]] == ["a"]  # type: ignore[attr-defined]
    assert [place["document"] for place in entry["stands_in"]] == ["b"]  # type: ignore[attr-defined]
    assert "first" not in dedup.find([first, later]).leads[0]


def test_who_had_a_lead_first_is_told_by_instants() -> None:
    writer = Writer("instants")
    lead, others = writer.words(30), [writer.article([30, 30, 30]) for _ in range(4)]
    dates = ["2024-05-01T01:00+05:00", "1714510000", "Tue, 30 Apr 2024 21:00:00 GMT", "10/02/2001"]
    told = [{"text": writer.text([*other, lead]), "date": date} for other, date in zip(others, dates, strict=True)]
    report = dedup.find([{"text": writer.text([lead, *writer.article([40])])}, *told])
    (entry,) = report.leads
    assert entry["first"] == {"document": "1", "date": "2024-05-01T01:00+05:00"}
    report = dedup.find([{"text": writer.text([lead, *writer.article([40])]), "date": "soon"}, told[3]])
    assert "first" not in report.leads[0]


@pytest.fixture(scope="module")
def graded() -> dedup.Report:
    """Stories with versions of all degrees of likeness."""
    return dedup.find([{"id": name, "text": text} for name, text in variants(11, 250).items()], raw=True, threshold=0.4)


def test_a_higher_threshold_adds_no_pair_and_only_splits_clusters(graded: dedup.Report) -> None:
    same = graded.rethreshold(0.4)
    assert (same.pairs, same.clusters) == (graded.pairs, graded.clusters)
    before = graded
    for threshold in (0.5, 0.65, 0.8, 0.95, 1.0):
        after = graded.rethreshold(threshold)
        assert [(p.a, p.b, p.jaccard) for p in after.pairs] == [(p.a, p.b, p.jaccard) for p in graded.pairs]
        assert all((pair.relation == "near_duplicate") is (pair.jaccard >= threshold) for pair in after.pairs)
        home = {document: number for number, cluster in enumerate(before.clusters) for document in cluster.documents}
        for cluster in after.clusters:
            assert len({home[document] for document in cluster.documents}) == 1
            assert cluster.keep in cluster.documents
            assert cluster.weakest >= threshold
        assert sum(len(c.documents) for c in after.clusters) <= sum(len(c.documents) for c in before.clusters)
        assert after.rethreshold(threshold).clusters == before.rethreshold(threshold).clusters == after.clusters
        before = after
    with pytest.raises(UsageError, match="run find"):
        graded.rethreshold(0.39)
    with pytest.raises(UsageError):
        before.rethreshold(0.9)
    with pytest.raises(UsageError):
        graded.rethreshold(1.1)


def test_a_higher_threshold_gives_what_a_search_with_it_gives(graded: dedup.Report) -> None:
    texts = variants(11, 250)
    again = dedup.find([{"id": name, "text": text} for name, text in texts.items()], raw=True, threshold=0.6, recall=0.9999)
    found = {(p.a, p.b) for p in again.pairs if p.relation == "near_duplicate"}
    assert {(p.a, p.b) for p in graded.rethreshold(0.6).pairs if p.relation == "near_duplicate"} == found


def test_large_clusters_keep_their_members_at_the_same_threshold() -> None:
    writer = Writer("large")
    story = writer.words(200)
    texts = [" ".join(writer.changed(story, 0.07)) for _ in range(120)]
    report = dedup.find(records(texts), raw=True, threshold=0.3)
    (cluster,) = report.clusters
    assert len(cluster.documents) == 120
    assert report.counts["capped_pairs"] > 0
    assert {cluster.keep} == {pair.a for pair in report.pairs}
    assert report.rethreshold(0.3).clusters == report.clusters


def test_weakest_pairs_come_first(graded: dedup.Report) -> None:
    assert graded.weakest(0) == []
    listed = graded.weakest(25)
    assert len(listed) == 25
    joining = [pair for pair in graded.pairs if pair.relation != "partial"]
    assert [pair.similarity for pair in listed] == sorted(pair.similarity for pair in joining)[:25]
    assert len(graded.weakest(10**6)) == len(joining)


def test_weakest_pairs_are_of_contents_however_often_they_are_there() -> None:
    writer = Writer("weakest")
    stories = [writer.words(200) for _ in range(2)]
    pairs = [[" ".join(story), " ".join(writer.changed(story, 0.07))] for story in stories]
    others = [" ".join(writer.words(30)) for _ in range(2000)]
    report = dedup.find(records([*pairs[0] * 30, *pairs[1], *others]), raw=True, threshold=0.3)
    assert report.counts["listed_pairs"] == len(report.pairs) > 1000
    assert len(report.weakest()) == 2


def test_weakest_of_a_cluster_is_that_of_its_pairs(graded: dedup.Report) -> None:
    assert graded.clusters
    for cluster in graded.clusters:
        inside = [p.similarity for p in graded.pairs if p.relation != "partial" and p.a in cluster.documents]
        assert cluster.weakest == min(inside, default=1.0)


def test_documents_with_equal_words_are_one_content() -> None:
    text = Writer("equal").text(Writer("equal").article([20, 30, 30]))
    other = "These fourteen words are another document, in full, and no shorter one is compared."
    report = dedup.find([other, text.upper(), text.replace("\n\n", "\n"), text, f"*\n\n{other.upper()}"])
    assert report.pairs == ()
    assert [(c.documents, c.keep, c.weakest) for c in report.clusters] == [(("0", "4"), "0", 1.0), (("1", "2", "3"), "1", 1.0)]
    assert report.counts["contents"] == 2


def test_documents_too_short_to_compare_are_like_no_other() -> None:
    title = "Thirteen words of a title or of a stock line are no copy"
    texts = [
        "Yes.",
        "yes",
        title,
        title.upper(),
        "The page has moved to here.",
        "the page has moved to here",
        "The page has moved to here now",
        "",
    ]
    report = dedup.find([*texts, *texts], raw=True)
    assert (report.pairs, report.clusters, report.leads) == ((), (), ())
    assert report.counts["documents"] == 16


def test_the_least_length_follows_from_the_shingle() -> None:
    assert [FindSettings(document_shingle=k).least for k in (1, 3, 5)] == [10, 12, 14]


def test_a_large_cluster_of_equal_documents_is_listed_pair_by_pair_while_these_are_fewer_than_the_documents() -> None:
    writer = Writer("equals")
    one, other, *others = [writer.paragraph(words) for words in writer.article([30] * 1302)]
    texts = [one] * 51 + [other] * 52 + others
    report = dedup.find(records(texts), raw=True)
    small, large = (cluster.documents for cluster in sorted(report.clusters, key=lambda c: len(c.documents)))
    assert (len(small), len(large)) == (51, 52)
    assert [(p.a, p.b) for p in report.pairs] == list(combinations(small, 2))
    assert {(p.relation, p.jaccard, p.containment_a, p.containment_b) for p in report.pairs} == {("near_duplicate", 1, 1, 1)}
    assert dedup.find(records(texts[:1275]), raw=True).pairs == ()  # 51 * 50 / 2


def test_paragraphs_shorter_than_a_shingle_match_by_their_words_alone(tmp_path: Path) -> None:
    texts = ["Yes.\n\nyes no", "YES\n\nYes; no!", "Yes no yes", "yes yes"]
    builder = Builder(tmp_path)
    for number, text in enumerate(texts):
        builder.add(Row(str(number), None, None, "").laid(), kept(describe(text, split(text))))
    matches = Matcher(kernels.load("reference"), builder.columns(FindSettings().least), FindSettings(), tmp_path).run()
    assert len(matches.form_pairs) == 0
    assert [len(set(matches.columns.form[[i, j]])) for i, j in ((0, 2), (1, 3), (1, 4), (1, 5), (4, 5))] == [1, 1, 2, 2, 2]


def test_lone_surrogates_are_compared_as_one_unknown_character() -> None:
    words = " ".join(Writer("surrogates").words(40))
    report = dedup.find([f"\ud83d {words}", f"\udcff {words}", f"{words} \udfff"], raw=True)
    (cluster,) = report.clusters
    assert cluster.documents == ("0", "1", "2")
    assert [(pair.a, pair.b) for pair in report.pairs] == [("0", "2")]


def test_ids_come_from_the_records_or_count() -> None:
    words = " ".join(Writer("ids").words(30))
    report = dedup.find(
        [words, {"text": words, "id": 7}, {"text": words, "id": None}, {"text": words, "id": "7"}, Document("x", words)]
    )
    (cluster,) = report.clusters
    assert cluster.documents == ("0", "2", "7", "7~2", "x")
    with pytest.raises(UsageError, match="document 1: it has no `text`"):
        dedup.find([words, {"title": words}])


@pytest.mark.parametrize(
    ("keep_doc", "prefer_sites", "keep"),
    [
        ("first", (), "c"),
        ("longest", (), "a"),
        ("earliest", (), "b"),
        ("latest", (), "a"),
        ("first", ("two", "one"), "b"),
        ("latest", ("one",), "a"),
    ],
)
def test_which_document_of_a_cluster_is_kept(keep_doc: Any, prefer_sites: tuple[str, ...], keep: str) -> None:  # noqa: ANN401
    words = " ".join(Writer("keep").words(60))
    documents = [
        {"id": "c", "text": words, "site": "one"},
        {"id": "b", "text": f"{words} and one", "date": "2024-01-01", "site": "two"},
        {"id": "a", "text": f"{words} and one more", "date": "2024-01-02", "site": "one"},
    ]
    report = dedup.find(documents, raw=True, keep_doc=keep_doc, prefer_sites=prefer_sites)
    assert [cluster.keep for cluster in report.clusters] == [keep]


def test_the_order_of_documents_changes_no_pair() -> None:
    documents = [{"id": name, "text": text} for name, text in variants(12, 150).items()]
    first = dedup.find(documents, raw=True, keep_doc="longest")
    second = dedup.find(documents[::-1], raw=True, keep_doc="longest")
    assert (first.pairs, first.clusters, first.leads, first.counts) == (
        second.pairs,
        second.clusters,
        second.leads,
        second.counts,
    )


def test_a_threshold_below_what_is_worth_telling_means_what_it_says() -> None:
    writer = Writer("low")
    shared = writer.words(40)
    texts = [writer.text([shared, *writer.article([40, 40])]) for _ in range(2)]
    exact = [shingles(text, 5) for text in texts]
    jaccard = len(exact[0] & exact[1]) / len(exact[0] | exact[1])
    assert 0.12 < jaccard < 0.25
    (pair,) = dedup.find(texts, raw=True, threshold=0.12).pairs
    assert pair.relation == "near_duplicate"
    assert pair.jaccard == pytest.approx(jaccard)
