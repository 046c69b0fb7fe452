"""Escalation steps that hand a ticket to another team (`SLA-23`)."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.reactions import react
from itil.incidents.models import Incident
from itil.sla import actions as sla
from itil.sla.models import EscalationStep
from itil.tickets.models import TicketEvent
from portal.worker.dispatch import dispatch_events
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import clock_of, opened, promise

NINE = at(3, 2, 9)


@pytest.fixture
def ticket(cast):
    """8 hours to resolve; with half of them gone it goes to the network team."""
    promise(cast.agreement, resolution=8)
    EscalationStep.objects.create(
        agreement=cast.agreement, percent=50, action="hand_over", team=cast.network_team
    )
    return opened(cast, NINE)


def escalated(ticket) -> TicketEvent:
    return ticket.events.get(data__what="escalated")


def handed_over(ticket) -> int:
    return ticket.events.filter(kind="assigned", data__what="team").count()


def notes(ticket) -> list[str]:
    return list(Message.objects.filter(ticket=ticket, visibility="internal").values_list("text"))


def test_it_is_handed_over_once_with_a_note_of_why(cast, ticket):
    desk.take(ticket, by=cast.bo, at=NINE)
    sla.tick(at(3, 2, 12, 59))
    dispatch_events()
    assert handed_over(ticket) == 0

    for _time in range(2):
        sla.tick(at(3, 2, 13))
        dispatch_events()

    stored = Incident.objects.get()
    assert (stored.team, stored.assignee, stored.claimed_by) == (cast.network_team, None, None)
    assert handed_over(ticket) == 1
    assert ticket.events.get(kind="assigned", data__what="team").actor is None
    (note,) = notes(ticket)
    assert note == (
        "Handed over to Network. 50% of the time for “Resolution” is used up (agreement Standard).",
    )
    # The clock towards the requester runs on (`SLA-20`).
    assert clock_of(ticket).due_at == at(3, 2, 17)


def test_a_reaction_that_runs_twice_hands_over_once(cast, ticket):
    sla.tick(at(3, 2, 13))
    dispatch_events()
    stored = Incident.objects.get()
    desk.hand_over(stored, cast.desk_team, by=cast.ned)

    react(escalated(ticket))

    assert Incident.objects.get().team == cast.desk_team
    assert len(notes(ticket)) == 1


def test_a_colleague_who_holds_the_ticket_does_not_hold_it_back(cast, ticket):
    sla.tick(at(3, 2, 13))
    desk.claim(ticket, by=cast.bo)

    dispatch_events()

    assert Incident.objects.get().team == cast.network_team


@pytest.mark.parametrize("what", ["resolved", "there already"])
def test_what_needs_no_help_any_more_is_left_alone(cast, ticket, what):
    sla.tick(at(3, 2, 13))
    if what == "resolved":
        desk.take(ticket, by=cast.bo)
        values = {"resolution_code": "fixed", "note": "It runs again."}
        desk.move(ticket, "resolve", by=cast.bo, values=values)
    else:
        desk.hand_over(ticket, cast.network_team, by=cast.bo)
    before = handed_over(ticket)

    assert desk.escalate(escalated(ticket)) is False
    assert (handed_over(ticket), notes(ticket)) == (before, [])


def test_a_team_that_is_gone_gets_nothing_and_a_note_says_so(cast, ticket):
    cast.network_team.active = False
    cast.network_team.save()
    sla.tick(at(3, 2, 13))

    for _time in range(2):
        desk.escalate(escalated(ticket))

    assert Incident.objects.get().team == cast.desk_team
    ((note,),) = notes(ticket)
    assert note.startswith("This was to be handed over, but the team of the step is not active")


def test_the_clock_of_the_new_team_begins_when_it_gets_the_ticket(cast, ticket):
    """Not at the time of the step, which a worker may have slept through."""
    sla.tick(at(3, 2, 16))
    event = escalated(ticket)
    assert (event.at, event.data["late"]) == (at(3, 2, 13), True)

    desk.escalate(event, at=at(3, 2, 16) + timedelta(seconds=5))

    assert ticket.events.get(kind="assigned", data__what="team").at == at(3, 2, 16) + timedelta(
        seconds=5
    )


def test_other_steps_hand_nothing_over(cast, ticket):
    EscalationStep.objects.update(action="notify_lead", team=None)
    other = opened(cast, NINE)
    sla.tick(at(3, 2, 13))
    dispatch_events()

    assert handed_over(other) == 0
