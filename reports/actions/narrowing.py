"""What of a scheduled report a person may see, by the own rights. Imports no pandas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from portal.people.models import User
from reports.charts.customer import REPORT
from reports.charts.dashboards import BOARDS, Board
from reports.charts.naming import key_name
from reports.metrics.tile import Tile
from reports.models import ReportSubscription
from reports.permissions import (
    Reach,
    may_make_boards,
    may_see_board,
    reach_in,
    reach_of,
    told_to,
)
from reports.querysets import OWN

from . import own
from .boards import tile_of

ALL: Mapping[str, Board] = {board.key: board for board in (REPORT, *BOARDS)}


@dataclass(frozen=True)
class Share:
    """The tiles that a person may see as far as `reach` goes, and whose figures they tell.

    None stands for all teams or organizations.
    """

    tiles: Sequence[Tile]
    teams: frozenset[int] | None
    organization: int | None
    reach: Reach
    # The names that somebody gave to tiles, by their keys.
    titles: Mapping[str, str] = field(default_factory=dict)


def offered(user: User) -> list[Board]:
    """The dashboards that this person may have mailed to people."""
    reach = reach_of(user)
    return [board for board in ALL.values() if may_see_board(board, reach)]


def known_tiles(boards: Sequence[Board]) -> dict[str, Tile]:
    """The tiles of dashboards by their keys, once each."""
    return {tile.key: tile for board in boards for tile in board.tiles}


def share_of(subscription: ReportSubscription, user: User) -> Share | None:
    """What this person is told; None when the rights do not reach to it."""
    reach = reach_of(user)
    if not user.is_active or not _may_have(subscription, user, reach):
        return None
    if reach.organization and reach.organization != subscription.organization_id:
        return None
    board = ALL.get(subscription.board)
    teams = (reach_in(board, reach) if board else reach).teams
    if subscription.team_id:
        if reach.organization or (teams is not None and subscription.team_id not in teams):
            return None
        teams = frozenset({subscription.team_id})
    asked, titles = _asked(subscription)
    tiles = told_to(reach, asked)
    if not tiles:
        return None
    return Share(tiles, teams, subscription.organization_id, reach, titles)


def _may_have(subscription: ReportSubscription, user: User, reach: Reach) -> bool:
    """Whether the dashboard exists for this person; of an own one everybody of the desk is told the
    figures of the own reach."""
    if subscription.board == OWN:
        return subscription.dashboard is not None and may_make_boards(user)
    board = ALL.get(subscription.board)
    return board is not None and may_see_board(board, reach)


def _asked(subscription: ReportSubscription) -> tuple[Sequence[Tile], Mapping[str, str]]:
    """The tiles, and the names that somebody gave to them. Read once for all recipients."""
    dashboard = subscription.dashboard
    if subscription.board != OWN or dashboard is None:
        board = ALL[subscription.board]
        return [tile_of(plain) for plain in subscription.tiles] or board.tiles, {}
    prefetch_related_objects([subscription], "dashboard__tiles")
    rows = {own.tile_of(row): row.title for row in dashboard.tiles.all()}
    return list(rows), {tile.key: title for tile, title in rows.items()}


def title_of(subscription: ReportSubscription) -> str:
    """What the dashboard is called."""
    if subscription.board == OWN:
        found = subscription.dashboard
        return str(found) if found else _("A dashboard that was deleted")
    board = ALL.get(subscription.board)
    return str(board.title) if board else str(subscription.board)


def narrowed_by(subscription: ReportSubscription) -> list[tuple[str, str]]:
    """The filters of tickets in words."""
    found = []
    if subscription.service:
        found.append((_("Service"), subscription.service.name))
    if subscription.priority:
        found.append((_("Priority"), key_name("priority", subscription.priority)))
    if subscription.kind:
        found.append((_("Type"), key_name("kind", subscription.kind)))
    return found


def is_customer_report(subscription: ReportSubscription) -> bool:
    return bool(subscription.board == REPORT.key)
