"""The life cycle of a problem (domain 2.4); `itil.desk.actions.moving.step` walks it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Mark, Move, Phase


class Status(TextChoices):
    NEW = "new", _("New")
    ASSESSMENT = "assessment", _("Assessment")
    ROOT_CAUSE_ANALYSIS = "root_cause_analysis", _("Looking for the cause")
    FIX_IN_PROGRESS = "fix_in_progress", _("Fix in progress")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ResolutionCode(TextChoices):
    FIX_APPLIED = "fix_applied", _("Fixed")
    # Nothing is done about it for now; it stays a known error (`KPI-17` counts it as not fixed).
    RISK_ACCEPTED = "risk_accepted", _("Risk accepted")


class CancelReason(TextChoices):
    DUPLICATE = "duplicate", _("Repeats another problem")
    NOT_A_PROBLEM = "not_a_problem", _("Not a problem")


MANAGER, OWNER, SYSTEM = Actor.PROBLEM_MANAGER, Actor.OWNER, Actor.SYSTEM

LIFECYCLE = Lifecycle(
    start=Status.NEW,
    phases={
        Status.NEW: Phase.OPEN,
        Status.ASSESSMENT: Phase.OPEN,
        Status.ROOT_CAUSE_ANALYSIS: Phase.OPEN,
        Status.FIX_IN_PROGRESS: Phase.OPEN,
        Status.RESOLVED: Phase.DONE,
        Status.CLOSED: Phase.DONE,
        Status.CANCELLED: Phase.DONE,
    },
    moves=(
        Move(
            "assess",
            frozenset({Status.NEW}),
            Status.ASSESSMENT,
            by=frozenset({MANAGER}),
            label=_("Assess"),
            guards=("owner",),
        ),
        Move(
            "analyse",
            frozenset({Status.ASSESSMENT}),
            Status.ROOT_CAUSE_ANALYSIS,
            by=frozenset({MANAGER}),
            label=_("Look for the cause…"),
            needs=("impact", "urgency"),
            stores=("impact", "urgency", "priority"),
            guards=("priority",),
        ),
        Move(
            "cancel",
            frozenset({Status.ASSESSMENT}),
            Status.CANCELLED,
            by=frozenset({MANAGER}),
            label=_("Cancel…"),
            needs=("cancel_reason",),
            stores=("cancel_reason",),
            guards=("cancel",),
            marks=Mark.CANCELLED,
        ),
        Move(
            "fix",
            frozenset({Status.ROOT_CAUSE_ANALYSIS}),
            Status.FIX_IN_PROGRESS,
            by=frozenset({OWNER, MANAGER}),
            label=_("Begin the fix…"),
            stores=("root_cause", "fix_plan"),
            guards=("fix",),
        ),
        Move(
            "accept_risk",
            frozenset({Status.ROOT_CAUSE_ANALYSIS}),
            Status.RESOLVED,
            by=frozenset({MANAGER}),
            label=_("Accept the risk…"),
            needs=("service_owner", "reason", "review_on"),
            stores=("accepted_by", "review_on", "resolution_code"),
            guards=("accept_risk",),
            marks=Mark.RESOLVED,
        ),
        Move(
            "fix_failed",
            frozenset({Status.FIX_IN_PROGRESS}),
            Status.ROOT_CAUSE_ANALYSIS,
            by=frozenset({OWNER}),
            label=_("The fix failed…"),
            needs=("note",),
        ),
        Move(
            "resolve",
            frozenset({Status.FIX_IN_PROGRESS}),
            Status.RESOLVED,
            by=frozenset({OWNER, MANAGER}),
            label=_("The fix is applied…"),
            needs=("note",),
            stores=("resolution_code", "is_known_error"),
            guards=("resolve",),
            marks=Mark.RESOLVED,
        ),
        Move(
            "close",
            frozenset({Status.RESOLVED}),
            Status.CLOSED,
            by=frozenset({MANAGER, SYSTEM}),
            label=_("Close…"),
            guards=("close",),
            marks=Mark.CLOSED,
        ),
        Move(
            "reanalyse",
            frozenset({Status.RESOLVED, Status.CLOSED}),
            Status.ROOT_CAUSE_ANALYSIS,
            by=frozenset({MANAGER}),
            label=_("It came back…"),
            needs=("note",),
            stores=("closed_at", "resolution_code", "reanalysed_count", "is_known_error"),
            guards=("reanalyse",),
            marks=Mark.REOPENED,
        ),
    ),
)

# From here on it may be declared a known error (`PRB-1`).
ANALYSED = frozenset({Status.ROOT_CAUSE_ANALYSIS, Status.FIX_IN_PROGRESS, Status.RESOLVED})
