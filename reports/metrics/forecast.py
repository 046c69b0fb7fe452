"""What the next weeks may bring, by the simplest method that was right most often so far.

Series are numbers by full week, the oldest first, without gaps. NumPy only.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
# Fewer full weeks say nothing about the next ones.
FEWEST_WEEKS = 12
YEAR = 52
AHEAD = 8
HELD_OUT_MOST = 26
# The part of the actual values that the interval is to hold.
LEVEL = 0.8


def _mean_of(weeks: int) -> Callable[[Numbers], Numbers]:
    return lambda past: np.full(AHEAD, past[-weeks:].mean())


def _smoothed(alpha: float) -> Callable[[Numbers], Numbers]:
    def ahead(past: Numbers) -> Numbers:
        # The weight of each week is (1 - alpha) that of the one after it; the first has the rest.
        weights = alpha * (1 - alpha) ** np.arange(len(past))[::-1]
        weights[0] = 1 - weights[1:].sum()
        return np.full(AHEAD, float(weights @ past))

    return ahead


def _year_before(past: Numbers) -> Numbers:
    return past[len(past) - YEAR :][:AHEAD]


# Each with the weeks it has to know.
METHODS: Mapping[str, tuple[int, Callable[[Numbers], Numbers]]] = {
    "mean-4": (4, _mean_of(4)),
    "mean-8": (6, _mean_of(8)),
    "mean-13": (6, _mean_of(13)),
    "smoothed-20": (4, _smoothed(0.2)),
    "smoothed-50": (4, _smoothed(0.5)),
    "year-before": (YEAR, _year_before),
}


def forecast(weeks: Sequence[float]) -> dict[str, Any]:
    """The next 8 weeks with an interval that is meant to hold 4 of 5 of them.

    Formula: each method (mean of the last 4, 8 or 13 weeks; exponential smoothing by 0.2 or 0.5;
    the same weeks of the year before, once there are enough) is asked about weeks that are held
    out, from what was known before each of them, up to 8 weeks ahead. Of the older half of the
    held-out weeks the method with the least mean error is taken, and the interval from the 80th
    percentile of its errors; the newer half then tells the error and how many weeks the interval
    really held. The interval shown is made of the errors of both halves.
    Population: full weeks from Monday to Sunday in the zone of the report.
    Edge cases: fewer than 12 full weeks give no forecast; nothing comes out below 0. It knows of no
    holidays and of nothing that has not happened before.
    """
    past = np.asarray(weeks, dtype=np.float64)
    n = len(past)
    if n < FEWEST_WEEKS:
        return {"weeks": n, "points": []}
    held_out = min(HELD_OUT_MOST, n // 2)
    begin, middle = n - held_out, n - held_out // 2
    chosen, older = _best(past, begin, middle)
    newer = _errors(past, chosen, middle, n)
    width = _width(older)
    held = np.abs(newer) <= width
    width = _width(np.concatenate([older, newer]))
    said = METHODS[chosen][1](past)
    return {
        "weeks": n,
        "method": chosen,
        "error": float(np.abs(newer).mean()),
        "covered": float(held.mean()),
        "checked": len(newer),
        "held_out": held_out,
        "points": [
            {"value": float(value), "low": max(0.0, float(value - width)),
             "high": float(value + width)}
            for value in said
        ],
    }  # fmt: skip


def _best(past: Numbers, begin: int, end: int) -> tuple[str, Numbers]:
    """The method with the least mean error on the weeks from `begin` to before `end`."""
    tried = {
        name: _errors(past, name, begin, end)
        for name, (needs, _say) in METHODS.items()
        if begin >= needs
    }
    chosen = min(tried, key=lambda name: float(np.abs(tried[name]).mean()))
    return chosen, tried[chosen]


def _errors(past: Numbers, method: str, begin: int, end: int) -> Numbers:
    """What it said minus what came, asked at every week from `begin` on about those up to `end`."""
    say = METHODS[method][1]
    errors = []
    for known in range(begin, end):
        came = past[known : min(end, known + AHEAD)]
        errors.append(say(past[:known])[: len(came)] - came)
    return np.concatenate(errors)


def _width(errors: Numbers) -> float:
    """Half of the interval: large enough for 4 of 5 of the errors, and the next one."""
    n = len(errors)
    rank = min(n, int(np.ceil((n + 1) * LEVEL)))
    return float(np.sort(np.abs(errors))[rank - 1])
