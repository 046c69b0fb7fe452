"""The list of changes: its views, its order, and what a line needs."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from itil.changes.lifecycle import Status
from portal.people.models import User
from portal.ui.views_of_lists import NamedView


def _of(status: str) -> Any:
    return lambda changes, user, now: changes.filter(status=status)


def _mine(changes: Any, user: User, now: datetime) -> Any:
    mine = Q(assignee=user) | Q(pk__in=user.changes_to_implement.order_by().values("pk"))
    return changes.unfinished().filter(mine)


VIEWS = (
    NamedView("open", _("All open"), lambda changes, user, now: changes.unfinished()),
    NamedView("mine", _("Mine"), _mine),
    NamedView("assess", _("To assess"), _of(Status.ASSESSMENT)),
    NamedView("authorize", _("Waiting for authorization"), _of(Status.AUTHORIZATION)),
    NamedView("scheduled", _("Scheduled"), _of(Status.SCHEDULED)),
    NamedView("running", _("In implementation"), _of(Status.IMPLEMENTATION)),
    NamedView("review", _("To review"), _of(Status.REVIEW)),
    NamedView(
        "irregular",
        _("Unauthorized or afterwards"),
        lambda changes, user, now: changes.out_of_order(),
        is_hot=True,
        ordering="-start",
    ),
    NamedView("all", _("All"), lambda changes, user, now: changes, ordering="-number"),
)

# The rows come in the order of the window; without one last.
ORDERINGS = {
    "due": (F("planned_start").asc(nulls_last=True), "pk"),
    "start": (F("planned_start").asc(nulls_last=True), "pk"),
    "-start": (F("planned_start").desc(nulls_last=True), "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}


def rows(changes: QuerySet[Any]) -> QuerySet[Any]:
    return changes.select_related("assignee", "team", "service", "template")
