"""Runs the tool on a labelled set as a user would, and scores its report."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import quality_exact
import quality_planted
import quality_rewritten
from quality_sets import ROOT, Unmeasured, data_folder, parts_of, records, scorers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from quality_sets import Case, Page

TIMEOUT = 1800  # seconds for one run of the tool
GOLD_WORDS = 100  # a page with that much content must not be emptied
EMPTIED = 0.95  # of its content


@dataclass
class Figures:
    """What was measured of a part of a set: all figures but counts are shares, and more is better."""

    part: str
    count: int
    shares: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass
class Loss:
    """What a page lost of its content, in words, by rule; its id, and of how many words."""

    page: Page
    lost: int
    content: int
    rules: Counter[str]


@dataclass
class Measured:
    """The figures of a set's parts, and for labelled pages what each page and each rule took."""

    figures: list[Figures]
    losses: list[Loss] = field(default_factory=list)
    rules: dict[str, Counter[str]] = field(default_factory=dict)


class Removed:
    """The spans that a report says were removed, by document."""

    def __init__(self, told: Iterable[Page]) -> None:
        self.spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self.rules: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for item in told:
            if "document" in item and "start" in item:
                self.spans[item["document"]].append((item["start"], item["end"]))
                self.rules[item["document"]].append((item["start"], item["end"], item["rule"]))


def tool(*arguments: str) -> None:
    """Run the command line of this checkout.

    Raises:
        Unmeasured: it takes longer than it may.
        SystemExit: it failed; its last words are told.
    """
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "dedup", *arguments]
    try:
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": search}, timeout=TIMEOUT, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unmeasured(f"`dedup {arguments[0]}` took longer than {TIMEOUT} s") from error
    if done.returncode:
        raise SystemExit(
            f"`dedup {' '.join(arguments)}` ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"
        )


