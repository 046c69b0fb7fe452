"""Runs whose processes are killed, by real SIGKILLs, and two at once (`BIL-10`, `BIL-12`)."""

import pytest
from django.core.files.storage import default_storage

from billing.invoices.models import BillingRun, Invoice, InvoiceEvent
from portal.demo.invoices_bench import add_customers, complaints, kill_again_and_again

COUNT, KILLS = 40, 20

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.servers,
    pytest.mark.usefixtures("shared_database"),
]


@pytest.mark.parametrize("at_once", [1, 2])
def test_runs_killed_at_twenty_points_lose_and_double_nothing(cast, at_once):
    add_customers(COUNT, cast.bo)
    killed = kill_again_and_again(COUNT, KILLS, at_once=at_once)
    assert (killed.drafting, killed.issuing) == (KILLS, KILLS)
    assert complaints(COUNT) == []
    assert [run.state for run in BillingRun.objects.all()] == ["done", "done"]
    # Drafted once and issued once, whatever was begun in between.
    assert sorted(InvoiceEvent.objects.values_list("kind", flat=True)) == [
        *["drafted"] * COUNT,
        *["issued"] * COUNT,
    ]
    # No half-made file is left beside those of the invoices.
    kept = {file.name for invoice in Invoice.objects.all() for file in (invoice.pdf, invoice.xml)}
    own = {str(invoice.uuid) for invoice in Invoice.objects.all()}
    folder = "invoices/2026"
    there = {f"{folder}/{name}" for name in default_storage.listdir(folder)[1] if name[:36] in own}
    assert there == kept
