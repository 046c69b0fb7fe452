"""The frames there are: what each one holds, once for every way to read it (docs/kpis.md).

Columns of keys have their names beside them (`team` and `team_name`), found when they are asked
for. What belongs to a ticket may be asked for the columns `OF_TICKETS` as well.
"""

from django.utils.module_loading import autodiscover_modules

from . import beside, of_people, of_services, of_tickets
from .shape import TICKETS, Column, Derived, Json, JsonKey, Table, apart

__all__ = [
    "OF_TICKETS", "TABLES", "TICKETS", "Column", "Derived", "Json", "JsonKey", "Table", "apart",
    "register", "stored_tables", "table_named",
]  # fmt: skip

# What every frame of a ticket's records may be asked for beside its own columns.
OF_TICKETS = (
    "kind", "status", "phase", "priority", "channel", "team", "solver", "service", "organization",
    "category", "assignee", "requester", "received_at", "resolved_at", "closed_at", "is_child",
    "is_merged", "is_cancelled",
)  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        of_tickets.TICKETS,
        of_tickets.PHASES,
        of_tickets.TEAMS,
        of_tickets.REPRIORITIZED,
        of_tickets.CLOCKS,
        of_tickets.MESSAGES,
        of_tickets.REQUESTS,
        of_tickets.RATINGS,
        of_tickets.SURVEYS,
        of_tickets.TIME,
        of_tickets.RECORDED,
        beside.CHANGES,
        beside.PROBLEMS,
        beside.LINKS,
        beside.CONSULTATIONS,
        beside.FEEDBACK,
        of_people.WORKING_DAYS,
        of_services.SERVICE_HOURS,
        of_services.OUTAGES,
    )
}


def register(table: Table) -> None:
    """Add a frame of an upper app; its module `frames` does so when it is imported."""
    TABLES[table.name] = table


def table_named(name: str) -> Table:
    """The frame of this name. The modules `frames` of upper apps are imported when one is asked for
    that is not known: pages, which need no pandas, never do. Raises KeyError."""
    if name not in TABLES:
        autodiscover_modules("frames")
    return TABLES[name]


def stored_tables() -> dict[str, Table]:
    """Those that fact files hold."""
    return {name: table for name, table in TABLES.items() if table.is_stored}
