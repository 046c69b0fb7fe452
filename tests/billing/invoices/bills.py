"""An invoice on its way to a customer."""

from datetime import UTC, date, datetime
from uuid import uuid4

from billing.invoices import actions
from billing.invoices.models import Dispute, Invoice, Seller
from billing.invoices.parse import month
from itil.timesheets.models import Activity
from portal.people.models import Organization, User
from tests import make
from tests.billing import make as billing
from tests.cast import Cast, person

MARCH = month("2026-03")
DAY = date(2026, 3, 5)
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
    """The same with its number: 240.00 net, 285.60 with 19 % VAT, due on 2 May 2026."""
    return actions.issue(draft(cast, organization, **changes), by=cast.bea, at=ISSUED_AT)


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
