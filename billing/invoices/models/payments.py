"""Money that came in, where it was booked, what went back, and what was given up (`BIL-15`)."""

import uuid
from decimal import Decimal

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.invoices.querysets import PaymentQuerySet
from portal.people.models import Organization, User

from .invoice import Invoice
from .seller import Seller
from .statements import StatementEntry


class Payment(models.Model):
    """Money of one customer; `Allocation` says which invoices it pays.

    What is on no invoice and was not paid back is the customer's credit. A reversed payment counts
    nowhere; it is kept with the reason.
    """

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        DIRECT_DEBIT = "debit", _("Direct debit")
        CARD = "card", _("Card")
        CASH = "cash", _("Cash")
        OTHER = "other", _("Other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="payments")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="payments", verbose_name=_("customer")
    )
    # A date of the business zone.
    received_on = models.DateField(_("received"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("method"), max_length=8, choices=Method, default=Method.TRANSFER)
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Follow from allocations and refunds; the constraint below keeps them within the amount.
    allocated_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    refunded_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    # The line of the bank's statement that it came from.
    entry = models.ForeignKey(
        StatementEntry, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    # Empty: booked by the import, as the reference and the amount were exact.
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    # Made with the form: sent twice, it records one payment.
    request_key = models.UUIDField(null=True, unique=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reversal_reason = models.CharField(max_length=300, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-received_on", "-id"], name="payment_received"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            # No payment pays more than it brought, whoever books at the same time.
            models.CheckConstraint(
                condition=models.Q(
                    amount__gte=models.F("allocated_total") + models.F("refunded_total")
                ),
                name="payment_not_overspent",
            ),
            # A line of a statement is booked once.
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(reversed_at=None, entry__isnull=False),
                name="payment_entry_once",
            ),
        ]

    def __str__(self):
        return f"{self.received_on} {self.amount} {self.currency}"

    def get_absolute_url(self) -> str:
        return reverse("invoices:payment", args=[self.uuid])

    @property
    def credit(self) -> Decimal:
        """What of it is on no invoice and was not paid back."""
        if self.reversed_at:
            return Decimal(0)
        return Decimal(self.amount - self.allocated_total - self.refunded_total)


class Allocation(models.Model):
    """That so much of a payment pays an invoice. Ended, not deleted, when it is taken off."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="allocation_positive")
        ]

    def __str__(self):
        return f"{self.payment_id} -> {self.invoice_id}: {self.amount}"


class Refund(models.Model):
    """Money of a payment that was paid back to the customer."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    paid_on = models.DateField(_("paid back on"))
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    request_key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_positive")
        ]

    def __str__(self):
        return f"{self.payment_id}: {self.amount}"


class Difference(models.Model):
    """A part of an invoice that nobody expects any more; the document stays (`BIL-14`)."""

    class Kind(models.TextChoices):
        DISCOUNT = "discount", _("Discount for early payment")
        WRITE_OFF = "write_off", _("Write-off")

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="differences")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The second person, where the amount asked for one (`VIS-7`).
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    request_key = models.UUIDField(null=True, unique=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("booked difference")
        verbose_name_plural = _("booked differences")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="difference_positive")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
