"""When the desk is open (domain 4.3)."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import available_timezones

import holidays
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from .hours import CIVIL_DAY, MINUTES_A_DAY, SHIFT_START_DAY, Schedule, Week

# Schedules by the edition of their calendar; an edit makes a new edition, so nothing goes stale.
_schedules: dict[uuid.UUID, Schedule] = {}
_SCHEDULES_KEPT = 200


def public_holidays(country: str, subdivision: str) -> Callable[[int], frozenset[date]]:
    """A function that gives the days off of a year in a country or one of its regions."""

    def of_year(year: int) -> frozenset[date]:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
        return frozenset(day for day in found if day.year == year)

    return of_year


class BusinessCalendar(ClusterableModel):
    """Opening hours in one time zone; week patterns take effect from a date (`SLA-11`, `SLA-18`).

    Saving an existing calendar raises its version. Whoever changes its openings or days outside
    the admin pages saves the calendar afterwards.
    """

    class HolidayPolicy(models.TextChoices):
        SHIFT_START_DAY = SHIFT_START_DAY, _("A shift belongs to the day it starts on")
        CIVIL_DAY = CIVIL_DAY, _("A holiday cuts at local midnight")

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Amsterdam")
    always_open = models.BooleanField(_("open day and night"), default=False)
    holiday_policy = models.CharField(
        _("holidays and night shifts"),
        max_length=16,
        choices=HolidayPolicy,
        default=HolidayPolicy.SHIFT_START_DAY,
    )
    # ISO codes of a public holiday list; empty: only the days listed by hand.
    holiday_country = models.CharField(_("public holidays of country"), max_length=2, blank=True)
    holiday_subdivision = models.CharField(_("and region"), max_length=6, blank=True)
    # Raised by every edit; clocks keep the number they were counted by (`SLA-7`).
    version = models.PositiveIntegerField(default=1, editable=False)
    # New with every version and never used twice, not even after a restored backup.
    edition = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse unknown zones and holiday lists."""
        errors = {}
        if self.time_zone not in available_timezones():
            errors["time_zone"] = _("There is no such time zone; write it as Europe/Amsterdam.")
        regions = holidays.list_supported_countries(include_aliases=True)
        if self.holiday_country and self.holiday_country not in regions:
            errors["holiday_country"] = _("No public holidays are known for this country code.")
        elif self.holiday_subdivision and (
            self.holiday_subdivision not in regions.get(self.holiday_country, ())
        ):
            errors["holiday_subdivision"] = _("No public holidays are known for this region.")
        if errors:
            raise ValidationError(errors)

    def save(self, **kwargs):
        """Save; an existing calendar becomes a new version and edition (`SLA-7`)."""
        if not self._state.adding:
            self.version += 1
            self.edition = uuid.uuid4()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "edition"}
        super().save(**kwargs)

    def schedule(self) -> Schedule:
        """These hours as a schedule to count with; two queries once per process and edition."""
        schedule = _schedules.get(self.edition)
        if schedule is None:
            schedule = self.schedule_with(
                self.openings.values_list("weekday", "opens", "closes", "effective_from"),
                self.days.values_list("kind", "on", "starts", "ends"),
            )
            while len(_schedules) >= _SCHEDULES_KEPT:
                _schedules.pop(next(iter(_schedules)), None)
            _schedules[self.edition] = schedule
        return schedule

    def schedule_with(
        self,
        openings: Iterable[tuple[int, int, int, date | None]],
        special_days: Iterable[tuple[str, date, int | None, int | None]],
    ) -> Schedule:
        """The schedule of these (weekday, opens, closes, effective from) and (kind, on, starts,
        ends), in the zone and with the public holidays of this calendar.
        """
        patterns: dict[date | None, list[tuple[int, int, int]]] = {}
        for weekday, opens, closes, since in openings:
            patterns.setdefault(since, []).append((weekday, opens, closes))
        days: dict[str, list[tuple[date, int, int]]] = {kind: [] for kind in CalendarDay.Kind}
        for kind, on, starts, ends in special_days:
            days[kind].append((on, starts or 0, MINUTES_A_DAY if ends is None else ends))
        return Schedule(
            zone=self.time_zone,
            weeks=tuple(Week(tuple(rows), since) for since, rows in patterns.items()),
            holidays=frozenset(on for on, _start, _end in days[CalendarDay.Kind.HOLIDAY]),
            half_days=tuple(days[CalendarDay.Kind.HALF_DAY]),
            closings=tuple(days[CalendarDay.Kind.CLOSED]),
            openings=tuple(days[CalendarDay.Kind.OPEN]),
            always_open=self.always_open,
            holiday_policy=self.holiday_policy,
            public_holidays=public_holidays(self.holiday_country, self.holiday_subdivision)
            if self.holiday_country
            else None,
        )


def wall_time(minutes: int) -> str:
    """Minutes after midnight as people write them: 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


class WeeklyOpening(models.Model):
    """One opening of the week; several a day are fine, `closes` <= `opens` runs over midnight."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    calendar = ParentalKey(BusinessCalendar, on_delete=models.CASCADE, related_name="openings")
    # The week pattern from this date on; empty: from the beginning.
    effective_from = models.DateField(_("from"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    # Minutes after local midnight; `closes` up to 1440 (24:00).
    opens = models.PositiveSmallIntegerField(_("opens"))
    closes = models.PositiveSmallIntegerField(_("closes"))

    class Meta:
        ordering = ["effective_from", "weekday", "opens"]
        verbose_name = _("opening")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens__lt=MINUTES_A_DAY, closes__lte=MINUTES_A_DAY),
                name="opening_within_a_day",
            )
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {wall_time(self.opens)}–{wall_time(self.closes)}"


class CalendarDay(models.Model):
    """A date that differs from the week: a holiday, a half day, an extra opening or closing."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        HALF_DAY = "half_day", _("Half day, open until")
        CLOSED = "closed", _("Closed between")
        OPEN = "open", _("Also open between")

    calendar = ParentalKey(BusinessCalendar, on_delete=models.CASCADE, related_name="days")
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=120, blank=True)
    # Minutes after local midnight. Half day: the open part. Not used by a full holiday.
    starts = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    ends = models.PositiveSmallIntegerField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["on", "starts"]
        verbose_name = _("special day")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="holiday")
                | models.Q(starts__isnull=False, ends__isnull=False),
                name="special_day_has_hours",
            )
        ]

    def __str__(self):
        return f"{self.on} {self.get_kind_display()}"
