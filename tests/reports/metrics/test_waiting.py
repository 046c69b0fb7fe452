"""The states of waiting are those of the life cycles."""

from catalog.requests.models import ServiceRequest
from itil.incidents.models import Incident
from itil.tickets.lifecycle import Phase
from reports.metrics.waiting import HELD, UNTOUCHED

LIFECYCLES = (Incident.LIFECYCLE, ServiceRequest.LIFECYCLE)


def test_held_are_all_states_of_the_phase_of_waiting():
    phases = [pair for one in LIFECYCLES for pair in one.phases.items()]
    assert {status for status, phase in phases if phase == Phase.WAITING} == set(HELD)


def test_untouched_is_the_state_in_which_a_ticket_begins():
    assert {one.start for one in LIFECYCLES} == set(UNTOUCHED)
