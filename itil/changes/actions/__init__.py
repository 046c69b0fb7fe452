"""What is done to changes: opened, planned, assessed, moved, reviewed; boards and templates."""

from .assessing import assess, publish_formula, reckon
from .boards import (
    close_meeting,
    move_meeting,
    plan_meeting,
    put_on_agenda,
    take_minutes,
    take_off_agenda,
    vote_of,
)
from .minutes import make_minutes, minutes_pdf, request_minutes
from .moving import decided, flag_unauthorised, go_on, move
from .opening import open_change, open_standard
from .planning import corrected, plan, retype
from .reviewing import (
    accept_caused,
    announce,
    caused,
    confirm_items,
    dismiss_caused,
    find_caused,
    withdraw_announcement,
    write_review,
)
from .templates import (
    approve_template,
    edit_template,
    expire_templates,
    propose,
    propose_again,
    retire_template,
    suspend_template,
    vote_on_template,
)

__all__ = [
    "accept_caused",
    "announce",
    "approve_template",
    "assess",
    "caused",
    "close_meeting",
    "confirm_items",
    "corrected",
    "decided",
    "dismiss_caused",
    "edit_template",
    "expire_templates",
    "find_caused",
    "flag_unauthorised",
    "go_on",
    "make_minutes",
    "minutes_pdf",
    "move",
    "move_meeting",
    "open_change",
    "open_standard",
    "plan",
    "plan_meeting",
    "propose",
    "propose_again",
    "publish_formula",
    "put_on_agenda",
    "reckon",
    "request_minutes",
    "retire_template",
    "retype",
    "suspend_template",
    "take_minutes",
    "take_off_agenda",
    "vote_of",
    "vote_on_template",
    "withdraw_announcement",
    "write_review",
]
