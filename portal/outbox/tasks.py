"""The sweep that empties the outbox."""

from django.utils import timezone
from django_tasks import task

from .actions import send_due


@task()
def send_due_mail():
    """Send the mail that is due (`MAI-14`)."""
    send_due(timezone.now())
