"""What people could do, what they did, and what a ticket costs (`KPI-13`, `KPI-14`, `KPI-20`)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.margins import actions
from billing.margins.models import CostRate
from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.timesheets.models import Absence, WorkingHours
from reports.actions.boarding import answer_board
from reports.actions.boards import BoardScope, plain_tile
from reports.charts.dashboards import BY_KEY
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Step, Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer
from reports.permissions import reach_of
from tests import make
from tests.billing import make as billing
from tests.cast import MONDAY

WEEK = Period(date(2026, 3, 2), date(2026, 3, 8), "Europe/Berlin")
LATER = MONDAY + timedelta(days=30)


def works(person, calendar, since=date(2026, 1, 1)):
    WorkingHours.objects.create(person=person, calendar=calendar, since=since)


def told(key, by="", now=LATER, step=Step.WEEK):
    selection = Selection(before=WEEK.end, since=WEEK.start)
    desk = Desk(Frames.live(selection, now=now), Window(WEEK, now, step))
    series = answer(Tile("t", (key,), by=by), desk)["series"][0]
    return (
        {p["names"][0] or p["keys"][0]: p["value"] for p in series["points"]}
        if by
        else series["total"]
    )


@pytest.fixture
def week(cast):
    """Bo is there on four days of eight hours, as he is away on Tuesday; Ned on two and a half, for
    his own team. Bo recorded four hours on one of the two tickets he solved."""
    works(cast.bo, cast.calendar)
    mornings = BusinessCalendar.objects.create(name="Mornings", time_zone="Europe/Berlin")
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=mornings, weekday=day, opens=9 * 60, closes=13 * 60)
        for day in range(5)
    )
    works(cast.ned, mornings)
    # From Saturday on nobody expects him.
    works(cast.ned, None, since=date(2026, 3, 7))
    Absence.objects.create(person=cast.bo, first_on=date(2026, 3, 3), last_on=date(2026, 3, 3))
    make.resolved_incident(cast, at=MONDAY)
    ticket = make.resolved_incident(cast, at=MONDAY)
    billing.hours(cast, 240, date(2026, 3, 4), ticket=ticket)


def test_leave_and_hours_off_are_not_in_the_working_time(cast, week):
    # 4 h of 32 h + 20 h.
    assert told("utilisation") == {"n": 1, "value": pytest.approx(4 / 52)}
    assert told("utilisation", by="team") == {
        cast.desk_team.name: pytest.approx(4 / 32), cast.network_team.name: 0.0,
    }  # fmt: skip
    assert told("billable_utilisation")["value"] == pytest.approx(4 / 52)
    # Two tickets of two hours each.
    assert told("load", by="team")[cast.desk_team.name] == pytest.approx(4 / 32)
    assert told("time_until_full") == {"n": 2, "value": None, "why": "trend"}


def test_by_day_a_weekend_is_no_gap_in_what_is_known_of_working_time(cast, week):
    rate = CostRate(hourly_cost=Decimal(50), valid_from=date(2026, 1, 1))
    actions.add_cost(rate, by=None, ends_present=True)
    assert told("utilisation", step=Step.DAY) == {"n": 1, "value": pytest.approx(4 / 52)}
    assert told("cost_per_ticket", step=Step.DAY)["value"] == 52 * 50 / 2
    by_day = told("utilisation", by="step", step=Step.DAY)
    assert (by_day["2026-03-04"], by_day["2026-03-07"]) == (pytest.approx(4 / 12), None)


def test_who_is_away_needs_no_cost_of_an_hour(cast, week):
    for person, cost in ((cast.bo, 50), (cast.ned, 40)):
        rate = CostRate(person=person, hourly_cost=Decimal(cost), valid_from=date(2026, 1, 1))
        actions.add_cost(rate, by=None, ends_present=True)
    works(cast.cleo, cast.calendar)
    Absence.objects.create(person=cast.cleo, first_on=WEEK.first, last_on=WEEK.last)
    assert told("cost_per_ticket")["value"] == (32 * 50 + 20 * 40) / 2


def test_the_working_time_to_come_is_not_counted(cast, week):
    # On Wednesday evening: Monday and Wednesday of Bo, three half days of Ned.
    assert told("utilisation", now=MONDAY + timedelta(days=2, hours=9))["value"] == pytest.approx(
        4 / (16 + 12)
    )


def test_a_ticket_costs_what_the_hours_cost_in_which_people_were_there(cast, week):
    assert told("cost_per_ticket")["why"] == "cost"
    rate = CostRate(hourly_cost=Decimal(50), valid_from=date(2026, 1, 1))
    actions.add_cost(rate, by=None, ends_present=True)
    assert told("cost_per_ticket") == {"n": 2, "value": 52 * 50 / 2, "currency": "EUR"}


def test_only_managers_are_told_what_a_ticket_costs(cast):
    assert [reach_of(person).costs for person in (cast.mia, cast.bea, cast.cleo, cast.bo)] == [
        True, False, False, False,
    ]  # fmt: skip
    scope = BoardScope(WEEK)
    tiles = [plain_tile(tile) for tile in BY_KEY["money"].tiles]
    facts = answer_board(scope.as_filters() | {"tiles": tiles}, LATER)["indicators"]
    assert [key for key, one in facts.items() if one["is_cost"]] == ["cost_per_ticket"]
