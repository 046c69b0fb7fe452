"""What the worker does with tickets of all types; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def resume_scheduled() -> int:
    """End waits whose agreed time has come."""
    return actions.resume_scheduled(timezone.now())
