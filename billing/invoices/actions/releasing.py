"""Hours and charges of an invoice that was credited in full may be billed again (`BIL-13`)."""

from datetime import datetime

from django.db import transaction

from billing.contracts.actions import return_uses
from billing.contracts.models import Charge, ChargeState
from billing.invoices.models import BilledCharge, BilledTime, Invoice
from itil.timesheets import actions as timesheets
from itil.timesheets.models import TimeEntry
from portal.people.models import User


@transaction.atomic
def release(invoice: Invoice, *, by: User | None, at: datetime, reason: str = "") -> None:
    """End that they stand on `invoice`: the next run collects them, marked late.

    The rows stay, so that what was on the invoice can be read for ever. Asks for no permission:
    whoever credits has done so.
    """
    hours = BilledTime.objects.filter(line__invoice=invoice, live=True)
    charges = BilledCharge.objects.filter(line__invoice=invoice, live=True)
    entries = list(TimeEntry.objects.filter(pk__in=hours.values("entry")))
    Charge.objects.filter(pk__in=charges.values("charge"), state=ChargeState.INVOICED).update(
        state=ChargeState.OPEN
    )
    hours.let_go()
    charges.let_go()
    return_uses(entries, at=at)
    timesheets.release(entries, by=by, at=at, reason=reason)
