"""The list of estimates: its columns and its views."""

from django.utils.translation import gettext_lazy as _

from billing.estimates.models import Estimate
from portal.ui.tables import Column
from portal.ui.views_of_lists import ALL, NamedView
from reports.metrics.indicator import Record
from reports.tables import RecordTable, register

COLUMNS = (
    Column("number", _("Number"), sort="number", css="c-id"),
    Column("title", _("Estimate"), sort="title", css="c-sub"),
    Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
    Column("ticket", _("Ticket"), sort="ticket__number", value="ticket.number"),
    Column("state", _("State"), sort="state", value="get_state_display", css="c-status"),
    Column("until", _("Valid until"), sort="valid_until", value="valid_until"),
    Column("total", _("Without VAT"), sort="net_total", css="r", value="net_total"),
)
VIEWS = (
    NamedView("unsent", _("Drafts"), lambda rows, _user, _now: rows.drafts(), ordering="-number"),
    NamedView(
        "waiting",
        _("Waiting for the customer"),
        lambda rows, _user, _now: rows.waiting(),
        ordering="until",
    ),
    NamedView(
        "accepted", _("Accepted"), lambda rows, _user, _now: rows.accepted(), ordering="-number"
    ),
    NamedView(ALL, _("All"), lambda rows, _user, _now: rows, ordering="-number"),
)

register(
    Record.ESTIMATE,
    RecordTable(
        seen_by=lambda user: (
            Estimate.objects.visible_to(user).with_worked_minutes().select_related("organization")
        ),
        ticket=None,
        link="number",
        noun=_("Estimates"),
        default_sort="-accepted",
        searched=("number", "title", "organization__name"),
        columns=(
            Column("number", _("Number"), sort="number"),
            Column("title", _("Estimate"), sort="title"),
            Column("customer", _("Customer"), sort="organization__name", value="organization.name"),
            Column("accepted", _("Accepted"), sort="decided_at", value="decided_at"),
            Column("estimated", _("Estimated minutes"), sort="minutes", value="minutes"),
            Column("worked", _("Worked minutes"), sort="worked", value="worked"),
        ),
    ),
)
