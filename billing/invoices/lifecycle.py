"""The states of an invoice and its way from draft to issued (`BIL-11`).

Overdue is no state: it is derived from the due date. No move leads back to draft, and only a draft
may be deleted. The states after issued are those that payments and credit notes write.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from itil.tickets.lifecycle import Actor, Lifecycle, Move, Phase


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    SENT = "sent", _("Sent")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")
    WRITTEN_OFF = "written_off", _("Written off")


# Issued and not settled: the customer still owes something.
OWED = (State.ISSUED, State.SENT, State.PARTLY_PAID)

INVOICE = Lifecycle(
    start=State.DRAFT,
    phases={
        State.DRAFT: Phase.OPEN,
        State.ISSUED: Phase.WAITING,
        State.SENT: Phase.WAITING,
        State.PARTLY_PAID: Phase.WAITING,
        State.PAID: Phase.DONE,
        State.CANCELLED: Phase.DONE,
        State.WRITTEN_OFF: Phase.DONE,
    },
    moves=(
        Move(
            verb="issue",
            sources=frozenset({State.DRAFT}),
            target=State.ISSUED,
            by=frozenset({Actor.AGENT}),
            label=gettext_noop("Issue"),
        ),
    ),
)
