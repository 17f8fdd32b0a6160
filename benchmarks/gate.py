"""Holds the ratios of the results to their floors.

python benchmarks/gate.py                              # exit status 1 if a ratio falls short of its floor, or a count was wrong
python benchmarks/gate.py --update                     # raise the floors to what is measured, less a margin for noise
python benchmarks/gate.py --update --lower "REASON"    # lower them, too, and keep the reason
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from figures import FLOORS, RESULTS, Results, Unmeasured, ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from figures import Ratio

MARGIN = 0.2  # by which a floor lies below what was measured: the noise of a shared machine


def problems(results: Results, rows: Sequence[Ratio], *, partial: bool = False) -> list[str]:
    """What is wrong with results: counts, failures of ours, small corpora, ratios below their floors; empty if nothing is.

    Args:
        results: raw results.
        rows: the ratios with their floors.
        partial: whether rows that were not measured are let pass.
    """
    found = []
    for name in results.names():
        raw = results.case(name)
        if raw["quick"]:
            found.append(f"{name}: run on a quick corpus, whose times say nothing")
        found.extend(f"{name}: {who}: {why}" for who, why in raw["failed"].items() if not why.startswith("not installed"))
    for row in rows:
        try:
            value = row.value(results).median
        except Unmeasured as reason:
            if not partial:
                found.append(f"{row.name}: {reason}")
            continue
        if row.floor is not None and not row.meets(value, row.floor):
            found.append(f"{row.name}: {value:.3g} is worse than the floor {row.floor:.3g} ({row.what})")
    return found


def told(results: Results, rows: Sequence[Ratio]) -> list[str]:
    """A line a ratio: measured, floor, aim."""
    lines = []
    for row in rows:
        floor = "-" if row.floor is None else f"{row.floor:.3g}"
        try:
            value = row.value(results)
        except Unmeasured as reason:
            lines.append(f"{row.name:18} not measured: {reason}")
            continue
        mark = "" if row.meets(value.median, row.aim) else "   (short of what is asked)"
        lines.append(
            f"{row.name:18} {value.median:8.3g} {value.range('{:.3g}'.format):20}  floor {floor}  aim {row.aim:.3g}{mark}"
        )
    return lines


def update(results: Results, rows: Sequence[Ratio], file: Path, lower: str = "") -> list[str]:
    """Write floors; gives the names of those that were changed.

    Args:
        results: raw results.
        rows: the ratios.
        file: floors.toml.
        lower: why floors may be lowered; without it they are only raised.
    """
    changed = []
    text = file.read_text("utf-8")
    for row in rows:
        try:
            value = row.value(results).median
        except Unmeasured:
            continue
        floor = float(f"{value * (1 - MARGIN if row.better == 'more' else 1 + MARGIN):.3g}")
        if row.floor is not None and not row.meets(floor, row.floor) and not lower:
            continue
        if row.floor == floor:
            continue
        lowered = row.floor is not None and not row.meets(floor, row.floor)
        text = _written(text, row.name, floor, f"from {row.floor:.3g}: {lower}" if lowered else "")
        changed.append(row.name)
    file.write_text(text, "utf-8")
    return changed


def _written(text: str, name: str, floor: float, reason: str) -> str:
    """A table of the file with another floor, and why it was lowered."""
    block = re.search(rf"(?ms)^\[{re.escape(name)}\]\n.*?(?=^\[|\Z)", text)
    if block is None:
        raise KeyError(name)
    body = re.sub(r"(?m)^(floor|lowered) = .*\n", "", block[0]).rstrip("\n")
    quoted = reason.replace("\\", " ").replace('"', "'")
    body += f"\nfloor = {floor:.3g}\n" + (f'lowered = "{quoted}"\n' if reason else "")
    rest = text[block.end() :]
    return text[: block.start()] + body + ("\n" if rest else "") + rest


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", nargs="?", type=Path, default=RESULTS)
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--partial", action="store_true", help="let rows pass that were not measured")
    parser.add_argument("--update", action="store_true", help="raise the floors")
    parser.add_argument("--lower", default="", metavar="REASON", help="with --update: lower them, too")
    asked = parser.parse_args(arguments)
    results, rows = Results(asked.results), ratios(asked.floors)
    if asked.update:
        print("\n".join(update(results, rows, asked.floors, asked.lower)))
        return 0
    print("\n".join(told(results, rows)))
    wrong = problems(results, rows, partial=asked.partial)
    print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
