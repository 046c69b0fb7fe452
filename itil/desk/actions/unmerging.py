"""Two tickets that were merged become two again, within a window (`INC-5`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.sla import actions as sla
from itil.sla.clock.standing import answers, takes_up, without_undone
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused, StaleRecord
from itil.tickets.models import EventKind, LinkType, Ticket, TicketEvent
from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import User

from .changing import ensure, locked, refresh_copy, touch, write
from .moving import put_back


@transaction.atomic
def unmerge(source: Ticket, *, by: User, at: datetime | None = None) -> Ticket:
    """Undo the merge that ended `source`; returns the ticket it had gone into.

    `source` goes on in the status it had. Messages stay where they were said: what came to the
    target meanwhile is there. Its people, its children and what was merged into it before come
    back unless somebody has moved them since; the clocks of both run as if nothing had been.
    Raises NotAllowed, StaleRecord when it was undone a moment ago, and Refused once the window is
    over or something was built on it; then nothing has changed.
    """
    at = at or timezone.now()
    # The caller may hold what stood there before a later merge of the target.
    stored = Ticket.objects.select_related("merged_into").get(pk=source.pk)
    merge, target = merge_of(stored), stored.merged_into
    if merge is None or target is None:
        raise StaleRecord(_("%(number)s is not merged any more.") % {"number": source.number})
    undo = merge.data.get("undo") or {}
    moved = [*undo.get("children", ()), *undo.get("absorbed", ())]
    keys = Ticket.objects.filter(number__in=moved).values_list("pk", flat=True)
    rows = Ticket.objects.filter(pk__in={source.pk, target.pk, *keys}).order_by("pk")
    found = {row.number: row for row in rows.select_for_update(of=("self",))}
    here, there = locked(source), locked(target)
    if here.merged_into_id != there.pk:
        raise StaleRecord(_("%(number)s is not merged any more.") % {"number": here.number})
    ensure_undoable(here, there, merge, by=by, at=at)
    put_back(here, undo["before"], by=by, at=at)
    tickets.unlink(here, there, LinkType.DUPLICATE_OF, by=by, at=at)
    there.watchers.filter(user__in=undo["joined"]).delete()
    data = {"undone": True}
    tickets.record(here, EventKind.MERGED, by=by, at=at, data=data | {"to": there.number})
    tickets.record(there, EventKind.MERGED, by=by, at=at, data=data | {"from": here.number})
    _bring_back(here, there, undo, found, by=by, at=at)
    _forget_answers(there, undo, at=at)
    for ticket in (here, there):
        sla.rewrite(ticket)
        touch(ticket, at=at)
    refresh_copy(source, locked(here))
    return locked(there)


def merge_of(source: Ticket) -> TicketEvent | None:
    """The event of the merge that `source` is in now; None when it is in none, or was moved along
    by a later merge of its target.
    """
    stack: list[TicketEvent] = []
    for event in source.events.filter(kind=EventKind.MERGED, data__has_key="to").order_by("pk"):
        if not event.data.get("undone"):
            stack.append(event)
        elif stack:
            stack.pop()
    last = stack[-1] if stack else None
    if last is None or source.merged_into is None:
        return None
    return last if last.data["to"] == source.merged_into.number else None


def ends_at(merge: TicketEvent) -> datetime:
    """Until when the merge can be undone."""
    end: datetime = merge.at + settings.TICKET_MERGE_UNDO_TIME
    return end


def ensure_undoable(
    source: Ticket, target: Ticket, merge: TicketEvent, *, by: User | None, at: datetime
) -> None:
    """Raises NotAllowed and Refused, with what has come in the way."""
    for ticket in (source, target):
        ensure(
            permissions.may_merge(by, ticket),
            _("You cannot undo this: another team works on %(number)s.")
            % {"number": ticket.number},
        )
    names = {"number": source.number, "target": target.number}
    if "with" in merge.data:
        names["other"] = merge.data["with"]
        raise Refused(
            _("%(number)s came to %(target)s with %(other)s. Undo that merge first.") % names
        )
    if not merge.data.get("undo"):
        raise Refused(_("What was before this merge is not known any more.") % names)
    if at > ends_at(merge):
        raise Refused(
            _("%(number)s was merged too long ago. Split out what belongs elsewhere.") % names
        )
    if target.merged_into_id is not None:
        raise Refused(_("%(target)s was merged itself since then. Undo that first.") % names)
    if target.closed_at is not None:
        raise Refused(_("%(target)s is over: the two ended as one.") % names)
    billed = TimeEntry.objects.filter(ticket__in=(source, target), state=EntryState.INVOICED)
    if billed.filter(created_at__gte=merge.at).exists():
        raise Refused(_("Work since the merge was invoiced. The two stay one.") % names)
    said = list(source.messages.values_list("pk", flat=True))
    parted = target.events.filter(kind=EventKind.SPLIT, pk__gt=merge.pk, data__message__in=said)
    if parted.exists():
        raise Refused(_("A message of %(number)s was split out since the merge.") % names)


def _bring_back(
    source: Ticket,
    target: Ticket,
    undo: Mapping[str, Any],
    found: Mapping[str, Ticket],
    *,
    by: User,
    at: datetime,
) -> None:
    """Children and earlier merges that went along, unless somebody has moved them since."""
    for number in undo["children"]:
        child = found.get(number)
        if child is not None and child.parent_id == target.pk:
            write(child, at=at, changes={"parent": source})
            changes = {"parent": [target.number, source.number]}
            tickets.record(child, EventKind.EDITED, by=by, at=at, data={"changes": changes})
    for number in undo["absorbed"]:
        earlier = found.get(number)
        if earlier is not None and earlier.merged_into_id == target.pk:
            write(earlier, at=at, changes={"merged_into": source})
            data = {"undone": True, "to": target.number, "with": source.number}
            tickets.record(earlier, EventKind.MERGED, by=by, at=at, data=data)
    former = undo.get("target_parent")
    if former == source.number and target.parent_id == source.parent_id:
        write(target, at=at, changes={"parent": source})
        above = source.parent.number if source.parent else None
        put_below: dict[str, list[str | None]] = {"parent": [above, source.number]}
        tickets.record(target, EventKind.EDITED, by=by, at=at, data={"changes": put_below})


def _forget_answers(target: Ticket, undo: Mapping[str, Any], *, at: datetime) -> None:
    """An answer that the requester of the other ticket had is none on this one any more."""
    events = without_undone(target.events.order_by("pk"))
    changes: dict[str, Any] = {}
    if not undo["answered"]:
        own = (event.at for event in events if answers(event))
        changes["first_response_at"] = min(own, default=None)
    if not undo["acknowledged"]:
        own = (event.at for event in events if takes_up(event) or answers(event))
        changes["acknowledged_at"] = min(own, default=None)
    if changes:
        write(target, at=at, changes=changes)
