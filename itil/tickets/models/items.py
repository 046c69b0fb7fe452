"""The configuration items that a ticket is about, and what was found to fail with them."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem, ItemLabel
from portal.people.models import User

from .ticket import Ticket


class ItemRole(models.TextChoices):
    """What the item is to the ticket."""

    AFFECTED = "affected", _("affected")
    CAUSE = "cause", _("cause")
    CHANGED = "changed", _("changed")


class TicketItem(models.Model):
    """An item that a ticket is about. Written by `itil.desk.actions.items`."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="item_links")
    item = models.ForeignKey(ConfigurationItem, models.PROTECT, related_name="ticket_links")
    role = models.CharField(_("role"), max_length=8, choices=ItemRole, default=ItemRole.AFFECTED)
    added_at = models.DateTimeField(default=timezone.now)
    # Empty is the system.
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("item of a ticket")
        verbose_name_plural = _("items of tickets")
        constraints = [models.UniqueConstraint(fields=["ticket", "item"], name="ticket_item_once")]

    def __str__(self):
        return f"{self.ticket_id} {self.role} {self.item_id}"


class ImpactEvidence(models.Model):
    """What was found to fail with an item when it was attached: kept as it was, never edited.

    `result` is as `itil.cmdb.impact.Impact.as_data` writes it, with the names of that moment.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="impact_evidence")
    item = models.ForeignKey(ConfigurationItem, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.JSONField()

    class Meta:
        ordering = ["-computed_at", "-pk"]
        verbose_name = _("evidence of impact")
        verbose_name_plural = _("evidence of impact")

    def __str__(self):
        return f"{self.item_id} {self.computed_at:%Y-%m-%d %H:%M}"


class LabelReport(models.Model):
    """A problem that was reported by the code on an item, with or without sign-in (`FLD-2`).

    Who did not sign in leaves a name and perhaps an address; the address counts when its owner has
    followed the link in the mail. `origin` is a digest of where it came from, for limits.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The form: sent again, it gives the same ticket.
    key = models.UUIDField(unique=True)
    label = models.ForeignKey(ItemLabel, models.CASCADE, related_name="reports")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="label_reports")
    # Empty: without sign-in.
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report by label")
        verbose_name_plural = _("reports by label")
        indexes = [
            # How many there were lately, of one label and from one place.
            models.Index(fields=["label", "created_at"], name="label_report_label"),
            models.Index(fields=["origin", "created_at"], name="label_report_origin"),
        ]

    def __str__(self):
        return f"{self.label_id} {self.created_at:%Y-%m-%d %H:%M}"
