"""Hours and numbers as they are typed."""

from decimal import Decimal

import pytest

from billing.estimates import parse
from itil.tickets.errors import MissingValue


@pytest.mark.parametrize(
    ("text", "minutes"), [("8", 480), ("7.5", 450), ("7,5", 450), ("7:30", 450), ("0:01", 1)]
)
def test_hours_are_read_in_the_ways_people_write_them(text, minutes):
    assert parse.minutes(text) == minutes


@pytest.mark.parametrize("text", ["0", "-1", "7:60", "a day", "", "1,250.00", "10001"])
def test_other_texts_are_refused(text):
    with pytest.raises(MissingValue):
        parse.minutes(text)


def test_a_mark_that_might_part_thousands_is_not_guessed_at():
    assert parse.number("1250,40") == Decimal("1250.40")
    with pytest.raises(MissingValue, match="marks between thousands"):
        parse.number("1.250,40")
