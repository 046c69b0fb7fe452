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
from .dunning import (
    DunningResult,
    drop_reminder,
    hold,
    lift_hold,
    remind_late,
    rules_of,
    send_reminder,
)
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
from .running import (
    RunResult,
    cancel_run,
    result_of,
    run_month,
    standing_still,
    start_issuing,
    start_run,
)
from .working import drafts_of, work_off

__all__ = [
    "DunningResult",
    "Portion",
    "Preview",
    "Rest",
    "RunResult",
    "Skip",
    "accept",
    "accept_proposals",
    "allocate",
    "book_difference",
    "cancel_run",
    "confirm",
    "confirm_write_off",
    "content_of",
    "credit",
    "decline",
    "draft_pdf",
    "drafts_of",
    "drop_reminder",
    "end_difference",
    "exceeds_limit",
    "hold",
    "ignore",
    "import_csv",
    "lift_hold",
    "issue",
    "make_draft_pdf",
    "note_problem",
    "preview",
    "propose",
    "propose_issue",
    "propose_write_off",
    "record_payment",
    "refund",
    "remind_late",
    "request_draft_pdf",
    "request_issue",
    "restore",
    "result_of",
    "reverse",
    "rules_of",
    "run_month",
    "standing_still",
    "start_issuing",
    "start_run",
    "send_reminder",
    "take_file",
    "take_off",
    "uncredited",
    "void",
    "work_off",
]
