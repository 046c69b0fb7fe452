"""`manage.py kpis`."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from itil.desk import actions as desk
from tests import make
from tests.cast import MONDAY

MARCH = ("--from=2026-03-01", "--to=2026-03-31")


def kpis(*options) -> dict:
    out = io.StringIO()
    call_command("kpis", *options, "--format=json", stdout=out)
    return json.loads(out.getvalue())


def test_an_empty_period_has_nothing_to_count(db):
    found = kpis("--from=2020-01-01", "--to=2020-01-31")
    assert found["incidents"] == 0
    assert found["reopened"] == {"n": 0, "yes": 0, "share": None}
    assert found["resolution_hours"]["all"] == {
        "n": 0, "mean": None, "p50": None, "p75": None, "p90": None, "p95": None,
    }  # fmt: skip
    assert found["sla_compliance"] == {}


def test_an_empty_period_reads_not_available_as_text(db):
    out = io.StringIO()
    call_command("kpis", "--from=2020-01-01", "--to=2020-01-31", stdout=out)
    assert "  share: n/a" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from=2026-02-30", "--to=2026-03-31"), "--from 2026-02-30 is not a date"),
        (("--from=2026-03-01", "--to=yesterday"), "--to yesterday is not a date"),
        (("--from=2026-04-01", "--to=2026-03-31"), "is after --to"),
        ((*MARCH, "--zone=Atlantis"), "There is no time zone “Atlantis”"),
        ((*MARCH, "--team=Nobody"), "There is no team “Nobody”"),
    ],
)
def test_what_makes_no_sense_is_refused_with_code_2(db, options, message):
    with pytest.raises(CommandError, match=message) as refusal:
        kpis(*options)
    assert refusal.value.returncode == 2


def test_hours_are_those_of_the_work_dates_of_the_period(cast):
    ticket = make.taken_incident(cast)
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    for place, day in enumerate(days):
        desk.log_time(
            ticket, by=cast.bo, minutes=60 * 2**place, activity=cast.activity, work_date=day,
            at=MONDAY + timedelta(days=40),
        )  # fmt: skip
    assert kpis(*MARCH)["hours"]["total"] == 2 + 4


def test_created_and_resolved_are_two_different_cohorts(cast):
    make.resolved_incident(cast, at=MONDAY + timedelta(days=40))
    assert kpis(*MARCH)["incidents"] == 1
    assert kpis(*MARCH, "--basis=resolved")["incidents"] == 0
    assert kpis("--from=2026-04-01", "--to=2026-04-30", "--basis=resolved")["incidents"] == 1


def test_the_zone_decides_the_month(cast):
    make.incident(cast, at=MONDAY.replace(day=31, hour=22, minute=30))
    assert kpis(*MARCH, "--zone=UTC")["incidents"] == 1
    assert kpis(*MARCH, "--zone=Europe/Berlin")["incidents"] == 0


def test_an_organization_has_its_own_figures(cast):
    make.incident(cast)
    make.incident(cast, requester=cast.dov, by=cast.dov)
    assert kpis(*MARCH, "--organization=Globex")["incidents"] == 1
