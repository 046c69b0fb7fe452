"""A file that a worker makes is asked for once while somebody waits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_of_those_who_ask_at_the_same_time_one_is_heard(row):
    """Ten times, each when the request before it has gone without an answer."""
    together = Barrier(4, timeout=30)

    def ask(_number):
        heard = []
        try:
            connection.ensure_connection()
            for number in range(10):
                together.wait()
                heard.append(want(row.all(), "requested_at", at=NOW + number * ASK_AGAIN_AFTER))
        finally:
            connection.close()
        return heard

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(ask, range(4)))
    assert [sum(of_one_time) for of_one_time in zip(*heard, strict=True)] == [1] * 10


def test_a_request_that_no_worker_answered_is_made_again(row):
    want(row, "requested_at", at=NOW)
    assert want(row, "requested_at", at=NOW + ASK_AGAIN_AFTER)
    assert row.get().requested_at == NOW + ASK_AGAIN_AFTER


def test_nobody_is_heard_about_what_is_not_there_any_more(row):
    row.all().delete()
    assert not want(row, "requested_at", at=NOW)
