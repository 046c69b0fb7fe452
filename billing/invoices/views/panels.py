"""Parts of the clerk's page of an invoice: its way to the customer, and what is disputed."""

from typing import Any

from billing.invoices.models import Invoice, disputed_amount
from billing.invoices.permissions import may_send, may_settle
from portal.people.models import User

from .listing import business_today


def sending_of(invoice: Invoice, user: User) -> dict[str, Any]:
    """The part of an invoice's page about its way to the customer. Three queries."""
    if not invoice.is_frozen:
        return {}
    today = business_today()
    links = list(invoice.links.select_related("created_by").prefetch_related("visits"))
    for link in links:
        link.opens = link.revoked_at is None and link.expires_on >= today
    return {
        "may_send": may_send(user),
        "sendings": invoice.sendings.select_related("by", "mail"),
        "links": links,
    }


def disputes_of(invoice: Invoice, user: User) -> dict[str, Any]:
    """The part of an invoice's page about its disputes. Two queries."""
    if not invoice.is_frozen:
        return {}
    disputes = list(invoice.disputes.select_related("line", "ticket", "ended_by"))
    is_held = any(one.line_id and one.ended_at is None for one in disputes)
    return {
        "may_settle": may_settle(user),
        "disputes": disputes,
        "disputed_amount": disputed_amount(invoice) if is_held else None,
    }
