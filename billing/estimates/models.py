"""What work will cost, told to a customer before it begins (`BIL-8`)."""

import uuid
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Contract, VatCategory, currency_code
from billing.invoices.models.files import checked
from itil.tickets.models import Ticket
from itil.timesheets.models import Activity
from portal.people.models import Organization, User

from .lifecycle import ESTIMATE, State
from .querysets import LIVING_FIELDS, EstimateQuerySet, frozen


class Kind(models.TextChoices):
    """What the figure binds the two sides to."""

    INDICATIVE = "indicative", _("Indication: the hours worked are billed")
    CAP = "cap", _("Cap: the hours worked are billed, at most this amount")
    FIXED = "fixed", _("Fixed price: this amount is billed")


def pdf_path(estimate: "Estimate", _name: str) -> str:
    return f"estimates/{estimate.sent_at:%Y}/{estimate.uuid}.pdf"


class Estimate(models.Model):
    """One version of an estimate for one ticket. Frozen once it was sent."""

    LIFECYCLE = ESTIMATE

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # All versions share the number.
    number = models.CharField(_("number"), max_length=16)
    version = models.PositiveSmallIntegerField(default=1)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="estimates")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="estimates", verbose_name=_("customer")
    )
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="estimates")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.INDICATIVE)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("what is done, and what is not included"), blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])
    language = models.CharField(max_length=12)
    # The last day on which it can be accepted, in the business zone.
    valid_until = models.DateField(_("valid until"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=VatCategory)
    vat_rate = models.DecimalField(_("VAT rate in percent"), max_digits=5, decimal_places=2)
    vat_reason = models.CharField(_("reason for no VAT"), max_length=200, blank=True)
    # Copies made when it is sent, for its paper.
    seller_details = models.JSONField(default=dict)
    buyer_details = models.JSONField(default=dict)
    # The paper of this version, made by a worker after it was sent.
    pdf = models.FileField(upload_to=pdf_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    # Since when somebody waits for it.
    pdf_requested_at = models.DateTimeField(null=True)
    # Of the lines that are hours.
    minutes = models.PositiveIntegerField(default=0)
    net_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    vat_total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    sent_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The name of that day, as it stands under the answer.
    decided_name = models.CharField(max_length=200, blank=True)
    decided_from = models.GenericIPAddressField(null=True)
    decision_note = models.TextField(blank=True)
    # When its fixed price, or what it names beside hours, became charges.
    charged_at = models.DateTimeField(null=True)
    # Each warning of an overrun is given once.
    warned_at_80 = models.DateTimeField(null=True)
    warned_at_100 = models.DateTimeField(null=True)

    objects = EstimateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="estimate_version_once"),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state=State.ACCEPTED),
                name="estimate_accepted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.DRAFT, sent_at=None)
                | (~models.Q(state=State.DRAFT) & models.Q(sent_at__isnull=False)),
                name="estimate_sent_with_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(State.ACCEPTED, State.REJECTED))
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="estimate_answer_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="estimate_state_until")]

    def __str__(self):
        return f"{self.number} v{self.version}" if self.version > 1 else self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse changes to what was sent. One query more for an existing row."""
        if not self._state.adding:
            self._refuse_change_of_sent()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("estimates:detail", args=[self.uuid])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Only drafts may be deleted. One query more."""
        if Estimate.objects.filter(pk=self.pk).exclude(state=State.DRAFT).exists():
            raise frozen()
        return super().delete(*args, **kwargs)

    @classmethod
    def status_label_of(cls, status: str) -> str:
        """The word for a state, as the pictures of life cycles show it."""
        return str(State(status).label)

    def read_pdf(self) -> bytes:
        """The paper of this version. Raises DamagedDocument."""
        return checked(self.pdf, self.pdf_sha256)

    @property
    def is_frozen(self) -> bool:
        return self.state != State.DRAFT

    def _refuse_change_of_sent(self) -> None:
        names = [
            field.attname for field in self._meta.concrete_fields if field.name not in LIVING_FIELDS
        ]
        sent = Estimate.objects.filter(pk=self.pk).exclude(state=State.DRAFT)
        stored = sent.values(*names).first()
        if stored is None:
            return
        if {name: getattr(self, name) for name in names} != stored or self.state == State.DRAFT:
            raise frozen()


class LineKind(models.TextChoices):
    HOURS = "hours", _("Hours")
    ITEM = "item", _("Pieces or a lump sum")


class EstimateLine(models.Model):
    """One position: hours of work, or things at a price."""

    estimate = models.ForeignKey(Estimate, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=5, choices=LineKind, default=LineKind.HOURS)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    description = models.CharField(_("description"), max_length=200)
    # Of hours; nothing of items.
    minutes = models.PositiveIntegerField(default=0)
    quantity = models.DecimalField(
        _("quantity"), max_digits=12, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    unit_price = models.DecimalField(
        _("price"), max_digits=12, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    net = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["estimate", "position"]
        verbose_name = _("line of an estimate")
        verbose_name_plural = _("lines of estimates")
        constraints = [
            models.UniqueConstraint(
                fields=["estimate", "position"], name="estimate_line_position_once"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0, quantity__gte=0),
                name="estimate_line_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.description}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse when the estimate was sent. One query."""
        if Estimate.objects.filter(pk=self.estimate_id).exclude(state=State.DRAFT).exists():
            raise frozen()
        super().save(*args, **kwargs)


class EstimateEvent(models.Model):
    """What happened to an estimate; appended, never edited (`GEN-6`)."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Changed")
        SENT = "sent", _("Sent")
        SEEN = "seen", _("Opened by the customer")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Declined")
        EXPIRED = "expired", _("Expired")
        SUPERSEDED = "superseded", _("Superseded")
        WARNED = "warned", _("Warned of an overrun")

    estimate = models.ForeignKey(Estimate, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    # Empty: the system.
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an estimate")
        verbose_name_plural = _("events of estimates")

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
