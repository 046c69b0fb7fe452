"""Background work of the mail channel."""

from django_tasks import task

from . import actions
from .models import Mailbox


@task()
def poll_mailboxes() -> int:
    """Read every active mailbox in order, and what was piped in and left by a crash."""
    done = actions.process_waiting()
    for mailbox in Mailbox.objects.active():
        done += actions.poll(mailbox)
    return done
