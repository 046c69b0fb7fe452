"""Interim ways around a problem, version by version, and on which incidents each was told."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from portal.people.models import User

from .problem import Problem


class Workaround(models.Model):
    """One version of the text. It is never edited: another text is another version (`PRB-2`)."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="workarounds")
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("workaround"))
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Empty until it was published for the first time.
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        verbose_name = _("workaround")
        constraints = [
            models.UniqueConstraint(fields=["problem", "version"], name="workaround_version_once")
        ]

    def __str__(self):
        return self.text[:80]


class WorkaroundPost(models.Model):
    """A version is to be told on an incident, or was; once, however often the job runs."""

    workaround = models.ForeignKey(Workaround, models.CASCADE, related_name="posts")
    incident = models.ForeignKey(Ticket, models.CASCADE, related_name="workaround_posts")
    # The requester reads it; else it is a note.
    is_public = models.BooleanField()
    # What waits for the problem goes on.
    resumes = models.BooleanField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)
    # It was over before its turn came.
    is_skipped = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("told workaround")
        constraints = [
            models.UniqueConstraint(fields=["workaround", "incident"], name="workaround_told_once")
        ]
        indexes = [
            # What the job has still to do.
            models.Index(
                fields=["id"],
                condition=models.Q(posted_at__isnull=True, is_skipped=False),
                name="workaround_post_waiting",
            )
        ]

    def __str__(self):
        return f"{self.workaround_id} on {self.incident_id}"
