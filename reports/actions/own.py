"""Dashboards that people put together themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.tickets.errors import Refused
from portal.people.models import Team, User
from reports.metrics.tile import ChartKind, Tile
from reports.models import Dashboard, DashboardTile

MOST_DASHBOARDS = 30
MOST_TILES = 24


@transaction.atomic
def create_dashboard(*, by: User, title: str, at: datetime, team: Team | None = None) -> Dashboard:
    """An empty one. Raises Refused beyond the limit, or for a team that is not one's own."""
    if Dashboard.objects.filter(owner=by).count() >= MOST_DASHBOARDS:
        raise Refused(
            _("You have %(count)s dashboards already. Delete one first.")
            % {"count": MOST_DASHBOARDS}
        )
    _ensure_own(team, by)
    return Dashboard.objects.create(owner=by, title=title, team=team, created_at=at)


@transaction.atomic
def edit_dashboard(dashboard: Dashboard, *, by: User, title: str, team: Team | None) -> Dashboard:
    """Give it a title, and share it with a team or no longer. Raises Refused as `create`."""
    found = _locked(dashboard, by)
    _ensure_own(team, by)
    found.title, found.team = title, team
    found.save(update_fields=["title", "team"])
    return found


@transaction.atomic
def copy_dashboard(dashboard: Dashboard, *, by: User, at: datetime) -> Dashboard:
    """One of one's own with the same tiles, shared with nobody."""
    title = _("%(title)s (copy)") % {"title": dashboard.title[:60]}
    made = create_dashboard(by=by, title=title, at=at)
    DashboardTile.objects.bulk_create(
        DashboardTile(
            dashboard=made,
            place=tile.place,
            title=tile.title,
            indicators=tile.indicators,
            by=tile.by,
            split=tile.split,
            chart=tile.chart,
        )
        for tile in dashboard.tiles.all()
    )
    return made


@transaction.atomic
def delete_dashboard(dashboard: Dashboard, *, by: User) -> None:
    """With its tiles; figures are not touched."""
    _locked(dashboard, by).delete()


@transaction.atomic
def save_tile(
    dashboard: Dashboard, asked: Tile, *, by: User, title: str = "", tile: int | None = None
) -> DashboardTile:
    """Add a tile at the end, or change the one with the primary key `tile`. Raises Refused beyond
    the limit."""
    found = _locked(dashboard, by)
    values = {
        "title": title,
        "indicators": list(asked.indicators),
        "by": asked.by,
        "split": asked.split,
        "chart": str(asked.chart),
    }
    if tile is not None:
        row = found.tiles.filter(pk=tile).first()
        if row is None:
            raise Refused(_("This tile is gone."))
        found.tiles.filter(pk=tile).update(**values)
        row.refresh_from_db()
        return row
    places = [row.place for row in found.tiles.all()]
    if len(places) >= MOST_TILES:
        raise Refused(
            _("A dashboard holds at most %(count)s tiles. Take one away first.")
            % {"count": MOST_TILES}
        )
    return DashboardTile.objects.create(dashboard=found, place=max(places, default=0) + 1, **values)


@transaction.atomic
def remove_tile(dashboard: Dashboard, tile: int, *, by: User) -> None:
    """Take one away; the others close up. Nothing happens when it is gone."""
    found = _locked(dashboard, by)
    found.tiles.filter(pk=tile).delete()
    _renumber(found, [row.pk for row in found.tiles.all()])


@transaction.atomic
def move_tile(dashboard: Dashboard, tile: int, to: int, *, by: User) -> None:
    """Put a tile at the place `to`, counted from 1; places beyond the ends are the ends. Nothing
    happens when it is gone."""
    found = _locked(dashboard, by)
    keys = [row.pk for row in found.tiles.all()]
    if tile not in keys:
        return
    keys.remove(tile)
    keys.insert(max(0, min(to - 1, len(keys))), tile)
    _renumber(found, keys)


def tile_of(row: DashboardTile) -> Tile:
    """What a stored tile asks."""
    return Tile(
        key=f"t{row.pk}",
        indicators=tuple(row.indicators),
        by=row.by,
        split=row.split,
        chart=ChartKind(row.chart),
    )


def _locked(dashboard: Dashboard, by: User) -> Dashboard:
    """The row as it stands, of its owner alone; raises Refused for others and when it is gone."""
    found: Dashboard | None = (
        Dashboard.objects.of(by).select_for_update().filter(pk=dashboard.pk).first()
    )
    if found is None:
        raise Refused(_("This dashboard is not yours to change. Copy it instead."))
    return found


def _renumber(dashboard: Dashboard, keys: Sequence[int]) -> None:
    rows = {row.pk: row for row in dashboard.tiles.all()}
    for place, key in enumerate(keys, 1):
        rows[key].place = place
    DashboardTile.objects.bulk_update(rows.values(), ["place"])


def _ensure_own(team: Team | None, by: User) -> None:
    if team is not None and team.pk not in by.grants.team_ids:
        raise Refused(_("Share it with a team that you are in."))
