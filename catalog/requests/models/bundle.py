"""Several requests that were ordered together."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.requests.lifecycle import Status
from catalog.requests.querysets import BundleQuerySet
from itil.fields.models import FormVersion
from itil.tickets.lifecycle import Phase
from portal.people.models import User


class BundleState(models.TextChoices):
    """How far a bundle is; derived from its requests, never stored (`REQ-3`)."""

    OPEN = "open", _("In progress")
    DELIVERED = "delivered", _("Delivered, please confirm")
    CLOSED = "closed", _("Closed")


class RequestBundle(models.Model):
    """One order of several items, with one request for each of them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("subject"), max_length=250)
    requester = models.ForeignKey(
        User, models.PROTECT, related_name="bundles", verbose_name=_("requester")
    )
    requested_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="bundles_for_me"
    )
    # The day by which all of it is needed, such as somebody's first one.
    effective_on = models.DateField(_("needed on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent"))
    # What composed it, when it was no cart; empty as well once that was deleted.
    item = models.ForeignKey(
        "offerings.CatalogItem", models.SET_NULL, null=True, blank=True, related_name="bundles"
    )
    # The common questions and their answers, as they were sent.
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answers = models.JSONField(default=dict, blank=True)
    # What the person has and keeps: a list of `{"what", "reason"}`.
    left_out = models.JSONField(default=list, blank=True)
    # Requests that became something else: a list of `{"number", "title", "at"}`.
    gone = models.JSONField(default=list, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("order of several items")
        verbose_name_plural = _("orders of several items")

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("requests:bundle", args=[self.number])

    @property
    def state(self) -> BundleState:
        """All closed: closed; any open: open (`REQ-3`). One query unless prefetched."""
        requests = list(self.requests.all())
        if any(request.phase != Phase.DONE for request in requests):
            return BundleState.OPEN
        if any(request.status == Status.FULFILLED for request in requests):
            return BundleState.DELIVERED
        return BundleState.CLOSED

    @property
    def rejected_count(self) -> int:
        """How many of its requests were declined. One query unless prefetched."""
        return sum(request.status == Status.REJECTED for request in self.requests.all())
