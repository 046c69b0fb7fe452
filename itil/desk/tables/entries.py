"""The list of time entries: its views, and what stands in its columns."""

from django.utils.translation import gettext_lazy as _

from itil.timesheets.models import EntryState
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedView

# Can be sorted by and stands in the file, but the page has no room for it.
CSV_ONLY = "csv-only"

MINE = NamedView(
    "mine",
    _("Mine"),
    lambda entries, user, now: entries.filter(agent=user),
    ordering="-date",
)
OPEN = NamedView(
    "open",
    _("To hand in"),
    lambda entries, user, now: entries.filter(
        agent=user, state__in=(EntryState.DRAFT, EntryState.REJECTED)
    ),
    is_hot=True,
    ordering="date",
)
TO_APPROVE = NamedView(
    "approve",
    _("To approve"),
    lambda entries, user, now: entries.submitted().filter(pk__in=entries.decided_by(user)),
    is_hot=True,
    ordering="date",
)
TEAM = NamedView(
    "team", _("My teams"), lambda entries, user, now: entries.of_teams(user), ordering="-date"
)
ALL = NamedView("all", _("All"), lambda entries, user, now: entries, ordering="-date")


def views_for(user) -> tuple[NamedView, ...]:
    """Which parts of the list there are for this person."""
    grants = user.grants
    found: tuple[NamedView, ...] = ()
    if grants.is_agent:
        found += (MINE, OPEN)
    if grants.is_lead:
        found += (TO_APPROVE, TEAM)
    return (*found, ALL)


def _hours(minutes: int) -> str:
    """Decimal hours for spreadsheets, with a point."""
    return f"{minutes / 60:.2f}"


def _distance(row) -> str:
    return "" if row.kilometres is None else f"{row.kilometres.normalize():f}"


def _clock(at) -> str:
    return at.isoformat(timespec="minutes") if at else ""


def _customer(row) -> str:
    return row.ticket.organization.name if row.number_shown else ""


COLUMNS = (
    Column("date", _("Date"), sort="work_date", value="work_date", css="c-day"),
    Column("person", _("Person"), sort="agent__name", value="agent.name", css="c-person"),
    Column("ticket", _("Ticket"), sort="ticket__number", value="number_shown", css="c-num"),
    Column("customer", _("Customer"), value=_customer, css=CSV_ONLY),
    Column("activity", _("Activity"), sort="activity__name", value="activity.name", css="c-act"),
    Column("note", _("What was done"), value="note_shown", css="c-note"),
    Column("from", _("From"), value=lambda row: _clock(row.started_at), css=CSV_ONLY),
    Column("until", _("Until"), value=lambda row: _clock(row.ended_at), css=CSV_ONLY),
    Column("minutes", _("Time"), sort="minutes", css="r c-min"),
    Column("hours", _("Hours"), value=lambda row: _hours(row.minutes), css=CSV_ONLY),
    Column("kilometers", _("Kilometers"), value=_distance, css=CSV_ONLY),
    Column("billing", _("Billing"), value=lambda row: row.get_billing_kind_display(), css="c-bill"),
    Column(
        "state", _("State"), sort="state", value=lambda row: row.get_state_display(), css="c-st"
    ),
)
