"""Setting work apart that an agreement no longer pays for, by rule."""

from datetime import datetime, timedelta

from django.db import transaction

from itil.tickets.errors import Refused
from itil.timesheets.models import BillingKind, EntryEvent, TimeEntry

from .history import record


@transaction.atomic
def set_apart(entry: TimeEntry, *, minutes: int, reason: str, at: datetime) -> TimeEntry:
    """The first `minutes` of `entry` stay as they are; the rest becomes not billable, for `reason`.

    With 0 the whole entry does. Returns the part that is not billable. No minute is lost or made;
    an entry with times is cut at that instant. Raises Refused outside the entry.
    """
    if not 0 <= minutes < entry.minutes:
        raise Refused("The part lies outside the entry.")
    before = {"minutes": entry.minutes, "billing_kind": entry.billing_kind}
    if minutes == 0:
        apart = entry
    else:
        apart = _rest_of(entry, minutes)
        entry.minutes = minutes
        entry.ended_at = apart.started_at or entry.ended_at
        entry.save()
        record(
            [entry],
            EntryEvent.Kind.CORRECTED,
            by=None,
            at=at,
            reason=reason,
            changes={"minutes": [before["minutes"], minutes]},
        )
    apart.billing_kind, apart.non_billable_reason = BillingKind.NON_BILLABLE, reason[:200]
    apart.save()
    kind = EntryEvent.Kind.CORRECTED if apart is entry else EntryEvent.Kind.BOOKED
    changes = {"billing_kind": [before["billing_kind"], apart.billing_kind]}
    record([apart], kind, by=None, at=at, reason=reason, changes=changes)
    return apart


def _rest_of(entry: TimeEntry, minutes: int) -> TimeEntry:
    """A new entry, not stored yet, for what comes after the first `minutes`."""
    cut = entry.started_at + timedelta(minutes=minutes) if entry.started_at else None
    return TimeEntry(
        ticket_id=entry.ticket_id,
        agent_id=entry.agent_id,
        activity_id=entry.activity_id,
        work_date=entry.work_date,
        started_at=cut,
        ended_at=entry.ended_at if cut else None,
        minutes=entry.minutes - minutes,
        note=entry.note,
        note_visibility=entry.note_visibility,
        state=entry.state,
        approved_at=entry.approved_at,
        overlap_confirmed=entry.overlap_confirmed,
        created_at=entry.created_at,
    )
