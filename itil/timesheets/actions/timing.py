"""The timers of a person: one runs, others pause (`BIL-2`)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket
from itil.timesheets.hours import business_date, split_at_midnight, whole_minutes
from itil.timesheets.models import Activity, NoteVisibility, TimeEntry, Timer, TimerStretch
from portal.people.models import User

from .booking import add_entry


@transaction.atomic
def start(
    ticket: Ticket, *, agent: User, activity: Activity | None, at: datetime
) -> tuple[Timer, list[TimeEntry]]:
    """Let the timer of `agent` run on `ticket`; one that runs elsewhere is stopped and booked.

    One that pauses on this ticket goes on. Returns the timer and the entries of the one that was
    stopped.
    """
    _one_at_a_time(agent)
    running = Timer.objects.select_for_update().running().filter(agent=agent).first()
    if running and running.ticket_id == ticket.pk:
        return running, []
    booked: list[TimeEntry] = []
    if running:
        booked = _book(running, at=at, note=_("Timer stopped when the next one was started"))
    timer, made = Timer.objects.get_or_create(
        agent=agent,
        ticket_id=ticket.pk,
        defaults={"activity": activity, "started_at": at, "running_since": at},
    )
    if not made:
        timer.activity = activity or timer.activity
        timer.running_since = at
        timer.save(update_fields=["activity", "running_since"])
    return timer, booked


@transaction.atomic
def pause(*, agent: User, at: datetime) -> Timer | None:
    """Hold the running timer: what was measured is kept and booked when it is stopped.

    None when none runs. A forgotten one is asked about first, by `stop`.
    """
    _one_at_a_time(agent)
    timer: Timer | None = Timer.objects.select_for_update().running().filter(agent=agent).first()
    if timer is None or timer.running_since is None:
        return None
    if timer.is_forgotten(at):
        raise _how_long()
    TimerStretch.objects.create(
        timer=timer, started_at=timer.running_since, ended_at=max(at, timer.running_since)
    )
    timer.running_since = None
    timer.save(update_fields=["running_since"])
    return timer


@transaction.atomic
def resume(ticket: Ticket, *, agent: User, at: datetime) -> tuple[Timer, list[TimeEntry]]:
    """Let a timer that pauses go on, as `start`. Raises Refused when there is none."""
    if not Timer.objects.filter(agent=agent, ticket_id=ticket.pk).exists():
        raise Refused(_("No timer of yours pauses on %(number)s.") % {"number": ticket.number})
    return start(ticket, agent=agent, activity=None, at=at)


@transaction.atomic
def stop(
    *,
    agent: User,
    at: datetime,
    ticket: Ticket | None = None,
    note: str = "",
    note_visibility: str = NoteVisibility.INTERNAL,
    activity: Activity | None = None,
    billing_kind: str | None = None,
    minutes: int | None = None,
    overlap_confirmed: bool = False,
) -> list[TimeEntry]:
    """Stop the running timer, or the one on `ticket`, and book it; [] when there is none.

    One entry for each stretch between pauses and each local day. `minutes` replaces what was
    measured; it is required once the timer has run over ten hours.
    """
    _one_at_a_time(agent)
    timers = Timer.objects.select_for_update().filter(agent=agent)
    timers = timers.filter(ticket_id=ticket.pk) if ticket else timers.running()
    timer = timers.first()
    if timer is None:
        return []
    return _book(
        timer,
        at=at,
        note=note,
        note_visibility=note_visibility,
        activity=activity,
        billing_kind=billing_kind,
        minutes=minutes,
        overlap_confirmed=overlap_confirmed,
    )


@transaction.atomic
def discard(ticket: Ticket, *, agent: User) -> bool:
    """Throw away what the timer on `ticket` measured; False when there was none."""
    _one_at_a_time(agent)
    return bool(Timer.objects.filter(agent=agent, ticket_id=ticket.pk).delete()[0])


def _one_at_a_time(agent: User) -> None:
    # A double click makes two of these at once: the second waits and finds what the first left.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=agent.pk)


def _how_long() -> MissingValue:
    return MissingValue(
        "minutes",
        _("The timer has run for more than ten hours. Enter the minutes you worked."),
    )


def _book(
    timer: Timer,
    *,
    at: datetime,
    note: str = "",
    note_visibility: str = NoteVisibility.INTERNAL,
    activity: Activity | None = None,
    billing_kind: str | None = None,
    minutes: int | None = None,
    overlap_confirmed: bool = False,
) -> list[TimeEntry]:
    if minutes is None and timer.is_forgotten(at):
        raise _how_long()
    activity = activity or timer.activity or Activity.objects.filter(active=True).first()
    if activity is None:
        raise Refused(_("No activity is set up yet. Ask an administrator to add one."))
    parts: list[tuple[datetime, datetime | None, int]]
    if minutes is not None:
        parts = [(timer.started_at, None, minutes)]
    else:
        parts = [
            (begin, end, whole_minutes(begin, end))
            for first, last in _stretches(timer, at)
            for begin, end in split_at_midnight(first, last)
        ]
    ticket, agent = timer.ticket, timer.agent
    timer.delete()
    return [
        add_entry(
            ticket,
            agent=agent,
            activity=activity,
            minutes=part,
            work_date=business_date(begin),
            billing_kind=billing_kind,
            note=note,
            note_visibility=note_visibility,
            started_at=begin,
            ended_at=end,
            overlap_confirmed=overlap_confirmed,
            at=at,
        )
        for begin, end, part in parts
    ]


def _stretches(timer: Timer, at: datetime) -> list[tuple[datetime, datetime]]:
    parts = [(one.started_at, one.ended_at) for one in timer.stretches.all()]
    if timer.running_since is not None:
        parts.append((timer.running_since, max(at, timer.running_since)))
    return parts
