"""What customers disagree with or ask about an invoice, until it is decided."""

import uuid
from collections import defaultdict
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoices.amounts import rounded
from billing.invoices.querysets import DisputeQuerySet
from itil.tickets.models import Ticket
from portal.people.models import User

from .invoice import Invoice
from .lines import InvoiceLine
from .links import InvoiceLink


class Dispute(models.Model):
    """A line that a customer does not accept; without a line a question about the invoice.

    The talk about it is on the ticket. While a line is disputed nobody reminds of its amount
    (`BIL-17`); a question holds nothing back.
    """

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The customer is right")
        REJECTED = "rejected", _("The line is right")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the form that was sent, so that a double click makes one.
    key = models.UUIDField(unique=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="disputes")
    line = models.ForeignKey(InvoiceLine, models.PROTECT, null=True, related_name="disputes")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="disputes")
    text = models.TextField(_("what is not right"))
    # Who asks; through a link a name and an address that nobody has checked.
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(InvoiceLink, models.PROTECT, null=True, related_name="disputes")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail address"), max_length=254)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    # What the customer is told.
    answer = models.TextField(_("answer"), blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(ended_at=None, line__isnull=False),
                name="dispute_open_once_a_line",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(answer="")),
                name="dispute_end_has_an_answer",
            ),
        ]

    def __str__(self):
        return f"{self.invoice_id} {self.opened_at:%Y-%m-%d}"


def disputed_amount(invoice: Invoice) -> Decimal:
    """How much of the invoice, with VAT, stands on lines in dispute; in its currency. One query.

    VAT is rounded once for each category and rate, as on the invoice itself (`BIL-18`), and the
    whole is never more than the invoice.
    """
    lines = InvoiceLine.objects.filter(
        invoice=invoice, disputes__in=Dispute.objects.undecided().filter(invoice=invoice)
    ).distinct()
    taxable: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for category, rate, net in lines.values_list("vat_category", "vat_rate", "net"):
        taxable[category, rate] += net
    gross = sum(
        (
            net + rounded(net * rate / 100, invoice.currency)
            for (_category, rate), net in taxable.items()
        ),
        Decimal(0),
    )
    return max(Decimal(0), min(gross, invoice.payable_total))
