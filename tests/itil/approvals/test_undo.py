"""Taking a decision back in the moment before it counts (`APP-5`)."""

from datetime import timedelta

import pytest

from itil.approvals import actions
from itil.approvals.models import ApprovalStep, Vote
from itil.tickets.errors import Refused

from .people import (
    HOUR,
    MONDAY,
    begun,
    colleagues,
    furnish,
    happened,
    manager_policy,
    policy,
    states,
    team_of,
    vote_of,
)

EIGHT = timedelta(seconds=8)
AT = MONDAY + HOUR


@pytest.fixture
def house(cast):
    return furnish(cast)


@pytest.fixture
def process(house):
    return begun(house, manager_policy())


def approve(process, person, at=AT):
    return actions.vote(vote_of(person, process), "approved", by=person, at=at, undo=EIGHT)


def state_of(process) -> str:
    process.refresh_from_db()
    return process.state


def test_a_decision_counts_when_it_can_no_longer_be_taken_back(house, process):
    approve(process, house.max)
    assert actions.settle_decided(AT + EIGHT - timedelta(seconds=1)) == 0
    assert (state_of(process), states(process)) == ("running", ["running"])
    assert happened(house.ticket)[-1] == "voted"

    # A job that runs twice decides once.
    assert [actions.settle_decided(AT + EIGHT), actions.settle_decided(AT + EIGHT)] == [1, 0]

    assert (state_of(process), states(process)) == ("approved", ["approved"])
    with pytest.raises(Refused, match="can no longer be taken back"):
        actions.withdraw_vote(vote_of(house.max, process), by=house.max, at=AT + EIGHT)


def test_taken_back_it_is_asked_again_and_nothing_was_decided(house, process):
    vote = approve(process, house.max)
    actions.withdraw_vote(vote, by=house.max, at=AT)

    assert actions.settle_decided(AT + HOUR) == 0
    assert (state_of(process), vote_of(house.max, process).state) == ("running", "waiting")
    assert ApprovalStep.objects.get().settles_at is None


def test_a_rejection_counts_with_its_reason(house, process):
    vote = vote_of(house.max, process)
    actions.vote(vote, "rejected", by=house.max, reason="Too dear.", at=AT, undo=EIGHT)
    actions.settle_decided(AT + EIGHT)

    assert state_of(process) == "rejected"
    event = house.ticket.events.get(data__what="decided")
    assert event.data["reason"] == "Too dear."


def test_the_first_of_several_stays_the_first_until_it_is_taken_back(house):
    kay, lou = colleagues(house.cast, "Kay", "Lou")
    rules = policy({"source": "team", "team": team_of(kay, lou), "rule": "any"})
    process = begun(house, rules)
    vote = approve(process, kay)

    with pytest.raises(Refused, match="Kay decided this a moment ago"):
        actions.vote(vote_of(lou, process), "rejected", by=lou, reason="No.", at=AT)
    assert vote_of(lou, process).state == "waiting"

    actions.withdraw_vote(vote, by=kay, at=AT)
    actions.vote(vote_of(lou, process), "rejected", by=lou, reason="No.", at=AT)
    assert state_of(process) == "rejected"


def test_a_request_that_is_withdrawn_in_that_moment_stays_withdrawn(house, process):
    approve(process, house.max)
    actions.cancel(house.ticket, at=AT)

    assert actions.settle_decided(AT + EIGHT) == 0
    assert state_of(process) == "cancelled"
    assert ApprovalStep.objects.get().settles_at is None


def test_the_page_offers_the_undo_without_script(house, process, signed_in, settings):
    settings.APPROVAL_UNDO_SECONDS = 8
    client = signed_in(house.max)
    url = f"/approvals/{vote_of(house.max, process).uuid}/"

    page = client.post(f"{url}decide/", {"decision": "approved"}, follow=True).content.decode()

    assert "Approved: Laptop for Ann" in page
    assert "Until then you can take it back." in page
    assert f'action="{url}withdraw/"' in page
    page = client.post(f"{url}withdraw/", follow=True).content.decode()
    assert "You are asked again: Laptop for Ann" in page
    assert Vote.objects.get().state == "waiting"
    assert "data-counts-at" not in page
