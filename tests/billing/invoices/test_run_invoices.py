"""manage.py run_invoices"""

import json
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from billing.invoices.models import Invoice
from billing.invoices.tasks import draft_last_month
from tests.billing import make as billing

pytestmark = pytest.mark.usefixtures("_in_may")


@pytest.fixture
def _in_may():
    with time_machine.travel("2026-05-02T09:00:00Z"):
        yield


@pytest.fixture
def worked(cast):
    billing.seller()
    billing.contract(cast.acme)
    return billing.hours(cast, 60, date(2026, 4, 7))


def output(*words):
    out = StringIO()
    call_command("run_invoices", *words, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_drafted_and_does_so_once(worked):
    assert output("2026-04").splitlines() == [
        "drafted    Acme: 119.00 EUR",
        "2026-04: 1 drafted, 0 rebuilt, 0 unchanged, 0 removed.",
    ]
    assert "0 drafted, 0 rebuilt, 1 unchanged" in output("2026-04")
    assert Invoice.objects.count() == 1


def test_the_result_is_available_as_json(worked):
    found = json.loads(output("2026-04", "--json"))
    assert found["month"] == "2026-04"
    assert found["drafted"][0]["payable"] == "119.00"
    assert (found["rebuilt"], found["unchanged"], found["skipped"]) == ([], [], [])


@pytest.mark.parametrize("text", ["2026-13", "last", "2026-1"])
def test_an_impossible_month_ends_with_status_two(db, text):
    with pytest.raises(CommandError, match="is not a month") as problem:
        call_command("run_invoices", text)
    assert problem.value.returncode == 2


def test_a_month_to_come_and_missing_details_end_with_status_one(db):
    for text in ("2026-06", "2026-04"):
        with pytest.raises(CommandError) as problem:
            call_command("run_invoices", text)
        assert problem.value.returncode == 1


def test_the_monthly_task_drafts_the_month_before(worked):
    draft_last_month.enqueue()
    draft_last_month.enqueue()
    assert Invoice.objects.get().period_first == date(2026, 4, 1)
