"""No page, no list and no file tells a customer's people what another customer pays (`VIS-1`).

Two customers with something of everything that has an amount. All their amounts differ, so an
answer that tells a stranger's gives itself away. Which models have amounts is read from them.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.db.models import DecimalField
from django.urls import reverse

from billing.contracts import actions as contracts
from billing.contracts.models import ContractRate, GeneralRate, KilometreRate, PartPrice, Retainer
from billing.estimates import actions as estimates
from billing.estimates.actions import NewLine
from billing.invoices import actions as invoices
from billing.invoices.models import Confirmation, Reminder
from billing.invoices.parse import month
from tests import make
from tests.billing import make as billing
from tests.billing.invoices import bills

from .addresses_bills import OF_BILLS
from .addresses_money import OF_COLLECTING
from .lists import LISTS
from .sweep import Browser, body_of, is_shut

pytestmark = pytest.mark.django_db
DAY, NOW = date(2026, 3, 5), datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
BILLING = ("contracts:", "estimates:", "invoices:")
# Numbers that are no amount of a customer: quantities, percents and multipliers.
NUMBERS = {"quantity", "multiplier", "vat_rate", "interest_rate", "tax_exchange_rate"}
NUMBERS |= {"out_of_hours_multiplier", "holiday_multiplier", "call_out_multiplier"}
# What is ours, or the bank's before somebody has said whose it is; clerks and managers only.
OURS = {"ApprovalLimit", "CollectionRules", "CostRate", "ExchangeRate", "StatementEntry"}
OURS |= {"BlockUse"}
# From a row to the customer.
OWNERS = ("organization", "contract", "invoice", "estimate", "payment", "entry", "ticket", "price")


def owner(row):
    """The organization whose row it is."""
    while row._meta.model_name != "organization":
        row = next(getattr(row, name) for name in OWNERS if getattr(row, name, None) is not None)
    return row


def money_models():
    """Each model of billing with the names of its columns of money."""
    for model in apps.get_models():
        columns = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, DecimalField) and field.name not in NUMBERS
        ]
        if model.__module__.startswith("billing.") and columns and model.__name__ not in OURS:
            yield model, columns


def amounts(organization):
    """Every amount of the customer as pages and files write it, but round and small ones."""
    found = set()
    for model, columns in money_models():
        for row in model._default_manager.all():
            if owner(row) == organization:
                found |= {getattr(row, column) for column in columns} - {None}
    telling = {amount for amount in map(abs, found) if amount > 1 and amount % 1}
    return {text for amount in telling for text in (f"{amount:,.2f}", f"{amount:.2f}")}


class Customer:
    """Pays `rate` for an hour; every other amount follows from it."""

    def __init__(self, cast, organization, rate: str):
        self.organization, self.rate = organization, Decimal(rate)
        self.contract = billing.contract(organization, default_hourly_rate=self.rate)
        self.contact = bills.contact(organization, f"Contact{organization.pk}")
        self.contact.can_approve_cost = True
        self.contact.save()
        asks = cast.ann if organization == cast.acme else cast.dov
        self.asks = asks
        self.ticket = make.incident(cast, by=asks, requester=asks)
        billing.hours(cast, 180, DAY, ticket=self.ticket)

    def sell(self, cast):
        """Rates, prepaid money, charges and an estimate of theirs."""
        terms = {"hourly_rate": self.rate + 2, "activity": cast.activity}
        contracts.add_rate(
            ContractRate(contract=self.contract, valid_from=NOW.date(), **terms), by=None
        )
        contracts.add_rate(GeneralRate(organization=self.organization, **terms), by=None)
        for price in (
            KilometreRate(
                contract=self.contract, price=round(self.rate / 3, 2), valid_from=NOW.date()
            ),
            PartPrice(contract=self.contract, name="Fan", unit_price=round(self.rate / 5, 2)),
        ):
            contracts.add_price(price, by=None)
        block = {"name": "Money", "amount": self.rate * 20, "price": self.rate * 19}
        contracts.add_retainer(
            Retainer(contract=self.contract, first_month=date(2026, 5, 1), unit="money", **block),
            by=None,
        )
        days = {"valid_from": date(2026, 4, 1), "valid_to": date(2026, 12, 31)}
        contracts.sell_block(self.contract, by=None, at=NOW, **block, **days)
        estimate = estimates.draft(
            make.incident(cast, by=self.asks, requester=self.asks),
            by=cast.bea,
            at=NOW,
            title="More",
            lines=[NewLine("Work", minutes=300, unit_price=self.rate)],
        )
        estimates.send(estimate, to=self.contact, by=cast.bea, at=NOW)

    def pay(self, cast, bill):
        """Their invoice is paid in part, late, and a little of it given up."""
        self.bill = bill
        parts = {name: self.rate / part for name, part in (("paid", 2), ("back", 8), ("off", 16))}
        paid, back, off = (round(one, 2) for one in parts.values())
        payment = invoices.record_payment(
            seller=bill.seller,
            organization=self.organization,
            currency="EUR",
            amount=paid + back,
            received_on=NOW.date(),
            by=cast.bea,
            shares=[(bill, paid)],
            at=NOW,
        )
        invoices.refund(payment, amount=back, paid_on=NOW.date(), by=cast.bea, at=NOW)
        self.payment = payment
        self.difference = invoices.book_difference(
            bill, kind="discount", amount=off, reason="Late work", by=cast.bea, at=NOW
        )
        bill.refresh_from_db()
        Reminder.objects.create(
            invoice=bill, level=1, proposed_at=NOW, days_late=8, balance=bill.balance
        )
        asked = invoices.propose_write_off(bill, amount=off, reason="x", by=cast.bea, at=NOW)
        self.confirmation = Confirmation.objects.get(pk=asked.pk)


@pytest.fixture
def both(cast):
    """Acme and Globex, each with everything; no amount of one is an amount of the other."""
    with time_machine.travel(NOW, tick=False):
        billing.seller()
        found = [Customer(cast, cast.acme, "71.37"), Customer(cast, cast.globex, "128.59")]
        drafts = {
            one.organization: one
            for one in invoices.run_month(month("2026-03"), by=None, at=NOW).drafted
        }
        for customer in found:
            customer.sell(cast)
            customer.pay(cast, bills.frozen(drafts[customer.organization], cast))
        yield found


def lists():
    """Every list of billing and time: the list itself, then its views and files."""
    for name, queries in LISTS.items():
        if name.startswith((*BILLING, "reports:", "desk:time")):
            address = reverse(name)
            yield [f"{address}{query}" for query in (*queries, "?view=all&format=csv")]


def pages(other):
    """The pages about the other one's records."""
    keys = {
        "bill": other.bill,
        "invoice": other.bill,
        "payment": other.payment,
        "confirmation": other.confirmation,
    }
    for name, address in (OF_BILLS | OF_COLLECTING).items():
        arguments = {"invoices:own-line": [1], "invoices:take-off": [1]}.get(name, [])
        if address.kind in keys and name not in {"invoices:revoke-link", "invoices:settle"}:
            key = [keys[address.kind].uuid, *arguments]
            if name == "invoices:end-difference":
                key.append(other.difference.pk)
            if name == "invoices:account":
                key = [other.organization.uuid]
            if name == "invoices:account-pdf":
                key = [other.organization.uuid, "EUR"]
            yield reverse(name, args=key)
    yield other.contract.get_absolute_url()
    yield other.organization.estimates.get().get_absolute_url()


