"""The tickets that a person meets as one who asked, not as staff (`VIS-1`)."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket

# So many watched tickets, the newest, are listed beside the own ones.
WATCHED = 500

# Done as far as the desk knows; the person says whether it is.
TO_CONFIRM = ("resolved", "fulfilled")
# The person has to do something: answer a question, or say whether it is solved.
WAITING_FOR_REQUESTER = Q(phase=Phase.WAITING, hold_reason="awaiting_requester") | Q(
    status__in=TO_CONFIRM
)
# Not over yet for the person who asked: solved, but nobody has confirmed it, is still open.
OPEN_TO_REQUESTER = ~Q(phase=Phase.DONE) | Q(status__in=TO_CONFIRM)


def requests_of(user) -> QuerySet[Ticket]:
    """What `user` asked for, was asked for `user` or is followed by `user`; with it, for contacts
    who see their organization, its tickets that are not confidential. One query for the watched.
    """
    if not user.is_authenticated:
        return Ticket.objects.none()
    # A list, not a subquery: the database can then use one index per condition.
    watched = list(user.watched.order_by("-pk").values_list("ticket_id", flat=True)[:WATCHED])
    mine = _own(user)
    if watched:
        mine |= Q(pk__in=watched)
    return Ticket.objects.filter(mine)


def newest_of(user, count: int) -> QuerySet[Ticket]:
    """The newest of `requests_of`, which cannot be narrowed further; one query, by the indexes of
    both parts.
    """
    if not user.is_authenticated:
        return Ticket.objects.none()
    watched = user.watched.order_by("-pk").values("ticket")[:WATCHED]
    # SQLite takes no order within a part.
    own = Ticket.objects.filter(_own(user)).order_by()
    followed = Ticket.objects.filter(pk__in=watched).order_by()
    return own.union(followed).order_by("-received_at", "-id")[:count]


def request_of(user, number: str) -> QuerySet[Ticket]:
    """The one with this number, if it is among those of `requests_of`; no query for the watched."""
    if not user.is_authenticated:
        return Ticket.objects.none()
    mine = _own(user) | Q(pk__in=user.watched.values("ticket"))
    return Ticket.objects.filter(mine, number=number)


def _own(user) -> Q:
    own = Q(requester=user) | Q(requested_for=user)
    if user.sees_organization and user.organization_id:
        own |= Q(organization_id=user.organization_id, is_confidential=False)
    return own


def waiting_first(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those that wait for the requester first, then the newest; adds `waits_for_me` (1 or 0)."""
    waits = Case(
        When(WAITING_FOR_REQUESTER, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    return tickets.annotate(waits_for_me=waits).order_by("-waits_for_me", "-received_at", "-pk")
