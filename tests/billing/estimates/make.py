"""Estimates as stories need them, through the real verbs."""

from datetime import date, timedelta
from decimal import Decimal

from billing.estimates import actions
from billing.estimates.actions import NewLine
from billing.estimates.models import Estimate
from itil.timesheets.models import TimeEntry
from tests import make
from tests.billing.make import contract, seller
from tests.cast import MONDAY, Cast

# Eight hours at 100.00, the estimate of the domain's example B10.
EIGHT_HOURS = (NewLine("Move the mailboxes", minutes=480, unit_price=Decimal(100)),)


def draft(cast: Cast, *, ticket=None, with_contract: bool = True, **changes) -> Estimate:
    """Bea estimates eight hours at 100.00 for Acme, valid for 30 days."""
    if with_contract and not cast.acme.contracts.exists():
        seller()
        contract(cast.acme)
    return actions.draft(
        ticket or make.incident(cast),
        **{"by": cast.bea, "at": MONDAY, "title": "Move the mailboxes", "lines": EIGHT_HOURS}
        | changes,
    )


def may_accept(cast: Cast):
    """Ann may bind Acme to a price."""
    cast.ann.can_approve_cost = True
    cast.ann.save()
    return cast.ann


def sent(cast: Cast, **changes) -> Estimate:
    return actions.send(draft(cast, **changes), to=may_accept(cast), by=cast.bea, at=MONDAY)


def accepted(cast: Cast, **changes) -> Estimate:
    return actions.accept(
        sent(cast, **changes), by=cast.ann, at=MONDAY + timedelta(hours=1), address="192.0.2.7"
    )


def worked(cast: Cast, estimate: Estimate, minutes: int, **changes) -> TimeEntry:
    """Bo's work on the ticket of the estimate, on the Tuesday after."""
    return TimeEntry.objects.create(
        **{
            "ticket_id": estimate.ticket_id,
            "agent": cast.bo,
            "activity": cast.activity,
            "minutes": minutes,
            "work_date": date(2026, 3, 3),
        }
        | changes
    )
