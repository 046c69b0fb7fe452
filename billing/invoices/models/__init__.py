"""Invoices, their lines, which hours stand on them, and the money that pays them."""

from .accounts import AccountPaper
from .confirmations import ApprovalLimit, Confirmation, Purpose
from .disputes import Dispute, disputed_amount
from .dunning import LEVELS, CollectionRules, DunningHold, Reminder
from .events import InvoiceEvent
from .invoice import Invoice
from .lines import BilledCharge, BilledTime, InvoiceLine, LineKind, PartOfInvoice
from .links import InvoiceLink, LinkVisit, Sending
from .payments import Allocation, Difference, Payment, Refund
from .rates import ExchangeRate
from .runs import BillingRun, BillingRunRow
from .seller import DocumentKind, InvoiceCounter, Seller
from .statements import Statement, StatementEntry

__all__ = [
    "LEVELS",
    "AccountPaper",
    "Allocation",
    "ApprovalLimit",
    "BilledCharge",
    "BilledTime",
    "BillingRun",
    "BillingRunRow",
    "CollectionRules",
    "Confirmation",
    "Difference",
    "Dispute",
    "DocumentKind",
    "DunningHold",
    "ExchangeRate",
    "Invoice",
    "InvoiceCounter",
    "InvoiceEvent",
    "InvoiceLine",
    "InvoiceLink",
    "LineKind",
    "LinkVisit",
    "PartOfInvoice",
    "Payment",
    "Purpose",
    "Refund",
    "Reminder",
    "Seller",
    "Sending",
    "Statement",
    "StatementEntry",
    "disputed_amount",
]
