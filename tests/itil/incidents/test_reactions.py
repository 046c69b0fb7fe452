"""What the end of a parent means to its children (`INC-4`)."""

from datetime import timedelta

import pytest

from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents import reactions
from itil.incidents.models import Incident
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
RESOLUTION = {"resolution_code": "fixed", "note": "The relay was replaced."}


@pytest.fixture
def family(cast):
    """A parent with children that are new, waiting, resolved earlier, and withdrawn."""
    parent = make.taken_incident(cast)
    new, waits = make.incident(cast), make.taken_incident(cast)
    question = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    desk.move(waits, "hold", by=cast.bo, values=question, at=MONDAY)
    resolved, withdrawn = make.resolved_incident(cast), make.incident(cast)
    desk.move(withdrawn, "withdraw", by=cast.ann, values={"reason": "Found it"}, at=MONDAY)
    children = [new, waits, resolved, withdrawn]
    Ticket.objects.filter(pk__in=[child.pk for child in children]).update(parent=parent)
    return parent, children


def states(children):
    return [
        Incident.objects.values_list("status", "resolution_code").get(pk=child.pk)
        for child in children
    ]


def test_a_resolved_parent_resolves_its_open_children_once(cast, family):
    parent, children = family
    desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION, at=MONDAY + HOUR)
    event = TicketEvent.objects.filter(ticket=parent, data__verb="resolve").get()

    reactions.react(event)
    reactions.react(event)

    assert states(children) == [
        ("resolved", "by_parent"),
        ("resolved", "by_parent"),
        ("resolved", "fixed"),
        ("cancelled", ""),
    ]
    told = Message.objects.filter(text="The relay was replaced.").exclude(ticket=parent)
    assert {message.ticket_id for message in told} == {child.pk for child in children[:2]}
    assert {(m.author, m.visibility, m.at) for m in told} == {(None, "public", MONDAY + HOUR)}
    assert len(told) == 2
    assert Incident.objects.get(pk=children[0].pk).resolved_at == MONDAY + HOUR


@pytest.mark.parametrize("verb", ["cancel", "close"])
def test_the_parents_other_ends_leave_the_children_alone(cast, family, verb):
    parent, children = family
    if verb == "close":
        desk.move(parent, "resolve", by=cast.bo, values=RESOLUTION)
    if verb == "close":
        # Resolving it has resolved them; what was opened again would hold the closing up.
        Ticket.objects.filter(pk__in=[child.pk for child in children[:2]]).update(phase="done")
    before = states(children)
    values = {"cancel_reason": "not_a_fault"} if verb == "cancel" else {}
    desk.move(parent, verb, by=cast.cleo if verb == "close" else cast.bo, values=values)

    reactions.react(TicketEvent.objects.filter(ticket=parent, data__verb=verb).get())

    assert states(children) == before


def test_an_incident_without_children_concerns_nobody_else(cast):
    incident, other = make.resolved_incident(cast), make.incident(cast)

    for event in TicketEvent.objects.filter(ticket=incident):
        reactions.react(event)

    assert Incident.objects.get(pk=other.pk).status == "new"
