"""What a ticket has to do with others: above, below, beside, and in its way."""

from dataclasses import dataclass

from django.db.models import Q

from itil.tickets.models import LinkType, Ticket, TicketLink
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import User

# So many children are shown; the work list shows the rest.
SHOWN = 8


@dataclass(frozen=True)
class Related:
    """One line of what a ticket has to do with others, as it reads from its page."""

    other: Ticket
    label: str
    type: str
    # False where this ticket is the target of the link.
    is_outward: bool


def blockers_of(ticket: Ticket) -> TicketQuerySet:
    """The records that block this one, done ones included."""
    keys = TicketLink.objects.filter(source=ticket.pk, type=LinkType.BLOCKED_BY).values("target")
    found: TicketQuerySet = Ticket.objects.filter(pk__in=keys)
    return found


def related(ticket: Ticket, user: User) -> list[Related]:
    """The links of `ticket` to records that `user` may see, from both ends (`VIS-1`).

    One query; one more when there are any, because asking which few of them are visible is
    cheaper than joining with all that is.
    """
    key = ticket.pk
    found = [
        Related(link.target, str(LinkType(link.type).label), link.type, is_outward=True)
        if link.source_id == key
        else Related(link.source, LinkType(link.type).inverse_label, link.type, is_outward=False)
        for link in TicketLink.objects.filter(Q(source_id=key) | Q(target_id=key))
        .select_related("source", "target")
        .order_by("type", "pk")
    ]
    if not found:
        return []
    others = Ticket.objects.filter(pk__in=[one.other.pk for one in found])
    visible = set(others.visible_to(user).values_list("pk", flat=True))
    return [one for one in found if one.other.pk in visible]


@dataclass(frozen=True)
class Family:
    """What stands above and below a ticket, as far as the person may see it."""

    parent: Ticket | None
    # Open ones first, at most SHOWN.
    children: list[Ticket]
    # All below it, and how many of them are open: numbers that name nobody.
    count: int
    open_count: int

    @property
    def more(self) -> int:
        return self.count - len(self.children)


def family(ticket: Ticket, user: User) -> Family:
    """Two queries, one more for the parent of a ticket that has one."""
    visible = Ticket.objects.visible_to(user)
    below = visible.filter(parent=ticket.pk)
    rows = list(below.order_by("closed_at", "pk").values_list("pk", "phase"))
    still_open = [pk for pk, phase in rows if phase != "done"]
    shown = (still_open + [pk for pk, phase in rows if phase == "done"])[:SHOWN]
    found = Ticket.objects.in_bulk(shown) if shown else {}
    parent = visible.filter(pk=ticket.parent_id).first() if ticket.parent_id else None
    children = [found[pk] for pk in shown]
    return Family(parent, children, count=len(rows), open_count=len(still_open))
