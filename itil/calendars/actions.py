"""Changing calendars and what they share, so that every version stays what it was (`SLA-7`)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from .hours.holiday_file import LONGEST_NAME, Holiday, read_holidays
from .hours.public import PublicHolidays
from .models import BusinessCalendar, CalendarEdition, HolidayDate, HolidayList


def keep_edition(calendar: BusinessCalendar) -> CalendarEdition:
    """Keep a saved calendar as it stands, with its openings, days and lists; once per version."""
    return CalendarEdition.of(calendar)


@contextmanager
def changing(holiday_list: HolidayList) -> Iterator[None]:
    """Around every change to a list: the calendars that use it become new versions, all or none.

    What they were is kept before, what they are afterwards.
    """
    with transaction.atomic():
        users = BusinessCalendar.objects.filter(
            pk__in=holiday_list.uses.values("calendar") if holiday_list.pk else ()
        ).select_for_update()
        calendars = list(users)
        for calendar in calendars:
            keep_edition(calendar)
        yield
        for calendar in calendars:
            calendar.save()
            keep_edition(calendar)


def fill_from_public_holidays(
    holiday_list: HolidayList, country: str, subdivision: str, first_year: int, last_year: int
) -> int:
    """Write the public holidays of some years into a list; how many dates are new.

    Dates that are already there stay as they are: somebody may have made half days of them.
    """
    rule = PublicHolidays(country, subdivision)
    with changing(holiday_list):
        stored = HolidayDate.objects.filter(holiday_list=holiday_list)
        there = set(stored.values_list("on", flat=True))
        new = [
            HolidayDate(holiday_list=holiday_list, on=on, name=name[:LONGEST_NAME])
            for year in range(first_year, last_year + 1)
            for on, name in rule(year).items()
            if on not in there
        ]
        HolidayDate.objects.bulk_create(new)
        holiday_list.country, holiday_list.subdivision = country, subdivision
        holiday_list.save(update_fields=["country", "subdivision"])
    return len(new)


def add_file(holiday_list: HolidayList, content: bytes) -> int:
    """Write the dates of a CSV or iCalendar file into a list; how many there are.

    A date that is already there is replaced. HolidayFileRefused when anything in the file is
    wrong; then nothing is written.
    """
    found = read_holidays(content)
    with changing(holiday_list):
        _replace(holiday_list, found)
        holiday_list.save(update_fields=["version"])
    return len(found)


def _replace(holiday_list: HolidayList, found: Iterable[Holiday]) -> None:
    HolidayDate.objects.bulk_create(
        [
            HolidayDate(
                holiday_list=holiday_list,
                on=holiday.on,
                name=holiday.name,
                starts=holiday.starts,
                ends=holiday.ends,
            )
            for holiday in found
        ],
        update_conflicts=True,
        unique_fields=["holiday_list", "on"],
        update_fields=["name", "starts", "ends"],
    )
