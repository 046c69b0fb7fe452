"""Asking for what is late: proposed or sent by the job, stopped by a person (`BIL-17`)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoices.amounts import interest_of
from billing.invoices.documents import spoken_to_customer, warm_up_printing
from billing.invoices.models import (
    LEVELS,
    CollectionRules,
    DunningHold,
    Invoice,
    InvoiceEvent,
    Reminder,
    Seller,
    disputed_amount,
)
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.timesheets.hours import business_date
from portal.outbox.actions import post
from portal.people.models import User

from .asking import mail_of, store_letter
from .settling import tell


class Asked(NamedTuple):
    """What a reminder asks for, in the currency of its invoice; outside VAT."""

    balance: Decimal
    days_late: int
    interest_rate: Decimal | None
    interest: Decimal
    fixed_sum: Decimal


@dataclass
class DunningResult:
    """What the job did."""

    proposed: int = 0
    sent: int = 0
    dropped: int = 0


def rules_of(seller: Seller) -> CollectionRules:
    """The rules of a seller; the defaults when it has none. One query."""
    return CollectionRules.objects.filter(seller=seller).first() or CollectionRules(seller=seller)


def remind_late(at: datetime) -> DunningResult:
    """Propose the reminders that are due, or send them where the rules say so.

    Each level comes once; run it as often as you like. Proposals for what was paid, disputed or
    stopped meanwhile are dropped.
    """
    result = DunningResult()
    today = business_date(at)
    for reminder in Reminder.objects.proposed().select_related("invoice").order_by("pk"):
        why = why_not(reminder.invoice, today)
        if why:
            _drop(reminder, why)
            result.dropped += 1
    for seller in Seller.objects.filter(invoices__in=Invoice.objects.late(today)).distinct():
        rules = rules_of(seller)
        late = Invoice.objects.late(today).filter(seller=seller).order_by("due_on", "pk")
        for invoice in late.select_related("organization").iterator(chunk_size=200):
            reminder = _propose(invoice, rules, today, at)
            if reminder is None:
                continue
            result.proposed += 1
            if rules.sends_by_itself and invoice.organization.billing_email:
                send_reminder(reminder, by=None, at=at)
                result.sent += 1
    return result


def send_reminder(reminder: Reminder, *, by: User | None, at: datetime | None = None) -> Reminder:
    """Send a proposed reminder by mail, with its letter and what is open today; twice sends one.

    For workers, since it prints. Raises Refused when the invoice was paid, disputed or stopped
    since: the proposal is dropped; and when the customer has no address for invoices: it waits.
    """
    at = at or timezone.now()
    _allow(by)
    warm_up_printing()
    with transaction.atomic():
        found, why = _still_due(reminder, at)
        if found.state == Reminder.State.SENT:
            return found
        if not why:
            return _send(found, by, at)
    raise Refused(why)


def request_reminder(reminder: Reminder, *, by: User, at: datetime | None = None) -> Reminder:
    """Note that a clerk wants it sent; a worker then calls `send_reminder`, as it prints.

    Raises what that would raise for reasons that are known now.
    """
    at = at or timezone.now()
    _allow(by)
    with transaction.atomic():
        found, why = _still_due(reminder, at)
        if not why:
            if found.state == Reminder.State.PROPOSED:
                found.asked_at, found.sent_by = at, by
                found.save(update_fields=["asked_at", "sent_by"])
            return found
    raise Refused(why)


def send_asked(reminder: Reminder) -> None:
    """Send what a clerk asked for; when something came between, it waits or is dropped."""
    try:
        send_reminder(reminder, by=reminder.sent_by)
    except Refused:
        Reminder.objects.proposed().filter(pk=reminder.pk).update(asked_at=None, sent_by=None)


def _still_due(reminder: Reminder, at: datetime) -> tuple[Reminder, str]:
    """The row, locked behind its invoice, and why it is not sent after all; "" if it is.

    One that nothing is asked for any more is dropped.
    """
    # The invoice first: a payment that is being booked is waited for.
    invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("organization", "seller")
        .get(pk=reminder.invoice_id)
    )
    found: Reminder = Reminder.objects.select_for_update(of=("self",)).get(pk=reminder.pk)
    found.invoice = invoice
    if found.state == Reminder.State.SENT:
        return found, ""
    if found.state == Reminder.State.DROPPED:
        return found, _("This reminder was dropped: %(why)s") % {"why": found.dropped_reason}
    why = why_not(invoice, business_date(at))
    if why:
        _drop(found, why)
    elif not invoice.organization.billing_email:
        why = _("%(customer)s has no address for invoices. Enter one, then send the reminder.") % {
            "customer": invoice.organization.name
        }
    return found, why


@transaction.atomic
def hold(invoice: Invoice, *, by: User, reason: str, at: datetime | None = None) -> DunningHold:
    """Stop reminders of one invoice until further notice."""
    at = at or timezone.now()
    _allow(by)
    if not reason.strip():
        raise MissingValue("reason", _("Say why, for those who look at it later."))
    locked = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    standing: DunningHold | None = locked.holds.filter(ended_at=None).first()
    if standing is not None:
        return standing
    made = DunningHold.objects.create(invoice=locked, reason=reason.strip()[:300], by=by, at=at)
    for reminder in locked.reminders.filter(state=Reminder.State.PROPOSED):
        _drop(reminder, made.reason)
    tell(locked, InvoiceEvent.Kind.HELD, by, at, reason=made.reason)
    return made


@transaction.atomic
def lift_hold(invoice: Invoice, *, by: User, at: datetime | None = None) -> None:
    """Let reminders of an invoice go on."""
    at = at or timezone.now()
    _allow(by)
    if DunningHold.objects.filter(invoice=invoice, ended_at=None).update(ended_at=at, ended_by=by):
        tell(invoice, InvoiceEvent.Kind.HOLD_ENDED, by, at)


@transaction.atomic
def drop_reminder(reminder: Reminder, *, by: User) -> Reminder:
    """Do not send a proposed reminder now; the job proposes the level again while it is due."""
    _allow(by)
    found: Reminder = Reminder.objects.select_for_update().get(pk=reminder.pk)
    if found.state == Reminder.State.PROPOSED:
        _drop(found, _("Not sent by a clerk"))
    return found


def why_not(invoice: Invoice, today: date) -> str:
    """Why nobody may be reminded of an invoice; "" when it is late and nothing stops it."""
    if not invoice.days_late(today):
        return _("Invoice %(number)s is not late any more.") % {"number": invoice}
    if invoice.holds.filter(ended_at=None).exists():
        return _("Reminders of invoice %(number)s are stopped.") % {"number": invoice}
    if invoice.balance - disputed_amount(invoice) <= 0:
        return _("What is open on invoice %(number)s is disputed.") % {"number": invoice}
    return ""


def due_level(invoice: Invoice, rules: CollectionRules, today: date) -> int | None:
    """The level to ask by now; None when none is due. One query.

    A level comes when the invoice is late enough and the one before was sent as many days ago as
    the rules put between the two, so that a late start does not send all of them at once.
    """
    last: Reminder | None = (
        invoice.reminders.exclude(state=Reminder.State.DROPPED).order_by("-level").first()
    )
    level = last.level + 1 if last else LEVELS[0]
    if level not in LEVELS or (last and last.sent_at is None):
        return None
    if invoice.days_late(today) < rules.days[level - 1]:
        return None
    if last and last.sent_at:
        since = (today - business_date(last.sent_at)).days
        if since < rules.days[level - 1] - rules.days[level - 2]:
            return None
    return level


def asked_for(invoice: Invoice, rules: CollectionRules, level: int, today: date) -> Asked:
    """The sums of a reminder; interest is simple, for every day since the due date. One query."""
    balance = invoice.balance - disputed_amount(invoice)
    days = invoice.days_late(today)
    if level < rules.charges_from_level:
        return Asked(balance, days, None, Decimal(0), Decimal(0))
    rate = rules.interest_rate
    interest = Decimal(0)
    if rate is not None:
        interest = interest_of(balance, days, rate, invoice.currency)
    fixed = rules.fixed_sum if invoice.currency == rules.fixed_sum_currency else Decimal(0)
    return Asked(balance, days, rate, interest, fixed)


def _propose(
    invoice: Invoice, rules: CollectionRules, today: date, at: datetime
) -> Reminder | None:
    level = due_level(invoice, rules, today)
    if level is None or why_not(invoice, today):
        return None
    try:
        with transaction.atomic():
            made: Reminder = Reminder.objects.create(
                invoice=invoice,
                level=level,
                proposed_at=at,
                **asked_for(invoice, rules, level, today)._asdict(),
            )
            return made
    except IntegrityError:
        # Another run of the job was faster.
        return None


def _send(reminder: Reminder, by: User | None, at: datetime) -> Reminder:
    """Freeze the sums, print the letter and post the mail; all rows are locked."""
    invoice, today = reminder.invoice, business_date(at)
    to = invoice.organization.billing_email
    asked = asked_for(invoice, rules_of(invoice.seller), reminder.level, today)
    for name, value in asked._asdict().items():
        setattr(reminder, name, value)
    reminder.state, reminder.sent_at, reminder.sent_by = Reminder.State.SENT, at, by
    reminder.to = to
    language = invoice.language or settings.LANGUAGE_CODE
    with spoken_to_customer(language):
        subject, text = mail_of(reminder, invoice)
    with override(language):
        store_letter(reminder)
    try:
        reminder.save()
        post(
            key=f"reminder:{invoice.uuid}:{reminder.level}",
            to=to,
            subject=subject,
            text=text,
            attachments=[
                {"name": name, "path": str(file.name), "content_type": "application/pdf"}
                for name, file in (
                    (f"{reminder.file_name}.pdf", reminder.pdf),
                    (f"{invoice.number}.pdf", invoice.pdf),
                )
            ],
        )
        tell(
            invoice,
            InvoiceEvent.Kind.REMINDED,
            by,
            at,
            level=reminder.level,
            total=str(reminder.total),
        )
    except BaseException:
        reminder.pdf.storage.delete(str(reminder.pdf.name))
        raise
    return reminder


def _allow(by: User | None) -> None:
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks send and stop reminders."))


def _drop(reminder: Reminder, why: str) -> None:
    reminder.state, reminder.dropped_reason = Reminder.State.DROPPED, why[:300]
    reminder.save(update_fields=["state", "dropped_reason"])
