"""Where the invoices of a customer go."""

from collections.abc import Iterable

from billing.invoices.models import Invoice
from portal.outbox.permissions import may_be_mailed
from portal.people.models import User


def addresses_of(invoices: Iterable[Invoice]) -> dict[int, str]:
    """For each invoice, by key, the address it is sent to unless said otherwise; "" for none.

    The customer's address for invoices, else its first billing contact by name whose mail arrives.
    One query; the organizations must be there.
    """
    rows = list(invoices)
    lacking = {one.organization_id for one in rows if not one.organization.billing_email}
    contacts: dict[int, str] = {}
    people = User.objects.filter(billing_contact=True, organization_id__in=lacking)
    for person in people.order_by("name", "pk") if lacking else ():
        if may_be_mailed(person) and person.organization_id:
            contacts.setdefault(person.organization_id, person.email)
    return {
        one.pk: one.organization.billing_email or contacts.get(one.organization_id, "")
        for one in rows
    }
