"""Problems: opening, finding the cause, known errors, workarounds, fixes and candidates."""

from .analysing import edit_analysis, save_causes, save_review, save_whys
from .candidates import dismiss, find_candidates, open_from
from .known_errors import declare_known_error
from .linking import link_incidents, unlink_incident
from .moving import move
from .opening import open_problem
from .passing import close_verified, remind_of_reviews
from .solving import resolve_incidents, resume_waiting
from .workarounds import post_pending, publish_workaround, write_workaround

__all__ = [
    "close_verified",
    "declare_known_error",
    "dismiss",
    "edit_analysis",
    "find_candidates",
    "link_incidents",
    "move",
    "open_from",
    "open_problem",
    "post_pending",
    "publish_workaround",
    "remind_of_reviews",
    "resolve_incidents",
    "resume_waiting",
    "save_causes",
    "save_review",
    "save_whys",
    "unlink_incident",
    "write_workaround",
]
