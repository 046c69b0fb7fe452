"""What a contract brings and costs in a month, and that nothing missing counts as nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from billing.contracts.actions import add_charge
from billing.invoices import actions as invoicing
from billing.invoices.actions import Portion
from billing.invoices.parse import Quote
from billing.invoices.parse import month as parse_month
from billing.margins import actions
from billing.margins.matching import items_between, margins_of, totals_of
from billing.margins.models import CostRate
from tests import make
from tests.billing import make as billing

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def cost(hourly, person=None, since=date(2026, 1, 1), **changes):
    rate = CostRate(person=person, hourly_cost=Decimal(hourly), valid_from=since, **changes)
    return actions.add_cost(rate, by=None, ends_present=True)


def issued(cast, which="2026-03"):
    [draft] = invoicing.run_month(parse_month(which), by=None, at=MAY_2).drafted
    return invoicing.issue(draft, by=cast.bea, at=MAY_2)


def march():
    [row] = margins_of(items_between(*MARCH))
    return row


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme)


def test_billed_and_unbilled_stand_apart_and_cost_is_that_of_the_day(cast, contract):
    cost("40")
    cost("60", since=date(2026, 3, 10))
    billing.hours(cast, 80, date(2026, 3, 5))
    issued(cast)
    billing.hours(cast, 60, date(2026, 3, 12))
    row = march()
    assert (row.billed, row.unbilled) == (Decimal("150.00"), Decimal("100.00"))
    # 80 raw minutes at 40.00 and 60 at 60.00: rounding is the customer's, not the desk's.
    assert row.cost == Decimal("113.33")
    assert (row.margin, row.percent) == (Decimal("136.67"), Decimal("54.7"))


def test_work_that_is_not_billable_costs_and_brings_nothing(cast, contract):
    cost("40")
    billing.hours(cast, 60, date(2026, 3, 5), billing_kind="non_billable")
    billing.hours(cast, 60, date(2026, 3, 5), state="written_off")
    billing.hours(cast, 60, date(2026, 3, 5), state="rejected")
    row = march()
    assert (row.minutes, row.revenue, row.cost) == (120, 0, Decimal("80.00"))
    assert (row.margin, row.percent) == (Decimal("-80.00"), None)


def test_a_missing_cost_rate_is_named_and_there_is_no_margin(cast, contract):
    cost("40", person=cast.ned)
    billing.hours(cast, 60, date(2026, 3, 5))
    billing.hours(cast, 60, date(2026, 3, 5), agent=cast.ned)
    row = march()
    assert row.missing == (("no_cost", "Bo"),)
    assert (row.cost, row.margin, row.percent) == (Decimal("40.00"), None, None)
    [total] = totals_of([row])
    assert (total.margin, total.without) == (0, 1)


def test_work_without_a_rate_is_named_as_well(cast, contract):
    cost("40")
    type(contract).objects.update(default_hourly_rate=None)
    billing.hours(cast, 60, date(2026, 3, 5))
    assert march().missing == (("no_price", "Analysis"),)


def test_cost_in_another_currency_is_converted_by_the_kept_rate_of_the_day(cast, contract):
    type(contract).objects.update(currency="JPY", default_hourly_rate=Decimal(16000))
    cost("40")
    billing.hours(cast, 60, date(2026, 3, 5))
    assert march().missing == (("no_exchange_rate", "EUR–JPY"),)
    # Kept the other way round it serves as well; a later one does not reach back.
    for rate, on in (("0.00625", date(2026, 3, 1)), ("0.01", date(2026, 3, 6))):
        invoicing.enter_rates([Quote("JPY", "EUR", on, Decimal(rate), "ECB")], by=cast.bea)
    row = march()
    assert (row.currency, row.cost, row.margin) == ("JPY", Decimal(6400), Decimal(9600))
    [item] = items_between(*MARCH)
    assert (item.converted.source, item.converted.on) == ("ECB", date(2026, 3, 1))


def test_charges_in_another_currency_are_converted_before_and_after_they_are_billed(cast, contract):
    book = {"by": None, "description": "Book", "unit_price": Decimal(1600), "currency": "JPY"}
    add_charge(cast.acme, on=date(2026, 3, 5), at=NOW, **book)
    row = march()
    assert (row.unbilled, row.missing) == (0, (("no_exchange_rate", "JPY–EUR"),))
    # That of the day of supply holds; the later one is for the VAT on the invoice.
    for rate, on in (("0.00625", date(2026, 3, 4)), ("0.01", date(2026, 5, 1))):
        invoicing.enter_rates([Quote("JPY", "EUR", on, Decimal(rate), "ECB")], by=cast.bea)
    assert (march().unbilled, march().margin) == (Decimal("10.00"), Decimal("10.00"))
    issued(cast)
    assert (march().billed, march().unbilled) == (Decimal("10.00"), 0)


def test_a_charge_counts_for_the_contract_that_bills_it(cast, contract):
    mail = billing.contract(cast.acme, number="C-Mail")
    mail.services.add(cast.mail_service)
    ticket = make.incident(cast, service=cast.mail_service)
    fields = {"description": "Disk", "unit_price": Decimal(90), "ticket": ticket.ticket_ptr}
    add_charge(cast.acme, by=None, on=date(2026, 3, 5), at=NOW, **fields)
    assert (march().contract, march().unbilled) == (mail, Decimal("90.00"))
    issued(cast)
    assert (march().contract, march().billed) == (mail, Decimal("90.00"))


def test_a_credit_note_takes_its_part_off_what_was_billed(cast, contract):
    cost("40")
    billing.hours(cast, 120, date(2026, 3, 5))
    note = invoicing.credit(
        issued(cast),
        by=cast.bea,
        reason="Not agreed",
        portions={1: Portion(amount=Decimal("50.00"))},
        at=MAY_2,
    )
    assert march().billed == Decimal("200.00")
    invoicing.issue(note, by=cast.bea, at=MAY_2)
    assert march().billed == Decimal("150.00")


def test_the_sums_of_entries_are_the_figures_of_the_row(cast, contract):
    cost("41.37")
    for minutes in (7, 11, 13, 50, 61):
        billing.hours(cast, minutes, date(2026, 3, 5))
    items = items_between(*MARCH)
    row = march()
    assert round(sum(item.unbilled for item in items), 2) == row.unbilled
    assert row.unbilled == Decimal("300.00")


def test_managers_see_the_list_and_follow_each_figure_to_its_entries(signed_in, cast, contract):
    cost("40")
    billing.hours(cast, 60, date(2026, 3, 5))
    secret = make.incident(cast)
    secret.is_confidential = True
    secret.save()
    billing.hours(cast, 60, date(2026, 3, 6), ticket=secret)
    entries = reverse("margins:entries", args=[contract.uuid, "2026-03"])
    with time_machine.travel(NOW, tick=False):
        client = signed_in(cast.mia)
        page = client.get(reverse("margins:list"))
        assert entries in page.content.decode()
        assert [row.margin for row in page.context["rows"]] == [Decimal("120.00")]
        file = b"".join(client.get(reverse("margins:list") + "?format=csv")).decode()
        assert "Acme,C-Acme,2026-03,120,0.00,200.00,80.00,120.00,60.0,EUR," in file
        shown = client.get(entries).content.decode()
        assert shown.count("Bo</td>") == 1
        assert secret.number not in shown
        assert "1 row is about a ticket that you cannot open" in shown
        for name in ("bea", "cleo", "bo", "root", "ann"):
            for url in (reverse("margins:list"), entries):
                assert signed_in(getattr(cast, name)).get(url).status_code == 404
        assert (
            client.get(reverse("margins:entries", args=[contract.uuid, "2026-13"])).status_code
            == 404
        )


def test_the_list_costs_the_same_for_one_and_many(
    signed_in, cast, contract, django_assert_max_num_queries
):
    cost("40")
    client = signed_in(cast.mia)
    billing.hours(cast, 60, date(2026, 3, 5))
    with time_machine.travel(NOW, tick=False):
        with django_assert_max_num_queries(32) as first:
            client.get(reverse("margins:list"))
        for _count in range(3):
            billing.hours(cast, 60, date(2026, 3, 5))
        with django_assert_max_num_queries(len(first.captured_queries)):
            client.get(reverse("margins:list"))


def test_costs_are_added_ended_and_removed_on_their_page(signed_in, cast):
    client = signed_in(cast.mia)
    new = reverse("margins:new-cost")
    form = {"hourly_cost": "46", "currency": "EUR", "valid_from": "2026-01-01"}
    client.post(new, form)
    answer = client.post(new, form)
    assert answer.status_code == 409
    assert "Everybody else has a cost rate" in answer.content.decode()
    [rate] = CostRate.objects.all()
    client.post(reverse("margins:end-cost", args=[rate.pk]), {"on": "2026-06-30"})
    rate.refresh_from_db()
    assert rate.valid_to == date(2026, 6, 30)
    assert "46.00" in client.get(reverse("margins:costs")).content.decode()
    client.post(reverse("margins:remove-cost", args=[rate.pk]))
    assert not CostRate.objects.exists()
