"""Time that is being measured."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from itil.timesheets.hours import FORGOTTEN_AFTER
from itil.timesheets.querysets import TimerQuerySet
from portal.people.models import User

from .activity import Activity


class Timer(models.Model):
    """Work of one person on one ticket that is being measured; one of them runs, others pause
    (`BIL-2`). What was measured before a pause are its stretches.
    """

    agent = models.ForeignKey(User, models.CASCADE, related_name="timers")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="timers")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    # Empty while it pauses.
    running_since = models.DateTimeField(null=True, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        ordering = ["agent", "pk"]
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [
            models.UniqueConstraint(
                fields=["agent"],
                condition=models.Q(running_since__isnull=False),
                name="timer_runs_once_per_person",
            ),
            models.UniqueConstraint(fields=["agent", "ticket"], name="timer_once_per_ticket"),
        ]

    def __str__(self):
        return f"{self.agent_id} on {self.ticket_id}"

    @property
    def is_running(self) -> bool:
        return self.running_since is not None

    def is_forgotten(self, at: datetime) -> bool:
        """It has run for so long that nobody believes it."""
        return self.running_since is not None and at - self.running_since > FORGOTTEN_AFTER

    def seconds(self, at: datetime) -> int:
        """Real seconds measured up to `at`, without the pauses. Reads the stretches."""
        parts = [(one.started_at, one.ended_at) for one in self.stretches.all()]
        if self.running_since is not None:
            parts.append((self.running_since, max(at, self.running_since)))
        return sum(int((end - begin).total_seconds()) for begin, end in parts)


class TimerStretch(models.Model):
    """[started_at, ended_at) was worked; then the timer paused."""

    timer = models.ForeignKey(Timer, models.CASCADE, related_name="stretches")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")),
                name="stretch_ends_after_start",
            )
        ]

    def __str__(self):
        return f"{self.started_at:%H:%M} – {self.ended_at:%H:%M}"
