"""Pages of billing runs: what happened, and how one goes on."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from billing.invoices import actions
from billing.invoices.models import BillingRun, BillingRunRow, Invoice
from billing.invoices.parse import month
from portal.people.models import Organization
from tests.billing import make as billing

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)
LIST_QUERIES, DETAIL_QUERIES = 5, 7

pytestmark = pytest.mark.usefixtures("_in_may")


@pytest.fixture
def _in_may():
    with time_machine.travel(MAY_2):
        yield


@pytest.fixture
def drafted(cast):
    billing.seller()
    billing.contract(cast.acme, rates={cast.activity: "120.00"})
    billing.hours(cast, 80, DAY)
    return actions.run_month(MARCH, by=cast.bea, at=MAY_2).run


def many(run):
    """Forty more customers in the run, and forty more runs."""
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Customer{number}", kind="customer") for number in range(40)
    )
    BillingRunRow.objects.bulk_create(
        BillingRunRow(run=run, position=2 + place, organization=one, state="done")
        for place, one in enumerate(organizations)
    )
    runs = BillingRun.objects.bulk_create(
        BillingRun(
            seller=run.seller,
            started_by=run.started_by,
            period_first=DAY.replace(day=1),
            period_last=DAY,
            cut_off_at=MAY_2,
            state="done",
            finished_at=MAY_2,
        )
        for _number in range(40)
    )
    BillingRunRow.objects.bulk_create(
        BillingRunRow(run=one, position=1, organization=organizations[0], state="done")
        for one in runs
    )


def test_lists_of_runs_and_of_customers_ask_as_often_for_one_as_for_many(
    signed_in, cast, drafted, django_assert_num_queries
):
    client = signed_in(cast.bea)
    pages = ((reverse("invoices:runs"), LIST_QUERIES), (drafted.get_absolute_url(), DETAIL_QUERIES))
    for more in (False, True):
        if more:
            many(drafted)
        for page, queries in pages:
            with django_assert_num_queries(queries):
                shown = client.get(page)
            assert ("Customer1" in shown.text) == (more and page == drafted.get_absolute_url())


def test_a_run_that_its_workers_left_is_taken_up_by_a_button(signed_in, cast, customers):
    run = actions.start_run(MARCH, by=cast.bea, at=MAY_2)
    actions.work_off(run, seconds=0, at=MAY_2)
    client = signed_in(cast.bea)
    assert "Go on now" not in client.get(run.get_absolute_url()).text
    with time_machine.travel(MAY_2 + timedelta(minutes=2)):
        shown = client.get(run.get_absolute_url()).text
        assert "1 of 4 customers" in shown
        assert "Nothing is lost" in shown
        resume = reverse("invoices:run-resume", args=[run.uuid])
        assert resume in shown
        assert "Go on now" not in signed_in(cast.mia).get(run.get_absolute_url()).text
        assert signed_in(cast.mia).post(resume).status_code == 404
        done = signed_in(cast.bea).post(resume, follow=True).text
        assert "Workers were sent to it" in done
        assert Invoice.objects.count() == 4
        again = signed_in(cast.bea).post(resume, follow=True).text
    assert "This run has ended already." in again


def test_a_closed_month_run_again_says_that_nothing_was_changed(signed_in, cast, drafted):
    actions.work_off(actions.start_issuing(drafted, by=cast.bea, at=MAY_2), at=MAY_2)
    billing.hours(cast, 30, DAY)
    before = Invoice.objects.values().get()
    done = signed_in(cast.bea).post(reverse("invoices:run"), {"month": "2026-03"}, follow=True)
    assert "All of it was issued before, so nothing was changed" in done.text
    assert "Issued before, left alone" in done.text
    assert "1 time entry for the next month: the invoice is issued." in done.text
    assert Invoice.objects.values().get() == before


def test_what_could_not_be_issued_is_named_and_offered_again(signed_in, cast, drafted):
    Organization.objects.filter(pk=cast.acme.pk).update(city="")
    client = signed_in(cast.bea)
    issue = reverse("invoices:run-issue", args=[drafted.uuid])
    done = client.post(issue, follow=True).text
    assert "1 invoice could not be issued. It is a draft still and took no number" in done
    assert "Acme: city" in done
    assert issue in done
    Organization.objects.filter(pk=cast.acme.pk).update(city="Bremen")
    assert "HAL-2026-000001" in client.post(issue, follow=True).text


def test_a_cancelled_run_offers_the_month_again(signed_in, cast, customers):
    run = actions.start_run(MARCH, by=cast.bea, at=MAY_2)
    actions.work_off(run, seconds=0, at=MAY_2)
    actions.cancel_run(run, by=cast.bea, at=MAY_2)
    shown = signed_in(cast.bea).get(run.get_absolute_url()).text
    assert "Bea cancelled this run" in shown
    assert f"{reverse('invoices:run')}?month=2026-03" in shown


def test_hours_that_were_left_out_are_written_alike(signed_in, cast, drafted):
    for minutes in (654, 1030):
        billing.hours(cast, minutes, DAY, state="submitted")
        actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    pages = [
        signed_in(cast.bea).get(run.get_absolute_url()).text for run in BillingRun.objects.all()
    ]
    assert sum('<span class="num t2">10h 54m</span>' in page for page in pages) == 1
    assert sum('<span class="num t2">28h 4m</span>' in page for page in pages) == 1
