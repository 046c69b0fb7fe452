"""Sixty tickets of which every figure was computed by hand (domain section 5), by calendar and net.

Number k is received on 1 March 2026 at k minutes past midnight in UTC. 1 to 40 are incidents and
41 to 50 requests, approved two hours after their receipt; all are resolved k hours after receipt,
the time of gaps apart. Their clocks have counted k half hours. The last ten do not count in rates
and durations: four were cancelled, three merged, three are children.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from reports.metrics.indicator import Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, behind
from tests.reports import frames_given as given

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "UTC")
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 4, 20, tzinfo=UTC)
MINUTE, HOUR = 60, 3600
# Ticket 1 was reopened once and 2 twice, for five and ten hours altogether.
GAPS = {1: 5, 2: 10}


def received(k):
    return START + timedelta(minutes=k)


def resolved(k):
    return received(k) + timedelta(hours=k + GAPS.get(k, 0))


def ticket(k):
    row = {"received_at": received(k), "resolved_at": resolved(k), "requester": k % 7}
    row["reopen_count"] = {1: 1, 2: 2}.get(k, 0)
    if 40 < k <= 50:
        row["kind"] = "servicerequest"
    if k <= 30:
        row |= {"first_response_at": received(k) + timedelta(minutes=6 * k)}
        row |= {"acknowledged_at": received(k) + timedelta(minutes=3 * k)}
    elif k <= 40:
        row |= {"first_response_at": received(k), "acknowledged_at": received(k)}
        row |= {"channel": "phone"}
    if 50 < k <= 54:
        row["status"] = "cancelled"
    elif 54 < k <= 57:
        row["merged_into"] = 1
    elif k > 57:
        row["parent"] = 1
    return row


def phases_of(k):
    """When it was open: from its receipt, with the times between a solution and a reopening."""
    at = received(k)
    yield k, at, "open"
    for _time in range({1: 1, 2: 2}.get(k, 0)):
        at += timedelta(minutes=30)
        yield k, at, "done"
        at += timedelta(hours=5)
        yield k, at, "open"
    yield k, resolved(k), "done"


def clock(k):
    due = received(k) + timedelta(hours=30)
    is_met = resolved(k) <= due
    return {
        "ticket": k, "metric": "fulfilment" if k > 40 else "resolution",
        "elapsed_seconds": k * 1800, "started_at": received(k), "due_at": due,
        "outcome": "met" if is_met else "breached",
        "outcome_at": resolved(k) if is_met else due,
    }  # fmt: skip


# Everybody got one answer; 6 got two. 4 wrote again after four days, 5 after six.
ANSWERS = [{"ticket": k, "at": received(k)} for k in (*range(1, 31), 6)]
WRITTEN = [
    {"ticket": k, "at": resolved(k) + timedelta(days=days), "is_staff_side": False}
    for k, days in ((4, 4), (5, 6))
]
# 1 and 3 changed the team once, 2 three times and came back to the first one.
MOVED = [(1, START, 1), (1, NOW, 2), *((2, START, team) for team in (1, 2, 1, 3)), (3, START, 1),
         (3, NOW, 2)]  # fmt: skip


@pytest.fixture(scope="module")
def desk():
    approved = [
        {"ticket": k, "approved_at": received(k) + timedelta(hours=2)} for k in range(41, 51)
    ]
    frames = {
        "tickets": given.tickets(*map(ticket, range(1, 61))),
        "phases": given.phases(*(row for k in range(1, 61) for row in phases_of(k))),
        "clocks": given.clocks(*map(clock, range(1, 51))),
        "messages": given.messages(*ANSWERS, *WRITTEN),
        "teams": given.teams(*MOVED, *((k, START, 1) for k in range(4, 61))),
        "requests": given.frame_of({"ticket": 0, "approved_at": None}, approved),
        "links": given.links(),
    }
    return Desk(given.Given(frames), Window(MARCH, NOW))


def total(desk, key):
    return answer(Tile("t", (key,)), desk)["series"][0]["total"]


COUNTED = {
    # All sixty came in; the cancelled ones were not solved.
    "received": 60, "resolved": 56, "unmeasured": 6, "unanswered": 10, "live_contact": 10,
    "backlog": 0, "promises_pending": 0, "promises_excluded": 0,
}  # fmt: skip
TIMES = {
    # 6k minutes for k up to 30: mean and median of 1 to 30 are 15.5; P90 27.1.
    "first_response_mean": (30, 15.5 * 6 * MINUTE),
    "first_response_median": (30, 15.5 * 6 * MINUTE),
    "first_response_p90": (30, 27.1 * 6 * MINUTE),
    # 3k minutes for k up to 30, ten times 0.
    "acknowledge_mean": (40, 30 * 15.5 * 3 * MINUTE / 40),
    "acknowledge_median": (40, 10.5 * 3 * MINUTE),
    "acknowledge_p90": (40, 26.1 * 3 * MINUTE),
    # k hours for k up to 40 by calendar, half of it net.
    "resolution_mean": (40, 20.5 * HOUR),
    "resolution_median": (40, 20.5 * HOUR),
    "resolution_p90": (40, 36.1 * HOUR),
    "resolution_net_mean": (40, 10.25 * HOUR),
    "resolution_net_median": (40, 10.25 * HOUR),
    "resolution_net_p90": (40, 18.05 * HOUR),
    # k hours for k from 41 to 50.
    "delivery_mean": (10, 45.5 * HOUR),
    "delivery_from_approval_mean": (10, 43.5 * HOUR),
    "delivery_from_approval_p90": (10, 47.1 * HOUR),
    "delivery_net_median": (10, 22.75 * HOUR),
    # One change, three and one again.
    "reassignments": (50, 5 / 50),
}
SHARES = {
    "reopened": (2, 50),
    "reassigned_often": (1, 50),
    "ping_pong": (1, 50),
    # Of 40 incidents not 1, 2 (reopened), 3 (moved), 4 (wrote again), 6 (two answers), nor the ten
    # on the telephone that took longer than an hour.
    "first_contact": (25, 40),
    # Due after 30 hours: 1 to 30, of 50.
    "compliance": (30, 50),
    "all_targets_met": (30, 50),
}


@pytest.mark.parametrize("key", COUNTED)
def test_counts(desk, key):
    assert total(desk, key)["value"] == COUNTED[key]


@pytest.mark.parametrize("key", TIMES)
def test_times(desk, key):
    n, value = TIMES[key]
    assert total(desk, key) == {"n": n, "value": pytest.approx(value, rel=1e-12)}


@pytest.mark.parametrize("key", SHARES)
def test_shares(desk, key):
    yes, n = SHARES[key]
    found = total(desk, key)
    assert (found["yes"], found["n"], found["value"]) == (yes, n, yes / n)


def test_first_contact_is_provisional_while_somebody_may_write_again(desk):
    early = Desk(desk.frames, Window(MARCH, datetime(2026, 3, 7, tzinfo=UTC)))

    assert total(desk, "first_contact")["provisional"] == 0
    # Resolved on 2 March or later: number 24 and those above.
    assert total(early, "first_contact")["provisional"] == 40 - 23


def test_a_reopened_ticket_counts_once_as_answered_never_as_first_contact_and_once_as_reopened(
    desk,
):
    assert behind("first_response_mean", {}, desk).count(2) == 1
    rows = desk.rows(INDICATORS["first_contact"])
    assert rows.loc[rows["record"] == 2, "yes"].tolist() == [False]
    assert behind("reopened", {}, desk).count(2) == 1


@pytest.mark.parametrize("key", [*COUNTED, *TIMES, *SHARES])
def test_every_list_is_as_long_as_its_figure_says(desk, key):
    assert len(behind(key, {}, desk)) == total(desk, key)["n"]
