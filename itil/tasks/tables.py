"""The task inbox: its views, its order and what a row needs, in a bounded number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from itil.tasks.lifecycle import Status
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.paging import COUNT_LIMIT, CappedCount


@dataclass(frozen=True)
class View:
    """A named part of the inbox."""

    key: str
    label: str | Promise
    narrow: Callable[[Any, User, datetime], Any]
    is_hot: bool = False
    ordering: str = "due"


def _waiting_for_work(tasks):
    return tasks.live().exclude(status=Status.PENDING)


def _of_teams(tasks, user: User):
    return tasks.filter(team_id__in=user.grants.team_ids)


def _mine_or_teams(tasks, user: User):
    return tasks.filter(Q(assignee=user) | Q(team_id__in=user.grants.team_ids))


VIEWS = (
    View(
        "mine", _("Mine"), lambda tasks, user, now: _waiting_for_work(tasks).filter(assignee=user)
    ),
    View(
        "teams", _("My teams"), lambda tasks, user, now: _of_teams(_waiting_for_work(tasks), user)
    ),
    View(
        "free",
        _("Nobody has it"),
        lambda tasks, user, now: _of_teams(_waiting_for_work(tasks), user).filter(
            assignee__isnull=True
        ),
    ),
    View(
        "late",
        _("Late"),
        lambda tasks, user, now: _mine_or_teams(tasks.late(now), user),
        is_hot=True,
    ),
    View(
        "later",
        _("Coming"),
        lambda tasks, user, now: _mine_or_teams(tasks.filter(status=Status.PENDING), user),
    ),
    View("open", _("All open"), lambda tasks, user, now: tasks.live()),
    View("all", _("All"), lambda tasks, user, now: tasks, ordering="-updated"),
)
VIEWS_BY_KEY = {view.key: view for view in VIEWS}

# What the list can be sorted by; the primary key makes every order total.
ORDERINGS = {
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "-due": (F("due_at").desc(nulls_last=True), "-pk"),
    "updated": ("updated_at", "pk"),
    "-updated": ("-updated_at", "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}


def counts(user: User, tasks: QuerySet, now: datetime) -> dict[str, int]:
    """How many tasks each view holds, at most COUNT_LIMIT + 1; one statement for all."""
    numbers = {
        view.key: CappedCount(
            view.narrow(tasks, user, now).order_by().values("pk")[: COUNT_LIMIT + 1]
        )
        for view in VIEWS
        if view.key != "all"
    }
    return User.objects.filter(pk=user.pk).values(**numbers).order_by().get()


def rows(tasks: QuerySet, user: User) -> QuerySet:
    """What one line shows; `shows_ticket` says whether `user` may see what it belongs to."""
    return tasks.select_related("ticket", "assignee", "team").annotate(
        shows_ticket=Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket")))
    )
