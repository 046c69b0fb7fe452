"""Time booked on tickets."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.tickets import actions as tickets
from itil.tickets.models import EventKind, Ticket
from itil.timesheets import actions as timesheets
from itil.timesheets.models import Activity, TimeEntry, Timer
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
    billing_kind: str | None = None,
    note: str = "",
    at: datetime | None = None,
) -> TimeEntry:
    """Book `minutes` of own work on `work_date`, a date in the business time zone."""
    at = at or timezone.now()
    ensure(permissions.may_log_time(by, ticket), _("You cannot book time on this ticket."))
    entry = timesheets.add_entry(
        ticket,
        agent=by,
        activity=activity,
        minutes=minutes,
        work_date=work_date,
        billing_kind=billing_kind,
        note=note,
        at=at,
    )
    _tell(ticket, entry, by=by, at=at)
    return entry


@transaction.atomic
def start_timer(
    ticket: Ticket, *, by: User, activity: Activity | None = None, at: datetime | None = None
) -> Timer:
    """Start measuring; a timer running on another ticket is stopped and booked first."""
    at = at or timezone.now()
    ensure(permissions.may_log_time(by, ticket), _("You cannot book time on this ticket."))
    timer, booked = timesheets.start(ticket, agent=by, activity=activity, at=at)
    for entry in booked:
        _tell(entry.ticket, entry, by=by, at=at)
    return timer


@transaction.atomic
def stop_timer(
    *,
    by: User,
    note: str = "",
    activity: Activity | None = None,
    billing_kind: str | None = None,
    minutes: int | None = None,
    at: datetime | None = None,
) -> list[TimeEntry]:
    """Stop one's timer and book it; [] when none runs. Split at midnight, so more than one."""
    at = at or timezone.now()
    booked = timesheets.stop(
        agent=by, at=at, note=note, activity=activity, billing_kind=billing_kind, minutes=minutes
    )
    for entry in booked:
        _tell(entry.ticket, entry, by=by, at=at)
    return booked


def _tell(ticket: Ticket, entry: TimeEntry, *, by: User, at: datetime) -> None:
    tickets.record(
        ticket,
        EventKind.TIME_LOGGED,
        by=by,
        at=at,
        data={"entry": entry.pk, "minutes": entry.minutes},
    )
