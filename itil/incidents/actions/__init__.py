"""Incidents: opening, following up, major ones, and what time and a parent's end do to them."""

from .elapsing import close_resolved, remind_unanswered, resolve_unanswered
from .families import reopen_children, resolve_children
from .major import accept, announce, appoint, arrange, demote, propose_major, reject, set_interval
from .opening import follow_up, open_incident
from .outages import note_outage
from .proposing import apply_rules
from .reviewing import finish_review, pick, save_review, write_review
from .updating import remind_of_updates, send_update, tell_children

__all__ = [
    "accept",
    "announce",
    "apply_rules",
    "appoint",
    "arrange",
    "close_resolved",
    "demote",
    "finish_review",
    "follow_up",
    "note_outage",
    "open_incident",
    "pick",
    "propose_major",
    "reject",
    "remind_of_updates",
    "remind_unanswered",
    "reopen_children",
    "resolve_children",
    "resolve_unanswered",
    "save_review",
    "send_update",
    "set_interval",
    "tell_children",
    "write_review",
]
