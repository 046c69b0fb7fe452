"""A version of a service that is made available for use (domain 2.6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from itil.changes.lifecycle import Status as ChangeStatus
from itil.changes.models import Change
from itil.releases.lifecycle import LIFECYCLE, DeploymentStatus, Status
from itil.releases.querysets import ReleaseQuerySet
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Actor, Phase
from itil.tickets.models import DeskAction, Priority, Ticket
from portal.people.models import User

# A release goes on only with changes that are authorized: it never authorizes itself.
READY = frozenset({ChangeStatus.SCHEDULED, ChangeStatus.IMPLEMENTATION})
# Nothing of it is still to be done, however it ended; its review may go on.
CARRIED_OUT = frozenset({ChangeStatus.REVIEW, ChangeStatus.CLOSED, ChangeStatus.CANCELLED})


class Release(Ticket):
    """The columns that only releases have. The assignee is the owner; the service is what it is a
    version of.
    """

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "REL"
    IS_INTERNAL = True
    IS_WRITTEN = False
    MANAGED_BY = Actor.CHANGE_MANAGER
    DESK_PARTS = "itil/releases/_desk_parts.html"
    DESK_ACTIONS = (DeskAction("releases:release", _("Rollout and versions"), "package"),)

    release_version = models.CharField(_("version"), max_length=40)
    scope = models.TextField(_("what is in it"), blank=True)
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    # What had to be true before go or no-go was asked for, and that it is.
    exit_criteria = models.TextField(_("exit criteria and results"), blank=True)
    deployed_at = models.DateTimeField(_("rolled out"), null=True, blank=True)
    support_until = models.DateTimeField(_("early life support until"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @classmethod
    def happening(cls, kind: str, data: dict[str, Any]) -> str:
        """What happened to a release beside its steps, in words."""
        words = {
            "bundled": _now("put %(change)s in"),
            "unbundled": _now("took %(change)s out"),
            "wave_added": _now("planned the group “%(wave)s”"),
            "wave_removed": _now("took the group “%(wave)s” out"),
            "go": _now("decided go: %(note)s"),
            "no_go": _now("decided no-go: %(note)s"),
            "deployment": _now("%(where)s: %(state)s"),
        }
        text = words.get(data.get("what", "")) if kind == "release" else None
        status = data.get("status", "")
        known = status in DeploymentStatus.values
        state = str(DeploymentStatus(status).label) if known else status
        empty = {"change": "", "wave": "", "note": "", "where": ""}
        return text % (empty | data | {"state": state}) if text else ""

    @property
    def last_decision(self) -> "GateDecision | None":
        """The decision of this round; none yet when it was reworked since."""
        return self.decisions.filter(is_past=False).order_by("-at", "-pk").first()

    # --- What the steps ask for ---

    def guard_planned(self, values: Mapping[str, Any], by: User | None) -> None:
        """It has an owner, a service and at least one change."""
        if self.assignee_id is None:
            raise Refused(_now("Give the release an owner first."))
        if self.service_id is None:
            raise Refused(_now("Say which service it is a version of."))
        if not self.bundled.exists():
            raise Refused(_now("Put at least one change into the release first."))

    def guard_go(self, values: Mapping[str, Any], by: User | None) -> None:
        decision = self.last_decision
        if decision is None:
            raise Refused(_now("A change manager must decide go or no-go first."))
        if not decision.is_go:
            raise Refused(_now("The decision was no-go. Rework the release or cancel it."))

    def guard_changes(self, values: Mapping[str, Any], by: User | None) -> None:
        """Every change is authorized: scheduled or in implementation."""
        waiting = self.bundled.exclude(change__status__in=READY).select_related("change")
        numbers = ", ".join(row.change.number for row in waiting.order_by("change__number"))
        if numbers:
            raise Refused(
                _now("These changes are neither scheduled nor in implementation: %(numbers)s.")
                % {"numbers": numbers}
            )

    def guard_rollout(self, values: Mapping[str, Any], by: User | None) -> None:
        if not self.deployments.exists():
            raise Refused(_now("Plan first who gets the release: add a wave."))

    def guard_deployed(self, values: Mapping[str, Any], by: User | None) -> None:
        left = self.deployments.exclude(status=DeploymentStatus.SUCCESSFUL).count()
        if left:
            raise Refused(
                ngettext(
                    "%(count)d deployment is not successful. Finish it, or roll back.",
                    "%(count)d deployments are not successful. Finish them, or roll back.",
                    left,
                )
                % {"count": left}
            )

    def guard_support(self, values: Mapping[str, Any], by: User | None) -> None:
        until = values.get("support_until")
        if isinstance(until, datetime) and until <= timezone.now():
            raise MissingValue("support_until", _now("Choose a day that is still to come."))

    def guard_calm(self, values: Mapping[str, Any], by: User | None) -> None:
        """The period is over, and no urgent incident that is linked to it is open."""
        if self.support_until is None or self.support_until > timezone.now():
            raise Refused(_now("Early life support is not over yet."))
        urgent = Ticket.objects.filter(
            models.Q(links_out__target=self.pk) | models.Q(links_in__source=self.pk),
            kind="incident",
            priority__in=(Priority.CRITICAL, Priority.HIGH),
        ).exclude(phase=Phase.DONE)
        numbers = ", ".join(sorted(set(urgent.values_list("number", flat=True))))
        if numbers:
            raise Refused(
                _now("These urgent incidents are still open: %(numbers)s.") % {"numbers": numbers}
            )

    def guard_carried_out(self, values: Mapping[str, Any], by: User | None) -> None:
        """No change is still to be carried out; what failed or was cancelled has ended."""
        left = self.bundled.exclude(change__status__in=CARRIED_OUT).select_related("change")
        numbers = ", ".join(row.change.number for row in left.order_by("change__number"))
        if numbers:
            raise Refused(
                _now("These changes are not carried out yet: %(numbers)s. Finish or cancel them.")
                % {"numbers": numbers}
            )


class ReleaseChange(models.Model):
    """A change that a release bundles; a change goes with one release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="bundled")
    change = models.OneToOneField(Change, models.PROTECT, related_name="in_release")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of a release")
        verbose_name_plural = _("changes of releases")

    def __str__(self):
        return f"{self.change_id} in {self.release_id}"


class GateDecision(models.Model):
    """Go or no-go, said by a change manager who does not own the release; never edited."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="decisions")
    is_go = models.BooleanField(_("go"))
    note = models.TextField(_("reason"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The release was reworked since, and must be decided on anew.
    is_past = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("decision on a release")
        verbose_name_plural = _("decisions on releases")

    def __str__(self):
        return f"{self.release_id} {'go' if self.is_go else 'no-go'}"
