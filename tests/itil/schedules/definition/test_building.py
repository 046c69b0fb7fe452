"""Plain choices become a rule, and a rule becomes its choices again."""

import pytest

from itil.schedules.definition import choices_of, rule_from
from itil.schedules.errors import WrongRule

PAIRS = [
    ({"frequency": "DAILY", "every": 1}, "FREQ=DAILY"),
    ({"frequency": "DAILY", "every": 3}, "FREQ=DAILY;INTERVAL=3"),
    ({"frequency": "WEEKLY", "every": 2, "weekdays": [0, 4]}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"),
    (
        {"frequency": "MONTHLY", "every": 1, "within": "day", "month_day": 31},
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    (
        {"frequency": "MONTHLY", "every": 3, "within": "last"},
        "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
    ),
    (
        {"frequency": "MONTHLY", "every": 1, "within": "weekday", "nth": -1, "nth_day": "4"},
        "FREQ=MONTHLY;BYDAY=-1FR",
    ),
    (
        {"frequency": "MONTHLY", "every": 1, "within": "weekday", "nth": 1, "nth_day": "weekday"},
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    ),
    (
        {"frequency": "YEARLY", "every": 1, "month": 2, "within": "last"},
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
    ),
]


@pytest.mark.parametrize(("chosen", "rule"), PAIRS)
def test_there_and_back(chosen, rule):
    assert rule_from(chosen) == rule
    assert choices_of(rule) == chosen


def test_choices_of_another_frequency_leave_no_trace():
    chosen = {"frequency": "DAILY", "every": 1, "weekdays": [1], "within": "last", "month": 4}
    assert rule_from(chosen) == "FREQ=DAILY"


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=DAILY;BYDAY=MO,TU", "FREQ=MONTHLY", "FREQ=YEARLY"],
)
def test_a_rule_with_more_in_it_stays_a_written_rule(rule):
    assert choices_of(rule) == {"frequency": "RULE", "every": 1, "rule": rule}
    assert rule_from(choices_of(rule)) == rule


@pytest.mark.parametrize(
    ("chosen", "field", "sentence"),
    [
        ({}, "frequency", "Choose how often it runs."),
        ({"frequency": "DAILY", "every": 100}, "every", "Enter a number from 1 to 99."),
        ({"frequency": "YEARLY", "every": 11}, "every", "Enter a number from 1 to 10."),
        ({"frequency": "WEEKLY"}, "weekdays", "Choose at least one day of the week."),
        ({"frequency": "MONTHLY"}, "within", "Choose how the day of the month is told."),
        ({"frequency": "MONTHLY", "within": "day"}, "month_day", "from 1 to 31"),
        ({"frequency": "MONTHLY", "within": "weekday", "nth": 1}, "nth", "Choose which weekday"),
        ({"frequency": "YEARLY", "within": "last"}, "month", "Choose the month."),
        ({"frequency": "RULE", "rule": ""}, "rule", "Enter a rule such as"),
    ],
)
def test_what_is_missing_is_asked_for_by_its_name(chosen, field, sentence):
    with pytest.raises(WrongRule, match=sentence) as refusal:
        rule_from(chosen)
    assert refusal.value.field == field
