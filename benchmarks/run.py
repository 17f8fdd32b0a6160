"""Runs the cases: every contender on the same corpus, in fresh processes, in alternating order, several times.

    python benchmarks/run.py                          # all cases, 7 repeats; raw results in benchmarks/results
    python benchmarks/run.py --quick                  # small corpora, 2 repeats: whether everything works
    python benchmarks/run.py articles pages --repeats 3
    python benchmarks/run.py --corpus dump.jsonl      # your own JSON Lines: speed, without scores
    python benchmarks/run.py --pin reference          # write the counts that the case's contenders find as the expected ones

It must be run with a Python that has the contenders (`pip install '.[bench]'`); those that are not there are passed over.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cases
import measuring
import scoring
from cases import Absent
from rounds import Round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases import Case, Contender

FORMAT = 1
PINNED = ("dedup_find", "dedup_find_reference", "dedup_clean", "ours", "ours_reference")


def present(case: Case, failed: dict[str, str], only: Sequence[str], pythons: dict[str, str]) -> list[Contender]:
    """The contenders of a case that can run here; of the others it is told why not."""
    found = []
    for name in case.contenders:
        contender = cases.contenders()[name]
        if only and name not in only:
            continue
        lacking = [] if name in pythons else cases.missing(contender)
        if lacking:
            failed[name] = f"not installed: {', '.join(lacking)}"
        else:
            found.append(contender)
    return found


def measure(case: Case, asked: argparse.Namespace) -> dict[str, Any]:
    """Run a case.

    Raises:
        Absent: its corpus is not here.
    """
    corpus = cases.corpus(case, asked.work)
    print(f"{case.name}: {case.why} ({corpus.bytes / 1e6:,.1f} MB)", file=sys.stderr)
    planted = scoring.truth(corpus.truth) if corpus.truth else None
    end = time.monotonic() + 60 * case.minutes
    with tempfile.TemporaryDirectory(prefix="dedup-bench-") as folder:
        turn = Round(case, corpus, planted, Path(folder), dict(asked.python))
        lined = [
            (contender, workers)
            for contender in present(case, turn.failed, asked.contenders, turn.pythons)
            for workers in sorted({min(workers, contender.workers) for workers in case.workers})
        ]
        if case.warm:
            _rounds(turn, lined, 1, end, measured=False)
        done = _rounds(turn, lined, asked.repeats, end)
        scores = {contender.name: turn.scores(contender) for contender, _ in lined if contender.name not in turn.failed}
    turn.runs = [run for run in turn.runs if run["contender"] not in turn.failed]
    return {
        "format": FORMAT,
        "case": case.name,
        "why": case.why,
        "quick": case.quick,
        "corpus": {**_told(case), "bytes": corpus.bytes, "digest": corpus.digest},
        "settings": case.settings,
        "paragraphs": case.paragraphs,
        "machine": measuring.machine(),
        "versions": dict(sorted(turn.versions.items())),
        "rounds": done,
        "titles": {name: cases.contenders()[name].title for name in case.contenders},
        "failed": turn.failed,
        "scores": {name: found for name, found in scores.items() if found},
        "runs": turn.runs,
    }


def _told(case: Case) -> dict[str, Any]:
    """What results say of a corpus: of one's own not where it lies."""
    return {"kind": "own"} if case.corpus["kind"] == "path" else {**case.corpus, "n": case.n}


def _rounds(turn: Round, lined: list[tuple[Contender, int]], repeats: int, end: float, *, measured: bool = True) -> int:
    """Let all have their turn, forwards and backwards; gives how many rounds were run."""
    for number in range(repeats):
        if number and time.monotonic() > end:
            print(f"  no time left after {number} of {repeats} rounds", file=sys.stderr)
            return number
        for contender, workers in lined if number % 2 == 0 else reversed(lined):
            if contender.name in turn.failed:
                continue
            run = turn.once(contender, workers)
            if run is not None and measured:
                turn.runs.append({**run, "round": number})
    return repeats


