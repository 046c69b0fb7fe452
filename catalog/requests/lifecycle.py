"""The life cycle of a service request (domain 2.2); `itil.desk.actions.moving.move` walks it.

What is not sent yet is a draft, a table of its own (`models.Draft`).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Mark, Move, Phase


class Status(TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
    IN_FULFILMENT = "in_fulfilment", _("In fulfilment")
    ON_HOLD = "on_hold", _("On hold")
    FULFILLED = "fulfilled", _("Fulfilled")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


class HoldReason(TextChoices):
    AWAITING_REQUESTER = "awaiting_requester", _("Waiting for the requester")
    SCHEDULED = "scheduled", _("Scheduled")
    AWAITING_VENDOR = "awaiting_vendor", _("Waiting for a supplier")
    AWAITING_CHANGE = "awaiting_change", _("Waiting for a change")
    AWAITING_PROBLEM = "awaiting_problem", _("Waiting for a problem")
    AWAITING_PARTS = "awaiting_parts", _("Waiting for parts")
    TASK_FAILED = "task_failed", _("A task failed")
    AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


# These the system finds out; nobody chooses them.
FOUND_OUT = (HoldReason.TASK_FAILED, HoldReason.AWAITING_APPROVAL)

REQUESTER, AGENT, SYSTEM = Actor.REQUESTER, Actor.AGENT, Actor.SYSTEM
UNFINISHED = frozenset(
    {Status.SUBMITTED, Status.AWAITING_APPROVAL, Status.IN_FULFILMENT, Status.ON_HOLD}
)

LIFECYCLE = Lifecycle(
    start=Status.SUBMITTED,
    phases={
        Status.SUBMITTED: Phase.OPEN,
        # Waits for others: the clocks that may pause stand still, the first ones run.
        Status.AWAITING_APPROVAL: Phase.WAITING,
        Status.IN_FULFILMENT: Phase.OPEN,
        Status.ON_HOLD: Phase.WAITING,
        Status.FULFILLED: Phase.DONE,
        Status.CLOSED: Phase.DONE,
        Status.REJECTED: Phase.DONE,
        Status.CANCELLED: Phase.DONE,
    },
    moves=(
        # A step of approval applies; also to what was changed after its approval (`REQ-2`).
        Move(
            "ask_approval",
            frozenset({Status.SUBMITTED, Status.IN_FULFILMENT}),
            Status.AWAITING_APPROVAL,
            by=frozenset({SYSTEM}),
            needs=("hold_reason",),
            stores=("hold_reason",),
        ),
        # None applies: fulfilment begins with the receipt.
        Move(
            "begin",
            frozenset({Status.SUBMITTED}),
            Status.IN_FULFILMENT,
            by=frozenset({SYSTEM}),
            marks=Mark.APPROVED,
        ),
        Move(
            "approve",
            frozenset({Status.AWAITING_APPROVAL}),
            Status.IN_FULFILMENT,
            by=frozenset({SYSTEM}),
            marks=Mark.APPROVED,
        ),
        Move(
            "reject",
            frozenset({Status.AWAITING_APPROVAL}),
            Status.REJECTED,
            by=frozenset({SYSTEM}),
            needs=("reason",),
            marks=Mark.CANCELLED,
        ),
        Move(
            "hold",
            frozenset({Status.IN_FULFILMENT}),
            Status.ON_HOLD,
            by=frozenset({AGENT, SYSTEM}),
            label=_("Put on hold…"),
            needs=("hold_reason",),
            stores=("hold_reason",),
            guards=("hold",),
        ),
        Move(
            "resume",
            frozenset({Status.ON_HOLD}),
            Status.IN_FULFILMENT,
            by=frozenset({AGENT, SYSTEM}),
            label=_("Resume"),
            guards=("resume",),
        ),
        Move(
            "fulfil",
            frozenset({Status.IN_FULFILMENT}),
            Status.FULFILLED,
            by=frozenset({AGENT, SYSTEM}),
            label=_("Delivered"),
            guards=("tasks", "courtesy"),
            marks=Mark.RESOLVED,
        ),
        Move(
            "reopen",
            frozenset({Status.FULFILLED}),
            Status.IN_FULFILMENT,
            by=frozenset({REQUESTER, AGENT}),
            label=_("Not delivered…"),
            needs=("reason",),
            marks=Mark.REOPENED,
            public_label=_("I did not get it"),
        ),
        Move(
            "close",
            frozenset({Status.FULFILLED}),
            Status.CLOSED,
            by=frozenset({REQUESTER, SYSTEM}),
            marks=Mark.CLOSED,
            public_label=_("I have it"),
        ),
        Move(
            "cancel",
            UNFINISHED,
            Status.CANCELLED,
            by=frozenset({AGENT}),
            label=_("Cancel…"),
            needs=("reason",),
            marks=Mark.CANCELLED,
        ),
        Move(
            "withdraw",
            UNFINISHED,
            Status.CANCELLED,
            by=frozenset({REQUESTER}),
            needs=("reason",),
            guards=("withdraw",),
            marks=Mark.CANCELLED,
            public_label=_("Cancel the request"),
        ),
    ),
    public_labels={
        Status.SUBMITTED: _("Received"),
        Status.AWAITING_APPROVAL: _("Waiting for approval"),
        Status.IN_FULFILMENT: _("In progress"),
        f"{Status.ON_HOLD}/{HoldReason.AWAITING_REQUESTER}": _("Waiting for you"),
        Status.ON_HOLD: _("On hold"),
        Status.FULFILLED: _("Delivered, please confirm"),
        Status.CLOSED: _("Closed"),
        Status.REJECTED: _("Declined"),
        Status.CANCELLED: _("Withdrawn"),
    },
)
