"""Which rules are taken, and with which sentence the others are refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itil.schedules.definition import Parts, parse
from itil.schedules.errors import WrongRule


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("FREQ=DAILY", Parts("DAILY")),
        ("RRULE:freq=weekly;interval=2;byday=fr,mo", Parts("WEEKLY", 2, ((0, 0), (0, 4)))),
        ("FREQ=MONTHLY;BYDAY=-1FR;", Parts("MONTHLY", 1, ((-1, 4),))),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", Parts("MONTHLY", 1, (), (1, 15))),
        (
            "FREQ=YEARLY;BYMONTH=3;BYDAY=MO,TU;BYSETPOS=1;WKST=SU",
            Parts("YEARLY", 1, ((0, 0), (0, 1)), (), (3,), (1,)),
        ),
    ],
)
def test_a_rule_is_taken_apart(text, parts):
    assert parse(text) == parts


REFUSED = [
    ("", "Enter a rule such as"),
    ("   ", "Enter a rule such as"),
    ("every friday", "“EVERY FRIDAY” cannot be read."),
    ("FREQ=", "“FREQ=” cannot be read."),
    ("INTERVAL=2", "Say how often"),
    ("FREQ=FORTNIGHTLY", "Say how often"),
    ("FREQ=DAILY;FREQ=WEEKLY", "FREQ stands there twice."),
    ("FREQ=HOURLY", "Once a day is the most often"),
    ("FREQ=MINUTELY;INTERVAL=90", "Once a day is the most often"),
    ("FREQ=DAILY;BYHOUR=8,20", "Once a day is the most often"),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL lies between 1 and 99 and is not 0."),
    ("FREQ=DAILY;INTERVAL=-1", "INTERVAL lies between 1 and 99"),
    ("FREQ=YEARLY;INTERVAL=11", "INTERVAL lies between 1 and 10"),
    ("FREQ=DAILY;INTERVAL=99999999", "INTERVAL takes whole numbers"),
    ("FREQ=DAILY;INTERVAL=²", "INTERVAL takes whole numbers"),
    ("FREQ=DAILY;UNTIL=20261231", "Leave out UNTIL and COUNT."),
    ("FREQ=DAILY;COUNT=3", "Leave out UNTIL and COUNT."),
    ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "Choose FREQ=WEEKLY."),
    ("FREQ=DAILY;BYMONTHDAY=1", "BYMONTHDAY has no meaning"),
    ("FREQ=WEEKLY;BYMONTH=2", "BYMONTH has no meaning"),
    ("FREQ=WEEKLY;BYDAY=2MO", "Choose FREQ=MONTHLY."),
    ("FREQ=WEEKLY;BYDAY=XX", "BYDAY takes days such as MO or -1FR, not “XX”."),
    ("FREQ=MONTHLY;BYDAY=0FR", "BYDAY takes days"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY lies between -31 and 31"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "and is not 0."),
    ("FREQ=MONTHLY;BYSETPOS=1", "Name them with BYDAY."),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH lies between 1 and 12"),
    ("FREQ=YEARLY;BYEASTER=0", "BYEASTER has no meaning"),
    ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO has no meaning"),
    ("FREQ=DAILY;WKST=NO", "WKST is a day such as MO."),
    ("DTSTART:20260101T000000\nRRULE:FREQ=DAILY", "cannot be read."),
    ("FREQ=DAILY\nEXDATE:20260101", "cannot be read."),
    ("FREQ=DAILY;" + "WKST=MO;" * 40, "Enter a rule such as"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_cannot_be_kept_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(WrongRule) as refusal:
        parse(text)

    assert sentence in str(refusal.value)
    assert refusal.value.field == "rule"


@given(st.text(alphabet="FREQ=DAILYMONTHWKNTV;,-0123456789\n\x00Ⅷ ", max_size=60))
def test_no_text_breaks_the_reader(text):
    with suppress(WrongRule):
        assert parse(text).interval >= 1
