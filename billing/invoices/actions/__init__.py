"""What people and the calendar do with invoices."""

from .collecting import Preview, Skip, preview
from .drafting import RunResult, run_month
from .issuing import issue, note_problem, request_issue
from .previewing import draft_pdf, make_draft_pdf, request_draft_pdf

__all__ = [
    "Preview",
    "RunResult",
    "Skip",
    "draft_pdf",
    "issue",
    "make_draft_pdf",
    "note_problem",
    "preview",
    "request_draft_pdf",
    "request_issue",
    "run_month",
]
