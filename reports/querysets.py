"""Named reads of what people put together themselves."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

# The report for a customer, among the keys of dashboards.
CUSTOMER = "customer"
# And what stands there for one that somebody put together.
OWN = "own"


class DashboardQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones, and those shared with a team of one's own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(owner=user) | Q(team_id__in=user.grants.team_ids))

    def of(self, user: Any) -> Self:
        """Those that this person may change."""
        return self.filter(owner=user) if user.is_authenticated else self.none()


class SubscriptionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The own ones of leads; managers and administrators keep all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        grants = user.grants
        if grants.is_manager or grants.is_administrator:
            return self
        return self.filter(owner=user) if grants.is_lead else self.none()


class DeliveryQuerySet(models.QuerySet[Any]):
    def readable_by(self, user: Any) -> Self:
        """Whose files this person may open: the own, for they hold what the recipient may see, and
        reports to customers for those who look after them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(recipient=user)
        grants = user.grants
        if grants.is_manager or grants.is_administrator:
            return self.filter(own | Q(subscription__board=CUSTOMER))
        if grants.is_lead:
            return self.filter(own | Q(subscription__board=CUSTOMER, subscription__owner=user))
        return self.filter(own)

    def due(self, now: Any) -> Self:
        return self.filter(state="waiting", next_at__lte=now).order_by("next_at", "pk")
