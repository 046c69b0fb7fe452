"""Rows as figures: over time and in total."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.metrics.backlog import open_at
from reports.metrics.computing import figures, stepped
from reports.metrics.indicator import Indicator, Statistic, Step, Unit, Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer
from tests.reports.frames_given import Given, tickets

QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31), "UTC")
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_months_add_up_to_the_quarter_for_counts_and_not_for_medians():
    # Seconds after the start of the quarter, in three months of different lengths.
    days = [1, 2, 3, 33, 34, 35, 36, 80]
    rows = pd.DataFrame({"record": days, "value": [float(day) for day in days]})
    rows["at"] = pd.to_datetime([START + timedelta(days=day) for day in days], utc=True)
    rows = stepped(rows, Window(QUARTER, NOW))

    def told(statistic, by):
        indicator = Indicator("x", "KPI-23", lambda *_: rows, statistic, Unit.NUMBER)
        return figures(rows, indicator, by)["value"].tolist()

    assert told(Statistic.COUNT, ["step"]) == [3, 4, 1]
    assert told(Statistic.COUNT, []) == [8]
    assert told(Statistic.MEDIAN, ["step"]) == [2, 34.5, 80]
    # Neither the median nor the mean of the medians above.
    assert told(Statistic.MEDIAN, []) == [33.5]


# A ticket: the hour of its receipt, and what happens after how many hours.
HAPPENINGS = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from(["waiting", "open", "done", "cancelled"])),
    max_size=6,
)
STORIES = st.lists(st.tuples(st.integers(0, 90 * 24), HAPPENINGS), min_size=1, max_size=25)


def phases_of(stories):
    rows = []
    for ticket, (hour, happenings) in enumerate(stories, 1):
        at = START + timedelta(hours=hour)
        rows.append((ticket, at, "open", "new"))
        for hours, what in happenings:
            at += timedelta(hours=hours)
            phase = "done" if what == "cancelled" else what
            rows.append((ticket, at, phase, "cancelled" if what == "cancelled" else "other"))
            if what == "cancelled":
                break
    frame = pd.DataFrame(rows, columns=["ticket", "at", "phase", "status"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True))


@settings(max_examples=5)
@given(STORIES)
def test_the_backlog_of_every_day_follows_from_that_of_the_day_before(stories):
    phases = phases_of(stories)
    rows = [{"received_at": START + timedelta(hours=hour)} for hour, _rest in stories]
    frames = Given({"phases": phases, "tickets": tickets(*rows)})
    desk = Desk(frames, Window(QUARTER, NOW, Step.DAY))
    keys = ("backlog", "came_in", "reopenings", "solved", "cancelled")
    told = {}
    for series in answer(Tile("t", keys, by="step"), desk)["series"]:
        told[series["indicator"]] = {point["keys"][0]: point["n"] for point in series["points"]}
    before = 0
    for day in range(QUARTER.days):
        label = (QUARTER.first + timedelta(days=day)).isoformat()
        backlog, came, back, solved, cancelled = (told[key].get(label, 0) for key in keys)
        assert backlog == before + came + back - solved - cancelled
        # Computed for the past day, it is what a look at that day would have found.
        end = START + timedelta(days=day + 1)
        assert backlog == len(open_at(phases[phases["at"] < end], end))
        before = backlog
