"""What somebody has begun to order and not sent."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.requests.querysets import DraftQuerySet
from itil.cmdb.models import ConfigurationItem
from itil.fields.models import FormVersion
from itil.tickets.models import Ticket
from portal.people.models import User


class Draft(models.Model):
    """A form that is kept while it is filled in: no number, no clock, seen by its owner only.

    It keeps what was typed, whether or not it would do, by the keys of the questions; and the form
    as it was shown, so that what was typed can be read after the form has changed. Once sent it is
    kept for a while, so that sending it again gives the same request.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    requested_for = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    item = models.ForeignKey(
        "offerings.CatalogItem", models.SET_NULL, null=True, related_name="drafts"
    )
    item_title = models.CharField(_("item"), max_length=250)
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    typed = models.JSONField(default=dict, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    # Of a bundle: for the key of each line whether it is wanted (`on`), the answers (`typed`) and
    # why it is not (`reason`).
    parts = models.JSONField(default=dict, blank=True)
    # As part of a bundle: its own day, and what it is to take back or to end.
    wished_on = models.DateField(null=True, blank=True)
    takes_back = models.ForeignKey(
        ConfigurationItem, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ends = models.ForeignKey(
        "requests.ServiceRequest", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Part of an order of several items that is being put together.
    in_cart = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=timezone.now)
    # What it became.
    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="+")

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            # What a person goes on with: on the form, in the cart, in 'my requests'.
            models.Index(
                fields=["owner", "item"],
                condition=models.Q(ticket__isnull=True),
                name="draft_open",
            ),
        ]

    def __str__(self):
        return f"{self.item_title} ({self.owner})"

    def get_absolute_url(self):
        return reverse("requests:draft", args=[self.uuid])

    @property
    def beneficiary(self) -> User:
        """Who gets it."""
        return self.requested_for or self.owner


def draft_file_path(kept: "DraftFile", _filename: str) -> str:
    """A path that tells nothing and cannot be guessed; the real name is a column."""
    name = uuid.uuid4().hex
    return f"drafts/{name[:2]}/{name}"


class DraftFile(models.Model):
    """A file that was chosen for a question of a draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    question = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=draft_file_path, max_length=200)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a draft")

    def __str__(self):
        return self.name
