"""Sending invoices to their customers, as a link or with the files; and the links themselves."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.contracts.models import EInvoice
from billing.invoices import documents
from billing.invoices.lifecycle import INVOICE
from billing.invoices.links import address_of, digest_of, new_token
from billing.invoices.models import DocumentKind, Invoice, InvoiceEvent, InvoiceLink, Sending
from billing.invoices.models import LinkVisit as Visit
from billing.invoices.permissions import may_send
from billing.invoices.recipients import addresses_of
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed
from itil.timesheets.hours import business_date, business_zone
from portal.outbox.actions import post
from portal.outbox.models import OutgoingMail
from portal.outbox.threading import sender_named
from portal.people.models import User

# Visits of one kind that follow each other within this time are one visit.
ONE_VISIT = timedelta(minutes=10)


@transaction.atomic
def send(
    invoice: Invoice, *, to: str, how: str, by: User | None, at: datetime, key: str
) -> Sending:
    """Mail the invoice to the address `to`, once per `key`: sent again, the wish gives its row.

    `how` is a value of Sending.How. An issued invoice becomes sent. Raises NotAllowed,
    MoveNotAllowed for drafts, MissingValue without an address, DamagedDocument when the stored
    file is not the one that was issued.
    """
    _ensure_may(by)
    invoice = _locked(invoice)
    known = Sending.objects.filter(key=key).first()
    if known is not None:
        return known
    to = to.strip()
    if not to:
        raise MissingValue("to", _("Enter the address it is sent to."))
    link, address = None, ""
    if how == Sending.How.LINK:
        link, token = _make_link(invoice, by=by, at=at)
        address = address_of(token)
    sending = Sending.objects.create(
        invoice=invoice, key=key, to=to, how=how, at=at, by=by, link=link
    )
    sending.mail = _post(invoice, sending, address)
    sending.save(update_fields=["mail"])
    # What was paid or credited already says more than that it was sent.
    row = INVOICE.find("send", invoice.state)
    if row is not None:
        Invoice.objects.filter(pk=invoice.pk).update(state=row.target)
    InvoiceEvent.objects.create(
        invoice=invoice,
        kind=InvoiceEvent.Kind.SENT,
        actor=by,
        at=at,
        data={"to": to, "how": how},
    )
    return sending


def send_all(invoices: Iterable[Invoice], *, how: str, by: User | None, at: datetime) -> int:
    """Send each to where its customer wants it, each in a transaction of its own; how many.

    Those without an address are left out, those that were sent before are left alone: run again
    after a crash, it goes on where it stopped.
    """
    rows = list(invoices)
    addresses = addresses_of(rows)
    sent = 0
    for invoice in rows:
        to = addresses[invoice.pk]
        if to and not Sending.objects.filter(invoice=invoice).exists():
            send(invoice, to=to, how=how, by=by, at=at, key=f"first:{invoice.pk}")
            sent += 1
    return sent


@transaction.atomic
def make_link(invoice: Invoice, *, by: User, at: datetime) -> tuple[InvoiceLink, str]:
    """A new link and its address, which nobody can read again later. Raises as `send`."""
    _ensure_may(by)
    link, token = _make_link(_locked(invoice), by=by, at=at)
    return link, address_of(token)


@transaction.atomic
def revoke_link(link: InvoiceLink, *, by: User, at: datetime) -> InvoiceLink:
    """The link opens nothing any more; a second time changes nothing. Raises NotAllowed."""
    _ensure_may(by)
    present: InvoiceLink = InvoiceLink.objects.select_for_update().get(pk=link.pk)
    if present.revoked_at is None:
        present.revoked_at = at
        present.save(update_fields=["revoked_at"])
        InvoiceEvent.objects.create(
            invoice_id=present.invoice_id, kind=InvoiceEvent.Kind.REVOKED, actor=by, at=at
        )
    return present


def note_visit(link: InvoiceLink, what: str, *, at: datetime) -> None:
    """Keep that the link was opened or a file fetched. Two queries."""
    lately = Visit.objects.filter(link=link, what=what, at__gt=at - ONE_VISIT)
    if not lately.exists():
        Visit.objects.create(link=link, what=what, at=at)


def extend_links(invoice: Invoice, *, paid_on: date) -> int:
    """Links that still open go on until the time after this payment is over; how many changed."""
    ends = paid_on + timedelta(days=settings.INVOICE_LINK_DAYS)
    links = InvoiceLink.objects.in_force(paid_on).filter(invoice=invoice)
    return links.filter(expires_on__lt=ends).update(expires_on=ends)


def _ensure_may(by: User | None) -> None:
    if not may_send(by):
        raise NotAllowed(_("Only billing clerks send invoices."))


def _locked(invoice: Invoice) -> Invoice:
    """The invoice as stored, locked: who sends it at the same time waits."""
    found: Invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("seller", "organization")
        .get(pk=invoice.pk)
    )
    if not found.is_frozen:
        raise MoveNotAllowed(_("A draft cannot be sent. Issue the invoice first."))
    return found


def _make_link(invoice: Invoice, *, by: User | None, at: datetime) -> tuple[InvoiceLink, str]:
    token = new_token()
    today = business_date(at)
    begins = max(today, invoice.due_on or today)
    link = InvoiceLink.objects.create(
        invoice=invoice,
        digest=digest_of(token),
        created_at=at,
        created_by=by,
        expires_on=begins + timedelta(days=settings.INVOICE_LINK_DAYS),
    )
    return link, token


def _post(invoice: Invoice, sending: Sending, address: str) -> OutgoingMail:
    """Write the mail in the language of the invoice; it names the customer's own data only."""
    ours = invoice.seller_details
    is_credit = invoice.kind == DocumentKind.CREDIT_NOTE
    with documents.spoken_to_customer(invoice.language), timezone.override(business_zone()):
        wording = documents.Wording.of(get_language())
        words = {
            "number": invoice.number,
            "brand": ours["brand"],
            "amount": wording.money(invoice.payable_total, invoice.currency),
        }
        subject = (
            _("Credit note %(number)s from %(brand)s")
            if is_credit
            else _("Invoice %(number)s from %(brand)s")
        ) % words
        context = words | {
            "invoice": invoice,
            "is_credit": is_credit,
            "due": wording.day(invoice.due_on) if invoice.due_on else "",
            "period": wording.period(invoice.period_first, invoice.period_last),
            "address": address,
            "expires": wording.day(sending.link.expires_on) if sending.link else "",
            "seller": ours,
        }
        text = render_to_string("mail/invoice.txt", context).strip() + "\n"
        html = render_to_string("mail/invoice.html", context)
    return post(
        key=f"invoice-sending:{sending.pk}",
        to=sending.to,
        subject=subject,
        text=text,
        html=html,
        sender=sender_named(ours["brand"]),
        headers={"Reply-To": ours["email"]} if ours["email"] else {},
        attachments=_files(invoice) if sending.how == Sending.How.ATTACHED else [],
    )


def _files(invoice: Invoice) -> list[dict[str, str]]:
    """The PDF, and the XML that the customer wishes, as the outbox takes them.

    The PDF, which carries the e-invoice in any case, is checked before it leaves.
    """
    invoice.read_pdf()
    files = [(invoice.pdf, "pdf", "application/pdf")]
    if invoice.wants_ubl:
        files.append((invoice.ubl, "xml", "application/xml"))
    elif invoice.e_invoice == EInvoice.CII and invoice.xml:
        files.append((invoice.xml, "xml", "application/xml"))
    return [
        {"name": f"{invoice.number}.{ending}", "path": str(file.name), "content_type": kind}
        for file, ending, kind in files
    ]
