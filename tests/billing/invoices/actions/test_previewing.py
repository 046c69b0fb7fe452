"""The PDF of a draft."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from pypdf import PdfReader

from billing.invoices import actions
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from tests.billing import make as billing

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)


@pytest.fixture
def draft(cast):
    billing.seller()
    billing.contract(cast.acme)
    billing.hours(cast, 60, DAY)
    return actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted[0]


def test_it_carries_the_word_draft_and_no_number(draft):
    actions.make_draft_pdf(draft)
    draft.refresh_from_db()
    pages = PdfReader(io.BytesIO(actions.draft_pdf(draft))).pages
    text = "".join(page.extract_text() for page in pages)
    assert "DRAFT" in text
    assert "HAL-2026" not in text


def test_it_is_made_again_when_hours_or_addresses_change(cast, draft):
    actions.make_draft_pdf(draft)
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(street="Elsewhere 1")
    moved = Invoice.objects.get()
    assert actions.draft_pdf(moved) is None
    actions.make_draft_pdf(moved)
    moved = Invoice.objects.get()
    assert actions.draft_pdf(moved) is not None
    billing.hours(cast, 60, DAY)
    actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert actions.draft_pdf(Invoice.objects.get()) is None


def test_it_is_asked_for_once_a_minute(draft):
    assert actions.request_draft_pdf(draft, at=MAY_2)
    draft.refresh_from_db()
    assert not actions.request_draft_pdf(draft, at=MAY_2 + timedelta(seconds=59))
    assert actions.request_draft_pdf(draft, at=MAY_2 + timedelta(seconds=60))


def test_its_file_goes_when_the_invoice_is_issued(cast, draft, django_capture_on_commit_callbacks):
    actions.make_draft_pdf(draft)
    draft.refresh_from_db()
    storage, name = draft.draft_pdf.storage, draft.draft_pdf.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert not storage.exists(name)
