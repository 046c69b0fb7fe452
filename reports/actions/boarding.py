"""Answers of dashboards and the records behind their points, in a worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Indicator, Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.suppressing import are_few, is_of_people
from reports.metrics.tiles import Desk, answer, behind, is_hidden

from .boards import BoardScope, tile_of
from .reading import Scope

# What narrows the tickets of a reading, by the dimension of figures that it is.
TICKET_FILTERS = ("organization", "service", "priority", "kind")


def answer_board(filters: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The answers of all tiles, and what there is to know about their indicators."""
    scope = BoardScope.of_filters(filters)
    tiles = [tile_of(plain) for plain in filters["tiles"]]
    tiles = [tile for tile in tiles if all(key in INDICATORS for key in tile.indicators)]
    frames = frames_of(scope, now)
    desk = desk_of(scope, scope.period, frames, filters)
    before = desk_of(scope, scope.before, frames, filters) if scope.before else None
    used = {key for tile in tiles for key in tile.indicators}
    desk.expect(INDICATORS[key] for key in sorted(used))
    return {
        "answers": {tile.key: answer(tile, desk, before) for tile in tiles},
        "indicators": {key: facts(INDICATORS[key]) for key in sorted(used)},
        "confidential": _confidential(scope),
    }


def _confidential(scope: BoardScope) -> int | None:
    """How many confidential tickets came in, where that may be told: of the whole desk, of a team
    or of an organization, for closer filters would tell of single ones (`KPI-1`)."""
    is_close = scope.service or scope.priority or scope.kind or len(scope.teams or ()) > 1
    if is_close or scope.teams == frozenset():
        return None
    team = next(iter(scope.teams), None) if scope.teams else None
    return Scope(scope.period, team, scope.organization).confidential()


def records_behind(
    filters: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], dict[int, int]]:
    """How much a point counts, and the primary keys behind it with how often each is counted.

    No key, and nothing said of the number, where they would tell of a few people: those of the
    point itself, or of another one that would follow from it.
    """
    key = filters["indicator"]
    if key not in INDICATORS:
        return {"indicator": None, "n": 0, "few": False, "records": 0}, {}
    scope, indicator = BoardScope.of_filters(filters), INDICATORS[key]
    desk = desk_of(scope, scope.period, frames_of(scope, now), filters)
    times: dict[int, int] = {}
    point = dict(filters["point"])
    counted = behind(key, point, desk)
    few = is_hidden(key, point, desk) or (is_of_people(indicator) and are_few(len(counted)))
    for record in () if few else counted:
        times[record] = times.get(record, 0) + 1
    n = None if few else len(counted)
    return {"indicator": facts(indicator), "n": n, "few": few, "records": len(times)}, times


def catalog() -> dict[str, Any]:
    """All indicators, in the order in which pages list them."""
    return {"indicators": {key: facts(one) for key, one in INDICATORS.items()}}


def facts(indicator: Indicator) -> dict[str, Any]:
    """What pages say about an indicator."""
    return {
        "reference": indicator.reference,
        "statistic": str(indicator.statistic),
        "unit": str(indicator.unit),
        "record": str(indicator.record),
        "dimensions": list(indicator.dimensions),
        "more_is": indicator.more_is,
        "fewest": indicator.fewest,
        "is_level": indicator.is_level,
        "is_personal": indicator.is_personal,
        "is_cost": indicator.is_cost,
        "how": indicator.how,
    }


def frames_of(scope: BoardScope, now: datetime) -> Frames:
    """The tickets that may be in the period, and in the one it is compared with."""
    first = scope.before or scope.period
    since = min(first.start, scope.period.start)
    selection = Selection(
        before=scope.period.end,
        since=since,
        organizations=_only(scope.organization),
        services=_only(scope.service),
        priorities=_only(scope.priority),
        kinds=_only(scope.kind),
    )
    return Frames.latest(selection, now=now)


def _only(value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def desk_of(scope: BoardScope, period: Period, frames: Frames, filters: Mapping[str, Any]) -> Desk:
    """The desk that a scope is about, in one of its periods."""
    people = filters.get("people")
    return Desk(
        frames,
        Window(period, frames.now, scope.step),
        teams=scope.teams,
        people=None if people is None else frozenset(people),
        asked=frozenset(name for name in TICKET_FILTERS if getattr(scope, name) is not None),
    )
