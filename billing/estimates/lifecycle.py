"""The states of an estimate (`BIL-8`).

An answer is final: what the customer accepted or rejected changes only by a new version, which
supersedes the one before it when it is sent.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


# A new version may follow these; those of a draft are written into the draft.
ANSWERABLE_AGAIN = (State.SENT, State.ACCEPTED, State.REJECTED, State.EXPIRED)
ANSWERS = (State.ACCEPTED, State.REJECTED)

STAFF, CUSTOMER, SYSTEM = (
    frozenset({Actor.LEAD}),
    frozenset({Actor.REQUESTER}),
    frozenset({Actor.SYSTEM}),
)
ESTIMATE = Lifecycle(
    start=State.DRAFT,
    phases={
        State.DRAFT: Phase.OPEN,
        State.SENT: Phase.WAITING,
        State.ACCEPTED: Phase.DONE,
        State.REJECTED: Phase.DONE,
        State.EXPIRED: Phase.DONE,
        State.SUPERSEDED: Phase.DONE,
    },
    moves=(
        Move("send", frozenset({State.DRAFT}), State.SENT, STAFF, label=gettext_noop("Send")),
        Move(
            "accept",
            frozenset({State.SENT}),
            State.ACCEPTED,
            CUSTOMER,
            label=gettext_noop("Accept"),
        ),
        Move(
            "reject",
            frozenset({State.SENT}),
            State.REJECTED,
            CUSTOMER,
            label=gettext_noop("Decline"),
        ),
        Move("expire", frozenset({State.SENT}), State.EXPIRED, SYSTEM),
        Move("supersede", frozenset(ANSWERABLE_AGAIN), State.SUPERSEDED, SYSTEM),
    ),
)
