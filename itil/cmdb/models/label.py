"""Codes that are printed and stuck on things."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User

from .item import ConfigurationItem


class ItemLabel(models.Model):
    """The code on an item: random, says nothing about it, and can be revoked (`FLD-2`)."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(ConfigurationItem, models.CASCADE, related_name="labels")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            # One label in force; printing it again gives the same one.
            models.UniqueConstraint(
                fields=["item"], condition=Q(revoked_at__isnull=True), name="label_in_force_once"
            )
        ]

    def __str__(self):
        return str(self.code)

    def get_absolute_url(self):
        """Where the code leads: the form that reports a problem with the item."""
        return reverse("selfservice:item-report", args=[self.code])
