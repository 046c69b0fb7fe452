"""The dashboards: lists of tiles."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.metrics.tile import ChartKind, Tile

NUMBER, LINE, BAR = ChartKind.NUMBER, ChartKind.LINE, ChartKind.BAR
LYING, STACKED, TABLE = ChartKind.LYING, ChartKind.STACKED, ChartKind.TABLE


@dataclass(frozen=True)
class Board:
    """A dashboard. `is_money`: also for those who see nothing but money; `is_for_customers`: also
    for the contact of a customer who looks after its bills, about that customer only (`c12`);
    `is_of_all`: for nobody but those who see the figures of all teams."""

    key: str
    title: str | Promise
    tiles: Sequence[Tile]
    is_money: bool = False
    is_for_customers: bool = False
    is_of_all: bool = False

    @property
    def indicators(self) -> frozenset[str]:
        return frozenset(key for tile in self.tiles for key in tile.indicators)


def tile(*indicators: str, by: str = "", split: str = "", chart: ChartKind = NUMBER) -> Tile:
    """A tile of a dashboard of ours, named after what it asks."""
    key = "-".join(part for part in ("-".join(indicators), by, split) if part)
    return Tile(key.replace("_", "-"), indicators, by=by, split=split, chart=chart)


OVERVIEW = Board(
    "overview",
    _("Service overview"),
    (
        tile("resolved_in_time"),
        tile("first_response_median"),
        tile("resolution_median"),
        tile("reopened"),
        tile("backlog"),
        tile("billable_hours"),
        tile("resolved_in_time", by="priority", chart=LYING),
        tile("compliance", by="metric", chart=LYING),
        tile("received", "resolved", "closed", by="step", chart=BAR),
        tile("backlog", "backlog_on_hold", by="step", chart=LINE),
        tile("first_response_median", "first_response_p90", by="step", chart=LINE),
        tile("unanswered", by="step", chart=BAR),
        tile("resolution_median", "resolution_p90", by="step", chart=LINE),
        tile("delivery_from_approval_median", "delivery_from_approval_p90", by="step", chart=LINE),
        tile("delivery_median", "delivery_net_median", by="step", chart=LINE),
        tile("backlog", by="bucket", chart=LYING),
        tile("billable_hours", by="organization", chart=LYING),
        tile("hours", by="organization", chart=LYING),
    ),
    is_of_all=True,
)
RESPONSE = Board(
    "response",
    _("Response and resolution"),
    (
        tile("first_response_median"),
        tile("acknowledge_median"),
        tile("resolution_median"),
        tile("delivery_from_approval_median"),
        tile("first_contact"),
        tile("reopened"),
        tile("first_response_median", "first_response_p90", by="step", chart=LINE),
        tile("resolution_median", "resolution_p90", by="step", chart=LINE),
        tile("resolution_median", "resolution_net_median", by="step", chart=LINE),
        tile("delivery_from_approval_median", "delivery_from_approval_p90", by="step", chart=LINE),
        tile("resolution_median", by="priority", chart=LYING),
        tile("resolution_median", by="team", chart=LYING),
        tile("first_response_median", by="channel", chart=LYING),
        tile("resolution_median", by="service", chart=LYING),
        tile("unanswered", by="team", chart=LYING),
        tile("first_contact", by="step", chart=LINE),
        tile("reopened", by="step", chart=LINE),
        tile("reopened", by="team", chart=LYING),
    ),
    is_for_customers=True,
)
AGREEMENTS = Board(
    "agreements",
    _("Promises"),
    (
        tile("compliance"),
        tile("all_targets_met"),
        tile("promises_pending"),
        tile("promises_excluded"),
        tile("unmeasured"),
        tile("compliance_suppliers"),
        tile("compliance", by="step", chart=LINE),
        tile("compliance", by="metric", chart=LYING),
        tile("compliance", by="agreement", chart=LYING),
        tile("compliance", by="service", chart=LYING),
        tile("compliance", by="team", chart=LYING),
        tile("compliance", by="priority", chart=LYING),
        tile("compliance", by="organization", chart=LYING),
        tile("compliance_teams", by="team", chart=LYING),
        tile("compliance_suppliers", by="supplier", chart=LYING),
        tile("promises_excluded", by="reason", chart=LYING),
    ),
    is_for_customers=True,
)
BACKLOG = Board(
    "backlog",
    _("Backlog and flow"),
    (
        tile("received"),
        tile("resolved"),
        tile("backlog"),
        tile("backlog_on_hold"),
        tile("backlog_age_median"),
        tile("ping_pong"),
        tile("came_in", "solved", by="step", chart=BAR),
        tile("backlog", "backlog_on_hold", by="step", chart=LINE),
        tile("backlog", by="bucket", chart=LYING),
        tile("backlog", by="team", split="priority", chart=STACKED),
        tile("backlog", by="service", chart=LYING),
        tile("received", by="channel", chart=LYING),
        tile("received", by="step", split="kind", chart=STACKED),
        tile("reopenings", "cancelled", by="step", chart=BAR),
        tile("reassignments", by="service", chart=LYING),
        tile("ping_pong", by="step", chart=LINE),
    ),
)
WORKLOAD = Board(
    "workload",
    _("People and workload"),
    (
        tile("hours"),
        tile("billable_share"),
        tile("backlog"),
        tile("received"),
        tile("hours", by="team", chart=LYING),
        tile("backlog", by="team", chart=LYING),
        tile("received", "resolved", by="team", chart=BAR),
        tile("hours", by="activity", chart=LYING),
        tile("hours", by="step", split="team", chart=STACKED),
        tile("hours", by="agent", chart=LYING),
        tile("hours", by="step", split="agent", chart=TABLE),
    ),
)
RATINGS = Board(
    "voices",
    _("What people think"),
    (
        tile("csat"),
        tile("rating_mean"),
        tile("survey_answers"),
        tile("nps"),
        tile("reopened"),
        tile("csat", by="step", chart=LINE),
        tile("nps", by="step", chart=LINE),
        tile("csat", by="score", chart=TABLE),
        tile("csat", by="team", chart=LYING),
        tile("csat", by="service", chart=LYING),
        tile("csat", by="organization", chart=LYING),
        tile("survey_answers", by="step", chart=LINE),
    ),
)
KNOWLEDGE = Board(
    "knowledge",
    _("Knowledge and deflection"),
    (
        tile("deflection"),
        tile("self_service_ratio"),
        tile("self_service_share"),
        tile("first_contact"),
        tile("deflection", by="step", chart=LINE),
        tile("deflection", by="outcome", chart=TABLE),
        tile("self_service_share", by="step", chart=LINE),
        tile("self_service_share", by="service", chart=LYING),
        tile("known_errors_with_workaround", by="service", chart=LYING),
        tile("first_contact", by="category", chart=LYING),
    ),
)
CHANGES = Board(
    "problems-and-changes",
    _("Problems and changes"),
    (
        tile("change_success"),
        tile("changes_implemented"),
        tile("emergency_changes"),
        tile("unauthorised_changes"),
        tile("incidents_with_problem"),
        tile("known_errors_with_workaround"),
        tile("change_success", by="step", chart=LINE),
        tile("changes_implemented", by="outcome", chart=LYING),
        tile("changes_implemented", by="step", split="type", chart=STACKED),
        tile("change_lead_time_median", by="type", chart=LYING),
        tile("change_collisions", by="step", chart=BAR),
        tile("incidents_with_problem", by="service", chart=LYING),
        tile("incidents_per_problem", by="service", chart=LYING),
        tile("recurring_incidents", by="step", chart=BAR),
    ),
)
AVAILABILITY = Board(
    "availability",
    _("Availability and capacity"),
    (
        tile("availability"),
        tile("failures"),
        tile("time_between_failures"),
        tile("time_to_restore"),
        tile("time_between_starts"),
        tile("utilisation"),
        tile("load"),
        tile("time_until_full"),
        tile("availability", by="step", chart=LINE),
        tile("load", by="step", chart=LINE),
        tile("load", by="step", split="team", chart=TABLE),
        tile("time_until_full", by="team", chart=TABLE),
        tile("utilisation", by="step", chart=LINE),
        tile("utilisation", by="team", chart=LYING),
        tile("utilisation", by="agent", chart=LYING),
        tile("availability", by="service", chart=TABLE),
        tile("failures", by="service", chart=LYING),
        tile("time_to_restore", by="service", chart=LYING),
    ),
)
MONEY = Board(
    "money",
    _("Time and money"),
    (
        tile("hours"),
        tile("billable_hours"),
        tile("billable_share"),
        tile("invoiced"),
        tile("paid"),
        tile("overdue"),
        tile("cost_per_ticket"),
        tile("billable_utilisation"),
        tile("hours", "billable_hours", by="step", chart=BAR),
        tile("billable_share", by="step", chart=LINE),
        tile("invoiced", by="step", split="currency", chart=BAR),
        tile("paid", by="step", split="currency", chart=BAR),
        tile("overdue", by="step", split="currency", chart=BAR),
        tile("overdue", by="organization", split="currency", chart=TABLE),
        tile("cost_per_ticket", by="step", chart=LINE),
        tile("estimate_accuracy", by="step", chart=LINE),
        tile("estimates_near", by="organization", chart=LYING),
        tile("billable_hours", by="organization", chart=LYING),
        tile("billable_share", by="organization", chart=LYING),
        tile("hours", by="billing_kind", chart=LYING),
        tile("hours", by="activity", chart=LYING),
        tile("hours", by="service", chart=LYING),
    ),
    is_money=True,
    is_for_customers=True,
)

BOARDS: tuple[Board, ...] = (
    OVERVIEW, RESPONSE, AGREEMENTS, BACKLOG, WORKLOAD, RATINGS, KNOWLEDGE, CHANGES,
    AVAILABILITY, MONEY,
)  # fmt: skip
BY_KEY = {board.key: board for board in BOARDS}
