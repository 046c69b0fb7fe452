"""Clock work that runs off the request."""

from django.utils import timezone
from django_tasks import task

from .actions import rechoose, recount, tick


@task()
def tick_clocks() -> dict[str, int]:
    """Notice missed, endangered and escalating clocks; apply edited calendars and agreements."""
    now = timezone.now()
    return tick(now) | {"recounted": recount(now), "rechosen": rechoose(now)}
