"""Calendars as nobody would enter them, for the invariants of `SLA-30`."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from itil.calendars.hours import CIVIL_DAY, SHIFT_START_DAY, Schedule, Week

from .calendars import HOUR

# Half an hour of summer time, midnights that do not exist, quarters of hours, a date left out.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Asia/Tokyo",
    "Asia/Tehran",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]
# Apia had no 30 December 2011, Tehran changed its clocks until 2022.
YEARS = [2011, 2019, 2026]
SECOND = timedelta(seconds=1)

spans = st.tuples(st.integers(0, 1439), st.integers(0, 1440))
openings = st.tuples(st.integers(0, 6), spans).map(lambda o: (o[0], *o[1]))
durations = st.integers(1, 300 * HOUR)


def dates(year: int):
    return st.dates(date(year, 1, 1), date(year, 12, 31))


def instants(year: int):
    first = datetime(year, 1, 1, tzinfo=UTC)
    return st.integers(0, 365 * 86_400).map(lambda seconds: first + timedelta(seconds=seconds))


def weeks(year: int):
    rows = st.lists(openings, min_size=1, max_size=10).map(tuple)
    later = st.lists(st.builds(Week, rows, dates(year)), max_size=1)
    return st.tuples(st.builds(Week, rows), later).map(lambda weeks: (weeks[0], *weeks[1]))


def schedules(year: int):
    """Any calendar whose exceptions lie in `year`."""
    dated = st.lists(st.tuples(dates(year), spans).map(lambda d: (d[0], *d[1])), max_size=5)
    return st.builds(
        Schedule,
        zone=st.sampled_from(ZONES),
        weeks=weeks(year),
        holidays=st.frozensets(dates(year), max_size=10),
        half_days=dated.map(tuple),
        closings=dated.map(tuple),
        openings=dated.map(tuple),
        always_open=st.sampled_from([False, False, False, True]),
        holiday_policy=st.sampled_from([SHIFT_START_DAY, CIVIL_DAY]),
    )


@st.composite
def stories(draw, *parts, size=10):
    """A calendar with `size` cases; each part is a strategy, or a function of the year to one."""
    year = draw(st.sampled_from(YEARS))
    case = st.tuples(*(part(year) if callable(part) else part for part in parts))
    return draw(schedules(year)), draw(st.lists(case, min_size=size, max_size=size))
