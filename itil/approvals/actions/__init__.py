"""The verbs of approvals: asking, deciding, and what happens when nobody does."""

from .deciding import answer, ask, vote, withdraw_vote
from .starting import StepPreview, cancel, preview, restart, start, void
from .watching import remind_and_time_out, replace_leavers

__all__ = [
    "StepPreview",
    "answer",
    "ask",
    "cancel",
    "preview",
    "remind_and_time_out",
    "replace_leavers",
    "restart",
    "start",
    "void",
    "vote",
    "withdraw_vote",
]
