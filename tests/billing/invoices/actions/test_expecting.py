"""What unbilled work would come to: the frozen price, else that of today."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from billing.contracts.actions import price_missing, sell_block
from billing.invoices.actions import expected, expected_on
from billing.invoices.matching import unbilled
from portal.people.models import Organization
from tests import make
from tests.billing import make as billing

DAY = date(2026, 3, 5)


@pytest.fixture
def contract(cast):
    billing.seller()
    return billing.contract(cast.acme, rounding_scope="ticket_day")


def amounts():
    return {pk: one.amount for pk, one in expected(unbilled()).items()}


def test_a_frozen_price_stays_and_what_is_not_priced_yet_costs_as_today(cast, contract):
    frozen = billing.hours(cast, 60, DAY)
    price_missing([frozen])
    type(contract).objects.update(default_hourly_rate=Decimal(120))
    waiting = billing.hours(cast, 60, DAY, state="submitted")
    assert amounts() == {frozen.pk: 100, waiting.pk: 120}


def test_entries_share_what_is_rounded_together_to_the_cent(cast, contract):
    ticket = make.incident(cast)
    pks = [billing.hours(cast, minutes, DAY, ticket=ticket).pk for minutes in (5, 7, 4)]
    found = amounts()
    # 16 minutes of one ticket and day are half an hour.
    assert sum(found[pk] for pk in pks) == 50
    assert found[pks[1]] == Fraction(50) * 21 / 30


def test_prepaid_hours_ask_for_nothing_again(cast, contract):
    sell_block(
        contract,
        by=cast.bea,
        name="One hour",
        minutes=60,
        price=Decimal(95),
        valid_from=DAY,
        valid_to=date(2026, 12, 31),
    )
    entry = billing.hours(cast, 90, DAY)
    price_missing([entry])
    assert amounts() == {entry.pk: 50}


def test_without_a_rate_nobody_can_say(cast):
    entry = billing.hours(cast, 60, DAY)
    assert amounts() == {entry.pk: None}


@pytest.fixture
def sisters(cast):
    """Acme and Globex under one holding, whose contract bears the work for both."""
    billing.seller()
    holding = Organization.objects.create(name="Holding", kind=Organization.Kind.CUSTOMER)
    Organization.objects.filter(pk__in=[cast.acme.pk, cast.globex.pk]).update(parent=holding)
    return billing.contract(holding)


def prepaid_hour(contract, cast):
    sell_block(
        contract,
        by=cast.bea,
        name="One hour",
        minutes=60,
        price=Decimal(95),
        valid_from=DAY,
        valid_to=date(2026, 12, 31),
    )


def worked_for_globex(cast, minutes=60):
    ticket = make.incident(cast, by=cast.dov, requester=cast.dov)
    return billing.hours(cast, minutes, DAY, ticket=ticket)


def test_on_a_ticket_prepaid_hours_that_a_sister_has_used_are_used(cast, sisters):
    prepaid_hour(sisters, cast)
    price_missing([worked_for_globex(cast)])
    ticket = make.incident(cast)
    entry = billing.hours(cast, 60, date(2026, 3, 6), ticket=ticket)
    price_missing([entry])

    assert expected_on(ticket)[entry.pk].amount == 100
    assert amounts()[entry.pk] == 100


def test_on_a_ticket_work_of_a_sister_that_has_left_the_family_still_counts(cast, sisters):
    prepaid_hour(sisters, cast)
    price_missing([worked_for_globex(cast)])
    Organization.objects.filter(pk=cast.globex.pk).update(parent=None)
    ticket = make.incident(cast)
    entry = billing.hours(cast, 60, date(2026, 3, 6), ticket=ticket)

    assert expected_on(ticket)[entry.pk].amount == amounts()[entry.pk] == 100


def test_on_a_ticket_those_who_share_no_contract_are_not_read(cast, contract):
    theirs = worked_for_globex(cast)
    ticket = make.incident(cast)
    entry = billing.hours(cast, 60, DAY, ticket=ticket)

    found = expected_on(ticket)
    assert found[entry.pk].amount == 100
    assert theirs.pk not in found
