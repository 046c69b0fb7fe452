"""Cost, use of working time, and how long what there is will do (`KPI-13`, `KPI-14`, `KPI-20`).

Plain values, without pandas. What cannot be told is None.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

# A trend is not read from fewer weekly points than this.
FEWEST_POINTS = 8
DAYS_A_WEEK = 7


def cost_per_ticket(cost: Decimal, tickets: int) -> Decimal | None:
    """Operating cost of the desk in a month / tickets handled in it, to the cent.

    The cost holds salaries, management, tools, premises and training.
    """
    return (cost / tickets).quantize(Decimal("0.01")) if tickets else None


def utilisation(handling_minutes: int, available_minutes: int) -> Fraction | None:
    """Time spent on contacts and tickets / available working time.

    Leave and holidays are in neither. Not occupancy, which is of the time somebody was signed in.
    """
    return Fraction(handling_minutes, available_minutes) if available_minutes else None


def load(demand_hours: float, available_hours: float) -> float | None:
    """Demand / what is available, of a team and a week; more than 1 cannot be done."""
    return demand_hours / available_hours if available_hours else None


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
