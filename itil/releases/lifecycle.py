"""The life cycle of a release (domain 2.6), and that of a deployment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Mark, Move, Phase


class Status(TextChoices):
    PLANNING = "planning", _("Planning")
    BUILD = "build", _("Build")
    TEST = "test", _("Test")
    APPROVAL = "approval", _("Go or no-go")
    DEPLOYING = "deploying", _("Being rolled out")
    DEPLOYED = "deployed", _("Rolled out")
    EARLY_LIFE_SUPPORT = "early_life_support", _("Early life support")
    CLOSED = "closed", _("Closed")
    ROLLED_BACK = "rolled_back", _("Rolled back")
    CANCELLED = "cancelled", _("Cancelled")


class DeploymentStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    SUCCESSFUL = "successful", _("Successful")
    FAILED = "failed", _("Failed")
    ROLLED_BACK = "rolled_back", _("Rolled back")


OWNER, MANAGER = Actor.OWNER, Actor.CHANGE_MANAGER
BOTH = frozenset({OWNER, MANAGER})

# Nothing was rolled out yet.
UNDONE = (Status.PLANNING, Status.BUILD, Status.TEST, Status.APPROVAL)
# Changes and waves may still be put in and taken out.
COMPOSED = (Status.PLANNING, Status.BUILD, Status.TEST)
ENDED = frozenset({Status.CLOSED, Status.ROLLED_BACK, Status.CANCELLED})

LIFECYCLE = Lifecycle(
    start=Status.PLANNING,
    phases={status: Phase.DONE if status in ENDED else Phase.OPEN for status in Status},
    moves=(
        Move(
            "build",
            frozenset({Status.PLANNING}),
            Status.BUILD,
            by=BOTH,
            label=_("Begin to build"),
            guards=("planned",),
        ),
        Move("test", frozenset({Status.BUILD}), Status.TEST, by=BOTH, label=_("Hand over to test")),
        Move(
            "rework",
            frozenset({Status.TEST, Status.APPROVAL}),
            Status.BUILD,
            by=BOTH,
            label=_("Back to build…"),
            needs=("reason",),
        ),
        Move(
            "ask_approval",
            frozenset({Status.TEST}),
            Status.APPROVAL,
            by=BOTH,
            label=_("Ask for go or no-go…"),
            needs=("exit_criteria",),
            stores=("exit_criteria",),
        ),
        Move(
            "deploy",
            frozenset({Status.APPROVAL}),
            Status.DEPLOYING,
            by=BOTH,
            label=_("Begin the rollout"),
            guards=("go", "changes", "rollout"),
        ),
        Move(
            "finish",
            frozenset({Status.DEPLOYING}),
            Status.DEPLOYED,
            by=BOTH,
            label=_("All is rolled out"),
            guards=("deployed",),
        ),
        Move(
            "roll_back",
            frozenset({Status.DEPLOYING}),
            Status.ROLLED_BACK,
            by=BOTH,
            label=_("Roll back…"),
            needs=("note",),
            marks=Mark.CLOSED,
        ),
        Move(
            "support",
            frozenset({Status.DEPLOYED}),
            Status.EARLY_LIFE_SUPPORT,
            by=BOTH,
            label=_("Begin early life support…"),
            needs=("support_until",),
            stores=("support_until",),
            guards=("support",),
        ),
        Move(
            "close",
            frozenset({Status.EARLY_LIFE_SUPPORT}),
            Status.CLOSED,
            by=frozenset({MANAGER}),
            label=_("Close"),
            guards=("calm", "carried_out"),
            marks=Mark.CLOSED,
        ),
        Move(
            "cancel",
            frozenset(UNDONE),
            Status.CANCELLED,
            by=BOTH,
            label=_("Cancel…"),
            needs=("reason",),
            marks=Mark.CANCELLED,
        ),
    ),
)
