"""Our documents: words and figures in the customer's language, HTML, PDF and the e-invoice."""

from billing.contracts.documents import HourStyle, Wording, spoken_to_customer

from .content import content_of
from .hours import hours_of
from .letters import (
    EstimateKind,
    EstimateLetter,
    OpenInvoice,
    ReminderLetter,
    estimate_html,
    reminder_html,
)
from .making import Made, make
from .notes import text_for_customer
from .paper import html_of
from .parties import details_of, missing_content, needs_rate, parties_of, rate_of
from .printing import pdf_of, warm_up, warm_up_printing
from .reminding import reminder_pdf
from .stating import AccountLetter, account_html, account_letter
from .transfer import payment_code

__all__ = [
    "AccountLetter",
    "EstimateKind",
    "EstimateLetter",
    "HourStyle",
    "Made",
    "OpenInvoice",
    "ReminderLetter",
    "Wording",
    "account_html",
    "account_letter",
    "content_of",
    "details_of",
    "estimate_html",
    "hours_of",
    "html_of",
    "make",
    "missing_content",
    "needs_rate",
    "parties_of",
    "pdf_of",
    "payment_code",
    "rate_of",
    "reminder_html",
    "reminder_pdf",
    "spoken_to_customer",
    "text_for_customer",
    "warm_up",
    "warm_up_printing",
]
