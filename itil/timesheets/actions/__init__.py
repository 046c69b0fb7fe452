"""Recording work: entries, their way to the invoice, and the timers of each person.

These know no tickets' rights: `itil.desk.actions` asks for permission first.
"""

from itil.timesheets.hours import business_zone, split_at_midnight

from .approver import Approver, approver, hand_over, initial_state
from .booking import Details, add_entry, add_span
from .correcting import correct, remove
from .deciding import approve, mark_invoiced, reject, release, reopen, submit, write_off
from .splitting import set_apart
from .timing import discard, pause, resume, start, stop

__all__ = [
    "Approver",
    "Details",
    "add_entry",
    "add_span",
    "approve",
    "approver",
    "business_zone",
    "correct",
    "discard",
    "hand_over",
    "initial_state",
    "mark_invoiced",
    "pause",
    "reject",
    "release",
    "remove",
    "reopen",
    "resume",
    "set_apart",
    "split_at_midnight",
    "start",
    "stop",
    "submit",
    "write_off",
]
