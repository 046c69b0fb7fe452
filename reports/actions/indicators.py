"""Indicators of a period as plain rows, for the command line and for other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.metrics.indicator import Indicator, Step
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer

from .boarding import desk_of, frames_of
from .boards import BoardScope
from .reading import Scope

STEP = "step"
DIGITS = 6
# A person's figures are for that person and the lead, whom a table does not know (`KPI-25`).
UNOFFERED = ("agent",)


@dataclass(frozen=True)
class Asked:
    """Which indicators, by which dimension, or by `step`; no key: all of them."""

    scope: Scope
    keys: tuple[str, ...] = ()
    by: str = STEP
    step: Step = Step.MONTH

    @property
    def indicators(self) -> list[Indicator]:
        return [INDICATORS[key] for key in self.keys or INDICATORS]


def dimensions() -> list[str]:
    """What figures can be told by."""
    found = [STEP, *(name for one in INDICATORS.values() for name in one.dimensions)]
    return [name for name in dict.fromkeys(found) if name not in UNOFFERED]


def indicator_figures(asked: Asked, *, now: datetime) -> dict[str, dict[str, Any]]:
    """For each indicator its `total` and its `points`, None where there is nothing to tell, with
    the reason in `why`. Values have 6 decimals; durations are seconds."""
    # As a dashboard reads them: what figures of one team ask of the whole desk is the same there.
    scope = BoardScope(
        asked.scope.period,
        asked.step,
        teams=frozenset([asked.scope.team_id]) if asked.scope.team_id else None,
        organization=asked.scope.organization_id,
    )
    desk = desk_of(scope, scope.period, frames_of(scope, now), {})
    return {one.key: _figures(one, asked.by, desk) for one in asked.indicators}


def _figures(indicator: Indicator, by: str, desk: Desk) -> dict[str, Any]:
    series = answer(Tile(indicator.key, (indicator.key,), by=by), desk)["series"][0]
    told = {
        "reference": indicator.reference,
        "statistic": str(indicator.statistic),
        "unit": str(indicator.unit),
        "is_cost": indicator.is_cost,
        "by": by,
    }
    if not series["told"]:
        # It has not the dimension by which it is asked or narrowed.
        return told | {"total": {"n": None, "value": None, "why": series["why"]}, "points": []}
    points = [
        {"key": point["keys"][0], "name": point["names"][0], **_rounded(point)}
        for point in series["points"]
    ]
    return told | {"total": _rounded(series["total"]), "points": points, "more": series["more"]}


def _rounded(point: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in point.items()
        if name not in ("keys", "names")
    }
