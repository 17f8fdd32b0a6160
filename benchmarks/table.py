"""Tables of the results, in Markdown: for the README (by cog) and for reading.

python benchmarks/table.py              # the ratios, and each case
python benchmarks/table.py articles     # one case
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from figures import Figure, Results, Unmeasured, ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from figures import Ratio


def machine(results: Results) -> str:
    """On what, and with which versions, the results were made; "" without any."""
    names = results.names()
    if not names:
        return ""
    raws = [results.case(name) for name in names]
    here = raws[0]["machine"]
    versions: dict[str, str] = {}
    for raw in raws:
        versions |= raw["versions"]
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return (
        f"{here['cores']} cores of {here['cpu']}, {here['memory_gib']} GiB, {here['system']}, Python {here['python']}; {listed}."
    )


def of_ratios(results: Results, rows: Sequence[Ratio] | None = None) -> str:
    """A table of the ratios that were measured: what, how much (of several rounds also the range), what was asked for."""
    lines = []
    for row in ratios() if rows is None else rows:
        try:
            value = row.value(results)
        except Unmeasured:
            continue
        sign = "≥" if row.better == "more" else "≤"
        mark = "" if row.meets(value.median, row.aim) else " ✗"
        lines.append(f"| {row.what} | **{_plain(value.median)}**{mark}{value.range(_plain)} | {sign} {_plain(row.aim)} |\n")
    return "\n| what | measured | asked for |\n| --- | --- | --- |\n" + "".join(lines) + "\n" if lines else ""


def of_case(results: Results, name: str) -> str:
    """A table of one case: a row a contender and number of workers, fastest first; who failed has a reason in place of times.

    Raises:
        Unmeasured: the case was not run.
    """
    raw = results.case(name)
    timed = "phases.sign" if raw["paragraphs"] else "wall"
    rows = []
    for contender, workers in sorted({(run["contender"], run["workers"]) for run in raw["runs"]}):
        time = results.figure(name, contender, workers, timed)
        rows.append((time.median, _row(results, raw, (contender, workers), time)))
    lines = [line for _, line in sorted(rows)]
    lines.extend(f"| {raw['titles'].get(who, who)} | | {why} | | | | | |\n" for who, why in raw["failed"].items())
    size = raw["corpus"]["bytes"] / 1e6
    columns = ("who", "workers", "seconds", "MB/s", "CPU s", "memory", "recall", "precision")
    head = f"| {' | '.join(columns)} |\n| --- |{' --: |' * (len(columns) - 1)}\n"
    rounds = f"{raw['rounds']} {'round' if raw['rounds'] == 1 else 'rounds'}"
    return f"\n{raw['why'][:1].upper() + raw['why'][1:]}: {size:,.1f} MB, {rounds}.\n\n{head}{''.join(lines)}\n"


def _row(results: Results, raw: dict[str, Any], who: tuple[str, int], time: Figure) -> str:
    contender, workers = who
    name = raw["case"]
    cpu = results.figure(name, contender, workers, "cpu").median
    peak = results.figure(name, contender, workers, "peak").median
    score = raw["scores"].get(contender, {})
    shares = [score.get("recall", score.get("line_recall")), score.get("precision", score.get("line_precision"))]
    told = ["" if share is None else f"{share:.3f}" for share in shares]
    seconds = f"{time.median:.3g}{time.range(_plain)}"
    speed = raw["corpus"]["bytes"] / 1e6 / time.median
    title = raw["titles"].get(contender, contender)
    return f"| {title} | {workers} | {seconds} | {_plain(speed)} | {cpu:.3g} | {_memory(peak)} | {told[0]} | {told[1]} |\n"


def _memory(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def _plain(value: float) -> str:
    """Three digits, without exponents."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def everything(results: Results, names: Sequence[str]) -> str:
    """The ratios and all cases, or the cases that are named."""
    parts = [] if names else [machine(results), of_ratios(results)]
    parts.extend(f"\n## {name}\n{of_case(results, name)}" for name in names or results.names())
    return "\n".join(parts)


if __name__ == "__main__":
    print(everything(Results(), sys.argv[1:]))
