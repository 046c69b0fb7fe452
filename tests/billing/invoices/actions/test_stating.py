"""The file of a statement of account: asked for, made, and made again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.invoices.actions.stating import (
    account_paper,
    make_account_paper,
    request_account_paper,
)
from billing.invoices.actions.wanting import ASK_AGAIN_AFTER
from tests.billing import make as billing

NOW = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
SINCE = date(2026, 8, 1)


@pytest.fixture
def paper(cast):
    """What Acme is asked to pay, with no file yet."""
    billing.issued(cast)
    return account_paper(cast.acme, "EUR", since=SINCE, at=NOW)[0]


def file_of(paper, at=NOW):
    return account_paper(paper.organization, paper.currency, since=SINCE, at=at)[1]


def test_who_asks_again_at_once_is_not_heard_twice(paper):
    assert request_account_paper(paper, at=NOW)
    assert not request_account_paper(paper, at=NOW + timedelta(seconds=1))
    assert request_account_paper(paper, at=NOW + ASK_AGAIN_AFTER + timedelta(seconds=1))


def test_a_file_serves_until_the_account_changes_and_takes_the_place_of_the_one_before(cast, paper):
    assert file_of(paper) is None
    make_account_paper(paper, at=NOW)
    first = file_of(paper)
    assert first.startswith(b"%PDF")
    paper.refresh_from_db()
    before = paper.pdf.name

    billing.paid_in(cast, "6.00")
    assert file_of(paper) is None
    make_account_paper(paper, at=NOW)
    paper.refresh_from_db()
    assert file_of(paper) != first
    assert not paper.pdf.storage.exists(before)


def test_a_file_that_was_lost_is_made_again(paper):
    make_account_paper(paper, at=NOW)
    paper.refresh_from_db()
    paper.pdf.storage.delete(paper.pdf.name)
    assert file_of(paper) is None
    make_account_paper(paper, at=NOW)
    assert file_of(paper).startswith(b"%PDF")
