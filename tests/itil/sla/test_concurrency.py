"""The worker and people at once (`GEN-7`, `SLA-24`)."""

import threading

import pytest
from django.db import connection, transaction

from itil.sla import actions as sla
from itil.sla.models import EscalationStep, Metric, Outcome
from itil.tickets.models import Ticket, TicketEvent
from tests.cast import MONDAY
from tests.together import PATIENCE, at_once

from .stored import ONE_HOUR, Verbs, clock_of, columns, opened

LATE = MONDAY + 3 * ONE_HOUR

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


@pytest.fixture
def late_tickets(cast) -> list[Ticket]:
    """Five tickets whose acknowledgement and first response were missed and are to be told of."""
    EscalationStep.objects.create(agreement=cast.agreement, percent=100, action="notify_lead")
    return [opened(cast, MONDAY) for _n in range(5)]


def test_two_workers_at_once_tell_everything_once(late_tickets):
    at_once(lambda: sla.tick(LATE), lambda: sla.tick(LATE))
    # What one of them left to the other is found by the next run.
    sla.tick(LATE)
    told = TicketEvent.objects.filter(kind="clock")
    for ticket in late_tickets:
        lines = [(one.data["metric"], one.data["what"]) for one in told.filter(ticket=ticket)]
        assert sorted(lines) == [
            ("acknowledge", "breached"),
            ("acknowledge", "escalated"),
            ("first_response", "breached"),
            ("first_response", "escalated"),
        ]


def test_people_and_the_worker_do_not_wait_for_each_other_in_a_circle(cast, late_tickets):
    """A verb locks its ticket, then the clocks; the worker is after both as well."""

    def answer_all():
        for ticket in late_tickets:
            Verbs(cast, Ticket.objects.get(pk=ticket.pk)).reply(LATE)

    at_once(answer_all, *(lambda: sla.tick(LATE) for _run in range(3)))
    sla.tick(LATE)
    for ticket in late_tickets:
        response = clock_of(ticket, Metric.FIRST_RESPONSE)
        assert (response.state, response.outcome) == ("stopped", Outcome.BREACHED)
        assert ticket.events.filter(data__what="breached").count() == 2
        assert columns(ticket)[2] is True
        (found,) = sla.differences(Ticket.objects.filter(pk=ticket.pk), LATE)
        assert found[1] == []


def test_ticket_that_somebody_changes_just_now_is_told_of_once_they_are_done(late_tickets):
    busy = late_tickets[0]
    held, looked = threading.Event(), threading.Event()

    def change():
        with transaction.atomic():
            Ticket.objects.select_for_update().get(pk=busy.pk)
            held.set()
            # SQLite has one writer, so there the worker waits for this to end.
            looked.wait(0 if connection.vendor == "sqlite" else PATIENCE)

    def work():
        held.wait(PATIENCE)
        found = sla.tick(LATE)["breached"]
        looked.set()
        return found

    _changed, first = at_once(change, work)
    # A row lock is not waited for: the busy ticket is left to the next run.
    assert first == (10 if connection.vendor == "sqlite" else 8)
    assert sla.tick(LATE)["breached"] == 10 - first
    assert busy.events.filter(data__what="breached").count() == 2
