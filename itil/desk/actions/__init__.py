"""The verbs of the desk: every channel, page, command and rule changes tickets through these.

They only orchestrate: ask permission, call the apps that own the tables, record the event, let the
clocks follow, return.
"""

from .assigning import assign, claim, hand_over, take, take_over, unassign
from .editing import edit, lift_override, override_priority
from .elapsing import resume_scheduled, try_move
from .filling import fill_in
from .items import attach_item, detach_item, keep_evidence
from .linking import link, set_parent, unlink
from .merging import merge, split
from .moving import move
from .opening import open_ticket
from .promising import (
    effects_of_edit,
    effects_of_priority,
    escalate,
    exclude_clocks,
    supplier_answered,
)
from .replying import comment, note, reply
from .timing import log_time, start_timer, stop_timer
from .unmerging import unmerge

__all__ = [
    "assign",
    "attach_item",
    "claim",
    "comment",
    "detach_item",
    "edit",
    "effects_of_edit",
    "effects_of_priority",
    "escalate",
    "exclude_clocks",
    "fill_in",
    "hand_over",
    "keep_evidence",
    "lift_override",
    "link",
    "log_time",
    "merge",
    "move",
    "note",
    "open_ticket",
    "override_priority",
    "reply",
    "resume_scheduled",
    "set_parent",
    "split",
    "start_timer",
    "stop_timer",
    "supplier_answered",
    "take",
    "take_over",
    "try_move",
    "unassign",
    "unlink",
    "unmerge",
]
