"""The report for a customer: how the service was in a period."""

from django.utils.translation import gettext_lazy as _

from reports.querysets import CUSTOMER

from .dashboards import BAR, LINE, LYING, STACKED, TABLE, Board, tile

REPORT = Board(
    CUSTOMER,
    _("Service report for a customer"),
    (
        tile("compliance"),
        tile("all_targets_met"),
        tile("promises_excluded"),
        tile("received"),
        tile("resolved"),
        tile("backlog"),
        tile("csat"),
        tile("resolution_median"),
        tile("reopened"),
        tile("compliance", by="metric", chart=LYING),
        tile("compliance", by="step", chart=LINE),
        tile("compliance", by="priority", chart=TABLE),
        tile("compliance", by="service", chart=LYING),
        tile("promises_excluded", by="reason", chart=TABLE),
        tile("received", by="step", split="kind", chart=STACKED),
        tile("came_in", "solved", by="step", chart=BAR),
        tile("resolution_median", by="priority", chart=LYING),
        tile("backlog", by="bucket", chart=LYING),
        tile("csat", by="score", chart=TABLE),
    ),
    is_for_customers=True,
)
