"""Named reads of contracts, prices, charges and blocks."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from itil.tickets.models import Ticket


def sees_money(user: Any) -> bool:
    """Billing clerks, managers and team leads read contracts; everyone else nothing of them."""
    if not user.is_authenticated:
        return False
    grants = user.grants
    return bool(grants.is_billing_clerk or grants.is_manager or grants.is_lead)


def without_kilometre_charge() -> Q:
    """Of time entries: nothing is charged for their kilometers; a charge that was withdrawn keeps
    its entry, and comes back with a rate.
    """
    return Q(kilometre_charge=None) | Q(kilometre_charge__state="withdrawn")


class MoneyQuerySet(models.QuerySet[Any]):
    """Rows that whoever may read contracts sees, all of them."""

    def visible_to(self, user: Any) -> Self:
        return self if sees_money(user) else self.none()


class ContractQuerySet(MoneyQuerySet):
    def active(self) -> Self:
        return self.filter(active=True)

    def overlapping(self, first: date, last: date | None) -> Self:
        """Contracts in force on any day from `first` to `last` (None: no end), both included."""
        found = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)

    def in_force(self, day: date) -> Self:
        return self.active().overlapping(day, day)


class TimePriceQuerySet(MoneyQuerySet):
    def of_entries(self, entries: Any) -> Self:
        return self.filter(entry__in=[entry.pk for entry in entries])

    def unbilled(self) -> Self:
        """Approved and on no issued invoice."""
        return self.filter(entry__state="approved")


class ChargeQuerySet(MoneyQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Clerks and managers; a lead knows contracts, not what a customer is charged."""
        if not user.is_authenticated:
            return self.none()
        return self if user.grants.is_billing_clerk or user.grants.is_manager else self.none()

    def material_seen_by(self, user: Any) -> Self:
        """Material on the tickets that our staff may read; clerks and managers see all of it. Its
        prices are for `permissions.may_see_amounts`.
        """
        found = self.filter(kind="part", source=None, ticket__isnull=False)
        if not user.is_authenticated or not user.grants.is_staff:
            return self.none()
        if user.grants.is_billing_clerk or user.grants.is_manager:
            return found
        return found.filter(ticket__in=Ticket.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(state="open")

    def of(self, ticket: Any) -> Self:
        """What was used on or ordered by a ticket, oldest first."""
        return self.filter(ticket=ticket.pk).order_by("on", "pk")

    def for_orders(self) -> Self:
        """Made from orders of the catalog; not what takes them back."""
        return self.filter(kind="item", source__startswith="order:")

    def proposed(self) -> Self:
        return self.filter(state="proposed")

    def until(self, day: date) -> Self:
        """Supplied up to `day`, included."""
        return self.filter(on__lte=day)


class PrepaidBlockQuerySet(MoneyQuerySet):
    def usable_on(self, day: date) -> Self:
        """Blocks that work of `day` may draw from, what was carried over included."""
        return self.filter(
            Q(valid_to__gte=day) | Q(rolls_to__gte=day),
            valid_from__lte=day,
        )


class BlockUseQuerySet(MoneyQuerySet):
    def frozen(self) -> Self:
        return self.filter(frozen_at__isnull=False)
