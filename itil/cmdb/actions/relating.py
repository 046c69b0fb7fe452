"""Saying how items depend on each other, and that it is over."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from itil.cmdb.errors import MissingValue, Refused
from itil.cmdb.models import ConfigurationItem, ItemEventKind, Relation, RelationType
from itil.cmdb.permissions import may_join
from itil.services.models import Service, ServiceOffering
from portal.people.models import User

from .changing import ask, ensure_present, record

# What a relation can lead to; services and offerings are provided, items are everything else.
Target = ConfigurationItem | Service | ServiceOffering


@transaction.atomic
def relate(
    source: ConfigurationItem,
    type: str,
    target: Target,
    *,
    by: User | None,
    passes_failure: bool = False,
    at: datetime,
) -> Relation:
    """`source` <type> `target` from now on. Cycles are accepted; readers end in them.

    Raises NotAllowed; MissingValue for a type or target that does not fit; Refused for an item
    and itself, what is related so already, what is gone, and across customers (`VIS-5`).
    """
    ask(by)
    if type not in RelationType:
        raise MissingValue("type", _("Choose how they are related."))
    kind = RelationType(type)
    if isinstance(target, ConfigurationItem):
        return _relate_items(source, kind, target, by=by, passes_failure=passes_failure, at=at)
    if kind != RelationType.PROVIDES:
        raise MissingValue("type", _("An item provides a service; choose “provides”."))
    (source,) = _locked(source)
    ensure_present(source)
    key = {"service" if isinstance(target, Service) else "offering": target}
    if Relation.objects.in_force().filter(source=source, **key).exists():
        raise _known(source, kind, target)
    made = Relation.objects.create(source=source, type=kind, valid_from=at, **key)
    _tell(made, ItemEventKind.RELATED, by=by, at=at)
    return made


def _relate_items(
    source: ConfigurationItem,
    kind: RelationType,
    target: ConfigurationItem,
    *,
    by: User | None,
    passes_failure: bool,
    at: datetime,
) -> Relation:
    if kind == RelationType.PROVIDES:
        raise MissingValue("target", _("Choose the service or the offering that it provides."))
    if source.pk == target.pk:
        raise Refused(_("%(name)s cannot be related to itself.") % {"name": source.name})
    # A symmetric relation is stored once, from the smaller key.
    if kind.is_symmetric and source.pk > target.pk:
        source, target = target, source
    source, target = _locked(source, target)
    ensure_present(source)
    ensure_present(target)
    if not may_join(source.organization, target.organization):
        raise Refused(
            _("%(source)s belongs to %(one)s, %(target)s to %(other)s: they cannot be related.")
            % {
                "source": source.name,
                "one": source.organization,
                "target": target.name,
                "other": target.organization,
            }
        )
    held = Relation.objects.in_force().filter(source=source, target=target, type=kind)
    if held.exists():
        raise _known(source, kind, target)
    made = Relation.objects.create(
        source=source,
        target=target,
        type=kind,
        passes_failure=passes_failure and kind == RelationType.CONNECTED_TO,
        valid_from=at,
    )
    _tell(made, ItemEventKind.RELATED, by=by, at=at)
    return made


@transaction.atomic
def unrelate(relation: Relation, *, by: User | None, at: datetime) -> Relation:
    """End a relation now; it stays in the history. Raises NotAllowed; Refused when it is over."""
    ask(by)
    present = Relation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if present.valid_until is not None:
        raise Refused(_("This relation has ended already."))
    end(present, by=by, at=at)
    relation.valid_until = present.valid_until
    return relation


def end(relation: Relation, *, by: User | None, at: datetime) -> None:
    """Store the end of a relation, and tell both items."""
    relation.valid_until = max(at, relation.valid_from)
    relation.save(update_fields=["valid_until"])
    _tell(relation, ItemEventKind.UNRELATED, by=by, at=at)


def _locked(*items: ConfigurationItem) -> list[ConfigurationItem]:
    """The present state of the items in their order, locked by ascending key."""
    rows = ConfigurationItem.objects.select_for_update(of=("self",)).select_related("organization")
    found = {row.pk: row for row in rows.filter(pk__in=[item.pk for item in items]).order_by("pk")}
    return [found[item.pk] for item in items]


def _tell(relation: Relation, kind: str, *, by: User | None, at: datetime) -> None:
    """One event on each item."""
    ends: list[tuple[ConfigurationItem, Any, bool]] = []
    if relation.target is not None:
        ends.append((relation.source, relation.target, True))
        ends.append((relation.target, relation.source, False))
    else:
        ends.append((relation.source, relation.offering or relation.service, True))
    for item, other, is_source in ends:
        data = {
            "relation": relation.pk,
            "type": str(relation.type),
            "other": other.number if isinstance(other, ConfigurationItem) else "",
            "other_name": str(other),
            "is_source": is_source,
        }
        record(item, kind, by=by, at=at, data=data)


def _known(source: ConfigurationItem, kind: RelationType, target: Target) -> Refused:
    return Refused(
        _("It is known already: %(source)s %(relation)s %(target)s.")
        % {"source": source.name, "relation": kind.label, "target": target}
    )
