"""The life cycle of a task (domain 2.3); the verbs of `itil.tasks.actions` walk it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase


class Status(TextChoices):
    PENDING = "pending", _("Waiting for others")
    OPEN = "open", _("Ready")
    IN_PROGRESS = "in_progress", _("In progress")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# What comes after a task may begin when it ended like this.
SETTLED = (Status.DONE, Status.SKIPPED)

_LIVE = frozenset({Status.PENDING, Status.OPEN, Status.IN_PROGRESS, Status.BLOCKED})
_WORKS = frozenset({Actor.AGENT})

LIFECYCLE = Lifecycle(
    start=Status.PENDING,
    phases={
        Status.PENDING: Phase.WAITING,
        Status.OPEN: Phase.OPEN,
        Status.IN_PROGRESS: Phase.OPEN,
        Status.BLOCKED: Phase.WAITING,
        Status.DONE: Phase.DONE,
        Status.SKIPPED: Phase.DONE,
        Status.FAILED: Phase.DONE,
        Status.CANCELLED: Phase.DONE,
    },
    moves=(
        Move(
            "open",
            frozenset({Status.PENDING}),
            Status.OPEN,
            by=frozenset({Actor.SYSTEM}),
            guards=("open",),
        ),
        Move(
            "start",
            frozenset({Status.OPEN}),
            Status.IN_PROGRESS,
            by=_WORKS,
            label=_("Start"),
            guards=("start",),
        ),
        Move(
            "finish",
            frozenset({Status.IN_PROGRESS}),
            Status.DONE,
            by=_WORKS,
            label=_("Done"),
            guards=("finish",),
        ),
        Move(
            "block",
            frozenset({Status.IN_PROGRESS}),
            Status.BLOCKED,
            by=_WORKS | {Actor.SYSTEM},
            label=_("Blocked…"),
            needs=("note",),
        ),
        Move(
            "unblock",
            frozenset({Status.BLOCKED}),
            Status.IN_PROGRESS,
            by=_WORKS | {Actor.SYSTEM},
            label=_("Go on"),
            guards=("unblock",),
        ),
        Move(
            "fail",
            frozenset({Status.IN_PROGRESS}),
            Status.FAILED,
            by=_WORKS,
            label=_("It failed…"),
            needs=("note",),
        ),
        Move(
            "skip",
            frozenset({Status.OPEN, Status.PENDING}),
            Status.SKIPPED,
            by=_WORKS | {Actor.LEAD},
            label=_("Skip…"),
            guards=("skip",),
        ),
        # With the ticket it belongs to, never alone.
        Move("cancel", _LIVE, Status.CANCELLED, by=frozenset({Actor.SYSTEM})),
    ),
    public_labels={
        Status.PENDING: _("Later"),
        Status.OPEN: _("Next"),
        Status.IN_PROGRESS: _("Being worked on"),
        Status.BLOCKED: _("On hold"),
        Status.DONE: _("Done"),
        Status.SKIPPED: _("Not needed"),
        # That it goes on another way is for the desk to say, in words.
        Status.FAILED: _("Being looked into"),
        Status.CANCELLED: _("Cancelled"),
    },
)
