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
        # `data`: {"payment", "amount"}; negative when money was taken off again.
        ALLOCATED = "allocated", _("Payment booked")
        # {"kind", "amount", "reason"}: an early-payment discount or a write-off; or taken back.
        DIFFERENCE = "difference", _("Difference booked")
        DIFFERENCE_ENDED = "undone", _("Difference taken back")
        # Of a draft of a credit note: {"corrects", "amount"}. Of the invoice: {"number", "amount"}.
        CREDITED = "credited", _("Credited")
        # {"purpose", "amount"}: the second person of `VIS-7`.
        PROPOSED = "proposed", _("Confirmation asked for")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        # {"level", "due"}; {"reason"}.
        REMINDED = "reminded", _("Reminder sent")
        HELD = "held", _("Reminders stopped")
        HOLD_ENDED = "hold_ended", _("Reminders go on")
        # {"to", "how"}.
        SENT = "sent", _("Sent")
        REVOKED = "revoked", _("Link revoked")
        # {"ticket", "line" (its position, or nothing), "name"}; of the last also "outcome".
        ASKED = "asked", _("Question")
        DISPUTED = "disputed", _("Disputed")
        SETTLED = "settled", _("Dispute settled")

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
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
