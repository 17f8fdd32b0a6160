"""Any documents, matched and judged: clusters are a partition that loses none, and neither order nor kernel matters.

See test_fuzz_inputs.py for how many are tried.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from fuzzing import tried
from hypothesis import given
from hypothesis import strategies as st

import dedup as package
from dedup.engines.describing import Describer
from dedup.engines.verdict import Judge
from dedup.model import Document
from dedup.reporting.cuts import apply_cuts
from dedup.settings import CleanSettings, MainSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Done


WORDS = st.sampled_from(
    ["the", "ferry", "was", "late", "on", "monday", "because", "nobody", "told", "its", "captain", "back", "7", "渡船", "Ä"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
STOCK = st.sampled_from(
    [
        "The ferry to the outer islands was taken out of service on Monday after a crack was found in its engine.",
        "A replacement will be towed in from the mainland once the gale that has closed the harbour has blown over.",
        "The school on the smallest island has sent its eleven pupils home with lessons for a week and a box of books.",
        "Nobody in the harbour office could say on Tuesday how long the repair would take, or who was to pay for it.",
        "© 2025 The Island Post. All rights reserved",
        "Share",
    ]
)
TEXTS = st.lists(STOCK | STOCK | SENTENCES | st.text(max_size=20), max_size=7).map("\n".join)
PILES = st.lists(TEXTS, max_size=9)


def records(texts: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": f"n{number}", "text": text} for number, text in enumerate(texts)]


@tried(0.06)
@given(texts=PILES, threshold=st.sampled_from([0.3, 0.5, 0.8, 1.0]), higher=st.sampled_from([0.0, 0.1, 0.2, 0.5]))
def test_clusters_are_a_partition_and_a_higher_threshold_adds_no_pair(texts: list[str], threshold: float, higher: float) -> None:
    found = package.find(records(texts), threshold=threshold)
    ids = {f"n{number}" for number in range(len(texts))}
    listed = [document for cluster in found.clusters for document in cluster.documents]
    assert len(listed) == len(set(listed))
    assert set(listed) <= ids
    for cluster in found.clusters:
        assert len(cluster.documents) > 1
        assert cluster.keep in cluster.documents
    for pair in found.pairs:
        assert {pair.a, pair.b} <= ids
        assert pair.a != pair.b
        assert 0 <= pair.jaccard <= min(pair.containment_a, pair.containment_b) <= 1
        assert (pair.relation == "near_duplicate") == (pair.jaccard >= threshold)
    above = found.rethreshold(min(1.0, threshold + higher))
    before = {(pair.a, pair.b): pair.relation for pair in found.pairs}
    assert {(pair.a, pair.b) for pair in above.pairs} <= before.keys()
    near = {(p.a, p.b) for p in above.pairs if p.relation == "near_duplicate"}
    assert near <= {names for names, relation in before.items() if relation == "near_duplicate"}


@tried(0.04)
@given(texts=PILES, data=st.data())
def test_the_order_of_files_and_the_kernel_do_not_matter(
    dedup: Callable[..., Done], texts: list[str], data: st.DataObject
) -> None:
    for path in Path().glob("t*.txt"):
        path.unlink()
    names = [f"t{number}.txt" for number in range(len(texts) + 1)]
    for name, text in zip(names, [*texts, "One more."], strict=True):
        Path(name).write_bytes(text.encode("utf-8", "replace"))
    reports = set()
    for kernel in ("reference", "fast"):
        given_in = data.draw(st.permutations(names))
        done = dedup("find", *given_in, "--kernel", kernel, "--report", "r", "--force", "-q")
        assert done.status in {0, 3}
        reports.add((done.out, Path("r").read_bytes()))
    assert len(reports) == 1


@tried(0.01)
@given(texts=PILES, data=st.data())
def test_the_order_of_files_and_the_workers_do_not_matter(
    dedup: Callable[..., Done], texts: list[str], data: st.DataObject
) -> None:
    for path in Path().glob("t*.txt"):
        path.unlink()
    names = [f"t{number}.txt" for number in range(len(texts) + 2)]
    for name, text in zip(names, [*texts, "One more.", "And one."], strict=True):
        Path(name).write_bytes(text.encode("utf-8", "replace"))
    results = set()
    for workers in (1, 2):
        given_in = data.draw(st.permutations(names))
        done = dedup("clean", *given_in, "--strip", "copy", "--workers", workers, "-o", "out/", "--report", "r", "--force", "-q")
        assert done.status in {0, 3}
        results.add((Path("r").read_bytes(), *(Path("out", name).read_bytes() for name in names)))
    assert len(results) == 1


@tried(0.04)
@given(texts=PILES)
def test_filter_drops_nothing_without_the_one_that_is_kept(dedup: Callable[..., Done], texts: list[str]) -> None:
    Path("in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records(texts)))
    done = dedup("filter", "in.jsonl", "--report", "r", "--force", "-q")
    assert done.status in {0, 2} if not texts else done.status == 0
    kept = {json.loads(line)["id"] for line in done.out.splitlines()}
    dropped = [entry for entry in map(json.loads, Path("r").read_text().splitlines()) if entry["kind"] == "dropped"]
    assert {entry["document"] for entry in dropped} | kept == {f"n{number}" for number in range(len(texts))}
    assert not {entry["document"] for entry in dropped} & kept
    assert {entry["keep"] for entry in dropped} <= kept
    assert done.out.splitlines() == [
        line for line in Path("in.jsonl").read_bytes().splitlines() if json.loads(line)["id"] in kept
    ]


@tried(0.06)
@given(text=TEXTS, main=st.booleans())
def test_cuts_are_sorted_and_disjoint_and_cleaning_settles(text: str, main: bool) -> None:
    cleaned = package.clean(text, main=main)
    at = 0
    for cut in cleaned.findings:
        assert at <= cut.start < cut.end <= len(text)
        at = cut.end
    assert apply_cuts(text, [(cut.start, cut.end) for cut in cleaned.findings]) == cleaned.text
    if cleaned.left is None:
        assert package.clean(cleaned.text, main=main).text == cleaned.text


@tried(0.06)
@given(texts=PILES, main=st.booleans())
def test_the_compiled_way_and_the_plain_way_judge_alike(texts: list[str], main: bool) -> None:
    documents = [Document(f"n{number}", text, "site") for number, text in enumerate([*texts, "One more text."])]
    chosen = CleanSettings(main=MainSettings() if main else None)
    verdicts = [[(v.cuts, v.left, v.words, v.kept_words) for v in judge.judge(documents)] for judge in judges(chosen)]
    assert verdicts[0] == verdicts[1]


def judges(chosen: CleanSettings) -> list[Judge]:
    return [Judge(chosen, {}, Describer(kernel), notes=False) for kernel in ("fast", "reference")]
