"""The states of an invoice and the moves between them (`BIL-11`).

Overdue is no state: it is derived from the due date. No move leads back to draft; a draft alone
may be voided, which deletes it. After issue nobody sets a state: it follows from the sums of
payments, credit notes and booked differences, and must be a step of this table.
"""

from decimal import Decimal

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

_CLERK = frozenset({Actor.BILLING_CLERK})
# A clerk who records money, or the import that finds it.
_MONEY = frozenset({Actor.BILLING_CLERK, Actor.SYSTEM})

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
            by=_CLERK,
            label=gettext_noop("Issue"),
        ),
        Move(
            verb="send",
            sources=frozenset({State.ISSUED}),
            target=State.SENT,
            by=_MONEY,
            label=gettext_noop("Send"),
        ),
        Move(
            verb="pay_part",
            sources=frozenset({State.ISSUED, State.SENT, State.PAID, State.WRITTEN_OFF}),
            target=State.PARTLY_PAID,
            by=_MONEY,
            label=gettext_noop("Record a part"),
        ),
        Move(
            verb="pay",
            sources=frozenset({*OWED, State.WRITTEN_OFF}),
            target=State.PAID,
            by=_MONEY,
            label=gettext_noop("Record a payment"),
        ),
        Move(
            verb="write_off",
            sources=frozenset(OWED),
            target=State.WRITTEN_OFF,
            by=_CLERK,
            label=gettext_noop("Write off"),
        ),
        Move(
            verb="cancel",
            sources=frozenset({*OWED, State.PAID, State.WRITTEN_OFF}),
            target=State.CANCELLED,
            by=_CLERK,
            label=gettext_noop("Credit in full"),
        ),
        # A payment or a write-off was taken back: owed as before, sent or not.
        Move(
            verb="reopen",
            sources=frozenset({State.PARTLY_PAID, State.PAID, State.WRITTEN_OFF}),
            target=State.ISSUED,
            by=_CLERK,
            label=gettext_noop("Take back"),
        ),
        Move(
            verb="reopen_sent",
            sources=frozenset({State.PARTLY_PAID, State.PAID, State.WRITTEN_OFF}),
            target=State.SENT,
            by=_CLERK,
            label=gettext_noop("Take back"),
        ),
    ),
)


def step(source: str, target: str) -> Move | None:
    """The move that leads from `source` to `target`, or None when the table has none."""
    return next((move for move in INVOICE.moves_from(source) if move.target == target), None)


def settled_state(
    *,
    payable: Decimal,
    paid: Decimal,
    credited: Decimal,
    discounted: Decimal,
    written_off: Decimal,
    is_sent: bool,
) -> State:
    """The state of an issued invoice, from the sums that touched it; all in its currency.

    An invoice that was fully credited is cancelled. One with nothing left to pay is paid, or
    written off when a rest of it was given up.
    """
    if payable > 0 and credited >= payable:
        return State.CANCELLED
    if payable - paid - credited - discounted - written_off <= 0:
        return State.WRITTEN_OFF if written_off else State.PAID
    if paid:
        return State.PARTLY_PAID
    return State.SENT if is_sent else State.ISSUED


class RunKind(models.TextChoices):
    DRAFT = "draft", _("Drafting")
    ISSUE = "issue", _("Issuing")


class RunState(models.TextChoices):
    """Of a whole run; `waiting` has not yet written down what there is to do."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


RUN_OPEN = (RunState.WAITING, RunState.RUNNING)


class RowState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")
    FAILED = "failed", _("Failed")


class Outcome(models.TextChoices):
    """What became of the draft, or of the invoice."""

    DRAFTED = "drafted", _("Drafted")
    REBUILT = "rebuilt", _("Made again")
    UNCHANGED = "unchanged", _("Unchanged")
    REMOVED = "removed", _("Draft removed")
    ISSUED = "issued", _("Issued")


def result_label(state: str, outcome: str) -> str:
    """What became of a customer of a run, or that it waits, for a person."""
    if state == RowState.SKIPPED and outcome == Outcome.UNCHANGED:
        return str(_("Issued before, left alone"))
    if state in (RowState.FAILED, RowState.SKIPPED) or not outcome:
        return str(RowState(state).label)
    return str(Outcome(outcome).label)
