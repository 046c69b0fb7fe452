"""The invoice as a paper: words and figures in the customer's language, HTML, PDF."""

from .paper import hours_of, html_of
from .parties import missing_content, parties_of
from .printing import pdf_of, warm_up
from .wording import HourStyle, Wording

__all__ = [
    "HourStyle",
    "Wording",
    "hours_of",
    "html_of",
    "missing_content",
    "parties_of",
    "pdf_of",
    "warm_up",
]
