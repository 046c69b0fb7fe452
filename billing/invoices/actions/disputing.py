"""A customer disagrees with a line or asks about an invoice: a ticket, and a hold on reminders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import translation as spoken

from billing.invoices.models import Dispute, Invoice, InvoiceEvent, InvoiceLine, InvoiceLink
from billing.invoices.permissions import may_ask_about, may_settle
from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.incidents.lifecycle import ResolutionCode
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Channel
from portal.paper.languages import speaking
from portal.people.models import Organization, User

# Questions that one link may ask within an hour.
MOST_OF_LINK = 5
HOUR = timedelta(hours=1)
# Mail to such a domain is read by nobody (RFC 2606).
_NOWHERE = "invoice.invalid"


@dataclass(frozen=True)
class Asker:
    """Who asks: a billing contact who signed in, or whoever holds a link and says a name."""

    person: User | None = None
    link: InvoiceLink | None = None
    name: str = ""
    email: str = ""


@transaction.atomic
def dispute(
    invoice: Invoice,
    *,
    by: Asker,
    line: InvoiceLine | None,
    text: str,
    key: UUID,
    at: datetime,
) -> Dispute:
    """Open a ticket about `line`, or about the whole invoice; once per `key`.

    Nobody reminds of a disputed line until it is settled. Raises NotAllowed, MissingValue (text,
    name, email), and Refused when the line is in dispute already or the link asks too often.
    """
    # Two clicks come here one after the other.
    invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("seller", "organization")
        .get(pk=invoice.pk)
    )
    known: Dispute | None = Dispute.objects.filter(key=key, invoice=invoice).first()
    if known is not None:
        return known
    _ensure_may(invoice, by, at)
    text = text.strip()
    if not text:
        raise MissingValue("text", _("Say what is not right."))
    if line is not None:
        _ensure_free(line)
    name = by.person.name if by.person else by.name.strip()
    email = by.person.email if by.person else by.email.strip()
    if not name:
        raise MissingValue("name", _("Say who you are."))
    if not email:
        raise MissingValue("email", _("Enter the address we answer to."))
    requester = by.person or _requester(invoice.organization, name, email, at)
    is_reached = requester.email.lower() == email.lower()
    # The desk reads it in its own language, not in that of the customer's page.
    with speaking(spoken(settings.LANGUAGE_CODE)):
        ticket = open_incident(
            by=by.person,
            title=_title(invoice, line),
            text=text if by.person else f"{text}\n\n{_signature(name, email)}",
            requester=requester,
            channel=Channel.PORTAL,
            organization=invoice.organization,
            team=invoice.seller.questions_to,
            custom={} if is_reached else {"no_automatic_mail": True},
            at=at,
        )
    made = Dispute.objects.create(
        key=key,
        invoice=invoice,
        line=line,
        ticket_id=ticket.pk,
        text=text,
        person=by.person,
        link=by.link,
        name=name[:200],
        email=email,
        opened_at=at,
    )
    InvoiceEvent.objects.create(
        invoice=invoice,
        kind=InvoiceEvent.Kind.DISPUTED if line else InvoiceEvent.Kind.ASKED,
        actor=by.person,
        at=at,
        data={"ticket": ticket.number, "line": line.position if line else None, "name": name},
    )
    return made


@transaction.atomic
def settle(dispute: Dispute, *, outcome: str, answer: str, by: User, at: datetime) -> Dispute:
    """Decide, tell the customer on the ticket and resolve it; reminders go on.

    A question about the whole has an answer and no outcome. Raises NotAllowed, MissingValue
    (outcome, answer), Refused when it is decided already.
    """
    if not may_settle(by):
        raise NotAllowed(_("Only billing clerks settle disputes."))
    present: Dispute = (
        Dispute.objects.select_for_update(of=("self",))
        .select_related("invoice", "line", "ticket")
        .get(pk=dispute.pk)
    )
    if present.ended_at is not None:
        raise Refused(_("This is settled already."))
    answer = answer.strip()
    if not answer:
        raise MissingValue("answer", _("Say what the customer is told."))
    if present.line_id and outcome not in Dispute.Outcome.values:
        raise MissingValue("outcome", _("Choose who is right."))
    present.outcome = outcome if present.line_id else ""
    present.answer, present.ended_at, present.ended_by = answer, at, by
    present.save(update_fields=["outcome", "answer", "ended_at", "ended_by"])
    values = {"resolution_code": ResolutionCode.ADVICE, "note": answer}
    # Whoever resolved the ticket before has told the customer already.
    desk.try_move(present.ticket, "resolve", values=values, at=at)
    InvoiceEvent.objects.create(
        invoice=present.invoice,
        kind=InvoiceEvent.Kind.SETTLED,
        actor=by,
        at=at,
        data={
            "ticket": present.ticket.number,
            "line": present.line.position if present.line else None,
            "outcome": present.outcome,
        },
    )
    return present


def _ensure_may(invoice: Invoice, by: Asker, at: datetime) -> None:
    if by.person is not None:
        if not may_ask_about(by.person, invoice):
            raise NotAllowed(_("Only billing contacts of the customer ask about an invoice."))
        return
    if by.link is None or by.link.invoice_id != invoice.pk:
        raise NotAllowed(_("This link is for another invoice."))
    lately = Dispute.objects.filter(link=by.link, opened_at__gt=at - HOUR)
    if lately.count() >= MOST_OF_LINK:
        raise Refused(_("Many questions came in within the hour. Try again later, or write to us."))


def _ensure_free(line: InvoiceLine) -> None:
    open_one = Dispute.objects.undecided().filter(line=line).select_related("ticket").first()
    if open_one is not None:
        raise Refused(
            _("We are looking into this line already. The number is %(number)s.")
            % {"number": open_one.ticket.number}
        )


def _title(invoice: Invoice, line: InvoiceLine | None) -> str:
    """Without amounts: agents who may not see them read it."""
    if line is None:
        return _("Question about invoice %(number)s") % {"number": invoice.number}
    return _("Invoice %(number)s, line %(position)d is disputed: %(what)s") % {
        "number": invoice.number,
        "position": line.position,
        "what": line.description,
    }


def _requester(organization: Organization, name: str, email: str, at: datetime) -> User:
    """Whom an unchecked address stands for.

    A person of the customer, or somebody new, as a mail of theirs would be. An address of somebody
    else's person or house is only told in the text: nobody is written to who has nothing to do
    with the invoice.
    """
    known: User | None = User.objects.with_address(email).first()
    if known is not None:
        ours = known.organization_id == organization.pk and known.is_active
        return known if ours else _stand_in(organization, at)
    owner = Organization.objects.filter(active=True).of_address(email).first()
    if owner is not None and owner != organization:
        return _stand_in(organization, at)
    made: User = User.objects.create_user(email, name[:200], organization=owner)
    return made


def _stand_in(organization: Organization, at: datetime) -> User:
    """Asks for the customer when it is not known who asked; never written to, never signs in."""
    address = f"by-invoice.{organization.uuid.hex[:12]}@{_NOWHERE}"
    known: User | None = User.objects.with_address(address).first()
    if known is None:
        known = User.objects.create_user(
            address,
            _("Question by the link of an invoice"),
            organization=organization,
            mail_undeliverable_at=at,
        )
    return known


def _signature(name: str, email: str) -> str:
    told = _("Written without sign-in by %(name)s (%(email)s)")
    return told % {"name": name, "email": email}
