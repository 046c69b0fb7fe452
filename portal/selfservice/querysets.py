"""The tickets that a person meets as one who asked, not as staff (`VIS-1`), and what waits for
that person all over the house.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, Q, QuerySet, Subquery, Value, When

from itil.approvals.models import Source, Vote
from itil.changes.models import BoardMember
from itil.incidents.models import MAJOR_STATES
from itil.tasks.models import Task
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket
from portal.people.models import Delegation, User
from portal.ui.paging import COUNT_LIMIT, CappedCount

# So many watched tickets, the newest, are listed beside the own ones.
WATCHED = 500

# Done as far as the desk knows; the person says whether it is.
TO_CONFIRM = ("resolved", "fulfilled")
# The person has to do something: answer a question, or say whether it is solved. Of a major
# incident the desk alone says when it is over (`INC-7`).
WAITING_FOR_REQUESTER = Q(phase=Phase.WAITING, hold_reason="awaiting_requester") | (
    Q(status__in=TO_CONFIRM) & ~Q(incident__major_state__in=MAJOR_STATES)
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
    return Ticket.objects.asked_for().filter(mine)


def newest_of(user, count: int) -> QuerySet[Ticket]:
    """The newest of `requests_of`, which cannot be narrowed further; one query, by the indexes of
    both parts.
    """
    if not user.is_authenticated:
        return Ticket.objects.none()
    watched = user.watched.order_by("-pk").values("ticket")[:WATCHED]
    # SQLite takes no order within a part.
    own = Ticket.objects.asked_for().filter(_own(user)).order_by()
    followed = Ticket.objects.asked_for().filter(pk__in=watched).order_by()
    return own.union(followed).order_by("-received_at", "-id")[:count]


def request_of(user, number: str) -> QuerySet[Ticket]:
    """The one with this number, if it is among those of `requests_of`; no query for the watched."""
    if not user.is_authenticated:
        return Ticket.objects.none()
    mine = _own(user) | Q(pk__in=user.watched.values("ticket"))
    return Ticket.objects.asked_for().filter(mine, number=number)


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


@dataclass(frozen=True)
class Waiting:
    """What a person has to do, in numbers (counted up to COUNT_LIMIT + 1), and who helps out."""

    requests: int = 0
    # As in `standing_of`.
    approvals: int = 0
    board_votes: int = 0
    sits_on_board: bool = False
    first_approval_due: datetime | None = None
    tasks: int = 0
    first_task_due: datetime | None = None
    # Who stands in for this person now or soon: how many, and the first of them.
    stand_ins: int = 0
    stand_in: str = ""
    stand_in_from: datetime | None = None
    stand_in_until: datetime | None = None
    # For whom this person stands in now.
    stands_in_for: int = 0
    delegator: str = ""
    delegator_until: datetime | None = None


def standing_of(user: Any, at: datetime) -> dict[str, Any]:
    """What every page says of `user` at `at`, by the names that templates know, inside a statement:
    how many decisions wait, those for a board among them (up to COUNT_LIMIT + 1), and whether
    `user` sits on a board.
    """
    votes = Vote.objects.asked_of(user, at)
    return {
        "approvals_waiting": _count(votes),
        "board_votes_waiting": _count(votes.filter(step__terms__source=Source.BOARD)),
        "sits_on_board": Exists(BoardMember.objects.filter(user=user, board__active=True)),
    }


def read_standing(user: Any, at: datetime) -> dict[str, Any]:
    """`standing_of` by a statement of its own."""
    found: dict[str, Any] = User.objects.filter(pk=user.pk).values(**standing_of(user, at)).get()
    return found


def waiting_of(user: Any, requests: QuerySet[Ticket], at: datetime) -> Waiting:
    """What waits for `user` at `at`, beside the `requests` that are open. One statement."""
    votes, standing = Vote.objects.asked_of(user, at), standing_of(user, at)
    tasks = Task.objects.workable().to_do_by(user, at)
    # Who does not work at the desk cannot open a task.
    tasks = tasks if user.grants.is_agent else tasks.none()
    mine = Delegation.objects.current_or_coming(at).filter(delegator=user, delegate__is_active=True)
    theirs = Delegation.objects.in_force(at).filter(delegate=user)
    found = {
        "requests": _count(requests),
        "approvals": standing["approvals_waiting"],
        "board_votes": standing["board_votes_waiting"],
        "sits_on_board": standing["sits_on_board"],
        "first_approval_due": _first(votes, "due_at"),
        "tasks": _count(tasks),
        "first_task_due": _first(tasks.filter(due_at__isnull=False), "due_at"),
        "stand_ins": _count(mine),
        "stand_in": _first(mine, "delegate__name", by="starts_at"),
        "stand_in_from": _first(mine, "starts_at"),
        "stand_in_until": _first(mine, "ends_at", by="starts_at"),
        "stands_in_for": _count(theirs),
        "delegator": _first(theirs, "delegator__name", by="ends_at"),
        "delegator_until": _first(theirs, "ends_at"),
    }
    # Names of their own: some of these are relations of a person already.
    named = {f"found_{name}": part for name, part in found.items()}
    row = User.objects.filter(pk=user.pk).order_by().values(**named).get()
    return Waiting(**{name: row[f"found_{name}"] for name in found})


def _count(rows: QuerySet[Any]) -> CappedCount:
    return CappedCount(rows.order_by().values("pk")[: COUNT_LIMIT + 1])


def _first(rows: QuerySet[Any], column: str, by: str = "") -> Subquery:
    """`column` of the first of `rows` by the column `by`, or by itself."""
    return Subquery(rows.order_by(by or column, "pk").values(column)[:1])
