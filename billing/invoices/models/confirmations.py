"""Four eyes: above which amounts a second person is needed, and what they said (`VIS-7`)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import currency_code
from billing.invoices.querysets import ConfirmationQuerySet
from portal.people.models import User

from .invoice import Invoice
from .seller import Seller


class Purpose(models.TextChoices):
    """What a second person confirms."""

    ISSUE = "issue", _("Issue an invoice")
    CREDIT = "credit", _("Issue a credit note")
    WRITE_OFF = "write_off", _("Write off")


class ApprovalLimit(models.Model):
    """Above these amounts, VAT included, a manager confirms what a billing clerk does.

    One row for each currency. A seller with no row asks nobody; with some, a currency without one
    always asks, as amounts of different currencies cannot be compared.
    """

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="approval_limits")
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    issue_above = models.DecimalField(
        _("invoices above"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: never asks."),
    )
    credit_above = models.DecimalField(
        _("credit notes above"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    write_off_above = models.DecimalField(
        _("write-offs above"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["seller", "currency"]
        verbose_name = _("limit for one person")
        verbose_name_plural = _("limits for one person")
        constraints = [
            models.UniqueConstraint(fields=["seller", "currency"], name="limit_currency_once")
        ]

    def __str__(self):
        return f"{self.seller} {self.currency}"


class Confirmation(models.Model):
    """What a clerk proposes and a manager confirms or declines.

    It holds for what `matter` names, a fingerprint of the document or the amount: a draft that
    changed afterwards needs a new one.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waiting")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="confirmations")
    purpose = models.CharField(max_length=9, choices=Purpose)
    matter = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "purpose"],
                condition=models.Q(state="proposed"),
                name="confirmation_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="confirmation_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.amount}"
