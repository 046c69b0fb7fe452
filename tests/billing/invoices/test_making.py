"""The files of an issued invoice: PDF/A-3 with the e-invoice inside (`BIL-24`)."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from lxml import etree
from pypdf import PdfReader

from billing.invoices import actions
from billing.invoices.documents import hours_of, make
from billing.invoices.errors import InvalidEInvoice
from billing.invoices.models import Invoice, InvoiceCounter
from billing.invoices.parse import month
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry
from portal.outbox.models import OutgoingMail
from portal.people.models import User
from tests.billing import make as billing

pytestmark = pytest.mark.made_anew
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def draft(cast):
    billing.seller()
    billing.contract(cast.acme, e_invoice="ubl")
    billing.hours(cast, 90, date(2026, 3, 5))
    return actions.run_month(month("2026-03"), by=None).drafted[0]


def test_the_pdf_is_archivable_tagged_and_carries_the_very_xml(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    pdf = PdfReader(io.BytesIO(issued.read_pdf()))
    assert dict(pdf.attachments) == {"factur-x.xml": [issued.xml.read()]}
    assert [file.get_object()["/AFRelationship"] for file in pdf.root_object["/AF"]] == [
        "/Alternative"
    ]
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    xmp = etree.fromstring(pdf.root_object["/Metadata"].get_object().get_data())
    said = {
        etree.QName(one).localname: one.text or dict(one.attrib)
        for one in xmp.iter(tag=etree.Element)
    } | {
        etree.QName(name).localname: value
        for one in xmp.iter(tag=etree.Element)
        for name, value in one.attrib.items()
    }
    assert (said["part"], said["conformance"]) == ("3", "B")
    assert (said["ConformanceLevel"], said["DocumentFileName"]) == ("EN 16931", "factur-x.xml")


def test_files_made_again_are_the_same_to_the_byte(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    with time_machine.travel(MAY_2 + timedelta(days=400)):
        again = make(Invoice.objects.get())
    assert again.pdf == issued.read_pdf()
    assert (again.xml, again.ubl) == (issued.read_xml(), issued.read_ubl())


def test_one_spoiled_total_is_refused_by_name_and_gives_the_number_back(cast, draft):
    Invoice.objects.filter(pk=draft.pk).update(vat_total=Decimal("34.21"))
    draft.refresh_from_db()
    with pytest.raises(InvalidEInvoice, match="BR-CO-14: Invoice total VAT amount") as refusal:
        actions.issue(draft, by=cast.bea, at=MAY_2)
    assert "BR-CO-14" in refusal.value.rules
    draft.refresh_from_db()
    assert (draft.state, draft.number, draft.xml_sha256) == ("draft", None, "")
    assert InvoiceCounter.objects.count() == 0


def test_the_total_that_does_not_add_up_is_named_too(cast, draft):
    Invoice.objects.filter(pk=draft.pk).update(payable_total=Decimal("999.00"))
    draft.refresh_from_db()
    with pytest.raises(InvalidEInvoice, match="BR-CO-16"):
        actions.issue(draft, by=cast.bea, at=MAY_2)


def test_the_same_invoice_is_stored_as_ubl_that_its_own_rules_have_judged(cast, draft):
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    xml = issued.read_ubl()
    assert b"HAL-2026-000001" in xml
    assert b'<cbc:PayableAmount currencyID="EUR">178.50<' in xml
    actions.send(issued, to="a@acme.example", how="attached", by=cast.bea, at=MAY_2, key="one")
    names = [one["path"].rpartition(".")[0] for one in OutgoingMail.objects.get().attachments]
    assert names == [f"invoices/2026/{issued.uuid}", f"invoices/2026/{issued.uuid}.ubl"]
    assert issued.ubl_checks["rules"] == "EN16931-UBL-validation.xslt"
    assert issued.ubl_checks["failures"] == []
    assert issued.ubl_checks["rules_fired"] > 40


def test_the_annex_goes_on_saying_what_it_said_at_issue(cast, draft):
    entry = TimeEntry.objects.get()
    TimeEntry.objects.update(note="Raised the limit", note_visibility="invoice_text")
    issued = actions.issue(draft, by=cast.bea, at=MAY_2)
    Ticket.objects.filter(pk=entry.ticket_id).update(title="Another subject", is_confidential=True)
    User.objects.filter(pk=entry.agent_id).update(name="Married Otherwise")
    assert make(Invoice.objects.get()).pdf == issued.read_pdf()
    (row,) = hours_of(issued)
    assert (row.title, row.agent, row.note) == ("Mail does not arrive", "Bo", "Raised the limit")
