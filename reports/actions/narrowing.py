"""What of a scheduled report a person may see, by the own rights. Imports no pandas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.people.models import User
from reports.charts.customer import REPORT
from reports.charts.dashboards import BOARDS, Board
from reports.metrics.tile import Tile
from reports.models import ReportSubscription
from reports.permissions import may_see_board, reach_of, told_to

from .boards import tile_of

ALL: Mapping[str, Board] = {board.key: board for board in (REPORT, *BOARDS)}


@dataclass(frozen=True)
class Share:
    """The tiles that a person may see, and whose figures they tell; amounts are for those teams,
    and `costs` of the desk are told or not.

    None stands for all teams or organizations.
    """

    tiles: Sequence[Tile]
    teams: frozenset[int] | None
    organization: int | None
    money: frozenset[int] | None
    costs: bool = False

    @property
    def has_money(self) -> bool:
        """Whether amounts of these teams may be told."""
        if self.money is None:
            return True
        return self.teams is not None and bool(self.teams) and self.teams <= self.money


def offered(user: User) -> list[Board]:
    """The dashboards that this person may have mailed to people."""
    reach = reach_of(user)
    return [board for board in ALL.values() if may_see_board(board, reach)]


def known_tiles(boards: Sequence[Board]) -> dict[str, Tile]:
    """The tiles of dashboards by their keys, once each."""
    return {tile.key: tile for board in boards for tile in board.tiles}


def share_of(subscription: ReportSubscription, user: User) -> Share | None:
    """What this person is told; None when the rights do not reach to it."""
    reach, board = reach_of(user), ALL.get(subscription.board)
    if board is None or not user.is_active or not may_see_board(board, reach):
        return None
    if reach.organization and reach.organization != subscription.organization_id:
        return None
    teams = reach.teams
    if board.is_money and not reach.has_teams:
        # Who sees nothing but money sees that of the whole desk.
        teams = reach.money
    if subscription.team_id:
        if reach.organization or (teams is not None and subscription.team_id not in teams):
            return None
        teams = frozenset({subscription.team_id})
    tiles = told_to(reach, [tile_of(plain) for plain in subscription.tiles] or board.tiles)
    if not tiles:
        return None
    return Share(tiles, teams, subscription.organization_id, reach.money, reach.costs)


def is_customer_report(subscription: ReportSubscription) -> bool:
    return bool(subscription.board == REPORT.key)
