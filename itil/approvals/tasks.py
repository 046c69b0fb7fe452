"""What the worker does with approvals as time passes; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def remind_and_time_out() -> int:
    """Remind approvers, and end what nobody decided in time."""
    return actions.remind_and_time_out(timezone.now())


@task()
def settle_decided() -> int:
    """Let decisions count that can no longer be taken back."""
    return actions.settle_decided(timezone.now())


@task()
def replace_leavers() -> int:
    """Ask others in the place of approvers who left."""
    return actions.replace_leavers(timezone.now())