def test_no_list_file_or_page_tells_one_customer_what_another_pays(cast, both):
    client = Browser()
    for model, _columns in money_models():
        rows = {owner(row) for row in model._default_manager.all()}
        assert rows == {one.organization for one in both}, f"{model.__name__} has rows of both"
    said = []
    for me, other in (both, reversed(both)):
        mine, theirs = amounts(me.organization), amounts(other.organization)
        assert len(theirs) > 15
        assert not mine & theirs
        for who in (me.contact, me.asks):
            client.force_login(who)
            for urls in (*lists(), *([url] for url in pages(other))):
                for url in urls:
                    answer = client.get(url)
                    told = sorted(amount for amount in theirs if amount in body_of(answer))
                    said += [f"{who} {url}: {told}"] if told else []
                    # Shut by the duty is shut whatever is asked for.
                    if is_shut(str(who), answer):
                        break
        client.force_login(me.contact)
        own = body_of(client.get(reverse("invoices:own-list") + "?format=csv"))
        assert f"{me.bill.payable_total:.2f}" in own
    # Who may see both finds both there.
    client.force_login(cast.bea)
    listed = body_of(client.get(reverse("invoices:list") + "?format=csv"))
    assert all(f"{one.bill.payable_total:.2f}" in listed for one in both)
    assert said == [], "\n".join(said)
