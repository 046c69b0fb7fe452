"""Holiday lists and the calendars that follow them; every version stays what it was."""

from datetime import date
from uuid import uuid4

import pytest

from itil.calendars import actions
from itil.calendars.errors import HolidayFileRefused
from itil.calendars.hours import between, holiday_name
from itil.calendars.models import (
    BusinessCalendar,
    CalendarDay,
    CalendarEdition,
    HolidayDate,
    HolidayList,
    HolidayUse,
    schedule_of,
)
from tests.cast import office_hours

from .calendars import HOUR, at

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = at(3, 2), at(3, 3)


@pytest.fixture
def plant() -> HolidayList:
    made = HolidayList.objects.create(name="Plant")
    HolidayDate.objects.create(holiday_list=made, on=date(2026, 3, 2), name="Founder's day")
    return made


def following(holiday_list: HolidayList, order: int = 0, **fields) -> BusinessCalendar:
    calendar = office_hours(f"Follows {holiday_list} {order}")
    BusinessCalendar.objects.filter(pk=calendar.pk).update(**fields)
    HolidayUse.objects.create(calendar=calendar, holiday_list=holiday_list, sort_order=order)
    return BusinessCalendar.objects.get(pk=calendar.pk)


def again(calendar: BusinessCalendar) -> BusinessCalendar:
    """The row anew, as another process sees it."""
    return BusinessCalendar.objects.get(pk=calendar.pk)


# --- Editions -------------------------------------------------------------------------------------


def test_an_edition_is_kept_once_and_counts_the_same():
    calendar = office_hours()
    kept = actions.keep_edition(calendar)
    assert actions.keep_edition(again(calendar)) == kept
    assert (kept.version, kept.edition) == (1, calendar.edition)
    assert between(kept.schedule(), MONDAY, TUESDAY) == 8 * HOUR


def test_whatever_was_counted_by_can_be_counted_by_again():
    calendar = office_hours()
    assert between(calendar.schedule(), MONDAY, TUESDAY) == 8 * HOUR
    first = calendar.edition
    CalendarDay.objects.create(calendar=calendar, on=date(2026, 3, 2), kind="holiday")
    calendar.save()
    calendar = again(calendar)
    assert calendar.version == 2
    assert between(calendar.schedule(), MONDAY, TUESDAY) == 0
    assert between(calendar.schedule_of(1), MONDAY, TUESDAY) == 8 * HOUR
    assert between(schedule_of(first), MONDAY, TUESDAY) == 8 * HOUR
    assert between(schedule_of(calendar.edition), MONDAY, TUESDAY) == 0


def test_a_version_is_read_from_what_was_kept_not_from_this_process(monkeypatch):
    calendar = office_hours()
    calendar.schedule()
    calendar.openings.all().delete()
    calendar.save()
    monkeypatch.setattr("itil.calendars.models.calendar._schedules", {})
    assert between(again(calendar).schedule_of(1), MONDAY, TUESDAY) == 8 * HOUR


def test_a_version_nobody_counted_by_is_gone():
    calendar = office_hours()
    calendar.save()
    with pytest.raises(CalendarEdition.DoesNotExist):
        calendar.schedule_of(1)
    with pytest.raises(BusinessCalendar.DoesNotExist):
        schedule_of(uuid4())


def test_a_schedule_costs_no_query_after_its_first_use(django_assert_num_queries):
    calendar = office_hours()
    calendar.schedule()
    with django_assert_num_queries(0):
        again_here = calendar.schedule()
    assert again_here is calendar.schedule_of(1)


def test_public_holidays_are_written_out_for_the_years_around():
    calendar = office_hours()
    calendar.holiday_country = "DE"
    calendar.save()
    years = actions.keep_edition(calendar).definition["public_holidays"]["years"]
    assert len(years) == 16
    assert "2026-10-03" in years["2026"]


# --- Lists ----------------------------------------------------------------------------------------


def test_a_calendar_is_closed_on_the_dates_of_its_list(plant):
    schedule = following(plant).schedule()
    assert between(schedule, MONDAY, TUESDAY) == 0
    assert holiday_name(schedule, date(2026, 3, 2)) == "Founder's day"


