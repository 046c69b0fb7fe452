"""Runs and issues at the same time, and runs that are killed (`BIL-10`, `BIL-12`)."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count

from billing.invoices import actions
from billing.invoices.models import BilledTime, BillingRun, Invoice, InvoiceCounter, InvoiceEvent
from billing.invoices.parse import month
from portal.people.models import Organization
from tests import make
from tests.billing import make as billing
from tests.cast import person

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def customers(cast, count):
    """So many customers with one hour each."""
    billing.seller()
    for number in range(count):
        organization = Organization.objects.create(name=f"Customer{number}", kind="customer")
        billing.contract(organization)
        contact = person("Contact", organization)
        ticket = make.incident(cast, by=contact, requester=contact)
        billing.hours(cast, 60, DAY, ticket=ticket)


def in_threads(workers, function, values):
    def one(value):
        try:
            return function(value)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, values))


def test_runs_at_the_same_time_draft_each_invoice_once(cast):
    customers(cast, 5)
    results = in_threads(
        4, lambda _number: actions.run_month(MARCH, by=cast.bea, at=MAY_2), range(4)
    )
    assert Invoice.objects.count() == BilledTime.objects.count() == 5
    # Who comes while a run is open joins it; who comes later finds everything as it should be.
    assert all(len(result.drafted) + len(result.unchanged) == 5 for result in results)
    assert set(
        InvoiceEvent.objects.values("invoice")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    ) == {1}
    assert [skip for result in results for skip in result.skipped] == []


def test_fifty_invoices_issued_by_eight_workers_have_numbers_without_a_gap(cast):
    customers(cast, 50)
    drafts = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted
    issued = in_threads(8, lambda draft: actions.issue(draft, by=cast.bea, at=MAY_2), drafts)
    assert sorted(invoice.number for invoice in issued) == [
        f"HAL-2026-{number:06d}" for number in range(1, 51)
    ]
    assert InvoiceCounter.objects.get().last_number == 50
    assert len({invoice.pdf_sha256 for invoice in Invoice.objects.all()}) == 50
    days = Invoice.objects.order_by("number").values_list("issued_on", flat=True)
    assert list(days) == sorted(days)


@pytest.mark.servers
def test_a_run_killed_halfway_is_completed_by_the_next(cast, shared_database):
    customers(cast, 30)
    runner = subprocess.Popen(
        [sys.executable, "manage.py", "run_invoices", "2026-03"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": shared_database},
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while Invoice.objects.count() < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    runner.send_signal(signal.SIGKILL)
    assert runner.wait() == -signal.SIGKILL
    done = Invoice.objects.count()
    assert 3 <= done < 30
    # What is there is whole: every invoice has its line and its hour.
    assert BilledTime.objects.values("line__invoice").distinct().count() == done
    result = actions.run_month(MARCH, by=None, at=MAY_2)
    # The run that was killed is taken up: it tells of all thirty, each drafted once.
    assert (len(result.drafted), BillingRun.objects.count()) == (30, 1)
    assert InvoiceEvent.objects.count() == 30
    assert Invoice.objects.count() == BilledTime.objects.count() == 30
