"""Work and bills keep to what the customer accepted: the worked example B10 of the domain."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.contracts.actions import add_charge
from billing.contracts.models import Charge, TimePrice
from billing.estimates import actions
from billing.estimates.actions import NewLine
from billing.estimates.models import LineKind
from billing.invoices import actions as invoicing
from billing.invoices.models import Invoice
from billing.invoices.parse import month as parse_month
from itil.desk import actions as desk
from itil.timesheets.models import BillingKind, TimeEntry
from tests.billing.estimates import make
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


def log(cast, estimate, minutes: int, days: int = 0) -> TimeEntry:
    """Bo's work on Tuesday, or so many days later."""
    return desk.log_time(
        estimate.ticket,
        by=cast.bo,
        minutes=minutes,
        activity=cast.activity,
        work_date=date(2026, 3, 3) + timedelta(days=days),
        at=TUESDAY + timedelta(days=days),
    )


def kinds(estimate) -> list[tuple[str, int]]:
    entries = estimate.ticket.time_entries.order_by("pk")
    return list(entries.values_list("billing_kind", "minutes"))


def resolve(cast, estimate, at=TUESDAY) -> None:
    desk.take(estimate.ticket, by=cast.bo, at=at)
    desk.move(
        estimate.ticket,
        "resolve",
        by=cast.bo,
        values={"resolution_code": "fixed", "note": "All mailboxes are moved."},
        at=at,
    )


def test_b10_an_indication_bills_all_that_was_worked(cast):
    estimate = make.accepted(cast)
    log(cast, estimate, 570)
    assert kinds(estimate) == [(BillingKind.BILLABLE, 570)]


def test_b10_a_cap_bills_eight_hours_and_not_the_rest(cast):
    estimate = make.accepted(cast, kind="cap")
    log(cast, estimate, 400)
    log(cast, estimate, 170)
    assert kinds(estimate) == [
        (BillingKind.BILLABLE, 400),
        (BillingKind.BILLABLE, 80),
        (BillingKind.NON_BILLABLE, 90),
    ]
    rest = estimate.ticket.time_entries.get(billing_kind=BillingKind.NON_BILLABLE)
    assert rest.non_billable_reason == f"Beyond estimate {estimate}"
    assert rest.price.coverage == "non_billable"
    # Each further hour as a whole.
    assert log(cast, estimate, 60).billing_kind == BillingKind.NON_BILLABLE


def billed(cast, estimate) -> list[tuple[int, Decimal]]:
    """The lines of March's invoice to be: minutes and net."""
    invoicing.run_month(parse_month("2026-03"), by=None, at=TUESDAY + timedelta(days=40))
    draft = Invoice.objects.drafts().get(organization=estimate.organization)
    return list(draft.lines.order_by("position").values_list("minutes", "net"))


def test_b10_rounding_does_not_take_the_bill_beyond_the_cap(cast):
    estimate = make.accepted(cast, kind="cap")
    for minutes in (61, 62, 63, 64, 65, 66, 67, 68):
        log(cast, estimate, minutes)
    # Each was rounded up to the quarter: 8 x 75 would be 600 minutes, 1000.00.
    assert billed(cast, estimate) == [(480, Decimal("800.00"))]


def test_a_dearer_hour_than_was_estimated_ends_at_the_amount_of_the_cap(cast):
    estimate = make.accepted(cast, kind="cap")
    cast.acme.contracts.update(default_hourly_rate=Decimal("125.00"))
    log(cast, estimate, 470)
    assert billed(cast, estimate) == [(384, Decimal("800.00"))]


def test_what_an_issued_invoice_took_of_the_cap_is_gone_for_the_next_one(cast):
    estimate = make.accepted(cast, kind="cap")
    log(cast, estimate, 301)
    assert billed(cast, estimate) == [(315, Decimal("525.00"))]
    at = TUESDAY + timedelta(days=40)
    invoicing.issue(Invoice.objects.get(), by=cast.bea, at=at)
    log(cast, estimate, 170)
    invoicing.run_month(parse_month("2026-04"), by=None, at=at + timedelta(days=40))
    [line] = Invoice.objects.drafts().get().lines.all()
    assert (line.minutes, line.net) == (165, Decimal("275.00"))


