"""Business time on tickets: of questions that wait for their requester, and after reopenings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from itil.calendars.hours import SAME_TIME, NeverOpenError, Schedule, Week, add, business_days
from itil.calendars.models import BusinessCalendar
from itil.sla.models import Agreement, Metric, SlaClock
from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Mark, Phase
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from itil.tickets.querysets import TicketQuerySet

# The reason that all types share whose requesters are asked (domain 2.1, 2.2).
AWAITING_REQUESTER = "awaiting_requester"
# Who resolves a ticket again within so much business time may call its reopening a courtesy.
COURTESY = timedelta(hours=1)


@dataclass(frozen=True)
class Wait:
    """One question without an answer: of which ticket, since when, by which opening hours."""

    ticket: int
    since: datetime
    schedule: Schedule

    def after(self, days: int) -> datetime:
        """When it has waited `days` business days: at the same time of day (`SLA-26`)."""
        try:
            return business_days(self.schedule, self.since, days, SAME_TIME)
        except NeverOpenError:
            return business_days(weekdays(), self.since, days, SAME_TIME)


def weekdays() -> Schedule:
    """Monday to Friday around the clock, where no agreement says otherwise."""
    whole_days = tuple((weekday, 0, 24 * 60) for weekday in range(5))
    return Schedule(zone=settings.BUSINESS_TIME_ZONE, weeks=(Week(whole_days),))


def unanswered(tickets: TicketQuerySet, before: datetime) -> Iterator[Wait]:
    """The questions about `tickets` asked before an instant, the oldest first. Four queries."""
    asked = tickets.filter(
        phase=Phase.WAITING, hold_reason=AWAITING_REQUESTER, on_hold_since__lt=before
    )
    schedules = _schedules(asked)
    for pk, since in asked.order_by("on_hold_since", "pk").values_list("pk", "on_hold_since"):
        yield Wait(pk, since, schedules(pk))


def courtesy_until(ticket: Ticket) -> datetime | None:
    """Until when who resolves `ticket` again may call its last reopening a courtesy (`INC-3`).

    None of what is not open again, or was reopened by somebody else than its requester's side: by
    the button or by a message, such as a word of thanks. Five queries at most.
    """
    if not ticket.is_open or ticket.reopened_at is None:
        return None
    reopenings = TicketEvent.objects.filter(
        ticket=ticket.pk, kind=EventKind.MOVED, data__marks=Mark.REOPENED
    )
    last = reopenings.order_by("at", "pk").last()
    if last is None or not _was_answer(last):
        return None
    try:
        schedule = _schedules(Ticket.objects.filter(pk=ticket.pk))(ticket.pk)
        return add(schedule, last.at, int(COURTESY.total_seconds()))
    except NeverOpenError:
        return add(weekdays(), last.at, int(COURTESY.total_seconds()))


def ensure_courtesy(ticket: Ticket, values: Mapping[str, Any]) -> None:
    """Raises Refused when a resolution with `values`, at their moment `at`, says that the
    reopening before it was a courtesy and that cannot be said (`INC-3`)."""
    if not values.get("courtesy"):
        return
    until = courtesy_until(ticket)
    if until is None or values["at"] > until:
        raise Refused(
            _(
                "%(number)s was not reopened by its requester within the last business hour, so "
                "the reopening counts. Take the tick from “A courtesy” away."
            )
            % {"number": ticket.number}
        )


def _was_answer(reopening: TicketEvent) -> bool:
    """Whether the requester's side did it; a message of theirs makes the system do it, over the
    channel that it came by."""
    # Imported histories do not say who it was.
    side = reopening.data.get("side")
    return side == "requester" or (side == "system" and reopening.channel != Channel.SYSTEM)


def _schedules(tickets: TicketQuerySet) -> Callable[[int], Schedule]:
    """The hours of each of `tickets`, by primary key: those of the agreement by which the
    resolution or the delivery is measured, else of the default agreement, else weekdays. Three
    queries."""
    metrics = (Metric.RESOLUTION, Metric.FULFILMENT)
    measured = SlaClock.objects.live().with_customers().filter(metric__in=metrics)
    calendar_of = dict(
        measured.filter(ticket__in=tickets.values("pk")).values_list(
            "ticket_id", "agreement__calendar_id"
        )
    )
    default = Agreement.objects.filter(
        kind=Agreement.Kind.SLA, is_default=True, active=True
    ).values_list("calendar_id", flat=True)
    usual = default.first()
    calendars = BusinessCalendar.objects.in_bulk({*calendar_of.values(), usual} - {None})

    def schedule_of(pk: int) -> Schedule:
        calendar = calendars.get(calendar_of.get(pk, usual))
        return calendar.schedule() if calendar else weekdays()

    return schedule_of


def at_least(days: int) -> timedelta:
    """What `days` business days last at the least: closing may be earlier on the last one."""
    return timedelta(days=days - 1)
