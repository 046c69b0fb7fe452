"""The procedure for major incidents (domain 2.1); `itil.incidents.actions.major` walks it.

It runs beside the incident's own life: the two columns are `major_state` and `status`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase


class MajorState(TextChoices):
    """How far the separate procedure for major incidents has come (`INC-7`)."""

    NONE = "none", _("Not major")
    CANDIDATE = "candidate", _("Candidate")
    ACCEPTED = "accepted", _("Major incident")
    RESOLVED = "resolved", _("Major incident, resolved")
    REVIEWED = "reviewed", _("Major incident, reviewed")
    REJECTED = "rejected", _("Candidate, rejected")
    DEMOTED = "demoted", _("Demoted")


AGENT, MANAGER, SYSTEM = Actor.AGENT, Actor.MAJOR_MANAGER, Actor.SYSTEM

MAJOR = Lifecycle(
    start=MajorState.NONE,
    phases={
        MajorState.NONE: Phase.OPEN,
        MajorState.CANDIDATE: Phase.OPEN,
        MajorState.ACCEPTED: Phase.OPEN,
        MajorState.RESOLVED: Phase.WAITING,
        MajorState.REVIEWED: Phase.DONE,
        MajorState.REJECTED: Phase.DONE,
        MajorState.DEMOTED: Phase.DONE,
    },
    moves=(
        Move(
            "propose",
            frozenset({MajorState.NONE}),
            MajorState.CANDIDATE,
            by=frozenset({AGENT, MANAGER, SYSTEM}),
            label=_("Propose as a major incident…"),
            needs=("reason",),
            guards=("open",),
        ),
        # The system accepts only by a rule that says so (`INC-8`).
        Move(
            "accept",
            frozenset({MajorState.CANDIDATE}),
            MajorState.ACCEPTED,
            by=frozenset({MANAGER, SYSTEM}),
            label=_("Accept as a major incident…"),
            needs=("owner", "interval_minutes"),
            guards=("open", "owner", "interval"),
        ),
        Move(
            "reject",
            frozenset({MajorState.CANDIDATE}),
            MajorState.REJECTED,
            by=frozenset({MANAGER}),
            label=_("It is no major incident…"),
            needs=("reason",),
        ),
        Move(
            "demote",
            frozenset({MajorState.ACCEPTED}),
            MajorState.DEMOTED,
            by=frozenset({MANAGER}),
            label=_("Demote…"),
            needs=("reason",),
        ),
        # These two follow the incident itself: nobody takes them on their own.
        Move(
            "resolve",
            frozenset({MajorState.ACCEPTED}),
            MajorState.RESOLVED,
            by=frozenset({SYSTEM}),
            guards=("resolved",),
        ),
        Move(
            "resume",
            frozenset({MajorState.RESOLVED}),
            MajorState.ACCEPTED,
            by=frozenset({SYSTEM}),
            guards=("open",),
        ),
        Move(
            "review",
            frozenset({MajorState.RESOLVED}),
            MajorState.REVIEWED,
            by=frozenset({MANAGER}),
            label=_("Finish the review"),
            guards=("review", "problem"),
        ),
    ),
)
