"""The verbs of the desk: every channel, page, command and rule changes tickets through these.

They only orchestrate: ask permission, call the apps that own the tables, record the event, let the
clocks follow, return.
"""

from .assigning import assign, claim, hand_over, take, take_over, unassign
from .editing import edit, lift_override, override_priority
from .elapsing import resume_scheduled, try_move
from .filling import fill_in
from .importing import carry_out_time_import, try_time_import
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
from .sheet import set_cell
from .timing import (
    approve_time,
    correct_time,
    discard_timer,
    log_span,
    log_time,
    pause_timer,
    reject_time,
    remove_time,
    reopen_time,
    resume_timer,
    start_timer,
    stop_timer,
    submit_time,
    write_off_time,
)
from .unmerging import unmerge

__all__ = [
    "approve_time",
    "assign",
    "attach_item",
    "carry_out_time_import",
    "claim",
    "comment",
    "correct_time",
    "detach_item",
    "discard_timer",
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
    "log_span",
    "log_time",
    "merge",
    "move",
    "note",
    "open_ticket",
    "override_priority",
    "pause_timer",
    "reject_time",
    "remove_time",
    "reopen_time",
    "reply",
    "resume_scheduled",
    "resume_timer",
    "set_cell",
    "set_parent",
    "split",
    "start_timer",
    "stop_timer",
    "submit_time",
    "supplier_answered",
    "take",
    "take_over",
    "try_move",
    "try_time_import",
    "unassign",
    "unlink",
    "unmerge",
    "write_off_time",
]
