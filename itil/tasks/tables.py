"""The task inbox: its views, its order and what a row needs, in a bounded number of queries."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from itil.tasks.lifecycle import Status
from itil.tasks.querysets import taken_over
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.views_of_lists import NamedView


def _waiting_for_work(tasks):
    return tasks.workable()


def _of_teams(tasks, user: User):
    return tasks.filter(team_id__in=user.grants.team_ids)


def _mine_or_teams(tasks, user: User, now: datetime):
    """Those of people for whom `user` stands in count as one's own."""
    return tasks.filter(
        taken_over(user, now) | Q(assignee=user) | Q(team_id__in=user.grants.team_ids)
    )


VIEWS = (
    NamedView(
        "mine", _("Mine"), lambda tasks, user, now: _waiting_for_work(tasks).to_do_by(user, now)
    ),
    NamedView(
        "teams", _("My teams"), lambda tasks, user, now: _of_teams(_waiting_for_work(tasks), user)
    ),
    NamedView(
        "free",
        _("Nobody has it"),
        lambda tasks, user, now: _of_teams(_waiting_for_work(tasks), user).filter(
            assignee__isnull=True
        ),
    ),
    NamedView(
        "late",
        _("Late"),
        lambda tasks, user, now: _mine_or_teams(tasks.late(now), user, now),
        is_hot=True,
    ),
    NamedView(
        "later",
        _("Coming"),
        lambda tasks, user, now: _mine_or_teams(tasks.filter(status=Status.PENDING), user, now),
    ),
    NamedView("open", _("All open"), lambda tasks, user, now: tasks.live()),
    NamedView("all", _("All"), lambda tasks, user, now: tasks, ordering="-updated"),
)

# What the list can be sorted by; the primary key makes every order total.
ORDERINGS = {
    "due": (F("due_at").asc(nulls_last=True), "pk"),
    "-due": (F("due_at").desc(nulls_last=True), "-pk"),
    "updated": ("updated_at", "pk"),
    "-updated": ("-updated_at", "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}


def rows(tasks: QuerySet, user: User) -> QuerySet:
    """What one line shows; `shows_ticket` says whether `user` may see what it belongs to."""
    return tasks.select_related("ticket", "assignee", "team").annotate(
        shows_ticket=Exists(Ticket.objects.visible_to(user).filter(pk=OuterRef("ticket")))
    )
