"""The monthly run (`BIL-9`, `BIL-10`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.invoices import actions
from billing.invoices.models import BilledTime, Invoice, InvoiceLine
from billing.invoices.parse import month
from itil.tickets.errors import NotAllowed, Refused
from itil.timesheets.models import Activity, EntryState, TimeEntry
from portal.people.models import Organization
from tests import make
from tests.billing import make as billing

MARCH, APRIL = month("2026-03"), month("2026-04")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)


@pytest.fixture
def agreed(cast):
    """Halden sells to Acme at 120.00 an hour."""
    billing.seller()
    return billing.contract(cast.acme, rates={cast.activity: "120.00"})


def run(cast, period=MARCH):
    return actions.run_month(period, by=cast.bea, at=MAY_2)


def reasons(result):
    return [(skip.reason, skip.organization, skip.entries, skip.minutes) for skip in result.skipped]


def test_a_month_of_hours_becomes_one_draft_for_the_customer(cast, agreed):
    billing.hours(cast, 80, DAY)
    result = run(cast)
    invoice = Invoice.objects.get()
    assert result.drafted == [invoice]
    assert (invoice.organization, invoice.state, invoice.number) == (cast.acme, "draft", None)
    assert (invoice.minutes, invoice.net_total) == (90, Decimal("180.00"))
    assert (invoice.vat_total, invoice.payable_total) == (Decimal("34.20"), Decimal("214.20"))


def test_running_twice_changes_nothing(cast, agreed):
    billing.hours(cast, 80, DAY)
    run(cast)
    before = list(InvoiceLine.objects.values())
    again = run(cast)
    assert again.unchanged == [Invoice.objects.get()]
    assert (again.drafted, again.rebuilt, again.removed) == ([], [], [])
    assert list(InvoiceLine.objects.values()) == before
    assert Invoice.objects.get().events.count() == 1


def test_hours_that_come_later_in_the_month_join_the_same_draft(cast, agreed):
    billing.hours(cast, 80, DAY)
    first = run(cast).drafted[0]
    billing.hours(cast, 60, DAY)
    assert run(cast).rebuilt == [first]
    assert Invoice.objects.get().minutes == 150
    assert BilledTime.objects.count() == 2


def test_a_late_entry_comes_with_the_next_month_and_is_marked(cast, agreed):
    billing.hours(cast, 80, DAY)
    run(cast)
    assert run(cast).drafted == []
    late = billing.hours(cast, 60, date(2026, 3, 30))
    run(cast, APRIL)
    assert Invoice.objects.for_month(MARCH).count() == 1
    billed = late.billed.get(live=True)
    assert billed.is_late
    assert billed.line.invoice.period_first == APRIL.first
    assert "including 1.0 h worked before April 2026" in billed.line.detail


def test_entries_of_an_issued_month_wait_for_the_next(cast, agreed):
    billing.hours(cast, 80, DAY)
    issued = actions.issue(run(cast).drafted[0], by=cast.bea, at=MAY_2)
    billing.hours(cast, 60, DAY)
    result = run(cast)
    assert result.unchanged == [issued]
    assert reasons(result) == [("next_run", "Acme", 1, 60)]
    assert Invoice.objects.get().payable_total == Decimal("214.20")


def test_ticket_day_rounds_the_sum_of_a_ticket_and_day(cast, agreed):
    agreed.rounding_scope = "ticket_day"
    agreed.save()
    ticket = make.incident(cast)
    for minutes in (5, 7, 4):
        billing.hours(cast, minutes, DAY, ticket=ticket)
    run(cast)
    assert Invoice.objects.get().minutes == 30
    assert sum(BilledTime.objects.values_list("raw_minutes", flat=True)) == 16


def test_work_over_midnight_at_the_end_of_a_month_is_billed_in_both(cast, agreed):
    billing.hours(cast, 30, date(2026, 3, 31))
    billing.hours(cast, 30, date(2026, 4, 1))
    run(cast)
    run(cast, APRIL)
    assert list(Invoice.objects.order_by("period_first").values_list("minutes", flat=True)) == [
        30,
        30,
    ]


def test_fifty_minutes_unrounded_are_priced_by_the_minute(cast, agreed):
    agreed.rounding_mode, agreed.default_hourly_rate = "none", Decimal("90.00")
    agreed.save()
    travel = Activity.objects.create(name="Travel")
    billing.hours(cast, 50, DAY, activity=travel)
    run(cast)
    line = InvoiceLine.objects.get()
    assert (line.unit, line.quantity, line.price_base) == ("MIN", Decimal("50"), 60)
    assert line.net == Decimal("75.00")


def test_each_activity_has_a_line_that_leads_to_its_entries(cast, agreed):
    travel = Activity.objects.create(name="Travel")
    analysis = billing.hours(cast, 60, DAY)
    trip = billing.hours(cast, 30, DAY, activity=travel)
    run(cast)
    lines = InvoiceLine.objects.order_by("position")
    assert [(line.description, line.net) for line in lines] == [
        ("Analysis", Decimal("120.00")),
        ("Travel", Decimal("50.00")),
    ]
    assert [line.hours.get().entry for line in lines] == [analysis, trip]
    assert lines[0].detail == analysis.ticket.number


def test_only_approved_billable_hours_up_to_the_end_of_the_month_are_taken(cast, agreed):
    billing.hours(cast, 60, DAY)
    billing.hours(cast, 61, DAY, state=EntryState.DRAFT)
    billing.hours(cast, 62, DAY, billing_kind="non_billable")
    billing.hours(cast, 63, APRIL.first)
    billing.hours(cast, 64, DAY, state=EntryState.WRITTEN_OFF)
    result = run(cast)
    assert BilledTime.objects.get().raw_minutes == 60
    assert reasons(result) == [("unapproved", "Acme", 1, 61), ("later", "Acme", 1, 63)]


def test_hours_without_contract_or_rate_are_listed_and_stay(cast, agreed):
    agreed.valid_from, agreed.default_hourly_rate = date(2026, 3, 1), None
    agreed.save()
    billing.hours(cast, 60, date(2026, 2, 27))
    billing.hours(cast, 45, DAY, activity=Activity.objects.create(name="Travel"))
    billing.hours(cast, 30, DAY, ticket=make.incident(cast, by=cast.dov, requester=cast.dov))
    result = run(cast)
    assert Invoice.objects.count() == 0
    assert reasons(result) == [
        ("no_contract", "Acme", 1, 60),
        ("no_contract", "Globex", 1, 30),
        ("no_rate", "Acme", 1, 45),
    ]
    assert result.skipped[2].sentence == "1 time entry without an hourly rate for Travel."


def test_a_daughter_without_a_contract_is_billed_to_its_parent(cast, agreed):
    Organization.objects.filter(pk=cast.globex.pk).update(parent=cast.acme)
    billing.hours(cast, 60, DAY, ticket=make.incident(cast, by=cast.dov, requester=cast.dov))
    run(cast)
    assert Invoice.objects.get().organization == cast.acme


def test_a_change_of_contract_within_the_month_gives_one_invoice_at_both_rates(cast, agreed):
    agreed.valid_to = date(2026, 3, 15)
    agreed.save()
    billing.contract(
        cast.acme, number="C-new", valid_from=date(2026, 3, 16), rates={cast.activity: "130.00"}
    )
    billing.hours(cast, 60, DAY)
    billing.hours(cast, 60, date(2026, 3, 16))
    run(cast)
    invoice = Invoice.objects.get()
    assert invoice.contract_number == "C-new"
    assert sorted(line.net for line in invoice.lines.all()) == [
        Decimal("120.00"),
        Decimal("130.00"),
    ]


def test_a_draft_whose_hours_were_written_off_is_deleted(cast, agreed):
    entry = billing.hours(cast, 60, DAY)
    run(cast)
    TimeEntry.objects.filter(pk=entry.pk).update(state=EntryState.WRITTEN_OFF)
    assert run(cast).removed == ["Acme"]
    assert Invoice.objects.count() == 0


def test_hours_outside_vat_are_not_mixed_with_others(cast, agreed):
    agreed.valid_to = date(2026, 3, 15)
    agreed.save()
    billing.contract(
        cast.acme,
        number="C-outside",
        valid_from=date(2026, 3, 16),
        vat_category="O",
        vat_rate=0,
        vat_exemption_reason="Outside the scope of VAT",
    )
    billing.hours(cast, 60, DAY)
    billing.hours(cast, 60, date(2026, 3, 16))
    assert reasons(run(cast)) == [("mixed_vat", "Acme", 0, 0)]
    assert Invoice.objects.count() == 0


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_run_a_month(cast, agreed, who):
    billing.hours(cast, 80, DAY)
    with pytest.raises(NotAllowed):
        actions.run_month(MARCH, by=getattr(cast, who), at=MAY_2)
    assert Invoice.objects.count() == 0


def test_a_month_that_has_not_begun_is_refused(cast, agreed):
    with pytest.raises(Refused, match="2026-06 has not begun yet"):
        run(cast, month("2026-06"))


def test_without_our_own_details_nothing_is_drafted(cast):
    with pytest.raises(Refused, match="our own legal details"):
        run(cast)


def test_more_hours_of_a_customer_cost_no_more_queries(cast, agreed):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            run(cast)
        return len(asked)

    billing.hours(cast, 80, DAY)
    queries()
    billing.hours(cast, 20, DAY)
    two = queries()
    for _ in range(5):
        billing.hours(cast, 20, DAY)
    assert queries() == two
