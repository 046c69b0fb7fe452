"""What the workers do for themselves."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus, task

from portal.outbox.actions import forget_sent

from .dispatch import dispatch_events, retry_reactions
from .models import Job, WorkerBeat


@task()
def dispatch():
    """Take what happened to the reactions, and try again what failed."""
    dispatch_events()
    retry_reactions(timezone.now())


@task()
def prune():
    """Forget finished work and lost workers after a day, failed work after two weeks, and mail
    some months after it was sent.
    """
    now = timezone.now()
    day_ago = now - timedelta(days=1)
    Job.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=day_ago).delete()
    Job.objects.filter(
        status=TaskResultStatus.FAILED, finished_at__lt=now - timedelta(days=14)
    ).delete()
    WorkerBeat.objects.filter(beat_at__lt=day_ago).delete()
    forget_sent(now - timedelta(days=settings.OUTGOING_MAIL_KEPT_DAYS))
