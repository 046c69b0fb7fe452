"""What clerks do with money: an issued invoice of Globex, money of theirs, a line and files of the
bank, a reminder and a second look."""

from datetime import date
from decimal import Decimal

from billing.invoices import actions as invoices
from billing.invoices.models import Confirmation, Reminder, Statement, StatementEntry
from billing.invoices.parse import month
from billing.margins import actions as costs
from billing.margins.models import CostRate
from tests.billing import make as billing
from tests.billing.bank import camt, entry

from .telling import NOW, World


def build(world: World) -> None:
    """To be called when a seller and a contract are there."""
    cast = world.cast
    billing.hours(cast, 60, date(2026, 2, 5), ticket=world.tickets["router"], agent=cast.ned)
    [draft] = invoices.run_month(month("2026-02"), by=None, at=NOW).drafted
    bill = invoices.issue(draft, by=cast.bea, at=NOW)
    money = {"seller": bill.seller, "organization": bill.organization, "currency": "EUR"}
    payment = invoices.record_payment(
        **money,
        amount=Decimal("30.00"),
        received_on=date(2026, 2, 20),
        by=cast.bea,
        reference="zqpayment umbrella",
        shares=[(bill, Decimal("10.00"))],
        at=NOW,
    )
    difference = invoices.book_difference(
        bill,
        kind="discount",
        amount=Decimal("1.00"),
        reason="zqdiscount umbrella",
        by=cast.bea,
        at=NOW,
    )
    lines = (
        entry(
            "5.00",
            payer="zqpayer umbrella",
            text=str(bill.number),
            bank_reference="B1",
            booked="2026-02-20",
        ),
        entry("6.00", payer="zqignored umbrella", bank_reference="B2", booked="2026-02-20"),
    )
    taken, _new = invoices.take_file(
        camt(*lines), name="zqcamt.xml", seller=bill.seller, by=cast.bea, at=NOW
    )
    sheet, _new = invoices.take_file(
        b"Date,Amount,Name\n2026-02-20,7.00,zqsheetpayer\n",
        name="zqcsv.csv",
        seller=bill.seller,
        by=cast.bea,
        at=NOW,
    )
    cost = CostRate(person=cast.ned, hourly_cost=Decimal("41.00"), valid_from=date(2026, 1, 1))
    world.keep("cost_rate", globex=costs.add_cost(cost, by=None))
    waiting, aside = StatementEntry.objects.order_by("position")
    invoices.ignore(aside, by=cast.bea, reason="zqaside umbrella", at=NOW)
    reminder = Reminder.objects.create(
        invoice=bill, level=1, proposed_at=NOW, days_late=8, balance=bill.balance
    )
    asked = invoices.propose_write_off(
        bill, amount=Decimal("2.00"), reason="zqwriteoff umbrella", by=cast.bea, at=NOW
    )
    world.keep("bill", globex=bill)
    world.keep("payment", globex=payment)
    world.keep("allocation", globex=payment.allocations.get())
    world.keep("difference", globex=difference)
    world.keep("line", waiting=waiting, aside=aside)
    world.keep("statement", camt=Statement.objects.get(pk=taken.pk), csv=sheet)
    world.keep("reminder", globex=reminder)
    world.keep("confirmation", globex=Confirmation.objects.get(pk=asked.pk))
