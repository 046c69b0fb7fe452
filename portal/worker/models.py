"""What the workers must remember: whose turn it is, who is alive, which reaction is still owed."""

import logging
from datetime import timedelta
from traceback import format_exception

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import retry

from itil.tickets.models import TicketEvent

from .retries import MAX_ATTEMPTS, wait_after
from .schedule import is_sweep

logger = logging.getLogger(__name__)


class PeriodicRun(models.Model):
    """When an entry of the schedule is due next. Moved on by compare-and-set: one starter a run."""

    name = models.CharField(primary_key=True, max_length=60)
    due_at = models.DateTimeField()
    # When it was last handed to the engine.
    started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("periodic run")

    def __str__(self):
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M:%S}"


class WorkerBeat(models.Model):
    """The sign of life of one worker process."""

    worker_id = models.CharField(primary_key=True, max_length=64)
    # The running system and its process numbers, see `heartbeat.this_place`; empty when unknown.
    place = models.CharField(max_length=120, blank=True)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at"]
        verbose_name = _("worker")

    def __str__(self):
        return f"{self.worker_id} {self.beat_at:%Y-%m-%d %H:%M:%S}"


class FailedReaction(models.Model):
    """A reaction to an event that raised an error and is tried again by the worker."""

    event = models.ForeignKey(TicketEvent, models.CASCADE, related_name="failed_reactions")
    # The name in dispatch.REACTIONS.
    reactor = models.CharField(max_length=60)
    error = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    # Empty: given up, kept for the administrator.
    next_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("failed reaction")
        verbose_name_plural = _("failed reactions")
        constraints = [
            models.UniqueConstraint(fields=["event", "reactor"], name="failed_reaction_once")
        ]
        indexes = [models.Index(fields=["next_at"], name="failed_reaction_next")]

    def __str__(self):
        return f"{self.reactor} {self.event_id}"

    @property
    def last_line(self) -> str:
        """What the error says, without the way to it."""
        return self.error.strip().rpartition("\n")[2]


class Job(DBTaskResult):
    """A queued task of the built-in engine, with the endings that the engine itself lacks.

    Each ending is written only when this attempt still owns the row: a worker that was thought
    lost and comes back cannot overwrite the attempt that took its place.
    """

    class Meta:
        proxy = True
        verbose_name = _("job")

    @property
    def attempts(self) -> int:
        return len(self.worker_ids)

    @property
    def attempts_allowed(self) -> int:
        """Errors end a sweep at once, because the next one comes anyway."""
        return 1 if is_sweep(self.task_path) else MAX_ATTEMPTS

    @retry()
    def set_successful(self, return_value):
        """End the attempt well. A sweep's row is removed, else the table would fill with them."""
        if is_sweep(self.task_path):
            self.status = TaskResultStatus.SUCCESSFUL
            self._own_row().delete()
            return
        self._end(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=timezone.now(),
            return_value=return_value,
            exception_class_path="",
            traceback="",
        )

    @retry()
    def set_failed(self, exc):
        """End the attempt with an error, or put the row back for a later attempt, in one write."""
        ending = {
            "exception_class_path": f"{type(exc).__module__}.{type(exc).__qualname__}",
            "traceback": "".join(format_exception(exc)),
        }
        now = timezone.now()
        if self.attempts < self.attempts_allowed:
            wait = wait_after(self.attempts)
            logger.warning("%s failed, again in %.0f s", self.task_path, wait, exc_info=exc)
            ending |= {
                "status": TaskResultStatus.READY,
                "started_at": None,
                "run_after": now + timedelta(seconds=wait),
            }
        else:
            ending |= {"status": TaskResultStatus.FAILED, "finished_at": now, "return_value": None}
        self._end(**ending)

    def put_back(self, error: str) -> bool:
        """Give the row of a lost worker to the next one; False when it has ended meanwhile.

        A task that takes every worker down with it is given up after `MAX_ATTEMPTS`.
        """
        if self.attempts >= MAX_ATTEMPTS:
            return self._end(
                status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback=error
            )
        return self._end(status=TaskResultStatus.READY, started_at=None)

    def _own_row(self):
        # The start is unique enough to name one attempt.
        return Job.objects.filter(
            pk=self.pk, status=TaskResultStatus.RUNNING, started_at=self.started_at
        )

    def _end(self, **fields) -> bool:
        ended = self._own_row().update(**fields) == 1
        for name, value in fields.items():
            setattr(self, name, value)
        return ended
