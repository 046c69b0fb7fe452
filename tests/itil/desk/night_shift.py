"""One story with everything that moves a deadline, told through the verbs of the desk.

A desk that works at night, from 22:00 to 06:00 in Berlin. The report comes in before it opens; the
clocks go forward in the second night; it waits three times; the priority is raised; the shift of
Good Friday is off.
"""

from datetime import date

import time_machine

from itil.calendars.models import BusinessCalendar, CalendarDay, WeeklyOpening
from itil.sla import actions as sla
from itil.sla.models import Agreement, EscalationStep, ServiceTarget
from tests.cast import HOUR, Cast
from tests.itil.calendars.calendars import at
from tests.itil.sla.stored import Verbs, opened

RECEIVED = at(3, 27, 21, 10)
# The desk is closed, and goes on in the evening.
NOW = at(4, 3, 12)
DUE = at(4, 4, 23, 15)

HAPPENED = [
    (at(3, 27, 22, 20), "take"),
    (at(3, 28, 0, 30), "hold"),
    (at(3, 28, 23, 15), "comment"),
    (at(3, 30, 1), "hold", "scheduled"),
    (at(3, 31, 23), "resume"),
    (at(4, 1, 23, 30), "prioritize", 1),
    (at(4, 1, 23, 31), "tick"),
    (at(4, 2, 2), "hold"),
    (at(4, 2, 23, 30), "comment"),
    (at(4, 2, 23, 45), "tick"),
    (at(4, 3, 4, 15), "tick"),
]


def night_desk() -> BusinessCalendar:
    """Every night from 22:00 to 06:00 in Berlin, Good Friday off."""
    calendar = BusinessCalendar.objects.create(name="Night desk", time_zone="Europe/Berlin")
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=calendar, weekday=day, opens=22 * 60, closes=6 * 60)
        for day in range(7)
    )
    CalendarDay.objects.create(
        calendar=calendar, on=date(2026, 4, 3), kind="holiday", name="Good Friday"
    )
    return calendar


def night_agreement(cast: Cast) -> Agreement:
    """Acme's nights: 40 hours at P3, 30 hours at P1, steps at 50, 75 and 90 percent."""
    agreement = Agreement.objects.create(
        name="Acme nights", calendar=night_desk(), organization=cast.acme
    )
    for priority, hours in {1: 30, 3: 40}.items():
        ServiceTarget.objects.create(
            agreement=agreement, metric="resolution", priority=priority, seconds=hours * HOUR
        )
    for percent, action in ((50, "notify_assignee"), (75, "notify_lead"), (90, "notify_manager")):
        EscalationStep.objects.create(agreement=agreement, percent=percent, action=action)
    return agreement


class Shift(Verbs):
    """The verbs, and the worker's turn."""

    def tick(self, when):
        sla.tick(when)


def tell(cast: Cast, *more, until=NOW):
    """The ticket after everything that happened up to `until`, and `more`."""
    night_agreement(cast)
    ticket = opened(cast, RECEIVED)
    shift = Shift(cast, ticket)
    for when, verb, *rest in [*HAPPENED, *more]:
        if when > until:
            break
        with time_machine.travel(when, tick=False):
            shift.tick(when)
            getattr(shift, verb)(when, *rest)
    return ticket
