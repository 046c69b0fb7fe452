"""The picture of a clock: everything has its place, nothing is lost or drawn twice."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itil.sla.charts import FRAMES, pictures
from itil.sla.charts.days import Look, Pass, plan
from itil.sla.charts.scale import text_width
from tests.itil.calendars.calendars import HOUR, at

from .accounts import EASTER, NIGHTS, account
from .stories import DAY_AND_NIGHT, MONDAY_TEN, OFFICE, Story, promise
from .test_clock_explaining import beginnings, calendars, histories, told


def drawn(story, now, frame=FRAMES[0]):
    return pictures(account(story, now))[frame.name]


def texts(made) -> list[str]:
    return [words.text for words in made.words]


@settings(max_examples=60, deadline=None)
@given(beginnings, calendars, histories, st.integers(0, 200 * HOUR))
def test_rows_hold_every_second_and_shapes_stay_within_the_frame(begin, place, history, more):
    story, moments = told(begin, place, history)
    why = account(story, moments[-1] + timedelta(seconds=more))
    days = plan(why).days

    assert sum(day.counted for day in days) == why.elapsed_seconds
    assert sum(day.left_out for day in days) == why.left_out_seconds
    ahead = [line.seconds for line in why.stretches if line.is_ahead]
    assert sum(day.ahead for day in days) == sum(ahead)
    for frame in FRAMES:
        made = pictures(why)[frame.name]
        for bar in made.bars:
            assert 0 <= float(bar.x) <= float(bar.x) + float(bar.width) <= frame.width + 1
            assert 0 <= float(bar.y) <= made.height
        for words in made.words:
            assert 0 <= float(words.x) <= frame.width
            assert 0 <= float(words.y) <= made.height + 4


def test_a_clock_that_waits_for_its_occasion_has_no_picture():
    story = Story(MONDAY_TEN, promise(next_response=2))
    assert pictures(account(story, MONDAY_TEN, "next_response")) == {}


def test_a_row_for_each_day_with_weekends_between_them_in_one():
    story = Story(at(3, 6, 16), promise(resolution=4))
    days = plan(account(story, at(3, 6, 16, 30))).days
    assert [(day.look, day.first.day, day.last.day) for day in days] == [
        (Look.DAY, 6, 6),
        (Look.CLOSED, 7, 8),
        (Look.DAY, 9, 9),
    ]
    assert texts(drawn(story, at(3, 6, 16, 30)))[-3:] == ["17", "Berlin", "counts"]
    assert "closed, 2 days" in texts(drawn(story, at(3, 6, 16, 30)))


def test_long_times_in_which_nothing_happened_are_one_row():
    story = Story(MONDAY_TEN, promise(resolution=100))
    days = plan(account(story, at(3, 13, 12))).days
    assert [(day.look, day.first.day, day.last.day, day.counted // HOUR) for day in days][:3] == [
        (Look.DAY, 2, 2, 7),
        (Look.FOLDED, 3, 12, 64),
        (Look.DAY, 13, 13, 3),
    ]
    assert "8 days" in texts(drawn(story, at(3, 13, 12)))


def test_holidays_are_written_on_their_rows():
    story = Story(at(4, 2, 15), promise(resolution=8, calendar=EASTER))
    assert {"Good Friday", "Easter Monday"} <= set(texts(drawn(story, at(4, 2, 15))))


def test_no_night_shift_is_torn_at_midnight():
    story = Story(at(3, 27, 22), promise(resolution=8, calendar=NIGHTS))
    rows = plan(account(story, at(3, 27, 23)))
    assert rows.cut == 14 * 60
    assert [(day.first.day, day.counted + day.ahead) for day in rows.days] == [(27, 8 * HOUR)]


def test_an_hour_that_is_skipped_leaves_a_hole_and_a_repeated_one_is_drawn_twice():
    spring = Story(at(3, 28, 22), promise(resolution=7, calendar=NIGHTS))
    autumn = Story(at(10, 24, 22), promise(resolution=9, calendar=NIGHTS))
    (spring_night,) = plan(account(spring, at(3, 29, 12))).days[:1]
    (autumn_night,) = plan(account(autumn, at(10, 25, 12))).days[:1]

    assert [(band.start, band.end) for band in spring_night.bands] == [(1320, 1560), (1620, 1800)]
    assert [(band.start, band.end, band.which) for band in autumn_night.bands] == [
        (1320, 1560, Pass.ONLY),
        (1560, 1620, Pass.FIRST),
        (1560, 1620, Pass.SECOND),
        (1620, 1800, Pass.ONLY),
    ]
    assert (spring_night.counted, autumn_night.counted) == (7 * HOUR, 9 * HOUR)
    assert "−1h" in texts(drawn(spring, at(3, 29, 12)))
    assert "+1h" in texts(drawn(autumn, at(10, 25, 12)))


@pytest.mark.parametrize("frame", FRAMES)
def test_pauses_are_hatched_and_say_their_times(frame):
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 12)).resume(at(3, 2, 14))
    made = drawn(story, at(3, 2, 15), frame)
    assert [bar.hatch for bar in made.bars if bar.css == "paused"] == ["paused"]
    assert {"12:00", "14:00", "start 10:00", "now 15:00", "due 12:00", "2h"} <= set(texts(made))
    assert ("paused", "paused") in made.key


def test_what_is_late_is_drawn_and_named_as_such():
    story = Story(MONDAY_TEN, promise(resolution=2)).resolve(at(3, 2, 15))
    made = drawn(story, at(3, 4, 9))
    assert [(bar.css, bar.title) for bar in made.bars if bar.title] == [
        ("counted", "Counted: 2h"),
        ("late", "Late: 3h"),
    ]
    assert {"due 12:00", "done late 15:00"} <= set(texts(made))


def test_a_promise_of_minutes_shows_the_hour_that_matters():
    made = drawn(Story(MONDAY_TEN, promise(resolution=0.25)), MONDAY_TEN)
    hours = [words.text for words in made.words if words.css == "hour"]
    assert hours == ["10:00", "10:15", "10:30", "10:45", "11:00", "Berlin", "counts"]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("place", [OFFICE, DAY_AND_NIGHT])
def test_texts_above_a_row_do_not_touch(frame, place):
    story = Story(MONDAY_TEN, promise(resolution=1, calendar=place))
    story.edit(at(3, 2, 10, 10), promise(resolution=2, calendar=place))
    story.hold(at(3, 2, 10, 20)).resume(at(3, 2, 10, 25))
    made = drawn(story, at(3, 2, 10, 30), frame)
    labels = [words for words in made.words if words.css.startswith("label")]
    for one in labels:
        for other in labels:
            if one is not other and one.y == other.y:
                assert _end(one) <= _start(other) or _end(other) <= _start(one)


def _start(words) -> float:
    width = text_width(words.text, 11)
    return float(words.x) - {"start": 0, "middle": width / 2, "end": width}[words.anchor]


def _end(words) -> float:
    return _start(words) + text_width(words.text, 11)
