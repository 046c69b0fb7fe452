"""How long what there is will do (`KPI-20`). Plain values, without pandas."""

from collections.abc import Sequence

# A trend is not read from fewer weekly points than this.
FEWEST_POINTS = 8
DAYS_A_WEEK = 7


def days_to_threshold(weekly: Sequence[float], threshold: float) -> float | None:
    """Days from the last of the weekly points until their linear trend reaches `threshold`; 0 when
    it has. None with fewer than 8 points or a trend that does not rise."""
    n = len(weekly)
    if n < FEWEST_POINTS:
        return None
    middle, mean = (n - 1) / 2, sum(weekly) / n
    spread = sum((week - middle) ** 2 for week in range(n))
    slope = sum((week - middle) * (use - mean) for week, use in enumerate(weekly)) / spread
    if slope <= 0:
        return None
    at_last = mean + slope * (n - 1 - middle)
    return max(0.0, (threshold - at_last) / slope) * DAYS_A_WEEK
