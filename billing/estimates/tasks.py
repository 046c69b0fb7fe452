"""What the worker does with estimates."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def expire_due() -> int:
    """End estimates that nobody answered in time."""
    return actions.expire_due(timezone.now())


@task()
def watch_accepted() -> int:
    """Charge what is done; warn before accepted hours or amounts run out."""
    actions.charge_finished(timezone.now())
    return actions.watch(timezone.now())
