"""The frame of accepted estimates beside the work they were for (`KPI-21`)."""

from typing import Any

from django.db.models import F, QuerySet

from billing.estimates.models import Estimate
from reports.frames.columns import CHOICE, COUNT, INSTANT, KEY
from reports.frames.selection import Selection
from reports.frames.tables import Column, apart, register


def _rows(selection: Selection) -> QuerySet[Any]:
    """Of finished work that is not confidential, for the customers and services of a selection."""
    found = Estimate.objects.of_finished_work().with_worked_minutes()
    return selection.narrow(
        found.filter(ticket__is_confidential=False),
        organizations="organization_id",
        services="ticket__service_id",
        priorities="ticket__priority",
        kinds="ticket__kind",
    )


register(
    apart(
        name="estimates",
        rows=_rows,
        has_own_time=True,
        columns={
            "estimate": Column(COUNT, "pk"),
            # What it binds the two sides to: an indication, a cap or a fixed price.
            "binding": Column(CHOICE, "kind"),
            "organization": Column(COUNT, "organization_id"),
            "service": Column(KEY, "ticket__service_id"),
            "team": Column(KEY, "ticket__team_id"),
            "priority": Column(COUNT, "ticket__priority"),
            "kind": Column(CHOICE, "ticket__kind"),
            "resolved_at": Column(INSTANT, "ticket__resolved_at"),
            "estimated": Column(COUNT, "minutes"),
            "worked": Column(COUNT, F("worked")),
        },
    )
)
