"""Filling stored reports, in a worker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itil.calendars.hours import NeverOpenError
from reports.metrics.indicator import Step
from reports.models import ReportSnapshot

from .answers import NEVER_OPEN
from .boarding import answer_board, catalog, records_behind
from .boards import BOARD, CATALOG, LIST
from .flow import flow_of, tickets_of
from .forecast import forecast_of
from .indicators import Asked, indicator_figures
from .levels import levels
from .questions import Question
from .satisfaction import satisfaction
from .snapshots import (
    CSAT,
    FLOW,
    FLOW_LIST,
    FORECAST,
    KPIS,
    LEVELS,
    WHAT_IF,
    scope_of,
    store,
)
from .what_if import answer


@dataclass(frozen=True)
class Filled:
    """The figures; the list behind them as bytes, or the records with how often each is counted."""

    data: dict[str, Any]
    listed: bytes | None = None
    records: Mapping[int, int] | None = None


def _levels(filters: Mapping[str, Any], now: datetime) -> Filled:
    return Filled(levels(scope_of(filters), now=now))


def _csat(filters: Mapping[str, Any], now: datetime) -> Filled:
    return Filled(satisfaction(scope_of(filters), now=now))


def _flow(filters: Mapping[str, Any], now: datetime) -> Filled:
    return Filled(flow_of(scope_of(filters), filters, now=now))


def _flow_list(filters: Mapping[str, Any], now: datetime) -> Filled:
    data, records = tickets_of(scope_of(filters), filters, now=now)
    return Filled(data, records=records)


def _kpis(filters: Mapping[str, Any], now: datetime) -> Filled:
    asked = Asked(scope_of(filters), by=filters["by"], step=Step(filters["step"]))
    return Filled({"indicators": indicator_figures(asked, now=now)})


def _forecast(filters: Mapping[str, Any], now: datetime) -> Filled:
    return Filled(forecast_of(scope_of(filters), now=now))


def _what_if(filters: Mapping[str, Any], now: datetime) -> Filled:
    try:
        found = answer(Question.of_filters(filters), now=now)
    except NeverOpenError:
        return Filled(NEVER_OPEN, b"")
    return Filled(found.as_data(), found.sides.as_stored())


def _board(filters: Mapping[str, Any], now: datetime) -> Filled:
    return Filled(answer_board(filters, now))


def _list(filters: Mapping[str, Any], now: datetime) -> Filled:
    data, records = records_behind(filters, now)
    return Filled(data, records=records)


def _catalog(_filters: Mapping[str, Any], _now: datetime) -> Filled:
    return Filled(catalog())


REPORTS: dict[str, Callable[[Mapping[str, Any], datetime], Filled]] = {
    LEVELS: _levels,
    WHAT_IF: _what_if,
    CSAT: _csat,
    BOARD: _board,
    LIST: _list,
    CATALOG: _catalog,
    FLOW: _flow,
    FLOW_LIST: _flow_list,
    KPIS: _kpis,
    FORECAST: _forecast,
}


def compute_snapshot(snapshot: ReportSnapshot, *, now: datetime) -> None:
    """Compute and store the figures of `snapshot` as of `now`."""
    filled = REPORTS[snapshot.filters["report"]](snapshot.filters, now)
    store(snapshot, filled.data, filled.listed, filled.records, now=now)
