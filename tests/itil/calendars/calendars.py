"""The calendars of the worked examples (domain 4.6)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from itil.calendars.hours import CIVIL_DAY, Schedule, Week

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
TOKYO = ZoneInfo("Asia/Tokyo")
HOUR = 3600
NOON, NIGHT, MORNING = 12 * 60, 22 * 60, 6 * 60

GERMAN_HOLIDAYS = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 10, 3),
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
    }
)
GERMAN_HALF_DAYS = ((date(2026, 12, 24), 0, NOON), (date(2026, 12, 31), 0, NOON))


def week(days, *spans) -> Week:
    """The same spans, in minutes, on every one of `days`."""
    return Week(tuple((day, start, end) for day in days for start, end in spans))


def german(weeks, **changes) -> Schedule:
    return Schedule(
        **{
            "zone": "Europe/Berlin",
            "weeks": weeks,
            "holidays": GERMAN_HOLIDAYS,
            "half_days": GERMAN_HALF_DAYS,
        }
        | changes
    )


OFFICE = (week(range(5), (9 * 60, 17 * 60)),)
NIGHTS = (week(range(5), (NIGHT, MORNING)),)
A = german(OFFICE)
B = german(
    (
        Week(
            week(range(5), (8 * 60, NOON), (13 * 60, 17 * 60)).intervals
            + week((5,), (9 * 60, NOON)).intervals
        ),
    )
)
N = german(NIGHTS)
N_CIVIL = german(NIGHTS, holiday_policy=CIVIL_DAY)
N7 = Schedule("Europe/Berlin", (week(range(7), (NIGHT, MORNING)),))
X = Schedule("Europe/Berlin", always_open=True)
NY = Schedule("America/New_York", (week(range(5), (9 * 60, 17 * 60)),))
TK = Schedule(
    "Asia/Tokyo",
    (week(range(5), (9 * 60, 18 * 60)),),
    holidays=frozenset({date(2026, 4, 29), date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)}),
)
LORD_HOWE = Schedule("Australia/Lord_Howe", always_open=True)
SANTIAGO = Schedule("America/Santiago", always_open=True, holidays=frozenset({date(2026, 9, 6)}))
SUNDAY_MORNING = Schedule("Europe/Berlin", (week((6,), (150, 600)),))


def at(month, day, hour=0, minute=0, *, zone=BERLIN, fold=0, year=2026) -> datetime:
    """A wall time of 2026, in Berlin unless said otherwise."""
    return datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold)
