"""Tickets are put above, below and beside each other by hand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused, StaleRecord
from itil.tickets.models import EventKind, LinkType, Ticket
from portal.people.models import User

from .changing import ensure, locked, refresh_copy, touch, write

# What people relate by hand; a duplicate is merged, a follow-up is opened.
BY_HAND = (LinkType.RELATED, LinkType.CAUSED_BY, LinkType.FIXED_BY, LinkType.BLOCKED_BY)


@transaction.atomic
def link(ticket: Ticket, other: Ticket, type: str, *, by: User, at: datetime | None = None) -> None:
    """Relate a ticket to another one that `by` may see, as the type reads from `ticket`.

    Raises NotAllowed, StaleRecord, and Refused for itself, for a circle and for a link that is
    not made by hand.
    """
    at = at or timezone.now()
    _ensure_linkable(ticket, other, by=by)
    if type not in BY_HAND:
        raise Refused(_("Choose how the two are related."))
    tickets.link(ticket, other, type, by=by, at=at)
    for end in (ticket, other):
        touch(end, at=at)


@transaction.atomic
def unlink(
    ticket: Ticket, other: Ticket, type: str, *, by: User, at: datetime | None = None
) -> bool:
    """End such a relation from either end; False when there is none any more.

    Raises NotAllowed and Refused, also for the link of a merge, which is undone as a whole.
    """
    at = at or timezone.now()
    _ensure_linkable(ticket, other, by=by)
    if type == LinkType.DUPLICATE_OF and (
        ticket.merged_into_id == other.pk or other.merged_into_id == ticket.pk
    ):
        raise Refused(_("The two were merged. Undo the merge instead."))
    gone = tickets.unlink(ticket, other, type, by=by, at=at)
    return gone or tickets.unlink(other, ticket, type, by=by, at=at)


@transaction.atomic
def set_parent(
    ticket: Ticket, parent: Ticket | None, *, by: User, at: datetime | None = None
) -> bool:
    """Put `ticket` below `parent`, or below nothing; False when it is so already.

    Raises NotAllowed, StaleRecord, and Refused for a circle, another type of record, a parent that
    is over or less confidential.
    """
    at = at or timezone.now()
    line = _above(parent) if parent is not None else []
    keys = {ticket.pk, *(above.pk for above in line)}
    rows = Ticket.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    list(rows.values_list("pk", flat=True))
    present = locked(ticket)
    ensure(
        permissions.may_link(by, present),
        _("You cannot change %(number)s: another team works on it.") % {"number": present.number},
    )
    before = present.parent
    if present.parent_id == (parent and parent.pk):
        return False
    if parent is not None:
        now_above = Ticket.objects.get(pk=parent.pk)
        if {one.pk for one in _above(now_above)} - keys:
            raise StaleRecord(
                _("Someone else moved %(number)s just now. Look at it again, then decide.")
                % {"number": parent.number}
            )
        ensure(
            permissions.may_see(by, now_above),
            _("There is no ticket %(number)s that you can see.") % {"number": parent.number},
        )
        _ensure_may_stand_below(present, now_above)
    write(present, at=at, changes={"parent": parent})
    changes = {"parent": [before and before.number, parent and parent.number]}
    tickets.record(present, EventKind.EDITED, by=by, at=at, data={"changes": changes})
    for above, what in ((before, "left"), (parent, "joined")):
        if above is not None:
            data = {"type": "child", "from": present.number, "ended": what == "left"}
            tickets.record(above, EventKind.LINKED, by=by, at=at, data=data)
            touch(above, at=at)
    refresh_copy(ticket, present)
    return True


def _ensure_may_stand_below(ticket: Ticket, parent: Ticket) -> None:
    """Raises Refused, with the reason for a person."""
    names = {"number": ticket.number, "parent": parent.number}
    if ticket.pk == parent.pk:
        raise Refused(_("%(number)s cannot stand below itself.") % names)
    if any(above.pk == ticket.pk for above in _above(parent)):
        raise Refused(
            _("%(parent)s stands below %(number)s. The other way round would be a circle.") % names
        )
    if ticket.kind != parent.kind:
        raise Refused(
            _("%(number)s and %(parent)s are of different types. Link them instead.") % names
        )
    if parent.closed_at is not None:
        raise Refused(_("%(parent)s is over. Choose a ticket that goes on.") % names)
    if parent.merged_into_id is not None:
        raise Refused(_("%(parent)s was merged into another ticket. Choose that one.") % names)
    if ticket.is_confidential and not parent.is_confidential:
        raise Refused(_("%(number)s is confidential, %(parent)s is not.") % names)


def _above(ticket: Ticket) -> list[Ticket]:
    """`ticket` and all that stand above it, from below; one query for each step."""
    line: dict[int, Ticket] = {}
    above: Ticket | None = ticket
    while above is not None and above.pk not in line:
        line[above.pk] = above
        above = above.parent
    return list(line.values())


def _ensure_linkable(ticket: Ticket, other: Ticket, *, by: User) -> None:
    """`by` works on one of the two and sees the other. Raises NotAllowed."""
    ensure(
        permissions.may_link(by, ticket),
        _("You cannot link %(number)s: another team works on it.") % {"number": ticket.number},
    )
    ensure(
        permissions.may_see(by, other),
        _("There is no ticket %(number)s that you can see.") % {"number": other.number},
    )
