"""A contract: whom and what it covers, how hours are counted, and how they are paid."""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from billing.contracts.querysets import ContractQuerySet
from itil.calendars.models import BusinessCalendar
from itil.services.models import Service
from itil.timesheets.models import Activity
from portal.people.models import Organization, User
from reports.metrics.billable import DAY, Mode, Scope

from .beside import BesideHours, credits_within_the_month
from .vat import CATEGORIES_WITH_REASON, VatCategory, currency_code


class RoundingMode(models.TextChoices):
    UP = Mode.UP.value, _("Up")
    NEAREST = Mode.NEAREST.value, _("To the nearest, half up")
    NONE = Mode.NONE.value, _("Not at all")


class RoundingScope(models.TextChoices):
    """What is added up before rounding once (`BIL-3`)."""

    ENTRY = Scope.ENTRY.value, _("Each entry")
    TICKET_DAY = Scope.TICKET_DAY.value, _("Each ticket and day")
    TICKET_INVOICE = Scope.TICKET_INVOICE.value, _("Each ticket on the invoice")


class MinimumScope(models.TextChoices):
    """For what the minimum holds; empty is whatever is rounded together."""

    ENTRY = Scope.ENTRY.value, _("Each entry")
    TICKET_DAY = Scope.TICKET_DAY.value, _("Each ticket and day")
    TICKET_INVOICE = Scope.TICKET_INVOICE.value, _("Each ticket on the invoice")
    DAY = DAY, _("Each day")


class Grouping(models.TextChoices):
    """What gets an invoice of its own (`BIL-9`)."""

    CUSTOMER = "customer", _("One invoice for the customer")
    CONTRACT = "contract", _("One invoice for this contract")
    ORDER = "order", _("One invoice for each order number of the customer")


class EInvoice(models.TextChoices):
    """What the customer wants to receive; the PDF always carries the e-invoice as well."""

    PDF = "pdf", _("PDF with the e-invoice inside")
    CII = "cii", _("XML file (CII) beside the PDF")
    UBL = "ubl", _("XML file (UBL) beside the PDF")


def multiplier(label: str, default: str) -> models.DecimalField:
    """A factor on the hourly rate for hours of one kind; at least 1."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(10))],
    )


def hourly_rate(label: str) -> models.DecimalField:
    """A price of an hour that may be left out; four decimals as EN 16931 allows (`BIL-18`)."""
    return models.DecimalField(
        label,
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


class Contract(BesideHours, ClusterableModel):
    """Covers an organization and everything below it, from `valid_from` to `valid_to` inclusive."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="contracts", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=200)
    number = models.CharField(_("contract number"), max_length=40, unique=True)
    # Both printed on every invoice: what the customer wants to read (BT-10), and the number of the
    # purchase order (BT-13).
    buyer_reference = models.CharField(_("customer's reference"), max_length=100, blank=True)
    order_number = models.CharField(_("customer's order number"), max_length=100, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)
    # Who hears when prepaid hours run out: our lead and the customer's contact.
    manager = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("our contract manager"),
    )
    contact = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact at the customer"),
    )

    # What it covers. Without services: all of them.
    services = ParentalManyToManyField(
        Service, blank=True, related_name="+", verbose_name=_("services covered")
    )
    included_services = ParentalManyToManyField(
        Service, blank=True, related_name="+", verbose_name=_("services whose hours are included")
    )
    included_activities = ParentalManyToManyField(
        Activity, blank=True, related_name="+", verbose_name=_("activities that are included")
    )

    # When the plain hourly rate holds; empty: at all times.
    hours = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("normal hours"),
    )
    out_of_hours_multiplier = multiplier(_("out of hours, times"), "1.50")
    holiday_multiplier = multiplier(_("Sundays and holidays, times"), "2.00")
    call_out_multiplier = multiplier(_("call-out, times"), "1.50")
    call_out_activities = ParentalManyToManyField(
        Activity, blank=True, related_name="+", verbose_name=_("activities that are a call-out")
    )

    default_hourly_rate = hourly_rate(_("hourly rate for all other work"))
    overage_rate = hourly_rate(_("hourly rate beyond prepaid hours"))

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
    minimum_scope = models.CharField(
        _("the minimum is for"), max_length=16, choices=MinimumScope, blank=True
    )

    time_approval = models.BooleanField(
        _("a team lead approves hours before they are billed"), default=False
    )
    work_before_acceptance = models.BooleanField(
        _("work may begin before an estimate is accepted"), default=False
    )

    grouping = models.CharField(
        _("invoices"), max_length=8, choices=Grouping, default=Grouping.CUSTOMER
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        _("days to pay"), default=30, validators=[MaxValueValidator(365)]
    )
    terms_from_month_end = models.BooleanField(
        _("the days count from the end of the month of the invoice"), default=False
    )
    e_invoice = models.CharField(
        _("e-invoice"), max_length=4, choices=EInvoice, default=EInvoice.PDF
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
    language = models.CharField(_("language of invoices and estimates"), max_length=12, blank=True)

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
            # A factor below one would make night work cheaper by a slip of the finger.
            models.CheckConstraint(
                condition=models.Q(
                    out_of_hours_multiplier__gte=1,
                    holiday_multiplier__gte=1,
                    call_out_multiplier__gte=1,
                ),
                name="contract_multipliers_from_one",
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
            credits_within_the_month(),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:detail", args=[self.uuid])

    def clean(self):
        """One contract a day for each service of a customer, else a price would depend on chance.
        Two queries.
        """
        super().clean()
        # Those that were chosen, stored or not.
        refuse_overlap(self, {one.pk for one in self.services.all()})


def refuse_overlap(contract: Contract, services: set[int]) -> None:
    """Raises ValidationError when another active contract of the customer covers the same.

    Contracts for particular services may stand beside one for all of them: the particular one
    counts for its services (`matching`). One query.
    """
    if not (contract.active and contract.organization_id and contract.valid_from):
        return
    others = (
        Contract.objects.active()
        .filter(organization_id=contract.organization_id)
        .overlapping(contract.valid_from, contract.valid_to)
        .exclude(pk=contract.pk)
        .prefetch_related("services")
    )
    for other in others:
        theirs = {one.pk for one in other.services.all()}
        if services & theirs or not (services or theirs):
            raise ValidationError(
                {
                    "valid_from": _(
                        "Contract %(number)s covers the same customer at the same time. "
                        "Let one end before the other begins, or name different services."
                    )
                    % {"number": other.number}
                }
            )
