"""How long a person is to work on a day, the same for the week sheet and the reports."""

from datetime import date, timedelta

import pytest

from itil.timesheets.matching import minutes_due, targets_of
from itil.timesheets.models import Absence, WorkingHours

# Monday 2 to Sunday 8 March 2026.
WEEK = [date(2026, 3, 2) + timedelta(days=number) for number in range(7)]
TUESDAY, WEDNESDAY = WEEK[1:3]


@pytest.fixture
def hours(cast):
    """Bo works eight hours from Monday to Friday."""
    return WorkingHours.objects.create(
        person=cast.bo, calendar=cast.calendar, since=date(2026, 1, 1)
    )


def test_working_hours_are_due_less_absences_and_holidays(cast, hours):
    Absence.objects.create(person=cast.bo, first_on=date(2026, 2, 27), last_on=TUESDAY)
    Absence.objects.create(person=cast.ned, first_on=WEEK[0], last_on=WEEK[6])
    cast.calendar.days.create(kind="holiday", on=WEDNESDAY, name="Founding day")
    cast.calendar.save()
    assert targets_of(cast.bo, WEEK) == [0, 0, 0, 480, 480, 0, 0]


def test_of_days_about_which_nobody_has_said_anything_nothing_is_known(cast, hours):
    WorkingHours.objects.create(person=cast.bo, calendar=None, since=WEDNESDAY)
    Absence.objects.create(person=cast.bo, first_on=WEEK[0], last_on=WEEK[6])
    assert targets_of(cast.bo, WEEK) == [0, 0, None, None, None, None, None]
    assert targets_of(cast.ned, WEEK) == [None] * 7


def test_all_people_are_asked_at_the_price_of_one(cast, hours, django_assert_num_queries):
    WorkingHours.objects.create(person=cast.ned, calendar=cast.calendar, since=WEEK[4])
    Absence.objects.create(person=cast.bo, first_on=TUESDAY, last_on=TUESDAY)
    targets_of(cast.bo, WEEK)
    with django_assert_num_queries(2):
        found = list(minutes_due(TUESDAY, WEEK[4]))
    assert found == [
        (cast.bo.pk, TUESDAY, 0),
        *((cast.bo.pk, day, 480) for day in WEEK[2:5]),
        (cast.ned.pk, WEEK[4], 480),
    ]
