"""Kilometers of approved travel become charges by the rate of its day (`BIL-6`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.contracts.models import (
    Charge,
    ChargeKind,
    Contract,
    KilometreRate,
    RateSource,
    TimePrice,
    UnitCode,
)
from billing.contracts.querysets import without_kilometre_charge
from itil.timesheets.models import BillingKind, EntryState, TimeEntry

from .producing import keep_charge, withdraw_charge

# What a person booked so is paid neither for time nor for the way.
UNPAID = (BillingKind.NON_BILLABLE, BillingKind.INCLUDED)


@transaction.atomic
def charge_kilometres(entries: Iterable[TimeEntry], *, at: datetime) -> list[Charge]:
    """Charge the kilometers of entries whose price was just fixed, by the contract of that price.

    Travel time that the contract includes does not include the way. Without a rate on that day, and
    for what has a fixed price or was booked as not billable, nothing is charged. No query when
    nobody drove.
    """
    driven = [one for one in entries if one.kilometres and one.billing_kind not in UNPAID]
    if not driven:
        return []
    prices = {
        price.entry_id: price
        for price in TimePrice.objects.of_entries(driven)
        .filter(contract__isnull=False)
        .exclude(source=RateSource.FIXED)
        .select_related("contract__organization")
    }
    rates = _rates({price.contract_id for price in prices.values()})
    found = []
    for entry in driven:
        price = prices.get(entry.pk)
        rate = _on(rates.get(price.contract_id, ()), entry.work_date) if price else None
        if price and rate is not None:
            found.append(_charge(entry, price.contract, rate, at))
    return found


def charge_missing_kilometres(contract: Contract, *, at: datetime) -> list[Charge]:
    """Charge approved travel under `contract` that had no rate until now."""
    waiting = TimeEntry.objects.filter(
        without_kilometre_charge(),
        price__contract=contract,
        state=EntryState.APPROVED,
        kilometres__isnull=False,
    )
    return charge_kilometres(waiting.select_related("ticket__organization", "activity"), at=at)


def drop_kilometres(entries: Iterable[TimeEntry], *, at: datetime) -> None:
    """The approval of `entries` is void, and the charges for their kilometers with it."""
    known = Charge.objects.filter(entry__in=[one.pk for one in entries])
    for charge in known:
        withdraw_charge(charge, reason=_("The travel was changed or is not billed."), at=at)


def _charge(entry: TimeEntry, contract: Contract, rate: Decimal, at: datetime) -> Charge:
    return keep_charge(
        f"kilometres:{entry.uuid}",
        at=at,
        organization=entry.ticket.organization,
        contract=contract,
        ticket=entry.ticket,
        entry=entry,
        on=entry.work_date,
        kind=ChargeKind.KILOMETRE,
        description=entry.activity.name,
        quantity=entry.kilometres,
        unit=UnitCode.KILOMETRE,
        unit_price=rate,
        currency=contract.currency,
    )


def _rates(contracts: Iterable[int]) -> Mapping[int, Sequence[KilometreRate]]:
    """By contract, the newest first. One query."""
    found: dict[int, list[KilometreRate]] = {}
    rows = KilometreRate.objects.filter(contract__in=contracts)
    for rate in rows.order_by("-valid_from"):
        found.setdefault(rate.contract_id, []).append(rate)
    return found


def _on(rates: Sequence[KilometreRate], day: date) -> Decimal | None:
    """The rate that holds on `day`."""
    return next((rate.price for rate in rates if rate.valid_from <= day), None)
