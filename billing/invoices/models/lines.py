"""The lines of an invoice, and which hours stand on them. They freeze with it."""

from operator import attrgetter
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Charge, Contract, VatCategory
from billing.invoices.querysets import BilledTimeQuerySet, InvoiceLineQuerySet, refuse_frozen
from itil.timesheets.models import Activity, TimeEntry

from .invoice import Invoice


class PartOfInvoice(models.Model):
    """A row that freezes with its invoice."""

    # Where the key of that invoice stands, as an attribute path from the row.
    INVOICE: str

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse when the invoice is issued. One query."""
        self._refuse_when_issued()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse when the invoice is issued. One query."""
        self._refuse_when_issued()
        return super().delete(*args, **kwargs)

    def _refuse_when_issued(self) -> None:
        if Invoice.objects.filter(pk=attrgetter(self.INVOICE)(self)).issued().exists():
            raise refuse_frozen()


class LineKind(models.TextChoices):
    """What a line sells; `BIL-6` gives each its unit."""

    TIME = "time", _("Hours")
    CHARGE = "charge", _("Item or fixed price")
    BLOCK = "block", _("Prepaid hours or retainer")
    CREDIT = "credit", _("Correction of a line")


class InvoiceLine(PartOfInvoice):
    """One position: the hours of one activity at one price and VAT rate, or what else is sold."""

    INVOICE = "invoice_id"

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=LineKind, default=LineKind.TIME)
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="+")
    # Of a credit note: the line that it takes back, in whole or in part.
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credited_by")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    # In the language of the invoice: what, and the small text below it.
    description = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveIntegerField(default=0, help_text="Billed minutes.")
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    # Codes of UN/ECE recommendation 20: HUR hour, MIN minute (`BIL-6`).
    unit = models.CharField(max_length=3)
    # `unit_price` is for this many units (`BIL-19`).
    price_base = models.PositiveSmallIntegerField(default=1)
    # With the multiplier already applied, once (`BIL-4`).
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
    base_price = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    multiplier = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    # Of this line, in the currency of the invoice (BT-136, BT-141), each with its reason.
    allowance = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    allowance_reason = models.CharField(max_length=200, blank=True)
    charge = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    charge_reason = models.CharField(max_length=200, blank=True)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    vat_category = models.CharField(max_length=2, choices=VatCategory)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    vat_reason = models.CharField(max_length=200, blank=True)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "position"]
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="line_position_once"),
            # `BIL-18`: a reduction is a negative quantity, never a negative price.
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0), name="line_price_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.description}"

    def get_absolute_url(self) -> str:
        return reverse("invoices:line", args=[self.invoice.uuid, self.position])


class BilledTime(PartOfInvoice):
    """That an entry, or a part of it, stands on a line, with its minutes as billed."""

    INVOICE = "line.invoice_id"

    entry = models.ForeignKey(TimeEntry, models.PROTECT, related_name="billed")
    # The part of the entry, from 0: one for each price, and for what a prepaid block covers.
    segment = models.PositiveSmallIntegerField(default=0)
    line = models.ForeignKey(InvoiceLine, models.CASCADE, related_name="hours")
    raw_minutes = models.PositiveIntegerField()
    billed_minutes = models.PositiveIntegerField()
    # Worked before the month of the invoice (`BIL-9`).
    is_late = models.BooleanField(default=False)
    # False once the invoice was credited in full: the hours may be billed again (`BIL-13`).
    live = models.BooleanField(default=True)
    # What the annex says of them, as it was at issue; empty while a draft.
    ticket_number = models.CharField(max_length=20, blank=True)
    ticket_title = models.CharField(max_length=250, blank=True)
    agent_name = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    objects = BilledTimeQuerySet.as_manager()

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("billed time")
        verbose_name_plural = _("billed time")
        constraints = [
            # No hour is billed twice, whatever two runs do at the same moment (`BIL-10`).
            models.UniqueConstraint(
                fields=["entry", "segment"],
                condition=models.Q(live=True),
                name="billed_time_live_once",
            ),
        ]

    def __str__(self):
        return f"{self.billed_minutes} min"


class BilledCharge(PartOfInvoice):
    """That a charge stands on a line."""

    INVOICE = "line.invoice_id"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="billed")
    line = models.ForeignKey(InvoiceLine, models.CASCADE, related_name="items")
    # Supplied before the month of the invoice.
    is_late = models.BooleanField(default=False)
    # As of `BilledTime`.
    live = models.BooleanField(default=True)

    objects = BilledTimeQuerySet.as_manager()

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("billed charge")
        verbose_name_plural = _("billed charges")
        constraints = [
            models.UniqueConstraint(
                fields=["charge"],
                condition=models.Q(live=True),
                name="billed_charge_live_once",
            ),
        ]

    def __str__(self):
        return str(self.charge)
