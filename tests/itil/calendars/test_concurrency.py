"""Two people at once: one of them saves, the other is told; an edition is kept once."""

import pytest
from django.test import Client
from django.urls import reverse

from itil.calendars import actions
from itil.calendars.models import BusinessCalendar, CalendarEdition
from tests.together import at_once

from .test_wagtail_hooks import MORNING, NIGHT, calendar

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("shared_database"),
]


def test_of_two_who_save_at_once_one_is_told(cast):
    url = reverse("calendars:edit", args=[cast.calendar.pk])
    people = [Client(), Client()]
    for person in people:
        person.force_login(cast.root)
    shown = {"time_zone": "Europe/Berlin", "holiday_country": "", "seen_version": 1}
    typed = [
        calendar([MORNING], name="First", **shown),
        calendar([NIGHT], name="Second", **shown),
    ]
    answers = at_once(
        *(
            lambda person=person, fields=fields: person.post(url, fields)
            for person, fields in zip(people, typed, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    (refused,) = [answer for answer in answers if answer.status_code == 200]
    assert "it is version 2 now, you saw version 1" in refused.content.decode()
    cast.calendar.refresh_from_db()
    assert cast.calendar.version == 2
    added = cast.calendar.openings.filter(weekday=0, opens__in=[510, 1320])
    assert added.count() == 1


def test_two_who_count_at_once_keep_one_edition(cast):
    copies = [BusinessCalendar.objects.get(pk=cast.calendar.pk) for _ in range(2)]
    kept = at_once(*(lambda one=one: actions.keep_edition(one) for one in copies))
    assert kept[0] == kept[1]
    assert CalendarEdition.objects.filter(calendar=cast.calendar).count() == 1
