"""What the worker does with tasks as time passes; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def tell_late() -> int:
    """Tell of tasks that were not done when they were due."""
    return actions.tell_late(timezone.now())
