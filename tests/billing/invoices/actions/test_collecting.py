"""What a run would bill, and why some of it stays out (`BIL-9`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from billing.contracts.matching import terms_in_force
from billing.contracts.models import Charge
from billing.invoices.actions.collecting import collect, current_seller
from billing.invoices.parse import month
from tests import make
from tests.billing import make as billing

MARCH = month("2026-03")
DAY = date(2026, 3, 5)
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


def charge(organization, **changes):
    return Charge.objects.create(
        **{
            "organization": organization,
            "on": DAY,
            "description": "Laptop",
            "unit_price": Decimal("1200.00"),
            "created_at": NOON,
        }
        | changes
    )


def collected(**how):
    return collect(current_seller(), MARCH, terms_in_force(), **how)


def test_hours_without_a_stored_price_are_priced_by_the_present_terms(cast):
    billing.seller()
    billing.contract(cast.acme)
    entry = billing.hours(cast, 80, DAY)
    assert not hasattr(entry, "price")
    [bundle] = collected().groups.values()
    assert [(one.entry, one.minutes, one.base_rate) for one in bundle.hours] == [
        (entry.pk, 80, 100)
    ]


def test_charges_of_the_month_join_and_later_ones_wait(cast):
    billing.seller()
    billing.contract(cast.acme)
    now = charge(cast.acme)
    charge(cast.acme, on=MARCH.after.first)
    charge(cast.acme, state="proposed")
    [bundle] = collected(cut_off=NOON).groups.values()
    assert [(item.charge, item.vat_rate) for item in bundle.items] == [(now.pk, 19)]
    assert collected(cut_off=datetime(2026, 4, 1, tzinfo=UTC)).groups == {}


def test_a_charge_that_no_contract_bears_is_told(cast):
    billing.seller()
    charge(cast.globex)
    [skip] = collected().skipped
    assert skip.sentence == "“Laptop” has no contract that says how it is billed."


def test_only_what_one_customer_pays_for(cast):
    billing.seller()
    billing.contract(cast.acme)
    billing.contract(cast.globex)
    billing.hours(cast, 60, DAY)
    billing.hours(cast, 30, DAY, ticket=make.incident(cast, by=cast.dov, requester=cast.dov))
    assert len(collected().groups) == 2
    [key] = collected(payer=cast.globex.pk).groups
    assert key.payer == cast.globex.pk
