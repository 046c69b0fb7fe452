"""What happened to invoices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.models import User

from .invoice import Invoice


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
