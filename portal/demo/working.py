"""When the agents of the demo company work on tickets, and when they are away."""

from datetime import date, timedelta

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.timesheets.models import Absence, WorkingHours

from .company import Company

# What is kept free for tickets on every weekday from nine o'clock on, in minutes.
OPENS = 9 * 60
SHIFTS = {"Ticket shift, long": 90, "Ticket shift": 60, "Ticket shift, short": 30}
LONG, USUAL, SHORT = SHIFTS
# Who has another shift than the usual one.
OTHERS = {"Kenji Mori": LONG, "Dewi Lestari": LONG, "Pavel Sokolov": SHORT, "Sanne de Wit": SHORT}
# Away: who, from how many days ago, for how many days.
AWAY = (("Lin Yi-ting", 38, 5), ("Tom Ekberg", 18, 3), ("Kenji Mori", -10, 12))


def make_working_hours(company: Company, first_day: date, today: date) -> None:
    """Every agent has a shift from `first_day` on; some were or will be away around `today`."""
    calendars = {name: _calendar(name) for name in SHIFTS}
    people = {agent.name: agent for agents in company.agents.values() for agent in agents}
    WorkingHours.objects.bulk_create(
        WorkingHours(person=agent, calendar=calendars[OTHERS.get(name, USUAL)], since=first_day)
        for name, agent in people.items()
    )
    for name, ago, days in AWAY:
        first = today - timedelta(days=ago)
        Absence.objects.create(
            person=people[name], first_on=first, last_on=first + timedelta(days=days - 1)
        )


def _calendar(name: str) -> BusinessCalendar:
    calendar = BusinessCalendar.objects.create(
        name=name, time_zone="Europe/Amsterdam", holiday_country="NL"
    )
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=calendar, weekday=day, opens=OPENS, closes=OPENS + SHIFTS[name])
        for day in range(5)
    )
    return calendar
