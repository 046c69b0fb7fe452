"""Working hours and service levels of real incidents, against figures computed elsewhere.

The records lie beside the checkout (see `REAL_RECORDS` in tests/conftest.py); their README defines
the two calendars and the policy. Times have no zone and are taken as UTC.
"""

import csv
import gzip
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest

from itil.calendars.hours import Schedule, Week, between
from itil.calendars.models import BusinessCalendar, WeeklyOpening, schedule_of
from itil.incidents.models import Incident
from itil.sla.clock import replay
from itil.sla.matching import Facts, terms_of
from itil.sla.models import Agreement, Metric, ServiceTarget
from itil.sla.terms import Terms
from itil.tickets.models import EventKind, TicketEvent
from reports.frames.clock_arrays import Tickets, arranged
from reports.frames.codes import Outcome
from reports.frames.waits import of_clocks, waits_in
from reports.metrics.what_if import Changes, what_if
from tests.conftest import REAL_RECORDS
from tests.reports.histories import as_row

pytestmark = pytest.mark.real_records

FOLDER = REAL_RECORDS / "uci_incidents"
HOUR = 3600
MISSING = "?"
WAITING = "Awaiting"

CLOSED_DAYS = frozenset(
    {
        date(2016, 3, 25),
        date(2016, 3, 28),
        date(2016, 4, 21),
        date(2016, 5, 2),
        date(2016, 5, 26),
        date(2016, 5, 30),
        date(2016, 8, 29),
        date(2016, 9, 7),
        date(2016, 10, 12),
        date(2016, 11, 2),
        date(2016, 11, 15),
        date(2016, 12, 26),
        date(2016, 12, 27),
        date(2017, 1, 2),
        date(2017, 2, 28),
    }
)
MORNINGS = tuple((day, 480, 720) for day in range(5))
AFTERNOONS = (*((day, 780, 1020) for day in range(4)), (4, 780, 900))
CALENDARS = {
    "A": Schedule("UTC", (Week(tuple((day, 540, 1080) for day in range(5))),)),
    "B": Schedule("UTC", (Week(MORNINGS + AFTERNOONS),), holidays=CLOSED_DAYS),
}


def moment(text: str) -> datetime | None:
    return (
        None if text == MISSING else datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
    )


