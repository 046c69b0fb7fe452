"""Windows on the wall clock: `CHG-5`, and the properties that hold for every rule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from itil.changes.hours import (
    BadRuleError,
    Pattern,
    Recurrence,
    checked_rule,
    covers,
    dates,
    free_slots,
    merged,
    next_start,
    occurrences,
    on_date,
    overlap,
    parts_of,
    pattern_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def nightly(begins="02:00", ends="04:00", rule="FREQ=DAILY", first=date(2026, 1, 1), **more):
    def minutes(text):
        return int(text[:2]) * 60 + int(text[3:])

    return Recurrence(BERLIN, first, minutes(begins), minutes(ends), rule=rule, **more)


def midnight(day):
    return datetime.combine(day, time())


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


class TestSummerTime:
    def test_two_to_four_lasts_one_hour_when_it_begins(self):
        start, end = on_date(nightly(), date(2026, 3, 29))
        assert (start, end) == (utc(2026, 3, 29, 1), utc(2026, 3, 29, 2))

    def test_two_to_four_lasts_three_hours_when_it_ends(self):
        start, end = on_date(nightly(), date(2026, 10, 25))
        assert (start, end) == (utc(2026, 10, 25, 0), utc(2026, 10, 25, 3))

    def test_two_to_four_lasts_two_hours_on_any_other_date(self):
        start, end = on_date(nightly(), date(2026, 3, 28))
        assert end - start == 2 * HOUR

    def test_a_window_that_is_jumped_over_does_not_occur(self):
        gone = nightly("02:10", "02:50")
        assert on_date(gone, date(2026, 3, 29)) is None
        found = occurrences(gone, utc(2026, 3, 28), utc(2026, 3, 31))
        assert [start.date() for start, _end in found] == [date(2026, 3, 28), date(2026, 3, 30)]

    def test_windows_that_touch_on_the_wall_cover_the_night_on_both_dates(self):
        for day in (date(2026, 3, 29), date(2026, 10, 25)):
            early, late = nightly("01:00", "03:00"), nightly("03:00", "05:00")
            spans = [on_date(early, day), on_date(late, day)]
            whole = on_date(nightly("01:00", "05:00"), day)
            assert spans[0][1] == spans[1][0]
            assert merged(spans) == [whole]
            assert covers(spans, whole)

    def test_windows_that_touch_inside_the_repeated_hour_overlap_by_it(self):
        day = date(2026, 10, 25)
        early, late = (
            on_date(nightly("01:00", "02:30"), day),
            on_date(nightly("02:30", "05:00"), day),
        )
        assert overlap(early, late)[1] - overlap(early, late)[0] == HOUR
        assert covers([early, late], on_date(nightly("01:00", "05:00"), day))

    def test_a_window_over_midnight_belongs_to_the_date_on_which_it_begins(self):
        night = nightly("22:00", "04:00", rule="FREQ=WEEKLY;BYDAY=SA", days=1)
        start, end = on_date(night, date(2026, 3, 28))
        assert (start, end - start) == (utc(2026, 3, 28, 21), 5 * HOUR)

    def test_a_zone_without_summer_time_keeps_its_length(self):
        tokyo = Recurrence(ZoneInfo("Asia/Tokyo"), date(2026, 1, 1), 120, 240, rule="FREQ=DAILY")
        found = occurrences(tokyo, utc(2026, 1, 1), utc(2027, 1, 1))
        assert {end - start for start, end in found} == {2 * HOUR}


class TestRules:
    def test_without_a_rule_the_first_date_is_the_only_one(self):
        once = nightly(rule="", first=date(2026, 5, 4))
        assert dates(once, date(2026, 1, 1), date(2026, 12, 31)) == [date(2026, 5, 4)]

    def test_the_last_date_is_included_and_none_comes_after_it(self):
        some = nightly(until=date(2026, 1, 3))
        assert dates(some, date(2026, 1, 2), date(2026, 2, 1)) == [
            date(2026, 1, 2),
            date(2026, 1, 3),
        ]

    def test_a_window_is_found_while_it_lasts_and_not_at_its_end(self):
        long = nightly("18:00", "08:00", rule="FREQ=MONTHLY;BYMONTHDAY=28", days=4)
        start, end = on_date(long, date(2026, 4, 28))
        assert occurrences(long, end - HOUR, end) == [(start, end)]
        assert occurrences(long, end, end + HOUR) == []

    def test_the_next_start_is_after_the_moment(self):
        rule = nightly(rule="FREQ=MONTHLY;BYDAY=2TU")
        first = on_date(rule, date(2026, 4, 14))[0]
        assert next_start(rule, utc(2026, 3, 20)) == first
        assert next_start(rule, first) == on_date(rule, date(2026, 5, 12))[0]
        assert next_start(nightly(until=date(2026, 1, 2)), utc(2026, 2, 1)) is None

    @pytest.mark.parametrize(
        ("rule", "code"),
        [
            ("every Sunday", "syntax"),
            ("FREQ=WEEKLY;BYDAY=XX", "syntax"),
            ("FREQ=WEEKLY;INTERVAL=0", "syntax"),
            ("FREQ=WEEKLY;FREQ=DAILY", "syntax"),
            ("FREQ=DAILY;BYHOUR=3", "part"),
            ("FREQ=DAILY;COUNT=3", "part"),
            ("FREQ=HOURLY", "often"),
            ("BYDAY=MO", "often"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"),
        ],
    )
    def test_what_is_no_rule_of_days_is_refused(self, rule, code):
        with pytest.raises(BadRuleError) as refusal:
            checked_rule(rule, date(2026, 1, 1))
        assert refusal.value.code == code

    def test_a_rule_may_be_written_with_its_name_and_in_small_letters(self):
        assert checked_rule(" rrule:freq=weekly;byday=su ", date(2026, 1, 1)) == (
            "FREQ=WEEKLY;BYDAY=SU"
        )

    def test_an_end_before_the_beginning_is_no_window(self):
        with pytest.raises(ValueError, match="ends after it begins"):
            nightly("04:00", "02:00")
        with pytest.raises(ValueError, match="ends after it begins"):
            nightly("04:00", "04:00")


class TestSlots:
    def test_free_time_is_what_lies_between_long_enough(self):
        day = utc(2026, 3, 2)
        busy = [(day + 2 * HOUR, day + 4 * HOUR), (day + 5 * HOUR, day + 6 * HOUR)]
        assert free_slots(busy, (day, day + 8 * HOUR), 2 * HOUR) == [
            (day, day + 2 * HOUR),
            (day + 6 * HOUR, day + 8 * HOUR),
        ]


# --- For every rule ------------------------------------------------------------------------------

weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple)
patterns = st.one_of(
    st.builds(Pattern, st.just("daily"), every=st.integers(1, 5)),
    st.builds(Pattern, st.just("weekly"), weekdays=weekday_sets, every=st.integers(1, 4)),
    st.builds(
        Pattern,
        st.just("weekday"),
        weekdays=st.integers(0, 6).map(lambda day: (day,)),
        nth=st.sampled_from([1, 2, 3, 4, -1]),
        every=st.integers(1, 3),
    ),
    st.builds(
        Pattern,
        st.just("day"),
        day=st.one_of(st.integers(1, 31), st.just(-1)),
        every=st.integers(1, 3),
    ),
)
first_dates = st.dates(date(2019, 1, 1), date(2027, 12, 31))
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"]
).map(ZoneInfo)


@st.composite
def recurrences(draw):
    begins = draw(st.integers(0, 1439))
    days = draw(st.integers(0, 2))
    ends = draw(st.integers(0 if days else begins + 1, 1440))
    if days * 1440 + ends <= begins:
        ends = begins
    return Recurrence(
        draw(zones), draw(first_dates), begins, ends, days=days, rule=draw(patterns).as_rule()
    )


few = settings(max_examples=25, deadline=None)


@given(patterns)
@few
def test_a_pattern_is_read_back_from_its_rule(pattern):
    assert pattern_of(pattern.as_rule()) == pattern


def test_other_rules_are_kept_as_they_are():
    assert pattern_of("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20").kind == "rule"
    assert parts_of("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1")["BYSETPOS"] == "1"


@given(recurrences(), st.integers(0, 3000), st.integers(1, 40))
@few
def test_dates_are_those_that_the_whole_rule_gives_from_its_first_date(recurrence, after, length):
    low = recurrence.first + timedelta(days=after)
    high = low + timedelta(days=length)
    whole = rrulestr(recurrence.rule, dtstart=midnight(recurrence.first))
    expected = whole.between(midnight(low), midnight(high), inc=True)
    assert dates(recurrence, low, high) == [day.date() for day in expected]


@given(
    st.sampled_from(
        [
            "FREQ=WEEKLY",
            "FREQ=MONTHLY",
            "FREQ=YEARLY",
            "FREQ=YEARLY;BYMONTH=3",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=YEARLY;BYMONTH=12;BYDAY=-1FR",
            "FREQ=YEARLY;BYMONTHDAY=5",
        ]
    ),
    first_dates,
    st.integers(0, 3000),
)
@few
def test_what_a_rule_leaves_open_is_that_of_its_first_date(rule, first, after):
    recurrence = nightly(rule=rule, first=first)
    low = first + timedelta(days=after)
    whole = rrulestr(rule, dtstart=midnight(first))
    high = low + timedelta(days=400)
    expected = whole.between(midnight(low), midnight(high), inc=True)
    assert dates(recurrence, low, high) == [day.date() for day in expected]


@given(recurrences(), st.integers(0, 800), st.integers(1, 30), st.integers(0, 719))
@few
def test_occurrences_of_two_halves_are_those_of_the_whole(recurrence, after, length, hours):
    start = datetime.combine(recurrence.first, time(), UTC) + timedelta(days=after)
    end = start + timedelta(days=length)
    middle = min(end, start + timedelta(hours=hours))
    whole = occurrences(recurrence, start, end)
    halves = occurrences(recurrence, start, middle) + occurrences(recurrence, middle, end)
    assert sorted(set(halves)) == whole
    assert all(opens < closes and opens < end and closes > start for opens, closes in whole)


@given(recurrences(), st.integers(0, 800))
@few
def test_each_occurrence_begins_and_ends_at_its_wall_times_or_at_a_jump(recurrence, after):
    start = datetime.combine(recurrence.first, time(), UTC) + timedelta(days=after)
    for opens, closes in occurrences(recurrence, start, start + timedelta(days=20)):
        for moment, minutes in ((opens, recurrence.begins), (closes, recurrence.ends % 1440)):
            wall = moment.astimezone(recurrence.zone)
            is_wall = wall.hour * 60 + wall.minute == minutes
            before = (moment - timedelta(seconds=1)).astimezone(recurrence.zone)
            assert is_wall or before.utcoffset() != wall.utcoffset()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8))
@few
def test_merged_spans_are_apart_and_hold_the_same_time(pairs):
    base = utc(2026, 1, 1)
    spans = [(base + low * HOUR, base + (low + length) * HOUR) for low, length in pairs]
    found = merged(spans)
    hours = {low + step for low, length in pairs for step in range(length)}
    assert sum(((end - start) // HOUR for start, end in found), 0) == len(hours)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))
