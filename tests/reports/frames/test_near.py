"""Tickets by their keys: ranges, and single ones."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from itil.desk import actions as desk
from reports.frames.near import LOOK_UP, Range, Single, parts_of
from reports.frames.selection import Selection
from reports.frames.source import Frames
from tests import make
from tests.cast import MONDAY

DAY = timedelta(days=1)
SPREAD_OUT = st.lists(st.integers(1, 10**6), unique=True).map(sorted)


def parted(keys):
    return list(parts_of(np.array(keys, np.int64)))


def holds(part, key):
    return key in part.keys if isinstance(part, Single) else part.first <= key <= part.last


@given(SPREAD_OUT)
def test_each_ticket_is_in_one_part_and_parts_are_in_order(keys):
    parts = parted(keys)
    for key in keys:
        assert [holds(part, key) for part in parts].count(True) == 1
    ends = [part.keys[-1] if isinstance(part, Single) else part.last for part in parts]
    assert ends == sorted(ends)


@given(SPREAD_OUT)
def test_a_range_is_worth_reading(keys):
    for part in parted(keys):
        if isinstance(part, Range):
            meant = sum(holds(part, key) for key in keys)
            assert part.last - part.first + 1 <= LOOK_UP * meant


def test_tickets_one_after_the_other_are_a_range():
    assert parted(range(7, 12)) == [Range(7, 11)]


def test_an_old_ticket_is_looked_up_beside_those_of_the_last_days():
    assert parted([3, 1000, 1001, 1003]) == [Single((3,)), Range(1000, 1003)]


def test_no_ticket_is_no_part():
    assert parted([]) == []


def test_what_belongs_to_a_period_is_found_whether_its_tickets_lie_close_or_not(cast):
    old = make.taken_incident(cast, at=MONDAY)
    for hour in range(12):
        done = make.resolved_incident(cast, at=MONDAY + timedelta(hours=hour))
        desk.move(done, "close", by=cast.ann, at=MONDAY + DAY)
    new = [make.incident(cast, at=MONDAY + 30 * DAY)]
    # Between others of the period, and in no figure.
    make.incident(cast, at=MONDAY + 30 * DAY, is_confidential=True)
    new.append(make.taken_incident(cast, at=MONDAY + 31 * DAY))
    later = MONDAY + 40 * DAY
    frames = Frames.live(Selection(before=later, since=MONDAY + 20 * DAY), now=later)
    tickets = [old.pk, *(ticket.pk for ticket in new)]
    assert frames.read("tickets", ["ticket"])["ticket"].tolist() == tickets
    for name in ("phases", "teams", "messages", "recorded"):
        assert frames.read(name, ["ticket"])["ticket"].unique().tolist() == tickets, name
    clocks = frames.read("clocks", ["clock", "ticket"])
    assert sorted(clocks["ticket"].unique()) == tickets
    assert clocks["clock"].is_monotonic_increasing
    whole = Frames.live(now=later).read("clocks", ["clock", "ticket"])
    expected = whole[whole["ticket"].isin(tickets)]["clock"].tolist()
    assert clocks["clock"].tolist() == expected


def test_what_belongs_to_a_period_may_be_asked_for_before_its_tickets(cast):
    ticket = make.incident(cast, at=MONDAY)
    later = MONDAY + DAY
    frames = Frames.live(Selection(before=later, since=MONDAY), now=later)
    assert frames.read("messages", ["ticket"])["ticket"].tolist() == [ticket.pk]


def test_a_period_without_tickets_has_empty_frames(cast):
    make.incident(cast, at=MONDAY)
    before = MONDAY - DAY
    frames = Frames.live(Selection(before=before, since=before - DAY), now=MONDAY)
    assert frames.read("phases").empty
    assert frames.read("clocks").empty
