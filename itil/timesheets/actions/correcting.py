"""Correcting and removing what was booked, as long as it was not invoiced."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, MoveNotAllowed, Refused, StaleRecord
from itil.timesheets.hours import split_at_midnight, whole_minutes
from itil.timesheets.models import EntryEvent, EntryState, TimeEntry
from itil.timesheets.querysets import refuse_frozen
from portal.people.models import User

from .approver import approver
from .booking import ensure_sound, ensure_travel
from .history import record

FIELDS = (
    "ticket",
    "activity",
    "work_date",
    "started_at",
    "ended_at",
    "minutes",
    "kilometres",
    "note",
    "note_visibility",
    "billing_kind",
    "non_billable_reason",
)
# These change no price: an approval goes on holding.
WORDS = frozenset({"note", "note_visibility"})


@transaction.atomic
def correct(
    entry: TimeEntry,
    *,
    by: User,
    reason: str,
    changes: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
    overlap_confirmed: bool = False,
) -> TimeEntry:
    """Change `changes` (names of FIELDS) and keep before, after, who, when and why.

    What a person had approved waits for approval again; what a rule had approved is asked anew.
    From-to times set the minutes. Raises FrozenEntry once invoiced, MissingValue without a reason
    and for what does not fit, StaleRecord when `version` is not the present one.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise ValueError(f"not to be corrected: {sorted(unknown)}")
    present = locked(entry)
    if not reason.strip():
        raise MissingValue("reason", _("Say why it is corrected."))
    if version is not None and version != present.version:
        raise StaleRecord(_("Someone else changed this entry just now. Look at it again."))
    if not present.is_correctable:
        raise MoveNotAllowed(_("Time that was written off is not corrected any more."))
    told = _apply(present, changes)
    if not told:
        return present
    if set(told) & {"started_at", "ended_at", "minutes", "work_date"}:
        present.overlap_confirmed = overlap_confirmed
        ensure_sound(present, at=at)
    if set(told) & {"activity", "kilometres"} and present.kilometres is not None:
        ensure_travel(present)
    if not set(told) <= WORDS:
        _ask_again(present, told, at=at)
    present.version += 1
    present.save()
    record([present], EntryEvent.Kind.CORRECTED, by=by, at=at, reason=reason.strip(), changes=told)
    if not set(told) <= WORDS and present.state == EntryState.APPROVED:
        approver().booked([present], at=at)
    return present


def _apply(entry: TimeEntry, changes: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values on `entry`; returns each that differs as [before, after]."""
    before = {name: getattr(entry, name) for name in FIELDS}
    for name, value in changes.items():
        setattr(entry, name, value.strip() if isinstance(value, str) else value)
    begin, end = entry.started_at, entry.ended_at
    if ("started_at" in changes or "ended_at" in changes) and begin and end:
        if end <= begin:
            raise MissingValue("ended_at", _("Enter an end that is later than the start."))
        if len(split_at_midnight(begin, end)) > 1:
            raise MissingValue(
                "ended_at", _("End it at midnight, and book the time after it on the next day.")
            )
        entry.minutes = whole_minutes(begin, end)
    elif "minutes" in changes and changes["minutes"] != before["minutes"]:
        # Other minutes than those between the times: it is no longer known when it was.
        entry.started_at = entry.ended_at = None
    after = {name: getattr(entry, name) for name in FIELDS}
    return {
        name: [_plain(before[name]), _plain(after[name])]
        for name in FIELDS
        if before[name] != after[name]
    }


def _plain(value: Any) -> Any:
    """As the history keeps it: a record by its name, a day or an instant as ISO text."""
    if isinstance(value, Model):
        return getattr(value, "number", None) or str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date | datetime) else value


def _ask_again(entry: TimeEntry, told: dict[str, list[Any]], *, at: datetime) -> None:
    """The state after a correction that can change the price."""
    before = entry.state
    if entry.state == EntryState.REJECTED:
        entry.state = EntryState.DRAFT
        entry.state_reason = ""
    elif entry.state == EntryState.APPROVED:
        approver().loosened([entry], at=at)
        by_person = entry.approved_by_id is not None
        entry.approved_at = entry.approved_by = None
        entry.state = EntryState.SUBMITTED if by_person else approver().initial_state(entry)
        if entry.state == EntryState.APPROVED:
            entry.approved_at = at
    if entry.state != before:
        told["state"] = [str(before), str(entry.state)]


@transaction.atomic
def remove(entry: TimeEntry, *, by: User, reason: str, at: datetime) -> None:
    """Take an entry out that was a mistake; its history stays. Raises FrozenEntry once invoiced."""
    present = locked(entry)
    if not reason.strip():
        raise MissingValue("reason", _("Say why it is removed."))
    if not present.is_correctable:
        raise MoveNotAllowed(_("Time that was written off is kept as it is."))
    approver().loosened([present], at=at)
    changes = {name: [_plain(getattr(present, name)), None] for name in FIELDS}
    record([present], EntryEvent.Kind.REMOVED, by=by, at=at, reason=reason.strip(), changes=changes)
    try:
        present.delete()
    except ProtectedError as error:
        raise Refused(
            _("This time stands on a draft of an invoice. Correct it, or make it not billable.")
        ) from error


def locked(entry: TimeEntry) -> TimeEntry:
    """The present state of `entry`, its row locked until commit. Raises FrozenEntry."""
    found: TimeEntry | None = TimeEntry.objects.select_for_update().filter(pk=entry.pk).first()
    if found is None:
        raise Refused(_("This entry was removed in the meantime."))
    if found.state == EntryState.INVOICED:
        raise refuse_frozen()
    return found
