"""An own dashboard; and reports by mail: one for the manager, one for a customer, of the month that
is over."""

from datetime import datetime, timedelta

from portal.people.models import Role, User
from reports.actions.own import create_dashboard, save_tile
from reports.actions.subscribing import subscribe
from reports.actions.timing import latest_due
from reports.metrics.tile import ChartKind, Tile

from .company import address_of

# What the lead of the desk looks at every Monday, by name, indicators, dimensions and chart.
MONDAY = (
    ("Open now", ("backlog",), "", "", ChartKind.NUMBER),
    ("Promises kept", ("compliance",), "", "", ChartKind.NUMBER),
    ("Came in and solved", ("came_in", "solved"), "step", "", ChartKind.BAR),
    ("What waits, and how long", ("backlog",), "bucket", "", ChartKind.LYING),
    ("Open by team and priority", ("backlog",), "team", "priority", ChartKind.STACKED),
    ("", ("resolution_median", "resolution_p90"), "step", "", ChartKind.LINE),
)


def make_dashboard(now: datetime) -> None:
    """One that the lead of the desk put together, and shares with the team."""
    sanne = User.objects.get(email=address_of("Sanne de Wit", "halden.example"))
    team = sanne.memberships.filter(role=Role.LEAD).select_related("team").first().team
    made = create_dashboard(by=sanne, title="Monday morning", team=team, at=now)
    for title, indicators, by, split, chart in MONDAY:
        tile = Tile("new", indicators, by=by, split=split, chart=chart)
        save_tile(made, tile, by=sanne, title=title)


def make_reports(now: datetime) -> None:
    """Subscribed before the last month ended, so that the worker sends it when it starts."""
    make_dashboard(now)
    ingrid = User.objects.get(email=address_of("Ingrid Bos", "halden.example"))
    grace = User.objects.get(email=address_of("Grace Owusu", "brightwater.example"))
    own = {"by": ingrid, "recipients": [ingrid], "board": "agreements", "formats": ["pdf", "xlsx"]}
    theirs = {
        "by": ingrid,
        "recipients": [grace],
        "board": "customer",
        "formats": ["pdf"],
        "organization": grace.organization,
        "comment": "A calm month. What missed its promise is on the second page.",
    }
    for name, fields in (
        ("Promises, month by month", own),
        (f"Service report for {grace.organization}", theirs),
    ):
        made = subscribe(at=now, name=name, **fields)
        made.since = latest_due(made, ingrid.zone, now=now).at - timedelta(days=1)
        made.save(update_fields=["since"])
