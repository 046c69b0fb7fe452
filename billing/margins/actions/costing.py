"""Cost rates: added, ended, removed; each change with its event."""

from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.contracts.actions.contracting import check
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
    check(rate)
    _one_at_a_time()
    same = CostRate.objects.for_whom(rate.person_id, rate.role_id)
    if ends_present:
        for present in same.filter(valid_to=None, valid_from__lt=rate.valid_from):
            end_cost(present, on=rate.valid_from - timedelta(days=1), by=by, at=at)
    _ensure_alone(rate)
    rate.save()
    _record(CostEvent.Kind.ADDED, rate, by, at)
    return rate


@transaction.atomic
def end_cost(rate: CostRate, *, on: date, by: User | None, at: datetime | None = None) -> CostRate:
    """`on` is the last day on which it holds. Raises Refused before its first day, and when it was
    removed meanwhile.
    """
    _ensure(by)
    _one_at_a_time()
    present = _present(rate)
    present.valid_to = on
    check(present)
    _ensure_alone(present)
    present.save(update_fields=["valid_to"])
    _record(CostEvent.Kind.ENDED, present, by, at)
    return present


@transaction.atomic
def remove_cost(rate: CostRate, *, by: User | None, at: datetime | None = None) -> None:
    """For what was entered by mistake; margins are reckoned without it from now on. Raises Refused
    when it was removed meanwhile.
    """
    _ensure(by)
    _one_at_a_time()
    present = _present(rate)
    _record(CostEvent.Kind.REMOVED, present, by, at)
    present.delete()


def _one_at_a_time() -> None:
    """Two at once could each find no other rate: the second waits. What is locked is the entry of
    the table itself, for before the first rate there is no row to lock.
    """
    kinds = ContentType.objects.select_for_update(no_key=True)
    kinds.get(app_label=CostRate._meta.app_label, model=CostRate._meta.model_name)


def _present(rate: CostRate) -> CostRate:
    """The rate as it is now."""
    found: CostRate | None = (
        CostRate.objects.select_related("person", "role").filter(pk=rate.pk).first()
    )
    if found is None:
        raise Refused(_("The cost rate was removed meanwhile."))
    return found


def _ensure_alone(rate: CostRate) -> None:
    same = CostRate.objects.for_whom(rate.person_id, rate.role_id).exclude(pk=rate.pk)
    other = same.overlapping(rate.valid_from, rate.valid_to).first()
    if other:
        raise Refused(_overlap(other))


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


def _record(kind: str, rate: CostRate, by: User | None, at: datetime | None) -> None:
    days = [rate.valid_from.isoformat()]
    if rate.valid_to:
        days.append(rate.valid_to.isoformat())
    CostEvent.objects.create(
        kind=kind, actor=by, at=at or timezone.now(), text=f"{rate}, {' – '.join(days)}"[:300]
    )
