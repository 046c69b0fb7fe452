"""A month-end run: what there is to do, customer by customer, and how far it is (`BIL-9`)."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract
from billing.invoices.lifecycle import RUN_OPEN, Outcome, RowState, RunKind, RunState
from billing.invoices.parse import Month
from billing.invoices.querysets import BillingRunQuerySet
from portal.people.models import Organization, User

from .invoice import Invoice
from .seller import Seller


class BillingRun(models.Model):
    """One pass over a month: drafting the invoices of its customers, or issuing drafts.

    What is billed depends on `cut_off_at`, not on when a worker comes to it: a run that was killed
    and taken up again draws the same line. At most one run of a kind is open for a month.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=RunKind, default=RunKind.DRAFT)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="runs")
    # Both days included, in the business zone.
    period_first = models.DateField(_("month"))
    period_last = models.DateField()
    # What was approved later stays out and waits for the next run.
    cut_off_at = models.DateTimeField(_("approved until"))
    # Whom the run is for; empty for everybody. A customer is always drafted whole.
    organizations = models.ManyToManyField(Organization, related_name="+", blank=True)
    contracts = models.ManyToManyField(Contract, related_name="+", blank=True)
    # Of a run that issues: the run whose drafts it issues.
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="issuing")
    # Empty: the system.
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    # When a worker first took it up, when one last did, and when nothing was left.
    started_at = models.DateTimeField(null=True)
    taken_up_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Why the run as a whole failed, for a person.
    problem = models.TextField(blank=True)
    # Hours that stay out: rows {"reason", "organization", "entries", "minutes", "activity"}.
    left_out = models.JSONField(default=list)

    objects = BillingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("billing run")
        verbose_name_plural = _("billing runs")
        constraints = [
            # Two runs at once: the second finds the first and joins it (`BIL-10`).
            models.UniqueConstraint(
                fields=["seller", "period_first", "kind"],
                condition=Q(state__in=RUN_OPEN),
                name="run_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RUN_OPEN, finished_at=None)
                | (~Q(state__in=RUN_OPEN) & Q(finished_at__isnull=False)),
                name="run_finished_with_end",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.period_first:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("invoices:billing-run", args=[self.uuid])

    @property
    def month(self) -> Month:
        return Month(self.period_first, self.period_last)

    @property
    def is_open(self) -> bool:
        return self.state in RUN_OPEN


class BillingRunRow(models.Model):
    """One customer group of a run; written in the transaction that drafts or issues it.

    So a row is done exactly when its invoice is, wherever the process was killed.
    """

    run = models.ForeignKey(BillingRun, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    # As `Invoice.group`.
    group = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=RowState, default=RowState.WAITING)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    # Hours of the customer that stay out, as in `BillingRun.left_out`.
    left_out = models.JSONField(default=dict)
    # Why issuing was refused, for a person.
    reason = models.CharField(max_length=500, blank=True)
    invoice = models.ForeignKey(Invoice, models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run", "position"]
        verbose_name = _("customer of a billing run")
        verbose_name_plural = _("customers of a billing run")
        indexes = [
            # The next one to do, and the progress.
            models.Index(fields=["run", "state", "position"], name="run_row_next"),
        ]
        constraints = [
            # The key of idempotence within a run; drafts of several groups are issued one by one.
            models.UniqueConstraint(
                fields=["run", "organization", "currency", "group"], name="run_row_once"
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.state}"
