"""Recording work: entries and the one running timer of each person."""

import zoneinfo
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket
from portal.people.models import User

from .models import Activity, BillingKind, EntryState, TimeEntry, Timer

# A timer that ran longer was forgotten: it is not booked without a question (`BIL-2`).
FORGOTTEN_AFTER = timedelta(hours=10)


def business_zone() -> zoneinfo.ZoneInfo:
    """The zone whose dates decide the day and month of work."""
    return zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE)


def add_entry(
    ticket: Ticket,
    *,
    agent: User,
    activity: Activity,
    minutes: int,
    work_date: date,
    billing_kind: str | None = None,
    note: str = "",
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    at: datetime | None = None,
) -> TimeEntry:
    """Record `minutes` of work on `work_date` (a date in the business zone).

    Raises MissingValue for minutes outside a day and for dates in the future.
    """
    at = at or timezone.now()
    if not 1 <= minutes <= 24 * 60:
        raise MissingValue("minutes", _("Enter between 1 minute and 24 hours."))
    if work_date > at.astimezone(business_zone()).date():
        raise MissingValue("work_date", _("Choose today or an earlier date."))
    kind = billing_kind or (BillingKind.BILLABLE if activity.billable else BillingKind.NON_BILLABLE)
    return TimeEntry.objects.create(
        ticket_id=ticket.pk,
        agent=agent,
        activity=activity,
        work_date=work_date,
        started_at=started_at,
        ended_at=ended_at,
        minutes=minutes,
        note=note.strip()[:500],
        billing_kind=kind,
        created_at=at,
    )


@transaction.atomic
def start(
    ticket: Ticket, *, agent: User, activity: Activity | None, at: datetime
) -> tuple[Timer, list[TimeEntry]]:
    """Start the timer of `agent` on `ticket`; one that runs elsewhere is stopped and booked first.

    Returns the timer and the entries of the one that was stopped.
    """
    # A double click makes two of these at once: the second waits and finds the timer of the first.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=agent.pk)
    running = Timer.objects.select_for_update().filter(agent=agent).first()
    if running and running.ticket_id == ticket.pk:
        return running, []
    booked = stop(agent=agent, at=at, note=_("Timer stopped when the next one was started"))
    timer = Timer.objects.create(agent=agent, ticket_id=ticket.pk, activity=activity, started_at=at)
    return timer, booked


@transaction.atomic
def stop(
    *,
    agent: User,
    at: datetime,
    note: str = "",
    activity: Activity | None = None,
    billing_kind: str | None = None,
    minutes: int | None = None,
) -> list[TimeEntry]:
    """Stop the running timer and book it, split at local midnight; [] when none runs (`BIL-2`).

    `minutes` replaces the measured time; it is required once the timer has run over ten hours.
    """
    timer = Timer.objects.select_for_update().filter(agent=agent).first()
    if timer is None:
        return []
    if minutes is None and at - timer.started_at > FORGOTTEN_AFTER:
        raise MissingValue(
            "minutes",
            _("The timer has run for more than ten hours. Enter the minutes you worked."),
        )
    activity = activity or timer.activity or Activity.objects.filter(active=True).first()
    if activity is None:
        raise Refused(_("No activity is set up yet. Ask an administrator to add one."))
    ticket = timer.ticket
    parts: list[tuple[datetime, datetime | None, int]]
    if minutes is not None:
        parts = [(timer.started_at, None, minutes)]
    else:
        parts = [
            (begin, end, max(1, int((end - begin).total_seconds()) // 60))
            for begin, end in split_at_midnight(timer.started_at, at)
        ]
    timer.delete()
    return [
        add_entry(
            ticket,
            agent=agent,
            activity=activity,
            minutes=part,
            work_date=begin.astimezone(business_zone()).date(),
            billing_kind=billing_kind,
            note=note,
            started_at=begin,
            ended_at=end,
            at=at,
        )
        for begin, end, part in parts
    ]


def split_at_midnight(begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """[begin, end) cut at each midnight of the business zone, so that no part spans two days."""
    zone = business_zone()
    parts: list[tuple[datetime, datetime]] = []
    while True:
        tomorrow = begin.astimezone(zone).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time.min, tzinfo=zone).astimezone(begin.tzinfo)
        if midnight >= end:
            return [*parts, (begin, end)]
        parts.append((begin, midnight))
        begin = midnight


def mark_invoiced(entries: Iterable[TimeEntry]) -> int:
    """Lock entries that stand on an issued invoice; returns how many changed."""
    return TimeEntry.objects.filter(
        pk__in=[entry.pk for entry in entries], state=EntryState.APPROVED
    ).update(state=EntryState.INVOICED)
