"""Planned changes, windows and items for the stories of this folder."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from itil.changes.actions import windows as verbs
from itil.changes.models import Change, Conflict, FreezeWindow, MaintenanceWindow
from itil.cmdb.models import ConfigurationItem, ItemClass, Relation
from itil.desk import actions as desk
from itil.tickets.models import Channel, TicketItem
from portal.people.models import Membership, Role
from tests.cast import Cast, person

# Saturday 7 March 2026, 21:00 UTC.
SATURDAY = datetime(2026, 3, 7, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = SATURDAY - timedelta(days=5)


BERLIN = ZoneInfo("Europe/Berlin")


def typed(moment: datetime) -> str:
    """As the field of a day and time takes it from somebody in Berlin."""
    return f"{moment.astimezone(BERLIN):%Y-%m-%dT%H:%M}"


def change_manager(cast: Cast):
    """Mara answers for all changes."""
    mara = person("Mara", cast.halden)
    Membership.objects.create(user=mara, role=Role.CHANGE_MANAGER)
    return mara


def item(cast: Cast, name: str, kind: str = "Server", **fields) -> ConfigurationItem:
    """An item of the provider."""
    item_class, _made = ItemClass.objects.get_or_create(name=kind, slug=kind.lower())
    return ConfigurationItem.objects.create(
        name=name, item_class=item_class, organization=cast.halden, **fields
    )


def depends(source, target, type="depends_on", at=SATURDAY):
    return Relation.objects.create(source=source, target=target, type=type, valid_from=at)


def planned(
    cast: Cast,
    title: str = "Patch the database",
    start: datetime = SATURDAY,
    hours: float = 2,
    status: str = "scheduled",
    items=(),
    assignee=None,
    at: datetime | None = None,
    service=None,
    **columns,
) -> Change:
    """A change in its window, as the verbs leave one of this status; conflicts not looked for."""
    change = desk.open_ticket(
        Change,
        by=cast.bo,
        title=title,
        text="As agreed.",
        requester=cast.bo,
        channel=Channel.DESK,
        team=cast.desk_team,
        service=service,
        columns={
            "planned_start": start,
            "planned_end": start + hours * HOUR,
            "change_type": "normal",
            **columns,
        },
        at=at or SATURDAY - timedelta(days=10),
    )
    Change.objects.filter(pk=change.pk).update(status=status, assignee=assignee)
    for one in items:
        TicketItem.objects.create(ticket=change, item=one, role="changed", added_by=cast.bo)
    return Change.objects.get(pk=change.pk)


VALUES = {
    "name": "Month-end close",
    "note": "",
    "time_zone": "Europe/Berlin",
    "begins_on": date(2026, 3, 7),
    "begins_at": time(20),
    "ends_on": date(2026, 3, 8),
    "ends_at": time(6),
    "rule": "",
    "until": None,
    "environments": [],
    "risks": [],
    "types": [],
    "services": [],
    "item_classes": [],
}


def freeze(mara, at=SATURDAY - timedelta(days=9), **values) -> FreezeWindow:
    """A freeze over the night of Saturday; `values` set it otherwise."""
    return verbs.add_window(FreezeWindow, VALUES | values, by=mara, at=at)


def upkeep(mara, at=SATURDAY - timedelta(days=9), **values) -> MaintenanceWindow:
    """Every Saturday from 21:00 to 06:00 the next day in Berlin."""
    usual = {
        "name": "Saturday night",
        "begins_on": date(2026, 1, 3),
        "begins_at": time(21),
        "ends_on": date(2026, 1, 4),
        "ends_at": time(6),
        "rule": "FREQ=WEEKLY;BYDAY=SA",
    }
    return verbs.add_window(MaintenanceWindow, VALUES | usual | values, by=mara, at=at)


def standing(change: Change) -> list[tuple[str, str | None]]:
    """What stands against a change: the kinds, with the other change or the freeze."""
    return sorted(
        (row.kind, row.other.number if row.other else row.freeze and row.freeze.name)
        for row in Conflict.objects.present().filter(change=change).with_names()
    )


def status_of(change: Change) -> str:
    return Change.objects.get(pk=change.pk).conflict_status
