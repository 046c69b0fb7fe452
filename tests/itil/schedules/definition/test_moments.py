"""When a rule comes due: days, clocks that change, days off, and that nothing comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from itil.calendars.hours.definition import schedule_from
from itil.schedules.definition import OffDays, following, upcoming
from tests.itil.schedules.world import timing

NEW_YEAR = datetime(2025, 12, 31, 22, tzinfo=UTC)
OFFICE = schedule_from(
    {
        "timezone": "Europe/Berlin",
        "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-05-29", "2026-12-25"],
    }
)


def days_of(found, zone="Europe/Berlin"):
    return [f"{moment.astimezone(ZoneInfo(zone)):%m-%d}" for moment in found]


def walls_of(found, zone="Europe/Berlin"):
    return [f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for moment in found]


def test_eight_o_clock_stays_eight_o_clock_when_summer_begins_and_ends():
    weekly = timing("FREQ=WEEKLY;BYDAY=SU", first_on=date(2026, 3, 22))
    found = upcoming(weekly, NEW_YEAR, 2)
    assert found == [
        datetime(2026, 3, 22, 7, tzinfo=UTC),
        datetime(2026, 3, 29, 6, tzinfo=UTC),
    ]

    found = upcoming(weekly, datetime(2026, 10, 18, tzinfo=UTC), 2)
    assert found == [
        datetime(2026, 10, 18, 6, tzinfo=UTC),
        datetime(2026, 10, 25, 7, tzinfo=UTC),
    ]


def test_a_time_that_the_clocks_skip_is_the_next_that_there_is():
    daily = timing("FREQ=DAILY", at=time(2, 30))
    found = upcoming(daily, datetime(2026, 3, 28, 12, tzinfo=UTC), 2)
    assert found[0] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert walls_of(found) == ["03-29 03:00", "03-30 02:30"]


def test_a_time_that_the_clocks_repeat_counts_once_the_first_time():
    daily = timing("FREQ=DAILY", at=time(2, 30))
    found = upcoming(daily, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert found == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_a_day_that_a_zone_left_out_is_not_opened_twice():
    # Samoa went from 29 to 31 December 2011.
    daily = timing("FREQ=DAILY", first_on=date(2011, 12, 29), at=time(0), zone="Pacific/Apia")
    found = upcoming(daily, datetime(2011, 12, 1, tzinfo=UTC), 3)
    assert days_of(found, "Pacific/Apia") == ["12-29", "12-31", "01-01"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["01-31", "03-31", "05-31", "07-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["01-31", "02-28", "03-31", "04-30"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["01-30", "02-27", "03-27", "04-24"]),
        ("FREQ=MONTHLY;BYDAY=2TU", ["01-13", "02-10", "03-10", "04-14"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["01-30", "02-27", "03-31", "04-30"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", ["01-01", "04-01", "07-01", "10-01"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", ["01-02", "01-12", "01-16", "01-26"]),
        ("FREQ=DAILY;INTERVAL=10", ["01-01", "01-11", "01-21", "01-31"]),
        ("FREQ=YEARLY;BYMONTH=6;BYDAY=1MO", ["06-01", "06-07", "06-05", "06-04"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["02-29", "02-29"]),
    ],
)
def test_days_of_months_weeks_and_years(rule, days):
    assert days_of(islice(following(timing(rule), NEW_YEAR), len(days))) == days


def test_it_begins_with_its_first_date_and_ends_with_its_last_one():
    weekly = timing("FREQ=WEEKLY;BYDAY=TU", first_on=date(2026, 3, 4), ends_on=date(2026, 3, 17))
    assert days_of(following(weekly, NEW_YEAR)) == ["03-10", "03-17"]
    assert list(following(weekly, datetime(2026, 3, 17, 7, tzinfo=UTC))) == []


def test_a_moment_that_has_come_is_no_longer_to_come():
    daily = timing("FREQ=DAILY")
    assert next(following(daily, datetime(2026, 3, 3, 7, tzinfo=UTC))).day == 4
    assert next(following(daily, datetime(2026, 3, 3, 6, 59, 59, tzinfo=UTC))).day == 3


@pytest.mark.parametrize(
    ("off_days", "days"),
    [
        # Good for a restore test on the last Friday; that of May is a holiday.
        (OffDays.OPEN, ["04-24", "05-29", "06-26"]),
        (OffDays.NEXT, ["04-24", "06-01", "06-26"]),
        (OffDays.SKIP, ["04-24", "06-26", "07-31"]),
    ],
)
def test_days_off_are_kept_moved_or_left_out(off_days, days):
    monthly = timing("FREQ=MONTHLY;BYDAY=-1FR", off_days=off_days, hours=OFFICE)
    assert days_of(upcoming(monthly, datetime(2026, 4, 1, tzinfo=UTC), 3)) == days


def test_a_day_that_was_moved_is_found_though_its_own_date_is_past():
    monthly = timing("FREQ=MONTHLY;BYDAY=-1FR", off_days=OffDays.NEXT, hours=OFFICE)
    on_sunday = datetime(2026, 5, 31, 12, tzinfo=UTC)
    assert days_of(upcoming(monthly, on_sunday, 1)) == ["06-01"]


def test_two_dates_moved_to_one_day_are_one():
    daily = timing("FREQ=DAILY", first_on=date(2026, 3, 6), off_days=OffDays.NEXT, hours=OFFICE)
    assert days_of(upcoming(daily, NEW_YEAR, 3)) == ["03-06", "03-09", "03-10"]


def test_with_no_working_day_at_all_nothing_comes():
    closed = schedule_from({"timezone": "Europe/Berlin", "weekly": {}})
    for off_days in (OffDays.NEXT, OffDays.SKIP):
        none = timing("FREQ=MONTHLY;BYMONTHDAY=1", off_days=off_days, hours=closed)
        assert list(following(none, NEW_YEAR)) == []


WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True
).map(",".join)
EVERY = st.integers(1, 5)
RULES = st.one_of(
    EVERY.map(lambda n: f"FREQ=DAILY;INTERVAL={n}"),
    st.tuples(EVERY, WEEKDAYS).map(lambda got: "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format(*got)),
    st.tuples(EVERY, st.sampled_from([1, 15, 29, 30, 31, -1, -2])).map(
        lambda got: "FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format(*got)
    ),
    st.tuples(EVERY, st.sampled_from([1, 2, 4, 5, -1]), st.sampled_from(["MO", "FR", "SU"])).map(
        lambda got: "FREQ=MONTHLY;INTERVAL={};BYDAY={}{}".format(*got)
    ),
    st.sampled_from([2, 6, 12]).map(lambda month: f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY=-1"),
)
TIMINGS = st.builds(
    timing,
    RULES,
    first_on=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    at=st.sampled_from([time(0), time(2, 30), time(8), time(23, 59)]),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]),
    off_days=st.sampled_from(list(OffDays)),
    hours=st.just(OFFICE),
)
INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(TIMINGS, INSTANTS)
@example(timing("FREQ=DAILY", at=time(2, 30)), datetime(2026, 3, 28, tzinfo=UTC))
@settings(max_examples=80)
def test_moments_come_strictly_one_after_the_other(rule, after):
    found = upcoming(rule, after, 12)

    assert all(one < other for one, other in zip([after, *found], found, strict=False))
    zone = ZoneInfo(rule.zone)
    assert all(moment.astimezone(zone).date() >= rule.first_on for moment in found)


@given(TIMINGS, INSTANTS, st.integers(1, 5))
@settings(max_examples=60)
def test_the_same_moments_come_however_many_are_asked_for_at_once(rule, after, batch):
    whole = upcoming(rule, after, 10)

    pieces = []
    while len(pieces) < 10:
        piece = upcoming(rule, pieces[-1] if pieces else after, batch)
        if not piece:
            break
        pieces += piece

    # Piece by piece one looks further ahead than ten years.
    assert pieces[: len(whole)] == whole


@given(TIMINGS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=90)))
@settings(max_examples=60)
def test_wherever_one_begins_the_same_moments_follow(rule, after, later):
    whole = [moment for moment in upcoming(rule, after, 40) if moment > after + later]

    found = upcoming(rule, after + later, len(whole))

    assert found == whole


@given(TIMINGS, INSTANTS)
@settings(max_examples=60)
def test_on_days_off_nothing_is_opened_unless_it_is_wanted(rule, after):
    zone = ZoneInfo(rule.zone)
    days = [moment.astimezone(zone).date() for moment in upcoming(rule, after, 12)]

    if rule.off_days != OffDays.OPEN:
        assert all(day.weekday() < 5 for day in days)
        assert {date(2026, 5, 29), date(2026, 12, 25)}.isdisjoint(days)
