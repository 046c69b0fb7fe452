"""An entry cut where the contract's hours begin and end (`BIL-4`)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.contracts.hours import Multipliers, segments_of
from itil.calendars.hours import Schedule, Week
from reports.metrics.billable import Rounding, Work, billed_segments

BERLIN = ZoneInfo("Europe/Berlin")
# Monday to Friday 09:00 to 17:00; the Tuesday after Easter is a holiday of this calendar.
OFFICE = Schedule(
    zone="Europe/Berlin",
    weeks=(Week(tuple((day, 9 * 60, 17 * 60) for day in range(5))),),
    holidays=frozenset({date(2026, 4, 7)}),
)
TIMES = Multipliers(
    OFFICE, Decimal("1.5"), Decimal(2), Decimal("1.5"), call_out_activities=frozenset({7})
)


def berlin(text):
    """An instant of March or April 2026, from 'dd.mm hh:mm' on Berlin's wall clock."""
    wall = datetime.strptime(f"2026 {text}", "%Y %d.%m %H:%M").replace(tzinfo=BERLIN)
    return wall.astimezone(UTC)


def cut(start, end, minutes=None, **options):
    start, end = berlin(start), berlin(end)
    minutes = minutes or int((end - start).total_seconds()) // 60
    found = segments_of(minutes, start, end, TIMES, **options)
    return [(part.minutes, part.multiplier, part.reason) for part in found]


def billed(start, end):
    """Billed minutes and multiplier by segment, rounded up to 15 minutes."""
    parts = cut(start, end)
    works = [Work(1, 1, date(2026, 3, 5), part[0], n) for n, part in enumerate(parts)]
    minutes = billed_segments(works, Rounding())
    return [(minutes[1, n], part[1]) for n, part in enumerate(parts)]


def test_b4_work_past_the_end_of_the_hours_is_split_there():
    parts = billed("05.03 16:30", "05.03 18:15")
    assert parts == [(30, 1), (75, Decimal("1.5"))]
    assert [minutes * 100 * factor / 60 for minutes, factor in parts] == [50, Decimal("187.5")]


def test_b5_the_supplement_goes_to_the_longer_segment():
    assert cut("05.03 16:35", "05.03 18:12")[0][0] + cut("05.03 16:35", "05.03 18:12")[1][0] == 97
    assert billed("05.03 16:35", "05.03 18:12") == [(25, 1), (80, Decimal("1.5"))]


def test_b6_an_entry_is_rounded_once_not_each_segment():
    parts = billed("05.03 16:50", "05.03 17:20")
    assert parts == [(10, 1), (20, Decimal("1.5"))]
    assert sum(minutes for minutes, _factor in parts) == 30


def test_work_within_the_hours_is_one_segment():
    assert cut("05.03 09:00", "05.03 17:00") == [(480, 1, "normal")]


def test_a_sunday_costs_the_higher_multiplier_not_the_product():
    assert cut("08.03 10:00", "08.03 11:00") == [(60, 2, "holiday")]


def test_a_holiday_of_the_calendar_costs_as_a_sunday():
    assert cut("07.04 10:00", "07.04 11:00") == [(60, 2, "holiday")]


def test_saturday_night_into_sunday_is_cut_at_midnight():
    assert cut("07.03 23:00", "08.03 00:30") == [
        (60, Decimal("1.5"), "out_of_hours"),
        (30, 2, "holiday"),
    ]


def test_a_call_out_counts_in_normal_hours_and_does_not_stack():
    assert cut("05.03 16:30", "05.03 17:30", activity=7) == [
        (30, Decimal("1.5"), "call_out"),
        (30, Decimal("1.5"), "out_of_hours"),
    ]
    assert cut("08.03 10:00", "08.03 11:00", activity=7) == [(60, 2, "holiday")]


def test_without_times_it_counts_as_normal_hours():
    [part] = segments_of(90, None, None, TIMES)
    assert (part.minutes, part.multiplier, part.reason) == (90, 1, "no_times")


def test_without_hours_in_the_contract_all_hours_are_normal():
    start = berlin("08.03 03:00")
    [part] = segments_of(60, start, start + timedelta(hours=1), Multipliers())
    assert (part.multiplier, part.reason) == (1, "normal")


def test_a_break_shortens_the_segments_by_their_share():
    assert cut("05.03 16:00", "05.03 18:00", minutes=60) == [
        (30, 1, "normal"),
        (30, Decimal("1.5"), "out_of_hours"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("29.03 01:30", "29.03 03:30", 60), ("25.10 01:30", "25.10 03:30", 180)],
)
def test_nights_on_which_the_clock_changes_have_their_real_length(start, end, minutes):
    assert cut(start, end) == [(minutes, 2, "holiday")]


@given(
    st.integers(0, 60 * 24 * 60),
    st.integers(1, 30 * 3600),
    st.integers(1, 1440),
    st.sampled_from([0, 7]),
)
def test_segments_add_up_to_the_entry_and_follow_each_other(after, seconds, minutes, activity):
    start = berlin("01.03 00:00") + timedelta(minutes=after)
    parts = segments_of(
        minutes, start, start + timedelta(seconds=seconds), TIMES, activity=activity
    )
    assert sum(part.minutes for part in parts) == minutes
    assert min(part.minutes for part in parts) >= 1
    assert max(part.multiplier for part in parts) <= 2
    for one, following in zip(parts, parts[1:], strict=False):
        assert one.ends_at <= following.starts_at
