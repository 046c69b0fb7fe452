"""Where a problem may be: incidents that look alike."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem
from itil.problems.querysets import CandidateQuerySet
from itil.services.models import Service
from itil.tickets.models import Ticket
from portal.people.models import User

from .problem import Problem


class ProblemCandidate(models.Model):
    """A cluster of similar incidents that the job found; a person decides what becomes of it."""

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        # Its incidents are no cluster any more, or belong to a problem now.
        GONE = "gone", _("No longer found")
        TAKEN = "taken", _("Became a problem")
        DISMISSED = "dismissed", _("Dismissed")

    # What makes it the same cluster when it is found again.
    key = models.CharField(max_length=64, unique=True)
    words = models.CharField(_("what it is about"), max_length=250)
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    item = models.ForeignKey(
        ConfigurationItem, models.CASCADE, null=True, blank=True, related_name="+"
    )
    score = models.FloatField(_("score"))
    # The parts of the score, for the page that explains it.
    why = models.JSONField(default=dict)
    size = models.PositiveIntegerField(_("incidents"))
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("why not"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    problem = models.ForeignKey(
        Problem, models.SET_NULL, null=True, blank=True, related_name="candidates"
    )

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        indexes = [models.Index(fields=["state", "-score"], name="candidate_state_score")]

    def __str__(self):
        return self.words


class CandidateMember(models.Model):
    """One incident of a cluster, and how much it is like the middle of it (0 to 1)."""

    candidate = models.ForeignKey(ProblemCandidate, models.CASCADE, related_name="members")
    incident = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    likeness = models.FloatField()

    class Meta:
        ordering = ["-likeness", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "incident"], name="member_once")
        ]

    def __str__(self):
        return f"{self.incident_id} in {self.candidate_id}"
