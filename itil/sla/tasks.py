"""Clock work that runs off the request."""

from django.utils import timezone
from django_tasks import task

from .actions import recount, tick


@task()
def tick_clocks() -> dict[str, int]:
    """Notice missed and endangered clocks, then recompute those whose calendar was edited."""
    return tick(timezone.now()) | {"recounted": recount()}
