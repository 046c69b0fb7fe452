"""Hours or money paid in advance, and what was drawn from them (`BIL-7`)."""

import uuid
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.querysets import BlockUseQuerySet, PrepaidBlockQuerySet
from itil.timesheets.models import TimeEntry

from .charges import Charge
from .contract import Contract


class Unit(models.TextChoices):
    """What a block is counted in."""

    HOURS = "hours", _("Hours")
    MONEY = "money", _("Money")


class Prepaid(models.Model):
    """What blocks and retainers share. The amount is given in the unit: minutes or money."""

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="%(class)ss", verbose_name=_("contract")
    )
    unit = models.CharField(_("counted in"), max_length=5, choices=Unit, default=Unit.HOURS)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=Decimal(0))
    # What the customer pays for it, without VAT, in the currency of the contract.
    price = models.DecimalField(
        _("price without VAT"),
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        abstract = True

    @property
    def granted(self) -> Decimal:
        """Minutes or money, by the unit."""
        return Decimal(self.minutes) if self.unit == Unit.HOURS else self.amount


def granted_by_unit(name: str) -> models.CheckConstraint:
    """Hours or money, not both, and not nothing."""
    return models.CheckConstraint(
        condition=Q(unit="hours", minutes__gt=0, amount=0)
        | Q(unit="money", amount__gt=0, minutes=0),
        name=name,
        violation_error_message=_("Enter how many hours, or how much money, was bought."),
    )


class Retainer(Prepaid):
    """A block of every month, sold until further notice; each month is a `PrepaidBlock`."""

    name = models.CharField(_("name"), max_length=120)
    # Both the first day of a month; the last month is included.
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"), null=True, blank=True)
    # For how many months what is left stays usable (0: it lapses), and at most how much of each.
    keeps_months = models.PositiveSmallIntegerField(
        _("unused hours stay for months"), default=0, validators=[MaxValueValidator(60)]
    )
    cap = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["contract", "first_month", "pk"]
        verbose_name = _("retainer")
        verbose_name_plural = _("retainers")
        constraints = [
            granted_by_unit("retainer_granted_by_unit"),
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & (Q(last_month=None) | Q(last_month__day=1, last_month__gte=F("first_month"))),
                name="retainer_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gte=0), name="retainer_cap_not_negative"
            ),
        ]

    def __str__(self):
        return self.name


class PrepaidBlock(Prepaid):
    """Hours or money bought in advance, for work from `valid_from` to `valid_to`.

    What is left then may be used until `rolls_to`, at most `cap` of it (None: all).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    retainer = models.ForeignKey(
        Retainer, models.PROTECT, null=True, blank=True, related_name="blocks"
    )
    charge = models.OneToOneField(
        Charge, models.PROTECT, null=True, blank=True, related_name="block"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    rolls_to = models.DateField(_("what is left may be used until"), null=True, blank=True)
    cap = models.DecimalField(_("at most"), max_digits=14, decimal_places=2, null=True, blank=True)
    sold_at = models.DateTimeField(default=timezone.now)

    objects = PrepaidBlockQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        verbose_name = _("prepaid block")
        verbose_name_plural = _("prepaid blocks")
        constraints = [
            granted_by_unit("block_granted_by_unit"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="block_ends_after_start",
                violation_error_message=_("The block ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(rolls_to=None) | Q(rolls_to__gt=F("valid_to")),
                name="block_rolls_past_its_end",
                violation_error_message=_("What is left can be used after the end only."),
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gte=0), name="block_cap_not_negative"
            ),
            # A retainer's month is sold once, however often its job runs.
            models.UniqueConstraint(
                fields=["retainer", "valid_from"], name="block_of_retainer_once"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def last_day(self):
        """The last work date that may draw from it."""
        return self.rolls_to or self.valid_to


class BlockUse(models.Model):
    """What one segment of an entry drew from a block; a return is negative.

    `document` names the draft it belongs to, until `frozen_at`.
    """

    block = models.ForeignKey(PrepaidBlock, models.PROTECT, related_name="uses")
    entry = models.ForeignKey(TimeEntry, models.PROTECT, related_name="block_uses")
    segment = models.PositiveSmallIntegerField(default=1)
    work_date = models.DateField()
    # Billed minutes, and what they count for in the currency of the contract.
    minutes = models.IntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    document = models.CharField(max_length=80, blank=True)
    frozen_at = models.DateTimeField(null=True)
    # Of a return: the row that it takes back, and whether the block had expired by then.
    returns = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="returned_by"
    )
    after_expiry = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = BlockUseQuerySet.as_manager()

    class Meta:
        ordering = ["work_date", "pk"]
        verbose_name = _("use of a prepaid block")
        verbose_name_plural = _("uses of prepaid blocks")
        indexes = [models.Index(fields=["document"], name="use_document")]
        constraints = [
            models.CheckConstraint(
                condition=Q(returns=None, minutes__gt=0) | Q(returns__isnull=False, minutes__lt=0),
                name="use_returns_are_negative",
            ),
        ]

    def __str__(self):
        return f"{self.minutes} min"


class BlockWarning(models.Model):
    """That a block reached a share of its hours was told; each share once."""

    block = models.ForeignKey(PrepaidBlock, models.CASCADE, related_name="warnings")
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("warning about a prepaid block")
        verbose_name_plural = _("warnings about prepaid blocks")
        constraints = [
            models.UniqueConstraint(fields=["block", "percent"], name="block_warning_once")
        ]

    def __str__(self):
        return f"{self.block} {self.percent} %"
