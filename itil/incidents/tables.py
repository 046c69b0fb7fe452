"""The board of major incidents: its views and what a line of it needs."""

from datetime import datetime

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.moments import duration_text, moment_text
from portal.ui.views_of_lists import NamedView

from .lifecycle import MajorState
from .models import Incident, MajorIncident

VIEWS = (
    NamedView(
        "live",
        _("Going on"),
        lambda rows, user, now: rows.filter(major_state=MajorState.ACCEPTED),
        is_hot=True,
    ),
    NamedView(
        "candidates",
        _("Candidates"),
        lambda rows, user, now: rows.filter(major_state=MajorState.CANDIDATE).open(),
    ),
    NamedView(
        "review",
        _("To be reviewed"),
        lambda rows, user, now: rows.filter(major_state=MajorState.RESOLVED),
    ),
    NamedView("all", _("All"), lambda rows, user, now: rows, ordering="-received"),
)
ORDERINGS = {
    "due": (F("major__update_due_at").asc(nulls_last=True), "-pk"),
    "-due": (F("major__update_due_at").desc(nulls_last=True), "-pk"),
    "received": ("received_at", "pk"),
    "-received": ("-received_at", "-pk"),
}


def rows(incidents: QuerySet, user: User) -> QuerySet:
    """What one line shows, joined and counted in the same statement; of what stands below each,
    what `user` may see counts (`VIS-1`).
    """
    children = (
        Ticket.objects.visible_to(user)
        .filter(parent=OuterRef("pk"))
        .order_by()
        .values("parent")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return incidents.select_related("major", "service", "requester", "team").annotate(
        child_count=Coalesce(Subquery(children, output_field=IntegerField()), Value(0))
    )


def majors(user) -> QuerySet:
    """Every incident that was ever proposed, as far as `user` may see it."""
    return Incident.objects.visible_to(user).filter(~Q(major_state=MajorState.NONE))


def countdown(major: MajorIncident, now: datetime) -> tuple[str, str]:
    """When the next update is due, in words, and how urgent that is: empty, warn or bad."""
    due = major.update_due_at
    if due is None:
        return "", ""
    left = (due - now).total_seconds()
    words = {"time": moment_text(due, now=now), "left": duration_text(max(abs(left), 60))}
    if left <= 0:
        return _now("The update of %(time)s is %(left)s late") % words, "bad"
    if left <= major.interval_minutes * 60 / 3:
        return _now("Next update due %(time)s, soon: in %(left)s") % words, "warn"
    return _now("Next update due %(time)s, in %(left)s") % words, ""
