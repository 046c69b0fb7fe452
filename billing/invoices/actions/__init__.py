"""What people and the calendar do with invoices."""

from .confirming import confirm, decline, exceeds_limit, propose, propose_issue
from .crediting import Portion, Rest, credit, uncredited, void
from .differing import book_difference, confirm_write_off, end_difference, propose_write_off
from .disputing import Asker, dispute, settle
from .dunning import (
    DunningResult,
    drop_reminder,
    hold,
    lift_hold,
    remind_late,
    rules_of,
    send_reminder,
)
from .foreseeing import Preview, preview
from .importing import accept, accept_proposals, content_of, ignore, import_csv, restore, take_file
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
from .sending import extend_links, make_link, note_visit, revoke_link, send, send_all
from .skipping import Skip
from .working import drafts_of, work_off

__all__ = [
    "Asker",
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
    "dispute",
    "draft_pdf",
    "drafts_of",
    "drop_reminder",
    "end_difference",
    "exceeds_limit",
    "extend_links",
    "hold",
    "ignore",
    "import_csv",
    "issue",
    "lift_hold",
    "make_draft_pdf",
    "make_link",
    "note_problem",
    "note_visit",
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
    "revoke_link",
    "rules_of",
    "run_month",
    "send",
    "send_all",
    "send_reminder",
    "settle",
    "standing_still",
    "start_issuing",
    "start_run",
    "take_file",
    "take_off",
    "uncredited",
    "void",
    "work_off",
]
