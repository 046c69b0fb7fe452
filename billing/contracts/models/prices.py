"""What an approved entry costs, frozen (`BIL-4`, `BIL-5`)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.querysets import TimePriceQuerySet
from itil.timesheets.models import TimeEntry

from .contract import Contract

# Prices of a unit carry four decimals (`BIL-18`).
PRICE_STEP = Decimal("0.0001")


class Coverage(models.TextChoices):
    """Who bears the cost of an entry."""

    BILLABLE = "billable", _("Billable")
    INCLUDED = "included", _("Included")
    PREPAID = "prepaid", _("Prepaid")
    NON_BILLABLE = "non_billable", _("Not billable")


class RateSource(models.TextChoices):
    """Where an hourly rate was found, in the order in which it is looked for (`BIL-5`)."""

    FIXED = "fixed", _("Fixed price")
    CONTRACT_ROLE_ACTIVITY = "contract_role_activity", _("Contract, role and activity")
    CONTRACT_ROLE = "contract_role", _("Contract, role")
    CONTRACT_ACTIVITY = "contract_activity", _("Contract, activity")
    CONTRACT_DEFAULT = "contract_default", _("Contract")
    CUSTOMER_ROLE_ACTIVITY = "customer_role_activity", _("Customer, role and activity")
    CUSTOMER_ROLE = "customer_role", _("Customer, role")
    CUSTOMER_ACTIVITY = "customer_activity", _("Customer, activity")
    CUSTOMER_DEFAULT = "customer_default", _("Customer")
    ROLE = "role", _("Price list, role")
    ACTIVITY = "activity", _("Price list, activity")
    DEFAULT = "default", _("Price list")
    NONE = "none", _("No rate needed")


class Reason(models.TextChoices):
    """Why a segment has its multiplier."""

    NORMAL = "normal", _("normal hours")
    NO_TIMES = "no_times", _("no times were recorded")
    OUT_OF_HOURS = "out_of_hours", _("outside the contract's hours")
    HOLIDAY = "holiday", _("Sunday or holiday")
    CALL_OUT = "call_out", _("call-out")


class TimePrice(models.Model):
    """The terms under which one entry was approved; later edits of rates do not reach it.

    `facts` holds the names that the explanation tells (`matching.explaining`), as they were.
    """

    entry = models.OneToOneField(TimeEntry, models.CASCADE, related_name="price")
    # None: work for a customer without a contract, by a general rate, or for ourselves.
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="prices"
    )
    coverage = models.CharField(_("coverage"), max_length=12, choices=Coverage)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    source = models.CharField(_("rate from"), max_length=24, choices=RateSource)
    # Of one hour before any multiplier; None when nothing is charged for the entry.
    base_rate = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    facts = models.JSONField(default=dict)
    priced_at = models.DateTimeField()

    objects = TimePriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price of a time entry")
        verbose_name_plural = _("prices of time entries")
        indexes = [
            # What a run or a balance reads of one contract.
            models.Index(fields=["contract", "coverage"], name="price_contract_coverage"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(coverage__in=("included", "non_billable"), base_rate=None)
                | models.Q(coverage__in=("billable", "prepaid"), base_rate__gte=0),
                name="price_rate_where_charged",
            ),
        ]

    def __str__(self):
        return f"{self.entry_id} {self.get_coverage_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Prices are made once; a new approval makes a new one."""
        if not self._state.adding:
            raise TypeError("A price is frozen; remove it and approve the entry again.")
        super().save(*args, **kwargs)


class PricedSegment(models.Model):
    """A part of an entry under one multiplier; the parts add up to the entry's raw minutes."""

    price = models.ForeignKey(TimePrice, models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()
    # None for an entry without times.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    minutes = models.PositiveIntegerField(help_text="Raw minutes.")
    base_rate = models.DecimalField(max_digits=10, decimal_places=4)
    multiplier = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(1))
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.NORMAL)

    class Meta:
        ordering = ["price", "position"]
        verbose_name = _("priced segment")
        verbose_name_plural = _("priced segments")
        constraints = [
            models.UniqueConstraint(fields=["price", "position"], name="segment_position_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1), name="segment_minutes_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(multiplier__gte=1), name="segment_multiplier_from_one"
            ),
        ]

    def __str__(self):
        return f"{self.minutes} min × {self.multiplier}"

    @property
    def unit_price(self) -> Decimal:
        """Of one hour, with the multiplier applied once."""
        return unit_price(self.base_rate, self.multiplier)


def unit_price(base_rate: Decimal, multiplier: Decimal) -> Decimal:
    """The price of one hour of a segment, to four decimals."""
    return (base_rate * multiplier).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
