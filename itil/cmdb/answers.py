"""The items that forms let people choose (`itil.fields.definition.choosing`)."""

from collections.abc import Sequence

from django.db.models import Q

from itil.fields.definition import Chooser, Thing
from portal.people.models import User

from .models import ConfigurationItem, ItemClass
from .querysets import ItemQuerySet, key_of


class ItemChooser(Chooser):
    """Items that are part of the estate; who searches finds only what he or she may see."""

    def held_by(self, holder: User, *, among: str = "") -> Sequence[Thing]:
        items = ConfigurationItem.objects.held_by_person(holder)
        return [_thing(item) for item in _of(items, among)]

    def find(self, text: str, *, among: str, asker: User) -> Sequence[Thing]:
        wanted = Q(name__iexact=text) | Q(asset_tag__iexact=text)
        key = key_of(text)
        if key is not None:
            wanted = Q(pk=key)
        return [_thing(item) for item in _of(_seen_by(asker), among).filter(wanted)[:2]]

    def suggest(self, text: str, *, among: str, asker: User, limit: int) -> Sequence[Thing]:
        return [_thing(item) for item in _of(_seen_by(asker), among).matching(text)[:limit]]

    def classes(self) -> Sequence[tuple[str, str]]:
        return list(ItemClass.objects.filter(active=True).values_list("slug", "name"))


def _seen_by(asker: User) -> ItemQuerySet:
    seen: ItemQuerySet = ConfigurationItem.objects.visible_to(asker).present()
    return seen


def _of(items: ItemQuerySet, among: str) -> ItemQuerySet:
    """Those of a class or of what is a kind of it, three levels down, in their order."""
    found = items.select_related("item_class").order_by("name", "pk")
    if not among:
        return found
    paths = ("item_class", "item_class__parent", "item_class__parent__parent")
    wanted = Q()
    for path in paths:
        wanted |= Q(**{f"{path}__slug": among})
    return found.filter(wanted)


def _thing(item: ConfigurationItem) -> Thing:
    note = ", ".join(filter(None, (item.item_class.name, item.serial)))
    return Thing(item.number, item.name, note)
