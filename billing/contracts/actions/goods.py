"""Prices of kilometers and parts in a contract, and material that was used on a ticket."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts import permissions
from billing.contracts.matching import ContractTerms, terms_in_force
from billing.contracts.models import (
    Charge,
    ChargeKind,
    Contract,
    ContractEvent,
    KilometreRate,
    PartPrice,
    UnitCode,
)
from itil.desk.permissions import may_log_time
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import Ticket
from itil.timesheets.hours import business_date
from portal.people.models import User

from .charging import store_charge
from .contracting import check, ensure_clerk, record
from .producing import withdraw_charge
from .travelling import charge_missing_kilometres

Price = KilometreRate | PartPrice


@transaction.atomic
def add_price(price: Price, *, by: User | None, at: datetime | None = None) -> Price:
    """What a kilometer costs from a day on, or a part. Charges that were made keep their price;
    travel that had no rate until now is charged.
    """
    ensure_clerk(by)
    at = at or timezone.now()
    check(price)
    price.save()
    kind = ContractEvent.Kind.RATE_ADDED
    record(price.contract, kind, by=by, at=at, text=price_in_words(price))
    if isinstance(price, KilometreRate):
        charge_missing_kilometres(price.contract, at=at)
    return price


@transaction.atomic
def remove_price(price: Price, *, by: User | None, at: datetime | None = None) -> None:
    """It counts for nothing that is recorded from now on."""
    ensure_clerk(by)
    text, contract = price_in_words(price), price.contract
    price.delete()
    record(contract, ContractEvent.Kind.RATE_REMOVED, by=by, at=at, text=text)


def price_in_words(price: Price) -> str:
    """As the history keeps it."""
    currency = price.contract.currency
    if isinstance(price, KilometreRate):
        return f"km, {price.price:f} {currency}, {price.valid_from.isoformat()}"
    return f"{price}, {price.unit_price:f} {currency}"


@transaction.atomic
def use_material(
    ticket: Ticket,
    *,
    by: User,
    quantity: Decimal,
    part: PartPrice | None = None,
    description: str = "",
    unit_price: Decimal | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Charge:
    """Record what was used on a ticket: a `part` at its price, or something else at `unit_price`.

    It is charged by the contract that covers the ticket on that day. Without one it waits, in our
    own currency, until one does; the run of the month tells of it. Raises NotAllowed for who does
    not work on the ticket, and Refused for what does not fit.
    """
    if not may_log_time(by, ticket):
        raise NotAllowed(_("You cannot record material on this ticket."))
    at = at or timezone.now()
    on = on or business_date(at)
    if on > business_date(at):
        raise MissingValue("on", _("Choose today or an earlier date."))
    contract = covering(ticket, on)
    if part and (contract is None or part.contract_id != contract.pk):
        raise Refused(_("This part belongs to another contract than the one of that day."))
    if part is None and (not description.strip() or unit_price is None):
        raise MissingValue("description", _("Say what it was, and what one costs."))
    return store_charge(
        ticket.organization,
        by=by,
        at=at,
        on=on,
        ticket=ticket,
        contract=Contract.objects.get(pk=contract.pk) if contract else None,
        currency=contract.currency if contract else settings.BUSINESS_CURRENCY,
        kind=ChargeKind.PART,
        description=(str(part) if part else description.strip())[:200],
        quantity=quantity,
        unit=part.unit if part else UnitCode.PIECE,
        unit_price=part.unit_price if part else unit_price or Decimal(0),
    )


@transaction.atomic
def remove_material(charge: Charge, *, by: User, reason: str, at: datetime | None = None) -> None:
    """Take material out that was recorded by mistake; it stays in the history with the reason.

    Raises Refused once it was invoiced or decided about.
    """
    if not permissions.may_remove_material(by, charge):
        raise NotAllowed(_("Material is removed by who recorded it, the lead or a clerk."))
    if not reason.strip():
        raise MissingValue("reason", _("Say why it is removed."))
    if not withdraw_charge(charge, by=by, reason=reason.strip(), at=at or timezone.now()):
        charge.refresh_from_db()
        raise Refused(
            _("“%(charge)s” is “%(state)s” now.")
            % {"charge": charge.description, "state": charge.get_state_display()}
        )


def covering(ticket: Ticket, day: date) -> ContractTerms | None:
    """The contract that bears what is used on a ticket on `day`. Seven queries."""
    terms = terms_in_force([ticket.organization_id])
    return terms.contract_for(ticket.organization_id, day, ticket.service_id)
