"""Our documents: words and figures in the customer's language, HTML, PDF and the e-invoice."""

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
from .making import Made, make, ubl_for
from .notes import text_for_customer
from .paper import html_of
from .parties import missing_content, parties_of
from .printing import pdf_of, warm_up, warm_up_printing
from .transfer import payment_code
from .wording import HourStyle, Wording

__all__ = [
    "EstimateKind",
    "EstimateLetter",
    "HourStyle",
    "Made",
    "OpenInvoice",
    "ReminderLetter",
    "Wording",
    "content_of",
    "estimate_html",
    "hours_of",
    "html_of",
    "make",
    "missing_content",
    "parties_of",
    "pdf_of",
    "payment_code",
    "reminder_html",
    "text_for_customer",
    "ubl_for",
    "warm_up",
    "warm_up_printing",
]
