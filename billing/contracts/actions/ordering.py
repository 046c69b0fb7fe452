"""Delivered orders of the catalog become charges, where the contract says so."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from billing.contracts.amounts import piece_price
from billing.contracts.amounts.months import months_between
from billing.contracts.matching import ContractTerms, Terms, terms_in_force
from billing.contracts.models import Charge, ChargeKind, ChargeState, Contract, UnitCode
from catalog.offerings.models import CatalogItem
from catalog.requests.lifecycle import Status
from catalog.requests.models import ServiceRequest
from itil.timesheets.hours import business_date

from .producing import is_settled, keep_charge, withdraw_charge

DELIVERED = (Status.FULFILLED, Status.CLOSED)
# Between the key of what was charged, and how often it was.
AGAIN = "#"


@transaction.atomic
def charge_order(
    request: ServiceRequest, *, until: date, at: datetime, terms: Terms | None = None
) -> list[Charge]:
    """The charges of an order as they should be now: what was ordered at the price that the buyer
    saw, once it is delivered; by the month for each month begun up to `until`.

    Run it as often as you like. An order that is not delivered any more, or a month after it was
    ended, is withdrawn as long as it was not invoiced; what was, is taken back by a person
    (`billing.invoices.actions.credit_order`), and charged anew should it be delivered after that.
    Returns what is charged.
    """
    # Two workers at once: the second waits, and finds what the first has made.
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    items = {one.source: one for one in Charge.objects.of(request).filter(kind=ChargeKind.ITEM)}
    wanted = {
        _not_taken_back(source, items): supply for source, supply in _wanted(request, until, terms)
    }
    for charge in items.values():
        if is_for_order(charge) and charge.source not in wanted:
            withdraw_charge(charge, reason=_("The order is not delivered any more."), at=at)
    charged = []
    for source, (contract, day) in wanted.items():
        present = items.get(source)
        # Months long invoiced are not read again each time.
        if present is None or not is_settled(present):
            present = keep_charge(source, at=at, **_columns(request, contract, day))
        charged.append(present)
    return charged


def charge_orders(until: date, *, at: datetime) -> int:
    """Charge what was delivered and has no charge yet, and the months that have begun; returns how
    many orders were looked at.

    Catches up after a contract began to charge orders. Those whose contract does not are left out.
    """
    charging = Contract.objects.active().exclude(orders_charged_from=None)
    since = min(charging.values_list("orders_charged_from", flat=True), default=None)
    if since is None:
        return 0
    terms = terms_in_force()
    payers = set(charging.values_list("organization", flat=True))
    below = {one for payer in payers for one in terms.below(payer)}
    charged = Charge.objects.for_orders().filter(ticket=OuterRef("pk"))
    monthly = Q(price_period=CatalogItem.PricePeriod.MONTH)
    # Judged by the day in the business zone one by one; here a day more does no harm.
    found = ServiceRequest.objects.filter(
        monthly | Q(resolved_at__date__gte=since - timedelta(days=1)) & ~Exists(charged),
        status__in=DELIVERED,
        price__gt=0,
        organization__in=below,
    )
    count = 0
    for request in found.order_by("pk"):
        charge_order(request, until=until, at=at, terms=terms)
        count += 1
    return count


def supplied(request: ServiceRequest, until: date) -> dict[str, date]:
    """What an order has delivered, whether it is charged or not: sources of charges with their day;
    by the month one for each month begun up to `until`, or up to its end.
    """
    if request.status not in DELIVERED or not request.price or request.resolved_at is None:
        return {}
    delivered = business_date(request.resolved_at)
    if request.price_period != CatalogItem.PricePeriod.MONTH:
        return {f"order:{request.pk}": delivered}
    months = months_between(delivered, min(until, _ended_on(request) or until))
    return {f"order:{request.pk}:{month:%Y-%m}": max(month, delivered) for month in months}


def credit_source(charge: Charge) -> str:
    """The key of what takes a charge of an order back."""
    return f"credit:{charge.source}"


def is_for_order(charge: Charge) -> bool:
    """Made from an order; not what takes it back."""
    return str(charge.source).startswith("order:")


def source_of_order(charge: Charge) -> str:
    """The key in `supplied` of what a charge was made from, the first time or again."""
    return str(charge.source).partition(AGAIN)[0]


def _not_taken_back(source: str, items: Mapping[str | None, Charge]) -> str:
    """`source`, or the key of charging the same anew when a person has taken the charge back."""
    key, count = source, 1
    while (credit := items.get(f"credit:{key}")) and _stands(credit):
        count += 1
        key = f"{source}{AGAIN}{count}"
    return key


def _stands(credit: Charge) -> bool:
    """Somebody accepted it, and it is not written off."""
    is_accepted = credit.state == ChargeState.OPEN and credit.decided_by_id is not None
    return is_accepted or credit.state == ChargeState.INVOICED


def _wanted(
    request: ServiceRequest, until: date, terms: Terms | None
) -> Iterator[tuple[str, tuple[ContractTerms, date]]]:
    """Sources of the charges that there should be, each with its contract and day."""
    found = supplied(request, until)
    if not found:
        return
    terms = terms or terms_in_force([request.organization_id])
    for source, day in found.items():
        contract = _charging(terms, request, day)
        if contract:
            yield source, (contract, day)


def _charging(terms: Terms, request: ServiceRequest, day: date) -> ContractTerms | None:
    """The contract under which an order is charged on `day`."""
    contract = terms.contract_for(request.organization_id, day, request.service_id)
    if contract is None or contract.orders_charged_from is None:
        return None
    return contract if contract.orders_charged_from <= day else None


def _columns(request: ServiceRequest, contract: ContractTerms, day: date) -> dict[str, Any]:
    """The charge of an order, or of one month of it. One query."""
    is_monthly = request.price_period == CatalogItem.PricePeriod.MONTH
    quantity, price = Decimal(request.quantity), piece_price(request.price, request.quantity)
    description = request.item_title
    # A price that cannot be divided is charged as a whole, so that no cent is lost.
    if price is None:
        description = f"{request.quantity} × {description}"
        quantity, price = Decimal(1), request.price
    if is_monthly:
        description = f"{description[:190]} {day:%Y-%m}"
    return {
        "organization": request.organization,
        "contract": Contract.objects.get(pk=contract.pk),
        "ticket": cast(Any, request).ticket_ptr,
        "on": day,
        "kind": ChargeKind.ITEM,
        "description": description[:200],
        "quantity": quantity,
        "unit": UnitCode.MONTH if is_monthly else UnitCode.PIECE,
        "unit_price": price,
        "currency": request.currency or contract.currency,
    }


def _ended_on(request: ServiceRequest) -> date | None:
    """The day on which an order that ends this one was carried out."""
    ended = request.endings.filter(status__in=DELIVERED).order_by("resolved_at").first()
    return business_date(ended.resolved_at) if ended else None
