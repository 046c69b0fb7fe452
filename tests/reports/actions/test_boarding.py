"""One set of rows behind every chart, its total and its lists, for each role (`KPI-26`)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from itil.desk import actions as desk
from itil.surveys.actions import rate
from portal.people.models import Membership, Role
from reports.actions.boarding import desk_of, frames_of, records_behind
from reports.actions.boards import people_of
from reports.charts.dashboards import BOARDS
from reports.filters.boards import choose_board
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import answer, behind
from reports.permissions import may_see_board, reach_in, reach_of, told_to
from tests import make
from tests.cast import MONDAY, person

MARCH = {"from": "2026-03-01", "to": "2026-03-31", "compare": "none", "step": "week"}
END = datetime(2026, 4, 30, tzinfo=UTC)


@pytest.fixture
def march(cast):
    """Of 2 March: one solved by the desk with an hour and a half of work, one answered and handed
    to the network team, and one of Globex untouched."""
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        solved = make.resolved_incident(cast, at=MONDAY + timedelta(hours=3))
        answered = make.taken_incident(cast)
        desk.reply(answered, by=cast.bo, text="Looking.", at=MONDAY + timedelta(minutes=30))
        desk.hand_over(answered, cast.network_team, by=cast.bo)
        untouched = make.incident(cast, by=cast.dov, requester=cast.dov)
        desk.log_time(
            solved, by=cast.bo, minutes=90, activity=cast.activity, work_date=MONDAY.date()
        )
    return solved, answered, untouched


def test_boards_ask_only_what_there_is():
    keys = [tile.key for board in BOARDS for tile in board.tiles]
    assert len(keys) > 90
    for board in BOARDS:
        assert len({tile.key for tile in board.tiles}) == len(board.tiles)
        for tile in board.tiles:
            for indicator in (INDICATORS[key] for key in tile.indicators):
                assert {*tile.dimensions} - {"step"} <= {*indicator.dimensions}, tile.key


def everybody(cast):
    """Who may see a dashboard, by what they are."""
    Membership.objects.create(user=cast.ann, role=Role.PROBLEM_MANAGER)
    ada = person("Ada", cast.halden)
    Membership.objects.create(user=ada, role=Role.CHANGE_MANAGER)
    type(cast.dov).objects.filter(pk=cast.dov.pk).update(billing_contact=True)
    cast.dov.refresh_from_db()
    return {
        "agent": cast.bo,
        "agent of another team": cast.ned,
        "lead": cast.cleo,
        "manager": cast.mia,
        "administrator": cast.root,
        "problem manager": cast.ann,
        "change manager": ada,
        "billing clerk": cast.bea,
        "contact of a customer": cast.dov,
    }


def test_for_each_role_every_point_is_its_list_and_the_points_add_up_to_the_total(march, cast):
    read, told = Read(), {}
    for role, user in everybody(cast).items():
        reach, people = reach_of(user), people_of(user)
        told[role] = 0
        for board in (board for board in BOARDS if may_see_board(board, reach)):
            scope = choose_board(MARCH, reach_in(board, reach), today=END.date()).scope
            told[role] += sum(
                read.told(tile, scope, people) for tile in told_to(reach, board.tiles)
            )
    few = ("agent of another team", "billing clerk", "contact of a customer")
    assert min(told.pop(role) for role in few) >= 1
    assert min(told.values()) > 20, told


class Read:
    """What was judged already: who sees the same reads the same, so it is read once."""

    def __init__(self):
        self.desks, self.judged = {}, {}

    def told(self, tile, scope, people):
        """How many points of a tile have cases, each of which has as many as its list."""
        people = people if "agent" in tile.dimensions else None
        key = (tile.key, scope.teams, scope.organization, people)
        if key not in self.judged:
            filters = scope.as_filters() | {"people": people}
            if key[1:] not in self.desks:
                frames = frames_of(scope, END)
                self.desks[key[1:]] = desk_of(scope, scope.period, frames, filters)
            self.judged[key] = judged(tile, self.desks[key[1:]])
        return self.judged[key]


def judged(tile, found):
    told = 0
    for series in answer(tile, found)["series"]:
        indicator, points = INDICATORS[series["indicator"]], series["points"]
        for point in points[:3]:
            asked = dict(zip(tile.dimensions, point["keys"], strict=True))
            if point["n"] is not None:
                assert len(behind(indicator.key, asked, found)) == point["n"], tile.key
                told += point["n"] > 0
        if adds_up(tile, series, indicator):
            assert sum(point["n"] for point in points) == series["total"]["n"], tile.key
    return told


def adds_up(tile, series, indicator):
    """Whether all points are told, and each case is in one of them."""
    is_followed = indicator.is_level and "step" in tile.dimensions
    all_told = all(point["n"] is not None for point in series["points"])
    return series["told"] and tile.dimensions and all_told and not is_followed


def test_a_list_keeps_a_record_once_with_how_often_it_is_counted(march, cast):
    scope = choose_board(MARCH, reach_of(cast.mia), today=END.date()).scope
    filters = scope.as_filters() | {"indicator": "hours", "point": [["step", "2026-W10"]]}
    data, times = records_behind(filters, END)
    assert (data["n"], data["records"], data["few"], list(times.values())) == (1, 1, False, [1])
    nothing = records_behind(filters | {"indicator": "no_such"}, END)
    assert nothing == ({"indicator": None, "n": 0, "few": False, "records": 0}, {})


def test_what_is_hidden_because_another_would_follow_tells_neither_number_nor_list(cast):
    for place, score in enumerate([5] * 6 + [4] * 5 + [1]):
        at = MONDAY + timedelta(minutes=place)
        rate(make.resolved_incident(cast, at=at), by=cast.ann, score=score, at=at)
    scope = choose_board(MARCH, reach_of(cast.mia), today=END.date()).scope
    filters = scope.as_filters() | {"indicator": "csat"}
    by_score = Tile("t", ("csat",), by="score")
    board = answer(by_score, desk_of(scope, scope.period, frames_of(scope, END), filters))
    told = {one["keys"][0]: one["n"] for one in board["series"][0]["points"]}
    assert told == {"5": 6, "4": None, "1": None}
    for score, n in told.items():
        data, times = records_behind(filters | {"point": [["score", score]]}, END)
        assert (data["n"], data["few"], len(times)) == (n, n is None, n or 0)
    assert records_behind(filters | {"point": []}, END)[0]["n"] == 12
