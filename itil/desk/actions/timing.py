"""Time booked on tickets, and its way to the invoice."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.tickets import actions as tickets
from itil.tickets.models import EventKind, Ticket
from itil.timesheets import actions as timesheets
from itil.timesheets import permissions as entries_of
from itil.timesheets.models import Activity, NoteVisibility, TimeEntry, Timer
from portal.people.models import User

from .changing import ensure


@transaction.atomic
def log_time(
    ticket: Ticket,
    *,
    by: User,
    minutes: int,
    activity: Activity,
    work_date: date,
    at: datetime | None = None,
    **details: Unpack[timesheets.Details],
) -> TimeEntry:
    """Book `minutes` of own work on `work_date`, a date in the business time zone."""
    at = at or timezone.now()
    _ensure_may_log(by, ticket)
    entry = timesheets.add_entry(
        ticket,
        agent=by,
        activity=activity,
        minutes=minutes,
        work_date=work_date,
        at=at,
        **details,
    )
    _tell([entry], by=by, at=at)
    return entry


@transaction.atomic
def log_span(
    ticket: Ticket,
    *,
    by: User,
    started_at: datetime,
    ended_at: datetime,
    activity: Activity,
    at: datetime | None = None,
    **details: Unpack[timesheets.Details],
) -> list[TimeEntry]:
    """Book own work from one instant until another; split at midnight, so maybe more than one."""
    at = at or timezone.now()
    _ensure_may_log(by, ticket)
    booked = timesheets.add_span(
        ticket,
        agent=by,
        activity=activity,
        started_at=started_at,
        ended_at=ended_at,
        at=at,
        **details,
    )
    _tell(booked, by=by, at=at)
    return booked


@transaction.atomic
def start_timer(
    ticket: Ticket, *, by: User, activity: Activity | None = None, at: datetime | None = None
) -> Timer:
    """Start measuring, or go on after a pause; a timer running on another ticket is stopped and
    booked first.
    """
    at = at or timezone.now()
    _ensure_may_log(by, ticket)
    timer, booked = timesheets.start(ticket, agent=by, activity=activity, at=at)
    _tell(booked, by=by, at=at)
    return timer


@transaction.atomic
def pause_timer(*, by: User, at: datetime | None = None) -> Timer | None:
    """Hold one's running timer; None when none runs."""
    return timesheets.pause(agent=by, at=at or timezone.now())


@transaction.atomic
def resume_timer(ticket: Ticket, *, by: User, at: datetime | None = None) -> Timer:
    """Let one's timer on `ticket` go on; one running elsewhere is stopped and booked first."""
    at = at or timezone.now()
    _ensure_may_log(by, ticket)
    timer, booked = timesheets.resume(ticket, agent=by, at=at)
    _tell(booked, by=by, at=at)
    return timer


@transaction.atomic
def stop_timer(
    *,
    by: User,
    ticket: Ticket | None = None,
    note: str = "",
    note_visibility: str = NoteVisibility.INTERNAL,
    activity: Activity | None = None,
    billing_kind: str | None = None,
    minutes: int | None = None,
    overlap_confirmed: bool = False,
    at: datetime | None = None,
) -> list[TimeEntry]:
    """Stop one's running timer, or the one on `ticket`, and book it; [] when there is none.

    Split at pauses and at midnight, so maybe more than one.
    """
    at = at or timezone.now()
    booked = timesheets.stop(
        agent=by,
        ticket=ticket,
        at=at,
        note=note,
        note_visibility=note_visibility,
        activity=activity,
        billing_kind=billing_kind,
        minutes=minutes,
        overlap_confirmed=overlap_confirmed,
    )
    _tell(booked, by=by, at=at)
    return booked


@transaction.atomic
def discard_timer(ticket: Ticket, *, by: User) -> bool:
    """Throw away what one's timer on `ticket` measured; False when there was none."""
    return timesheets.discard(ticket, agent=by)


@transaction.atomic
def correct_time(
    entry: TimeEntry,
    *,
    by: User,
    reason: str,
    changes: Mapping[str, Any],
    version: int | None = None,
    overlap_confirmed: bool = False,
    at: datetime | None = None,
) -> TimeEntry:
    """Correct what was booked; on another ticket only where one may book."""
    ensure(entries_of.may_correct(by, entry), _("You cannot correct this time."))
    ticket = changes.get("ticket")
    if ticket is not None and ticket.pk != entry.ticket_id:
        _ensure_may_log(by, ticket)
    return timesheets.correct(
        entry,
        by=by,
        reason=reason,
        changes=changes,
        version=version,
        overlap_confirmed=overlap_confirmed,
        at=at or timezone.now(),
    )


@transaction.atomic
def remove_time(entry: TimeEntry, *, by: User, reason: str, at: datetime | None = None) -> None:
    """Take out what was booked by mistake."""
    ensure(entries_of.may_correct(by, entry), _("You cannot remove this time."))
    timesheets.remove(entry, by=by, reason=reason, at=at or timezone.now())


@transaction.atomic
def submit_time(
    entries: Iterable[TimeEntry], *, by: User, at: datetime | None = None
) -> list[TimeEntry]:
    """Hand one's own time in for approval."""
    found = list(entries)
    ensure(
        all(entry.agent_id == by.pk for entry in found),
        _("Only who worked hands the time in."),
    )
    return timesheets.submit(found, by=by, at=at or timezone.now())


@transaction.atomic
def approve_time(
    entries: Iterable[TimeEntry], *, by: User, at: datetime | None = None
) -> list[TimeEntry]:
    """Let time of others be billed."""
    found = _decided(entries, by)
    return timesheets.approve(found, by=by, at=at or timezone.now())


@transaction.atomic
def reject_time(
    entries: Iterable[TimeEntry], *, by: User, reason: str, at: datetime | None = None
) -> list[TimeEntry]:
    """Give time back to who booked it, with the reason."""
    found = _decided(entries, by)
    return timesheets.reject(found, by=by, reason=reason, at=at or timezone.now())


@transaction.atomic
def reopen_time(
    entry: TimeEntry, *, by: User, reason: str, at: datetime | None = None
) -> list[TimeEntry]:
    """Make a draft of it again."""
    ensure(entries_of.may_reopen(by, entry), _("You cannot open this time again."))
    return timesheets.reopen([entry], by=by, reason=reason, at=at or timezone.now())


@transaction.atomic
def write_off_time(
    entry: TimeEntry, *, by: User, reason: str, at: datetime | None = None
) -> list[TimeEntry]:
    """Give up billing it."""
    ensure(entries_of.may_write_off(by, entry), _("You cannot write this time off."))
    return timesheets.write_off([entry], by=by, reason=reason, at=at or timezone.now())


def _ensure_may_log(by: User, ticket: Ticket) -> None:
    ensure(permissions.may_log_time(by, ticket), _("You cannot book time on this ticket."))


def _decided(entries: Iterable[TimeEntry], by: User) -> list[TimeEntry]:
    """Raises NotAllowed unless all of them are for this person to decide. One query."""
    found = list(entries)
    keys = {entry.pk for entry in found}
    allowed = TimeEntry.objects.filter(pk__in=keys).decided_by(by).count() if keys else 0
    ensure(
        entries_of.decides_time(by) and allowed == len(keys),
        _("Time is approved by the lead of the team, and never by who worked."),
    )
    return found


def _tell(entries: Iterable[TimeEntry], *, by: User, at: datetime) -> None:
    for entry in entries:
        tickets.record(
            entry.ticket,
            EventKind.TIME_LOGGED,
            by=by,
            at=at,
            data={"entry": entry.pk, "minutes": entry.minutes},
        )
