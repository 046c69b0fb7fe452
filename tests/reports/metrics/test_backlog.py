"""Backlog from events."""

import random
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from reports.metrics import backlog
from reports.metrics.period import Period

START = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31), "UTC")


def phases(rows):
    frame = pd.DataFrame(rows, columns=["ticket", "at", "phase", "status"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True)).sort_values(
        ["ticket", "at"], kind="stable", ignore_index=True
    )


def random_story(seed=1, tickets=200):
    """Tickets that come in, wait, are resolved, reopened, closed or cancelled over 90 days."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    rows = []
    for ticket in range(tickets):
        at = START + timedelta(minutes=chance.randrange(90 * 24 * 60))
        phase, status = "open", "new"
        rows.append((ticket, at, phase, status))
        for _step in range(chance.randrange(7)):
            at += timedelta(minutes=chance.randrange(1, 10_000))
            status = chance.choice(
                {"done": ["in_progress", "closed"], "open": ["on_hold", "resolved", "cancelled"],
                 "waiting": ["in_progress", "resolved"]}[phase]
            )  # fmt: skip
            phase = {"on_hold": "waiting", "in_progress": "open"}.get(status, "done")
            rows.append((ticket, at, phase, status))
    return phases(rows)


def test_the_identity_holds_in_every_month():
    for row in backlog.flow(random_story(), list(QUARTER.months())).to_dict("records"):
        left = row["at_start"] + row["came_in"] + row["reopened"] - row["solved"] - row["cancelled"]
        assert left == row["at_end"]


def test_the_end_of_a_month_is_the_start_of_the_next():
    rows = backlog.flow(random_story(), list(QUARTER.months())).to_dict("records")
    assert [row["at_end"] for row in rows[:-1]] == [row["at_start"] for row in rows[1:]]


def test_months_add_up_to_the_quarter():
    story = random_story()
    months = backlog.flow(story, list(QUARTER.months()))
    whole = backlog.flow(
        story,
        [
            type(next(QUARTER.months()))(
                "Q1", QUARTER.first, QUARTER.last, QUARTER.start, QUARTER.end, is_whole=True
            )
        ],
    ).iloc[0]
    for column in ("came_in", "reopened", "solved", "cancelled"):
        assert months[column].sum() == whole[column]


def test_the_flow_and_the_list_of_open_tickets_agree_on_every_day():
    story = random_story()
    moves = backlog.steps(story)
    for day in range(0, 120, 7):
        instant = START + timedelta(days=day)
        by_flow = moves.loc[moves["at"] < instant, "change"].sum()
        assert len(backlog.open_at(story, instant)) == by_flow


def test_an_event_at_the_very_instant_is_after_it():
    story = phases([(1, START, "open", "new")])
    assert len(backlog.open_at(story, START)) == 0
    assert len(backlog.open_at(story, START + timedelta(seconds=1))) == 1


def test_ages_are_counted_in_half_open_buckets():
    now = START + timedelta(days=60)
    ages = [0.5, 1, 2.9, 3, 7, 14, 29.9, 30, 45]
    story = phases(
        [
            (n, now - timedelta(days=age), "waiting" if n == 0 else "open", "new")
            for n, age in enumerate(ages)
        ]
    )
    received = story.set_index("ticket")["at"]
    found = backlog.ageing(story, received, now)
    assert list(found["open"]) == [1, 2, 1, 1, 2, 2]
    assert list(found["on_hold"]) == [1, 0, 0, 0, 0, 0]


def test_nothing_open_fills_no_bucket():
    empty = phases([])
    received = pd.Series([], index=pd.Index([], dtype="int64"), dtype="datetime64[us, UTC]")
    assert list(backlog.ageing(empty, received, START)["open"]) == [0] * 6


def test_many_instants_at_once_find_what_each_finds_alone():
    story = random_story(seed=3)
    instants = [START + timedelta(days=day) for day in range(0, 91, 7)]

    found = backlog.open_at_each(story, instants)

    for place, instant in enumerate(instants):
        alone = backlog.open_at(story, instant)
        assert list(found.loc[found["place"] == place, "ticket"]) == list(alone["ticket"])


def test_buckets_of_ages_include_their_lower_end():
    days = pd.Series([0.0, 0.99, 1, 2.9, 3, 7, 14, 29.9, 30, 400]) * backlog.DAY
    assert backlog.bucket_of(days).tolist() == [
        "0-1", "0-1", "1-3", "1-3", "3-7", "7-14", "14-30", "14-30", "30-", "30-",
    ]  # fmt: skip
