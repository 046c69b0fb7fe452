"""Price and way of an order before it is sent."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.requests import actions
from itil.tickets.models import Ticket
from tests.cast import MONDAY

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_the_preview_tells_the_price_who_approves_and_the_promise(shelf):
    draft = orders.draft(shelf, typed={"model": "creator", "extras": ["dock"]}, quantity=2)
    found = actions.preview(draft, shelf.laptop, by=shelf.cast.ann, at=MONDAY)

    assert [(line.label, line.amount) for line in found.lines] == [
        ("Creator 14", Decimal(1890)),
        ("USB-C dock", Decimal(140)),
    ]
    assert found.total == Decimal(4060)
    assert [(step.label, step.people) for step in found.steps] == [("Manager", (shelf.cast.max,))]
    assert found.delivered_by == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert not Ticket.objects.exists()


def test_what_is_free_and_needs_nobody_says_so(shelf):
    found = actions.preview(orders.draft(shelf, shelf.key), shelf.key, by=shelf.cast.ann, at=MONDAY)
    assert (found.lines, found.total, found.steps, found.delivered_by) == ([], 0, [], None)
