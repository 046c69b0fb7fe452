"""The life cycle of an incident (domain 2.1); `itil.desk.actions.moving.move` walks it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Mark, Move, Phase


class Status(TextChoices):
    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class HoldReason(TextChoices):
    AWAITING_REQUESTER = "awaiting_requester", _("Waiting for the requester")
    SCHEDULED = "scheduled", _("Scheduled")
    AWAITING_VENDOR = "awaiting_vendor", _("Waiting for a supplier")
    AWAITING_CHANGE = "awaiting_change", _("Waiting for a change")
    AWAITING_PROBLEM = "awaiting_problem", _("Waiting for a problem")
    AWAITING_PARTS = "awaiting_parts", _("Waiting for parts")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class ResolutionCode(TextChoices):
    FIXED = "fixed", _("Fixed")
    WORKAROUND = "workaround", _("Workaround given")
    ADVICE = "advice", _("Explained, advice given")
    NO_RESPONSE = "no_response", _("No answer from the requester")
    NOT_REPRODUCIBLE = "not_reproducible", _("Could not be reproduced")
    BY_PARENT = "by_parent", _("Resolved with its parent")
    SOLVED_BY_REQUESTER = "solved_by_requester", _("Solved by the requester")


class CancelReason(TextChoices):
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_A_FAULT = "not_a_fault", _("Not a fault")
    SPAM = "spam", _("Spam")
    WITHDRAWN = "withdrawn", _("Withdrawn")


REQUESTER, AGENT, LEAD, SYSTEM = Actor.REQUESTER, Actor.AGENT, Actor.LEAD, Actor.SYSTEM
UNRESOLVED = frozenset({Status.NEW, Status.IN_PROGRESS, Status.ON_HOLD})

LIFECYCLE = Lifecycle(
    start=Status.NEW,
    phases={
        Status.NEW: Phase.OPEN,
        Status.IN_PROGRESS: Phase.OPEN,
        Status.ON_HOLD: Phase.WAITING,
        Status.RESOLVED: Phase.DONE,
        Status.CLOSED: Phase.DONE,
        Status.CANCELLED: Phase.DONE,
    },
    moves=(
        Move(
            "start",
            frozenset({Status.NEW}),
            Status.IN_PROGRESS,
            by=frozenset({AGENT}),
            label=_("Start work"),
            guards=("assignee",),
        ),
        Move(
            "hold",
            frozenset({Status.NEW, Status.IN_PROGRESS}),
            Status.ON_HOLD,
            by=frozenset({AGENT}),
            label=_("Put on hold…"),
            needs=("hold_reason",),
            stores=("hold_reason",),
            guards=("hold",),
        ),
        Move(
            "resume",
            frozenset({Status.ON_HOLD}),
            Status.IN_PROGRESS,
            by=frozenset({AGENT, SYSTEM}),
            label=_("Resume"),
        ),
        Move(
            "resolve",
            UNRESOLVED,
            Status.RESOLVED,
            by=frozenset({AGENT, SYSTEM}),
            label=_("Resolve…"),
            needs=("resolution_code", "note"),
            stores=("resolution_code",),
            guards=("courtesy",),
            marks=Mark.RESOLVED,
        ),
        Move(
            "reopen",
            frozenset({Status.RESOLVED}),
            Status.IN_PROGRESS,
            by=frozenset({REQUESTER, AGENT, SYSTEM}),
            label=_("Reopen…"),
            needs=("reason",),
            guards=("major_reopen",),
            marks=Mark.REOPENED,
            public_label=_("It is not solved"),
        ),
        Move(
            "close",
            frozenset({Status.RESOLVED}),
            Status.CLOSED,
            by=frozenset({REQUESTER, LEAD, Actor.MAJOR_MANAGER, SYSTEM}),
            label=_("Close"),
            guards=("major_close",),
            marks=Mark.CLOSED,
            public_label=_("It is solved"),
        ),
        Move(
            "cancel",
            UNRESOLVED,
            Status.CANCELLED,
            by=frozenset({AGENT}),
            label=_("Cancel…"),
            needs=("cancel_reason",),
            stores=("cancel_reason",),
            guards=("cancel", "major_cancel"),
            marks=Mark.CANCELLED,
        ),
        Move(
            "withdraw",
            frozenset({Status.NEW}),
            Status.CANCELLED,
            by=frozenset({REQUESTER}),
            needs=("reason",),
            marks=Mark.CANCELLED,
            public_label=_("Withdraw"),
        ),
    ),
    public_labels={
        Status.NEW: _("Received"),
        Status.IN_PROGRESS: _("Being worked on"),
        f"{Status.ON_HOLD}/{HoldReason.AWAITING_REQUESTER}": _("Waiting for you"),
        Status.ON_HOLD: _("On hold"),
        Status.RESOLVED: _("Solved, please confirm"),
        Status.CLOSED: _("Closed"),
        Status.CANCELLED: _("Withdrawn"),
    },
)
