"""What people and the calendar do with invoices."""

from .compensating import propose_credits
from .confirming import (
    confirm,
    decline,
    exceeds_limit,
    needs_confirmation,
    propose,
    propose_issue,
)
from .crediting import Portion, Rest, credit, uncredited, void
from .differing import book_difference, confirm_write_off, end_difference, propose_write_off
from .disputing import Asker, dispute, settle
from .dunning import (
    DunningResult,
    drop_reminder,
    hold,
    lift_hold,
    remind_late,
    request_reminder,
    rules_of,
    send_asked,
    send_reminder,
)
from .expecting import Expected, expected, expected_on
from .foreseeing import Preview, preview
from .importing import accept, accept_proposals, content_of, ignore, import_csv, restore, take_file
from .issuing import issue, note_problem, request_issue
from .paying import allocate, record_payment, refund, reverse, take_off
from .previewing import draft_pdf, make_draft_pdf, request_draft_pdf
from .rating import enter_rates, take_rates
from .reversing import credit_order, follow_order_credits
from .running import (
    RunResult,
    cancel_run,
    result_of,
    resume_run,
    run_month,
    standing_still,
    start_issuing,
    start_run,
)
from .sending import extend_links, make_link, note_visit, revoke_link, send, send_all
from .skipping import Skip
from .stating import account_paper, make_account_paper, request_account_paper
from .wanting import want
from .working import drafts_of, work_off

__all__ = [
    "propose_credits",
    "Asker",
    "DunningResult",
    "Expected",
    "Portion",
    "Preview",
    "Rest",
    "RunResult",
    "Skip",
    "accept",
    "account_paper",
    "make_account_paper",
    "request_account_paper",
    "accept_proposals",
    "allocate",
    "book_difference",
    "cancel_run",
    "confirm",
    "confirm_write_off",
    "content_of",
    "credit",
    "credit_order",
    "follow_order_credits",
    "decline",
    "dispute",
    "draft_pdf",
    "drafts_of",
    "drop_reminder",
    "end_difference",
    "enter_rates",
    "exceeds_limit",
    "expected",
    "expected_on",
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
    "needs_confirmation",
    "propose",
    "propose_issue",
    "propose_write_off",
    "record_payment",
    "refund",
    "remind_late",
    "request_draft_pdf",
    "request_issue",
    "request_reminder",
    "restore",
    "result_of",
    "resume_run",
    "reverse",
    "revoke_link",
    "rules_of",
    "run_month",
    "send",
    "send_all",
    "send_asked",
    "send_reminder",
    "settle",
    "standing_still",
    "start_issuing",
    "start_run",
    "take_file",
    "take_off",
    "take_rates",
    "uncredited",
    "void",
    "want",
    "work_off",
]
