"""Rows of an indicator as figures: by step, by dimension, in total, and the records behind one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .capacity import days_to_threshold
from .grouping import Groups
from .indicator import NAMED, Indicator, Missing, Record, Statistic, Step, Unit, Window
from .period import ONE_DAY, Period, midnight
from .satisfaction import wilson

STEP = "step"
# Fewer cases than this say nothing about the tail (`KPI-23`).
FEWEST = {Statistic.P90: 10, Statistic.P95: 20}
QUANTILES = {Statistic.MEDIAN: 0.5, Statistic.P90: 0.9, Statistic.P95: 0.95}
# Amounts of money are added up as whole hundredths.
HUNDREDTHS = 100
DAY = 86_400
# Longer than this nobody looks ahead along a straight line.
LONGEST_DAYS = 730
# What stands for "none" in a dimension that names records.
NONE = 0


@dataclass(frozen=True)
class Stretch:
    """One step of a period, cut to it: days are local and included, instants half-open."""

    label: str
    first: date
    last: date
    start: datetime
    end: datetime
    is_whole: bool


def stretches(period: Period, step: Step) -> Iterator[Stretch]:
    """The steps of a period in order, labelled `2026-04-01`, `2026-W14` or `2026-04`."""
    first = period.first
    while first <= period.last:
        begins, ends = _bounds(first, step)
        last = min(period.last, ends)
        yield Stretch(
            label=label_of(first, step),
            first=first,
            last=last,
            start=midnight(first, period.zone),
            end=midnight(last + ONE_DAY, period.zone),
            is_whole=first == begins and last == ends,
        )
        first = last + ONE_DAY


def begun(window: Window) -> list[Stretch]:
    """The steps of the period that have begun by now."""
    return [one for one in stretches(window.period, window.step) if one.start < window.now]


def dated(
    rows: pd.DataFrame, column: str, window: Window, until: date | None = None
) -> pd.DataFrame:
    """Rows whose local day in `column` is one of the period, and not after `until`, with the label
    of their step."""
    last = window.period.last if until is None else min(window.period.last, until)
    found = rows[rows[column].between(pd.Timestamp(window.period.first), pd.Timestamp(last))]
    return found.assign(step=labels_of(found[column], window.step))


def labels_of(days: pd.Series, step: Step) -> npt.NDArray[np.object_]:
    """The name of the step of each local day."""
    places, different = pd.factorize(days)
    labels = [label_of(day.date(), step) for day in pd.DatetimeIndex(different)]
    return np.array(labels, object)[places]


def label_of(day: date, step: Step) -> str:
    """The name of the step that a local day belongs to."""
    if step == Step.DAY:
        return day.isoformat()
    if step == Step.MONTH:
        return f"{day:%Y-%m}"
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def _bounds(day: date, step: Step) -> tuple[date, date]:
    if step == Step.DAY:
        return day, day
    if step == Step.WEEK:
        monday = day - day.weekday() * ONE_DAY
        return monday, monday + 6 * ONE_DAY
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - ONE_DAY


def stepped(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The rows with the label of their step, read from the instant `at` where they have none."""
    if STEP in rows:
        return rows
    found = list(stretches(window.period, window.step))
    edges = pd.DatetimeIndex([one.start for one in found] + [found[-1].end])
    place = edges.searchsorted(rows["at"], side="right") - 1
    inside = (place >= 0) & (place < len(found))
    if not inside.all():
        rows, place = rows[inside], place[inside]
    return rows.assign(step=labelled(place, found))


def labelled(places: npt.NDArray[np.intp], steps: Sequence[Stretch]) -> "pd.Categorical[str]":
    """The labels of the steps at these places, as text of few values in the order of steps."""
    return pd.Categorical.from_codes(places, pd.Index([one.label for one in steps]))


def figures(rows: pd.DataFrame, indicator: Indicator, by: Sequence[str] = ()) -> pd.DataFrame:
    """One row per combination of `by`, with `n`, `yes` (SHARE and BALANCE) and `value`; `low` and
    `high` where the indicator has an interval, `provisional` where rows may turn out otherwise,
    `in_currency` of money, `missing` where rows say what is not known.

    A value that cannot be told is missing. Without `by` there is exactly one row.
    """
    kind, groups = indicator.statistic, Groups.of(rows, by)
    table = groups.keys.assign(n=_counted(groups, kind, rows))
    table["value"] = _value(groups, rows, kind, table).astype("float64")
    if kind not in (Statistic.COUNT, Statistic.SUM):
        table["value"] = table["value"].where(table["n"] >= fewest(indicator))
    _tell_missing(table, rows, groups, indicator)
    if indicator.has_interval:
        ends = [wilson(yes, n) for yes, n in zip(table["yes"], table["n"], strict=True)]
        table["low"] = pd.Series([low for low, _high in ends], dtype="float64")
        table["high"] = pd.Series([high for _low, high in ends], dtype="float64")
    if "is_provisional" in rows:
        table["provisional"] = groups.sums(rows["is_provisional"]).astype("int64")
    return table


