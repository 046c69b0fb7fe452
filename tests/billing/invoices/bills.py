"""An invoice on its way to a customer."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile

from billing.invoices import actions
from billing.invoices.documents import parties_of
from billing.invoices.lifecycle import State
from billing.invoices.models import BilledTime, Dispute, Invoice, Seller
from billing.invoices.numbering import draw_number, payment_reference
from billing.invoices.parse import month
from itil.timesheets.actions import mark_invoiced
from itil.timesheets.models import Activity
from portal.people.models import Organization, User
from tests import make
from tests.billing import make as billing
from tests.cast import Cast, person

MARCH = month("2026-03")
DAY = date(2026, 3, 5)
PDF = b"%PDF-1.7\nnot printed\n%%EOF\n"
ISSUED_AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


def contact(organization: Organization, name: str = "Fay") -> User:
    """Somebody there who looks after the bills."""
    return person(name, organization, billing_contact=True)


def draft(cast: Cast, organization: Organization | None = None, **changes) -> Invoice:
    """90 minutes of analysis at 120.00 and an hour of travel at 60.00 in March, as a draft."""
    organization = organization or cast.acme
    if not Seller.objects.exists():
        billing.seller()
    travel, _made = Activity.objects.get_or_create(name="Travel")
    rates = {cast.activity: "120.00", travel: "60.00"}
    billing.contract(organization, rates=rates, **changes)
    asks = next(user for user in (cast.ann, cast.dov) if user.organization == organization)
    ticket = make.incident(cast, by=asks, requester=asks)
    billing.hours(cast, 80, DAY, ticket=ticket, note="Looked at the queue")
    billing.hours(cast, 60, DAY, ticket=ticket, activity=travel, note="Drove there")
    found = actions.run_month(MARCH, by=cast.bea, at=ISSUED_AT).drafted
    return next(one for one in found if one.organization_id == organization.pk)


def issued(cast: Cast, organization: Organization | None = None, **changes) -> Invoice:
    """The same with its number: 240.00 net, 285.60 with 19 % VAT, due on 2 May 2026.

    As `issue` leaves it, but for the file, whose printing takes most of its time.
    """
    return frozen(draft(cast, organization, **changes), cast)


def frozen(invoice: Invoice, cast: Cast, *, xml: bytes = b"") -> Invoice:
    """A draft with its number, and with this e-invoice."""
    day = ISSUED_AT.date()
    invoice.number = draw_number(invoice.seller, issued_on=day)
    invoice.seller_details, invoice.buyer_details = parties_of(invoice)
    invoice.issued_on, invoice.due_on = day, day + timedelta(days=30)
    invoice.payment_reference = payment_reference(invoice.number)
    invoice.state = State.ISSUED
    BilledTime.objects.of(invoice).keep_texts("Confidential")
    invoice.pdf_sha256 = hashlib.sha256(PDF).hexdigest()
    invoice.pdf.save(f"{invoice.number}.pdf", ContentFile(PDF), save=False)
    if xml:
        invoice.xml_sha256 = hashlib.sha256(xml).hexdigest()
        invoice.xml.save(f"{invoice.number}.xml", ContentFile(xml), save=False)
    invoice.save()
    mark_invoiced([billed.entry for billed in BilledTime.objects.of(invoice)])
    invoice.events.create(kind="issued", actor=cast.bea, at=ISSUED_AT)
    return invoice


def disputed(invoice: Invoice, position: int | None = 1, **changes) -> Dispute:
    """The requester of the hours does not accept a line; None is a question about the whole."""
    line = invoice.lines.get(position=position) if position else None
    ticket = invoice.lines.get(position=1).hours.get().entry.ticket
    return Dispute.objects.create(
        **{
            "key": uuid4(),
            "invoice": invoice,
            "line": line,
            "ticket": ticket,
            "text": "We agreed on an hour.",
            "person": ticket.requester,
            "name": ticket.requester.name,
            "email": ticket.requester.email,
            "opened_at": ISSUED_AT,
        }
        | changes
    )
