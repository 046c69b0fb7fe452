"""What the worker does with orders as time passes; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions
from .actions.reminding import remind_unanswered as remind_about_orders


@task()
def close_delivered() -> int:
    """Close delivered requests that nobody disputed."""
    return actions.close_delivered(timezone.now())


@task()
def remind_unanswered() -> int:
    """Remind requesters who have not answered a question about their order."""
    return remind_about_orders(timezone.now())


@task()
def count_deliveries() -> int:
    """Count what the deliveries of the last 90 days were like."""
    return actions.count_deliveries(timezone.now())


@task()
def prune_drafts() -> int:
    """Throw away drafts that are of no use any more."""
    return actions.prune_drafts(timezone.now())
