"""Charges that follow from something else: made once, kept in step while nothing is billed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.contracts.models import Charge, ChargeState

from .charging import add_charge

# Nobody has decided about these, and no issued invoice has them.
LIVE = (ChargeState.OPEN, ChargeState.PROPOSED)


@transaction.atomic
def keep_charge(source: str, *, at: datetime, **values: Any) -> Charge:
    """The charge made from `source` (a key), as it should be now; `values` as for `add_charge`.

    One that was withdrawn comes back. What was invoiced or decided about by a person stays as it
    is. Two at once: the second finds the charge of the first.
    """
    found = Charge.objects.select_for_update(of=("self",)).filter(source=source)
    present: Charge | None = found.first()
    if present is None:
        return add_charge(by=None, source=source, at=at, **values)
    if not is_settled(present):
        _follow(present, values)
    return present


def is_settled(charge: Charge) -> bool:
    """It was invoiced, or a person decided about it: it does not follow any more."""
    is_accepted = charge.state == ChargeState.OPEN and charge.decided_by_id is not None
    return is_accepted or charge.state not in (*LIVE, ChargeState.WITHDRAWN)


@transaction.atomic
def withdraw_charge(charge: Charge, *, reason: str, at: datetime, by: Any = None) -> bool:
    """What it was made from is no longer so: it will not be billed, unless it comes back.

    False when it was invoiced, decided about or withdrawn already. On a draft it makes the draft
    stale, which is then drafted again. Asks for no permission.
    """
    present: Charge = Charge.objects.select_for_update(of=("self",)).get(pk=charge.pk)
    if present.state not in LIVE:
        return False
    present.state = ChargeState.WITHDRAWN
    present.decision, present.decided_by, present.decided_at = reason[:500], by, at
    present.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    return True


def _follow(charge: Charge, values: Mapping[str, Any]) -> None:
    """Bring columns and state in line. No statement when nothing differs."""
    wanted = ChargeState.PROPOSED if values.get("is_proposal") else ChargeState.OPEN
    columns = {name: value for name, value in values.items() if name != "is_proposal"}
    if charge.state == ChargeState.WITHDRAWN:
        columns |= {"state": wanted, "decision": "", "decided_by": None, "decided_at": None}
    changed = [name for name, value in columns.items() if getattr(charge, name) != value]
    for name in changed:
        setattr(charge, name, columns[name])
    if changed:
        charge.full_clean()
        charge.save(update_fields=changed)
