"""How long a person is to work."""

from collections.abc import Sequence
from datetime import date

from itil.calendars.hours import openings_on
from portal.people.models import User

from .models import WorkingHours


def targets_of(person: User, days: Sequence[date]) -> list[int | None]:
    """Minutes that `person` is to work on each of `days`, by the working hours in force that day;
    None where nobody has said. Real minutes: a shift through the night of a clock change is as
    long as it is. One query, and one for a calendar that this process has not used yet.
    """
    rows = list(WorkingHours.objects.until(person, max(days)))
    found: list[int | None] = []
    for day in days:
        calendar = next((row.calendar for row in reversed(rows) if row.since <= day), None)
        if calendar is None:
            found.append(None)
            continue
        seconds = sum(
            (end - start).total_seconds() for start, end in openings_on(calendar.schedule(), day)
        )
        found.append(int(seconds) // 60)
    return found
