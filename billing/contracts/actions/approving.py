"""Approving time: each entry gets its price, frozen, and its state (`BIL-4`, `BIL-5`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.matching import (
    NoRate,
    Priced,
    Terms,
    facts_of,
    price,
    terms_in_force,
    worked,
)
from billing.contracts.matching.reading import fixed_prices
from billing.contracts.models import PricedSegment, TimePrice
from itil.tickets.errors import Refused
from itil.timesheets import actions as timesheets
from itil.timesheets.models import EntryState, TimeEntry
from itil.timesheets.permissions import decides_time
from portal.people.models import User

from .travelling import charge_kilometres, drop_kilometres

BATCH = 500


@transaction.atomic
def approve_time(
    entries: Iterable[TimeEntry], *, by: User | None, at: datetime | None = None
) -> list[TimeEntry]:
    """Approve what is submitted among `entries`; each is priced by its work date, for good.

    `by` None is the rule of a contract that wants no approval. All or none: raises Refused when
    somebody may not decide about one of them, or when one has no rate. What was decided already is
    left alone. A constant number of queries.
    """
    at = at or timezone.now()
    keys = [entry.pk for entry in entries]
    waiting = list(
        TimeEntry.objects.submitted().filter(pk__in=keys).select_related("ticket", "agent")
    )
    if by is not None:
        _ensure_decides(waiting, by)
    return timesheets.approve(waiting, by=by, at=at)


def price_approved(entries: Sequence[TimeEntry], *, at: datetime) -> None:
    """Freeze the prices of entries that are being approved. Raises Refused without a rate."""
    rows = _locked(entry.pk for entry in entries)
    _freeze(_priced(rows, terms_in_force({row.ticket.organization_id for row in rows})), at)
    charge_kilometres(rows, at=at)


def drop_prices(entries: Iterable[TimeEntry], *, at: datetime) -> None:
    """Their approval is void, and so is what it fixed."""
    entries = list(entries)
    drop_kilometres(entries, at=at)
    TimePrice.objects.of_entries(entries).delete()


@transaction.atomic
def price_missing(
    entries: Iterable[TimeEntry], *, at: datetime | None = None, terms: Terms | None = None
) -> list[NoRate]:
    """Price approved entries that have no price yet, such as those approved by rule at booking.

    Returns those for which no rate was found; they stay without a price.
    """
    at = at or timezone.now()
    rows = [
        entry
        for entry in _locked(entry.pk for entry in entries)
        if entry.state == EntryState.APPROVED and not hasattr(entry, "price")
    ]
    if not rows:
        return []
    terms = terms or terms_in_force({row.ticket.organization_id for row in rows})
    found = _answers(rows, terms)
    _freeze(([one for one in found if isinstance(one, Priced)], terms), at)
    charge_kilometres(rows, at=at)
    return [one for one in found if isinstance(one, NoRate)]


def _locked(keys: Iterable[int]) -> list[TimeEntry]:
    """The entries, locked, in one order, with what prices need."""
    return list(
        TimeEntry.objects.select_for_update(of=("self",))
        .filter(pk__in=list(keys))
        .select_related("ticket__organization", "activity", "agent", "price")
        .order_by("pk")
    )


def _ensure_decides(rows: Sequence[TimeEntry], by: User) -> None:
    """Raises Refused unless `by` may approve all of them (`VIS-7`). One query."""
    keys = [entry.pk for entry in rows]
    mine = (
        set(TimeEntry.objects.filter(pk__in=keys).decided_by(by).values_list("pk", flat=True))
        if decides_time(by)
        else set()
    )
    for entry in rows:
        if entry.pk not in mine:
            raise Refused(
                _("You may approve the time of your own teams, but not your own: %(entry)s.")
                % {"entry": f"{entry.ticket.number}, {entry.agent.name}"}
            )


def _answers(rows: Sequence[TimeEntry], terms: Terms) -> list[Priced | NoRate]:
    fixed = fixed_prices({entry.ticket_id for entry in rows})
    return [price(work, terms, fixed) for work in worked(rows)]


def _priced(rows: Sequence[TimeEntry], terms: Terms) -> tuple[list[Priced], Terms]:
    """All prices. Raises Refused with what to do about those that have none."""
    found = _answers(rows, terms)
    missing = list(dict.fromkeys(one.sentence(terms) for one in found if isinstance(one, NoRate)))
    if missing:
        raise Refused(" ".join(missing))
    return [one for one in found if isinstance(one, Priced)], terms


def _freeze(answer: tuple[Sequence[Priced], Terms], at: datetime) -> None:
    """Store prices with their segments; a price of an earlier approval is replaced."""
    priced, terms = answer
    TimePrice.objects.filter(entry__in=[one.worked.entry for one in priced]).delete()
    made = TimePrice.objects.bulk_create(
        [
            TimePrice(
                entry_id=one.worked.entry,
                contract_id=one.contract.pk if one.contract else None,
                coverage=one.coverage,
                currency=one.currency,
                source=one.source,
                base_rate=one.base_rate,
                facts=facts_of(one, terms),
                priced_at=at,
            )
            for one in priced
        ],
        batch_size=BATCH,
    )
    PricedSegment.objects.bulk_create(
        [
            PricedSegment(
                price=stored,
                position=position,
                starts_at=segment.starts_at,
                ends_at=segment.ends_at,
                minutes=segment.minutes,
                base_rate=one.rate.hourly_rate,
                multiplier=segment.multiplier,
                reason=segment.reason,
            )
            for stored, one in zip(made, priced, strict=True)
            if one.rate
            for position, segment in enumerate(one.segments, start=1)
        ],
        batch_size=BATCH,
    )
