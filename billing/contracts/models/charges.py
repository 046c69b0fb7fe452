"""What is billed beside hours: items, kilometres, fixed prices, blocks, retainers (`BIL-6`)."""

import uuid
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.amounts import rounded
from billing.contracts.querysets import ChargeQuerySet
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry
from portal.people.models import Organization, User

from .contract import Contract
from .vat import CATEGORIES_WITH_REASON, VatCategory, currency_code


class ChargeKind(models.TextChoices):
    ITEM = "item", _("Item")
    PART = "part", _("Spare part")
    KILOMETRE = "kilometre", _("Kilometers")
    TRAVEL = "travel", _("Travel")
    FIXED = "fixed", _("Fixed price")
    BLOCK = "block", _("Prepaid block")
    RETAINER = "retainer", _("Retainer")
    BREACH_CREDIT = "breach_credit", _("Credit for a missed target")
    MANUAL = "manual", _("Other")


class ChargeState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    OPEN = "open", _("To be invoiced")
    INVOICED = "invoiced", _("Invoiced")
    WRITTEN_OFF = "written_off", _("Written off")
    REJECTED = "rejected", _("Rejected")
    # What it was made from is no longer so, or it was entered by mistake.
    WITHDRAWN = "withdrawn", _("Withdrawn")


class UnitCode(models.TextChoices):
    """Codes of UN/ECE recommendation 20."""

    PIECE = "C62", _("piece")
    HOUR = "HUR", _("hour")
    KILOMETRE = "KMT", _("kilometer")
    MONTH = "MON", _("month")
    LUMP_SUM = "LS", _("lump sum")


class Charge(models.Model):
    """One thing to be billed once. A reduction has a negative quantity (`BIL-18`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="charges", verbose_name=_("customer")
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="charges",
        verbose_name=_("contract"),
    )
    ticket = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="billing_charges",
        verbose_name=_("ticket"),
    )
    # The travel whose kilometers it is.
    entry = models.OneToOneField(
        TimeEntry, models.SET_NULL, null=True, blank=True, related_name="kilometre_charge"
    )
    # The day of supply; decides the month it is billed in.
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=14, choices=ChargeKind, default=ChargeKind.MANUAL)
    description = models.CharField(_("description"), max_length=200)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=4, default=Decimal(1)
    )
    unit = models.CharField(_("unit"), max_length=3, choices=UnitCode, default=UnitCode.PIECE)
    unit_price = models.DecimalField(
        _("price of one"),
        max_digits=12,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    # Empty: as the contract says.
    vat_category = models.CharField(
        _("VAT category"), max_length=2, choices=VatCategory, blank=True
    )
    vat_rate = models.DecimalField(
        _("VAT rate in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    vat_reason = models.CharField(_("reason for no VAT"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ChargeState, default=ChargeState.OPEN
    )
    # What it was made from, so that a job that runs twice makes one; None: entered by a person.
    source = models.CharField(max_length=120, null=True, blank=True, unique=True)
    note = models.CharField(_("internal note"), max_length=500, blank=True)
    # Why it was rejected or written off, by whom and when.
    decision = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        indexes = [
            # What a run collects.
            models.Index(fields=["state", "on"], name="charge_state_on"),
            # What the page of a ticket shows.
            models.Index(fields=["ticket", "on"], name="charge_ticket_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(quantity=0),
                name="charge_quantity_not_zero",
                violation_error_message=_("Enter a quantity; a reduction has a negative one."),
            ),
            # `BIL-18`: a reduction is a negative quantity, never a negative price.
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="charge_price_not_negative"
            ),
            # `BIL-20`, where the charge has a VAT category of its own.
            models.CheckConstraint(
                condition=Q(vat_category="", vat_rate=None)
                | Q(vat_category="S", vat_rate__isnull=False, vat_rate__gt=0)
                | (~Q(vat_category__in=("", "S")) & Q(vat_rate__isnull=False) & Q(vat_rate=0)),
                name="charge_vat_rate_fits_category",
                violation_error_message=_(
                    "Only the standard category has a VAT rate, and it must be above zero."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(vat_category__in=CATEGORIES_WITH_REASON) | ~Q(vat_reason=""),
                name="charge_vat_reason_given",
                violation_error_message=_("Without VAT the invoice must state the reason."),
            ),
        ]

    def __str__(self):
        return self.description

    def get_absolute_url(self) -> str:
        return reverse("contracts:charge", args=[self.uuid])

    @property
    def net(self) -> Decimal:
        """Without VAT, in the currency's minor unit."""
        return rounded(self.quantity * self.unit_price, self.currency)
