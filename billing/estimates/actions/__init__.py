"""What people and the calendar do with estimates."""

from .deciding import accept, note_seen, reject
from .drafting import NewLine, draft, edit, new_version, throw_away
from .expiring import expire_due
from .sending import send
from .watching import watch

__all__ = [
    "NewLine",
    "accept",
    "draft",
    "edit",
    "expire_due",
    "new_version",
    "note_seen",
    "reject",
    "send",
    "throw_away",
    "watch",
]
