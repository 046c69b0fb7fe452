"""What can be asked of what-if."""

import json
from datetime import date

import pytest

from itil.calendars.hours import Schedule, is_holiday
from itil.calendars.hours.public import PublicHolidays
from reports.actions.questions import Question
from reports.metrics.period import Period
from tests.itil.sla.stories import OFFICE

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "UTC")


def test_filters_alone_try_nothing():
    assert not Question(MARCH, priorities=frozenset({1}), team=1, agreement=2).tries_anything


@pytest.mark.parametrize(
    "tried",
    [
        {"targets": {("resolution", 3): 3600}},
        {"schedule": OFFICE.schedule()},
        {"pausing": frozenset()},
    ],
)
def test_a_target_other_hours_and_even_no_pause_at_all_are_tried(tried):
    assert Question(MARCH, **tried).tries_anything


@pytest.mark.parametrize(
    "question",
    [
        Question(MARCH),
        Question(
            MARCH,
            priorities=frozenset({1, 4}),
            team=1,
            organization=2,
            agreement=3,
            targets={("resolution", 3): 3600, ("acknowledge", 1): 60},
            schedule=OFFICE.schedule(),
            pausing=frozenset({"awaiting_requester"}),
        ),
        Question(MARCH, pausing=frozenset()),
    ],
)
def test_a_question_can_be_stored_and_read_back(question):
    assert Question.of_filters(json.loads(json.dumps(question.as_filters()))) == question


def test_public_holidays_of_a_question_are_those_that_were_kept():
    christmas = date(2026, 12, 25)
    kept = PublicHolidays("DE", kept={2026: {date(2026, 7, 1): "Made up"}})
    asked = Question(MARCH, schedule=Schedule("UTC", always_open=True, public_holidays=kept))
    again = Question.of_filters(asked.as_filters()).schedule
    assert is_holiday(again, date(2026, 7, 1))
    assert not is_holiday(again, christmas)
