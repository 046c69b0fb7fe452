"""After a full credit hours and charges may be billed again (`BIL-13`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from billing.contracts.models import Charge
from billing.invoices import actions
from billing.invoices.parse import month
from tests.billing import make as billing

MARCH = month("2026-03")
DAY = date(2026, 3, 5)
MAY_2 = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


def bill(cast):
    [draft] = actions.run_month(MARCH, by=cast.bea, at=MAY_2).drafted
    return actions.issue(draft, by=cast.bea, at=MAY_2)


def test_hours_and_charges_of_a_credited_invoice_may_be_billed_again(cast):
    billing.seller()
    billing.contract(cast.acme)
    entry = billing.hours(cast, 60, DAY)
    one = Charge.objects.create(
        organization=cast.acme,
        on=DAY,
        description="Laptop",
        unit_price=Decimal("1200.00"),
        created_at=MAY_2,
    )
    first = bill(cast)
    note = actions.credit(first, by=cast.bea, reason="Wrong address", frees_time=True, at=MAY_2)
    actions.issue(note, by=cast.bea, at=MAY_2)
    entry.refresh_from_db()
    one.refresh_from_db()
    assert (entry.state, one.state) == ("approved", "open")
    again = bill(cast)
    assert again.net_total == first.net_total
    assert [(row.line.invoice, row.live) for row in entry.billed.order_by("pk")] == [
        (first, False),
        (again, True),
    ]
