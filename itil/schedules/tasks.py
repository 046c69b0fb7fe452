"""What the worker does with schedules; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def open_due() -> int:
    """Open what schedules have come due for."""
    return actions.open_due(timezone.now())
