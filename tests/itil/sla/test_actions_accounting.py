"""Reading the accounts of a ticket's clocks."""

from datetime import timedelta

import pytest

from itil.sla.actions.accounting import accounts
from itil.sla.models import Metric
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from .stored import clock_of

NOON = MONDAY + timedelta(hours=2)


def metrics(found):
    return [account.clock.metric for account in found]


def test_every_clock_of_the_ticket_gives_its_account(ticket, desk):
    desk.take(NOON)
    found = accounts(ticket, NOON)
    assert metrics(found) == [Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE, Metric.RESOLUTION]


def test_one_clock_can_be_asked_for_alone(ticket):
    key = str(clock_of(ticket).pk)
    assert metrics(accounts(ticket, NOON, only=key)) == [Metric.RESOLUTION]


@pytest.mark.parametrize("key", ["0", "none"])
def test_a_clock_there_is_not_gives_none(ticket, key):
    assert accounts(ticket, NOON, only=key) == []


def test_reading_takes_two_queries_however_many_clocks(ticket, django_assert_num_queries):
    fresh = Ticket.objects.select_related("requester").get(pk=ticket.pk)
    with django_assert_num_queries(2):
        found = accounts(fresh, NOON)
    assert len(found) == 3