@pytest.fixture(scope="module")
def incidents() -> dict[str, list[dict]]:
    """The events of every incident in order."""
    found = defaultdict(list)
    with gzip.open(FOLDER / "events_to_2016-04.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["number"]].append(row)
    return found


@pytest.fixture(scope="module")
def expected() -> dict:
    return json.loads((FOLDER / "expected.json").read_text())


def percentile(ordered: list[float], percent: int) -> float:
    """Linear between the two nearest values."""
    position = (len(ordered) - 1) * percent / 100
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


@pytest.mark.parametrize("name", CALENDARS)
def test_working_hours_to_resolution_are_those_computed_elsewhere(name, incidents, expected):
    hours = []
    for events in incidents.values():
        opened, resolved = moment(events[-1]["opened_at"]), moment(events[-1]["resolved_at"])
        if resolved is not None:
            hours.append(between(CALENDARS[name], opened, resolved) / HOUR)
    hours.sort()
    found = {"n": len(hours), "mean": round(sum(hours) / len(hours), 4)}
    found |= {f"p{percent}": round(percentile(hours, percent), 4) for percent in (50, 75, 90, 95)}
    assert found == expected["working_hours_to_resolution"][name]


def test_incidents_resolved_without_any_working_time_are_as_many(incidents, expected):
    zero = 0
    for events in incidents.values():
        opened, resolved = moment(events[-1]["opened_at"]), moment(events[-1]["resolved_at"])
        zero += resolved is not None and between(CALENDARS["A"], opened, resolved) == 0
    assert zero == expected["working_hours_to_resolution"]["A_zero"]


# --- The invented policy on real records ------------------------------------------------------


def policy() -> dict[int, Terms]:
    """Resolution within 4 and 8 hours day and night, 24 and 40 hours on calendar A; by priority."""
    office = BusinessCalendar(
        pk=1,
        time_zone="UTC",
        openings=[WeeklyOpening(weekday=day, opens=540, closes=1080) for day in range(5)],
        days=[],
    )
    always = BusinessCalendar(pk=2, time_zone="UTC", always_open=True, openings=[], days=[])
    for calendar in (office, always):
        # Remembered by its edition, so that nobody asks the database for it.
        calendar.schedule()
    agreement = Agreement(pk=1, name="Policy", calendar=office)
    targets = [
        ServiceTarget(metric=Metric.RESOLUTION, priority=priority, seconds=hours * HOUR)
        for priority, hours in {1: 4, 2: 8, 3: 24, 4: 40}.items()
    ]
    for target in targets[:2]:
        target.calendar = always
    return {
        priority: terms_of(agreement, facts(priority), targets=targets, steps=())
        for priority in (1, 2, 3, 4)
    }


def facts(priority: int) -> Facts:
    """An incident of which nothing but the priority matters."""
    return Facts(
        received_at=datetime(2016, 3, 1, tzinfo=UTC),
        organizations=(),
        service=None,
        location=None,
        requester_is_vip=False,
        ticket_kind="incident",
        channel="phone",
        priority=priority,
    )


def resolution(events: list[dict]) -> datetime:
    """The recorded resolution, else the last move into Resolved, else the closing."""
    last = events[-1]
    if last["resolved_at"] != MISSING:
        return moment(last["resolved_at"])
    states = [""] + [event["incident_state"] for event in events]
    moves = [
        event
        for (before, now), event in zip(pairwise(states), events, strict=True)
        if now == "Resolved" != before
    ]
    return moment(moves[-1]["sys_updated_at"] if moves else last["closed_at"])


def steps(events: list[dict], *, with_pause: bool) -> list[tuple[datetime, str]]:
    opened, resolved = moment(events[-1]["opened_at"]), resolution(events)
    found = []
    for event, following in pairwise(events) if with_pause else ():
        start, end = moment(event["sys_updated_at"]), moment(following["sys_updated_at"])
        start, end = max(start, opened), min(end, resolved)
        if event["incident_state"].startswith(WAITING) and start < end:
            found += [(start, "pause"), (end, "resume")]
    return [*found, (max(opened, resolved), "resolve")]


def told(terms: Terms, steps: list[tuple[datetime, str]]) -> TicketEvent:
    """What an importer tells the clocks of an incident it has measured."""
    data = {
        "what": "measured",
        "terms": terms.as_data(),
        "steps": [[at.isoformat(), what] for at, what in steps],
    }
    return TicketEvent(kind=EventKind.CLOCK, at=steps[-1][0], data=data)


@pytest.mark.parametrize("with_pause", [False, True])
def test_resolution_kept_within_the_policy_is_that_computed_elsewhere(
    with_pause, incidents, expected
):
    terms = policy()
    counted = defaultdict(lambda: {"n": 0, "yes": 0})
    for events in incidents.values():
        last = events[-1]
        priority = int(last["priority"][0])
        ticket = Incident(priority=priority, received_at=moment(last["opened_at"]))
        event = told(terms[priority], steps(events, with_pause=with_pause))
        (clock,) = replay(ticket, [event]).clocks
        counted[last["priority"]]["n"] += 1
        # The figures compare elapsed time; a clock compares instants, see docs/algorithms.
        counted[last["priority"]]["yes"] += clock.elapsed_seconds <= clock.target_seconds
    figure = expected["policy"]["resolution_with_pause" if with_pause else "resolution_no_pause"]
    assert counted == {
        priority: {"n": count["n"], "yes": count["yes"]} for priority, count in figure.items()
    }


# --- What-if ------------------------------------------------------------------------------------


def told_clocks(incidents, *, with_pause):
    """The clock of every incident, by the engine of clocks; keyed by their place."""
    terms = policy()
    for events in incidents.values():
        last = events[-1]
        priority = int(last["priority"][0])
        ticket = Incident(priority=priority, received_at=moment(last["opened_at"]))
        event = told(terms[priority], steps(events, with_pause=with_pause))
        (clock,) = replay(ticket, [event]).clocks
        yield clock, steps(events, with_pause=True)


def test_what_if_no_wait_had_paused_says_what_counting_without_pauses_says(incidents, expected):
    paused = list(told_clocks(incidents, with_pause=True))
    rows = [as_row(place, clock, ticket=place) for place, (clock, _steps) in enumerate(paused)]
    record = Tickets(np.arange(len(rows)), *(np.zeros(len(rows), np.int64) for _column in range(3)))
    reading = arranged([rows], record, taken_at=int(datetime(2018, 1, 1, tzinfo=UTC).timestamp()))
    moves = [
        (place, int(at.timestamp()), "waiting" if what == "pause" else "open", "any")
        for place, (_clock, told_steps) in enumerate(paused)
        for at, what in told_steps
        if what != "resolve"
    ]
    schedules = [schedule_of(UUID(edition)) for edition in reading.hours]
    changes = Changes({}, pausing=(), decided=(0,))
    found = what_if(
        reading.clocks, changes, schedules, of_clocks(reading, waits_in(moves, ["any"]))
    )
    outcomes = [Outcome(outcome).name.lower() for outcome in found.outcomes]
    without = [clock.outcome for clock, _steps in told_clocks(incidents, with_pause=False)]
    assert outcomes == without
    assert outcomes != [clock.outcome for clock, _steps in paused]
