"""The benchmark suite: its corpora hold what they say, its cases name what there is, a wrong count gives no time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
_MODULES = (
    "lexicon", "stories", "hostile", "generate", "measuring", "scoring", "cases", "rounds", "run", "figures", "gate", "table",
)  # fmt: skip


@pytest.fixture(scope="module")
def suite(programs: Callable[..., SimpleNamespace]) -> SimpleNamespace:
    """The modules of the suite, as its programs see them."""
    return programs(*_MODULES)


@pytest.fixture(scope="module")
def corpus(suite: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A small corpus of news in all languages: its records by id, its truth, where they lie."""
    folder = tmp_path_factory.mktemp("news")
    path, truth = folder / "corpus.jsonl", folder / "truth.jsonl"
    spec = suite.stories.Spec(240, 5, suite.lexicon.codes())
    suite.generate.write_news(spec, path, truth)
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    planted = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    return SimpleNamespace(
        records={record["id"]: record for record in records}, planted=planted, path=path, truth=truth, spec=spec
    )


def _lines(record: dict[str, Any]) -> list[str]:
    return [line for line in record["text"].split("\n") if line.strip()]


def _shingles(body: str) -> set[tuple[str, ...]]:
    """Five-word shingles by a splitter that shares nothing with the generator: at spaces, or each Han character by itself."""
    han = re.findall(r"[\u4e00-\u9fff]", body)
    words = han or [word.strip(".,،।").casefold() for word in body.split()]
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def _body(corpus: SimpleNamespace, identifier: str) -> str:
    """What a document tells: without headline, furniture and repeats."""
    noted = {item["id"]: item for item in corpus.planted if item["kind"] == "document"}[identifier]
    gone = {*noted["furniture"], *(line for line, _ in noted["repeats"])}
    lines = [line for number, line in enumerate(_lines(corpus.records[identifier])) if number not in gone]
    return " ".join(lines[1:])


def test_same_seed_same_bytes_and_another_seed_others(suite: SimpleNamespace, corpus: SimpleNamespace, tmp_path: Path) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    suite.generate.write_news(corpus.spec, again, tmp_path / "truth")
    assert again.read_bytes() == corpus.path.read_bytes()
    assert (tmp_path / "truth").read_bytes() == corpus.truth.read_bytes()
    suite.generate.write_news(suite.stories.Spec(240, 6, corpus.spec.languages), other, None)
    assert other.read_bytes() != corpus.path.read_bytes()


