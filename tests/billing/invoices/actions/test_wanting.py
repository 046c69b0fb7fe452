"""A file that a worker makes is asked for once while somebody waits."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoices.actions import want
from billing.invoices.actions.wanting import ASK_AGAIN_AFTER
from billing.invoices.models import AccountPaper

NOW = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def row(cast):
    paper = AccountPaper.objects.create(
        organization=cast.acme, currency="EUR", since=date(2026, 8, 1)
    )
    return AccountPaper.objects.filter(pk=paper.pk)


def test_the_first_to_ask_is_heard_and_nobody_else_for_a_while(row):
    assert want(row, "requested_at", at=NOW)
    assert not want(row, "requested_at", at=NOW)
    assert not want(row, "requested_at", at=NOW + ASK_AGAIN_AFTER - MOMENT)
    assert row.get().requested_at == NOW


def test_a_request_that_no_worker_answered_is_made_again(row):
    want(row, "requested_at", at=NOW)
    assert want(row, "requested_at", at=NOW + ASK_AGAIN_AFTER)
    assert row.get().requested_at == NOW + ASK_AGAIN_AFTER


def test_nobody_is_heard_about_what_is_not_there_any_more(row):
    row.all().delete()
    assert not want(row, "requested_at", at=NOW)
