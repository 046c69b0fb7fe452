"""All openings of some whole years, sorted and with running totals; widened as needed."""

from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from .built import Span, Table
from .days import merged, openings_of, spans_on
from .schedule import NeverOpenError, Schedule
from .walltime import DAY, EPOCH, SECOND, moment_of, year_start

# Time enough for every ticket; what lies outside is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1800, 2400

_EPOCH_DAY = EPOCH.date()
_SECONDS_A_DAY = 86_400
# Zones are up to 14 h off UTC and shifts run over midnight.
_MARGIN_DAYS = 3


def table_for(schedule: Schedule, low: int, high: int) -> Table:
    """The table that covers the epoch seconds `low` to `high`, widened by whole years.

    NeverOpenError for years that no calendar reaches.
    """
    table = schedule.built.table
    if table is not None and table.first <= low and high <= table.last:
        return table
    if not year_start(FIRST_YEAR) <= low <= high < year_start(LAST_YEAR + 1):
        raise NeverOpenError(f"Openings are known for the years {FIRST_YEAR} to {LAST_YEAR} only.")
    first_year, last_year = moment_of(low).year, moment_of(high).year
    if table is not None:
        first_year, last_year = min(first_year, table.first_year), max(last_year, table.last_year)
    table = _build(schedule, first_year, last_year)
    schedule.built.table = table
    return table


def widened(schedule: Schedule, table: Table) -> Table:
    """The table with later years; NeverOpenError when they hold no opening either."""
    years = max(2, table.last_year - table.first_year)
    last_year = min(table.last_year + years, LAST_YEAR)
    wider = table_for(schedule, table.first, year_start(last_year))
    if wider is table:
        raise NeverOpenError(f"The schedule in {schedule.zone} opens too little until {LAST_YEAR}.")
    if not wider.ends or wider.ends[-1] <= table.last:
        raise NeverOpenError(f"The schedule in {schedule.zone} does not open again.")
    return wider


def _build(schedule: Schedule, first_year: int, last_year: int) -> Table:
    margin = timedelta(days=_MARGIN_DAYS)
    days = _openings_by_date(
        schedule, date(first_year, 1, 1) - margin, date(last_year, 12, 31) + margin
    )
    spans = merged(span for openings in days.values() for span in openings)
    totals_after = list(accumulate(end - start for start, end in spans))
    return Table(
        first_year=first_year,
        last_year=last_year,
        first=year_start(first_year),
        last=year_start(last_year + 1),
        starts=[start for start, _end in spans],
        ends=[end for _start, end in spans],
        totals=[0, *totals_after][:-1],
        totals_after=totals_after,
        working_days=list(days),
        openings=list(days.values()),
    )


def _openings_by_date(schedule: Schedule, first: date, last: date) -> dict[date, list[Span]]:
    """The openings anchored at the dates `first` to `last` as epoch seconds; closed dates left out.

    An opening lies between the UTC midnights before its date and three days later. Where the zone
    has one offset at all of them, all edges have it; only around a clock change is each converted
    by itself. No zone changes its clocks and back again within a day.
    """
    zone = ZoneInfo(schedule.zone)
    offsets = _offsets(zone, first - DAY, (last - first).days + 5)
    found: dict[date, list[Span]] = {}
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        offset = offsets[n]
        if offsets[n : n + 5] != [offset] * 5:
            spans = merged(openings_of(schedule, on, zone))
        else:
            midnight = (on - _EPOCH_DAY).days * _SECONDS_A_DAY - offset
            spans = [
                (midnight + 60 * start, midnight + 60 * end)
                for start, end in spans_on(schedule, on)
            ]
        if spans:
            found[on] = spans
    return found


def _offsets(zone: ZoneInfo, first: date, days: int) -> list[int]:
    """The seconds that `zone` is ahead of UTC at the UTC midnights from `first` on."""
    midnight = (first - _EPOCH_DAY).days * _SECONDS_A_DAY
    found = []
    for n in range(days):
        offset = datetime.fromtimestamp(midnight + n * _SECONDS_A_DAY, zone).utcoffset()
        found.append(offset // SECOND if offset is not None else 0)
    return found
