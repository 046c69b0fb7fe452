"""Incidents: a service has stopped, or works worse than agreed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.desk.clock import ensure_courtesy
from itil.incidents.lifecycle import (
    LIFECYCLE,
    CancelReason,
    HoldReason,
    MajorState,
    ResolutionCode,
    Status,
)
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.lifecycle import Actor, Mark
from itil.tickets.models import DeskAction, EventKind, Holding, Ticket
from portal.people.models import User

# Requesters neither reopen nor close these, and time closes none.
MAJOR_STATES = (MajorState.ACCEPTED, MajorState.RESOLVED, MajorState.REVIEWED)


class Incident(Holding, Ticket):
    """The columns that only incidents have."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "INC"
    HOLD_REASONS = tuple(HoldReason)
    DESK_PARTS = "itil/incidents/_desk_parts.html"
    DESK_ACTIONS = (
        DeskAction("problems:from_incident", _("Create a problem from this…"), "bug"),
        DeskAction("changes:answer", _("Open a change for it…"), "calendar-event"),
        DeskAction("incidents:outage", _("Say when the service was down or degraded…"), "clock"),
        DeskAction("requests:to_request", _("Change to a request…"), "package"),
    )

    major_state = models.CharField(
        _("major incident"), max_length=10, choices=MajorState, default=MajorState.NONE
    )
    resolution_code = models.CharField(max_length=24, choices=ResolutionCode, blank=True)
    cancel_reason = models.CharField(max_length=12, choices=CancelReason, blank=True)
    workaround = models.TextField(blank=True)
    # When its service could not be used as agreed (`KPI-18`); without an end it lasts, at most to
    # the resolution. `actions.note_outage` sets them, and the end a resolution after a courtesy.
    down_from = models.DateTimeField(_("service down from"), null=True, blank=True)
    down_until = models.DateTimeField(_("service down until"), null=True, blank=True)
    # It could be used meanwhile, but worse than agreed; what that counts the agreement says.
    is_degraded = models.BooleanField(_("service degraded, not down"), default=False)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(down_until__isnull=True)
                | models.Q(down_until__gt=models.F("down_from")),
                name="incident_outage_ends_later",
            ),
        ]
        indexes = [
            # Availability reads the few incidents that stopped a service.
            models.Index(
                fields=["down_from"],
                condition=models.Q(down_from__isnull=False),
                name="incident_outages",
            ),
        ]

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @classmethod
    def hold_reasons(cls) -> list[tuple[str, str]]:
        """What it may wait for, with labels for staff."""
        return list(HoldReason.choices)

    def columns_along(self, mark: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
        """The procedure for a major incident follows the end of the incident and its return; what
        was opened again as a courtesy stops no service (`INC-3`). One query of such a courtesy.
        """
        columns: dict[str, Any] = {}
        if mark == Mark.RESOLVED and self.major_state == MajorState.ACCEPTED:
            columns["major_state"] = MajorState.RESOLVED
        elif mark == Mark.REOPENED and self.major_state == MajorState.RESOLVED:
            columns["major_state"] = MajorState.ACCEPTED
        if values.get("courtesy") and self.down_from is not None and self.down_until is None:
            restored_at = self.restored_before_courtesy(self.down_from)
            if restored_at is not None:
                columns["down_until"] = restored_at
        return columns

    def restored_before_courtesy(self, down_from: datetime) -> datetime | None:
        """When the service that was down from `down_from` was back, of an incident whose last
        resolution says that the reopening before it was a courtesy, or is about to: at the
        resolution before that. One query.

        None of other resolutions, and of what began later: it was wrong after all, and lasts until
        the last resolution.
        """
        resolutions = self.events.filter(kind=EventKind.MOVED, data__marks=Mark.RESOLVED)
        told = list(resolutions.order_by("-at", "-pk").values_list("at", "data__courtesy"))
        if self.resolved_at is not None and told and not told[0][1]:
            return None
        solved_at = next((at for at, is_courtesy in told if not is_courtesy), None)
        return solved_at if solved_at is not None and solved_at > down_from else None

    def actors_of(self, user: User) -> frozenset[Actor]:
        """Every lead has the duty for major incidents, but for confidential ones."""
        if self.is_major and user.grants.is_lead and not self.is_confidential:
            return frozenset({Actor.MAJOR_MANAGER})
        return frozenset()

    def ensure_retypable(self) -> None:
        """Raises Refused while people follow it as a major incident."""
        if self.is_major or self.major_state == MajorState.CANDIDATE:
            raise Refused(_now("It is a major incident or a candidate. Settle that first."))

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

    def guard_courtesy(self, values: Mapping[str, Any], by: User | None) -> None:
        """Only a word of thanks, said a moment ago, is no reopening (`INC-3`)."""
        ensure_courtesy(self, values)

    def guard_major_reopen(self, values: Mapping[str, Any], by: User | None) -> None:
        """Neither requesters nor their messages reopen a major incident (`INC-7`).

        What was reviewed stays as it was judged: what happens later is an incident of its own.
        """
        if self.is_major and (by is None or not by.grants.is_agent):
            raise NotAllowed(_now("This is handled as a major incident. Write a message instead."))
        if self.major_state == MajorState.REVIEWED:
            raise Refused(_now("It was reviewed. Open a new incident and link it to this one."))

    def guard_major_close(self, values: Mapping[str, Any], by: User | None) -> None:
        """A major incident is never closed by itself or by a requester (`INC-7`)."""
        if self.is_major and (by is None or not by.grants.is_lead):
            raise NotAllowed(_now("Only a team lead closes a major incident."))

    def guard_major_cancel(self, values: Mapping[str, Any], by: User | None) -> None:
        """People wait for news of it: it is demoted before it may be given up or merged."""
        if self.major_state == MajorState.ACCEPTED:
            raise Refused(_now("This is a major incident. Demote it first."))

    @property
    def is_major(self) -> bool:
        """Accepted once and not demoted: the stricter rules hold to its end."""
        return self.major_state in MAJOR_STATES

    @property
    def is_live_major(self) -> bool:
        return self.major_state == MajorState.ACCEPTED
