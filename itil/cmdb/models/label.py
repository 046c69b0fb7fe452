"""Codes that are printed and stuck on things and walls."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import Location, Organization, User

from .item import ConfigurationItem


class ItemLabel(models.Model):
    """The code on an item, or on the wall of a place: random, says nothing about it, and can be
    revoked (`FLD-2`).
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # One of the two.
    item = models.ForeignKey(
        ConfigurationItem, models.CASCADE, null=True, blank=True, related_name="labels"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="labels"
    )
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
            ),
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(revoked_at__isnull=True),
                name="place_label_in_force_once",
            ),
            # It leads to the form of one thing.
            models.CheckConstraint(
                condition=Q(item__isnull=False, location__isnull=True)
                | Q(item__isnull=True, location__isnull=False),
                name="label_of_item_or_place",
            ),
        ]

    def __str__(self):
        return str(self.code)

    def get_absolute_url(self):
        """Where the code leads: the form that reports a problem with the item or at the place."""
        return reverse("selfservice:item-report", args=[self.code])

    @property
    def name(self) -> str:
        """What it sticks on."""
        return str((self.item or self.location).name)

    @property
    def organization(self) -> Organization:
        """Whose item or place it is."""
        return (self.item or self.location).organization
