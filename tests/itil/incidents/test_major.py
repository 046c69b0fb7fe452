"""Proposing a major incident, by an agent and by an escalation step (`INC-8`)."""

import pytest

from itil.desk import actions as desk
from itil.incidents.actions import propose_major
from itil.incidents.models import Incident, MajorState
from itil.incidents.reactions import react
from itil.sla import actions as sla
from itil.sla.models import EscalationStep
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from portal.worker.dispatch import dispatch_events
from tests import make
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import opened, promise

ALL = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


@pytest.mark.parametrize("name", ALL)
def test_agents_of_the_queue_propose_it(cast, name):
    incident = make.incident(cast)
    if name in ("bo", "cleo"):
        assert propose_major(incident, by=getattr(cast, name), reason="The whole site.", at=MONDAY)
    else:
        with pytest.raises(NotAllowed):
            propose_major(incident, by=getattr(cast, name), reason="The whole site.")

    expected = MajorState.CANDIDATE if name in ("bo", "cleo") else MajorState.NONE
    assert Incident.objects.get().major_state == expected


def test_a_proposal_is_an_event_with_its_reason_and_a_new_version(cast):
    incident = make.incident(cast)
    version = incident.version

    propose_major(incident, by=cast.bo, reason=" The whole site. ", at=MONDAY)

    event = incident.events.get(kind="edited")
    assert event.data == {
        "changes": {"major_state": ["none", "candidate"]},
        "reason": "The whole site.",
    }
    assert (incident.major_state, incident.version) == (MajorState.CANDIDATE, version + 1)
    assert incident.is_major is False


@pytest.mark.parametrize("state", [state for state in MajorState if state != MajorState.NONE])
def test_what_was_proposed_or_decided_is_not_proposed_again(cast, state):
    incident = make.incident(cast)
    Incident.objects.update(major_state=state)

    assert propose_major(incident, by=None, reason="The whole site.") is False
    assert Incident.objects.get().major_state == state
    assert not incident.events.filter(kind="edited").exists()


def test_a_reason_is_needed_and_an_open_incident(cast):
    incident = make.resolved_incident(cast)
    with pytest.raises(MissingValue):
        propose_major(incident, by=cast.bo, reason=" ")
    with pytest.raises(Refused, match="is “Resolved” already"):
        propose_major(incident, by=cast.bo, reason="The whole site.")
    assert Incident.objects.get().major_state == MajorState.NONE


# --- Escalation -------------------------------------------------------------------------------


@pytest.fixture
def incident(cast):
    """8 hours to resolve; with three quarters of them gone it is proposed as major."""
    promise(cast.agreement, resolution=8)
    EscalationStep.objects.create(agreement=cast.agreement, percent=75, action="propose_major")
    return opened(cast, at(3, 2, 9))


def test_a_step_proposes_and_never_accepts(cast, incident):
    sla.tick(at(3, 2, 15))
    for _time in range(2):
        dispatch_events()
        react(incident.events.get(data__what="escalated"))

    assert Incident.objects.get().major_state == MajorState.CANDIDATE
    proposal = incident.events.get(kind="edited")
    assert (proposal.actor, proposal.data["reason"]) == (
        None,
        "75% of the time for “Resolution” is used up.",
    )
    assert proposal.cause == incident.events.get(data__what="escalated")


def test_a_rejected_proposal_is_not_made_again(cast, incident):
    sla.tick(at(3, 2, 15))
    dispatch_events()
    Incident.objects.update(major_state=MajorState.REJECTED)

    react(incident.events.get(data__what="escalated"))

    assert Incident.objects.get().major_state == MajorState.REJECTED


def test_a_step_leaves_alone_what_was_resolved_meanwhile(cast, incident):
    sla.tick(at(3, 2, 15))
    desk.take(incident, by=cast.bo)
    values = {"resolution_code": "fixed", "note": "It runs again."}
    desk.move(incident, "resolve", by=cast.bo, values=values)

    react(incident.events.get(data__what="escalated"))

    assert Incident.objects.get().major_state == MajorState.NONE
