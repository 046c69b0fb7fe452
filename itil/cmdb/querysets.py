"""Named reads of items and relations; who may see an item is decided here (`VIS-1`)."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from .lifecycle import GONE


def sees_estate(user: Any) -> bool:
    """Whether this person sees the items of the provider and of the customers at all."""
    grants = user.grants
    return grants.is_agent or grants.sees_all_tickets


class ItemQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The items `user` may open (`VIS-5`).

        Agents, leads, managers, problem and change managers and administrators see those of every
        organization they serve; everybody else, what they hold themselves.
        """
        if not user.is_authenticated:
            return self.none()
        if sees_estate(user):
            return self
        return self.held_by_person(user)

    def held_by_person(self, user: Any) -> Self:
        """What this person has: neither retired nor lost."""
        return self.filter(held_by=user).present()

    def present(self) -> Self:
        """What is part of the estate: neither retired nor lost."""
        return self.exclude(status__in=GONE)

    def matching(self, text: str) -> Self:
        """Items whose name, serial number, inventory number or own number has these words."""
        found = self
        for word in text.replace("\x00", "").split():
            wanted = Q(name__icontains=word) | Q(serial__icontains=word)
            wanted |= Q(asset_tag__icontains=word) | Q(held_by__name__icontains=word)
            key = key_of(word)
            if key is not None:
                wanted |= Q(pk=key)
            found = found.filter(wanted)
        return found

    def with_row(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("item_class", "organization", "location", "held_by", "team")


def key_of(number: str) -> int | None:
    """The key in a number such as CI-000123; None when it is none."""
    digits = number.upper().removeprefix("CI-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 18
    return int(digits) if is_number and number[:2].upper() == "CI" else None


class RelationQuerySet(models.QuerySet):
    def in_force(self, at: datetime | None = None) -> Self:
        """Relations that hold now; those that held at `at`, when it is given."""
        if at is None:
            return self.filter(valid_until__isnull=True)
        return self.filter(valid_from__lte=at).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=at)
        )

    def of(self, item: Any) -> Self:
        """Relations of which this item is one of the ends."""
        return self.filter(Q(source=item) | Q(target=item))

    def with_ends(self) -> Self:
        return self.select_related(
            "source__item_class", "target__item_class", "service", "offering__service"
        ).order_by("type", F("source__name"), F("target__name"), "pk")
