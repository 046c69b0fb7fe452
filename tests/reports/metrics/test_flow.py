"""How tickets move and where they wait, from events written by hand."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from reports.metrics import flow
from tests.reports import frames_given as given

HOUR = 3600.0


def at(hour):
    return f"2026-03-02T{hour:02}:00:00Z"


@pytest.fixture
def tickets():
    """The first one goes to and fro and waits for a supplier, the second is solved at once."""
    return given.tickets(
        {"received_at": at(0), "resolved_at": at(20)},
        {"received_at": at(1), "resolved_at": at(2)},
    )


@pytest.fixture
def states():
    rows = [
        (1, at(1), "open", "new", ""),
        (1, at(3), "open", "in_progress", ""),
        (1, at(4), "waiting", "on_hold", "awaiting_vendor"),
        (1, at(9), "open", "in_progress", ""),
        (1, at(10), "done", "resolved", ""),
        (1, at(14), "open", "in_progress", ""),
        (1, at(20), "done", "resolved", ""),
        (1, at(23), "done", "closed", ""),
        (2, at(1), "open", "new", ""),
        (2, at(2), "open", "in_progress", ""),
        (2, at(2), "done", "resolved", ""),
    ]
    frame = pd.DataFrame(rows, columns=["ticket", "at", "phase", "status", "hold_reason"])
    return flow.states_of(frame.assign(at=pd.to_datetime(frame["at"], utc=True)))


@pytest.fixture
def holders():
    rows = [(1, at(1), 1), (1, at(5), 2), (1, at(7), 1), (1, at(8), None), (1, at(9), 2),
            (2, at(1), 1)]  # fmt: skip
    return flow.holders_of(given.teams(*rows))


def table(frame, key, *values):
    return {tuple(row[one] for one in key): tuple(row[one] for one in values)
            for row in frame.to_dict("records")}  # fmt: skip


def test_the_times_of_all_places_add_up_to_the_time_from_receipt_to_resolution(
    tickets, states, holders
):
    lead = (tickets["resolved_at"] - tickets["received_at"]).dt.total_seconds().sum()
    for events in (states, holders):
        found = flow.nodes(flow.visits(events, tickets))
        assert found["seconds"].sum() == lead == 21 * HOUR
        assert found["share"].sum() == pytest.approx(1)


def test_a_place_tells_its_tickets_visits_and_time(tickets, states):
    found = flow.nodes(flow.visits(states, tickets))
    assert table(found, ["place"], "tickets", "visits", "seconds", "median") == {
        ("in_progress",): (2, 4, 8 * HOUR, 4 * HOUR),
        ("on_hold/awaiting_vendor",): (1, 1, 5 * HOUR, 5 * HOUR),
        ("new",): (2, 2, 4 * HOUR, 2 * HOUR),
        ("resolved",): (2, 3, 4 * HOUR, 2 * HOUR),
    }


def test_edges_count_every_move_until_the_last_resolution_once(tickets, states):
    found = flow.edges(flow.visits(states, tickets))
    # Eight events follow an opening, of which the closing comes after the resolution.
    assert found["moves"].sum() == 8
    assert table(found, ["place", "to"], "moves", "tickets", "median")[
        ("in_progress", "resolved")
    ] == (3, 2, HOUR)


def test_returns_to_the_team_before_are_ping_pong_without_order(tickets, holders):
    found = flow.ping_pong(flow.visits(holders, tickets))
    # 1, 2, 1, (nobody), 2: back after 2 hours, and back again after 1.
    assert table(found, ["low", "high"], "returns", "tickets", "seconds") == {
        (1, 2): (2, 1, 3 * HOUR)
    }


def test_waiting_is_told_by_state_and_the_team_of_that_time(tickets, states, holders):
    found = flow.waits(states, holders, tickets)
    vendor = "on_hold/awaiting_vendor"
    assert table(found, ["place", "team"], "seconds", "tickets") == {
        ("new", 1): (4 * HOUR, 2),
        (vendor, 2): (2 * HOUR, 1),
        (vendor, 1): (2 * HOUR, 1),
        (vendor, 0): (1 * HOUR, 1),
    }
    assert found["share"].sum() == pytest.approx(9 / 21)


def test_before_and_after_are_told_of_their_own_tickets(tickets, states, holders):
    of_states, of_teams = flow.visits(states, tickets), flow.visits(holders, tickets)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    sides = flow.halves(tickets, of_states, of_teams, noon)
    assert sides["before"] == {
        "n": 1, "median": HOUR, "waited": HOUR, "waiting_share": 1.0, "moves": 2.0,
        "handoffs": 0.0, "returned": 0,
    }  # fmt: skip
    assert sides["after"]["n"] == 1
    assert sides["after"]["waiting_share"] == pytest.approx(8 / 20)
    early = flow.halves(tickets, of_states, of_teams, datetime(2026, 1, 1, tzinfo=UTC))
    assert early["before"] == {"n": 0} | dict.fromkeys(
        ("median", "waited", "waiting_share", "moves", "handoffs", "returned")
    )


def test_no_ticket_makes_empty_tables(tickets, states, holders):
    none = tickets[:0]
    found = flow.visits(states, none)
    assert len(flow.nodes(found)) == len(flow.edges(found)) == 0
    assert len(flow.waits(states, holders, none)) == 0
    assert len(flow.ping_pong(flow.visits(holders, none))) == 0
