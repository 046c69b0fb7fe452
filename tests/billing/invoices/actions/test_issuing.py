"""Issuing: all or nothing, and frozen for good (`BIL-11` to `BIL-15`)."""

import hashlib
import io
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from pypdf import PdfReader

from billing.invoices import actions
from billing.invoices.actions.issuing import prepare_issue
from billing.invoices.documents import make
from billing.invoices.errors import DamagedDocument, FrozenInvoice, IncompleteInvoice
from billing.invoices.models import BilledTime, Invoice, InvoiceCounter, InvoiceLine
from billing.invoices.parse import month
from itil.tickets.errors import MoveNotAllowed, NotAllowed, Refused, StaleRecord
from itil.timesheets.actions import correct
from itil.timesheets.models import TimeEntry
from tests.billing import make as billing

MARCH = month("2026-03")
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 5)


@pytest.fixture
def draft(cast):
    """Acme owes 214.20 for March."""
    billing.seller()
    billing.contract(cast.acme, rates={cast.activity: "120.00"}, buyer_reference="PO 4500-118")
    billing.hours(cast, 80, DAY)
    return actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted[0]


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_issuing_gives_number_dates_reference_and_file(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    assert (issued.number, issued.state) == ("HAL-2026-000001", "issued")
    assert (issued.issued_on, issued.due_on) == (date(2026, 5, 2), date(2026, 6, 1))
    assert issued.payment_reference == "RF422026000001"
    assert issued.seller_details["vat_id"] == "DE123456788"
    assert issued.buyer_details["street"] == "Am Wall 140"
    assert hashlib.sha256(issued.read_pdf()).hexdigest() == issued.pdf_sha256
    assert hashlib.sha256(issued.xml.read()).hexdigest() == issued.xml_sha256
    assert issued.xml_checks["failures"] == []
    assert issued.xml_checks["rules_fired"] > 50
    assert TimeEntry.objects.get().state == "invoiced"
    assert [event.kind for event in issued.events.all()] == ["drafted", "issued"]


def test_the_paper_states_number_parties_amounts_and_every_hour(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    text = text_of(issued.read_pdf())
    for part in (
        "HAL-2026-000001",
        "Halden IT Services GmbH",
        "DE123456788",
        "Acme",
        "28195 Bremen, Germany",
        "Your reference PO 4500-118",
        "Contract C-Acme",
        "Every hour behind this document",
        "1–31 March 2026",
        "€214.20 due 1 June 2026",
        "VAT 19% on €180.00",
        "€34.20",
        "DE89 3704 0044 0532 0130 00",
        "RF42 2026 0000 01",
        "Work in March 2026",
        "Mail does not arrive",
        TimeEntry.objects.get().ticket.number,
    ):
        assert part in text
    assert "DRAFT" not in text


def test_subjects_of_confidential_tickets_and_notes_stay_off_the_paper(cast, draft):
    entry = TimeEntry.objects.get()
    TimeEntry.objects.filter(pk=entry.pk).update(note="Customer was rude")
    type(entry.ticket).objects.filter(pk=entry.ticket_id).update(is_confidential=True)
    text = text_of(actions.issue(draft, by=cast.bea, at=MAY_2).read_pdf())
    assert "Confidential" in text
    assert "Mail does not arrive" not in text
    assert "rude" not in text


def test_b20_a_failure_while_printing_gives_the_number_back(cast, draft):
    # The folder for files is a file: nothing can be stored there.
    folder = Path(settings.MEDIA_ROOT) / "invoices"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    try:
        with pytest.raises(NotADirectoryError):
            actions.issue(draft, by=cast.bea, at=MAY_2)
    finally:
        folder.unlink()
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.pdf_sha256) == ("draft", None, "")
    assert InvoiceCounter.objects.count() == 0
    assert TimeEntry.objects.get().state == "approved"
    assert actions.issue(draft, by=cast.bea, at=MAY_2).number == "HAL-2026-000001"


def test_documents_made_ahead_are_taken_when_nothing_has_changed(cast, draft):
    prepared = prepare_issue(draft, at=MAY_2)
    draft.refresh_from_db()
    assert (draft.state, draft.number, InvoiceCounter.objects.count()) == ("draft", None, 0)
    issued = actions.issue(draft, by=cast.bea, at=MAY_2, prepared=prepared)
    assert issued.number == prepared.number == "HAL-2026-000001"
    assert make(issued, ahead=prepared.made) is prepared.made
    assert issued.read_pdf() == prepared.made.pdf


def test_documents_made_ahead_are_made_again_when_number_or_text_is_another(cast, draft):
    billing.hours(cast, 30, date(2026, 4, 7))
    april = actions.run_month(month("2026-04"), by=cast.bea, at=MAY_2).drafted[0]
    early = prepare_issue(draft, at=MAY_2)
    TimeEntry.objects.filter(billed__line__invoice=april).update(
        note="New filter", note_visibility="invoice_text"
    )
    stale = replace(prepare_issue(april, at=MAY_2), made=early.made)
    # The number fits and the text does not; then the other way round.
    assert actions.issue(april, by=cast.bea, at=MAY_2, prepared=stale).number == early.number
    issued = actions.issue(draft, by=cast.bea, at=MAY_2, prepared=early)
    assert issued.number == "HAL-2026-000002"
    for invoice, own, other in ((april, "000001", "000002"), (issued, "000002", "000001")):
        text = text_of(Invoice.objects.get(pk=invoice.pk).read_pdf())
        assert f"HAL-2026-{own}" in text
        assert f"HAL-2026-{other}" not in text


def test_a_template_that_cannot_be_read_gives_the_number_back(cast, draft, settings, tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "invoice.html").write_text("{% broken %}")
    whole = settings.TEMPLATES
    settings.TEMPLATES = [whole[0] | {"DIRS": [tmp_path]}]
    with pytest.raises(Exception, match="Invalid block tag"):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    settings.TEMPLATES = whole
    assert actions.issue(draft, by=cast.bea, at=MAY_2).number == "HAL-2026-000001"


def test_issuing_twice_is_refused_and_takes_no_number(cast, draft):
    actions.issue(draft, by=cast.bea, at=MAY_2)
    with pytest.raises(MoveNotAllowed, match="HAL-2026-000001 has been issued"):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert InvoiceCounter.objects.get().last_number == 1


def test_dates_of_a_series_never_go_back(cast, draft):
    actions.issue(draft, by=cast.bea, at=MAY_2)
    billing.hours(cast, 30, date(2026, 4, 7))
    april = actions.run_month(month("2026-04"), by=cast.bea, at=MAY_2).drafted[0]
    with pytest.raises(Refused, match="dated 2026-05-02"):
        actions.issue(april, by=cast.bea, at=MAY_2 - timedelta(days=1))
    april.refresh_from_db()
    assert april.number is None
    assert actions.issue(april, by=cast.bea, at=MAY_2).number == "HAL-2026-000002"


def test_the_day_of_issue_is_the_day_in_the_business_zone(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert (issued.number, issued.issued_on) == ("HAL-2027-000001", date(2027, 1, 1))


def test_hours_changed_since_the_draft_must_be_drafted_again(cast, draft):
    correct(
        TimeEntry.objects.get(),
        by=cast.bo,
        reason="Forgot some",
        changes={"minutes": 100},
        at=MAY_2,
    )
    with pytest.raises(StaleRecord):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    actions.run_month(MARCH, by=cast.bea, at=MAY_2)
    assert actions.issue(draft, by=cast.bea, at=MAY_2).minutes == 105


@pytest.mark.parametrize(
    ("owner", "changes", "missing"),
    [
        ("seller", {"vat_id": ""}, "Our VAT number or tax number"),
        ("seller", {"iban": "DE00 3704 0044 0532 0130 00"}, "A valid IBAN"),
        ("organization", {"city": "", "country": ""}, "Acme: city, country"),
    ],
)
def test_an_invoice_that_lacks_what_the_law_asks_is_refused(cast, draft, owner, changes, missing):
    record = getattr(draft, owner)
    type(record).objects.filter(pk=record.pk).update(**changes)
    with pytest.raises(IncompleteInvoice, match=missing):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert InvoiceCounter.objects.count() == 0


def test_b13_reverse_charge_needs_the_customers_id_and_prints_the_reason(cast):
    billing.seller()
    billing.contract(
        cast.acme,
        default_hourly_rate=Decimal("1250.00"),
        vat_category="AE",
        vat_rate=0,
        vat_exemption_reason="Reverse charge",
    )
    billing.hours(cast, 60, DAY)
    draft = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted[0]
    with pytest.raises(IncompleteInvoice, match="reverse charge"):
        actions.issue(draft, by=cast.bea, at=MAY_2)
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(vat_id="NL004495445B01")
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    assert (issued.vat_total, issued.payable_total) == (Decimal("0.00"), Decimal("1250.00"))
    text = text_of(issued.read_pdf())
    assert "Reverse charge" in text
    assert "NL004495445B01" in text


def test_outside_the_scope_no_vat_id_is_printed(cast):
    billing.seller()
    billing.contract(
        cast.acme, vat_category="O", vat_rate=0, vat_exemption_reason="Not subject to VAT"
    )
    billing.hours(cast, 60, DAY)
    draft = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted[0]
    text = text_of(actions.issue(draft, by=cast.bea, at=MAY_2).read_pdf())
    assert "Not subject to VAT" in text
    assert "DE123456788" not in text


@pytest.mark.parametrize("who", ["ann", "bo", "cleo", "mia", "dov", "root"])
def test_only_clerks_issue(cast, draft, who):
    with pytest.raises(NotAllowed):
        actions.issue(draft, by=getattr(cast, who), at=MAY_2)
    assert InvoiceCounter.objects.count() == 0


def test_an_issued_invoice_refuses_every_change_of_content(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    for field, value in (
        ("number", "HAL-2026-000009"),
        ("net_total", Decimal("1.00")),
        ("due_on", date(2027, 1, 1)),
        ("buyer_details", {"name": "Other"}),
        ("pdf_sha256", "0" * 64),
        ("correction_reason", "Another one"),
        ("order_number", "PO 9"),
        ("allowances", [{"amount": "1.00"}]),
        ("rounding_total", Decimal("0.01")),
        ("xml_checks", {"valid": True}),
        ("frees_time", True),
        ("request_key", "7d4c3a52-1f3c-4f0e-9a54-0d3a9ec5f111"),
        ("state", "draft"),
    ):
        changed = Invoice.objects.get()
        setattr(changed, field, value)
        with pytest.raises(FrozenInvoice):
            changed.save()
        with pytest.raises(FrozenInvoice):
            Invoice.objects.update(**{field: value})
    with pytest.raises(FrozenInvoice), transaction.atomic():
        Invoice.objects.bulk_update([issued], ["net_total"])
    with pytest.raises(FrozenInvoice):
        issued.delete()
    with pytest.raises(FrozenInvoice):
        Invoice.objects.all().delete()
    stored = Invoice.objects.get()
    assert (stored.number, stored.net_total) == ("HAL-2026-000001", Decimal("180.00"))


def test_lines_and_hours_of_an_issued_invoice_refuse_changes_too(cast, draft):
    actions.issue(draft, by=cast.bea, at=MAY_2)
    line, billed = InvoiceLine.objects.get(), BilledTime.objects.get()
    line.net = billed.billed_minutes = 1
    for verb in (line.save, line.delete, billed.save, billed.delete):
        with pytest.raises(FrozenInvoice):
            verb()
    for rows in (InvoiceLine.objects, BilledTime.objects):
        with pytest.raises(FrozenInvoice):
            rows.all().delete()
    with pytest.raises(FrozenInvoice):
        InvoiceLine.objects.update(net=1)
    with pytest.raises(FrozenInvoice):
        InvoiceLine.objects.bulk_create([InvoiceLine(invoice=Invoice.objects.get(), position=9)])
    assert InvoiceLine.objects.get().net == Decimal("180.00")
    assert BilledTime.objects.get().billed_minutes == 90


def test_what_may_change_after_issue_is_state_and_note(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    issued.internal_note = "Call them"
    issued.save()
    Invoice.objects.update(state="sent")
    assert Invoice.objects.get().internal_note == "Call them"


def test_the_database_keeps_an_entry_on_one_line_and_from_deletion(cast, draft):
    entry, line = TimeEntry.objects.get(), InvoiceLine.objects.get()
    segment = entry.billed.get().segment
    with pytest.raises(IntegrityError), transaction.atomic():
        BilledTime.objects.create(
            entry=entry, segment=segment, line=line, raw_minutes=80, billed_minutes=90
        )
    with pytest.raises(ProtectedError):
        entry.delete()


def test_the_database_refuses_a_number_on_a_draft_and_an_issue_without_one(cast, draft):
    for wrong in ({"number": "HAL-2026-000007"}, {"state": "issued"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.filter(pk=draft.pk).update(**wrong)


def test_the_stored_file_outlives_changes_of_template_and_address(cast, draft, settings, tmp_path):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    before = issued.read_pdf()
    type(cast.acme).objects.filter(pk=cast.acme.pk).update(street="Elsewhere 1")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "invoice.html").write_text("changed")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    stored = Invoice.objects.get()
    assert stored.read_pdf() == before
    assert stored.buyer_details["street"] == "Am Wall 140"


def test_a_file_that_was_tampered_with_is_not_served(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    Path(default_storage.path(issued.pdf.name)).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(DamagedDocument, match="not the one that was issued"):
        Invoice.objects.get().read_pdf()
    default_storage.delete(issued.pdf.name)
    with pytest.raises(DamagedDocument, match="cannot be read"):
        Invoice.objects.get().read_pdf()
