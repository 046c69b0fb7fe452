"""Incidents: a service has stopped, or works worse than agreed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket

from .lifecycle import LIFECYCLE, CancelReason, ResolutionCode, Status


class MajorState(models.TextChoices):
    """How far the separate procedure for major incidents has come (`INC-7`)."""

    NONE = "none", _("Not major")
    CANDIDATE = "candidate", _("Candidate")
    ACCEPTED = "accepted", _("Major incident")
    RESOLVED = "resolved", _("Major incident, resolved")
    REVIEWED = "reviewed", _("Major incident, reviewed")
    REJECTED = "rejected", _("Candidate, rejected")
    DEMOTED = "demoted", _("Demoted")


class Incident(Ticket):
    """The columns that only incidents have."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "INC"

    major_state = models.CharField(max_length=10, choices=MajorState, default=MajorState.NONE)
    resolution_code = models.CharField(max_length=24, choices=ResolutionCode, blank=True)
    cancel_reason = models.CharField(max_length=12, choices=CancelReason, blank=True)
    workaround = models.TextField(blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status
