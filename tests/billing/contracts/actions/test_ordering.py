"""Delivered orders of the catalog become charges: each once, as the buyer saw them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.contracts import actions
from billing.contracts.matching import terms_in_force
from billing.contracts.models import Charge, Contract
from billing.invoices import actions as invoicing
from billing.invoices.parse import month
from catalog.requests.models import ServiceRequest
from itil.desk import actions as desk
from tests.billing import make as billing
from tests.cast import MONDAY
from tests.catalog.requests import orders

FIRST = date(2026, 3, 1)
LATER = MONDAY + timedelta(days=1)
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme, orders_charged_from=FIRST)


def told():
    return [
        (one.description, one.quantity, one.unit_price, one.currency, one.state)
        for one in Charge.objects.order_by("on", "pk")
    ]


def monthly(request, price="30.00"):
    """The same order of something that is paid by the month."""
    ServiceRequest.objects.filter(pk=request.pk).update(
        price=Decimal(price), price_period="month", item_title="Phone line"
    )
    request.refresh_from_db()
    return request


def test_a_delivered_order_is_charged_once_at_the_price_its_buyer_saw(shelf, contract):
    request = orders.approved(shelf, quantity=2)
    shelf.laptop.price = Decimal(5)
    shelf.laptop.save()
    assert told() == []

    orders.work_off(request, by=shelf.cast.bo, at=MONDAY)
    orders.react()
    actions.charge_order(request, until=FIRST, at=LATER)
    assert actions.charge_orders(date(2026, 3, 31), at=LATER) == 0

    assert told() == [("New laptop", 2, Decimal("980.0000"), "EUR", "open")]
    charge = Charge.objects.get()
    assert (charge.ticket_id, charge.on, charge.contract) == (request.pk, MONDAY.date(), contract)


def test_it_stands_on_one_line_of_the_invoice_with_the_vat_of_the_contract(shelf, contract, cast):
    orders.delivered(shelf)
    [draft] = invoicing.run_month(month("2026-03"), by=cast.bea, at=APRIL).drafted
    again = invoicing.run_month(month("2026-03"), by=cast.bea, at=APRIL)
    assert (again.drafted, len(again.unchanged)) == ([], 1)
    line = draft.lines.get()
    assert (line.description, line.net, line.vat_rate) == ("New laptop", 980, 19)
    assert line.items.get().charge == Charge.objects.get()


def test_a_reopened_order_is_withdrawn_and_comes_back_when_it_is_delivered(shelf, contract):
    request = orders.delivered(shelf)
    desk.move(request, "reopen", by=shelf.cast.ann, values={"reason": "No power"}, at=LATER)
    orders.react()
    charge = Charge.objects.get()
    assert (charge.state, charge.decision) == (
        "withdrawn",
        "The order is not delivered any more.",
    )
    desk.move(request, "fulfil", by=shelf.cast.bo, at=LATER)
    orders.react()
    charge.refresh_from_db()
    assert (charge.state, charge.on, charge.decision) == ("open", LATER.date(), "")


def test_what_was_invoiced_stays_when_the_order_is_reopened(shelf, contract):
    request = orders.delivered(shelf)
    Charge.objects.update(state="invoiced")
    desk.move(request, "reopen", by=shelf.cast.ann, values={"reason": "No power"}, at=LATER)
    orders.react()
    assert [row[-1] for row in told()] == ["invoiced"]


def test_only_contracts_that_say_so_charge_and_only_from_that_day(shelf, cast):
    contract = billing.contract(cast.acme)
    orders.delivered(shelf)
    assert told() == []

    contract.orders_charged_from = MONDAY.date() + timedelta(days=1)
    actions.keep_contract(contract, by=cast.bea, at=LATER)
    actions.charge_orders(LATER.date(), at=LATER)
    assert told() == []
    contract.orders_charged_from = FIRST
    actions.keep_contract(contract, by=cast.bea, at=LATER)
    actions.charge_orders(LATER.date(), at=LATER)
    assert [row[0] for row in told()] == ["New laptop"]


def test_what_is_free_is_not_charged(shelf, contract):
    request = orders.sent(shelf, shelf.key)
    desk.move(request, "fulfil", by=shelf.cast.bo, at=LATER)
    orders.react()
    assert told() == []


def test_a_price_that_cannot_be_divided_loses_no_cent(shelf, contract):
    request = orders.delivered(shelf, quantity=3)
    Charge.objects.all().delete()
    ServiceRequest.objects.filter(pk=request.pk).update(price=Decimal("100.00"))
    actions.charge_order(request, until=FIRST, at=LATER)
    assert told() == [("3 × New laptop", 1, Decimal("100.0000"), "EUR", "open")]


def test_a_monthly_price_is_charged_for_each_month_until_it_is_ended(shelf, contract, cast):
    request = orders.delivered(shelf)
    Charge.objects.all().delete()
    monthly(request)
    for _run in range(2):
        actions.charge_orders(date(2026, 5, 2), at=LATER)
    assert [row[0] for row in told()] == [f"Phone line 2026-0{count}" for count in (3, 4, 5)]
    assert {row.unit for row in Charge.objects.all()} == {"MON"}

    ending = orders.sent(shelf, shelf.key)
    ServiceRequest.objects.filter(pk=ending.pk).update(ends=request)
    ending.refresh_from_db()
    at = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)
    desk.move(ending, "fulfil", by=cast.bo, at=at)
    orders.react()
    actions.charge_orders(date(2026, 6, 2), at=at)
    assert [row[-1] for row in told()] == ["open", "open", "withdrawn"]


def test_months_long_invoiced_cost_nothing_more(shelf, contract):
    request = monthly(orders.delivered(shelf))
    Charge.objects.all().delete()
    terms = terms_in_force()

    def invoiced_until(last):
        actions.charge_order(request, until=last, at=LATER, terms=terms)
        Charge.objects.update(state="invoiced")
        with CaptureQueriesContext(connection) as asked:
            found = actions.charge_order(request, until=last, at=LATER, terms=terms)
        return len(found), len(asked)

    months, queries = invoiced_until(date(2026, 4, 1))
    assert months == 2
    assert invoiced_until(date(2028, 2, 1)) == (24, queries)


def test_each_order_costs_the_same_number_of_queries(
    shelf, contract, django_assert_max_num_queries
):
    request = orders.delivered(shelf)
    terms = terms_in_force()
    with django_assert_max_num_queries(12):
        actions.charge_order(request, until=FIRST, at=LATER, terms=terms)
    assert Contract.objects.count() == 1
