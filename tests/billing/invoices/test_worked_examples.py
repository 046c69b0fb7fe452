"""The worked examples of a whole month, by the real verbs: book, approve, run, issue."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.contracts.actions import approve_time, sell_block
from billing.contracts.models import (
    BillingRole,
    Charge,
    ContractRate,
    GeneralRate,
    PersonRole,
)
from billing.invoices import actions
from billing.invoices.errors import IncompleteInvoice
from billing.invoices.models import BilledTime, Invoice
from billing.invoices.parse import month
from itil.desk.actions import log_time
from itil.timesheets.actions import add_span
from itil.timesheets.models import Activity, TimeEntry
from tests import make
from tests.billing import make as billing

MARCH, APRIL = month("2026-03"), month("2026-04")
DAY = date(2026, 3, 5)
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def ticket(cast):
    billing.seller()
    return make.incident(cast)


def book(cast, ticket, minutes, day=DAY, *, activity=None, **more):
    """Bo books on the evening of `day`."""
    return log_time(
        ticket,
        by=cast.bo,
        minutes=minutes,
        activity=activity or cast.activity,
        work_date=day,
        at=datetime(day.year, day.month, day.day, 20, 0, tzinfo=UTC),
        **more,
    )


def span(cast, ticket, begin, end):
    """Bo worked from `begin` to `end`, times of Berlin in March before summer time."""
    day = DAY.isoformat()
    return add_span(
        ticket,
        agent=cast.bo,
        activity=cast.activity,
        started_at=datetime.fromisoformat(f"{day}T{begin}:00+01:00"),
        ended_at=datetime.fromisoformat(f"{day}T{end}:00+01:00"),
        at=MAY_2,
    )


def bill(cast, period=MARCH):
    """Run the month and issue what it drafts."""
    [draft] = actions.run_month(period, by=cast.bea, at=MAY_2).drafted
    return actions.issue(draft, by=cast.bea, at=MAY_2)


def lines(invoice):
    return [(line.minutes, line.net) for line in invoice.lines.order_by("position")]


def charge(cast, text, price, quantity="1", **more):
    return Charge.objects.create(
        organization=cast.acme,
        on=DAY,
        description=text,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        created_at=MAY_2,
        **more,
    )


def test_b1_eighty_minutes_are_billed_as_ninety(cast, ticket):
    billing.contract(cast.acme, rates={cast.activity: "120.00"})
    book(cast, ticket, 80)
    invoice = bill(cast)
    assert lines(invoice) == [(90, Decimal("180.00"))]
    assert (invoice.vat_total, invoice.payable_total) == (Decimal("34.20"), Decimal("214.20"))


@pytest.mark.parametrize(("scope", "billed"), [("entry", 45), ("ticket_day", 30)])
def test_b2_three_short_entries_by_scope(cast, ticket, scope, billed):
    billing.contract(cast.acme, rounding_scope=scope)
    for minutes in (5, 7, 4):
        book(cast, ticket, minutes)
    assert [minutes for minutes, _net in lines(bill(cast))] == [billed]
    assert sum(BilledTime.objects.values_list("raw_minutes", flat=True)) == 16


def test_b3_a_minimum_for_ticket_and_day(cast, ticket):
    billing.contract(cast.acme, minimum_minutes=30, rounding_scope="ticket_day")
    book(cast, ticket, 12)
    assert lines(bill(cast)) == [(30, Decimal("50.00"))]


@pytest.mark.parametrize(
    ("begin", "end", "expected", "net"),
    [
        ("16:30", "18:15", [(30, "50.00"), (75, "187.50")], "237.50"),
        ("16:35", "18:12", [(25, "41.67"), (80, "200.00")], "241.67"),
        ("16:50", "17:20", [(10, "16.67"), (20, "50.00")], "66.67"),
    ],
    ids=["b4", "b5", "b6"],
)
def test_b4_to_b6_work_over_the_edge_of_the_normal_hours(cast, ticket, begin, end, expected, net):
    billing.contract(cast.acme, hours=cast.calendar)
    span(cast, ticket, begin, end)
    invoice = bill(cast)
    assert lines(invoice) == [(minutes, Decimal(amount)) for minutes, amount in expected]
    assert invoice.net_total == Decimal(net)
    night = invoice.lines.get(position=2)
    assert (night.base_price, night.multiplier, night.unit_price) == (100, Decimal("1.5"), 150)
    assert night.description == "Analysis, outside the contract's hours (100 × 1.5)"


@pytest.mark.parametrize(
    ("with_rates", "net"), [("contract customer", "95"), ("customer", "100"), ("", "110")]
)
def test_b7_the_first_rate_in_the_order_of_sources(cast, ticket, with_rates, net):
    role = BillingRole.objects.create(name="Engineer")
    PersonRole.objects.create(person=cast.bo, role=role)
    contract = billing.contract(cast.acme, default_hourly_rate=None)
    GeneralRate.objects.create(role=role, hourly_rate=110, currency="EUR")
    GeneralRate.objects.create(activity=cast.activity, hourly_rate=130, currency="EUR")
    GeneralRate.objects.create(hourly_rate=90, currency="EUR")
    if "customer" in with_rates:
        GeneralRate.objects.create(organization=cast.acme, hourly_rate=100, currency="EUR")
    if "contract" in with_rates:
        ContractRate.objects.create(contract=contract, role=role, hourly_rate=95)
    book(cast, ticket, 60)
    assert bill(cast).net_total == Decimal(net)


def test_b8_the_rate_of_the_day_of_work_counts_not_that_of_the_approval(cast, ticket):
    contract = billing.contract(cast.acme, rates={cast.activity: "95"}, time_approval=True)
    ContractRate.objects.create(
        contract=contract, activity=cast.activity, hourly_rate=99, valid_from=date(2026, 4, 1)
    )
    entry = book(cast, ticket, 60, date(2026, 3, 31))
    assert actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted == []
    approve_time([entry], by=cast.cleo, at=datetime(2026, 4, 2, 9, 0, tzinfo=UTC))
    assert bill(cast).net_total == 95


def test_b9_a_retainer_rolls_over_and_what_goes_beyond_is_overage(cast, ticket):
    contract = billing.contract(cast.acme, overage_rate=Decimal(110))
    january, february = month("2026-01"), month("2026-02")
    for number, period in enumerate((january, february, MARCH)):
        sell_block(
            contract,
            by=cast.bea,
            name=f"Ten hours {period}",
            price=Decimal("900.00"),
            valid_from=period.first,
            valid_to=period.last,
            minutes=600,
            rolls_to=period.after.last,
            cap=Decimal(300),
            sold_on=period.first,
            at=datetime(2026, 1, 1 + number, 8, 0, tzinfo=UTC),
        )
    for period, minutes in ((january, 420), (february, 750), (MARCH, 690)):
        billing.hours(cast, minutes, period.first, ticket=ticket)
    drafts = [
        actions.run_month(period, by=cast.bea, at=MAY_2).drafted[0]
        for period in (january, february, MARCH)
    ]
    hours = [
        [(one.minutes, one.net) for one in draft.lines.order_by("position") if one.minutes]
        for draft in drafts
    ]
    nothing = Decimal("0.00")
    assert hours == [[(420, nothing)], [(750, nothing)], [(60, Decimal("110.00")), (630, nothing)]]
    assert [draft.net_total for draft in drafts] == [900, 900, 1010]


def test_b11_vat_is_reckoned_once_on_the_sum(cast, ticket):
    billing.contract(cast.acme)
    for number in range(3):
        charge(cast, f"Cable {number}", "33.33")
    invoice = bill(cast)
    assert (invoice.net_total, invoice.vat_total, invoice.payable_total) == (
        Decimal("99.99"),
        Decimal("19.00"),
        Decimal("118.99"),
    )


def test_b12_each_rate_of_vat_has_its_own_base(cast, ticket):
    """The allowance of 20.00 as a reduction: a line with a negative quantity (`BIL-18`)."""
    billing.contract(cast.acme, default_hourly_rate=Decimal("96.40"))
    book(cast, ticket, 450)
    charge(cast, "Adapter", "18.95", "2")
    charge(cast, "Handbook", "40.19", vat_category="S", vat_rate=Decimal(7))
    charge(cast, "Reduction", "20.00", "-1")
    invoice = bill(cast)
    assert sorted(net for _minutes, net in lines(invoice)) == [
        Decimal("-20.00"),
        Decimal("37.90"),
        Decimal("40.19"),
        Decimal("723.00"),
    ]
    rows = [(row["rate"], row["taxable"], row["tax"]) for row in invoice.vat_breakdown]
    assert [tuple(map(Decimal, row)) for row in rows] == [
        (Decimal(19), Decimal("740.90"), Decimal("140.77")),
        (Decimal(7), Decimal("40.19"), Decimal("2.81")),
    ]
    assert (invoice.net_total, invoice.vat_total, invoice.payable_total) == (
        Decimal("781.09"),
        Decimal("143.58"),
        Decimal("924.67"),
    )


def test_b14_halves_are_rounded_away_from_zero(cast, ticket):
    billing.contract(cast.acme)
    charge(cast, "Wire", "10.50", "0.25")
    charge(cast, "Tube", "10.70", "0.25")
    charge(cast, "Wire taken back", "10.50", "-0.25")
    assert [net for _minutes, net in lines(bill(cast))] == [
        Decimal("2.63"),
        Decimal("2.68"),
        Decimal("-2.63"),
    ]


def test_b15_fifty_minutes_without_rounding_are_priced_by_the_minute(cast, ticket):
    billing.contract(cast.acme, rounding_mode="none", default_hourly_rate=Decimal("90.00"))
    book(cast, ticket, 50)
    line = bill(cast).lines.get()
    assert (line.net, line.unit, line.price_base) == (Decimal("75.00"), "MIN", 60)


def test_b18_a_month_run_again_leaves_the_invoice_and_takes_late_hours_along(cast, ticket):
    billing.contract(cast.acme)
    book(cast, ticket, 60)
    march = bill(cast)
    before = Invoice.objects.values().get(pk=march.pk)
    late = book(cast, ticket, 30, date(2026, 3, 30))
    again = actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert (again.drafted, again.unchanged) == ([], [march])
    assert [str(skip.reason) for skip in again.skipped] == ["next_run"]
    assert Invoice.objects.values().get(pk=march.pk) == before
    april = bill(cast, APRIL)
    assert late.billed.get(live=True).is_late
    assert "worked before April 2026" in april.lines.get().detail
    assert Invoice.objects.count() == 2


def test_b19_work_over_midnight_at_the_end_of_the_month_is_billed_in_both(cast, ticket):
    billing.contract(cast.acme)
    add_span(
        ticket,
        agent=cast.bo,
        activity=cast.activity,
        started_at=datetime.fromisoformat("2026-03-31T23:30:00+02:00"),
        ended_at=datetime.fromisoformat("2026-04-01T00:30:00+02:00"),
        at=MAY_2,
    )
    assert lines(bill(cast)) == [(30, Decimal("50.00"))]
    assert lines(bill(cast, APRIL)) == [(30, Decimal("50.00"))]


def test_a_rate_that_changes_while_somebody_works_holds_for_each_part(cast, ticket):
    """`B8` and `B19`: the rate rises at the midnight that an entry crosses."""
    contract = billing.contract(cast.acme, rates={cast.activity: "95"})
    ContractRate.objects.create(
        contract=contract, activity=cast.activity, hourly_rate=99, valid_from=date(2026, 4, 1)
    )
    # The clocks of Berlin went forward two days before: an hour is an hour.
    add_span(
        ticket,
        agent=cast.bo,
        activity=cast.activity,
        started_at=datetime.fromisoformat("2026-03-31T23:00:00+02:00"),
        ended_at=datetime.fromisoformat("2026-04-01T01:00:00+02:00"),
        at=MAY_2,
    )
    assert lines(bill(cast)) == [(60, Decimal("95.00"))]
    assert lines(bill(cast, APRIL)) == [(60, Decimal("99.00"))]


def test_a_currency_that_went_is_named_before_a_number_is_drawn(cast, ticket, signed_in):
    """Bills in kuna, which Croatia gave up for the euro."""
    billing.contract(cast.acme, currency="HRK", vat_category="Z", vat_rate=0)
    book(cast, ticket, 60)
    [draft] = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted
    said = "A currency that is in use; HRK no longer is. Change the contract"
    assert said in signed_in(cast.bea).get(draft.get_absolute_url()).text
    with pytest.raises(IncompleteInvoice, match=said):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert Invoice.objects.get().number is None
    assert TimeEntry.objects.get().state == "approved"


def test_work_after_the_end_of_a_contract_is_named_with_the_contract(cast, ticket):
    billing.contract(cast.acme, valid_to=date(2026, 2, 28))
    book(cast, ticket, 60)
    result = actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert result.drafted == []
    assert [skip.sentence for skip in result.skipped] == [
        "1 time entry after the end of contract C-Acme. Prolong it, make a new one, or mark the "
        "hours as not billable."
    ]


def test_included_work_is_told_and_not_charged(cast, ticket):
    contract = billing.contract(cast.acme)
    contract.included_activities.add(Activity.objects.create(name="Patching"))
    contract.save()
    book(cast, ticket, 60, activity=Activity.objects.get(name="Patching"))
    book(cast, ticket, 60)
    result = actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert [invoice.minutes for invoice in result.drafted] == [60]
    assert [str(skip.reason) for skip in result.skipped] == ["included"]


def test_a_contract_with_invoices_of_its_own_is_kept_apart(cast, ticket):
    billing.contract(cast.acme)
    own = billing.contract(cast.acme, number="C-own", grouping="contract")
    own.services.add(cast.mail_service)
    own.save()
    book(cast, ticket, 60)
    book(cast, make.incident(cast, service=cast.mail_service), 30)
    drafted = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted
    assert [(one.group, one.minutes, one.contract_number) for one in drafted] == [
        ("", 60, "C-Acme"),
        ("C-own", 30, "C-own"),
    ]


def test_a_charge_is_billed_once_and_locked_by_the_invoice(cast, ticket):
    billing.contract(cast.acme)
    one = charge(cast, "Laptop", "1200.00")
    invoice = bill(cast)
    one.refresh_from_db()
    assert (one.state, invoice.net_total) == ("invoiced", Decimal("1200.00"))
    assert one.billed.get().line.invoice == invoice
    assert actions.run_month(APRIL, by=cast.bea, at=MAY_2).drafted == []
