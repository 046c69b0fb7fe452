"""Three months of money: invoices, a payment, a credit note, a dispute, estimates."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid5

from django.utils import timezone

from billing.contracts import actions as contracts
from billing.contracts.actions import open_months
from billing.contracts.models import Charge
from billing.estimates import actions as estimating
from billing.estimates.actions import NewLine
from billing.estimates.models import Kind, LineKind
from billing.invoices import actions as invoicing
from billing.invoices.models import Invoice, Reminder
from billing.invoices.parse import Month, month_of
from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.tickets.models import Channel, Ticket
from portal.outbox.models import OutgoingMail
from portal.people.models import Organization, User

from .company import Company
from .contracts import EUROPEAN, JAPANESE
from .money import tell_money
from .stories import ZONE_INFO

NIGHT_WORK = (
    ("Replace the switch of the second floor after hours", "On-site visit", time(19), 150),
    ("Move the shared drive to the new storage at night", "Repair", time(20, 30), 195),
    ("Update the telephone system on Sunday", "Repair", time(10), 120),
)


def work_at_night(company: Company, now: datetime) -> None:
    """One job of each month that could not be done in office hours; the last one on a Sunday."""
    month = month_of(timezone.localdate(now))
    contact = company.organizations[EUROPEAN].people.order_by("pk").first()
    agent = company.agents["Network"][0]
    for title, activity, start, minutes in reversed(NIGHT_WORK):
        month = month.before
        day = _second_weekday(month, 6 if "Sunday" in title else 2)
        asked = datetime.combine(day - timedelta(days=2), time(14), tzinfo=ZONE_INFO)
        begun = datetime.combine(day, start, tzinfo=ZONE_INFO)
        done = begun + timedelta(minutes=minutes)
        ticket = open_incident(
            by=contact,
            requester=contact,
            title=title,
            text="Please do it when nobody works; tell us when it is finished.",
            channel=Channel.PORTAL,
            team=company.teams["Network"],
            service=company.services["Network and VPN"],
            at=asked,
        )
        desk.take(ticket, by=agent, at=asked + timedelta(minutes=25))
        desk.reply(
            ticket, by=agent, text="We do it after hours, as agreed.", at=asked + timedelta(hours=1)
        )
        desk.log_span(
            ticket,
            by=agent,
            started_at=begun.astimezone(UTC),
            ended_at=done.astimezone(UTC),
            activity=company.activities[activity],
            note=title,
            note_visibility="invoice_text",
            at=done,
        )
        desk.move(
            ticket,
            "resolve",
            by=agent,
            values={"resolution_code": "fixed", "note": "Done and tested."},
            at=done + timedelta(minutes=5),
        )


def tell_bills(now: datetime, clerk: User) -> None:
    """The last month is drafted; the ones before were issued on the second day after them.

    Of the first month one invoice was paid after a part of it was credited, the other was reminded
    of; of the second one line is disputed.
    """
    last = month_of(timezone.localdate(now)).before
    first, second = last.before.before, last.before
    for month in (first, second, last):
        begun = datetime.combine(month.first, time(7), tzinfo=UTC)
        open_months(month.last, at=begun)
    for month in (first, second):
        _issue(month, clerk)
    _credited_and_paid(first, clerk)
    _disputed(second, now)
    _reminded(first, clerk)
    _estimates(now, clerk)
    _mails_were_read()
    invoicing.run_month(last, by=clerk, at=now)
    tell_money(_unpaid(first), _of(second), clerk, now)


def _second_weekday(month: Month, weekday: int) -> date:
    first = month.first
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7)


def _issue(month: Month, clerk: User) -> None:
    at = datetime.combine(month.last + timedelta(days=2), time(8), tzinfo=UTC)
    invoicing.run_month(month, by=clerk, at=at)
    _credits_decided(clerk, at)
    invoicing.run_month(month, by=clerk, at=at)
    for invoice in Invoice.objects.drafts().for_month(month).order_by("pk"):
        issued = invoicing.issue(invoice, by=clerk, at=at)
        invoicing.send(
            issued,
            to=issued.organization.billing_email,
            how="link",
            by=clerk,
            at=at + timedelta(minutes=20),
            key=f"demo:{issued.pk}",
        )


def _credits_decided(clerk: User, at: datetime) -> None:
    """The first missed target of each customer is made good; the others were agreed to be minor."""
    seen: set[int] = set()
    for proposal in Charge.objects.proposed().order_by("pk"):
        if proposal.organization_id in seen:
            contracts.reject(
                proposal, by=clerk, reason="Minor, as agreed in the monthly talk.", at=at
            )
        else:
            contracts.accept(proposal, by=clerk, at=at)
        seen.add(proposal.organization_id)


def _of(month: Month) -> Invoice:
    """The invoice of the customer who pays by the hour."""
    found: Invoice = (
        Invoice.objects.for_month(month).filter(organization__name=EUROPEAN, kind="invoice").get()
    )
    return found


def _credited_and_paid(month: Month, clerk: User) -> None:
    """Two hours of the first line were not agreed; the rest was paid in time."""
    invoice = _of(month)
    at = datetime.combine(invoice.issued_on + timedelta(days=5), time(9), tzinfo=UTC)
    line = invoice.lines.order_by("position").first()
    note = invoicing.credit(
        invoice,
        by=clerk,
        reason="Two hours of advice were part of the offer.",
        portions={line.position: invoicing.Portion(quantity=min(line.quantity, Decimal(2)))},
        at=at,
    )
    invoicing.issue(note, by=clerk, at=at)
    paid = _of(month)
    invoicing.record_payment(
        seller=paid.seller,
        organization=paid.organization,
        amount=paid.balance,
        currency=paid.currency,
        received_on=paid.issued_on + timedelta(days=19),
        reference=paid.payment_reference,
        shares=[(paid, paid.balance)],
        by=clerk,
        at=at + timedelta(days=14),
    )


def _unpaid(month: Month) -> Invoice:
    """The invoice of the customer with prepaid hours."""
    found: Invoice = Invoice.objects.for_month(month).get(
        organization__name=JAPANESE, kind="invoice"
    )
    return found


def _reminded(month: Month, clerk: User) -> None:
    """The other customer did not pay in time and got a letter a week later."""
    invoice = _unpaid(month)
    day = invoice.due_on + timedelta(days=7)
    at = datetime.combine(day, time(8), tzinfo=UTC)
    invoicing.remind_late(at)
    for reminder in Reminder.objects.proposed().filter(invoice=invoice):
        invoicing.send_reminder(reminder, by=clerk, at=at)


def _disputed(month: Month, now: datetime) -> None:
    """The contact of the customer asks about the dearest line."""
    invoice = _of(month)
    contact = invoice.contract.contact
    at = min(now, datetime.combine(invoice.issued_on + timedelta(days=9), time(11), tzinfo=UTC))
    invoicing.dispute(
        invoice,
        by=invoicing.Asker(person=contact),
        line=invoice.lines.order_by("-net").first(),
        text="We count four hours less than this. Can you send us what was done on each day?",
        key=uuid5(invoice.uuid, "dispute"),
        at=at,
    )


def _estimates(now: datetime, clerk: User) -> None:
    """One that was accepted, one that waits for an answer, one that is being written."""
    open_ones = Ticket.objects.filter(
        organization__name=EUROPEAN,
        phase__in=("open", "waiting"),
        received_at__lt=now - timedelta(hours=30),
        is_confidential=False,
    )
    contact = Organization.objects.get(name=EUROPEAN).people.order_by("pk").first()
    offers = (
        ("Move forty mailboxes to the new server", Kind.CAP, 480, True, True),
        ("Second access point on the third floor", Kind.FIXED, 240, True, False),
        ("Clean up the permissions of the marketing folder", Kind.INDICATIVE, 180, False, False),
    )
    at = now - timedelta(hours=26)
    for ticket, (title, kind, minutes, is_sent, is_accepted) in zip(
        open_ones.order_by("-received_at"), offers, strict=False
    ):
        estimate = estimating.draft(
            ticket,
            by=clerk,
            at=at,
            title=title,
            kind=kind,
            introduction="Preparation, the work itself and a test with one of your people.",
            lines=[
                NewLine("Preparation and work", minutes=minutes, unit_price=Decimal(98)),
                NewLine(
                    "Material", kind=LineKind.ITEM, quantity=Decimal(1), unit_price=Decimal("64.50")
                ),
            ],
        )
        if is_sent:
            estimate = estimating.send(estimate, to=contact, by=clerk, at=at)
        if is_accepted:
            estimating.accept(estimate, by=contact, at=at + timedelta(hours=3), note="Go ahead.")
        at += timedelta(hours=2)


def _mails_were_read() -> None:
    """History is nobody's news."""
    OutgoingMail.objects.all().delete()
