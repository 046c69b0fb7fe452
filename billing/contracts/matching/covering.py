"""What work on a ticket would come to today."""

from dataclasses import dataclass, replace
from datetime import date

from billing.contracts.models import Contract
from itil.tickets.models import Ticket
from itil.timesheets.models import Activity, BillingKind
from portal.people.models import User

from .explaining import explain
from .ledger import Balance, balances
from .pricing import NoRate, Priced, Worked, price
from .reading import fixed_prices, terms_in_force


@dataclass(frozen=True)
class TicketCoverage:
    """Work of one person on one ticket: the contract, and what an hour of each activity costs."""

    contract: Contract | None
    # Billable, included or prepaid work of the first activity that is billable by default.
    priced: Priced | None
    explanation: str
    # No contract and no rate: somebody estimates it first.
    needs_estimate: bool
    # Work for our own departments.
    is_ours: bool
    blocks: tuple[Balance, ...] = ()


def coverage_of(ticket: Ticket, person: User, day: date) -> TicketCoverage:
    """What a booking of `person` on `day` would be. A constant number of queries."""
    terms = terms_in_force([ticket.organization_id])
    activity = Activity.objects.filter(active=True, billable=True).order_by("name").first()
    work = Worked(
        entry=0,
        ticket=ticket.pk,
        organization=ticket.organization_id,
        service=ticket.service_id,
        person=person.pk,
        activity=activity.pk if activity else 0,
        activity_name=activity.name if activity else "",
        work_date=day,
        minutes=60,
        billing_kind=BillingKind.BILLABLE,
    )
    found = price(work, terms, fixed_prices({ticket.pk}))
    contract = None
    if found.contract:
        contract = Contract.objects.select_related("organization").get(pk=found.contract.pk)
    usable = tuple(one for one in balances(contract) if one.is_usable(day)) if contract else ()
    # Nothing was worked yet, so there is nothing to say about when.
    priced = replace(found, segments=()) if isinstance(found, Priced) else None
    return TicketCoverage(
        contract=contract,
        priced=priced,
        explanation=explain(priced, terms) if priced else "",
        needs_estimate=isinstance(found, NoRate) or (contract is None and not _is_ours(found)),
        is_ours=_is_ours(found),
        blocks=usable,
    )


def _is_ours(found: Priced | NoRate) -> bool:
    return isinstance(found, Priced) and found.contract is None and found.rate is None
