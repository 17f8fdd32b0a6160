"""How many arbitrary examples are tried; see `test_fuzz_inputs.py`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "DEDUP_FUZZ" in os.environ
EXAMPLES = int(os.environ.get("DEDUP_FUZZ", "1700"))


def tried(share: float) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So much of all examples; the same ones each time, but for a long run."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=max(10, int(share * EXAMPLES)),
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # making a failing example smaller takes minutes
        report_multiple_bugs=False,
        suppress_health_check=checks,
    )
