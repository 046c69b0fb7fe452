"""Asking, asking anew after an edit, ending early, and looking ahead (`APP-1`, `APP-9`)."""

from decimal import Decimal

import pytest

from itil.approvals import actions
from itil.approvals.matter import Matter, MatterFile
from itil.approvals.models import ApprovalProcess, PolicyStep, Vote
from itil.tickets.errors import Refused
from tests import make
from tests.cast import MONDAY

from .people import (
    DAY,
    HOUR,
    begun,
    colleagues,
    give,
    happened,
    last_event,
    manager_policy,
    matter,
    policy,
    state_of,
    states,
    team_of,
    vote_of,
    voters,
)

CHEAPER = {"amount": Decimal("10.00")}


def test_without_a_step_that_applies_nothing_is_asked(house):
    rules = policy({"source": "manager", "only_above": 5000})
    assert begun(house, rules) is None
    assert begun(house, policy(name="No steps")) is None
    assert actions.start(house.ticket, None, matter(house), at=MONDAY) is None
    assert (ApprovalProcess.objects.count(), happened(house.ticket)) == (0, [])


def test_a_ticket_is_up_for_approval_once(house):
    process = begun(house, manager_policy())
    with pytest.raises(Refused, match="waits for approval already"):
        begun(house, manager_policy(name="Other"))
    assert list(ApprovalProcess.objects.all()) == [process]


def test_what_voters_see_is_frozen(house):
    about = matter(house, barred=(house.cast.bo.pk,), owner=house.kim.pk, url="/requests/1/")
    process = actions.start(house.ticket, manager_policy(), about, at=MONDAY)
    stored = ApprovalProcess.objects.get(pk=process.pk)
    assert stored.about == about
    assert set(stored.barred.all()) == {house.ann, house.cast.bo}


def test_later_edits_of_the_policy_never_change_a_process(house):
    rules = policy({"source": "manager"}, {"source": "managers_manager"})
    process = begun(house, rules)
    PolicyStep.objects.all().delete()
    give(process, house.max, "approved")
    assert voters(process) == ["Max", "Rita"]


def test_an_edit_voids_open_and_given_votes_and_begins_at_step_one(house):
    rules = policy({"source": "manager"}, {"source": "managers_manager"})
    first = begun(house, rules)
    give(first, house.max, "approved")
    second = actions.restart(house.ticket, matter(house, title="Two laptops"), at=MONDAY + DAY)
    assert (state_of(first), states(first)) == ("void", ["void", "void"])
    assert set(Vote.objects.filter(step__process=first).values_list("state", flat=True)) == {"void"}
    assert (second.version, second.about.title) == (2, "Two laptops")
    assert (state_of(second), voters(second)) == ("running", ["Max"])
    assert happened(house.ticket)[-3:] == ["void", "started", "step_started"]


def test_an_edit_after_the_approval_asks_anew(house):
    first = begun(house, manager_policy())
    give(first, house.max, "approved")
    second = actions.restart(house.ticket, matter(house), at=MONDAY + DAY)
    assert (state_of(first), state_of(second)) == ("void", "running")


def test_an_edit_that_no_step_applies_to_ends_the_asking(house):
    first = begun(house, policy({"source": "manager", "only_above": 100}))
    assert actions.restart(house.ticket, matter(house, **CHEAPER), at=MONDAY + DAY) is None
    assert state_of(first) == "void"


def test_what_never_needed_approval_is_not_asked_anew(house):
    with pytest.raises(Refused, match="never needed approval"):
        actions.restart(house.ticket, matter(house), at=MONDAY)


def test_a_withdrawn_request_keeps_what_was_decided(house):
    process = begun(house, policy({"source": "manager"}, {"source": "managers_manager"}))
    give(process, house.max, "approved")
    actions.cancel(house.ticket, at=MONDAY + DAY)
    assert (state_of(process), states(process)) == ("cancelled", ["approved", "void"])
    assert voters(process) == ["Max"]
    assert last_event(house.ticket, "cancelled").at == MONDAY + DAY


def test_nothing_to_end_is_no_error(house):
    assert actions.cancel(house.ticket, at=MONDAY) is None
    assert actions.void(house.ticket, "Why not", at=MONDAY) is None
    assert happened(house.ticket) == []


def test_the_preview_names_who_would_be_asked(house):
    one, two = colleagues(house.cast, "One", "Two")
    rules = policy(
        {"source": "manager", "label": "Manager"},
        {"source": "team", "team": team_of(one, two, house.ann), "label": "Board"},
        {"source": "managers_manager", "label": "Board of large sums", "only_above": 5000},
    )
    steps = actions.preview(rules, matter(house), at=MONDAY)
    assert [(step.label, [one.name for one in step.people]) for step in steps] == [
        ("Manager", ["Max"]),
        ("Board", ["One", "Two"]),
    ]
    assert [step.usual_days for step in steps] == [None, None]
    assert actions.preview(None, matter(house), at=MONDAY) == []


def test_the_preview_is_what_starting_does(house):
    rules = policy({"source": "manager"}, {"source": "person", "person": house.max}, four_eyes=True)
    preview = actions.preview(rules, matter(house), at=MONDAY)
    process = begun(house, rules)
    give(process, house.max, "approved")
    assert voters(process) == [step.people[0].name for step in preview] == ["Max", "Rita"]


def test_how_long_a_step_usually_takes_is_the_median_of_ninety_days(house):
    rules = manager_policy()
    # Decided after 1, 2 and 4 business days; the weekend in between is not counted.
    for days in (1, 2, 7):
        ticket = make.incident(house.cast)
        process = actions.start(ticket, rules, matter(house), at=MONDAY)
        vote = vote_of(house.max, process)
        actions.vote(vote, "approved", by=house.max, at=MONDAY + days * DAY - HOUR)

    def usual(at):
        return actions.preview(rules, matter(house), at=at)[0].usual_days

    assert usual(MONDAY + 8 * DAY) == 2
    assert usual(MONDAY + 120 * DAY) is None


def test_a_matter_comes_back_from_its_data_as_it_was():
    whole = Matter(
        title="Laptop",
        requester_id=1,
        lines=(("A", "B"),),
        files=(MatterFile("quote.pdf", "attachments/1", "application/pdf"),),
        amount=Decimal("1.50"),
        currency="EUR",
        reason="Why",
        barred=(2, 3),
        owner=4,
        service_id=5,
        url="/x/",
        silence_approves=True,
    )
    assert Matter.of(whole.as_data()) == whole
    assert Matter.of(Matter(title="A", requester_id=1).as_data()).amount is None
