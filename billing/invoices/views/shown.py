"""An invoice as its customer sees it, the same in the portal and through a link.

Only what is named here reaches a customer (`VIS-2`): no draft, no internal note, no sending log.
"""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from billing.invoices import documents
from billing.invoices.einvoice import Payment
from billing.invoices.models import Dispute, DocumentKind, Invoice, InvoiceLine


def shown(invoice: Invoice) -> dict[str, Any]:
    """What the parts of the page show. Four queries."""
    seller, buyer = documents.parties_of(invoice)
    lines = (
        invoice.lines.order_by("position")
        .annotate(entries=Count("hours"))
        .prefetch_related(
            Prefetch(
                "disputes",
                Dispute.objects.select_related("ticket").order_by("opened_at", "pk"),
                to_attr="talks",
            )
        )
    )
    balance = invoice.balance if invoice.is_owed else invoice.balance.min(0)
    account = Payment(seller["name"], seller["iban"], seller["bic"], invoice.payment_reference)
    is_credit = invoice.kind == DocumentKind.CREDIT_NOTE
    corrections = (
        invoice.corrections.issued().only("number", "uuid", "issued_on", "payable_total")
        if not is_credit
        else Invoice.objects.none()
    )
    return {
        "invoice": invoice,
        "is_credit": is_credit,
        "seller": seller,
        "buyer": buyer,
        "lines": lines,
        "balance": balance,
        "corrections": corrections,
        "code": "" if is_credit else documents.payment_code(account, balance, invoice.currency),
    }


def free_lines(invoice: Invoice) -> Any:
    """The lines of which nothing is in dispute."""
    return invoice.lines.exclude(Q(disputes__isnull=False) & Q(disputes__ended_at=None)).order_by(
        "position"
    )


def line_of(invoice: Invoice, position: int | None) -> InvoiceLine | None:
    """The line at `position`; None for none."""
    return invoice.lines.filter(position=position).first() if position else None


def thanks_for(made: Dispute) -> str:
    """What the customer reads after asking."""
    if made.line_id:
        text = _("Sent. Number %(number)s. We do not remind you of this line until it is settled.")
    else:
        text = _("Sent. Number %(number)s. We answer by e-mail.")
    return text % {"number": made.ticket.number}
