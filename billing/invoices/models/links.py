"""How an invoice reached its customer: what was sent, the links, and who opened them (`BIL-16`)."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoices.querysets import InvoiceLinkQuerySet
from portal.outbox.models import OutgoingMail
from portal.people.models import User

from .invoice import Invoice


class InvoiceLink(models.Model):
    """A key to one invoice. Only its digest is stored, so the table gives no key away."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="links")
    # SHA-256 of the token, in hexadecimal.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    # Empty: made by a run for all of a month.
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The last day on which it opens, in the business zone.
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    objects = InvoiceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("link to an invoice")
        verbose_name_plural = _("links to invoices")

    def __str__(self):
        return f"{self.invoice_id} {self.expires_on}"


class LinkVisit(models.Model):
    """Somebody opened a link or fetched a file through it."""

    class What(models.TextChoices):
        SEEN = "seen", _("Opened")
        PDF = "pdf", _("PDF downloaded")
        XML = "xml", _("XML downloaded")

    link = models.ForeignKey(InvoiceLink, models.CASCADE, related_name="visits")
    what = models.CharField(max_length=4, choices=What)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("visit of a link")
        verbose_name_plural = _("visits of links")
        indexes = [models.Index(fields=["link", "what", "at"], name="linkvisit_lately")]

    def __str__(self):
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"


class Sending(models.Model):
    """One mail with an invoice to one address; sending again is another row."""

    class How(models.TextChoices):
        LINK = "link", _("As a link")
        ATTACHED = "attached", _("With the files attached")

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="sendings")
    # Names the wish, so that a job or a button that comes twice sends one mail.
    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField(max_length=254)
    how = models.CharField(max_length=8, choices=How)
    at = models.DateTimeField()
    # Empty: the system.
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(InvoiceLink, models.PROTECT, null=True, related_name="sendings")
    # Forgotten with the outbox; the row stays.
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("sending of an invoice")
        verbose_name_plural = _("sendings of invoices")

    def __str__(self):
        return f"{self.to} {self.at:%Y-%m-%d %H:%M}"
