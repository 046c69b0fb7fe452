"""An invoice or credit note: a draft that becomes a frozen document."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract, EInvoice
from billing.invoices.lifecycle import INVOICE, OWED, State
from billing.invoices.querysets import LIVING_FIELDS, InvoiceQuerySet, refuse_frozen
from portal.people.models import Organization

from .files import checked
from .seller import DocumentKind, Seller


def issued_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/{invoice.issued_on:%Y}/{invoice.uuid}.pdf"


def issued_xml_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/{invoice.issued_on:%Y}/{invoice.uuid}.xml"


def issued_ubl_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/{invoice.issued_on:%Y}/{invoice.uuid}.ubl.xml"


def draft_path(invoice: "Invoice", _name: str) -> str:
    return f"invoices/drafts/{invoice.uuid}.pdf"


class Invoice(models.Model):
    """One customer's bill for one month, or a credit note that corrects one (`BIL-13`).

    Frozen by `save`, `update` and `delete` once issued. Amounts of a credit note are positive.
    """

    kind = models.CharField(
        _("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.INVOICE
    )
    # The invoice that a credit note corrects, and why.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    correction_reason = models.CharField(max_length=300, blank=True)
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
    # What keeps invoices of one customer and month apart: a contract or an order; empty for none.
    group = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    number = models.CharField(_("number"), max_length=32, null=True, unique=True)  # noqa: DJ001
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    language = models.CharField(max_length=12)
    buyer_reference = models.CharField(max_length=100, blank=True)
    # The number of the customer's purchase order (BT-13).
    order_number = models.CharField(max_length=100, blank=True)
    contract_number = models.CharField(max_length=40)
    # What the customer wants to receive beside the PDF.
    e_invoice = models.CharField(max_length=4, choices=EInvoice, default=EInvoice.PDF)
    payment_terms_days = models.PositiveSmallIntegerField()
    # The days count from the end of the month of issue (`BIL-14`).
    terms_from_month_end = models.BooleanField(default=False)
    payment_reference = models.CharField(max_length=25, blank=True)
    # Copies made at issue; empty while a draft, which shows the present details.
    seller_details = models.JSONField(default=dict)
    buyer_details = models.JSONField(default=dict)
    # Rows {"category", "rate", "reason", "taxable", "tax"}, amounts as decimal text.
    vat_breakdown = models.JSONField(default=list)
    # Of the whole document: rows {"reason", "amount", "category", "rate"}, decimals as text.
    allowances = models.JSONField(default=list)
    charges = models.JSONField(default=list)
    # `net_total` = lines - allowances + charges; `payable_total` = net + VAT - prepaid + rounding.
    line_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    allowance_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    charge_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    net_total = models.DecimalField(max_digits=14, decimal_places=2)
    vat_total = models.DecimalField(max_digits=14, decimal_places=2)
    prepaid_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    rounding_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    payable_total = models.DecimalField(max_digits=14, decimal_places=2)
    # Where VAT is declared in another currency than the invoice's (`BIL-23`): units of the
    # invoice's currency for one of `tax_currency`, where that rate comes from and of which day.
    tax_currency = models.CharField(max_length=3, blank=True)
    tax_exchange_rate = models.DecimalField(max_digits=24, decimal_places=12, null=True)
    tax_rate_source = models.CharField(max_length=100, blank=True)
    tax_rate_on = models.DateField(null=True)
    vat_total_in_tax_currency = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # Follow from payments and credit notes, so they live on after issue.
    paid_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    credited_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # Given up: taken off for paying early, and rests that nobody expects any more.
    discount_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    written_off_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # Of a credit note: a full credit lets the hours be billed again; else they stay credited.
    frees_time = models.BooleanField(default=False)
    # Made with the form that asked for the document: sent twice, it makes one.
    request_key = models.UUIDField(null=True, unique=True)
    minutes = models.PositiveIntegerField(help_text="Billed minutes of all lines.")
    # Of everything a run writes; a run that finds it unchanged leaves the draft alone.
    fingerprint = models.CharField(max_length=64)
    pdf = models.FileField(upload_to=issued_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    # The e-invoice, the same bytes that the PDF carries, and what found it valid.
    xml = models.FileField(upload_to=issued_xml_path, max_length=200, blank=True)
    xml_sha256 = models.CharField(max_length=64, blank=True)
    xml_checks = models.JSONField(default=dict)
    # The same as UBL, and what found that valid.
    ubl = models.FileField(upload_to=issued_ubl_path, max_length=200, blank=True)
    ubl_sha256 = models.CharField(max_length=64, blank=True)
    ubl_checks = models.JSONField(default=dict)
    draft_pdf = models.FileField(upload_to=draft_path, max_length=200, blank=True)
    # Of the page the draft file shows, so that an outdated one is made again.
    draft_pdf_of = models.CharField(max_length=64, blank=True)
    draft_requested_at = models.DateTimeField(null=True)
    issue_requested_at = models.DateTimeField(null=True)
    issue_problem = models.TextField(blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = InvoiceQuerySet.as_manager()

    LIFECYCLE = INVOICE

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
                fields=["seller", "organization", "currency", "period_first", "group"],
                condition=models.Q(kind="invoice") & ~models.Q(state=State.CANCELLED),
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
                condition=models.Q(kind="invoice", corrects=None)
                | models.Q(kind="credit_note", corrects__isnull=False),
                name="invoice_credit_corrects",
            ),
            models.CheckConstraint(
                condition=models.Q(period_last__gte=models.F("period_first")),
                name="invoice_period_in_order",
            ),
            # `BIL-13`, `BIL-15`: never more paid, credited and given up than was asked for.
            models.CheckConstraint(
                condition=models.Q(payable_total__lt=0)
                | models.Q(
                    payable_total__gte=models.F("paid_total")
                    + models.F("credited_total")
                    + models.F("discount_total")
                    + models.F("written_off_total")
                ),
                name="invoice_not_overpaid",
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
    def document_key(self) -> str:
        """How what it draws from prepaid blocks names it."""
        return f"invoice:{self.uuid}"

    @property
    def is_frozen(self) -> bool:
        return self.state != State.DRAFT

    @property
    def is_owed(self) -> bool:
        return self.state in OWED and self.kind == DocumentKind.INVOICE

    @property
    def is_credit_note(self) -> bool:
        return self.kind == DocumentKind.CREDIT_NOTE

    @classmethod
    def status_label_of(cls, state: str) -> str:
        """The word for a state, as the pictures of life cycles show it."""
        return str(State(state).label)

    @property
    def balance(self) -> Decimal:
        """What the customer still has to pay; nothing on a credit note."""
        if self.kind == DocumentKind.CREDIT_NOTE:
            return Decimal(0)
        given_up = self.discount_total + self.written_off_total
        return Decimal(self.payable_total - self.paid_total - self.credited_total - given_up)

    def days_late(self, today: date) -> int:
        """Whole days after the due date; 0 when not due or settled."""
        return max(0, (today - self.due_on).days) if self.is_owed and self.due_on else 0

    def read_pdf(self) -> bytes:
        """The issued file, checked against its hash. Raises DamagedDocument."""
        return checked(self.pdf, self.pdf_sha256)

    def read_xml(self) -> bytes:
        """The e-invoice as CII, the one inside the PDF. Raises DamagedDocument."""
        return checked(self.xml, self.xml_sha256)

    def read_ubl(self) -> bytes:
        """The e-invoice as UBL. Raises DamagedDocument."""
        return checked(self.ubl, self.ubl_sha256)

    @property
    def wants_ubl(self) -> bool:
        """True when the customer's programs read UBL, and there is some."""
        return self.e_invoice == EInvoice.UBL and bool(self.ubl)

    def _refuse_change_of_issued(self) -> None:
        names = [
            field.attname for field in self._meta.concrete_fields if field.name not in LIVING_FIELDS
        ]
        stored = Invoice.objects.filter(pk=self.pk).issued().values(*names).first()
        if stored is None:
            return
        present = {name: getattr(self, name) for name in names}
        present |= {name: str(present[name]) for name in ("pdf", "draft_pdf", "xml", "ubl")}
        if present != stored or self.state == State.DRAFT:
            raise refuse_frozen()
