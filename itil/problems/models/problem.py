"""Problems: what has caused incidents, or could cause them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.problems.lifecycle import (
    ANALYSED,
    LIFECYCLE,
    CancelReason,
    ResolutionCode,
    Status,
)
from itil.problems.querysets import ProblemQuerySet
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Actor
from itil.tickets.models import DeskAction, LinkType, Ticket
from itil.tickets.priority import priority_of
from portal.people.models import User

# A change that ended so has not taken the cause away.
FAILED_OUTCOMES = frozenset({"failed", "backed_out"})


class Problem(Ticket):
    """The columns that only problems have. The assignee is the owner of the problem."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "PRB"
    IS_INTERNAL = True
    IS_WRITTEN = False
    MANAGED_BY = Actor.PROBLEM_MANAGER
    MOVE_PAGE = "problems:move"
    DESK_PARTS = "itil/problems/_desk_parts.html"
    DESK_ACTIONS = (DeskAction("changes:answer", _("Open a change for it…"), "calendar-event"),)

    symptoms = models.TextField(_("symptoms"), blank=True)
    root_cause = models.TextField(_("root cause"), blank=True)
    # The cause is found, what exactly happens there is not (`PRB-1`).
    is_detail_unknown = models.BooleanField(_("cause identified, detail unknown"), default=False)
    fix_plan = models.TextField(_("fix plan"), blank=True)

    is_known_error = models.BooleanField(_("known error"), default=False)
    # When it was declared; kept when the flag is cleared.
    known_error_at = models.DateTimeField(_("declared a known error"), null=True, blank=True)

    resolution_code = models.CharField(max_length=16, choices=ResolutionCode, blank=True)
    cancel_reason = models.CharField(max_length=16, choices=CancelReason, blank=True)
    # The owner of the service who accepted that nothing is done, and when that is looked at again.
    accepted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accepted_risks",
        verbose_name=_("risk accepted by"),
    )
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    # The review date that the owner was reminded of.
    reminded_on = models.DateField(null=True, blank=True)
    reanalysed_count = models.PositiveSmallIntegerField(default=0)

    went_well = models.TextField(_("what went well"), blank=True)
    went_badly = models.TextField(_("what went badly"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes = [
            # Whom to remind of an accepted risk.
            models.Index(
                fields=["review_on"],
                condition=models.Q(resolution_code="risk_accepted"),
                name="problem_review",
            ),
        ]

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @classmethod
    def hold_reasons(cls) -> list[tuple[str, str]]:
        """A problem does not wait: it has statuses of its own."""
        return []

    @property
    def may_be_known_error(self) -> bool:
        """Its analysis has begun and its cause is still in place."""
        is_fixed = self.resolution_code == ResolutionCode.FIX_APPLIED
        return self.status in ANALYSED and not is_fixed

    @property
    def verified_at(self) -> datetime | None:
        """When the verification period of the fix ends; None while nothing is resolved."""
        if self.resolved_at is None:
            return None
        return self.resolved_at + timedelta(days=settings.PROBLEM_VERIFICATION_DAYS)

    def fixing_changes(self) -> list[Ticket]:
        """The linked changes that are to fix it, withdrawn ones left out. One query."""
        keys = self.links_out.filter(type=LinkType.FIXED_BY).values("target")
        found = Ticket.objects.filter(pk__in=keys, kind="change").exclude(status="cancelled")
        return list(found.order_by("pk"))

    # --- checks named by the life cycle -----------------------------------------------------

    def guard_owner(self, values: Mapping[str, Any], by: User | None) -> None:
        """Somebody answers for it before it is assessed."""
        if self.assignee_id is None:
            raise MissingValue("assignee", _now("Assign the problem to its owner first."))

    def guard_priority(self, values: dict[str, Any], by: User | None) -> None:
        """The priority follows from what was assessed, unless a lead has set it by hand."""
        if not self.priority_overridden:
            values["priority"] = priority_of(values["impact"], values["urgency"])

    def guard_cancel(self, values: Mapping[str, Any], by: User | None) -> None:
        """A duplicate names the problem that goes on."""
        if values["cancel_reason"] != CancelReason.DUPLICATE:
            return
        original = values.get("original")
        if original is None or original.kind != self.kind or original.pk == self.pk:
            raise MissingValue("original", _now("Name the problem that this one repeats."))

    def guard_fix(self, values: Mapping[str, Any], by: User | None) -> None:
        """The cause is written down, and there is a plan or a change."""
        if not str(values.get("root_cause", self.root_cause)).strip():
            raise MissingValue("root_cause", _now("Write down the root cause first."))
        has_plan = str(values.get("fix_plan", self.fix_plan)).strip()
        if not has_plan and not self.fixing_changes():
            raise MissingValue(
                "fix_plan", _now("Write how it will be fixed, or link the change that fixes it.")
            )

    def guard_accept_risk(self, values: dict[str, Any], by: User | None) -> None:
        """The owner of the service has accepted it, until a day on which it is looked at again."""
        owner = self.service.owner if self.service else None
        if owner is None:
            raise MissingValue(
                "service_owner",
                _now("Choose a service that has an owner first: its owner accepts the risk."),
            )
        if values["service_owner"] != owner:
            raise MissingValue(
                "service_owner",
                _now("The risk is accepted by %(name)s, who owns the service.") % {"name": owner},
            )
        if values["review_on"] <= values["at"].date():
            raise MissingValue("review_on", _now("Choose a day after today."))
        values["accepted_by"] = owner
        values["resolution_code"] = ResolutionCode.RISK_ACCEPTED

    def guard_resolve(self, values: dict[str, Any], by: User | None) -> None:
        """The changes that fix it are closed and none of them failed."""
        for change in self.fixing_changes():
            outcome = getattr(change.specific, "outcome", "")
            if outcome in FAILED_OUTCOMES:
                raise Refused(
                    _now("%(number)s failed. End its link, or note that the fix failed.")
                    % {"number": change.number}
                )
            if change.status != "closed":
                raise Refused(
                    _now("%(number)s fixes this and is not closed yet.") % {"number": change.number}
                )
        values["resolution_code"] = ResolutionCode.FIX_APPLIED
        values["is_known_error"] = False

    def guard_close(self, values: Mapping[str, Any], by: User | None) -> None:
        """The fix has proved itself, or the risk is accepted for good; nothing is left to do."""
        verified_at, fixed = self.verified_at, self.resolution_code == ResolutionCode.FIX_APPLIED
        is_over = fixed and verified_at is not None and values["at"] >= verified_at
        if by is None and not fixed:
            raise Refused(_now("Nothing was fixed: a person decides when this is closed."))
        if not is_over and not (by is not None and values.get("confirmed")):
            raise MissingValue("confirmed", self._unproven)
        if Task.objects.of(self).live().exists():
            raise Refused(_now("Some tasks are not done yet. Finish or skip them first."))

    @property
    def _unproven(self) -> str:
        """What is asked of a person who closes it before its time."""
        if self.resolution_code == ResolutionCode.RISK_ACCEPTED:
            return _now("Nothing was fixed. Confirm that the risk is accepted for good.")
        return _now("The verification period is not over. Wait, or confirm that the fix works.")

    def guard_reanalyse(self, values: dict[str, Any], by: User | None) -> None:
        """The search begins anew; what was found stays written."""
        values["closed_at"] = None
        values["resolution_code"] = ""
        values["reanalysed_count"] = self.reanalysed_count + 1
        # The cause is in place again, or still: a known error that was fixed is one no more.
        values["is_known_error"] = self.is_known_error
