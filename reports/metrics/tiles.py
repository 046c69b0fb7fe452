"""What a tile of a dashboard is answered, as plain data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import permutations
from typing import Any

import pandas as pd

from .computing import NONE, STEP, figures, narrowed, records, stepped, stretches, why_untold
from .indicator import NAMED, Frames, Indicator, Statistic, Window
from .registry import INDICATORS
from .suppressing import is_of_people, suppressed
from .tile import Tile

# The most points of a dimension that a tile keeps; the rest is told as a number of points.
MOST_POINTS = 200
# The dimension that tells people of the desk apart.
AGENT = "agent"


@dataclass
class Desk:
    """One reading of the desk: frames, and the rows that indicators made of them, made once.

    `teams` narrows to what belongs to one of them, each indicator in its own sense; `people` to
    what these did, where figures are told by person (`KPI-25`). None narrows nothing. `asked` are
    the dimensions by which the frames are narrowed already.
    """

    frames: Frames
    window: Window
    teams: frozenset[int] | None = None
    people: frozenset[int] | None = None
    asked: frozenset[str] = frozenset()
    made: dict[str, pd.DataFrame] = field(default_factory=dict)

    def rows(self, indicator: Indicator, dimensions: Iterable[str] = ()) -> pd.DataFrame:
        """The rows of `indicator` inside the period, with their step.

        `dimensions` are those by which they will be told. A level that is not followed over time
        has those of the last step only.
        """
        is_followed = not indicator.is_level or STEP in dimensions
        window = self.window if is_followed else self.last_step
        # Indicators that count the same rows in another way share them.
        key = f"{indicator.rows.__module__}.{indicator.rows.__qualname__} {is_followed}"
        if key not in self.made:
            rows = self.frames.spread(partial(rows_of, made=indicator.rows, window=window))
            if self.teams is not None and "team" in rows:
                rows = rows[rows["team"].isin(self.teams) | _are_reasons(rows)]
            self.made[key] = rows
        rows = self.made[key]
        if self.people is not None and AGENT in dimensions:
            rows = rows[rows[AGENT].isin(self.people)]
        return rows

    def expect(self, indicators: Iterable[Indicator]) -> None:
        """Say which are asked for next, so that what their rows are made of comes at once."""
        functions = {
            one.rows: partial(rows_of, made=one.rows, window=self.window) for one in indicators
        }
        self.frames.expect(functions)

    @property
    def last_step(self) -> Window:
        """The end of the period, at which levels are told."""
        last = list(stretches(self.window.period, self.window.step))[-1]
        return replace(self.window, period=replace(self.window.period, first=last.first))

    def untold(self, indicator: Indicator, dimensions: Iterable[str] = ()) -> str:
        """Why there is no such figure: the dimension it has not, by which it is asked or narrowed;
        empty when it is told."""
        known = {STEP, *indicator.dimensions}
        wanted = [*dimensions, *sorted(self.asked), *(["team"] if self.teams is not None else [])]
        return next((name for name in wanted if name not in known), "")


def _are_reasons(rows: pd.DataFrame) -> pd.Series:
    """Which rows say of the whole desk why something is not known. They are no team's, and true of
    each."""
    if "missing" not in rows:
        return pd.Series(data=False, index=rows.index)
    return rows["missing"].fillna("").ne("") & rows["record"].isna() & rows["team"].isna()


def rows_of(
    frames: Frames, made: Callable[[Frames, Window], pd.DataFrame], window: Window
) -> pd.DataFrame:
    """The rows of an indicator that belong to a step, by a name that other machines can import."""
    return stepped(made(frames, window), window)


def answer(tile: Tile, desk: Desk, before: Desk | None = None) -> dict[str, Any]:
    """The points and totals of a tile, as JSON takes them: None where there is nothing to tell, of
    a total with the reason in `why`.

    `before` is the desk of the period to compare with, of which only totals are told.
    """
    return {
        "steps": [
            {"key": one.label, "first": one.first.isoformat(), "last": one.last.isoformat(),
             "is_whole": one.is_whole and one.end <= desk.window.now,
             "is_over": one.end <= desk.window.now}
            for one in stretches(desk.window.period, desk.window.step)
        ],
        "series": [_series(INDICATORS[key], tile, desk, before) for key in tile.indicators],
    }  # fmt: skip


def behind(key: str, point: Mapping[str, Any], desk: Desk) -> list[int]:
    """The primary keys of the records that a point of an indicator counts; `{}` is its total."""
    indicator = INDICATORS[key]
    if desk.untold(indicator, point):
        return []
    return records(narrowed(desk.rows(indicator, point), point), indicator)


def is_hidden(key: str, point: Mapping[str, Any], desk: Desk) -> bool:
    """Whether dashboards do not tell this point, for it or another would tell of a few people. Of
    as small points the first is hidden, so a table by the same dimensions in any order counts."""
    indicator = INDICATORS[key]
    if not is_of_people(indicator) or desk.untold(indicator, point):
        return False
    rows = desk.rows(indicator, point)
    for dimensions in permutations(point):
        wanted = [str(point[name]) for name in dimensions]
        for one in suppressed(_points(figures(rows, indicator, dimensions), dimensions, {})):
            if one.get("few") and [str(part) for part in one.get("keys", ())] == wanted:
                return True
    return False


def _series(
    indicator: Indicator, tile: Tile, desk: Desk, before: Desk | None
) -> dict[str, Any]:  # fmt: skip
    dimensions = tile.dimensions
    why = desk.untold(indicator, dimensions)
    if why:
        untold = {"told": False, "why": why, "points": [], "total": None}
        return {"indicator": indicator.key, **untold}
    rows = desk.rows(indicator, dimensions)
    found: dict[str, Any] = {"indicator": indicator.key, "told": True, "points": [], "more": 0}
    if dimensions:
        table = figures(rows, indicator, dimensions)
        if tile.by != STEP:
            table = table.sort_values(_size(indicator), ascending=False, kind="stable")
        points = _points(table, dimensions, _names(rows, tile))
        points = suppressed(points) if is_of_people(indicator) else points
        # Every day of a year is told; of a dimension the largest parts.
        most = len(points) if tile.by == STEP else MOST_POINTS
        found |= {"points": points[:most], "more": max(0, len(points) - most)}
    found["total"] = _total(indicator, desk, dimensions)
    if before is not None:
        found["before"] = _total(indicator, before, dimensions)
    return found


def _size(indicator: Indicator) -> str:
    """The column that says which part is the largest: of what adds up the sum, else the cases."""
    return "value" if indicator.statistic == Statistic.SUM else "n"


def _total(indicator: Indicator, desk: Desk, dimensions: Sequence[str]) -> dict[str, Any]:
    # Of a level, at the end of the period.
    rows = desk.rows(indicator, [name for name in dimensions if name != STEP])
    totals = _points(figures(rows, indicator), (), {})
    total = (suppressed(totals) if is_of_people(indicator) else totals)[0]
    if desk.window.start >= desk.window.now:
        # Nothing happened yet, which is not the same as none.
        total["value"] = None
    if total["value"] is None and ("why" not in total or desk.window.start >= desk.window.now):
        total["why"] = why_untold(indicator, total["n"], desk.window)
    return total


def _names(rows: pd.DataFrame, tile: Tile) -> dict[str, dict[Any, str]]:
    """What the keys of named dimensions are called."""
    found: dict[str, dict[Any, str]] = {}
    for name in (name for name in tile.dimensions if name in NAMED):
        firsts = rows[[name, f"{name}_name"]][~rows[name].duplicated()].dropna()
        found[name] = dict(firsts.itertuples(index=False))
    return found


def _points(
    table: pd.DataFrame, dimensions: Sequence[str], names: Mapping[str, Mapping[Any, str]]
) -> list[dict[str, Any]]:
    points = []
    for row in table.to_dict("records"):
        point: dict[str, Any] = {
            "n": int(row["n"]),
            "value": None if pd.isna(row["value"]) else float(row["value"]),
        }
        point |= {name: int(row[name]) for name in ("yes", "provisional") if name in row}
        if row.get("missing"):
            point["why"] = row["missing"]
        if row.get("in_currency"):
            point["currency"] = row["in_currency"]
        for name in ("low", "high"):
            if name in row:
                point[name] = None if pd.isna(row[name]) else float(row[name])
        keys, labels = [], []
        for name in dimensions:
            key = row[name]
            if pd.isna(key):
                key = NONE if name in NAMED else ""
            elif not isinstance(key, str):
                key = int(key)
            keys.append(key)
            labels.append(names[name].get(key, "") if name in names else "")
        if dimensions:
            point |= {"keys": keys, "names": labels}
        points.append(point)
    return points
