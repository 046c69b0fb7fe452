"""The steps of an item's life, and from hand to hand."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.cmdb.errors import MissingValue, MoveNotAllowed, Refused
from itil.cmdb.lifecycle import HANDED_FROM, Status, Step, find, steps_from
from itil.cmdb.models import ConfigurationItem, ItemEventKind, ItemLabel, Relation
from itil.cmdb.permissions import may_join
from portal.people.models import User

from .changing import Changes, ask, locked, record, refresh, write
from .relating import end


@transaction.atomic
def move_item(
    item: ConfigurationItem, verb: str, *, by: User | None, note: str = "", at: datetime
) -> ConfigurationItem:
    """Take one step of the life cycle. Raises NotAllowed, MoveNotAllowed, MissingValue.

    What is retired is held by nobody, its relations end and its label no longer works.
    """
    ask(by)
    present = locked(item)
    step = _step(present, verb)
    note = note.strip()
    if step.needs_note and not note:
        raise MissingValue("note", _("Say why."))
    changes: Changes = {"status": str(step.target)}
    if step.frees and present.held_by_id:
        changes["held_by"] = None
    if step.target == Status.RETIRED:
        changes["retired_at"] = at
    elif present.retired_at:
        changes["retired_at"] = None
    told = {"verb": verb} | ({"note": note} if note else {})
    write(present, ItemEventKind.MOVED, changes, by=by, at=at, told=told)
    if step.target == Status.RETIRED:
        _let_go(present, by=by, at=at)
    return refresh(item, present)


def retire(
    item: ConfigurationItem, *, by: User | None, note: str, at: datetime
) -> ConfigurationItem:
    """Take the item out of the estate, with the reason."""
    return move_item(item, "retire", by=by, note=note, at=at)


@transaction.atomic
def hand_over(
    item: ConfigurationItem, person: User, *, by: User | None, note: str = "", at: datetime
) -> ConfigurationItem:
    """Give the item to a person, who has it in use from now on; from one hand to the next as well.

    Raises NotAllowed, MoveNotAllowed, Refused.
    """
    ask(by)
    present = locked(item)
    if present.status not in HANDED_FROM:
        raise MoveNotAllowed(
            _("%(name)s is “%(status)s” and cannot be handed over. Put it in stock first.")
            % {"name": present.name, "status": present.status_label}
        )
    if not person.is_active:
        raise Refused(_("%(name)s is no longer active.") % {"name": person})
    if not may_join(present.organization, person.organization):
        raise Refused(
            _("%(name)s belongs to %(other)s, the item to %(organization)s.")
            % {
                "name": person,
                "other": person.organization or _("no organization"),
                "organization": present.organization,
            }
        )
    if present.held_by_id == person.pk:
        raise Refused(_("%(name)s has it already.") % {"name": person})
    changes: Changes = {"held_by": person}
    if present.status != Status.IN_USE:
        changes["status"] = str(Status.IN_USE)
    told = {"note": note.strip()} if note.strip() else {}
    write(present, ItemEventKind.HANDED, changes, by=by, at=at, told=told)
    return refresh(item, present)


@transaction.atomic
def take_back(
    item: ConfigurationItem, *, by: User | None, note: str = "", at: datetime
) -> ConfigurationItem:
    """Take the item from whoever has it, into stock; one in repair stays there.

    Raises NotAllowed, Refused.
    """
    ask(by)
    present = locked(item)
    if present.held_by is None:
        raise Refused(_("Nobody holds %(name)s.") % {"name": present.name})
    changes: Changes = {"held_by": None}
    if present.status == Status.IN_USE:
        changes["status"] = str(Status.IN_STOCK)
    told = {"note": note.strip()} if note.strip() else {}
    write(present, ItemEventKind.TAKEN_BACK, changes, by=by, at=at, told=told)
    return refresh(item, present)


def _step(item: ConfigurationItem, verb: str) -> Step:
    step = find(verb, item.status)
    if step is None:
        offered = ", ".join(f"“{step.label}”" for step in steps_from(item.status))
        raise MoveNotAllowed(
            _("%(name)s is “%(status)s”. From there you can: %(steps)s.")
            % {"name": item.name, "status": item.status_label, "steps": offered}
        )
    return step


def _let_go(item: ConfigurationItem, *, by: User | None, at: datetime) -> None:
    """End what ties a retired item to others, and its label."""
    for relation in Relation.objects.in_force().of(item).with_ends():
        end(relation, by=by, at=at)
    if ItemLabel.objects.filter(item=item, revoked_at__isnull=True).update(revoked_at=at):
        record(item, ItemEventKind.LABEL_REVOKED, by=by, at=at)
