"""Measures what the tool's verdicts are worth, against labelled pages and pairs, and holds the figures to their floors.

Every set that is found is given to the command line as a user would give it; its report is scored by the scorers that lie beside
the data. Without data or scorers there is nothing to measure: that is said, and is no failure.

    python benchmarks/quality.py                                  # a table of all sets, clean's defaults
    python benchmarks/quality.py --main --sets pages_mozilla      # one set, whole pages
    python benchmarks/quality.py --quick --main --gate benchmarks/quality_floors.json
    python benchmarks/quality.py --rules --worst 10 --sets pages_dragnet
    python benchmarks/quality.py --defaults                       # other values of the settings, on the tune half
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import quality_defaults
from quality_gate import compare, updated
from quality_measuring import Measured, measure_exact, measure_licence, measure_pages, measure_pairs, measure_planted
from quality_sets import CASES, Case, Unmeasured, is_tuned, pin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from quality_measuring import Figures

COLUMNS = ("precision", "recall", "lost", "f1", "comments", "must_kept", "mustnot_gone", "licence_gone", "line_kept")
"""Of the table; `lost` is what is not `kept`."""


def measured(case: Case, *, main: bool) -> Iterator[tuple[str, Measured]]:
    """The ways in which a set is measured, by name.

    Raises:
        Unmeasured: it cannot be.
    """
    if case.kind == "pairs":
        yield "find", measure_pairs(case)
    elif case.kind == "exact":
        yield "find", measure_exact(case)
    elif case.kind == "planted":
        yield from measure_planted(case)
    elif case.kind == "licence":
        yield "default", measure_licence(case)
    else:
        yield "default", measure_pages(case)
        if case.sites_of:  # what is learned, apart from repeats: the gold has both copies of a repeat as content
            yield "no-repeat", measure_pages(case, "--keep", "repeat")
        if main:
            yield "main", measure_pages(case, "--main")


def show(title: str, how: str, figures: Iterable[Figures]) -> None:
    """Print a set's rows of the table."""
    for row in figures:
        shares = dict(row.shares)
        if "kept" in shares:
            shares["lost"] = 1 - shares["kept"]
        cells = [f"{shares[name]:.3f}" if name in shares else "" for name in COLUMNS]
        numbers = " ".join(f"{cell:>12}" for cell in cells)
        print(f"{title:36} {how:9} {row.part:34} {row.count:>6} {numbers}  {row.note}".rstrip())
    sys.stdout.flush()


def show_rules(found: Measured) -> None:
    """Print how many words of labelled lines each rule took rightly and wrongly."""
    for rule, words in sorted(found.rules.items(), key=lambda item: -item[1]["wrong"]):
        share = words["wrong"] / max(1, words.total())
        print(f"    {rule:24} right {words['right']:>8,} wrong {words['wrong']:>7,} ({share:.1%})")


def show_worst(found: Measured, count: int) -> None:
    """Print the pages that lost most of their content, by id, with the rules that took it."""
    for loss in sorted(found.losses, key=lambda loss: (-loss.lost, loss.page["id"]))[:count]:
        half = "tune" if is_tuned(loss.page) else "check"
        rules = ", ".join(f"{rule} {words:,}" for rule, words in (loss.rules - Counter()).most_common(3))
        print(f"    {loss.page['id']:24.24} {half:5} lost {loss.lost:>6,} of {loss.content:>6,} words: {rules}")


def measure(cases: Iterable[Case], options: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Measure the sets, print their rows, and give the figures to be held: those of all of a set and of its named parts."""
    held: dict[str, dict[str, Any]] = {}
    print(f"{'set':36} {'how':9} {'part':34} {'count':>6} " + " ".join(f"{name:>12}" for name in COLUMNS))
    for case in cases:
        try:
            for how, found in measured(case, main=options.main):
                show(case.title, how, found.figures)
                if options.rules:
                    show_rules(found)
                show_worst(found, options.worst)
                entry = held.setdefault(case.title, {**pin(case), "floors": {}})
                parts = {"all", *(part.name for part in case.parts)}
                entry["floors"][how] = {row.part: row.shares for row in found.figures if row.part in parts}
        except Unmeasured as why:
            print(f"{case.title}: passed over: {why}", file=sys.stderr)
    return held


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line, checked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", metavar="NAME", help="only these sets")
    parser.add_argument("--main", action="store_true", help="measure pages with `clean --main`, too")
    parser.add_argument("--quick", action="store_true", help="only the sets that take seconds")
    parser.add_argument("--rules", action="store_true", help="tell what each rule took of labelled pages, in words")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="tell the N pages that lost most, by id")
    parser.add_argument("--defaults", action="store_true", help="measure other values of the settings instead, on the tune half")
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
    return options


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and compare; 1 when a figure is below its floor or a set is not the one that was pinned."""
    options = options_of(arguments)
    if options.defaults:
        return quality_defaults.main()
    chosen = [case for case in CASES if (not options.sets or case.name in options.sets) and (case.quick or not options.quick)]
    held = measure(chosen, options)
    if not options.gate:
        return 0
    floors = json.loads(options.gate.read_text(encoding="utf-8")) if options.gate.is_file() else {}
    wrong = compare(floors, held)
    if wrong and not options.lower:
        print("\n".join(f"gate: {line}" for line in wrong), file=sys.stderr)
        return 1
    if options.update:
        raised = updated(floors, held, options.lower)
        options.gate.write_text(json.dumps(raised, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    print(f"gate: {len(held)} sets measured, none below its floors" if not wrong else "gate: floors lowered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
