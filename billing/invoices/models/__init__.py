"""Invoices, their lines, and which hours stand on them."""

from .disputes import Dispute, disputed_amount
from .events import InvoiceEvent
from .invoice import Invoice
from .lines import BilledTime, InvoiceLine, LineKind, PartOfInvoice
from .links import InvoiceLink, LinkVisit, Sending
from .seller import DocumentKind, InvoiceCounter, Seller

__all__ = [
    "BilledTime",
    "Dispute",
    "DocumentKind",
    "Invoice",
    "InvoiceCounter",
    "InvoiceEvent",
    "InvoiceLine",
    "InvoiceLink",
    "LineKind",
    "LinkVisit",
    "PartOfInvoice",
    "Seller",
    "Sending",
    "disputed_amount",
]
