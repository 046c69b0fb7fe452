"""Cost rates: added, ended, removed; each change with its event."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.contracts.actions.charging import in_words
from billing.margins.models import CostEvent, CostRate
from billing.margins.permissions import may_keep_costs
from itil.tickets.errors import NotAllowed, Refused
from portal.people.models import User


@transaction.atomic
def add_cost(
    rate: CostRate, *, by: User | None, ends_present: bool = False, at: datetime | None = None
) -> CostRate:
    """Keep what an hour costs. `ends_present` ends the rate without an end the day before.

    Raises Refused for one that contradicts itself, or that holds on a day on which another one of
    the same person or role holds.
    """
    _ensure(by)
    _check(rate)
    # One at a time: two could each find no other.
    same = CostRate.objects.select_for_update(of=("self",)).for_whom(rate.person_id, rate.role_id)
    if ends_present:
        for present in same.filter(valid_to=None, valid_from__lt=rate.valid_from):
            end_cost(present, on=date.fromordinal(rate.valid_from.toordinal() - 1), by=by, at=at)
    other = same.overlapping(rate.valid_from, rate.valid_to).first()
    if other:
        raise Refused(_overlap(other))
    rate.save()
    _record(CostEvent.Kind.ADDED, rate, by, at)
    return rate


@transaction.atomic
def end_cost(rate: CostRate, *, on: date, by: User | None, at: datetime | None = None) -> CostRate:
    """`on` is the last day on which it holds. Raises Refused before its first day."""
    _ensure(by)
    rate.valid_to = on
    _check(rate)
    same = CostRate.objects.for_whom(rate.person_id, rate.role_id).exclude(pk=rate.pk)
    other = same.overlapping(rate.valid_from, rate.valid_to).first()
    if other:
        raise Refused(_overlap(other))
    rate.save(update_fields=["valid_to"])
    _record(CostEvent.Kind.ENDED, rate, by, at)
    return rate


@transaction.atomic
def remove_cost(rate: CostRate, *, by: User | None, at: datetime | None = None) -> None:
    """For what was entered by mistake; margins are reckoned without it from now on."""
    _ensure(by)
    _record(CostEvent.Kind.REMOVED, rate, by, at)
    rate.delete()


def _overlap(other: CostRate) -> str:
    facts = {
        "whom": other.whom,
        "first": date_format(other.valid_from, "SHORT_DATE_FORMAT"),
        "last": date_format(other.valid_to, "SHORT_DATE_FORMAT") if other.valid_to else "",
    }
    if other.valid_to:
        return _("%(whom)s has a cost rate from %(first)s to %(last)s. Choose other days.") % facts
    return (
        _("%(whom)s has a cost rate from %(first)s on. End it first, or choose to end it.") % facts
    )


def _ensure(by: User | None) -> None:
    if not may_keep_costs(by):
        raise NotAllowed(_("Only managers and administrators keep cost rates."))


def _check(record: Model) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise Refused(in_words(error, record)) from error


def _record(kind: str, rate: CostRate, by: User | None, at: datetime | None) -> None:
    days = [rate.valid_from.isoformat()]
    if rate.valid_to:
        days.append(rate.valid_to.isoformat())
    CostEvent.objects.create(
        kind=kind, actor=by, at=at or timezone.now(), text=f"{rate}, {' – '.join(days)}"[:300]
    )
