"""Invoices, their lines, and which hours stand on them."""

import hashlib
import uuid
from datetime import date
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract, VatCategory, currency_code
from itil.timesheets.models import Activity, TimeEntry
from portal.people.models import Organization, User

from .errors import DamagedDocument
from .lifecycle import OWED, State
from .querysets import (
    LIVING_FIELDS,
    BilledTimeQuerySet,
    InvoiceLineQuerySet,
    InvoiceQuerySet,
    refuse_frozen,
)


class Seller(models.Model):
    """Who issues the invoices: one of our legal entities. Copied into each invoice at issue."""

    name = models.CharField(_("legal name"), max_length=200, unique=True)
    brand = models.CharField(
        _("name beside the logo"), max_length=100, blank=True, help_text=_("Empty: the legal name.")
    )
    street = models.CharField(_("street"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=20)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country code"), max_length=2)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True)
    registration = models.CharField(
        _("register entry"), max_length=100, blank=True, help_text=_("Such as KvK 12345678.")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    # The first part of every number: HAL-2026-000123.
    series = models.SlugField(_("series"), max_length=10, unique=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self):
        return self.name

    def clean(self):
        """The series stays as it is once it has given a number. One query."""
        super().clean()
        used = InvoiceCounter.objects.filter(seller_id=self.pk, last_number__gt=0)
        if used.exclude(seller__series=self.series).exists():
            raise ValidationError({"series": _("Numbers of this series have been given out.")})


class DocumentKind(models.TextChoices):
    """Kinds with a series of numbers each."""

    INVOICE = "invoice", _("Invoice")


class InvoiceCounter(models.Model):
    """The last number of one series and year; its row lock keeps numbers gapless (`BIL-12`)."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="counters")
    kind = models.CharField(max_length=12, choices=DocumentKind, default=DocumentKind.INVOICE)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)
    last_issued_on = models.DateField(null=True)

    class Meta:
        ordering = ["seller", "kind", "year"]
        verbose_name = _("invoice counter")
        constraints = [
            models.UniqueConstraint(fields=["seller", "kind", "year"], name="counter_once")
        ]

    def __str__(self):
        return f"{self.seller_id} {self.kind} {self.year}: {self.last_number}"


def issued_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/{invoice.issued_on:%Y}/{invoice.uuid}.pdf"


def draft_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/drafts/{invoice.uuid}.pdf"


class Invoice(models.Model):
    """One customer's bill for one month. Frozen by `save`, `update` and `delete` once issued."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="invoices")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invoices", verbose_name=_("customer")
    )
    # The newest contract among those of the lines: gives terms, reference and language.
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="invoices")
    currency = models.CharField(max_length=3)
    # Both days included, in the business zone.
    period_first = models.DateField()
    period_last = models.DateField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    number = models.CharField(_("number"), max_length=32, null=True, unique=True)  # noqa: DJ001
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    language = models.CharField(max_length=12)
    buyer_reference = models.CharField(max_length=100, blank=True)
    contract_number = models.CharField(max_length=40)
    payment_terms_days = models.PositiveSmallIntegerField()
    payment_reference = models.CharField(max_length=25, blank=True)
    # Copies made at issue; empty while a draft, which shows the present details.
    seller_details = models.JSONField(default=dict)
    buyer_details = models.JSONField(default=dict)
    # Rows {"category", "rate", "reason", "taxable", "tax"}, amounts as decimal text.
    vat_breakdown = models.JSONField(default=list)
    net_total = models.DecimalField(max_digits=14, decimal_places=2)
    vat_total = models.DecimalField(max_digits=14, decimal_places=2)
    payable_total = models.DecimalField(max_digits=14, decimal_places=2)
    minutes = models.PositiveIntegerField(help_text="Billed minutes of all lines.")
    # Of everything a run writes; a run that finds it unchanged leaves the draft alone.
    fingerprint = models.CharField(max_length=64)
    pdf = models.FileField(upload_to=issued_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    draft_pdf = models.FileField(upload_to=draft_path, max_length=200, blank=True)
    # Of the page the draft file shows, so that an outdated one is made again.
    draft_pdf_of = models.CharField(max_length=64, blank=True)
    draft_requested_at = models.DateTimeField(null=True)
    issue_requested_at = models.DateTimeField(null=True)
    issue_problem = models.TextField(blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-period_first", "-pk"]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            # The list by state, and the open and late figures.
            models.Index(fields=["state", "due_on"], name="invoice_state_due"),
            models.Index(fields=["period_first", "id"], name="invoice_period"),
        ]
        constraints = [
            # Running a month twice finds the first invoice (`BIL-10`).
            models.UniqueConstraint(
                fields=["seller", "organization", "currency", "period_first"],
                condition=~models.Q(state=State.CANCELLED),
                name="invoice_live_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=State.DRAFT, number=None, issued_on=None, due_on=None, pdf_sha256=""
                )
                | (
                    ~models.Q(state=State.DRAFT)
                    & ~models.Q(pdf_sha256="")
                    & models.Q(number__isnull=False, issued_on__isnull=False, due_on__isnull=False)
                ),
                name="invoice_number_with_issue",
            ),
            models.CheckConstraint(
                condition=models.Q(period_last__gte=models.F("period_first")),
                name="invoice_period_in_order",
            ),
        ]

    def __str__(self):
        return self.number or f"{self.get_state_display()} {self.period_first:%Y-%m}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse changes to what was issued. One query more for an existing row."""
        if not self._state.adding:
            self._refuse_change_of_issued()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("invoices:detail", args=[self.uuid])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only drafts may be deleted (`BIL-11`). One query more."""
        if Invoice.objects.filter(pk=self.pk).issued().exists():
            raise refuse_frozen()
        return super().delete(*args, **kwargs)

    @property
    def is_frozen(self) -> bool:
        return self.state != State.DRAFT

    @property
    def is_owed(self) -> bool:
        return self.state in OWED

    def days_late(self, today: date) -> int:
        """Whole days after the due date; 0 when not due or settled."""
        return max(0, (today - self.due_on).days) if self.is_owed and self.due_on else 0

    def read_pdf(self) -> bytes:
        """The issued file, checked against its hash. Raises DamagedDocument."""
        try:
            with self.pdf.open("rb") as file:
                content = file.read()
        except OSError as problem:
            raise DamagedDocument(_("The file of this invoice cannot be read.")) from problem
        if hashlib.sha256(content).hexdigest() != self.pdf_sha256:
            raise DamagedDocument(_("The file of this invoice is not the one that was issued."))
        return content

    def _refuse_change_of_issued(self) -> None:
        names = [
            field.attname for field in self._meta.concrete_fields if field.name not in LIVING_FIELDS
        ]
        stored = Invoice.objects.filter(pk=self.pk).issued().values(*names).first()
        if stored is None:
            return
        present = {name: getattr(self, name) for name in names}
        present |= {name: str(present[name]) for name in ("pdf", "draft_pdf")}
        if present != stored or self.state == State.DRAFT:
            raise refuse_frozen()


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


class InvoiceLine(PartOfInvoice):
    """One position: the hours of one activity at one price and VAT rate."""

    INVOICE = "invoice_id"

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="+")
    # In the language of the invoice: what, and the small text below it.
    description = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveIntegerField(help_text="Billed minutes.")
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    # Codes of UN/ECE recommendation 20: HUR hour, MIN minute (`BIL-6`).
    unit = models.CharField(max_length=3)
    # `unit_price` is for this many units (`BIL-19`).
    price_base = models.PositiveSmallIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
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
    """That an entry stands on a line, with its minutes as billed; one to one, so never twice."""

    INVOICE = "line.invoice_id"

    entry = models.OneToOneField(TimeEntry, models.PROTECT, related_name="billed")
    line = models.ForeignKey(InvoiceLine, models.CASCADE, related_name="hours")
    raw_minutes = models.PositiveIntegerField()
    billed_minutes = models.PositiveIntegerField()
    # Worked before the month of the invoice (`BIL-9`).
    is_late = models.BooleanField(default=False)

    objects = BilledTimeQuerySet.as_manager()

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("billed time")
        verbose_name_plural = _("billed time")

    def __str__(self):
        return f"{self.billed_minutes} min"


class InvoiceEvent(models.Model):
    """What happened to an invoice; appended, never edited (`GEN-6`)."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        REBUILT = "rebuilt", _("Draft made again")
        ISSUED = "issued", _("Issued")

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    # Empty: the system.
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an invoice")
        verbose_name_plural = _("events of invoices")

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
