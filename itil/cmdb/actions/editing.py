"""Entering items and changing what is known of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.cmdb.errors import MissingValue, StaleItem
from itil.cmdb.lifecycle import GONE, Status
from itil.cmdb.models import ConfigurationItem, ItemClass, ItemEventKind, Relation
from itil.cmdb.permissions import may_join
from itil.fields.answers import judge
from itil.fields.definition import Typed
from portal.people.models import Organization, User

from .changing import ask, locked, plain, record, refresh, write

EDITABLE = (
    "name",
    "item_class",
    "organization",
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
    "currency",
)


@transaction.atomic
def create_item(
    *,
    by: User | None,
    name: str,
    item_class: ItemClass,
    organization: Organization,
    columns: Mapping[str, Any] | None = None,
    details: Mapping[str, Typed] | None = None,
    status: str = Status.PLANNED,
    at: datetime,
) -> ConfigurationItem:
    """Enter an item. `columns` are further values of EDITABLE; `details` answer the questions of
    the class as a person types them. Raises NotAllowed, MissingValue.
    """
    ask(by)
    if status not in Status or status in GONE:
        raise MissingValue("status", _("A new item is planned, in stock, in use or in repair."))
    item = ConfigurationItem(created_at=at, updated_at=at, status=status)
    values = {"name": name, "item_class": item_class, "organization": organization}
    values |= dict(columns or {})
    for column, value in _fitting(item, values).items():
        setattr(item, column, value)
    if not item_class.active:
        raise MissingValue("item_class", _("This class is no longer used. Choose another one."))
    _check(item)
    answers = _judged(item, details or {}, by=by, at=at)
    item.details, item.details_form = answers, _form_of(item_class)
    item.save()
    told = {name: [None, plain(getattr(item, name))] for name in (*EDITABLE, "details", "status")}
    known = {column: pair for column, pair in told.items() if pair[1] not in (None, "", {})}
    record(item, ItemEventKind.CREATED, by=by, at=at, data={"changes": known})
    return item


@transaction.atomic
def edit_item(
    item: ConfigurationItem,
    *,
    by: User | None,
    version: int,
    changes: Mapping[str, Any],
    details: Mapping[str, Typed] | None = None,
    at: datetime,
) -> ConfigurationItem:
    """Change what is known of an item; `version` is the one that the person was looking at.

    `details` None leaves the own fields alone, unless the class changes: those that the new class
    does not ask go. Without a difference nothing happens. Raises NotAllowed, MissingValue,
    StaleItem.
    """
    ask(by)
    present = locked(item)
    if present.version != version:
        raise StaleItem(
            _("%(name)s was changed while you were looking at it. Check it, then save again.")
            % {"name": present.name}
        )
    wanted = _fitting(present, changes)
    real = {name: value for name, value in wanted.items() if getattr(present, name) != value}
    before, form_before = present.details, present.details_form_id
    former = {name: getattr(present, name) for name in real}
    for name, value in real.items():
        setattr(present, name, value)
    _check(present)
    if details is not None:
        answers = _judged(present, details, by=by, at=at)
    elif "item_class" in real:
        form = _form_of(present.item_class)
        answers = {
            key: value
            for key, value in before.items()
            if form is not None and key in form.questions.questions
        }
    else:
        answers = before
    for name, value in former.items():
        setattr(present, name, value)
    if answers != before:
        real["details"] = answers
    if not real:
        return refresh(item, present)
    form = _form_of(real.get("item_class", present.item_class))
    write(present, ItemEventKind.EDITED, real, by=by, at=at)
    new_form = form.pk if form else None
    if ("details" in real or "item_class" in real) and form_before != new_form:
        present.details_form = form
        present.save(update_fields=["details_form"])
    return refresh(item, present)


def _form_of(item_class: ItemClass) -> Any:
    """The published version of the own fields of a class; None without."""
    return item_class.field_set.current if item_class.field_set else None


def _judged(
    item: ConfigurationItem, typed: Mapping[str, Typed], *, by: User | None, at: datetime
) -> dict[str, Any]:
    """What was typed as answers. Raises MissingValue at the first that is not as it should be."""
    form = _form_of(item.item_class)
    if form is None:
        return {}
    verdict = judge(form.questions, typed, person=by, today=timezone.localdate(at))
    for key, fault in verdict.faults.items():
        question = form.questions.questions[key]
        raise MissingValue(f"details.{key}", f"{question.label}: {fault}")
    return dict(verdict.answers)


def _fitting(item: ConfigurationItem, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as their columns take them. Raises MissingValue for one that does not fit."""
    found = {}
    for name, value in values.items():
        if name not in EDITABLE:
            raise MissingValue(name, _("This cannot be changed here."))
        column = cast("models.Field[Any, Any]", ConfigurationItem._meta.get_field(name))
        if column.is_relation:
            if value is None and not column.null:
                raise MissingValue(name, _("Choose one."))
            found[name] = value
            continue
        try:
            if isinstance(value, str):
                value = " ".join(value.replace("\x00", "").split())
            found[name] = column.clean(value, item)
        except ValidationError as error:
            raise MissingValue(name, " ".join(error.messages)) from error
    return found


def _check(item: ConfigurationItem) -> None:
    """What has to fit together (`VIS-5`). Raises MissingValue."""
    ours = item.organization
    if item.cost is not None and item.cost < 0:
        raise MissingValue("cost", _("Enter an amount of zero or more."))
    if item.purchased_on and item.warranty_until and item.warranty_until < item.purchased_on:
        raise MissingValue(
            "warranty_until", _("The warranty cannot end before the item was bought.")
        )
    if item.location and not may_join(ours, item.location.organization):
        raise MissingValue("location", _("This location belongs to another organization."))
    if item.owner and not may_join(ours, item.owner.organization):
        raise MissingValue("owner", _("This person belongs to another organization."))
    if item.held_by and not may_join(ours, item.held_by.organization):
        raise MissingValue(
            "organization",
            _("%(name)s, who holds it, belongs to another organization. Take it back first.")
            % {"name": item.held_by},
        )
    twin = ConfigurationItem.objects.filter(organization=ours, asset_tag=item.asset_tag)
    if item.asset_tag and twin.exclude(pk=item.pk).exists():
        raise MissingValue(
            "asset_tag",
            _("Another item of %(organization)s has this inventory number.")
            % {"organization": ours},
        )
    if item.pk and _crosses(item):
        raise MissingValue(
            "organization",
            _("It is related to items of another organization. End those relations first."),
        )


def _crosses(item: ConfigurationItem) -> bool:
    """Whether a relation of the item would join two customers."""
    held = Relation.objects.in_force().of(item)
    others = held.select_related("source__organization", "target__organization")
    return any(
        relation.target is not None
        and not may_join(
            item.organization,
            (relation.target if relation.source_id == item.pk else relation.source).organization,
        )
        for relation in others
    )