def test_day_and_night_follows_a_list_that_is_attached(plant):
    calendar = following(plant, always_open=True)
    assert between(calendar.schedule(), MONDAY, at(3, 4)) == 24 * HOUR


def test_a_half_day_of_a_list_stays_open_in_part(plant):
    HolidayDate.objects.update(starts=600, ends=720)
    assert between(following(plant).schedule(), MONDAY, TUESDAY) == 2 * HOUR


def test_of_two_lists_the_upper_one_counts_and_own_days_before_both(plant):
    half = HolidayList.objects.create(name="Half")
    HolidayDate.objects.create(holiday_list=half, on=date(2026, 3, 2), starts=0, ends=720)
    upper = following(half)
    HolidayUse.objects.create(calendar=upper, holiday_list=plant, sort_order=1)
    assert between(upper.schedule(), MONDAY, TUESDAY) == 3 * HOUR
    lower = following(plant)
    HolidayUse.objects.create(calendar=lower, holiday_list=half, sort_order=1)
    assert between(lower.schedule(), MONDAY, TUESDAY) == 0
    lower.days.create(on=date(2026, 3, 2), kind="half_day", starts=0, ends=660)
    lower.save()
    assert between(again(lower).schedule(), MONDAY, TUESDAY) == 2 * HOUR


def test_a_half_day_of_a_list_opens_a_public_holiday_in_part(plant):
    HolidayDate.objects.create(holiday_list=plant, on=date(2026, 5, 1), starts=0, ends=720)
    calendar = following(plant, holiday_country="DE")
    assert between(calendar.schedule(), at(5, 1), at(5, 2)) == 3 * HOUR


def test_changing_a_list_makes_new_versions_of_the_calendars_that_use_it(plant):
    user, other = following(plant), office_hours("Other")
    with actions.changing(plant):
        plant.dates.all().delete()
    assert again(other).version == 1
    assert again(user).version == 2
    assert between(again(user).schedule(), MONDAY, TUESDAY) == 8 * HOUR
    assert between(again(user).schedule_of(1), MONDAY, TUESDAY) == 0


def test_a_change_that_fails_leaves_the_calendars_alone(plant):
    user = following(plant)

    def change_and_fail():
        with actions.changing(plant):
            plant.dates.all().delete()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert again(user).version == 1
    assert plant.dates.count() == 1


def test_a_list_is_filled_with_the_public_holidays_of_some_years(plant):
    user = following(plant)
    half = {"name": "Half of it", "starts": 540, "ends": 720}
    HolidayDate.objects.create(holiday_list=plant, on=date(2026, 10, 3), **half)
    added = actions.fill_from_public_holidays(plant, "DE", "BE", 2026, 2027)
    assert added == 19
    plant.refresh_from_db()
    assert (plant.country, plant.subdivision, plant.version) == ("DE", "BE", 2)
    assert plant.dates.get(on=date(2026, 10, 3)).name == "Half of it"
    assert plant.dates.get(on=date(2027, 3, 8)).name == "Women's Day"
    assert again(user).version == 2
    assert actions.fill_from_public_holidays(plant, "DE", "BE", 2026, 2027) == 0


def test_the_dates_of_a_file_are_added_and_replace_those_there(plant):
    user = following(plant)
    content = b"date,name,open_from,open_until\n2026-03-02,Half,,12:00\n2026-03-03,Whole\n"
    assert actions.add_file(plant, content) == 2
    assert list(plant.dates.values_list("on", "name", "starts", "ends")) == [
        (date(2026, 3, 2), "Half", 0, 720),
        (date(2026, 3, 3), "Whole", None, None),
    ]
    assert between(again(user).schedule(), MONDAY, at(3, 4)) == 3 * HOUR


def test_of_a_file_with_a_mistake_nothing_is_taken(plant):
    user = following(plant)
    with pytest.raises(HolidayFileRefused):
        actions.add_file(plant, b"date,name\n2026-03-03,Right\n2026-03-33,Wrong\n")
    assert plant.dates.count() == 1
    plant.refresh_from_db()
    assert (plant.version, again(user).version) == (1, 1)
