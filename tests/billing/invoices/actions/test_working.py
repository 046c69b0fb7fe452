"""Working off a run, customer by customer (`BIL-9`, `BIL-10`)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoices import actions
from billing.invoices.models import BilledTime, Invoice, InvoiceCounter
from billing.invoices.parse import month
from itil.tickets.errors import Refused
from portal.people.models import Organization
from tests import make
from tests.billing import make as billing

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)


def start(cast, **whom):
    return actions.start_run(MARCH, by=cast.bea, at=MAY_2, **whom)


def rows_of(run):
    return [(row.organization.name, row.state, row.outcome) for row in run.rows.all()]


def test_a_run_has_a_row_for_each_customer_that_says_what_became_of_it(cast, customers):
    run = start(cast)
    assert (run.state, list(run.rows.all())) == ("waiting", [])
    assert actions.work_off(run, at=MAY_2)
    assert (run.state, run.started_at, run.finished_at) == ("done", MAY_2, MAY_2)
    assert rows_of(run) == [(f"Customer{number}", "done", "drafted") for number in range(4)]
    assert [row.invoice.organization for row in run.rows.all()] == customers


def test_a_slice_ends_after_its_time_and_the_next_goes_on(cast, customers):
    run = start(cast)
    assert not actions.work_off(run, seconds=0, at=MAY_2)
    assert (run.state, run.finished_at, Invoice.objects.count()) == ("running", None, 1)
    assert not actions.work_off(run, seconds=0, at=MAY_2)
    assert Invoice.objects.count() == 2
    assert actions.work_off(run, at=MAY_2)
    assert (run.state, Invoice.objects.count()) == ("done", 4)
    assert actions.work_off(run, at=MAY_2)
    assert Invoice.objects.count() == BilledTime.objects.count() == 4


def test_what_is_booked_after_the_cut_off_stays_out_however_late_the_run_ends(cast, customers):
    run = start(cast)
    actions.work_off(run, seconds=0, at=MAY_2)
    contact = customers[3].people.get()
    ticket = make.incident(cast, by=contact, requester=contact)
    billing.hours(cast, 30, DAY, ticket=ticket, created_at=MAY_2 + timedelta(seconds=1))
    actions.work_off(run, at=MAY_2 + timedelta(minutes=1))
    assert Invoice.objects.get(organization=customers[3]).minutes == 60
    later = MAY_2 + timedelta(minutes=2)
    again = actions.run_month(MARCH, by=cast.bea, at=later)
    assert [invoice.organization for invoice in again.rebuilt] == [customers[3]]


def test_all_drafts_of_a_run_are_issued_in_order(cast, customers):
    drafted = actions.run_month(MARCH, by=cast.bea, at=MAY_2).run
    run = actions.start_issuing(drafted, by=cast.bea, at=MAY_2)
    actions.work_off(run, at=MAY_2)
    assert rows_of(run) == [(f"Customer{number}", "done", "issued") for number in range(4)]
    assert [row.invoice.number for row in run.rows.all()] == [
        f"HAL-2026-{number:06d}" for number in range(1, 5)
    ]
    with pytest.raises(Refused, match="No draft of this run is left"):
        actions.start_issuing(drafted, by=cast.bea, at=MAY_2)


def test_one_that_cannot_be_issued_leaves_no_gap(cast, customers):
    drafted = actions.run_month(MARCH, by=cast.bea, at=MAY_2).run
    Organization.objects.filter(pk=customers[1].pk).update(city="")
    run = actions.start_issuing(drafted, by=cast.bea, at=MAY_2)
    actions.work_off(run, at=MAY_2)
    assert [(row.state, row.invoice.number) for row in run.rows.all()] == [
        ("done", "HAL-2026-000001"),
        ("failed", None),
        ("done", "HAL-2026-000002"),
        ("done", "HAL-2026-000003"),
    ]
    assert "Customer1: city" in run.rows.get(state="failed").reason
    assert InvoiceCounter.objects.get().last_number == 3


def test_issued_invoices_are_left_alone_by_the_next_run(cast, customers):
    drafted = actions.run_month(MARCH, by=cast.bea, at=MAY_2).run
    actions.work_off(actions.start_issuing(drafted, by=cast.bea, at=MAY_2), at=MAY_2)
    before = list(Invoice.objects.order_by("pk").values())
    again = actions.run_month(MARCH, by=cast.bea, at=MAY_2).run
    assert [row.state for row in again.rows.all()] == ["skipped"] * 4
    assert list(Invoice.objects.order_by("pk").values()) == before
