"""What a run would bill, and what it leaves out, without writing (`BIL-9`)."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.invoices import actions
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from itil.timesheets.models import EntryState
from tests import make
from tests.billing import make as billing

MARCH = month("2026-03")
DAY = date(2026, 3, 5)


def test_the_preview_shows_what_a_run_would_draft(cast, django_assert_num_queries):
    billing.seller()
    billing.contract(cast.acme, rates={cast.activity: "120.00"})
    billing.hours(cast, 80, DAY)
    billing.hours(cast, 45, DAY, state=EntryState.SUBMITTED)
    found = actions.preview(MARCH)
    customer = found.customers[0]
    assert (customer.organization, customer.entries, customer.minutes, customer.net) == (
        "Acme",
        1,
        90,
        Decimal("180.00"),
    )
    assert [skip.reason for skip in found.warnings] == ["unapproved"]
    with CaptureQueriesContext(connection) as few:
        actions.preview(MARCH)
    for _ in range(3):
        billing.hours(cast, 20, DAY)
    with django_assert_num_queries(len(few)):
        actions.preview(MARCH)
    assert Invoice.objects.count() == 0


def test_hours_on_the_draft_of_the_month_are_previewed_again(cast):
    billing.seller()
    billing.contract(cast.acme)
    billing.hours(cast, 60, DAY)
    actions.run_month(MARCH, by=cast.bea)
    assert [customer.minutes for customer in actions.preview(MARCH).customers] == [60]
    assert actions.preview(MARCH.after).customers == []


def test_our_own_departments_need_no_contract(cast):
    billing.seller()
    billing.hours(cast, 60, DAY, ticket=make.incident(cast, by=cast.mia, requester=cast.mia))
    assert actions.preview(MARCH).skipped == []
