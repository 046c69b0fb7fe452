"""The one way an item's columns are written: under a lock, counted, dated, with an event."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from itil.cmdb.errors import NotAllowed, Refused
from itil.cmdb.models import ConfigurationItem, ItemEvent
from itil.cmdb.permissions import may_edit
from portal.people.models import User

Changes = dict[str, Any]


def ask(by: User | None) -> None:
    """Raises NotAllowed for who may not change items."""
    if not may_edit(by):
        raise NotAllowed(_("Only agents change items. Ask the service desk."))


def locked(item: ConfigurationItem) -> ConfigurationItem:
    """The present state of the item, its row locked until commit; call it in a transaction."""
    items = ConfigurationItem.objects.select_for_update(of=("self",))
    present: ConfigurationItem = items.select_related(
        "organization", "item_class__field_set__current"
    ).get(pk=item.pk)
    return present


def ensure_present(item: ConfigurationItem) -> None:
    """Raises Refused for what is retired or lost."""
    if not item.is_present:
        raise Refused(
            _("%(name)s is “%(status)s”. Bring it back into stock first.")
            % {"name": item.name, "status": item.status_label}
        )


def write(
    item: ConfigurationItem,
    kind: str,
    changes: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    told: Mapping[str, Any] | None = None,
) -> ItemEvent:
    """Store `changes` on a locked item and record them with their old values."""
    described: dict[str, list[Any]] = {}
    names: dict[str, list[str]] = {}
    for name, value in changes.items():
        before = getattr(item, name)
        described[name] = [plain(before), plain(value)]
        if isinstance(before, models.Model) or isinstance(value, models.Model):
            names[name] = [str(before or ""), str(value or "")]
        setattr(item, name, value)
    item.updated_at = at
    item.version += 1
    item.save(update_fields=[*changes, "updated_at", "version"])
    data = {**(told or {}), "changes": described}
    if names:
        data["names"] = names
    return record(item, kind, by=by, at=at, data=data)


def record(
    item: ConfigurationItem,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> ItemEvent:
    """Append one event to the history of the item."""
    return ItemEvent.objects.create(item_id=item.pk, kind=kind, actor=by, at=at, data=data or {})


def plain(value: Any) -> Any:
    """A value as the history keeps it: the key of a row, a date in ISO form, an amount as text."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def refresh(item: ConfigurationItem, present: ConfigurationItem) -> ConfigurationItem:
    """Bring the caller's object up to the present state and return it."""
    for field in ConfigurationItem._meta.concrete_fields:
        if getattr(item, field.attname) != getattr(present, field.attname):
            item._state.fields_cache.pop(field.name, None)
        setattr(item, field.attname, getattr(present, field.attname))
    return item
