"""The verbs of approvals: asking, deciding, and what happens when nobody does."""

from .deciding import answer, ask, note_unclear_answer, vote, withdraw_vote
from .starting import StepPreview, cancel, frozen_terms, preview, restart, start, void
from .suspending import resume, set_deadline, suspend
from .watching import remind_and_time_out, replace_leavers, settle_decided

__all__ = [
    "StepPreview",
    "answer",
    "ask",
    "cancel",
    "frozen_terms",
    "note_unclear_answer",
    "preview",
    "remind_and_time_out",
    "replace_leavers",
    "restart",
    "resume",
    "set_deadline",
    "settle_decided",
    "start",
    "suspend",
    "void",
    "vote",
    "withdraw_vote",
]
