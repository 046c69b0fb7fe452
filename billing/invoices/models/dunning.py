"""How late invoices are asked for (`BIL-17`), and who stopped it."""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import currency_code
from billing.invoices.querysets import ReminderQuerySet
from portal.people.models import User

from .files import checked
from .invoice import Invoice
from .seller import Seller

LEVELS = (1, 2, 3)


def reminder_path(reminder: "Reminder", _name: str) -> str:
    return f"reminders/{reminder.sent_at:%Y}/{reminder.uuid}.pdf"


class CollectionRules(models.Model):
    """How one seller asks for what is late, and what the import may book by itself.

    The levels count calendar days after the due date. A seller without a row has the defaults.
    """

    seller = models.OneToOneField(Seller, models.CASCADE, related_name="collection_rules")
    first_after_days = models.PositiveSmallIntegerField(_("first reminder after days"), default=7)
    second_after_days = models.PositiveSmallIntegerField(
        _("second reminder after days"), default=14
    )
    third_after_days = models.PositiveSmallIntegerField(_("third reminder after days"), default=30)
    sends_by_itself = models.BooleanField(_("send reminders without asking a clerk"), default=False)
    # Directive 2011/7/EU: reference rate of the central bank and 8 points, and 40 euro.
    reference_rate = models.DecimalField(
        _("reference rate, percent a year"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_(
            "Of the central bank; it changes every half year. Empty: no interest is asked for."
        ),
    )
    margin_points = models.DecimalField(
        _("points on top of it"), max_digits=5, decimal_places=2, default=Decimal(8)
    )
    fixed_sum = models.DecimalField(
        _("fixed sum for late payment"), max_digits=9, decimal_places=2, default=Decimal(40)
    )
    fixed_sum_currency = models.CharField(
        _("currency of the fixed sum"),
        max_length=3,
        default="EUR",
        validators=[currency_code],
        help_text=_("Invoices in other currencies are asked for interest alone."),
    )
    charges_from_level = models.PositiveSmallIntegerField(
        _("interest and fixed sum from reminder"),
        choices=[(level, str(level)) for level in LEVELS],
        default=2,
    )
    books_exact_matches = models.BooleanField(
        _("book imported money without asking when reference and amount are exact"), default=False
    )

    class Meta:
        ordering = ["seller"]
        verbose_name = _("collection rules")
        verbose_name_plural = _("collection rules")

    def __str__(self):
        return str(self.seller)

    def clean(self):
        """Each level comes after the one before."""
        super().clean()
        days = self.days
        if list(days) != sorted(set(days)) or not days[0]:
            raise ValidationError(_("Each reminder must come later than the one before it."))

    @property
    def days(self) -> tuple[int, int, int]:
        """Days after the due date of the first, second and third level."""
        return (self.first_after_days, self.second_after_days, self.third_after_days)

    @property
    def interest_rate(self) -> Decimal | None:
        """Percent a year; None when no interest is asked for."""
        if self.reference_rate is None:
            return None
        return Decimal(self.reference_rate + self.margin_points)


class DunningHold(models.Model):
    """That nobody asks for this invoice until further notice, and why."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("stop of reminders")
        verbose_name_plural = _("stops of reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(ended_at=None), name="hold_once"
            )
        ]

    def __str__(self):
        return self.reason


class Reminder(models.Model):
    """One level of asking for a late invoice. Its sums stand outside VAT (`BIL-17`)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Dropped")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="reminders")
    level = models.PositiveSmallIntegerField(_("level"))
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    # Frozen when it is sent, as are the sums below; until then they are those of the proposal.
    sent_at = models.DateTimeField(null=True)
    # When a clerk asked for it; a worker prints and sends it.
    asked_at = models.DateTimeField(null=True)
    # Empty: the job, by the rules of the seller.
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    to = models.EmailField(blank=True)
    days_late = models.PositiveIntegerField()
    balance = models.DecimalField(max_digits=14, decimal_places=2)
    interest_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    interest = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    fixed_sum = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    # The letter as it went out.
    pdf = models.FileField(upload_to=reminder_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    # Why it was not sent after all.
    dropped_reason = models.CharField(max_length=300, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "level", "pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            # Each level once, however often the job runs; a dropped one may be proposed again.
            models.UniqueConstraint(
                fields=["invoice", "level"],
                condition=~models.Q(state="dropped"),
                name="reminder_level_once",
            )
        ]

    def __str__(self):
        return f"{self.invoice_id} {self.level}"

    @property
    def file_name(self) -> str:
        """HAL-2026-000123-reminder-2."""
        return f"{self.invoice.number}-reminder-{self.level}"

    def read_pdf(self) -> bytes:
        """The letter as it was sent. Raises DamagedDocument."""
        return checked(self.pdf, self.pdf_sha256)

    @property
    def total(self) -> Decimal:
        """All that is asked for."""
        return Decimal(self.balance + self.interest + self.fixed_sum)