def test_what_was_issued_of_the_same_month_stays_taken_from_the_cap(cast):
    make.seller()
    days = {"C-1": (date(2026, 1, 1), date(2026, 3, 15)), "C-2": (date(2026, 3, 16), None)}
    for number, (first, last) in days.items():
        facts = {"number": number, "valid_from": first, "valid_to": last}
        make.contract(cast.acme, grouping="contract", **facts)
    estimate = make.accepted(cast, kind="cap")
    log(cast, estimate, 400)
    assert billed(cast, estimate) == [(405, Decimal("675.00"))]
    invoicing.issue(Invoice.objects.get(), by=cast.bea, at=TUESDAY + timedelta(days=40))
    log(cast, estimate, 80, days=14)
    assert billed(cast, estimate) == [(75, Decimal("125.00"))]


def test_a_credit_for_a_missed_target_is_a_share_of_what_is_billed_within_the_cap(cast):
    make.seller()
    make.contract(cast.acme, credit_unit="percent", resolution_credit=Decimal(10))
    estimate = make.accepted(cast, kind="cap")
    for minutes in (61, 62, 63, 64, 65, 66, 67, 68):
        log(cast, estimate, minutes)
    # What stands on an invoice in another currency of its own is no part of it.
    cable = {"description": "Cable", "unit_price": Decimal(5000), "currency": "JPY"}
    add_charge(cast.acme, by=None, on=date(2026, 3, 3), at=TUESDAY, **cable)
    resolve(cast, estimate, at=TUESDAY + timedelta(days=14))
    march = parse_month("2026-03")
    [proposal] = invoicing.propose_credits(march, at=TUESDAY + timedelta(days=40))
    assert proposal.net == Decimal("-80.00")


def test_a_new_version_of_a_cap_opens_it_again(cast):
    estimate = make.accepted(cast, kind="cap")
    log(cast, estimate, 480)
    newer = actions.new_version(estimate, by=cast.bea, at=TUESDAY)
    actions.edit(
        newer,
        by=cast.bea,
        at=TUESDAY,
        title="More mailboxes",
        kind="cap",
        lines=[NewLine("Moving", minutes=600, unit_price=Decimal(100))],
    )
    actions.send(newer, to=cast.ann, by=cast.bea, at=TUESDAY)
    actions.accept(newer, by=cast.ann, at=TUESDAY)
    log(cast, estimate, 180)
    assert kinds(estimate)[1:] == [(BillingKind.BILLABLE, 120), (BillingKind.NON_BILLABLE, 60)]


def test_b10_a_fixed_price_is_billed_once_and_the_hours_are_included(cast):
    estimate = make.accepted(cast, kind="fixed")
    log(cast, estimate, 570)
    assert [price.coverage for price in TimePrice.objects.all()] == ["included"]
    assert actions.charge_finished(TUESDAY) == 0
    resolve(cast, estimate)
    assert actions.charge_finished(TUESDAY) == 1
    assert actions.charge_finished(TUESDAY) == 0
    charge = Charge.objects.get()
    assert (charge.quantity, charge.unit_price, charge.on) == (1, Decimal(800), date(2026, 3, 3))
    assert (charge.vat_rate, charge.state) == (Decimal(19), "open")


def test_things_beside_hours_become_charges_when_the_work_is_done(cast):
    lines = [
        *make.EIGHT_HOURS,
        NewLine("Switch", kind=LineKind.ITEM, quantity=Decimal(2), unit_price=Decimal("18.95")),
    ]
    estimate = make.accepted(cast, lines=lines)
    resolve(cast, estimate)
    actions.charge_finished(TUESDAY)
    assert list(Charge.objects.values_list("description", "quantity")) == [
        (f"Switch ({estimate})", Decimal(2))
    ]


def test_work_before_the_answer_waits_as_a_draft_and_goes_on_with_it(cast):
    estimate = make.sent(cast)
    entry = log(cast, estimate, 60)
    assert entry.state == "draft"
    actions.accept(estimate, by=cast.ann, at=TUESDAY)
    entry.refresh_from_db()
    assert entry.state == "approved"
    assert entry.price.coverage == "billable"


def test_a_contract_may_allow_work_before_the_answer(cast):
    estimate = make.sent(cast)
    cast.acme.contracts.update(work_before_acceptance=True)
    assert log(cast, estimate, 60).state == "approved"


def test_what_waited_is_kept_within_the_cap_too(cast):
    estimate = make.sent(cast, kind="cap")
    for minutes in (300, 240, 60):
        log(cast, estimate, minutes)
    actions.accept(estimate, by=cast.ann, at=TUESDAY)
    assert kinds(estimate) == [
        (BillingKind.BILLABLE, 300),
        (BillingKind.BILLABLE, 180),
        (BillingKind.NON_BILLABLE, 60),
        (BillingKind.NON_BILLABLE, 60),
    ]
