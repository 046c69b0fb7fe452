"""Invoices, their lines, and which hours stand on them."""

from .events import InvoiceEvent
from .invoice import Invoice
from .lines import BilledTime, InvoiceLine, LineKind, PartOfInvoice
from .seller import DocumentKind, InvoiceCounter, Seller

__all__ = [
    "BilledTime",
    "DocumentKind",
    "Invoice",
    "InvoiceCounter",
    "InvoiceEvent",
    "InvoiceLine",
    "LineKind",
    "PartOfInvoice",
    "Seller",
]
