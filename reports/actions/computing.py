"""Filling stored reports, in a worker."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from itil.calendars.hours import NeverOpenError
from reports.models import ReportSnapshot

from .answers import NEVER_OPEN
from .levels import levels
from .overview import overview
from .questions import Question
from .satisfaction import satisfaction
from .snapshots import CSAT, LEVELS, OVERVIEW, WHAT_IF, scope_of, store
from .what_if import answer

# The figures and the list behind them, if there is one.
Filled = tuple[dict[str, Any], bytes | None]


def _overview(filters: Mapping[str, Any], now: datetime) -> Filled:
    return overview(scope_of(filters), now=now), None


def _levels(filters: Mapping[str, Any], now: datetime) -> Filled:
    return levels(scope_of(filters), now=now), None


def _csat(filters: Mapping[str, Any], now: datetime) -> Filled:
    return satisfaction(scope_of(filters), now=now), None


def _what_if(filters: Mapping[str, Any], now: datetime) -> Filled:
    try:
        found = answer(Question.of_filters(filters), now=now)
    except NeverOpenError:
        return NEVER_OPEN, b""
    return found.as_data(), found.sides.as_stored()


REPORTS: dict[str, Callable[[Mapping[str, Any], datetime], Filled]] = {
    OVERVIEW: _overview,
    LEVELS: _levels,
    WHAT_IF: _what_if,
    CSAT: _csat,
}


def compute_snapshot(snapshot: ReportSnapshot, *, now: datetime) -> None:
    """Compute and store the figures of `snapshot` as of `now`."""
    data, listed = REPORTS[snapshot.filters["report"]](snapshot.filters, now)
    store(snapshot, data, listed, now=now)
