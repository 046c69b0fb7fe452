"""The list of problems: its views, and what a row needs."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedView

VIEWS = (
    NamedView("open", _("Open"), lambda problems, user, now: problems.open(), ordering="priority"),
    NamedView(
        "known",
        _("Known errors"),
        lambda problems, user, now: problems.known_errors(),
        ordering="priority",
    ),
    NamedView(
        "verify",
        _("To verify"),
        lambda problems, user, now: problems.to_verify(),
        ordering="updated",
    ),
    NamedView(
        "review",
        _("Risk to look at again"),
        lambda problems, user, now: problems.filter(
            status="resolved", resolution_code="risk_accepted", review_on__lte=now.date()
        ),
        is_hot=True,
        ordering="updated",
    ),
    NamedView(
        "mine",
        _("Mine"),
        lambda problems, user, now: problems.filter(
            Q(status="resolved") | ~Q(phase="done"), assignee=user
        ),
        ordering="priority",
    ),
    NamedView("all", _("All"), lambda problems, user, now: problems, ordering="-number"),
)

COLUMNS = (
    Column("number", _("Number"), sort="pk", css="c-num", value="number"),
    Column("title", _("Subject"), css="c-sub"),
    Column(
        "incidents",
        _("Incidents"),
        sort="incident_count",
        css="r prb-count",
        value="incident_count",
    ),
    Column("assignee", _("Owner"), value="assignee.name", css="c-assignee"),
    Column("priority", _("Priority"), sort="priority", css="c-priority"),
    Column("status", _("Status"), sort="status", css="c-status", value="status_label"),
    Column("updated", _("Updated"), sort="updated_at", css="r c-ago", value="updated_at"),
)
