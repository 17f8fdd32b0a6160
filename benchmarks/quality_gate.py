"""Floors under the figures of `quality.py`: what may not get worse, and on which data."""

from __future__ import annotations

import math
from typing import Any

FORMAT = 1
_NOISE = 1e-9


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
                low = [name for name, least in floor.items() if shares.get(name, -1) < least - _NOISE]
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
                now = {name: math.floor(share * 1000 + _NOISE) / 1000 for name, share in shares.items()}
                merged[how][part] = now if reason else {name: max(share, before.get(name, 0)) for name, share in now.items()}
        sets[title] = {"digest": got["digest"], "records": got["records"], "floors": merged}
    return {"format": FORMAT, "sets": sets, "lowered": lowered}
