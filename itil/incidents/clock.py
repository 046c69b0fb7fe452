"""How long questions have waited for their requester, in business days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from itil.calendars.hours import SAME_TIME, NeverOpenError, Schedule, Week, business_days
from itil.calendars.models import BusinessCalendar
from itil.sla.models import Agreement, Metric, SlaClock

from .lifecycle import HoldReason, Status
from .models import Incident


@dataclass(frozen=True)
class Wait:
    """One question without an answer: which incident, since when, by which opening hours."""

    incident: int
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


def unanswered(before: datetime) -> Iterator[Wait]:
    """The questions asked before an instant, the oldest first. Four queries.

    The hours are those of the agreement by which the resolution is measured, else of the default
    agreement, else weekdays.
    """
    asked = Incident.objects.filter(
        status=Status.ON_HOLD,
        hold_reason=HoldReason.AWAITING_REQUESTER,
        on_hold_since__lt=before,
    )
    measured = SlaClock.objects.live().with_customers().filter(metric=Metric.RESOLUTION)
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
