"""What people and the calendar do with invoices."""

from .collecting import Preview, Skip, preview
from .confirming import (
    confirm,
    decline,
    exceeds_limit,
    propose,
    propose_issue,
)
from .crediting import Portion, Rest, credit, uncredited, void
from .differing import (
    book_difference,
    confirm_write_off,
    end_difference,
    propose_write_off,
)
from .drafting import RunResult, run_month
from .importing import (
    accept,
    accept_proposals,
    content_of,
    ignore,
    import_csv,
    restore,
    take_file,
)
from .issuing import issue, note_problem, request_issue
from .paying import allocate, record_payment, refund, reverse, take_off
from .previewing import draft_pdf, make_draft_pdf, request_draft_pdf

__all__ = [
    "Portion",
    "Preview",
    "Rest",
    "RunResult",
    "Skip",
    "accept",
    "accept_proposals",
    "allocate",
    "book_difference",
    "confirm",
    "confirm_write_off",
    "content_of",
    "credit",
    "decline",
    "draft_pdf",
    "end_difference",
    "exceeds_limit",
    "ignore",
    "import_csv",
    "issue",
    "make_draft_pdf",
    "note_problem",
    "preview",
    "propose",
    "propose_issue",
    "propose_write_off",
    "record_payment",
    "refund",
    "request_draft_pdf",
    "request_issue",
    "restore",
    "reverse",
    "run_month",
    "take_file",
    "take_off",
    "uncredited",
    "void",
]
