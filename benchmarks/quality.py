"""Measures what the tool's verdicts are worth, against labelled pages and pairs, and holds the figures to their floors.

Every set that is found is given to the command line as a user would give it; its report is scored by the scorers that lie beside
the data. Without data or scorers there is nothing to measure: that is said, and is no failure.

    python benchmarks/quality.py                                  # a table of all sets, clean's defaults
    python benchmarks/quality.py --main --sets pages_mozilla      # one set, whole pages
    python benchmarks/quality.py --quick --main --gate benchmarks/quality_floors.json
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import importlib
import io
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    Page = dict[str, Any]
    Removed = dict[str, list[tuple[int, int]]]

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 1800  # seconds for one run of the tool
FORMAT = 1
GOLD_WORDS = 100  # a page with that much content must not be emptied
EMPTIED = 0.95  # of its content
NOISE = 1e-9


@dataclass(frozen=True)
class Part:
    """A part of a set that is scored by itself: `wanted` tells of each page whether it belongs."""

    name: str
    wanted: Callable[[Page], bool]


@dataclass(frozen=True)
class Case:
    """A labelled set, and how it is run and scored.

    Attributes:
        name: of the set: `DATA/name.jsonl.gz`.
        kind: "pages" (labelled lines), "snippets" (texts that must and must not stay), "pairs".
        labels: for pairs, the set of the labels.
        parts: of its pages, beside all and the two halves.
        by: field by whose values the pages are told apart.
        options: of the command, for pairs.
        quick: whether it belongs to the subset that is quick.
        sites_of: only pages of sites with so many of them are read.
    """

    name: str
    kind: str
    labels: str = ""
    parts: tuple[Part, ...] = ()
    by: str = ""
    options: tuple[str, ...] = ()
    quick: bool = False
    sites_of: int = 0

    @property
    def title(self) -> str:
        """What the table and the floors call it."""
        return f"{self.name}:sites_of_{self.sites_of}" if self.sites_of else self.name


CASES = (
    Case("pages_scrapinghub", "pages", by="lang", quick=True),
    Case("pages_mozilla", "pages", by="lang", quick=True),
    Case("pages_dragnet", "pages", quick=True, sites_of=5),
    Case("pages_dragnet", "pages", by="lang"),
    Case("pages_wcxb_dev", "pages", parts=(Part("page_type=article", lambda page: page.get("page_type") == "article"),)),
    Case("pages_trafilatura", "snippets"),
    Case("articles_buzzfeed_webis", "pairs", "pairs_buzzfeed_webis"),
    Case("articles_wiki_versions", "pairs", "pairs_wiki_versions"),
    Case("articles_tehran_times", "pairs", "pairs_tehran_times"),
    Case("paragraphs_buzzfeed_webis", "pairs", "paragraph_pairs_buzzfeed_webis", options=("--raw", "--site-field", "doc_site")),
)


@dataclass
class Figures:
    """What was measured of a part of a set: all figures but counts are shares, and more is better."""

    part: str
    count: int
    shares: dict[str, float] = field(default_factory=dict)
    note: str = ""


class Unmeasured(Exception):  # noqa: N818 (not an error: there is nothing to measure)
    """Why a set was passed over."""


def data_folder() -> Path:
    """Where the labelled sets lie."""
    return Path(os.environ.get("DEDUP_DATA", ROOT.parent / "shared" / "data"))


def scorers() -> tuple[ModuleType, ModuleType]:
    """The modules that score pages and pairs.

    Raises:
        Unmeasured: they are not beside the data.
    """
    folder = data_folder().parent / "score"
    if not (folder / "score_pages.py").is_file():
        raise Unmeasured(f"no scorers in {folder}")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module("score_pages"), importlib.import_module("score_pairs")


def records(path: Path) -> Iterator[Page]:
    """The records of a set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


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


def knows(command: str, option: str) -> bool:
    """Whether the command line has that command, and its help that option."""
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": search, "COLUMNS": "200", "NO_COLOR": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "dedup", command, "--help"], env=environment, capture_output=True, check=False, timeout=60
    )
    return not run.returncode and option in run.stdout.decode(errors="replace")


