"""Charges: proposed or entered, decided, and from then on left to the invoice run."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts import permissions
from billing.contracts.models import Charge, ChargeState
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from portal.people.models import Organization, User


@transaction.atomic
def add_charge(
    organization: Organization,
    *,
    by: User | None,
    on: date,
    description: str,
    unit_price: Decimal,
    source: str | None = None,
    is_proposal: bool = False,
    at: datetime | None = None,
    **fields: Any,
) -> Charge:
    """Something to be billed once; `fields` are further columns of a charge.

    A `source` that is there already returns the charge that was made from it. A proposal waits for
    somebody to accept it. Currency and VAT are those of the contract unless given. Raises Refused
    for what contradicts itself.
    """
    _ensure_clerk(by)
    if source:
        known: Charge | None = Charge.objects.filter(source=source).first()
        if known:
            return known
    return store_charge(
        organization,
        by=by,
        on=on,
        description=description,
        unit_price=unit_price,
        source=source,
        is_proposal=is_proposal,
        at=at or timezone.now(),
        **fields,
    )


def store_charge(
    organization: Organization,
    *,
    by: User | None,
    on: date,
    description: str,
    unit_price: Decimal,
    at: datetime,
    source: str | None = None,
    is_proposal: bool = False,
    **fields: Any,
) -> Charge:
    """The same for verbs that have asked for the permission already."""
    contract = fields.get("contract")
    if contract and "currency" not in fields:
        fields["currency"] = contract.currency
    charge = Charge(
        organization=organization,
        on=on,
        description=description.strip(),
        unit_price=unit_price,
        source=source,
        state=ChargeState.PROPOSED if is_proposal else ChargeState.OPEN,
        created_by=by,
        created_at=at,
        **fields,
    )
    try:
        charge.full_clean()
    except ValidationError as error:
        raise Refused(in_words(error, charge)) from error
    charge.save()
    return charge


def accept(charge: Charge, *, by: User, at: datetime | None = None) -> Charge:
    """A proposed charge, such as the credit for a missed target, will be invoiced."""
    return _decide(charge, {ChargeState.PROPOSED}, ChargeState.OPEN, by=by, at=at)


def reject(charge: Charge, *, by: User, reason: str, at: datetime | None = None) -> Charge:
    """A proposed charge will not be invoiced; `reason` is kept."""
    reason = _said(reason, _("Say why it is rejected."))
    return _decide(
        charge, {ChargeState.PROPOSED}, ChargeState.REJECTED, by=by, reason=reason, at=at
    )


def write_off(charge: Charge, *, by: User, reason: str, at: datetime | None = None) -> Charge:
    """A charge that was to be invoiced will not be; `reason` is kept. For clerks only."""
    # Also of a credit: who may agree to it does not give it up.
    _ensure_clerk(by)
    reason = _said(reason, _("Say why it is written off."))
    return _decide(charge, {ChargeState.OPEN}, ChargeState.WRITTEN_OFF, by=by, reason=reason, at=at)


@transaction.atomic
def _decide(
    charge: Charge,
    sources: set[ChargeState],
    target: ChargeState,
    *,
    by: User,
    reason: str = "",
    at: datetime | None = None,
) -> Charge:
    if not permissions.may_decide(by, charge):
        raise NotAllowed(_("Only billing clerks may change what is billed."))
    present: Charge = Charge.objects.select_for_update(of=("self",)).get(pk=charge.pk)
    if present.state not in sources:
        raise Refused(
            _("“%(charge)s” is “%(state)s” now.")
            % {"charge": present.description, "state": present.get_state_display()}
        )
    present.state = target
    present.decision = reason
    present.decided_by = by
    present.decided_at = at or timezone.now()
    present.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    return present


def in_words(error: ValidationError, record: Model) -> str:
    """What is wrong with `record`, each sentence after the name of its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    labels = {field.name: field.verbose_name for field in record._meta.concrete_fields}
    return " ".join(
        message if name == NON_FIELD_ERRORS else f"{labels.get(name, name)}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    )


def _ensure_clerk(by: User | None) -> None:
    if not permissions.may_change(by):
        raise NotAllowed(_("Only billing clerks may change what is billed."))


def _said(reason: str, missing: str) -> str:
    if not reason.strip():
        raise MissingValue("reason", missing)
    return reason.strip()[:500]
