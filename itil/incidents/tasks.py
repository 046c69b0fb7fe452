"""What the worker does with incidents as time passes; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def close_resolved() -> int:
    """Close resolved incidents that nobody disputed."""
    return actions.close_resolved(timezone.now())


@task()
def remind_unanswered() -> int:
    """Remind requesters who have not answered a question."""
    return actions.remind_unanswered(timezone.now())


@task()
def resolve_unanswered() -> int:
    """Resolve incidents that waited for their requester too long."""
    return actions.resolve_unanswered(timezone.now())


@task()
def remind_of_updates() -> int:
    """Remind the owners of major incidents whose next update is due."""
    return actions.remind_of_updates(timezone.now())
