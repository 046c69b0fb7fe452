"""What the form of a schedule sends, and where to."""

from django.urls import reverse
from django.utils import timezone


def url_of(name, schedule):
    return reverse(f"schedules:{name}", args=[schedule.pk])


def posted(cast, **changes):
    """What the form sends: a check every Friday at 08:00."""
    today = timezone.localdate()
    return {
        "title": "Check on Fridays",
        "frequency": "WEEKLY",
        "every": "1",
        "weekdays": ["4"],
        "within": "day",
        "at_time": "08:00",
        "time_zone": "Europe/Berlin",
        "first_on": today.isoformat(),
        "off_days": "open",
        "missed": "latest",
        "grace_hours": "4",
        "owner": cast.cleo.pk,
        "opens_title": "Check the server room",
        "opens_text": "Look at the lights.",
        "opens_team": cast.desk_team.pk,
        "opens_impact": "3",
        "opens_urgency": "2",
    } | changes


NEW = "/desk/schedules/new/check/"
