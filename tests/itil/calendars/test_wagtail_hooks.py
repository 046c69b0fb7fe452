"""The admin screens of calendars."""

import pytest
from django.urls import reverse

from itil.calendars.models import BusinessCalendar


def formset(prefix: str, rows: list[dict]) -> dict:
    """The posted fields of an inline panel."""
    posted = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": sum("id" in row for row in rows),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for n, row in enumerate(rows):
        posted |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return posted


def calendar(openings=(), days=(), **changes) -> dict:
    fields = {
        "name": "Plant",
        "time_zone": "Europe/Amsterdam",
        "holiday_policy": "shift_start_day",
        "holiday_country": "nl",
        "holiday_subdivision": "",
    }
    return fields | changes | formset("openings", list(openings)) | formset("days", list(days))


MORNING = {"weekday": 0, "opens": "08:30", "closes": "12:00"}
NIGHT = {"weekday": 0, "opens": "22:00", "closes": "06:00", "effective_from": "2026-06-01"}


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


def test_calendar_is_entered_with_wall_times(administrator):
    half_day = {"on": "2026-12-24", "kind": "half_day", "ends": "12:00", "name": "Christmas Eve"}
    closed = {"on": "2026-06-01", "kind": "closed", "starts": "13:00", "ends": "24:00"}
    response = administrator.post(
        reverse("calendars:add"), calendar([MORNING, NIGHT], [half_day, closed])
    )
    assert response.status_code == 302
    made = BusinessCalendar.objects.get(name="Plant")
    assert made.holiday_country == "NL"
    assert set(made.openings.values_list("weekday", "opens", "closes")) == {
        (0, 510, 720),
        (0, 1320, 360),
    }
    assert list(made.days.values_list("kind", "starts", "ends")) == [
        ("closed", 780, 1440),
        ("half_day", 0, 720),
    ]


def test_edit_shows_wall_times_and_raises_the_version(administrator, cast):
    page = administrator.get(reverse("calendars:edit", args=[cast.calendar.pk]))
    assert 'value="09:00"' in page.content.decode()
    monday = cast.calendar.openings.get(weekday=0)
    rows = [MORNING | {"id": monday.pk}]
    response = administrator.post(
        reverse("calendars:edit", args=[cast.calendar.pk]),
        calendar(rows, name="Office hours", time_zone="Europe/Berlin", holiday_country=""),
    )
    assert response.status_code == 302
    cast.calendar.refresh_from_db()
    assert cast.calendar.version == 2
    assert cast.calendar.openings.get(weekday=0).opens == 510


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (calendar([MORNING | {"opens": "8.30 am"}]), "Write the time as HH:MM"),
        (calendar([MORNING | {"closes": "25:00"}]), "Write the time as HH:MM"),
        (calendar([MORNING | {"opens": "24:00"}]), "begins at 23:59 at the latest"),
        (calendar([MORNING], time_zone="Amsterdam"), "There is no such time zone"),
        (
            calendar([MORNING], holiday_country="XX"),
            "No public holidays are known for this country",
        ),
        (
            calendar([MORNING], holiday_subdivision="BY"),
            "No public holidays are known for this region",
        ),
        (calendar([MORNING], [{"on": "2026-01-01", "kind": "open"}]), "Say from when."),
        (calendar(), "never open in the coming 400 days"),
    ],
)
def test_mistakes_are_explained_and_nothing_is_saved(administrator, posted, message):
    response = administrator.post(reverse("calendars:add"), posted)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not BusinessCalendar.objects.filter(name="Plant").exists()


def test_calendar_that_is_always_open_needs_no_openings(administrator):
    response = administrator.post(reverse("calendars:add"), calendar(always_open="on"))
    assert response.status_code == 302


def test_agents_have_no_business_with_calendars(cast, signed_in):
    response = signed_in(cast.bo).get(reverse("calendars:index"))
    assert response.status_code == 302
