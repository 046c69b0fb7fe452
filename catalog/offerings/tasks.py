"""The catalog's part of the schedule."""

from django_tasks import task

from . import actions


@task()
def publish_scheduled() -> None:
    """Scheduled pages go live and expired ones go away at their time."""
    actions.publish_scheduled()
