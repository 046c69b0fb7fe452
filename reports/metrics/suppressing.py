"""Points of so few people that they would tell who they are are not told (`KPI-1`, `VIS-3`)."""

from typing import Any

from .indicator import Indicator, Record

FEWEST_PEOPLE = 5
# Each of them is what one person said or did for themselves.
OF_PEOPLE = frozenset({Record.RATING, Record.CONSULTATION})
UNTOLD = {"n": None, "value": None, "few": True}


def is_of_people(indicator: Indicator) -> bool:
    """Whether each row is what one person said."""
    return indicator.record in OF_PEOPLE


def are_few(n: int) -> bool:
    """Too few to be told apart; none at all tells nothing of anybody."""
    return 0 < n < FEWEST_PEOPLE


def suppressed(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points without the small ones. A single one would follow from the total: the smallest of
    the others is left out with it."""
    few = {place for place, point in enumerate(points) if are_few(point["n"])}
    others = [place for place, point in enumerate(points) if point["n"] >= FEWEST_PEOPLE]
    if len(few) == 1 and others:
        few.add(min(others, key=lambda place: points[place]["n"]))
    return [
        {name: value for name, value in point.items() if name in ("keys", "names")} | UNTOLD
        if place in few
        else point
        for place, point in enumerate(points)
    ]