def pinned(case: Case, asked: argparse.Namespace) -> None:
    """Write what the case's own contenders find into cases.toml."""
    own = [name for name in case.contenders if name in PINNED]
    once = argparse.Namespace(**{**vars(asked), "contenders": own, "repeats": 1})
    found = measure(dataclasses.replace(case, expected={}, warm=False, workers=case.workers[-1:]), once)
    if any(name in own for name in found["failed"]):
        raise SystemExit(f"{case.name} is not pinned")
    counts = {run["contender"]: {name: n for name, n in run["counts"].items() if name in scoring.COUNTS} for run in found["runs"]}
    cases.pin(case.name, {name: of for name, of in counts.items() if of}, quick=case.quick)


def _chosen(asked: argparse.Namespace) -> list[Case]:
    """The cases that are asked for."""
    known = cases.cases(quick=asked.quick)
    if asked.corpus:
        like = known["tehran"]
        return [
            dataclasses.replace(
                like, name=asked.name, why="a corpus of your own", corpus={"kind": "path", "file": str(asked.corpus)}, expected={}
            )
        ]
    unknown = [name for name in asked.cases if name not in known]
    if unknown:
        raise SystemExit(f"no case is called {unknown[0]}; there are: {', '.join(known)}")
    return [known[name] for name in asked.cases or known]


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", help="names of cases (default: all)")
    parser.add_argument("--quick", action="store_true", help="small corpora")
    parser.add_argument("--repeats", type=int, help="rounds (default: 7; quick: 2)")
    parser.add_argument("--minutes", type=float, help="for all cases together: each has its share of it")
    parser.add_argument("--contenders", nargs="+", default=[], help="only these")
    parser.add_argument("--corpus", type=Path, help="JSON Lines of your own, instead of cases")
    parser.add_argument("--name", default="own", help="what its results are called")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "dedup-bench", help="where corpora lie")
    parser.add_argument("--results", type=Path, default=cases.FOLDER / "results", help="folder for the raw results")
    parser.add_argument("--python", action="append", default=[], metavar="CONTENDER=PYTHON", help="an environment of its own")
    parser.add_argument("--pin", action="store_true", help="write the expected counts instead of measuring")
    parser.add_argument("--free", action="store_true", help="delete each generated corpus once its case was run")
    asked = parser.parse_args(arguments)
    asked.repeats = asked.repeats or (2 if asked.quick else 7)
    asked.python = [tuple(item.split("=", 1)) for item in asked.python]
    return asked


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 if a contender of ours failed or found a wrong count."""
    asked = _arguments(arguments)
    wrong = False
    chosen = _chosen(asked)
    limit = asked.minutes or sum(case.minutes for case in chosen)
    scale = limit / sum(case.minutes for case in chosen)
    print(f"{len(chosen)} cases, about {limit:.0f} minutes at most, and the time to make corpora", file=sys.stderr)
    for case in (dataclasses.replace(case, minutes=case.minutes * scale) for case in chosen):
        try:
            if asked.pin:
                pinned(case, asked)
                continue
            result = measure(case, asked)
        except Absent as reason:
            print(f"{case.name}: passed over: {reason}", file=sys.stderr)
            continue
        asked.results.mkdir(parents=True, exist_ok=True)
        told = json.dumps(result, indent=1, ensure_ascii=False)
        (asked.results / f"{case.name}.json").write_text(told + "\n", "utf-8")
        wrong = wrong or any(name in PINNED for name in result["failed"])
        if asked.free and case.corpus["kind"] not in {"file", "path"}:
            _free(case, asked.work)
    return int(wrong)


def _free(case: Case, work: Path) -> None:
    """Delete a corpus that can be made again."""
    corpus = cases.corpus(case, work)
    shutil.rmtree(corpus.path) if corpus.path.is_dir() else corpus.path.unlink()
    if corpus.truth:
        corpus.truth.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