def _counted(groups: Groups, kind: Statistic, rows: pd.DataFrame) -> Any:
    """How many rows each figure is made of."""
    if kind in QUANTILES or kind in (Statistic.MEAN, Statistic.SUM):
        return groups.counts(rows["value"])
    if kind in (Statistic.RATIO, Statistic.DISTINCT, Statistic.TREND, Statistic.BALANCE):
        return groups.counts(rows["record"])
    return groups.sizes()


def _tell_missing(
    table: pd.DataFrame, rows: pd.DataFrame, groups: Groups, indicator: Indicator
) -> None:
    """Take away the values of which something is not known, and say what; money gets its
    currency."""
    if "missing" in rows:
        table["missing"] = groups.largest(rows["missing"])
    if indicator.statistic == Statistic.TREND:
        is_flat = (table["missing"] == "") & table["value"].isna()
        table["missing"] = table["missing"].mask(is_flat, str(Missing.TREND))
    if indicator.unit == Unit.MONEY:
        several = groups.distinct(rows["currency"]) > 1
        found = pd.Series(groups.largest(rows["currency"]), table.index)
        table["in_currency"] = found.mask(several, "")
        known = table["missing"] if "missing" in table else pd.Series("", table.index)
        table["missing"] = known.mask(several & (known == ""), str(Missing.CURRENCIES))
        table["value"] = table["value"] / HUNDREDTHS
    if "missing" in table:
        table["value"] = table["value"].where(table["missing"] == "")


def why_untold(indicator: Indicator, n: int | None, window: Window) -> str:
    """Why there is no value: the period is yet to come (`future`), there are too `few` cases, or
    there is `nothing` to count. `n` None: so few people that not even their number is told."""
    if window.start >= window.now:
        return "future"
    return "few" if n is None or 0 < n < fewest(indicator) else "nothing"


def fewest(indicator: Indicator) -> int:
    """With fewer cases than this there is no value."""
    return max(indicator.fewest, FEWEST.get(indicator.statistic, 0))


def _value(groups: Groups, rows: pd.DataFrame, kind: Statistic, table: pd.DataFrame) -> pd.Series:
    n: pd.Series = table["n"]
    found: Any
    if kind == Statistic.COUNT:
        return n
    if kind in QUANTILES:
        found = groups.quantiles(rows["value"], QUANTILES[kind])
    elif kind == Statistic.SUM:
        found = groups.sums(rows["value"])
    elif kind == Statistic.MEAN:
        found = groups.sums(rows["value"]) / n.where(n != 0)
    elif kind in (Statistic.RATIO, Statistic.DISTINCT):
        count = groups.sums if kind == Statistic.RATIO else groups.distinct
        whole = pd.Series(count(rows["whole"]), table.index)
        found = count(rows["part"]) / whole.where(whole != 0)
    elif kind == Statistic.TREND:
        found = [_seconds_to_full(rows[groups.codes == place]) for place in range(len(table))]
    else:
        table["yes"] = groups.sums(rows["yes"]).astype("int64")
        found = table["yes"] / n.where(n != 0)
        if kind == Statistic.BALANCE:
            found = 100 * (table["yes"] - groups.sums(rows["no"])) / n.where(n != 0)
    return pd.Series(found, table.index)


def _seconds_to_full(rows: pd.DataFrame) -> float:
    """Until the trend of the weekly shares comes to 1; missing when it does not in two years."""
    weekly = rows.groupby("week")[["part", "whole"]].sum()
    weekly = weekly[weekly["whole"] > 0]
    days = days_to_threshold((weekly["part"] / weekly["whole"]).tolist(), 1.0)
    return float("nan") if days is None or days > LONGEST_DAYS else days * DAY


def narrowed(rows: pd.DataFrame, point: Mapping[str, Any]) -> pd.DataFrame:
    """The rows that a point counts: for each dimension its key, `NONE` for none."""
    wanted = pd.Series(data=True, index=rows.index)
    for name, key in point.items():
        column = rows[name]
        if name not in NAMED:
            # A code may be a number, and comes as text out of an address; empty stands for none.
            wanted &= column.astype("string").fillna("") == str(key)
        else:
            same = column.isna() if key == NONE else column.eq(key).fillna(value=False)
            wanted &= same.astype(bool)
    return rows[wanted]


def records(rows: pd.DataFrame, indicator: Indicator) -> list[int]:
    """The primary keys of the records that are counted, in the order of the rows."""
    if indicator.record == Record.NONE:
        return []
    counted = rows
    if "value" in rows and indicator.statistic not in (Statistic.COUNT, Statistic.SHARE):
        counted = rows[rows["value"].notna()]
    return [int(key) for key in counted["record"].dropna()]