def is_tuned(page: Page) -> bool:
    """Whether a page belongs to the half on which rules may be tuned: that of its site, else its id."""
    return int(hashlib.md5((page["site"] or page["id"]).encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def parts_of(case: Case, pages: Iterable[Page]) -> Iterator[tuple[str, list[Page]]]:
    """The parts of a set, all of it first; each with its two halves."""
    listed = list(pages)
    yield "all", listed
    wholes = [Part("", lambda _: True), *case.parts]
    for part in wholes:
        name = f"{part.name} " if part.name else ""
        chosen = [page for page in listed if part.wanted(page)]
        if part.name:
            yield part.name, chosen
        yield f"{name}tune", [page for page in chosen if is_tuned(page)]
        yield f"{name}check", [page for page in chosen if not is_tuned(page)]
    groups = defaultdict(list)
    for page in listed:
        groups[page.get(case.by) or ""].append(page)
    if len(groups) > 1:
        yield from ((f"{case.by}={value or '?'}", groups[value]) for value in sorted(groups))


def measure_pages(case: Case, *, main: bool) -> list[Figures]:
    """Clean a set of pages and score what was removed."""
    score_pages, _ = scorers()
    path = data_folder() / f"{case.name}.jsonl.gz"
    pages = list(records(path))
    with tempfile.TemporaryDirectory() as folder:
        given = path
        if case.sites_of:
            sites = [page["site"] for page in pages]
            pages = [page for page in pages if page["site"] and sites.count(page["site"]) >= case.sites_of]
            given = Path(folder) / path.name
            with gzip.open(given, "wt", encoding="utf-8", compresslevel=1) as out:
                out.writelines(json.dumps(page, ensure_ascii=False) + "\n" for page in pages)
        report = Path(folder) / "report.jsonl"
        tool("clean", "--quiet", "--dry-run", "--report", str(report), *(["--main"] if main else []), str(given))
        removed: Removed = defaultdict(list)
        for told in score_pages.records(report):
            if "document" in told and "start" in told:
                removed[told["document"]].append((told["start"], told["end"]))
    score = score_snippets if case.kind == "snippets" else score_lines
    return [score(score_pages, name, part, removed) for name, part in parts_of(case, pages) if part]


def score_lines(score_pages: ModuleType, name: str, pages: list[Page], removed: Removed) -> Figures:
    """Precision of what was removed, recall of boilerplate, content kept and its F1, recall of comments, pages not emptied."""
    labelled = [page for page in pages if page.get("labels")]
    totals = score_pages.score(labelled, removed)
    with contextlib.redirect_stdout(io.StringIO()):
        precision, recall, lost, f1 = score_pages.show(name, totals, len(labelled))
    shares = {"precision": precision, "recall": recall, "kept": 1 - lost, "f1": f1}
    if totals["comments"]:
        shares["comments"] = totals["comments_removed"] / totals["comments"]
    each = [score_pages.score([page], removed) for page in labelled]
    emptied = sum(t["content"] >= GOLD_WORDS and t["content_lost"] >= EMPTIED * t["content"] for t in each)
    return Figures(name, len(labelled), shares, f"{emptied} emptied" if emptied else "")


def score_snippets(score_pages: ModuleType, name: str, pages: list[Page], removed: Removed) -> Figures:
    """Shares of the texts that must stay and did, and of those that must not and did not."""
    with contextlib.redirect_stdout(io.StringIO()):
        totals = score_pages.score_snippets(pages, removed)
    shares = {"must_kept": totals["must_kept"] / max(1, totals["must"])}
    shares["mustnot_gone"] = 1 - totals["mustnot_kept"] / max(1, totals["mustnot"])
    return Figures(name, len(pages), shares)


def measure_pairs(case: Case) -> list[Figures]:
    """Find the copies of a set and score the pairs.

    Raises:
        Unmeasured: the command line has no `find` yet, or the labels are missing.
    """
    _, score_pairs = scorers()
    labels = data_folder() / f"{case.labels}.jsonl.gz"
    if not labels.is_file():
        raise Unmeasured(f"{labels} is missing")
    if not knows("find", "--report"):
        raise Unmeasured("`dedup find --help` knows no --report")
    path = data_folder() / f"{case.name}.jsonl.gz"
    told = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        tool("find", "--report", str(report), *case.options, str(path))
        with contextlib.redirect_stdout(told):
            recall, precision, f1 = score_pairs.main([str(labels), str(report)])
    kinds = told.getvalue().partition("{")[2].partition("}")[0]
    return [Figures("all", sum(1 for _ in records(path)), {"recall": recall, "precision": precision, "f1": f1}, kinds)]


COLUMNS = ("precision", "recall", "kept", "f1", "comments", "must_kept", "mustnot_gone")


def show(title: str, how: str, measured: list[Figures]) -> None:
    """Print a set's rows of the table; `lost` is what is not `kept`."""
    for row in measured:
        shares = [f"{row.shares[name]:.3f}" if name in row.shares else "" for name in COLUMNS]
        print(
            f"{title:36} {how:7} {row.part:24} {row.count:>6} "
            + " ".join(f"{share:>12}" for share in shares)
            + f"  {row.note}".rstrip()
        )
    sys.stdout.flush()


def pin(case: Case) -> dict[str, Any]:
    """What tells that a set is the one whose floors these are."""
    path = data_folder() / f"{case.name}.jsonl.gz"
    return {"digest": hashlib.sha256(path.read_bytes()).hexdigest(), "records": sum(1 for _ in records(path))}


def compare(floors: dict[str, Any], measured: dict[str, dict[str, Any]]) -> list[str]:
    """What the gate does not let pass, a line each; a set without floors passes."""
    wrong: list[str] = []
    for title, got in measured.items():
        known = floors.get("sets", {}).get(title)
        if known is None:
            continue
        changed = (name for name in ("digest", "records") if known[name] != got[name])
        wrong += [f"{title}: {name} is {got[name]}, the floors are those of {known[name]}" for name in changed]
        for how, parts in got["floors"].items():
            for part, shares in parts.items():
                floor = known["floors"].get(how, {}).get(part, {})
                low = [name for name, least in floor.items() if shares.get(name, -1) < least - NOISE]
                wrong += [f"{title} {how} {part}: {name} {shares.get(name)} is below its floor {floor[name]}" for name in low]
    return wrong


def updated(floors: dict[str, Any], measured: dict[str, dict[str, Any]], reason: str | None) -> dict[str, Any]:
    """The floors raised to what was measured, rounded down; lowered, too, and on other data, only for a reason, which is kept."""
    sets, lowered = dict(floors.get("sets", {})), list(floors.get("lowered", []))
    if reason:
        lowered += [{"what": line, "reason": reason} for line in compare(floors, measured)]
    for title, got in measured.items():
        known = sets.get(title, {"floors": {}})
        merged = {how: dict(parts) for how, parts in known["floors"].items()}
        for how, parts in got["floors"].items():
            for part, shares in parts.items():
                before = merged.setdefault(how, {}).get(part, {})
                now = {name: math.floor(share * 1000 + NOISE) / 1000 for name, share in shares.items()}
                merged[how][part] = now if reason else {name: max(share, before.get(name, 0)) for name, share in now.items()}
        sets[title] = {"digest": got["digest"], "records": got["records"], "floors": merged}
    return {"format": FORMAT, "sets": sets, "lowered": lowered}


def measure(cases: Iterable[Case], *, main: bool) -> dict[str, dict[str, Any]]:
    """Measure the sets, print their rows, and give the figures to be held: those of all of a set and of its named parts."""
    found: dict[str, dict[str, Any]] = {}
    with_main = main and knows("clean", "--main")
    if main and not with_main:
        print("note: `dedup clean` has no --main; measured without", file=sys.stderr)
    print(f"{'set':36} {'how':7} {'part':24} {'count':>6} " + " ".join(f"{name:>12}" for name in COLUMNS))
    for case in cases:
        hows = ["find"] if case.kind == "pairs" else ["default", *(["main"] if with_main else [])]
        for how in hows:
            try:
                if not (data_folder() / f"{case.name}.jsonl.gz").is_file():
                    raise Unmeasured(f"not in {data_folder()}")  # noqa: TRY301 (said like all that is passed over)
                measured = measure_pairs(case) if how == "find" else measure_pages(case, main=how == "main")
            except Unmeasured as why:
                print(f"{case.title}: passed over: {why}", file=sys.stderr)
                continue
            show(case.title, how, measured)
            entry = found.setdefault(case.title, {**pin(case), "floors": {}})
            held = {"all", *(part.name for part in case.parts)}
            entry["floors"][how] = {row.part: row.shares for row in measured if row.part in held}
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and compare; 1 when a figure is below its floor or a set is not the one that was pinned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", metavar="NAME", help="only these sets")
    parser.add_argument("--main", action="store_true", help="measure pages with `clean --main`, too")
    parser.add_argument("--quick", action="store_true", help="only the sets that take seconds")
    parser.add_argument("--gate", type=Path, metavar="FLOORS", help="compare with the floors of this file")
    parser.add_argument("--update", action="store_true", help="raise the floors of --gate to what is measured, and pin new sets")
    parser.add_argument("--lower", metavar="REASON", help="with --update: lower them, too, or pin other data; the reason is kept")
    options = parser.parse_args(arguments)
    if (options.update or options.lower) and not options.gate:
        parser.error("--update and --lower need --gate FLOORS")
    if options.lower is not None and not (options.update and options.lower.strip()):
        parser.error("--lower needs --update and a reason")
    unknown = set(options.sets or ()) - {case.name for case in CASES}
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    chosen = [case for case in CASES if (not options.sets or case.name in options.sets) and (case.quick or not options.quick)]
    measured = measure(chosen, main=options.main)
    if not options.gate:
        return 0
    floors = json.loads(options.gate.read_text(encoding="utf-8")) if options.gate.is_file() else {}
    wrong = compare(floors, measured)
    if wrong and not options.lower:
        print("\n".join(f"gate: {line}" for line in wrong), file=sys.stderr)
        return 1
    if options.update:
        raised = updated(floors, measured, options.lower)
        options.gate.write_text(json.dumps(raised, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    print(f"gate: {len(measured)} sets measured, none below its floors" if not wrong else "gate: floors lowered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
