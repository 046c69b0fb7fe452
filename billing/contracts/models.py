"""What a customer agreed to pay: hourly rates, rounding, VAT and terms of payment."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from itil.timesheets.models import Activity
from portal.people.models import Organization
from reports.metrics.billable import Mode, Scope

from .querysets import ContractQuerySet


class RoundingMode(models.TextChoices):
    UP = Mode.UP.value, _("Up")
    NEAREST = Mode.NEAREST.value, _("To the nearest, half up")
    NONE = Mode.NONE.value, _("Not at all")


class RoundingScope(models.TextChoices):
    """What is added up before rounding once (`BIL-3`)."""

    ENTRY = Scope.ENTRY.value, _("Each entry")
    TICKET_DAY = Scope.TICKET_DAY.value, _("Each ticket and day")
    TICKET_INVOICE = Scope.TICKET_INVOICE.value, _("Each ticket on the invoice")


class VatCategory(models.TextChoices):
    """Codes of EN 16931 (`BIL-20`); goods (K) and export (G) do not occur for hours."""

    STANDARD = "S", _("Standard or reduced rate")
    ZERO = "Z", _("Zero rate")
    EXEMPT = "E", _("Exempt")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    OUTSIDE_SCOPE = "O", _("Outside the scope of VAT")


CATEGORIES_WITH_REASON = (
    VatCategory.EXEMPT,
    VatCategory.REVERSE_CHARGE,
    VatCategory.OUTSIDE_SCOPE,
)

currency_code = RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as EUR."))


class Contract(ClusterableModel):
    """Covers an organization and everything below it, from `valid_from` to `valid_to` inclusive."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="contracts", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=200)
    number = models.CharField(_("contract number"), max_length=40, unique=True)
    # The customer's own order, printed on every invoice (BT-10, BT-13).
    buyer_reference = models.CharField(
        _("customer's order or reference"), max_length=100, blank=True
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, validators=[MaxValueValidator(365)]
    )
    rounding_increment = models.PositiveSmallIntegerField(
        _("round to minutes"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(480)],
    )
    rounding_mode = models.CharField(
        _("rounding"), max_length=8, choices=RoundingMode, default=RoundingMode.UP
    )
    rounding_scope = models.CharField(
        _("added up before rounding"),
        max_length=16,
        choices=RoundingScope,
        default=RoundingScope.ENTRY,
    )
    minimum_minutes = models.PositiveSmallIntegerField(
        _("at least, in minutes"), default=0, validators=[MaxValueValidator(480)]
    )
    default_hourly_rate = models.DecimalField(
        _("hourly rate for activities without their own"),
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    vat_category = models.CharField(
        _("VAT category"), max_length=2, choices=VatCategory, default=VatCategory.STANDARD
    )
    # Percent.
    vat_rate = models.DecimalField(
        _("VAT rate in percent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("21.00"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    vat_exemption_reason = models.CharField(
        _("reason for no VAT, as printed"), max_length=200, blank=True
    )
    language = models.CharField(_("language of the invoices"), max_length=12, blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["organization__name", "-valid_from"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="contract_ends_after_start",
                violation_error_message=_("The contract ends before it begins."),
            ),
            models.CheckConstraint(
                condition=models.Q(rounding_increment__gte=1), name="contract_increment_positive"
            ),
            # `BIL-20`: a rate above zero if and only if the category is S.
            models.CheckConstraint(
                condition=models.Q(vat_category="S", vat_rate__gt=0)
                | (~models.Q(vat_category="S") & models.Q(vat_rate=0)),
                name="contract_vat_rate_fits_category",
                violation_error_message=_(
                    "Only the standard category has a VAT rate, and it must be above zero."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(vat_category__in=CATEGORIES_WITH_REASON)
                | ~models.Q(vat_exemption_reason=""),
                name="contract_vat_reason_given",
                violation_error_message=_("Without VAT the invoice must state the reason."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    def clean(self):
        """One contract a day for each customer, else a price would depend on chance. One query."""
        super().clean()
        if not (self.active and self.organization_id and self.valid_from):
            return
        other = (
            Contract.objects.active()
            .filter(organization_id=self.organization_id)
            .overlapping(self.valid_from, self.valid_to)
            .exclude(pk=self.pk)
            .first()
        )
        if other:
            raise ValidationError(
                {
                    "valid_from": _("Contract %(number)s is in force at the same time.")
                    % {"number": other.number}
                }
            )


class ContractRate(models.Model):
    """The price of an hour of one activity, from a day on until the next such row."""

    contract = ParentalKey(Contract, on_delete=models.CASCADE, related_name="rates")
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="+", verbose_name=_("activity")
    )
    # Four decimals, as EN 16931 allows for net prices (`BIL-18`).
    hourly_rate = models.DecimalField(
        _("hourly rate"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty: since the contract began.")
    )

    class Meta:
        ordering = ["activity__name", "valid_from"]
        verbose_name = _("hourly rate")
        verbose_name_plural = _("hourly rates")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "activity", "valid_from"], name="contract_rate_once"
            ),
            models.UniqueConstraint(
                fields=["contract", "activity"],
                condition=models.Q(valid_from__isnull=True),
                name="contract_first_rate_once",
            ),
            models.CheckConstraint(
                condition=models.Q(hourly_rate__gte=0), name="contract_rate_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.activity} {self.hourly_rate}"
