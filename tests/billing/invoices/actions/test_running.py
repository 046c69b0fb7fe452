"""A run as a job: started, cancelled, taken up again (`BIL-9`, `BIL-10`)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoices import actions
from billing.invoices.models import BillingRun, Invoice, Seller
from billing.invoices.parse import month
from itil.tickets.errors import NotAllowed, Refused

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)


def start(cast, **whom):
    return actions.start_run(MARCH, by=cast.bea, at=MAY_2, **whom)


def rows_of(run):
    return [(row.organization.name, row.state, row.outcome) for row in run.rows.all()]


def test_pressing_again_while_a_run_is_open_joins_it(cast, customers):
    run = start(cast)
    actions.work_off(run, seconds=0, at=MAY_2)
    assert start(cast) == run
    assert BillingRun.objects.count() == 1
    actions.work_off(run, at=MAY_2)
    assert start(cast) != run


def test_a_run_for_some_customers_drafts_only_these(cast, customers):
    run = start(cast, organizations=customers[1:2])
    actions.work_off(run, at=MAY_2)
    assert rows_of(run) == [("Customer1", "done", "drafted")]
    by_contract = start(cast, contracts=customers[2].contracts.all())
    actions.work_off(by_contract, at=MAY_2)
    assert rows_of(by_contract) == [("Customer2", "done", "drafted")]
    whole = actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert (len(whole.drafted), len(whole.unchanged)) == (2, 2)


def test_while_a_run_for_some_is_open_another_one_is_refused(cast, customers):
    start(cast, organizations=customers[:1])
    with pytest.raises(Refused, match="Another run of 2026-03 is under way"):
        start(cast, organizations=customers[1:2])
    assert BillingRun.objects.count() == 1


def test_a_cancelled_run_keeps_what_is_done_and_leaves_the_rest(cast, customers):
    run = start(cast)
    actions.work_off(run, seconds=0, at=MAY_2)
    actions.cancel_run(run, by=cast.bea, at=MAY_2)
    assert (run.state, run.cancelled_by) == ("cancelled", cast.bea)
    assert [row.state for row in run.rows.all()] == ["done", *["skipped"] * 3]
    assert actions.work_off(run, at=MAY_2)
    assert Invoice.objects.count() == 1
    with pytest.raises(Refused, match="has ended already"):
        actions.cancel_run(run, by=cast.bea, at=MAY_2)


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_start_cancel_and_issue_a_run(cast, customers, who):
    run = start(cast)
    actions.work_off(run, seconds=0, at=MAY_2)
    somebody = getattr(cast, who)
    for verb in (
        lambda: actions.start_run(MARCH, by=somebody, at=MAY_2),
        lambda: actions.cancel_run(run, by=somebody, at=MAY_2),
        lambda: actions.start_issuing(run, by=somebody, at=MAY_2),
    ):
        with pytest.raises(NotAllowed):
            verb()
    run.refresh_from_db()
    assert (run.state, BillingRun.objects.count()) == ("running", 1)


def test_a_run_nobody_works_on_is_taken_up_once(cast, customers):
    run = start(cast)
    actions.work_off(run, seconds=0, at=MAY_2)
    soon, late = MAY_2 + timedelta(seconds=20), MAY_2 + timedelta(seconds=21)
    assert actions.standing_still(soon) == []
    assert actions.standing_still(late) == [run]
    assert actions.standing_still(late) == []


def test_without_our_own_details_no_run_begins(cast):
    with pytest.raises(Refused, match="our own legal details"):
        start(cast)
    assert not Seller.objects.exists()
    assert not BillingRun.objects.exists()
