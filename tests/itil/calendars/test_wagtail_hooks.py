"""The admin screens of calendars."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from itil.calendars.hours import is_holiday
from itil.calendars.models import BusinessCalendar, HolidayDate, HolidayList, HolidayUse


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


def calendar(openings=(), days=(), lists=(), **changes) -> dict:
    fields = {
        "name": "Plant",
        "time_zone": "Europe/Amsterdam",
        "holiday_policy": "shift_start_day",
        "holiday_country": "nl",
        "holiday_subdivision": "",
    }
    rows = formset("openings", list(openings)) | formset("days", list(days))
    return fields | rows | formset("holiday_lists", list(lists)) | changes


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


def test_openings_that_overlap_are_saved_and_told(administrator):
    afternoon = {"weekday": 0, "opens": "11:00", "closes": "17:00"}
    sunday_night = {"weekday": 6, "opens": "22:00", "closes": "09:00"}
    posted = calendar([MORNING, afternoon, sunday_night])
    page = administrator.post(reverse("calendars:add"), posted, follow=True).content.decode()
    assert BusinessCalendar.objects.filter(name="Plant").exists()
    assert "Monday 08:30–12:00 and Monday 11:00–17:00 overlap" in page
    assert "Sunday 22:00–09:00 and Monday 08:30–12:00 overlap" in page


def test_openings_that_touch_do_not_overlap(administrator):
    posted = calendar([MORNING, {"weekday": 0, "opens": "12:00", "closes": "17:00"}])
    page = administrator.post(reverse("calendars:add"), posted, follow=True).content.decode()
    assert "overlap" not in page


def test_saving_keeps_the_edition_with_its_openings(administrator):
    administrator.post(reverse("calendars:add"), calendar([MORNING]))
    made = BusinessCalendar.objects.get(name="Plant")
    assert made.editions.get().definition["weekly"] == {"mon": [["08:30", "12:00"]]}
    row = MORNING | {"id": made.openings.get().pk, "closes": "13:00"}
    administrator.post(reverse("calendars:edit", args=[made.pk]), calendar([row]))
    assert [kept.definition["weekly"]["mon"] for kept in made.editions.all()] == [
        [["08:30", "12:00"]],
        [["08:30", "13:00"]],
    ]


def test_the_second_of_two_people_is_told_and_keeps_what_was_typed(administrator, cast):
    url = reverse("calendars:edit", args=[cast.calendar.pk])
    seen = administrator.get(url).context["form"]["seen_version"].value()
    fields = {"time_zone": "Europe/Berlin", "holiday_country": "", "seen_version": seen}
    first = administrator.post(url, calendar([MORNING], name="First", **fields))
    second = administrator.post(url, calendar([NIGHT], name="Second", **fields))
    assert (first.status_code, second.status_code) == (302, 200)
    page = second.content.decode()
    assert "it is version 2 now, you saw version 1" in page
    assert 'value="Second"' in page
    assert 'value="22:00"' in page
    cast.calendar.refresh_from_db()
    assert (cast.calendar.name, cast.calendar.version) == ("First", 2)
    assert not cast.calendar.openings.filter(opens=1320).exists()


def test_the_page_shows_the_coming_days_as_they_are_saved(administrator, cast):
    url = reverse("calendars:edit", args=[cast.calendar.pk])
    page = administrator.get(url).content.decode()
    assert "Open on the coming 14 days" in page
    assert page.count("<td>09:00–17:00</td>") == 10
    assert page.count("<td>closed</td>") == 4
    assert "Open on the coming" not in administrator.get(reverse("calendars:add")).content.decode()


# --- Holiday lists -------------------------------------------------------------------------------


@pytest.fixture
def plant(db) -> HolidayList:
    made = HolidayList.objects.create(name="Plant holidays")
    HolidayDate.objects.create(holiday_list=made, on="2026-03-02", name="Founder's day")
    return made


def holidays(rows=(), **changes) -> dict:
    return {"name": "Works"} | formset("dates", list(rows)) | changes


def test_a_list_is_entered_and_attached_to_a_calendar(administrator):
    half = {"on": "2026-12-24", "name": "Christmas Eve", "ends": "12:00"}
    administrator.post(reverse("holiday_lists:add"), holidays([{"on": "2026-12-25"}, half]))
    made = HolidayList.objects.get(name="Works")
    assert list(made.dates.values_list("name", "starts", "ends")) == [
        ("Christmas Eve", 0, 720),
        ("", None, None),
    ]
    use = {"holiday_list": made.pk, "ORDER": 1}
    administrator.post(reverse("calendars:add"), calendar([MORNING], lists=[use]))
    following = BusinessCalendar.objects.get(name="Plant")
    assert is_holiday(following.schedule(), date(2026, 12, 25))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"on": "2026-12-25", "starts": "09:00"}], "Say until when."),
        ([{"on": "2026-12-25", "starts": "24:00", "ends": "24:00"}], "begins at 23:59"),
        ([{"on": "2026-02-30"}], "Enter a valid date."),
        ([{"on": "2026-12-25"}, {"on": "2026-12-25"}], "duplicate"),
    ],
)
def test_mistakes_in_a_list_are_explained_and_nothing_is_saved(administrator, rows, message):
    page = administrator.post(reverse("holiday_lists:add"), holidays(rows)).content.decode()
    assert message in page
    assert not HolidayList.objects.exists()


def test_editing_a_list_makes_new_versions_of_its_calendars(administrator, cast, plant):
    HolidayUse.objects.create(calendar=cast.calendar, holiday_list=plant)
    url = reverse("holiday_lists:edit", args=[plant.pk])
    row = {"id": plant.dates.get().pk, "on": "2026-03-03", "name": "Moved"}
    assert administrator.post(url, holidays([row], seen_version=1)).status_code == 302
    cast.calendar.refresh_from_db()
    assert cast.calendar.version == 2
    assert is_holiday(cast.calendar.schedule(), date(2026, 3, 3))
    assert is_holiday(cast.calendar.schedule_of(1), date(2026, 3, 2))
    late = administrator.post(url, holidays([row | {"name": "Late"}], seen_version=1))
    assert "it is version 2 now, you saw version 1" in late.content.decode()
    assert plant.dates.get().name == "Moved"


@pytest.mark.reference_index
def test_a_list_that_is_used_is_not_deleted(administrator, cast, plant):
    HolidayUse.objects.create(calendar=cast.calendar, holiday_list=plant)
    administrator.post(reverse("holiday_lists:delete", args=[plant.pk]))
    assert HolidayList.objects.filter(pk=plant.pk).exists()


def test_a_list_is_filled_from_its_page(administrator, plant):
    edit = administrator.get(reverse("holiday_lists:edit", args=[plant.pk])).content.decode()
    url = reverse("holiday_lists:fill", args=[plant.pk])
    assert url in edit
    years = {"first_year": "2026", "last_year": "2026"}
    page = administrator.post(url, {"country": "de", "subdivision": "be"} | years, follow=True)
    assert "10 dates were added" in page.content.decode()
    assert plant.dates.count() == 11


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"country": "XX"}, "No public holidays are known for this country code."),
        ({"subdivision": "ZZ"}, "Known are: BB, BE, BW"),
        ({"last_year": "2025"}, "The last year is before the first."),
        ({"last_year": "2099"}, "Fill in 30 years at most."),
    ],
)
def test_filling_explains_what_it_does_not_know(administrator, plant, changes, message):
    asked = {"country": "DE", "subdivision": "", "first_year": "2026", "last_year": "2026"}
    url = reverse("holiday_lists:fill", args=[plant.pk])
    assert message in administrator.post(url, asked | changes).content.decode()
    assert plant.dates.count() == 1


def test_a_file_is_uploaded_or_refused_line_by_line(administrator, plant):
    url = reverse("holiday_lists:upload", args=[plant.pk])
    wrong = SimpleUploadedFile("days.csv", b"date,name\n2026-12-25,A\n2026-12-33,B\n")
    page = administrator.post(url, {"file": wrong}).content.decode()
    assert "Nothing was taken from the file." in page
    assert "Line 3: There is no date “2026-12-33”" in page
    assert plant.dates.count() == 1
    right = SimpleUploadedFile("days.csv", b"date,name\n2026-12-25,A\n")
    page = administrator.post(url, {"file": right}, follow=True).content.decode()
    assert "1 date was taken from the file." in page
    assert plant.dates.count() == 2


def test_agents_change_no_holidays(cast, signed_in, plant):
    agent = signed_in(cast.bo)
    for name in ("edit", "fill", "upload"):
        assert agent.get(reverse(f"holiday_lists:{name}", args=[plant.pk])).status_code == 302
