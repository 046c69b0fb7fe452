"""What people and the calendar do with estimates."""

from .deciding import accept, note_seen, reject
from .drafting import NewLine, draft, edit, new_version, throw_away
from .expiring import expire_due
from .keeping import charge_finished, keep_within_cap, release_drafts, waits_for_answer
from .printing import make_pdf, request_pdf
from .sending import send
from .watching import watch

__all__ = [
    "NewLine",
    "accept",
    "charge_finished",
    "draft",
    "edit",
    "expire_due",
    "keep_within_cap",
    "make_pdf",
    "new_version",
    "note_seen",
    "reject",
    "release_drafts",
    "request_pdf",
    "send",
    "throw_away",
    "waits_for_answer",
    "watch",
]
