"""The life cycle of a change (domain 2.5): one table of rows, each for the types that have it.

`Change.lifecycle` gives the table of a change's type, and that of a change on hold. Hold is no
status: the change stays where it is and waits, so that nothing but resuming and cancelling is
possible (`CHG-2`).
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Mark, Move, Phase


class Status(TextChoices):
    DRAFT = "draft", _("Draft")
    ASSESSMENT = "assessment", _("Assessment")
    AUTHORIZATION = "authorization", _("Waiting for authorization")
    SCHEDULED = "scheduled", _("Scheduled")
    IMPLEMENTATION = "implementation", _("In implementation")
    REVIEW = "review", _("To review")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ChangeType(TextChoices):
    STANDARD = "standard", _("Standard")
    NORMAL = "normal", _("Normal")
    EMERGENCY = "emergency", _("Emergency")


class Outcome(TextChoices):
    SUCCESSFUL = "successful", _("Successful")
    SUCCESSFUL_WITH_ISSUES = "successful_with_issues", _("Successful, with issues")
    FAILED = "failed", _("Failed")
    BACKED_OUT = "backed_out", _("Backed out")


class ConflictStatus(TextChoices):
    """The worst of its conflicts (`CHG-3`); written by conflict detection."""

    NONE = "none", _("No conflicts")
    WARNING = "warning", _("Conflicts to look at")
    ACKNOWLEDGED = "acknowledged", _("Conflicts accepted")
    BLOCKED = "blocked", _("Blocked by a conflict")


OWNER, IMPLEMENTER, MANAGER = Actor.OWNER, Actor.IMPLEMENTER, Actor.CHANGE_MANAGER
SYSTEM = Actor.SYSTEM

STANDARD = frozenset({ChangeType.STANDARD})
NORMAL = frozenset({ChangeType.NORMAL})
EMERGENCY = frozenset({ChangeType.EMERGENCY})
ASSESSED = NORMAL | EMERGENCY
ALL = STANDARD | ASSESSED

# Nothing was done yet: it may still be cancelled, or put on hold.
UNDONE = (Status.DRAFT, Status.ASSESSMENT, Status.AUTHORIZATION, Status.SCHEDULED)
ENDED = frozenset({Status.CLOSED, Status.CANCELLED})
# What conflict detection looks at (`CHG-3`).
UPCOMING = frozenset({Status.AUTHORIZATION, Status.SCHEDULED, Status.IMPLEMENTATION})

PHASES: dict[str, Phase] = {
    status: Phase.DONE if status in ENDED else Phase.OPEN for status in Status
}


class Row(NamedTuple):
    """A move, and the types of changes that have it."""

    types: frozenset[ChangeType]
    move: Move


CANCEL = Move(
    "cancel",
    frozenset(UNDONE),
    Status.CANCELLED,
    by=frozenset({OWNER, MANAGER}),
    label=_("Cancel…"),
    needs=("reason",),
    marks=Mark.CANCELLED,
)
# A step in place, one for each status that can wait.
HOLD = tuple(
    Move(
        "hold",
        frozenset({status}),
        status,
        by=frozenset({OWNER, MANAGER}),
        label=_("Put on hold…"),
        needs=("reason",),
        phase=Phase.WAITING,
    )
    for status in UNDONE
)
RESUME = tuple(
    Move(
        "resume",
        frozenset({status}),
        status,
        by=frozenset({OWNER, MANAGER}),
        label=_("Resume"),
    )
    for status in UNDONE
)

ROWS: tuple[Row, ...] = (
    Row(
        NORMAL,
        Move(
            "submit",
            frozenset({Status.DRAFT}),
            Status.ASSESSMENT,
            by=frozenset({OWNER}),
            label=_("Send to assessment"),
            guards=("described", "plans"),
        ),
    ),
    Row(
        NORMAL,
        Move(
            "ask_authority",
            frozenset({Status.ASSESSMENT}),
            Status.AUTHORIZATION,
            by=frozenset({MANAGER}),
            label=_("Ask for authorization"),
            guards=("plans", "peers", "assessed", "warnings", "votable"),
        ),
    ),
    Row(
        EMERGENCY,
        Move(
            "call_board",
            frozenset({Status.DRAFT}),
            Status.AUTHORIZATION,
            by=frozenset({OWNER}),
            label=_("Call the emergency board"),
            guards=("described", "urgent", "votable"),
        ),
    ),
    Row(
        STANDARD,
        Move(
            "book",
            frozenset({Status.DRAFT}),
            Status.SCHEDULED,
            by=frozenset({OWNER}),
            label=_("Schedule"),
            guards=("described", "template", "conflicts"),
            marks=Mark.APPROVED,
        ),
    ),
    Row(
        ASSESSED,
        Move(
            "authorize",
            frozenset({Status.AUTHORIZATION}),
            Status.SCHEDULED,
            by=frozenset({SYSTEM}),
            guards=("authority", "conflicts"),
            marks=Mark.APPROVED,
        ),
    ),
    Row(
        ASSESSED,
        Move(
            "send_back",
            frozenset({Status.ASSESSMENT, Status.AUTHORIZATION}),
            Status.DRAFT,
            by=frozenset({MANAGER, SYSTEM}),
            label=_("Send back…"),
            needs=("reason",),
        ),
    ),
    Row(
        ASSESSED,
        Move(
            "ask_again",
            frozenset({Status.SCHEDULED}),
            Status.AUTHORIZATION,
            by=frozenset({MANAGER, SYSTEM}),
            label=_("Ask for authorization again…"),
            needs=("reason",),
            guards=("votable",),
        ),
    ),
    Row(
        ALL,
        Move(
            "start",
            frozenset({Status.SCHEDULED}),
            Status.IMPLEMENTATION,
            by=frozenset({IMPLEMENTER, MANAGER}),
            label=_("Start implementation"),
            guards=("start",),
            stores=("actual_start", "outside_window"),
        ),
    ),
    Row(
        EMERGENCY,
        Move(
            "start_unapproved",
            frozenset({Status.DRAFT, Status.AUTHORIZATION}),
            Status.IMPLEMENTATION,
            by=frozenset({MANAGER}),
            label=_("Start on a spoken authorization…"),
            needs=("verbal_authoriser", "verbal_at", "verbal_note"),
            guards=("spoken", "votable"),
            stores=(
                "actual_start",
                "verbal_authoriser_id",
                "verbal_at",
                "verbal_note",
                "is_retrospective",
                "confirm_by",
            ),
        ),
    ),
    Row(
        ALL,
        Move(
            "finish",
            frozenset({Status.IMPLEMENTATION}),
            Status.REVIEW,
            by=frozenset({IMPLEMENTER}),
            label=_("Finish implementation…"),
            needs=("outcome", "note"),
            guards=("finish",),
            stores=("outcome", "actual_end", "items_updated_at"),
        ),
    ),
    Row(
        ALL,
        Move(
            "close",
            frozenset({Status.REVIEW}),
            Status.CLOSED,
            by=frozenset({MANAGER, SYSTEM}),
            label=_("Close"),
            guards=("close",),
            marks=Mark.CLOSED,
        ),
    ),
    Row(ALL, CANCEL),
    *(Row(ALL, move) for move in HOLD),
)


def _table(moves: Iterable[Move]) -> Lifecycle:
    return Lifecycle(start=Status.DRAFT, phases=PHASES, moves=tuple(moves))


# The tables by type, and that of every change on hold.
TABLES: dict[str, Lifecycle] = {
    kind: _table(row.move for row in ROWS if kind in row.types) for kind in ChangeType
}
HELD = _table((*RESUME, CANCEL))
# All rows of all types, for what is asked of the record type as a whole.
LIFECYCLE = _table((*(row.move for row in ROWS), *RESUME))
