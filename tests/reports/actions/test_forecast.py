"""What forecasts learn from the records of the desk."""

from datetime import date, timedelta

import pytest

from itil.desk import actions as desk
from reports.actions.forecast import forecast_of, full_weeks
from reports.actions.reading import Scope
from reports.metrics.period import Period
from tests import make
from tests.cast import MONDAY

SCOPE = Scope(Period(date(2025, 1, 1), date(2026, 12, 31), "UTC"))
WEEK = timedelta(weeks=1)


@pytest.fixture
def weeks(cast):
    """One ticket in the first week, solved with 90 minutes of work, and two in the third."""
    solved = make.resolved_incident(cast, at=MONDAY)
    desk.log_time(solved, by=cast.bo, minutes=90, activity=cast.activity, work_date=MONDAY.date())
    make.incident(cast, at=MONDAY + 2 * WEEK)
    make.incident(cast, at=MONDAY + 2 * WEEK)


def test_weeks_begin_with_the_first_ticket_and_end_with_the_last_full_one(weeks):
    found = full_weeks(SCOPE, MONDAY + 3 * WEEK + timedelta(days=2))
    assert found == [(MONDAY + n * WEEK).date() for n in range(3)]


def test_tickets_and_hours_are_counted_by_week_and_too_few_weeks_tell_nothing(weeks):
    found = forecast_of(SCOPE, now=MONDAY + 3 * WEEK)
    assert found["opened"] == {"past": [1.0, 0.0, 2.0], "weeks": 3, "points": []}
    assert found["hours"]["past"] == [1.5, 0.0, 0.0]
    assert (found["hours_per_ticket"], found["open"]) == (1.5, 2)
    assert (found["breach"]["enough"], found["breach"]["tickets"]) == (False, [])


def test_nothing_received_yet_has_no_weeks(db):
    found = forecast_of(SCOPE, now=MONDAY)
    assert (found["weeks"], found["opened"]["past"], found["hours_per_ticket"]) == ([], [], None)
