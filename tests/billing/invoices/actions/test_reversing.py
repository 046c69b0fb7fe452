"""An order that is taken back after it was invoiced: somebody decides about a credit."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from billing.contracts import actions as contracts
from billing.contracts.models import Charge
from billing.invoices import actions
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from tests.billing import make as billing
from tests.cast import MONDAY
from tests.catalog.requests import orders

APRIL = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
MAY = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def invoiced(shelf, cast):
    """Two laptops of Ann's, delivered and invoiced in March."""
    billing.seller()
    billing.contract(cast.acme, orders_charged_from=date(2026, 3, 1))
    request = orders.delivered(shelf, quantity=2)
    issue(cast, "2026-03", at=APRIL)
    return request


def issue(cast, text, *, at):
    for draft in actions.run_month(month(text), by=cast.bea, at=at).drafted:
        actions.issue(draft, by=cast.bea, at=at)


def reopened(request, cast, *, days=1):
    at = APRIL + timedelta(days=days)
    desk.move(request, "reopen", by=cast.ann, values={"reason": "No power"}, at=at)
    orders.react()


def delivered_again(request, cast, *, days=2):
    desk.move(request, "fulfil", by=cast.bo, at=APRIL + timedelta(days=days))
    orders.react()


def told():
    return [(one.description, one.net, one.state) for one in Charge.objects.order_by("pk")]


CREDIT = "Credit: New laptop, invoice HAL-2026-000001"


def test_a_credit_is_proposed_once_with_the_vat_of_the_invoice(shelf, invoiced, cast):
    reopened(invoiced, cast)
    assert actions.credit_order(invoiced, at=APRIL + timedelta(days=9)) != []
    assert told() == [("New laptop", 1960, "invoiced"), (CREDIT, -1960, "proposed")]
    credit = Charge.objects.proposed().get()
    assert (credit.quantity, credit.vat_category, credit.vat_rate) == (-2, "S", 19)
    assert (credit.on, credit.ticket_id) == (date(2026, 4, 3), invoiced.pk)


def test_it_waits_where_proposals_are_listed_and_stands_on_the_next_invoice_when_accepted(
    shelf, invoiced, cast, signed_in
):
    reopened(invoiced, cast)
    page = signed_in(cast.bea).get(reverse("contracts:charges") + "?view=proposed").content.decode()
    assert CREDIT in page
    issue(cast, "2026-04", at=MAY)
    assert Invoice.objects.count() == 1

    contracts.accept(Charge.objects.proposed().get(), by=cast.bea)
    billing.hours(cast, 1500, date(2026, 4, 7))
    [draft] = actions.run_month(month("2026-04"), by=cast.bea, at=MAY).drafted
    assert [line.net for line in draft.lines.order_by("position")] == [2500, -1960]


def test_delivered_again_the_proposal_is_withdrawn_and_nothing_is_charged_twice(
    shelf, invoiced, cast
):
    reopened(invoiced, cast)
    delivered_again(invoiced, cast)
    assert [row[1:] for row in told()] == [(1960, "invoiced"), (-1960, "withdrawn")]
    reopened(invoiced, cast, days=3)
    assert [row[1:] for row in told()] == [(1960, "invoiced"), (-1960, "proposed")]


def test_delivered_again_after_the_credit_was_accepted_it_is_charged_anew(shelf, invoiced, cast):
    reopened(invoiced, cast)
    contracts.accept(Charge.objects.proposed().get(), by=cast.bea)
    delivered_again(invoiced, cast)
    orders.react()
    assert [row[1:] for row in told()] == [(1960, "invoiced"), (-1960, "open"), (1960, "open")]
    assert contracts.charge_orders(date(2026, 4, 30), at=APRIL) == 0


def test_a_rejected_credit_is_not_asked_again(shelf, invoiced, cast):
    reopened(invoiced, cast)
    contracts.reject(Charge.objects.proposed().get(), by=cast.bea, reason="They keep it")
    actions.credit_order(invoiced, at=APRIL)
    assert [row[-1] for row in told()] == ["invoiced", "rejected"]


def test_what_a_credit_note_took_back_is_not_proposed_again(shelf, invoiced, cast):
    bill = Invoice.objects.get()
    portion = {1: actions.Portion(amount=Decimal(960))}
    actions.credit(bill, by=cast.bea, reason="One came late", portions=portion, at=APRIL)
    reopened(invoiced, cast)
    assert told()[-1] == (CREDIT, -1000, "proposed")
    actions.credit(bill, by=cast.bea, reason="All of it", at=APRIL)
    actions.follow_order_credits(APRIL)
    assert told()[-1] == (CREDIT, -1000, "withdrawn")


def test_months_after_the_end_of_an_order_are_given_back(shelf, invoiced, cast):
    """May was invoiced when somebody says that it ended in April."""
    Charge.objects.all().update(state="withdrawn")
    ServiceRequest.objects.filter(pk=invoiced.pk).update(
        price=Decimal(30), price_period="month", item_title="Phone line"
    )
    contracts.charge_orders(date(2026, 5, 1), at=MONDAY)
    issue(cast, "2026-05", at=APRIL + timedelta(days=30))
    ending = orders.sent(shelf, shelf.key)
    ServiceRequest.objects.filter(pk=ending.pk).update(ends=invoiced)
    ending.refresh_from_db()
    desk.move(ending, "fulfil", by=cast.bo, at=APRIL + timedelta(days=18))
    orders.react()
    assert [(one.description, one.net) for one in Charge.objects.proposed()] == [
        ("Credit: Phone line 2026-05, invoice HAL-2026-000002", -30)
    ]
