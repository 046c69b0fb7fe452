"""One set of rows behind the chart, the total and the list (`KPI-26`)."""

from datetime import UTC, date, datetime

import pytest

from reports.metrics.indicator import Step, Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, behind
from tests.reports.frames_given import Given, phases, tickets

BERLIN = Period(date(2026, 3, 1), date(2026, 4, 30), "Europe/Berlin")
NOW = datetime(2026, 5, 2, tzinfo=UTC)


def desk(*rows, told=(), period=BERLIN, **more):
    frames = Given({"tickets": tickets(*rows), "phases": phases(*told)})
    return Desk(frames, Window(period, NOW, more.pop("step", Step.MONTH)), **more)


def points(answered, series=0):
    return {tuple(p["keys"]): (p["n"], p["value"]) for p in answered["series"][series]["points"]}


class TestSteps:
    def test_a_ticket_of_31_march_late_in_london_is_one_of_april_in_berlin(self):
        found = desk({"received_at": "2026-03-31T22:30Z"}, {"received_at": "2026-03-31T21:30Z"})

        told = answer(Tile("t", ("received",), by="step"), found)

        assert points(told) == {("2026-03",): (1, 1), ("2026-04",): (1, 1)}

    def test_weeks_are_iso_weeks_and_the_cut_ones_are_marked(self):
        found = desk({"received_at": "2026-03-01T12:00Z"}, step=Step.WEEK)

        steps = answer(Tile("t", ("received",), by="step"), found)["steps"]

        assert steps[0] == {
            "key": "2026-W09", "first": "2026-03-01", "last": "2026-03-01", "is_whole": False,
            "is_over": True,
        }  # fmt: skip
        assert steps[1]["is_whole"]

    def test_a_month_that_is_not_over_is_not_whole(self):
        running = Period(date(2026, 5, 1), date(2026, 5, 31), "Europe/Berlin")

        steps = answer(Tile("t", ("received",)), desk({}, period=running))["steps"]

        assert [step["is_whole"] for step in steps] == [False]


class TestTeams:
    ROWS = (
        {"received_at": "2026-03-05T08:00Z", "resolved_at": "2026-03-05T10:00Z", "team": 2,
         "team_name": "Network"},
        {"received_at": "2026-03-06T08:00Z", "resolved_at": "2026-03-06T12:00Z"},
    )  # fmt: skip

    def test_a_resolution_belongs_to_the_team_that_resolved_and_a_receipt_to_the_one_that_holds(
        self,
    ):
        found = desk(*self.ROWS)

        told = answer(Tile("t", ("received", "resolved"), by="team"), found)

        assert points(told, 0) == {(1,): (1, 1), (2,): (1, 1)}
        assert points(told, 1) == {(1,): (2, 2)}

    def test_narrowed_to_a_team_each_indicator_keeps_its_own_sense(self):
        found = desk(*self.ROWS, teams=frozenset({2}))

        assert behind("received", {}, found) == [1]
        assert behind("resolved", {}, found) == []


class TestTotals:
    @pytest.mark.parametrize("by", ["step", "team", "priority", "organization", "service"])
    def test_the_points_and_their_lists_add_up_to_the_total(self, by):
        found = desk(
            {"received_at": "2026-03-05T08:00Z", "priority": 1, "service": 7},
            {"received_at": "2026-04-05T08:00Z", "team": None, "organization": 3},
            {"received_at": "2026-04-06T08:00Z", "team": 2},
        )

        series = answer(Tile("t", ("received",), by=by), found)["series"][0]

        assert sum(point["n"] for point in series["points"]) == series["total"]["n"] == 3
        for point in series["points"]:
            assert len(behind("received", {by: point["keys"][0]}, found)) == point["n"]

    def test_a_median_is_computed_from_the_rows_and_not_from_the_points(self):
        hours = (1, 2, 9)
        found = desk(
            *(
                {"received_at": f"2026-0{month}-05T00:00Z",
                 "resolved_at": f"2026-0{month}-05T0{hour}:00Z"}
                for month, hour in zip((3, 4, 4), hours, strict=True)
            )
        )  # fmt: skip

        series = answer(Tile("t", ("resolution_median",), by="step"), found)["series"][0]

        assert [point["value"] for point in series["points"]] == [3600, 5.5 * 3600]
        assert series["total"] == {"n": 3, "value": 2 * 3600}

    def test_nine_in_ten_is_told_from_ten_cases_on(self):
        row = {"received_at": "2026-03-05T00:00Z", "resolved_at": "2026-03-05T02:00Z"}

        nine = answer(Tile("t", ("resolution_p90",)), desk(*[row] * 9))["series"][0]["total"]
        ten = answer(Tile("t", ("resolution_p90",)), desk(*[row] * 10))["series"][0]["total"]

        assert nine == {"n": 9, "value": None, "why": "few"}
        assert ten == {"n": 10, "value": 7200}

    def test_a_share_of_nothing_is_told_as_nothing(self):
        series = answer(Tile("t", ("reopened",), by="step"), desk({}))["series"][0]

        assert series["points"] == []
        assert series["total"] == {"n": 0, "yes": 0, "value": None, "why": "nothing"}

    @pytest.mark.parametrize("key", ["received", "resolved", "backlog", "reopened"])
    def test_a_period_that_is_yet_to_come_has_no_figures_not_even_none(self, key):
        to_come = Period(date(2027, 1, 1), date(2027, 2, 28), "Europe/Berlin")
        found = desk({}, told=[(1, "2026-04-10T08:00Z", "new")], period=to_come)

        series = answer(Tile("t", (key,), by="step"), found)["series"][0]

        assert series["points"] == []
        assert (series["total"]["value"], series["total"]["why"]) == (None, "future")

    def test_the_period_before_is_told_beside(self):
        now = desk({"received_at": "2026-03-05T08:00Z"})
        before = desk(
            {"received_at": "2026-02-05T08:00Z"}, {"received_at": "2026-02-06T08:00Z"},
            period=BERLIN.previous,
        )  # fmt: skip

        series = answer(Tile("t", ("received",)), now, before)["series"][0]

        assert (series["total"]["n"], series["before"]["n"]) == (1, 2)


class TestLevels:
    TOLD = (
        (1, "2026-03-05T08:00Z", "new"),
        (1, "2026-04-10T08:00Z", "done"),
        (2, "2026-03-06T08:00Z", "new"),
    )
    ROWS = ({"received_at": "2026-03-05T08:00Z"}, {"received_at": "2026-03-06T08:00Z"})

    def test_the_backlog_of_each_month_is_what_was_open_at_its_end(self):
        found = desk(*self.ROWS, told=self.TOLD)

        series = answer(Tile("t", ("backlog",), by="step"), found)["series"][0]

        assert [(p["keys"], p["n"]) for p in series["points"]] == [
            (["2026-03"], 2), (["2026-04"], 1),
        ]  # fmt: skip
        assert behind("backlog", {"step": "2026-03"}, found) == [1, 2]

    def test_its_total_and_other_charts_tell_of_the_last_instant(self):
        found = desk(*self.ROWS, told=self.TOLD)

        series = answer(Tile("t", ("backlog",), by="team"), found)["series"][0]

        assert series["total"]["n"] == 1
        assert [point["n"] for point in series["points"]] == [1]
        assert behind("backlog", {}, found) == [2]
