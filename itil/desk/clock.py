"""How long questions have waited for their requester, in business days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from itil.calendars.hours import SAME_TIME, NeverOpenError, Schedule, Week, business_days
from itil.calendars.models import BusinessCalendar
from itil.sla.models import Agreement, Metric, SlaClock
from itil.tickets.lifecycle import Phase
from itil.tickets.querysets import TicketQuerySet

# The reason that all types share whose requesters are asked (domain 2.1, 2.2).
AWAITING_REQUESTER = "awaiting_requester"


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
    """The questions about `tickets` asked before an instant, the oldest first. Four queries.

    The hours are those of the agreement by which the resolution or the delivery is measured, else
    of the default agreement, else weekdays.
    """
    asked = tickets.filter(
        phase=Phase.WAITING, hold_reason=AWAITING_REQUESTER, on_hold_since__lt=before
    )
    metrics = (Metric.RESOLUTION, Metric.FULFILMENT)
    measured = SlaClock.objects.live().with_customers().filter(metric__in=metrics)
    calendar_of = dict(
        measured.filter(ticket__in=asked.values("pk")).values_list(
            "ticket_id", "agreement__calendar_id"
        )
    )
    default = Agreement.objects.filter(
        kind=Agreement.Kind.SLA, is_default=True, active=True
    ).values_list("calendar_id", flat=True)
    usual = default.first()
    calendars = BusinessCalendar.objects.in_bulk({*calendar_of.values(), usual} - {None})
    for pk, since in asked.order_by("on_hold_since", "pk").values_list("pk", "on_hold_since"):
        calendar = calendars.get(calendar_of.get(pk, usual))
        yield Wait(pk, since, calendar.schedule() if calendar else weekdays())


def at_least(days: int) -> timedelta:
    """What `days` business days last at the least: closing may be earlier on the last one."""
    return timedelta(days=days - 1)
