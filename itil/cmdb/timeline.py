"""What happened to an item, in words, and what it was on a past day."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _

from .lifecycle import STEPS
from .models import ConfigurationItem, ItemEvent, ItemEventKind, Relation, RelationType

Names = dict[tuple[type[models.Model], int], str]


@dataclass(frozen=True)
class Happening:
    """One line of the history."""

    at: datetime
    actor: Any
    text: str
    # What changed: label, before, after.
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    note: str = ""


def history(item: ConfigurationItem, most: int = 100) -> list[Happening]:
    """The latest events of the item, newest first. Two statements at most, and one for each kind
    of record that is named.
    """
    events = item.events.select_related("actor").order_by("-at", "-pk")[:most]
    return [
        Happening(
            at=event.at,
            actor=event.actor,
            text=_said(event),
            changes=_in_words(event),
            note=event.data.get("note", ""),
        )
        for event in events
    ]


def _said(event: ItemEvent) -> str:
    data = event.data
    match event.kind:
        case ItemEventKind.CREATED:
            return _("entered it")
        case ItemEventKind.MOVED:
            labels = {step.verb: str(step.label) for step in STEPS}
            return labels.get(data.get("verb", ""), _("changed the status"))
        case ItemEventKind.HANDED:
            return _("handed it over")
        case ItemEventKind.TAKEN_BACK:
            return _("took it back")
        case ItemEventKind.RELATED | ItemEventKind.UNRELATED:
            kind = RelationType(data["type"])
            said = {
                "relation": kind.label if data["is_source"] else kind.inverse_label,
                "name": data["other_name"],
            }
            if event.kind == ItemEventKind.RELATED:
                return _("related it: %(relation)s %(name)s") % said
            return _("ended the relation: %(relation)s %(name)s") % said
        case ItemEventKind.LABELLED:
            return _("gave it a label")
        case ItemEventKind.LABEL_REVOKED:
            return _("revoked its label")
    return _("changed it")


def _in_words(event: ItemEvent) -> list[tuple[str, str, str]]:
    """The changes of an event, but for what its line says already."""
    if event.kind == ItemEventKind.CREATED:
        return []
    names = event.data.get("names", {})
    found = []
    for name, (before, after) in event.data.get("changes", {}).items():
        if name in ("retired_at", "details"):
            continue
        label = _label(name)
        if name in names:
            before, after = names[name]
        else:
            before, after = _text(name, before), _text(name, after)
        found.append((label, before or "–", after or "–"))
    if "details" in event.data.get("changes", {}):
        before, after = event.data["changes"]["details"]
        changed = sum(1 for key in {*before, *after} if before.get(key) != after.get(key))
        found.append((_("own fields"), "", str(changed)))
    return found


def _label(name: str) -> str:
    return str(ConfigurationItem._meta.get_field(name).verbose_name)


def _text(name: str, value: Any) -> str:
    """A plain value of a column as people read it."""
    if value is None or value == "":
        return ""
    column: Any = ConfigurationItem._meta.get_field(name)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateField) and isinstance(value, str):
        return formats.date_format(date.fromisoformat(value[:10]), "j F Y")
    return str(value)


@dataclass(frozen=True)
class Past:
    """An item as it was at a moment: its columns in words, and its relations."""

    at: datetime
    # Raw values, keys for records.
    values: dict[str, Any]
    relations: list[Relation]
    # (label, text) of what is shown.
    lines: list[tuple[str, str]]


SHOWN = (
    "name",
    "item_class",
    "status",
    "organization",
    "held_by",
    "owner",
    "team",
    "location",
    "criticality",
    "environment",
    "serial",
    "asset_tag",
    "vendor",
    "purchased_on",
    "warranty_until",
    "cost",
)


def item_at(item: ConfigurationItem, at: datetime) -> Past | None:
    """What the item and its relations were at `at`; None when it was not known yet.

    Its present columns are taken back event by event. Two statements, and one for each kind of
    record whose name is asked for.
    """
    if item.created_at > at:
        return None
    values = {name: getattr(item, _column(name).attname) for name in (*SHOWN, "details")}
    later = item.events.filter(at__gt=at).order_by("-at", "-pk")
    for event in later:
        for name, (before, _after) in event.data.get("changes", {}).items():
            if name in values:
                values[name] = before
    relations = list(relations_of(item, at))
    return Past(at=at, values=values, relations=relations, lines=_lines(values))


def relations_of(item: ConfigurationItem, at: datetime | None = None) -> Any:
    """The relations of the item that hold, or held at `at`, with both ends. One statement."""
    return Relation.objects.in_force(at).of(item).with_ends()


def _column(name: str) -> Any:
    return ConfigurationItem._meta.get_field(name)


def _lines(values: dict[str, Any]) -> list[tuple[str, str]]:
    wanted: dict[Any, set[int]] = {}
    for name in SHOWN:
        column = _column(name)
        if column.is_relation and values[name]:
            wanted.setdefault(column.related_model, set()).add(values[name])
    names: Names = {}
    for model, keys in wanted.items():
        for row in model._default_manager.filter(pk__in=keys):
            names[model, row.pk] = str(row)
    found = []
    for name in SHOWN:
        column = _column(name)
        value = values[name]
        if column.is_relation:
            text = names.get((column.related_model, value), _("unknown")) if value else ""
        else:
            text = _text(name, value if not isinstance(value, date) else value.isoformat())
        found.append((_label(name), text))
    return found
