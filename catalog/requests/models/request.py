"""A service request: what somebody ordered from the catalog."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.requests.lifecycle import FOUND_OUT, LIFECYCLE, HoldReason, Status
from itil.approvals.models import ApprovalPolicy
from itil.cmdb.models import ConfigurationItem
from itil.desk.clock import ensure_courtesy
from itil.fields.models import FormVersion
from itil.tasks.models import PlanVersion, Task
from itil.tickets.errors import NotAllowed, Refused
from itil.tickets.models import DeskAction, Holding, Ticket
from portal.people.models import CostCentre, User

from .bundle import RequestBundle


class ServiceRequest(Holding, Ticket):
    """One item that was ordered.

    What the item said when it was sent is kept here: its title, form, plan, policy and price, so
    that later edits of the catalog change nothing (`REQ-1`). `agreed_at` of the ticket is the
    delivery that was promised at the approval.
    """

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "REQ"
    IS_WRITTEN = False
    DESK_PARTS = "catalog/requests/_desk_parts.html"
    DESK_ACTIONS = (
        DeskAction("requests:to_incident", _("Change to an incident…"), "alert-circle"),
    )
    HOLD_REASONS = tuple(reason for reason in HoldReason if reason not in FOUND_OUT)
    FOUND_REASONS = FOUND_OUT

    # Empty once the item was deleted; a retired one stays.
    item = models.ForeignKey(
        "offerings.CatalogItem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("item"),
    )
    item_title = models.CharField(_("item"), max_length=250)
    bundle = models.ForeignKey(
        RequestBundle, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    plan_version = models.ForeignKey(
        PlanVersion, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    policy = models.ForeignKey(
        ApprovalPolicy, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    # The steps of the policy as they were at the time of sending (`REQ-1`).
    policy_terms = models.JSONField(default=list, blank=True)
    # Answers by the keys of the questions, as `itil.fields` keeps them.
    answers = models.JSONField(default=dict, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    # What one piece costs apart from its options, and what all of it costs, at the time of sending.
    base_price = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, blank=True)
    price_period = models.CharField(max_length=5, blank=True)
    # By so many percent the price may rise after approval without a new one (`REQ-2`).
    price_tolerance_percent = models.PositiveSmallIntegerField(default=0)
    # What was approved; rises are compared with it, so that small ones do not add up unseen.
    approved_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    cost_centre = models.ForeignKey(
        CostCentre,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("charged to"),
    )
    # When fulfilment began for the first time; it is when the fulfilment clock started (`SLA-2`).
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    effective_on = models.DateField(_("needed on"), null=True, blank=True)
    # What comes back from a person with this request, and the delivery that it ends.
    takes_back = models.ForeignKey(
        ConfigurationItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name=_("takes back"),
    )
    ends = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endings",
        verbose_name=_("ends"),
    )

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__range=(1, 999)), name="request_quantity_in_range"
            ),
        ]

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @classmethod
    def hold_reasons(cls) -> list[tuple[str, str]]:
        """What it may wait for, with labels for staff."""
        return list(HoldReason.choices)

    @property
    def is_for_other(self) -> bool:
        """Ordered by one person for another."""
        return self.requested_for_id not in (None, self.requester_id)

    @property
    def public_url(self) -> str:
        """The page that its people follow it on."""
        return reverse("selfservice:request", args=[self.number])

    @property
    def beneficiary(self) -> User:
        """Who gets it."""
        return self.requested_for or self.requester

    # --- checks named by the life cycle -----------------------------------------------------

    def guard_resume(self, values: Mapping[str, Any], by: User | None) -> None:
        """What to do after a failed task is for a lead to decide (`REQ-4`)."""
        if self.hold_reason != HoldReason.TASK_FAILED or by is None:
            return
        if self.team_id not in by.grants.led_team_ids:
            raise NotAllowed(_now("A task failed. A lead of the team decides how it goes on."))

    def guard_tasks(self, values: Mapping[str, Any], by: User | None) -> None:
        """It is delivered when all mandatory tasks are done or skipped with a reason."""
        if not Task.objects.all_mandatory_done(self):
            raise Refused(_now("Some tasks are not done yet. Finish or skip them first."))

    def guard_courtesy(self, values: Mapping[str, Any], by: User | None) -> None:
        """What was missed for a moment only was there: that is no reopening (`INC-3`)."""
        ensure_courtesy(self, values)

    def guard_withdraw(self, values: Mapping[str, Any], by: User | None) -> None:
        """The requester may until the first task is started, then the desk (domain 2.2)."""
        if self.has_work_started:
            raise NotAllowed(
                _now("Work on this has started. Write a message, and we will see what can be done.")
            )

    @property
    def has_work_started(self) -> bool:
        """A task was started; without any tasks, somebody has taken it. One query."""
        if self.approved_at is None:
            return False
        started = list(Task.objects.of(self).values_list("started_at", flat=True))
        return any(started) if started else self.assignee_id is not None
