"""The draft as a PDF: made by the worker, kept until the draft changes."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import override

from billing.invoices import documents
from billing.invoices.models import Invoice
from billing.invoices.models.invoice import draft_path

from .wanting import want


def draft_pdf(invoice: Invoice) -> bytes | None:
    """The file of the draft as it is now, or None when it has yet to be made."""
    if not invoice.draft_pdf or invoice.draft_pdf_of != page_key(invoice):
        return None
    try:
        with invoice.draft_pdf.open("rb") as file:
            return bytes(file.read())
    except OSError:
        return None


def request_draft_pdf(invoice: Invoice, *, at: datetime | None = None) -> bool:
    """Note that the file is wanted; False when that was done a moment ago."""
    drafts = Invoice.objects.drafts().filter(pk=invoice.pk)
    return want(drafts, "draft_requested_at", at=at or timezone.now())


def make_draft_pdf(invoice: Invoice) -> None:
    """Print the draft and store the file; an issued invoice is left alone."""
    if invoice.is_frozen:
        return
    key = page_key(invoice)
    with override(invoice.language):
        content = documents.pdf_of(documents.html_of(invoice))
    storage, outdated = invoice.draft_pdf.storage, invoice.draft_pdf.name
    name = storage.save(draft_path(invoice, ""), ContentFile(content))
    kept = (
        Invoice.objects.drafts()
        .filter(pk=invoice.pk)
        .update(draft_pdf=name, draft_pdf_of=key, draft_requested_at=None)
    )
    # The draft was issued or deleted meanwhile: nobody refers to the new file.
    unused = outdated if kept else name
    if unused:
        storage.delete(unused)


def page_key(invoice: Invoice) -> str:
    """Changes whenever the printed page would."""
    with override(invoice.language):
        return hashlib.sha256(documents.html_of(invoice).encode()).hexdigest()