def write(pages: Iterable[Page], path: Path) -> Path:
    """Write records where the tool can read them."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages)
    return path


def cleaned(pages: list[Page], path: Path, *options: str) -> Removed:
    """What `clean`, with these options, takes out of the pages of a file."""
    score_pages, _ = scorers()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        as_it_lies = path.is_file() and len(pages) == sum(1 for _ in records(path))
        given = path if as_it_lies else write(pages, Path(folder) / path.name)
        tool("clean", "--quiet", "--dry-run", "--report", str(report), *options, str(given))
        return Removed(score_pages.records(report))


def measure_pages(case: Case, *options: str) -> Measured:
    """Clean a set of pages, with these options, and score what was removed."""
    score_pages, _ = scorers()
    pages, path = case.pages(), case.path
    if case.kind in quality_rewritten.WAYS:
        rewritten = quality_rewritten.WAYS[case.kind]
        pages, path = [rewritten(page) for page in pages if page.get("labels")], Path("rewritten.jsonl.gz")
    removed = cleaned(pages, path, *options)
    if case.kind == "snippets":
        return Measured([score_snippets(score_pages, name, part, removed) for name, part in parts_of(case, pages) if part])
    labelled = [page for page in pages if page.get("labels")]
    figures = [score_lines(score_pages, name, part, removed) for name, part in parts_of(case, labelled) if part]
    rules: dict[str, Counter[str]] = defaultdict(Counter)
    losses = [_loss(score_pages, page, removed, rules) for page in labelled]
    return Measured(figures, losses, rules)


def score_lines(score_pages: ModuleType, name: str, pages: list[Page], removed: Removed) -> Figures:
    """Precision of what was removed, recall of boilerplate, content kept and its F1, recall of comments, pages not emptied."""
    totals = score_pages.score(pages, removed.spans)
    with contextlib.redirect_stdout(io.StringIO()):
        precision, recall, lost, f1 = score_pages.show(name, totals, len(pages))
    shares = {"precision": precision, "recall": recall, "kept": 1 - lost, "f1": f1}
    if totals["comments"]:
        shares["comments"] = totals["comments_removed"] / totals["comments"]
    each = [score_pages.score([page], removed.spans) for page in pages]
    emptied = sum(t["content"] >= GOLD_WORDS and t["content_lost"] >= EMPTIED * t["content"] for t in each)
    return Figures(name, len(pages), shares, f"{emptied} emptied" if emptied else "")


def _loss(score_pages: ModuleType, page: Page, removed: Removed, rules: dict[str, Counter[str]]) -> Loss:
    """What a page lost of its content; adds to the words that each rule took rightly and wrongly."""
    loss = Loss(page, 0, 0, Counter())
    cuts = sorted(removed.rules.get(page["id"], ()))
    at = 0
    for line, label in zip(page["text"].split("\n"), page["labels"], strict=False):
        start, at = at, at + len(line) + 1
        if label is None or not line.strip():
            continue
        words = score_pages.words(line)
        taken = [(min(end, at) - max(begin, start), rule) for begin, end, rule in cuts if begin < at - 1 and end > start]
        loss.content += words * (label == 1)
        if 2 * sum(size for size, _ in taken) >= len(line):
            rule = max(taken)[1]
            rules[rule]["wrong" if label == 1 else "right"] += words
            loss.lost += words * (label == 1)
            loss.rules[rule] += words * (label == 1)
    return loss


def score_snippets(score_pages: ModuleType, name: str, pages: list[Page], removed: Removed) -> Figures:
    """Shares of the texts that must stay and did, and of those that must not and did not."""
    with contextlib.redirect_stdout(io.StringIO()):
        totals = score_pages.score_snippets(pages, removed.spans)
    shares = {"must_kept": totals["must_kept"] / max(1, totals["must"])}
    shares["mustnot_gone"] = 1 - totals["mustnot_kept"] / max(1, totals["mustnot"])
    return Figures(name, len(pages), shares)


def measure_licence(case: Case) -> Measured:
    """Clean texts that end in one and the same sentence: how many lost it, and of how many of them the line lost no more."""
    pages = case.pages()
    removed = cleaned(pages, case.path)
    ends = Counter(_last_sentence(page["text"]) for page in pages)
    licence = ends.most_common(1)[0][0]
    gone = whole = holders = 0
    for page in pages:
        text = page["text"]
        if not text.rstrip().endswith(licence):
            continue
        holders += 1
        begin = text.rstrip().rindex(licence)
        line = text.rfind("\n", 0, begin) + 1
        cut = [(a, b) for a, b in removed.spans.get(page["id"], ()) if b > line]
        gone += any(a <= begin and b >= begin + len(licence) for a, b in cut)
        whole += all(not text[max(a, line) : min(b, begin)].strip() for a, b in cut)
    shares = {"licence_gone": gone / max(1, holders), "line_kept": whole / max(1, holders)}
    return Measured([Figures("all", holders, shares, f"{gone} of {holders} gone, {holders - whole} lines lost more")])


def _last_sentence(text: str) -> str:
    line = text.rstrip().rpartition("\n")[2]
    return line[max(line.rfind(f"{stop} ", 0, -1) + 2 if f"{stop} " in line else 0 for stop in ".!?") :].strip()


def measure_pairs(case: Case) -> Measured:
    """Find the copies of a set and score the pairs.

    Raises:
        Unmeasured: the set or its labels are missing.
    """
    labels = data_folder() / f"{case.labels}.jsonl.gz"
    for path in (labels, case.path):
        if not path.is_file():
            raise Unmeasured(f"{path} is missing")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        tool("find", "--report", str(report), *case.options, str(case.path))
        return Measured([score_found(labels, report, sum(1 for _ in records(case.path)))])


def measure_exact(case: Case) -> Measured:
    """Find the copies of a set without labels, and score them by those that a comparison of all documents gives.

    Raises:
        Unmeasured: the set is missing.
    """
    pages = case.pages()
    with tempfile.TemporaryDirectory() as name:
        labels, report = Path(name) / "labels.jsonl.gz", Path(name) / "report.jsonl"
        tool("find", "--report", str(report), *case.options, str(case.path))
        return Measured([score_found(write(quality_exact.labels(pages), labels), report, len(pages))])


def score_found(labels: Path, report: Path, count: int) -> Figures:
    """Recall, precision and F1 of the pairs that a report tells; recall by relation in the note, with what was found by label."""
    score_pages, score_pairs = scorers()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        precision, recall, f1 = score_pairs.main([str(labels), str(report)])
    kinds = told.getvalue().partition("{")[2].partition("}")[0]
    found: Counter[str] = Counter()
    for item in kinds.split(", "):
        name, _, number = item.partition(": ")
        found[name.strip("'")] = int(number or 0)
    shares = {"precision": precision, "recall": recall, "f1": f1}
    wanted = Counter(pair["label"] for pair in score_pages.records(labels))
    by_label = [f"{name} {found[name]}/{wanted[name]}" for name in ("near_dup", "contained", "partial", "boilerplate_only")]
    rest = [f"{name} {found[name]}" for name in ("connected", "unlisted")]
    return Figures("all", count, shares, ", ".join([*by_label, *rest]))


def measure_planted(case: Case) -> list[tuple[str, Measured]]:
    """Find copies planted on other sites' pages, before and after stripping."""
    planted = quality_planted.plant([page for page in case.pages() if page.get("labels") and 1 in page["labels"]])
    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = write(planted.pages, folder / "planted.jsonl.gz")
        for how, options in (("raw", ["--raw"]), ("find", [])):
            report = folder / f"{how}.jsonl"
            tool("find", "--report", str(report), *options, str(given))
            labels = write(_labels(planted, report), folder / f"{how}_labels.jsonl.gz")
            measured.append((how, Measured([score_found(labels, report, len(planted.pages))])))
    return measured


def _labels(planted: quality_planted.Planted, report: Path) -> Iterable[Page]:
    """The labels of the planted pairs, and of others that were found and whose texts are alike."""
    wanted = {frozenset(pair) for pair in planted.wanted}
    yield from ({"id1": a, "id2": b, "label": "near_dup"} for a, b in planted.wanted)
    score_pages, _ = scorers()
    for told in score_pages.records(report):
        documents = (
            told.get("documents", ()) if told["kind"] == "cluster" else (told["a"], told["b"]) if told["kind"] == "pair" else ()
        )
        for place, a in enumerate(documents):
            for b in documents[place + 1 :]:
                if frozenset((a, b)) not in wanted and quality_planted.alike(planted.texts[a], planted.texts[b]):
                    yield {"id1": a, "id2": b, "label": "partial"}