def test_the_corpus_is_the_one_the_expected_counts_were_made_on(suite: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "corpus"
    suite.generate.write_news(suite.stories.Spec(60, 1, suite.lexicon.codes()), path, None)
    assert suite.cases._described(path, None).digest == "e576e405514dacc5ec1ceff424368512"


def test_every_document_tells_one_story_and_no_copy_twice(suite: SimpleNamespace) -> None:
    for n in (1, 7, 20, 143):
        spec = suite.stories.Spec(n, 1, ("en",))
        told = [spec.place(document) for document in range(n)]
        assert len(set(told)) == n


def test_a_sibling_tells_the_same_story(suite: SimpleNamespace) -> None:
    spec = suite.stories.Spec(200, 1, ("en",))
    for document in range(200):
        story, member = spec.place(document)
        for before in range(1, member + 1):
            assert spec.place(spec.sibling(document, before)) == (story, member - before)


def test_planted_pairs_are_as_alike_as_they_claim(corpus: SimpleNamespace) -> None:
    pairs = [item for item in corpus.planted if item["kind"] == "pair"]
    assert len(pairs) == 240 // 20 * 8
    for item in pairs:
        a, b = (_shingles(_body(corpus, item[side])) for side in "ab")
        assert len(a & b) / len(a) == pytest.approx(item["containment_a"], abs=0.005)
        assert len(a & b) / len(b) == pytest.approx(item["containment_b"], abs=0.005)
        assert len(a & b) / len(a | b) == pytest.approx(item["jaccard"], abs=0.005)


def test_documents_that_are_no_pair_share_hardly_anything(corpus: SimpleNamespace) -> None:
    pairs = {(item["a"], item["b"]) for item in corpus.planted if item["kind"] == "pair"}
    names = sorted(corpus.records)[:60]
    sets = {name: _shingles(_body(corpus, name)) for name in names}
    for a in names:
        for b in names:
            if a < b and (a, b) not in pairs:
                assert len(sets[a] & sets[b]) < 0.05 * min(len(sets[a]), len(sets[b]))


def test_copies_keep_to_their_bounds_and_stand_on_other_sites(suite: SimpleNamespace) -> None:
    spec = suite.stories.Spec(2000, 3, ("en", "zh"))
    trims, edits = [], []
    for story in range(10, 1400, 14):
        copy, first = suite.stories.copy(spec, story, 1), suite.stories.original(spec, story)
        trims.append(copy.trimmed)
        edits.append(float((copy.words != first.words[: len(copy.words)]).mean()))
        assert copy.paragraphs[-1] == len(copy.words) == copy.sentences[-1]
        assert suite.stories.site_of(spec, story, 1).name != suite.stories.site_of(spec, story, 0).name
    assert 0 <= min(trims) < 0.05
    assert 0.3 < max(trims) <= 0.4
    assert 0 <= min(edits) < 0.02
    assert 0.07 < max(edits) <= 0.1


def test_repeats_say_the_same_and_furniture_is_the_sites(corpus: SimpleNamespace) -> None:
    lines_of_site = defaultdict(list)
    repeats = 0
    for item in corpus.planted:
        if item["kind"] != "document":
            continue
        lines = _lines(corpus.records[item["id"]])
        for line, of in item["repeats"]:
            repeats += 1
            assert lines[line] == lines[of]
        lines_of_site[corpus.records[item["id"]]["url"].split("/")[2]].append([lines[at] for at in item["furniture"]])
    assert 0.05 < repeats / 240 < 0.3
    for site, pages in lines_of_site.items():
        shared = set.intersection(*map(set, pages))
        assert len(shared) >= 6, site  # own sentences, share, related, comments, copyright
        assert any(site in line and "2024" in line for line in shared)


def test_words_are_distinct_and_frequent_ones_are_frequent(suite: SimpleNamespace) -> None:
    for code in suite.lexicon.codes():
        tongue = suite.lexicon.language(code)
        assert len(set(tongue.forms[: tongue.size])) == tongue.size
        drawn = tongue.draw(suite.lexicon.bits(1, 20_000))
        assert 0.02 < (drawn == 0).mean() < 0.08
        assert len(set(drawn.tolist())) > 1000


@pytest.mark.parametrize("kind", ["footer", "template", "lines", "long", "tree"])
def test_hostile_corpora_are_what_they_are_called(suite: SimpleNamespace, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    n = 3000 if kind == "long" else 30
    suite.generate.main([kind, str(out), "--n", str(n)])
    if kind == "tree":
        texts = [path.read_text("utf-8") for path in sorted(out.rglob("*.txt"))]
    else:
        texts = [json.loads(line)["text"] for line in out.read_text("utf-8").splitlines()]
    assert len(texts) == (1 if kind == "long" else 30)
    if kind == "footer":
        assert len({text.split("\n\n", 2)[2] for text in texts}) == 1
        assert len({text.split("\n\n")[0] for text in texts}) == 30
    elif kind == "template":
        assert len({re.sub(r"\d+", "#", text) for text in texts}) == 1
        assert len(set(texts)) == 30
    elif kind == "lines":
        assert all("\n" not in text for text in texts)
    elif kind == "long":
        assert 3000 <= out.stat().st_size < 4000
    else:
        assert len(set(texts)) == 30


def test_scores_count_what_was_planted(suite: SimpleNamespace, corpus: SimpleNamespace) -> None:
    planted = suite.scoring.truth(corpus.truth)
    everything = suite.scoring.pairs(planted.pairs, planted)
    assert everything == {"recall": 1.0, "recall_all": 1.0, "precision": 1.0}
    nothing = suite.scoring.pairs([], planted)
    assert (nothing["recall"], nothing["recall_all"]) == (0.0, 0.0)
    near = [pair for pair, jaccard in planted.pairs.items() if jaccard >= suite.scoring.NEAR]
    wrong = [suite.scoring.pack(500 + at, 900 + at) for at in range(len(near))]
    assert suite.scoring.pairs([*near, *wrong], planted) == {
        "recall": 1.0,
        "recall_all": pytest.approx(len(near) / len(planted.pairs), abs=1e-4),
        "precision": 0.5,
    }


def test_lines_are_scored_by_the_places_of_cuts(suite: SimpleNamespace, corpus: SimpleNamespace, tmp_path: Path) -> None:
    planted = suite.scoring.truth(corpus.truth)
    report = tmp_path / "report.jsonl"
    with report.open("w", encoding="utf-8") as stream:
        for number, starts in enumerate(suite.scoring.starts(corpus.path)):
            for line in planted.lines[number]:
                start = starts[line]
                found = {"kind": "boilerplate", "document": f"d{number:08d}", "start": start, "end": start + 1}
                stream.write(json.dumps(found) + "\n")
    cut = list(suite.scoring.cut_lines(report, corpus.path))
    assert suite.scoring.lines(cut, planted) == {"line_recall": 1.0, "line_precision": 1.0}
    assert suite.scoring.lines([*cut, (0, 1)], planted)["line_precision"] < 1


def test_cases_and_floors_name_what_there_is(suite: SimpleNamespace) -> None:
    known, who = suite.cases.cases(quick=False), suite.cases.contenders()
    for case in known.values():
        assert set(case.contenders) <= set(who), case.name
        assert set(case.expected) <= set(case.contenders), case.name
    assert suite.cases.cases(quick=True).keys() == known.keys()
    for row in suite.figures.ratios():
        for side in (row.over, row.under):
            case = known[side["case"]]
            assert side["contender"] in case.contenders, row.name
            assert side["workers"] in {min(n, who[side["contender"]].workers) for n in case.workers}, row.name
            assert side.get("less", "scale1") in known
    programs = {contender.program[0] for contender in who.values() if contender.program}
    assert programs == {path.name for path in (FOLDER / "contenders").glob("*.py")} - {"common.py"}


def test_pinning_writes_counts_into_the_file(suite: SimpleNamespace, tmp_path: Path) -> None:
    file = tmp_path / "cases.toml"
    file.write_text(
        "[one]\nn = 1\nexpected = {}\nexpected_quick = {}\n\n[two]\nexpected = { a = { x = 1 } }\nexpected_quick = {}\n", "utf-8"
    )
    suite.cases.pin("two", {"a": {"y": 2, "x": 3}}, quick=False, file=file)
    suite.cases.pin("one", {"b": {"z": 4}}, quick=True, file=file)
    assert file.read_text("utf-8") == (
        "[one]\nn = 1\nexpected = {}\nexpected_quick = { b = { z = 4 } }\n\n"
        "[two]\nexpected = { a = { x = 3, y = 2 } }\nexpected_quick = {}\n"
    )
    with pytest.raises(KeyError):
        suite.cases.pin("three", {}, quick=False, file=file)


def test_a_wrong_count_gives_no_time(
    suite: SimpleNamespace, corpus: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "liar.py"
    program.write_text('print(\'{"phases": {}, "counts": {"pairs": 3}, "versions": {}}\')\n', "utf-8")
    contender = suite.cases.Contender("liar", "a liar", program=(str(program),))
    lain = suite.cases.Corpus(corpus.path, corpus.truth, 1, "")
    for count, failed in ((3, {}), (4, {"liar": "wrong count: pairs is 3 and not 4"})):
        case = suite.cases.Case("one", "", {}, 1, ("liar",), expected={"liar": {"pairs": count}})
        turn = suite.rounds.Round(case, lain, None, tmp_path, {})
        run = turn.once(contender, 1)
        assert (run is None) is bool(failed)
        assert turn.failed == failed
    assert "wrong count" in capsys.readouterr().err


def test_a_program_of_a_peer_finds_what_is_planted_and_nothing_else(
    suite: SimpleNamespace, corpus: SimpleNamespace, tmp_path: Path
) -> None:
    contender = suite.cases.contenders()["datasketch_lsh"]
    settings = {"bands": 42, "rows": 3}
    case = suite.cases.Case("one", "", {}, 1, (contender.name,), settings=settings)
    planted = suite.scoring.truth(corpus.truth)
    turn = suite.rounds.Round(case, suite.cases.Corpus(corpus.path, corpus.truth, 1, ""), planted, tmp_path, {})
    run = turn.once(contender, 1)
    assert run is not None, turn.failed
    assert run["phases"].keys() >= {"read", "sign", "index", "query", "verify"}
    found = turn.scores(contender)
    assert found["precision"] == 1
    assert run["counts"]["pairs"] > 0


def test_the_stages_of_find_take_its_time(corpus: SimpleNamespace) -> None:
    done = subprocess.run(
        [sys.executable, FOLDER / "stages.py", corpus.path, "--repeats", "1"], capture_output=True, text=True, check=True
    )
    first, *rows = done.stdout.splitlines()
    whole = float(re.search(r": ([0-9.]+) s of", first)[1])  # type: ignore[index]  # else this fails, as it should
    told = [re.fullmatch(r" *([0-9.]+) s +([0-9.]+) %(  +)(.+)", row) for row in rows if not row.startswith("the loops")]
    assert all(told)
    found = {row[4]: (len(row[3]), float(row[1])) for row in told if row is not None}
    outer = [seconds for name, (depth, seconds) in found.items() if depth == 2 and name not in LOOPS]
    assert found.keys() > LOOPS
    assert 0 < sum(outer) <= whole
    assert 0 < found["verdicts on texts, until nothing more is found"][1] <= max(outer)


LOOPS = {"read and decode", "lines", "normal forms", "signatures", "shingle sets"}


def test_results_do_not_tell_where_things_lie(suite: SimpleNamespace) -> None:
    told = suite.rounds._last("Traceback\nOSError: no file '/home/me/corpus/a.jsonl' (see https://example.org/a/b)\n")
    assert told == "OSError: no file 'a.jsonl' (see https://example.org/a/b)"
    case = suite.cases.Case("own", "", {"kind": "path", "file": "/home/me/a.jsonl"}, 1, ())
    assert suite.run._told(case) == {"kind": "own"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_process_is_measured_and_killed_when_its_time_is_over(suite: SimpleNamespace) -> None:
    code = "import time; kept = bytearray(60_000_000); time.sleep(0.2); print(len(kept))"
    done = suite.measuring.run(suite.measuring.Start([sys.executable, "-c", code]))
    assert (done.status, done.output.strip()) == (0, "60000000")
    assert done.peak > 60_000_000
    assert done.cpu > 0
    late = suite.measuring.run(suite.measuring.Start([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.3))
    assert late.status < 0
    piped = suite.measuring.run(suite.measuring.Start(["wc", "-c"], pipe=Path(__file__)))
    assert int(piped.output) == Path(__file__).stat().st_size
