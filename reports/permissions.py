"""Who may see which figures (domain section 8, 'Dashboards: team / all / money')."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.people.models import User
from reports.charts.dashboards import BOARDS, Board
from reports.metrics.indicator import Unit
from reports.metrics.tile import Tile

# Dimensions of the desk itself, by which a customer is told nothing.
OF_THE_DESK = frozenset({"team", "agent", "organization", "supplier"})


@dataclass(frozen=True)
class Reach:
    """Whose figures a person may see. None stands for all, an empty set for none.

    `teams`: figures of these teams, as each figure has its own sense of a team. `money`: amounts of
    these teams. `costs`: what the desk costs. `organization`: of nobody but this customer, whose
    contact looks after its bills (`c12`). By person, everybody sees the own figures, and leads
    those of their people (`KPI-25`).
    """

    teams: frozenset[int] | None = frozenset()
    money: frozenset[int] | None = frozenset()
    organization: int | None = None
    costs: bool = False

    @property
    def has_teams(self) -> bool:
        return self.teams is None or bool(self.teams)

    @property
    def has_money(self) -> bool:
        return self.money is None or bool(self.money)

    def reaches(self, team: int | None) -> bool:
        """Whether the figures of a team, or with None of the whole desk, may be seen."""
        return self.teams is None or team in self.teams


def reach_of(user: User) -> Reach:
    """The union of what the roles of a person give."""
    if not user.is_authenticated or not user.is_active:
        return Reach()
    grants = user.grants
    pays = grants.is_manager or grants.is_billing_clerk
    if not grants.is_staff:
        if grants.is_billing_contact and user.organization_id:
            return Reach(teams=None, money=None, organization=user.organization_id)
        return Reach()
    return Reach(
        teams=None if grants.sees_all_tickets else frozenset(grants.team_ids),
        money=None if pays else frozenset(grants.led_team_ids),
        costs=grants.is_manager,
    )


def may_see_reports(user: User) -> bool:
    """The reports of the whole desk; the figures hold no confidential ticket."""
    return reach_of(user).teams is None and user.grants.is_staff


def may_see_boards(user: User) -> bool:
    """Any dashboard at all."""
    reach = reach_of(user)
    return reach.has_teams or reach.has_money


def may_see_board(board: Board, reach: Reach) -> bool:
    """Whether a dashboard exists for people of this reach."""
    if reach.organization:
        return board.is_for_customers
    if board.is_of_all and reach.teams is not None:
        return False
    return reach.has_teams or (board.is_money and reach.has_money)


def reach_in(board: Board, reach: Reach) -> Reach:
    """On the dashboard of money those who see nothing else see the whole desk."""
    if reach.has_teams or not board.is_money:
        return reach
    return replace(reach, teams=reach.money)


def reach_about(indicator: str, reach: Reach) -> Reach:
    """As `reach_in` where the dashboard of money has this figure."""
    for board in BOARDS:
        if board.is_money and indicator in board.indicators:
            return reach_in(board, reach)
    return reach


def told_to(reach: Reach, tiles: Sequence[Tile]) -> list[Tile]:
    """Of tiles those that people of this reach are told: a customer nothing of the desk itself."""
    return [one for one in tiles if _may_tell_by(one.dimensions, reach)]


def _may_tell_by(dimensions: Iterable[str], reach: Reach) -> bool:
    return not reach.organization or not OF_THE_DESK & {*dimensions}


def may_see_money(reach: Reach, teams: frozenset[int] | None) -> bool:
    """Amounts of these teams, or with None of the whole desk: leads see those of the teams they
    lead, those who look after the money see all."""
    if reach.money is None:
        return True
    return bool(teams) and teams is not None and teams <= reach.money


def may_see_figure(
    known: Mapping[str, Any] | None, reach: Reach, teams: frozenset[int] | None
) -> bool:
    """Whether a figure of these teams, or with None of the whole desk, may be told.

    `known` is what was stored about its indicator. Nothing is told where that does not say whether
    it is an amount or a cost: the indicator is gone, or an earlier version stored it.
    """
    if known is None:
        return False
    unit, is_cost = known.get("unit"), known.get("is_cost")
    if unit not in (*Unit,) or not isinstance(is_cost, bool) or (is_cost and not reach.costs):
        return False
    return unit != Unit.MONEY or may_see_money(reach, teams)


def tiles_told(
    tiles: Iterable[Tile],
    known: Mapping[str, Mapping[str, Any]],
    reach: Reach,
    teams: frozenset[int] | None,
) -> list[Tile]:
    """Of tiles those of which every figure may be told; `known` by the key of the indicator."""
    return [
        tile
        for tile in tiles
        if all(may_see_figure(known.get(key), reach, teams) for key in tile.indicators)
    ]


def may_see_behind(indicator: str, dimensions: Iterable[str], reach: Reach) -> bool:
    """Whether the list behind a point in these dimensions exists for people of this reach: of a
    customer that of the figures on the own dashboards."""
    if not reach.organization:
        return reach.has_teams
    known = any(board.is_for_customers and indicator in board.indicators for board in BOARDS)
    return known and reach.has_teams and _may_tell_by(dimensions, reach)


def may_make_boards(user: User) -> bool:
    """Put together dashboards and pivots: whoever sees figures of teams."""
    reach = reach_of(user)
    return reach.has_teams and reach.organization is None


def may_try_what_if(user: User) -> bool:
    """Managers and administrators: it weighs what is promised to customers."""
    if not user.is_authenticated:
        return False
    return bool(user.grants.is_manager or user.grants.is_administrator)


def may_read_by_program(user: User) -> bool:
    """Managers and administrators: a program reads the figures of the whole desk."""
    return may_try_what_if(user)


def may_schedule_reports(user: User) -> bool:
    """Leads, managers and administrators; each recipient gets no more than the own figures."""
    if not user.is_authenticated or not user.is_active:
        return False
    grants = user.grants
    return bool(grants.is_lead or grants.is_manager or grants.is_administrator)
