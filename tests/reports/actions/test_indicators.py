"""Indicators on the command line: `manage.py kpis --format csv` and its like."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from itil.desk import actions as desk
from itil.timesheets.models import WorkingHours
from reports.actions.boarding import desk_of, frames_of
from reports.actions.boards import BoardScope
from reports.actions.indicators import Asked, indicator_figures
from reports.actions.reading import Scope
from reports.metrics.indicator import Missing
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import answer
from tests import make
from tests.cast import MONDAY

END = datetime(2026, 5, 1, tzinfo=UTC)
MARCH = ("--from=2026-03-01", "--to=2026-04-30", "--zone=UTC")


def printed(*options):
    out = io.StringIO()
    call_command("kpis", *MARCH, *options, stdout=out)
    return out.getvalue()


def told(*options):
    return json.loads(printed("--format=json", *options))["indicators"]


def test_json_has_every_indicator_by_month_with_its_total(cast):
    make.resolved_incident(cast)
    make.incident(cast, at=MONDAY + timedelta(days=30))

    found = told()

    assert list(found) == list(INDICATORS)
    assert found["received"]["points"] == [
        {"key": "2026-03", "name": "", "n": 1, "value": 1.0},
        {"key": "2026-04", "name": "", "n": 1, "value": 1.0},
    ]
    assert found["received"]["total"] == {"n": 2, "value": 2.0}


def test_one_indicator_alone_comes_without_the_other_figures(cast):
    make.incident(cast)
    found = json.loads(printed("--format=json", "--indicator=received", "--by=team"))

    assert set(found) == {"period", "basis", "data_until", "confidential", "indicators"}
    assert found["indicators"]["received"]["points"] == [
        {"key": cast.desk_team.pk, "name": "Service desk", "n": 1, "value": 1.0}
    ]


def test_csv_has_one_row_per_indicator_and_step_and_one_for_the_total(cast):
    make.incident(cast)
    rows = list(csv.DictReader(io.StringIO(printed("--format=csv", "--step=week"))))

    assert {row["indicator"] for row in rows} == set(INDICATORS)
    received = [row for row in rows if row["indicator"] == "received"]
    assert [(row["key"], row["n"]) for row in received] == [("2026-W10", "1"), ("", "1")]


def test_what_belongs_to_no_team_says_so_for_a_team(cast):
    found = told("--team=Service desk", "--indicator=deflection")
    assert found["deflection"]["total"] == {"n": None, "value": None, "why": "team"}


def test_load_of_one_team_is_what_the_dashboard_of_that_team_says(cast):
    period = Period(date(2026, 3, 2), date(2026, 4, 30), "UTC")
    # The hours a ticket takes are those of the whole desk: an hour of one team, four of the other.
    for team, person, hours in ((cast.desk_team, cast.bo, 1), (cast.network_team, cast.ned, 4)):
        WorkingHours.objects.create(person=person, calendar=cast.calendar, since=period.first)
        ticket = make.taken_incident(cast, by=person, team=team)
        done = {"resolution_code": "fixed", "note": "The queue was stuck."}
        desk.move(ticket, "resolve", by=person, values=done, at=MONDAY)
        desk.log_time(
            ticket, by=person, minutes=60 * hours, activity=cast.activity,
            work_date=MONDAY.date(), at=MONDAY,
        )  # fmt: skip
    scope = BoardScope(period, teams=frozenset([cast.desk_team.pk]))
    asked = desk_of(scope, period, frames_of(scope, END), {})
    keys = ("load", "time_until_full", "utilisation")
    board = [answer(Tile(key, (key,)), asked)["series"][0]["total"] for key in keys]
    narrowed = Asked(Scope(period, team_id=cast.desk_team.pk), keys)
    table = indicator_figures(narrowed, now=END)
    # One ticket of two and a half hours, in 44 working days of eight hours.
    assert table["load"]["total"]["value"] == pytest.approx(2.5 / 352, abs=1e-6)
    for key, total in zip(keys, board, strict=True):
        assert table[key]["total"] == pytest.approx(total, abs=1e-6)


@pytest.mark.parametrize("days", [("2020-01-01", "2020-01-31"), ("2099-01-01", "2099-01-31")])
def test_a_period_without_tickets_and_one_to_come_divide_nothing(cast, days):
    make.resolved_incident(cast)
    out = io.StringIO()
    call_command("kpis", f"--from={days[0]}", f"--to={days[1]}", "--format=json", stdout=out)

    for key, figures in json.loads(out.getvalue())["indicators"].items():
        total = figures["total"]
        statistic = figures["statistic"]
        if days[0] > "2026":
            assert (total["value"], total["why"]) == (None, "future"), key
        elif statistic in ("count", "sum"):
            assert total["value"] == 0, key
        elif key == "availability":
            # Nobody said that a service was down.
            assert (total["value"], total["n"]) == (1, 0)
        else:
            # Nothing happened, or something has never been told, such as working hours.
            assert total["value"] is None, key
            assert total["why"] in {"nothing", *Missing}, key


def test_one_ticket_has_a_median_and_no_tail(cast):
    make.resolved_incident(cast)
    found = told("--indicator=resolution_median", "--indicator=resolution_p90")

    assert found["resolution_median"]["total"]["n"] == 1
    assert found["resolution_p90"]["total"] == {"n": 1, "value": None, "why": "few"}


def test_an_indicator_that_there_is_not_is_refused_with_code_2(db):
    with pytest.raises(CommandError, match="There is no indicator “happiness”") as refusal:
        printed("--indicator=happiness")
    assert refusal.value.returncode == 2
