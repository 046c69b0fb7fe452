"""Files of the bank, kept as they came, and the lines of money that came in."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.invoices.querysets import StatementEntryQuerySet, StatementQuerySet
from portal.people.models import User

from .seller import Seller


def statement_path(statement: "Statement", _name: str) -> str:
    return f"statements/{statement.uploaded_at:%Y}/{statement.uuid}"


class Statement(models.Model):
    """One file: CAMT.053, or CSV whose columns a person names before it is read."""

    class Kind(models.TextChoices):
        CAMT = "camt", _("CAMT.053")
        CSV = "csv", _("CSV")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(_("file"), max_length=200)
    # The bytes as they were uploaded, and their hash: the same file is taken once.
    file = models.FileField(upload_to=statement_path, max_length=200)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    # Of CSV: which column is what, and how its dates and amounts are written.
    mapping = models.JSONField(default=dict)
    # Empty until the columns of a CSV file were confirmed.
    imported_at = models.DateTimeField(null=True)
    # Lines that were known from an earlier file, and those of money that went out or is pending.
    known_count = models.PositiveIntegerField(default=0)
    left_out_count = models.PositiveIntegerField(default=0)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = [
            models.UniqueConstraint(fields=["seller", "sha256"], name="statement_file_once")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("invoices:statement", args=[self.uuid])


class StatementEntry(models.Model):
    """Money that came in, as the bank tells it."""

    class State(models.TextChoices):
        OPEN = "open", _("To be booked")
        BOOKED = "booked", _("Booked")
        IGNORED = "ignored", _("Ignored")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="entries")
    # Of what the bank says about it, so that overlapping files bring it once.
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    booked_on = models.DateField(_("booked"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    payer = models.CharField(_("from"), max_length=140, blank=True)
    payer_account = models.CharField(max_length=42, blank=True)
    # The structured reference, such as RF46 2026 0001 23, and what the payer wrote.
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    text = models.CharField(_("text"), max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    ignored_reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = StatementEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_on", "pk"]
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        indexes = [
            # What is to be booked, newest first.
            models.Index(fields=["state", "-booked_on", "id"], name="entry_to_book"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="entry_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="entry_positive"),
        ]

    def __str__(self):
        return f"{self.booked_on} {self.payer} {self.amount} {self.currency}"

    def get_absolute_url(self) -> str:
        return reverse("invoices:entry", args=[self.uuid])
