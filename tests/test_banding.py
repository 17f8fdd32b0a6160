from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import UsageError
from dedup.matching.banding import MOST_ROWS_PER_BAND, Banding, choose

similarities = st.floats(0, 1)
bandings = st.builds(Banding, st.integers(1, 60), st.integers(1, 16))


@given(bandings, similarities, similarities)
def test_the_curve_rises_from_0_to_1(banding: Banding, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert banding.probability(0.0) == 0.0
    assert banding.probability(1.0) == 1.0
    assert banding.probability(low) <= banding.probability(high)
    assert banding.probability(low) + banding.miss(low) == pytest.approx(1.0)


def test_the_curve_is_the_chance_of_drawing_a_band_that_agrees() -> None:
    draw = random.Random(7)  # noqa: S311 - a simulation
    banding, similarity, times = Banding(bands=6, rows=3), 0.55, 20_000
    found = sum(any(all(draw.random() < similarity for _ in range(3)) for _ in range(6)) for _ in range(times))
    assert found / times == pytest.approx(banding.probability(similarity), abs=0.015)  # 4 standard deviations


@given(st.floats(0.05, 1), st.floats(0.01, 0.999), st.integers(1, 300))
def test_what_is_chosen_finds_enough_and_nothing_more_selective_does(threshold: float, recall: float, most: int) -> None:
    def found(bands: int, rows: int) -> bool:
        return bands > 0 and Banding(bands, rows).probability(threshold) >= recall

    possible = [rows for rows in range(1, min(MOST_ROWS_PER_BAND, most) + 1) if found(most // rows, rows)]
    if not possible:
        with pytest.raises(UsageError, match=f"no signature of {most} rows .* raise the threshold or lower the recall"):
            choose(threshold, recall, most)
        return
    chosen = choose(threshold, recall, most)
    assert chosen.rows == max(possible)
    assert found(chosen.bands, chosen.rows)
    assert not found(chosen.bands - 1, chosen.rows)
    assert chosen.permutations == chosen.bands * chosen.rows <= most


def test_the_defaults_of_find() -> None:
    chosen = choose(0.5, 0.99)
    assert chosen == Banding(bands=35, rows=3)
    assert chosen.miss(0.5) == pytest.approx(0.0093, abs=0.0001)


@pytest.mark.parametrize(("threshold", "recall"), [(0.0, 0.9), (1.1, 0.9), (-1, 0.9), (0.5, 1.0), (0.5, 0.0)])
def test_what_cannot_be_is_refused(threshold: float, recall: float) -> None:
    with pytest.raises(UsageError, match="is not above 0"):
        choose(threshold, recall)
