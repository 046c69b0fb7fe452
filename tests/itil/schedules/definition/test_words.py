"""A rule as people say it."""

from datetime import date, time

import pytest

from itil.schedules.definition import in_words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days"),
        ("FREQ=WEEKLY;BYDAY=MO", "Every week on Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO,WE", "Every 2 weeks on Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY", "Every week on Thursday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "Every month on day 15"),
        ("FREQ=MONTHLY", "Every month on day 1"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-3", "Every 3 months on day 3 from the end"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "Every month on the first day from Monday to Friday",
        ),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=1MO", "Every year on the first Monday of March"),
        ("FREQ=YEARLY", "Every year on 1 January"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,15",
            "Every month on the days of FREQ=MONTHLY;BYMONTHDAY=1,15",
        ),
    ],
)
def test_in_words(rule, words):
    told = in_words(rule, first_on=date(2026, 1, 1), at=time(8), zone="Europe/Amsterdam")
    assert told == f"{words} at 08:00 (Amsterdam)"


def test_the_place_is_the_last_part_of_the_zone():
    told = in_words(
        "FREQ=DAILY",
        first_on=date(2026, 1, 1),
        at=time(23, 5),
        zone="America/Argentina/Buenos_Aires",
    )
    assert told == "Every day at 23:05 (Buenos Aires)"
