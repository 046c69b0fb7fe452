"""Incidents: a service has stopped, or works worse than agreed."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.tickets.errors import MissingValue, NotAllowed
from itil.tickets.models import DeskAction, Holding, Ticket
from portal.people.models import User

from .lifecycle import LIFECYCLE, CancelReason, HoldReason, ResolutionCode, Status


class MajorState(models.TextChoices):
    """How far the separate procedure for major incidents has come (`INC-7`)."""

    NONE = "none", _("Not major")
    CANDIDATE = "candidate", _("Candidate")
    ACCEPTED = "accepted", _("Major incident")
    RESOLVED = "resolved", _("Major incident, resolved")
    REVIEWED = "reviewed", _("Major incident, reviewed")
    REJECTED = "rejected", _("Candidate, rejected")
    DEMOTED = "demoted", _("Demoted")


class Incident(Holding, Ticket):
    """The columns that only incidents have."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "INC"
    HOLD_REASONS = tuple(HoldReason)
    DESK_ACTIONS = (DeskAction("requests:to_request", _("Change to a request…"), "package"),)

    major_state = models.CharField(
        _("major incident"), max_length=10, choices=MajorState, default=MajorState.NONE
    )
    resolution_code = models.CharField(max_length=24, choices=ResolutionCode, blank=True)
    cancel_reason = models.CharField(max_length=12, choices=CancelReason, blank=True)
    workaround = models.TextField(blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @classmethod
    def hold_reasons(cls) -> list[tuple[str, str]]:
        """What it may wait for, with labels for staff."""
        return list(HoldReason.choices)

    # --- checks named by the life cycle -----------------------------------------------------

    def guard_assignee(self, values: Mapping[str, Any], by: User | None) -> None:
        """Work starts when someone has taken it."""
        if self.assignee_id is None:
            raise MissingValue("assignee", _now("Take the ticket or assign it first."))

    def guard_cancel(self, values: Mapping[str, Any], by: User | None) -> None:
        """A duplicate names its original, which then gets the later mail (`INC-5`)."""
        is_duplicate = values["cancel_reason"] == CancelReason.DUPLICATE
        if is_duplicate and values.get("merged_into") is None:
            raise MissingValue("merged_into", _now("Choose the ticket this one repeats."))

    def guard_major_reopen(self, values: Mapping[str, Any], by: User | None) -> None:
        """Neither requesters nor their messages reopen a major incident (`INC-7`)."""
        if self.is_major and (by is None or not by.grants.is_agent):
            raise NotAllowed(_now("This is handled as a major incident. Write a message instead."))

    def guard_major_close(self, values: Mapping[str, Any], by: User | None) -> None:
        """A major incident is never closed by itself or by a requester (`INC-7`)."""
        if self.is_major and (by is None or not by.grants.is_lead):
            raise NotAllowed(_now("Only a team lead closes a major incident."))

    @property
    def is_major(self) -> bool:
        return self.major_state in (MajorState.ACCEPTED, MajorState.RESOLVED)
