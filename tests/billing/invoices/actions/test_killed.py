"""Runs whose processes are killed, by real SIGKILLs, and two at once (`BIL-10`, `BIL-12`)."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from billing.invoices.models import BilledTime, BillingRun, InvoiceEvent

COUNT, KILLS = 40, 20

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.servers,
]


# A server lets two work at once; on SQLite writers take turns anyway.
@pytest.mark.parametrize("at_once", [2 if connection.vendor == "postgresql" else 1])
def test_runs_killed_at_twenty_points_lose_and_double_nothing(shared_database, at_once):
    told = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "manage.py",
            "bench_invoices",
            "--here",
            f"--count={COUNT}",
            f"--kills={KILLS}",
            f"--workers={at_once}",
        ],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": shared_database},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    # It also looks at every number, date, hour and file, see `complaints`.
    assert told.rstrip().endswith(
        f"{KILLS} killed while drafting, {KILLS} while issuing; "
        "no gap, no repeat, every hour billed once"
    )
    assert [run.state for run in BillingRun.objects.all()] == ["done", "done"]
    # Drafted once and issued once, whatever was begun in between.
    assert sorted(InvoiceEvent.objects.values_list("kind", flat=True)) == [
        *["drafted"] * COUNT,
        *["issued"] * COUNT,
    ]
    billed = BilledTime.objects.values_list("entry", flat=True)
    assert len(billed) == len(set(billed)) > COUNT
