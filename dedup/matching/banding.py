"""How a signature is cut into bands, and what that finds: the arithmetic of MinHash-LSH.

Two sets whose Jaccard similarity is `s` agree on one row of their signatures with probability `s`, on all rows of a
band with `s**rows`, and so share at least one of the bands with `1 - (1 - s**rows)**bands` (Leskovec, Rajaraman,
Ullman: Mining of Massive Datasets, 3.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dedup.errors import UsageError

MOST_ROWS_PER_BAND = 16  # longer bands turn hardly more pairs away (.7**16 = .003) and make signatures longer


@dataclass(frozen=True)
class Banding:
    """`bands` bands of `rows` rows each."""

    bands: int
    rows: int

    @property
    def permutations(self) -> int:
        """How many rows a signature needs."""
        return self.bands * self.rows

    def probability(self, similarity: float) -> float:
        """Returns the probability that two sets of this Jaccard similarity (0 to 1) become a candidate."""
        return 1.0 - self.miss(similarity)

    def miss(self, threshold: float) -> float:
        """Returns the probability that two sets of this Jaccard similarity are not found."""
        return float((1.0 - threshold**self.rows) ** self.bands)


def choose(threshold: float, recall: float, max_rows: int = 256) -> Banding:
    """Chooses the most selective banding that finds pairs at the threshold.

    Of those that find a pair of Jaccard similarity `threshold` with a probability of at least `recall` and need at
    most `max_rows` rows: the one with the most rows per band, for each row more turns unlike pairs away before they
    are verified; then the one with the fewest bands.

    Args:
        threshold: Jaccard similarity, above 0 and at most 1.
        recall: The probability asked for, above 0 and below 1.
        max_rows: The longest signature allowed, at least 1.

    Raises:
        UsageError: If a value is out of range, or no banding finds that much.
    """
    if not 0.0 < threshold <= 1.0:
        raise UsageError(f"threshold {threshold} is not above 0 and at most 1")
    if not 0.0 < recall < 1.0:
        raise UsageError(f"recall {recall} is not above 0 and below 1: no banding finds every pair for certain")
    for rows in range(min(MOST_ROWS_PER_BAND, max_rows), 0, -1):
        bands = _fewest_bands(threshold, recall, rows, max_rows // rows)
        if bands is not None:
            return Banding(bands, rows)
    raise UsageError(
        f"no signature of {max_rows} rows finds pairs at threshold {threshold} with recall {recall}: "
        "raise the threshold or lower the recall"
    )


def _fewest_bands(threshold: float, recall: float, rows: int, most: int) -> int | None:
    """Returns the fewest bands up to `most` that reach the recall; None if `most` do not."""
    if Banding(most, rows).probability(threshold) < recall:
        return None
    agree = threshold**rows
    estimate = 1 if agree == 1.0 else math.log1p(-recall) / math.log1p(-agree)
    bands = min(most, max(1, math.floor(estimate)))
    while Banding(bands, rows).probability(threshold) < recall:  # the estimate is off by one at most, by rounding
        bands += 1
    return bands
