"""Orders of the catalog that are taken back after they were invoiced: a credit is proposed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.contracts.actions import (
    credit_source,
    keep_charge,
    source_of_order,
    supplied,
    withdraw_charge,
)
from billing.contracts.models import Charge, ChargeKind, ChargeState, UnitCode
from billing.invoices.documents import Wording
from billing.invoices.models import BilledCharge
from catalog.requests.models import ServiceRequest
from itil.timesheets.hours import business_date

from .crediting import uncredited


@transaction.atomic
def credit_order(request: ServiceRequest, *, at: datetime) -> list[Charge]:
    """Propose to give back what was invoiced of an order that is not delivered any more, or of a
    month after its end: a charge below zero, which a person accepts or rejects.

    Run it as often as you like. A proposal follows what credit notes have taken back meanwhile, and
    is withdrawn when the order is delivered after all; what was decided stays. Returns what waits.
    """
    # Two workers at once: the second waits, and finds what the first has made.
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    invoiced = list(Charge.objects.of(request).for_orders().filter(state=ChargeState.INVOICED))
    if not invoiced:
        return []
    has = supplied(request, max(charge.on for charge in invoiced))
    waiting = []
    for charge in invoiced:
        is_supplied = source_of_order(charge) in has
        proposal = None if is_supplied else _proposed(charge, at)
        if proposal:
            waiting.append(proposal)
            continue
        reason = _("The order is delivered.") if is_supplied else _("It was credited already.")
        for earlier in Charge.objects.proposed().filter(source=credit_source(charge)):
            withdraw_charge(earlier, reason=reason, at=at)
    return [one for one in waiting if one.state == ChargeState.PROPOSED]


def follow_order_credits(at: datetime) -> None:
    """Bring proposals nobody has decided about in line with the credit notes written since."""
    waiting = Charge.objects.proposed().filter(source__startswith="credit:order:")
    orders = ServiceRequest.objects.filter(pk__in=waiting.values("ticket"))
    for request in orders.order_by("pk"):
        credit_order(request, at=at)


def _proposed(charge: Charge, at: datetime) -> Charge | None:
    """The credit for `charge`; None when its line has nothing left to credit."""
    found = BilledCharge.objects.filter(charge=charge, live=True)
    billed = found.select_related("line__invoice").first()
    if billed is None:
        return None
    line = billed.line
    rest = next(one.net for one in uncredited(line.invoice) if one.line.pk == line.pk)
    if rest <= 0:
        return None
    source = credit_source(charge)
    known = Charge.objects.filter(source=source).first()
    wording = Wording.of(line.invoice.language)
    description = wording.say("taken_back", what=charge.description, number=line.invoice.number)
    return keep_charge(
        source,
        at=at,
        is_proposal=True,
        organization=charge.organization,
        contract=charge.contract,
        ticket=charge.ticket,
        # The day on which it came up; it stays when this runs again.
        on=known.on if known else business_date(at),
        kind=ChargeKind.ITEM,
        description=description[:200],
        currency=charge.currency,
        # As it was invoiced, whatever the contract says today.
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        vat_reason=line.vat_reason,
        note=_("The order was taken back after it was invoiced."),
        **_price(charge, rest),
    )


def _price(charge: Charge, rest: Decimal) -> dict[str, Any]:
    """What the charge was, below zero; of one that was credited in part the rest as a lump sum."""
    if charge.net == rest:
        return {
            "quantity": -charge.quantity,
            "unit": charge.unit,
            "unit_price": charge.unit_price,
        }
    amount = min(rest, charge.net)
    return {"quantity": Decimal(-1), "unit": UnitCode.LUMP_SUM, "unit_price": amount}
