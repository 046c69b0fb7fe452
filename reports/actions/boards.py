"""What is asked of dashboards and of the lists behind their points. Imports no pandas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.people.models import Membership, User
from reports.metrics.indicator import Step
from reports.metrics.period import Period
from reports.metrics.tile import ChartKind, Tile
from reports.models import ReportSnapshot

from .snapshots import snapshot_of

BOARD, LIST, CATALOG = "board", "list", "catalog"
# The dimension that tells people of the desk apart.
AGENT = "agent"
Key = str | int


class Compare(StrEnum):
    """With which period the totals are compared."""

    BEFORE = "before"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True)
class BoardScope:
    """A period, how it is cut, and whose figures.

    `teams` narrows each figure in its own sense of a team; the other filters, to tickets. None
    narrows nothing.
    """

    period: Period
    step: Step = Step.MONTH
    compare: Compare = Compare.NONE
    teams: frozenset[int] | None = None
    organization: int | None = None
    service: int | None = None
    priority: int | None = None
    kind: str | None = None

    @property
    def before(self) -> Period | None:
        """The period to compare with."""
        if self.compare == Compare.BEFORE:
            return self.period.previous
        if self.compare == Compare.YEAR:
            first, last = _year_before(self.period.first), _year_before(self.period.last)
            return Period(first, last, self.period.zone)
        return None

    def as_filters(self) -> dict[str, Any]:
        """The scope as JSON, the same for the same scope."""
        return {
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "zone": self.period.zone,
            "step": str(self.step),
            "compare": str(self.compare),
            "teams": None if self.teams is None else sorted(self.teams),
            "organization": self.organization,
            "service": self.service,
            "priority": self.priority,
            "kind": self.kind,
        }

    @classmethod
    def of_filters(cls, filters: Mapping[str, Any]) -> "BoardScope":
        """The inverse of `as_filters`."""
        first, last = (date.fromisoformat(filters[name]) for name in ("from", "to"))
        teams = filters["teams"]
        return cls(
            period=Period(first, last, filters["zone"]),
            step=Step(filters["step"]),
            compare=Compare(filters["compare"]),
            teams=None if teams is None else frozenset(teams),
            **{name: filters[name] for name in ("organization", "service", "priority", "kind")},
        )


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True)
class Point:
    """A point of an indicator: its key in each dimension; none of them: the total."""

    indicator: str
    keys: tuple[tuple[str, Key], ...] = ()


def find_board(
    scope: BoardScope, tiles: Sequence[Tile], user: User, *, now: datetime
) -> ReportSnapshot:
    """The stored answers of the tiles; an empty row when nobody has asked yet."""
    asked = scope.as_filters() | {"tiles": [plain_tile(tile) for tile in tiles]}
    asked |= _people(user, (name for tile in tiles for name in tile.dimensions))
    return snapshot_of(BOARD, asked, now=now)


def find_list(scope: BoardScope, point: Point, user: User, *, now: datetime) -> ReportSnapshot:
    """The stored keys of the records behind a point; an empty row when nobody has asked yet."""
    asked = replace(scope, compare=Compare.NONE).as_filters()
    asked |= {"indicator": point.indicator, "point": [list(pair) for pair in point.keys]}
    asked |= _people(user, (name for name, _key in point.keys))
    return snapshot_of(LIST, asked, now=now)


def find_catalog(*, now: datetime) -> ReportSnapshot:
    """What there is to choose from; an empty row when nobody has asked yet."""
    return snapshot_of(CATALOG, {}, now=now)


def plain_tile(tile: Tile) -> dict[str, Any]:
    """A tile as JSON takes it."""
    return {
        "key": tile.key,
        "indicators": list(tile.indicators),
        "by": tile.by,
        "split": tile.split,
        "chart": str(tile.chart),
    }


def tile_of(plain: Mapping[str, Any]) -> Tile:
    """The inverse of `plain_tile`."""
    return Tile(
        key=plain["key"],
        indicators=tuple(plain["indicators"]),
        by=plain["by"],
        split=plain["split"],
        chart=ChartKind(plain["chart"]),
    )


def people_of(user: User) -> frozenset[int]:
    """Whose figures by person this reader may see: the own, and those of the people one leads
    (`KPI-25`)."""
    led = Membership.objects.filter(team_id__in=user.grants.led_team_ids)
    return frozenset({user.pk, *led.values_list("user_id", flat=True)})


def _people(user: User, dimensions: Iterable[str]) -> dict[str, Any]:
    """Asked only when people are told apart, so that other answers are shared."""
    return {"people": sorted(people_of(user))} if AGENT in dimensions else {}
