"""Codes for labels: given once, revoked when a label is lost or misused (`FLD-2`)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from itil.cmdb.models import ConfigurationItem, ItemEvent, ItemEventKind, ItemLabel
from portal.people.models import Location, User

from .changing import ask, locked, record


@transaction.atomic
def label_items(
    items: Iterable[ConfigurationItem], *, by: User | None, at: datetime
) -> list[ItemLabel]:
    """The label of each item, in their order; a new one for those that have none in force."""
    ask(by)
    wanted = [item for item in items if item.is_present]
    keys = [item.pk for item in wanted]
    list(ConfigurationItem.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    found = {
        label.item_id: label
        for label in ItemLabel.objects.filter(item__in=keys, revoked_at__isnull=True)
    }
    new = [item for item in wanted if item.pk not in found]
    for label in ItemLabel.objects.bulk_create(
        ItemLabel(item=item, created_at=at, created_by=by) for item in new
    ):
        found[label.item_id] = label
    ItemEvent.objects.bulk_create(
        ItemEvent(item=item, kind=ItemEventKind.LABELLED, actor=by, at=at) for item in new
    )
    for item in wanted:
        found[item.pk].item = item
    return [found[item.pk] for item in wanted]


@transaction.atomic
def revoke_label(item: ConfigurationItem, *, by: User | None, at: datetime) -> bool:
    """Let the item's code work no longer; the next sheet gives it a new one. False without one."""
    ask(by)
    present = locked(item)
    labels = ItemLabel.objects.filter(item=present, revoked_at__isnull=True)
    if not labels.update(revoked_at=at):
        return False
    record(present, ItemEventKind.LABEL_REVOKED, by=by, at=at)
    return True


@transaction.atomic
def label_places(places: Iterable[Location], *, by: User | None, at: datetime) -> list[ItemLabel]:
    """The label of each place, in their order; a new one for those that have none in force."""
    ask(by)
    wanted = list(places)
    keys = [place.pk for place in wanted]
    list(Location.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    in_force = ItemLabel.objects.filter(location__in=keys, revoked_at__isnull=True)
    found = {label.location_id: label for label in in_force}
    for label in ItemLabel.objects.bulk_create(
        ItemLabel(location=place, created_at=at, created_by=by)
        for place in wanted
        if place.pk not in found
    ):
        found[label.location_id] = label
    return [found[place.pk] for place in wanted]


@transaction.atomic
def revoke_place_label(place: Location, *, by: User | None, at: datetime) -> bool:
    """Let the code of a place work no longer; the next sheet gives it a new one. False without."""
    ask(by)
    labels = ItemLabel.objects.filter(location=place, revoked_at__isnull=True)
    return bool(labels.update(revoked_at=at))
