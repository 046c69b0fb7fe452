"""The letter of a reminder: printed when it is sent, and kept (`BIL-17`)."""

import io
from datetime import UTC, datetime
from decimal import Decimal

from pypdf import PdfReader

from billing.invoices import actions
from billing.invoices.documents import reminder_pdf
from billing.invoices.models import CollectionRules, Reminder, Seller
from tests.billing import make as billing

# Seven days after 1 June, when it was due.
JUNE_8 = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)


def test_the_letter_is_the_same_when_made_again(cast):
    cast.acme.billing_email = "money@acme.example"
    cast.acme.save()
    billing.issued(cast, vat_category="Z", vat_rate=Decimal(0), payment_terms_days=30)
    CollectionRules.objects.create(
        seller=Seller.objects.get(), reference_rate=Decimal("2.50"), charges_from_level=1
    )
    actions.remind_late(JUNE_8)
    sent = actions.send_reminder(Reminder.objects.get(), by=cast.bea, at=JUNE_8)
    assert sent.read_pdf() == reminder_pdf(Reminder.objects.get())
    text = " ".join(PdfReader(io.BytesIO(sent.read_pdf())).pages[0].extract_text().split())
    for said in ("Payment reminder", "HAL-2026-000001", "€1,000.00", "€40.00", "€1,042.01"):
        assert said in text
