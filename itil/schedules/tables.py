"""The list of schedules: its columns and its views."""

from django.utils.translation import gettext_lazy as _

from portal.ui.tables import Column
from portal.ui.views_of_lists import ALL, NamedView

COLUMNS = (
    Column("title", _("Schedule"), sort="title", css="c-sub"),
    Column("opens", _("Opens"), css="c-person", value="kind_label"),
    Column("team", _("Team"), sort="team__name", css="c-assignee", value="team.name"),
    Column("rule", _("When"), css="sch-rule", value="rule_in_words"),
    Column("next", _("Next run"), sort="next_at", css="c-due", value="next_at"),
    Column("last", _("Last run"), css="c-status", value="last_outcome"),
)
VIEWS = (
    NamedView(
        "on",
        _("Switched on"),
        lambda rows, _user, _now: rows.filter(is_active=True),
        ordering="next",
    ),
    NamedView(
        "failed",
        _("Last run failed"),
        lambda rows, _user, _now: rows.with_last_run().filter(last_outcome="failed"),
        is_hot=True,
        ordering="title",
    ),
    NamedView(
        "off",
        _("Switched off"),
        lambda rows, _user, _now: rows.filter(is_active=False),
        ordering="title",
    ),
    NamedView(ALL, _("All"), lambda rows, _user, _now: rows, ordering="title"),
)
