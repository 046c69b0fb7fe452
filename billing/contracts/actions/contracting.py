"""Making and changing contracts and rates, each change with its event."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts import permissions
from billing.contracts.models import (
    BillingRole,
    Contract,
    ContractEvent,
    ContractRate,
    GeneralRate,
    PersonRole,
    Retainer,
)
from itil.tickets.errors import NotAllowed, Refused
from portal.people.models import User

from .charging import in_words

PARTS = ("services", "included_services", "included_activities", "call_out_activities")


@transaction.atomic
def keep_contract(
    contract: Contract,
    *,
    by: User | None,
    parts: Mapping[str, Collection[Model]] | None = None,
    at: datetime | None = None,
) -> Contract:
    """Store a new or a changed contract; `parts` are the services and activities that it names.
    Orders that were delivered before it charges them are left to `charge_orders`.

    Raises Refused for one that contradicts itself or another contract, and when the currency
    changes although work was priced in it.
    """
    ensure_clerk(by)
    parts = {name: list(parts[name]) for name in PARTS if parts and name in parts}
    before = _present(contract)
    if before and before["currency"] != contract.currency and contract.prices.exists():
        raise Refused(
            _("Work was priced in %(currency)s already. Make a new contract for another currency.")
            % {"currency": before["currency"]}
        )
    for name, found in parts.items():
        getattr(contract, name).set(found)
    check(contract)
    told = _differences(before, contract, parts)
    contract.save()
    if told or not before:
        kind = ContractEvent.Kind.CHANGED if before else ContractEvent.Kind.MADE
        record(contract, kind, by=by, at=at, changes=told if before else {})
    return contract


@transaction.atomic
def add_rate(
    rate: ContractRate | GeneralRate, *, by: User | None, at: datetime | None = None
) -> ContractRate | GeneralRate:
    """A price of an hour from a day on. Prices that were frozen stay; raises Refused."""
    ensure_clerk(by)
    check(rate)
    rate.save()
    record(getattr(rate, "contract", None), "rate_added", by=by, at=at, text=rate_in_words(rate))
    return rate


@transaction.atomic
def remove_rate(
    rate: ContractRate | GeneralRate, *, by: User | None, at: datetime | None = None
) -> None:
    """The rate applies to nothing that is approved from now on; frozen prices stay."""
    ensure_clerk(by)
    text = rate_in_words(rate)
    contract = getattr(rate, "contract", None)
    rate.delete()
    record(contract, "rate_removed", by=by, at=at, text=text)


@transaction.atomic
def give_role(person: User, *, name: str, valid_from: date | None, by: User | None) -> PersonRole:
    """`person` is charged as the billing role called `name` from a day on (None: ever since)."""
    ensure_clerk(by)
    role = BillingRole.objects.filter(name__iexact=name.strip()).first()
    if role is None:
        role = BillingRole.objects.create(name=name.strip())
    given = PersonRole(person=person, role=role, valid_from=valid_from)
    check(given)
    given.save()
    return given


@transaction.atomic
def take_role(role: PersonRole, *, by: User | None) -> None:
    """From now on the person is charged as before that day."""
    ensure_clerk(by)
    role.delete()


@transaction.atomic
def add_retainer(retainer: Retainer, *, by: User | None, at: datetime | None = None) -> Retainer:
    """A block of every month; its months are sold as they begin (`prepaying.open_months`)."""
    ensure_clerk(by)
    check(retainer)
    retainer.save()
    record(retainer.contract, "retainer_added", by=by, at=at, text=retainer.name)
    return retainer


def record(
    contract: Contract | None,
    kind: str,
    *,
    by: User | None,
    at: datetime | None = None,
    text: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Append to the history of a contract, or of the price list."""
    ContractEvent.objects.create(
        contract=contract,
        kind=kind,
        actor=by,
        at=at or timezone.now(),
        text=text[:300],
        changes=changes or {},
    )


def rate_in_words(rate: ContractRate | GeneralRate) -> str:
    """Role, activity, price and day, as the history keeps them."""
    contract = getattr(rate, "contract", None)
    currency = contract.currency if contract else getattr(rate, "currency", "")
    parts = [
        str(getattr(rate, "organization", None) or ""),
        str(rate.role or ""),
        str(rate.activity or ""),
        f"{rate.hourly_rate:f} {currency}",
        rate.valid_from.isoformat() if rate.valid_from else "",
    ]
    return ", ".join(part for part in parts if part)


def ensure_clerk(by: User | None) -> None:
    if not permissions.may_change(by):
        raise NotAllowed(_("Only billing clerks may change contracts and rates."))


def check(record: Model) -> None:
    """Raises Refused with everything that is wrong, in words."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise Refused(in_words(error, record)) from error


def _present(contract: Contract) -> dict[str, Any] | None:
    """The stored values by field, and the named services and activities as text."""
    stored = Contract.objects.filter(pk=contract.pk).first() if contract.pk else None
    if stored is None:
        return None
    values = {field.name: getattr(stored, field.name) for field in stored._meta.concrete_fields}
    return values | {name: _listed(getattr(stored, name).all()) for name in PARTS}


def _differences(
    before: dict[str, Any] | None, contract: Contract, parts: Mapping[str, Collection[Model]]
) -> dict[str, list[str]]:
    """[before, after] of what differs, as text by field."""
    if before is None:
        return {}
    after = {field.name: getattr(contract, field.name) for field in contract._meta.concrete_fields}
    after |= {name: _listed(found) for name, found in parts.items()}
    return {
        name: ["" if value is None else str(value) for value in (before[name], after[name])]
        for name in after
        if before[name] != after[name]
    }


def _listed(found: Collection[Model]) -> str:
    return ", ".join(sorted(str(one) for one in found))
