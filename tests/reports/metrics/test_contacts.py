"""First contact (`KPI-6`)."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.metrics.contacts import at_first_contact
from tests.reports import frames_given as given

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOLVED = START + timedelta(hours=2)
LATER = datetime(2026, 4, 1, tzinfo=UTC)
APPROVALS = {"ticket": 0, "approved_at": None}


def judged(row=None, *, messages=(), teams=(), links=(), approvals=(), now=LATER):
    ticket = {"received_at": START, "resolved_at": SOLVED, **(row or {})}
    found = at_first_contact(
        given.tickets(ticket),
        messages=given.messages({"at": SOLVED}, *messages),
        teams=given.teams(*(teams or [(1, START, 1)])),
        approvals=given.frame_of(APPROVALS, approvals),
        links=given.links(*links),
        now=now,
    )
    return found[["is_first_contact", "is_provisional"]].to_numpy().tolist()


def by_requester(days):
    return {"at": SOLVED + timedelta(days=days), "is_staff_side": False}


def test_one_answer_of_one_team_that_nobody_objected_to():
    assert judged() == [[True, False]]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"messages": [{"at": START}]},
        {"messages": [by_requester(4)]},
        {"teams": [(1, START, 1), (1, SOLVED, 2)]},
        {"row": {"reopen_count": 1}},
        # Reopened out of courtesy, which is not in the count (INC-3).
        {"row": {"first_resolved_at": SOLVED, "resolved_at": SOLVED + timedelta(days=6)}},
        {"links": [{"source": 9, "target": 1, "type": "follow_up_of",
                    "source_received_at": SOLVED + timedelta(days=3)}]},
        {"row": {"channel": "phone", "first_response_at": START}},
    ],
)  # fmt: skip
def test_what_took_more_than_one_contact(otherwise):
    assert judged(**otherwise) == [[False, False]]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"messages": [by_requester(6)]},
        {"messages": [by_requester(1) | {"is_automatic": True}]},
        {"messages": [{"at": START, "visibility": "internal"}]},
        {"row": {"channel": "phone", "first_response_at": START,
                 "resolved_at": START + timedelta(minutes=20)}},
    ],
)  # fmt: skip
def test_what_does_not_matter(otherwise):
    assert judged(**otherwise) == [[True, False]]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"row": {"channel": "system"}},
        {"row": {"kind": "servicerequest"},
         "approvals": [{"ticket": 1, "approved_at": START + timedelta(hours=1)}]},
        {"links": [{"source": 1, "target": 9, "type": "fixed_by", "target_kind": "change"}]},
    ],
)  # fmt: skip
def test_what_first_contact_could_not_have_solved(otherwise):
    assert judged(**otherwise) == []


def test_it_is_provisional_for_five_days():
    assert judged(now=SOLVED + timedelta(days=4)) == [[True, True]]


def test_it_is_something_else_than_resolution_by_the_first_team():
    # Two answers of the first team: solved at the first level, but not at first contact.
    assert judged(messages=[{"at": START}], teams=[(1, START, 1)]) == [[False, False]]
