"""Four eyes: a clerk proposes, a manager confirms (`VIS-7`)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.errors import SecondPersonNeeded
from billing.invoices.models import ApprovalLimit, Confirmation, Invoice, InvoiceEvent, Purpose
from billing.invoices.permissions import may_book_money, may_confirm
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from portal.people.models import User

from .settling import tell

LIMITS = {
    Purpose.ISSUE: "issue_above",
    Purpose.CREDIT: "credit_above",
    Purpose.WRITE_OFF: "write_off_above",
}


def exceeds_limit(invoice: Invoice, purpose: str, amount: Decimal) -> bool:
    """Whether one person may not do this alone. One query."""
    limits = {row.currency: row for row in ApprovalLimit.objects.filter(seller=invoice.seller_id)}
    if not limits:
        return False
    if invoice.currency not in limits:
        return True
    limit = getattr(limits[invoice.currency], LIMITS[Purpose(purpose)])
    return limit is not None and amount > limit


def need_second_person(
    invoice: Invoice, *, purpose: str, amount: Decimal, matter: str
) -> Confirmation | None:
    """The confirmation this needs and has; None when it needs none.

    Raises SecondPersonNeeded when nobody confirmed it, or it changed since. Two queries.
    """
    if not exceeds_limit(invoice, purpose, amount):
        return None
    confirmed: Confirmation | None = Confirmation.objects.filter(
        invoice=invoice, purpose=purpose, matter=matter, state=Confirmation.State.CONFIRMED
    ).first()
    if confirmed is None:
        raise SecondPersonNeeded(
            _("An amount this high needs a second person: a manager must confirm it first.")
        )
    return confirmed


def need_confirmed_issue(invoice: Invoice) -> None:
    """Raise SecondPersonNeeded when this draft may not be issued by one person alone."""
    need_second_person(
        invoice,
        purpose=purpose_of(invoice),
        amount=invoice.payable_total,
        matter=matter_of(invoice),
    )


def needs_confirmation(invoice: Invoice) -> bool:
    """Whether a manager must look at this draft, as it is now, before it is issued."""
    try:
        need_confirmed_issue(invoice)
    except SecondPersonNeeded:
        return True
    return False


def purpose_of(invoice: Invoice) -> Purpose:
    return Purpose.CREDIT if invoice.is_credit_note else Purpose.ISSUE


def matter_of(invoice: Invoice) -> str:
    """What a confirmation of a draft is bound to: all that will stand on it."""
    return f"{invoice.payable_total} {invoice.fingerprint}"


def propose_issue(invoice: Invoice, *, by: User, at: datetime | None = None) -> Confirmation:
    """Ask the managers to confirm a draft as it is now."""
    return propose(
        invoice,
        purpose=purpose_of(invoice),
        amount=invoice.payable_total,
        matter=matter_of(invoice),
        reason=invoice.correction_reason,
        by=by,
        at=at,
    )


@transaction.atomic
def propose(
    invoice: Invoice,
    *,
    purpose: str,
    amount: Decimal,
    matter: str,
    by: User,
    reason: str = "",
    at: datetime | None = None,
) -> Confirmation:
    """Ask for a second person; the same matter asked for twice is one proposal.

    A proposal of the same kind for another state of the draft is replaced.
    """
    at = at or timezone.now()
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks propose this."))
    Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    rows = Confirmation.objects.filter(invoice=invoice, purpose=purpose)
    waiting: Confirmation | None = rows.waiting().first()
    if waiting is not None:
        if waiting.matter == matter:
            return waiting
        waiting.delete()
    made = Confirmation.objects.create(
        invoice=invoice,
        purpose=purpose,
        matter=matter,
        amount=amount,
        reason=reason.strip()[:300],
        proposed_by=by,
        proposed_at=at,
    )
    tell(invoice, InvoiceEvent.Kind.PROPOSED, by, at, purpose=purpose, amount=str(amount))
    return made


@transaction.atomic
def confirm(confirmation: Confirmation, *, by: User, at: datetime | None = None) -> Confirmation:
    """The second person agrees; who proposed it cannot. What follows is the caller's business."""
    found = _decided(confirmation, by, at or timezone.now(), Confirmation.State.CONFIRMED)
    if found.purpose != Purpose.WRITE_OFF and found.matter != matter_of(found.invoice):
        raise StaleRecord(_("The draft has changed since it was proposed. Ask for it again."))
    return found


@transaction.atomic
def decline(
    confirmation: Confirmation, *, by: User, answer: str, at: datetime | None = None
) -> Confirmation:
    """The second person disagrees and says why; the draft stays a draft."""
    if not answer.strip():
        raise MissingValue("answer", _("Say why, so that the clerk can mend it."))
    return _decided(
        confirmation, by, at or timezone.now(), Confirmation.State.DECLINED, answer.strip()[:300]
    )


def _decided(
    confirmation: Confirmation, by: User, at: datetime, state: str, answer: str = ""
) -> Confirmation:
    found: Confirmation = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("invoice", "proposed_by")
        .get(pk=confirmation.pk)
    )
    if not may_confirm(by):
        raise NotAllowed(_("Only managers confirm this."))
    if found.proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed it, so another manager has to confirm it."))
    if found.state != Confirmation.State.PROPOSED:
        raise Refused(_("Somebody has decided this already."))
    found.state, found.decided_by, found.decided_at, found.answer = state, by, at, answer
    found.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    kind = (
        InvoiceEvent.Kind.CONFIRMED
        if state == Confirmation.State.CONFIRMED
        else InvoiceEvent.Kind.DECLINED
    )
    tell(
        found.invoice,
        kind,
        by,
        at,
        purpose=found.purpose,
        amount=str(found.amount),
        reason=answer,
    )
    return found
