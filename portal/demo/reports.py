"""Reports by mail: one for the manager, one for a customer, of the month that is over."""

from datetime import datetime, timedelta

from portal.people.models import User
from reports.actions.subscribing import subscribe
from reports.actions.timing import latest_due

from .company import address_of


def make_reports(now: datetime) -> None:
    """Subscribed before the last month ended, so that the worker sends it when it starts."""
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
