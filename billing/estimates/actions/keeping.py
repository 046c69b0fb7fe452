"""Keeping work to what was accepted: a cap is not exceeded, a fixed price is billed once."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.contracts.models import Charge, ChargeKind
from billing.contracts.models.charges import UnitCode
from billing.estimates.lifecycle import State
from billing.estimates.matching import use_of
from billing.estimates.models import Estimate, EstimateLine, Kind, LineKind
from itil.timesheets import actions as timesheets
from itil.timesheets.hours import business_date
from itil.timesheets.models import BillingKind, EntryState, TimeEntry


def waits_for_answer(ticket: int) -> bool:
    """Work on this ticket was estimated, and the customer has not accepted yet."""
    waiting = Estimate.objects.filter(ticket_id=ticket, state__in=(State.DRAFT, State.SENT))
    return waiting.exists() and not Estimate.objects.accepted().filter(ticket_id=ticket).exists()


@transaction.atomic
def keep_within_cap(entries: Iterable[TimeEntry], *, at: datetime) -> list[TimeEntry]:
    """What goes beyond the hours of a cap is not billable; an entry across it is cut there.

    Returns the entries and what was cut off them, by day.
    """
    found = sorted(entries, key=lambda entry: (entry.work_date, entry.pk))
    apart = []
    left: dict[int, int] = {}
    for entry in found:
        if entry.billing_kind != BillingKind.BILLABLE:
            continue
        # Two entries at once wait for each other here.
        accepted = Estimate.objects.select_for_update(of=("self",)).accepted()
        estimate = accepted.filter(ticket_id=entry.ticket_id, kind=Kind.CAP, minutes__gt=0).first()
        if estimate is None:
            continue
        if estimate.pk not in left:
            mine = sum(
                one.minutes
                for one in found
                if one.ticket_id == entry.ticket_id and one.billing_kind == BillingKind.BILLABLE
            )
            left[estimate.pk] = max(0, estimate.minutes - (use_of(estimate).minutes - mine))
        paid = min(left[estimate.pk], entry.minutes)
        left[estimate.pk] -= paid
        if paid < entry.minutes:
            reason = _("Beyond estimate %(estimate)s") % {"estimate": estimate}
            apart.append(timesheets.set_apart(entry, minutes=paid, reason=reason, at=at))
    return found + [one for one in apart if one not in found]


def release_drafts(estimate: Estimate, *, at: datetime) -> None:
    """Work that waited for the answer goes its way: to approval, or approved by rule."""
    waiting = TimeEntry.objects.filter(ticket_id=estimate.ticket_id, state=EntryState.DRAFT)
    held = list(waiting.filter(state_reason="").order_by("work_date", "pk"))
    if held:
        timesheets.submit(keep_within_cap(held, at=at), by=None, at=at)


def charge_finished(at: datetime) -> int:
    """Make the charges of accepted estimates whose work is done; returns how many. Safe to repeat.

    A fixed price is one charge. Of the other kinds the things beside hours are charges.
    """
    done = Estimate.objects.accepted().filter(ticket__resolved_at__isnull=False, charged_at=None)
    return sum(_charge(pk, at) for pk in list(done.values_list("pk", flat=True)))


@transaction.atomic
def _charge(pk: int, at: datetime) -> int:
    accepted = Estimate.objects.select_for_update(of=("self",)).accepted()
    estimate = accepted.select_related("ticket").filter(pk=pk, charged_at=None).first()
    if estimate is None:
        return 0
    if estimate.kind == Kind.FIXED:
        made = [_charge_of(estimate, "", estimate.title, Decimal(1), estimate.net_total)]
    else:
        things = EstimateLine.objects.filter(estimate=estimate, kind=LineKind.ITEM)
        made = [
            _charge_of(
                estimate, f":{line.position}", line.description, line.quantity, line.unit_price
            )
            for line in things
            if line.quantity
        ]
    estimate.charged_at = at
    estimate.save()
    return sum(made)


def _charge_of(estimate: Estimate, part: str, what: str, quantity: Decimal, price: Decimal) -> bool:
    is_fixed = estimate.kind == Kind.FIXED
    # Only estimates of resolved tickets come here.
    resolved_at: datetime = estimate.ticket.resolved_at  # type: ignore[assignment]
    on = business_date(resolved_at)
    _row, made = Charge.objects.get_or_create(
        source=f"estimate:{estimate.pk}{part}",
        defaults={
            "organization_id": estimate.organization_id,
            "contract_id": estimate.contract_id,
            "ticket_id": estimate.ticket_id,
            "on": on,
            "kind": ChargeKind.FIXED if is_fixed else ChargeKind.ITEM,
            "description": f"{what} ({estimate})"[:200],
            "quantity": quantity,
            "unit": UnitCode.LUMP_SUM if is_fixed else UnitCode.PIECE,
            "unit_price": price,
            "currency": estimate.currency,
            "vat_category": estimate.vat_category,
            "vat_rate": estimate.vat_rate,
            "vat_reason": estimate.vat_reason,
        },
    )
    return bool(made)
