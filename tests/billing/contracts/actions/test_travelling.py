"""Kilometers of travel: booked, charged by the rate of their day, and withdrawn (`BIL-6`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts import actions
from billing.contracts.models import Charge, KilometreRate
from billing.invoices import actions as invoicing
from billing.invoices.parse import month
from itil.desk import actions as desk
from itil.tickets.errors import MissingValue
from itil.timesheets.models import Activity
from tests import make
from tests.billing import make as billing
from tests.cast import MONDAY

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
MARCH = month("2026-03")


@pytest.fixture
def travel(db):
    return Activity.objects.create(name="Travel", kind="travel")


@pytest.fixture
def contract(cast):
    billing.seller()
    found = billing.contract(cast.acme)
    for price, since in (("0.40", date(2025, 1, 1)), ("0.45", date(2026, 3, 10))):
        price = KilometreRate(contract=found, price=Decimal(price), valid_from=since)
        actions.add_price(price, by=cast.bea)
    return found


def drive(cast, travel, day=DAY, kilometres="42.5", **details):
    return desk.log_time(
        make.incident(cast),
        by=cast.bo,
        minutes=30,
        activity=travel,
        work_date=day,
        kilometres=Decimal(kilometres),
        at=NOON,
        **details,
    )


def told():
    return [(one.quantity, one.unit, one.unit_price, one.state) for one in Charge.objects.all()]


def test_they_cost_what_the_contract_says_on_that_day(cast, travel, contract):
    entry = drive(cast, travel)
    drive(cast, travel, day=date(2026, 3, 10))
    assert told() == [
        (Decimal("42.5"), "KMT", Decimal("0.45"), "open"),
        (Decimal("42.5"), "KMT", Decimal("0.40"), "open"),
    ]
    assert entry.kilometre_charge.net == Decimal("17.00")


def test_they_are_a_line_of_their_own_beside_the_time(cast, travel, contract):
    drive(cast, travel)
    [draft] = invoicing.run_month(MARCH, by=cast.bea, at=APRIL).drafted
    again = invoicing.run_month(MARCH, by=cast.bea, at=APRIL)
    assert [(line.description, line.net) for line in draft.lines.order_by("position")] == [
        ("Travel", Decimal("50.00")),
        ("Travel, kilometers", Decimal("17.00")),
    ]
    assert len(again.unchanged) == 1


def test_their_line_speaks_the_language_of_the_invoice(cast, travel, contract):
    contract.language = "de"
    contract.save()
    drive(cast, travel)
    [draft] = invoicing.run_month(MARCH, by=cast.bea, at=APRIL).drafted
    assert draft.lines.get(position=2).description == "Travel, Kilometer"


def test_a_correction_follows_and_what_is_taken_back_is_withdrawn(cast, travel, contract):
    entry = drive(cast, travel)
    values = {"kilometres": Decimal(50)}
    entry = desk.correct_time(entry, by=cast.bo, reason="Detour", changes=values, at=NOON)
    assert told() == [(50, "KMT", Decimal("0.40"), "open")]
    desk.remove_time(entry, by=cast.bo, reason="Another ticket", at=NOON)
    assert told() == [(50, "KMT", Decimal("0.40"), "withdrawn")]


def test_they_wait_for_the_approval_where_the_contract_wants_one(cast, travel, contract):
    contract.time_approval = True
    contract.save()
    entry = drive(cast, travel)
    assert told() == []
    desk.approve_time([entry], by=cast.cleo, at=NOON)
    assert len(told()) == 1


def test_included_travel_time_leaves_the_way_to_be_paid(cast, travel, contract):
    contract.included_activities.set([travel])
    contract.save()
    drive(cast, travel)
    drive(cast, travel, billing_kind="non_billable")
    assert len(told()) == 1


def test_without_a_price_the_run_says_so_until_one_is_entered(cast, travel):
    billing.seller()
    contract = billing.contract(cast.acme)
    drive(cast, travel)
    [skip] = invoicing.preview(MARCH).warnings
    assert skip.sentence == "1 time entry with kilometers, for which the contract has no price."
    price = KilometreRate(contract=contract, price=Decimal("0.40"), valid_from=DAY)
    actions.add_price(price, by=cast.bea, at=NOON)
    assert invoicing.preview(MARCH).warnings == []
    assert len(told()) == 1


def test_what_was_withdrawn_without_a_price_is_missed_and_charged_when_there_is_one(cast, travel):
    billing.seller()
    contract = billing.contract(cast.acme, time_approval=True)
    price = {"contract": contract, "price": Decimal("0.40"), "valid_from": DAY}
    found = actions.add_price(KilometreRate(**price), by=cast.bea, at=NOON)
    entry = drive(cast, travel)
    desk.approve_time([entry], by=cast.cleo, at=NOON)
    actions.remove_price(found, by=cast.bea, at=NOON)
    entry = desk.correct_time(
        entry, by=cast.bo, reason="Detour", changes={"kilometres": Decimal(50)}, at=NOON
    )
    desk.approve_time([entry], by=cast.cleo, at=NOON)
    assert [row[-1] for row in told()] == ["withdrawn"]
    assert [skip.reason for skip in invoicing.preview(MARCH).warnings] == ["no_kilometre_rate"]
    actions.add_price(KilometreRate(**price), by=cast.bea, at=NOON)
    assert told() == [(50, "KMT", Decimal("0.40"), "open")]
    assert invoicing.preview(MARCH).warnings == []


@pytest.mark.parametrize("kilometres", ["0", "-3", "6000"])
def test_impossible_distances_are_refused(cast, travel, kilometres):
    with pytest.raises(MissingValue, match="between"):
        drive(cast, travel, kilometres=kilometres)


def test_only_travel_has_kilometers(cast):
    with pytest.raises(MissingValue, match="belong to travel"):
        drive(cast, cast.activity)


def test_an_entry_past_midnight_counts_them_once(cast, travel, contract):
    booked = desk.log_span(
        make.incident(cast),
        by=cast.bo,
        started_at=datetime(2026, 3, 2, 22, 30, tzinfo=UTC),
        ended_at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
        activity=travel,
        kilometres=Decimal(80),
        at=NOON,
    )
    assert [entry.kilometres for entry in booked] == [80, None]
    assert MONDAY < NOON
