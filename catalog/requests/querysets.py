"""Named reads of what people ordered, and who may see what (`VIS-1`)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q


class BundleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The orders that `user` made or is to get. Staff see the requests in them, one by one."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(requester=user) | Q(requested_for=user))


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The own ones; a draft is nobody else's business, whatever the duty."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def open(self) -> Self:
        """Not sent yet."""
        return self.filter(ticket__isnull=True)

    def in_cart(self) -> Self:
        """Put into the order that is being made, in the order they were put there."""
        return self.open().filter(in_cart=True).order_by("pk")
