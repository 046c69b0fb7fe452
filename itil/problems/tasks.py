"""What the worker does with problems; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from . import actions


@task()
def post_workarounds() -> int:
    """Tell published workarounds on the incidents that they are for."""
    return actions.post_pending(timezone.now())


@task()
def close_verified() -> int:
    """Close fixed problems that have proved themselves."""
    return actions.close_verified(timezone.now())


@task()
def remind_of_reviews() -> int:
    """Remind of accepted risks that are to be looked at again."""
    return actions.remind_of_reviews(timezone.now())


@task()
def find_candidates() -> int:
    """Look for clusters of similar incidents."""
    return actions.find_candidates(timezone.now())
