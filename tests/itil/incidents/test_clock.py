"""How long a question has waited, in business days."""

from datetime import date, timedelta

import pytest

from itil.calendars.models import CalendarDay
from itil.desk import actions as desk
from itil.desk.clock import weekdays
from itil.incidents.clock import unanswered
from itil.sla.models import Agreement, Metric, ServiceTarget
from tests import make
from tests.cast import MONDAY, office_hours

DAY = timedelta(days=1)
SATURDAY = MONDAY + 5 * DAY


def asked(cast, at=MONDAY, **changes):
    """A question to Ann about her incident."""
    ticket = make.taken_incident(cast, at=at, **changes)
    values = {"hold_reason": "awaiting_requester", "note": "Which address?"}
    return desk.move(ticket, "hold", by=cast.bo, values=values, at=at)


def the_wait():
    (wait,) = unanswered(MONDAY + 30 * DAY)
    return wait


@pytest.mark.parametrize(("days", "calendar_days"), [(1, 1), (2, 2), (4, 4), (5, 7), (7, 9)])
def test_business_days_are_those_of_the_agreement_at_the_same_time(cast, days, calendar_days):
    asked(cast)
    assert the_wait().after(days) == MONDAY + calendar_days * DAY


def test_a_holiday_does_not_count(cast):
    CalendarDay.objects.create(calendar=cast.calendar, on=date(2026, 3, 3), kind="holiday")
    cast.calendar.save()
    asked(cast)
    assert the_wait().after(2) == MONDAY + 3 * DAY


def test_a_question_of_saturday_counts_from_monday_on(cast):
    asked(cast, at=SATURDAY)
    # Monday 09:00 in Berlin, an hour before the time of the question.
    assert the_wait().after(2) == SATURDAY + 4 * DAY - timedelta(hours=1)


def test_the_agreement_of_the_ticket_goes_before_the_default_one(cast):
    always = office_hours("Always")
    always.always_open = True
    always.save()
    acme = Agreement.objects.create(name="Acme", calendar=always, organization=cast.acme)
    for priority in range(1, 6):
        ServiceTarget.objects.create(
            agreement=acme, metric=Metric.RESOLUTION, priority=priority, seconds=3600
        )
    asked(cast)
    assert the_wait().after(5) == MONDAY + 5 * DAY


def test_without_any_agreement_the_weekdays_count(cast):
    Agreement.objects.update(active=False)
    asked(cast)
    assert the_wait().schedule == weekdays()
    assert the_wait().after(5) == MONDAY + 7 * DAY


def test_only_questions_to_the_requester_that_are_old_enough_are_found(cast):
    asked(cast)
    asked(cast, at=MONDAY + DAY)
    other = make.taken_incident(cast)
    values = {"hold_reason": "awaiting_vendor", "reference": "V7"}
    desk.move(other, "hold", by=cast.bo, values=values, at=MONDAY)
    assert [wait.since for wait in unanswered(MONDAY + DAY)] == [MONDAY]


def test_it_takes_the_same_queries_for_any_number_of_questions(cast, django_assert_max_num_queries):
    asked(cast)
    list(unanswered(MONDAY + DAY))
    for _number in range(10):
        asked(cast)
    with django_assert_max_num_queries(4):
        assert len(list(unanswered(MONDAY + DAY))) == 11
