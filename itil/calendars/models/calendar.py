"""Calendars: their hours, what makes days differ, and what they were (domain 4.3)."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.calendars.hours import CIVIL_DAY, MINUTES_A_DAY, SHIFT_START_DAY, Schedule, Week
from itil.calendars.hours.definition import definition, schedule_from
from itil.calendars.hours.public import PublicHolidays
from itil.calendars.hours.written import wall_time

from .holidays import HolidayDate, HolidayList, unknown_region

# Schedules by the edition of their calendar; an edit makes a new edition, so nothing goes stale.
_schedules: dict[uuid.UUID, Schedule] = {}
_SCHEDULES_KEPT = 200

# A kept edition has the public holidays of so many years before and after it written out.
_YEARS_BEFORE, _YEARS_AFTER = 5, 10

Minutes = int | None
# A special day as (kind, date, start, end, name), and a holiday of a list as (date, start, end,
# name). Without start and end it is the whole day.
SpecialDay = tuple[str, date, Minutes, Minutes, str]
ListedDay = tuple[date, Minutes, Minutes, str]


def schedule_of(edition: uuid.UUID) -> Schedule:
    """The opening hours of one edition of a calendar, the present one or a former one.

    No query after the first use in a process. DoesNotExist for an edition nobody kept.
    """
    if edition in _schedules:
        return _schedules[edition]
    kept = CalendarEdition.objects.filter(edition=edition).first()
    if kept is not None:
        return kept.schedule()
    return BusinessCalendar.objects.get(edition=edition).schedule()


def _remembered(edition: uuid.UUID, schedule: Schedule) -> Schedule:
    while len(_schedules) >= _SCHEDULES_KEPT:
        _schedules.pop(next(iter(_schedules)), None)
    _schedules[edition] = schedule
    return schedule


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
        errors |= unknown_region(self.holiday_country, self.holiday_subdivision, "holiday_")
        if errors:
            raise ValidationError(errors)

    def save(self, **kwargs: Any) -> None:
        """Save; an existing calendar becomes a new version and edition (`SLA-7`)."""
        if not self._state.adding:
            self.version += 1
            self.edition = uuid.uuid4()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version", "edition"}
        super().save(**kwargs)

    def schedule(self) -> Schedule:
        """These hours as a schedule to count with; no query after the first use in a process.

        The first use keeps this edition, so that whatever is counted by it can be counted again.
        """
        known = _schedules.get(self.edition)
        if known is not None:
            return known
        if self._state.adding:
            return _remembered(self.edition, self.as_entered())
        return CalendarEdition.of(self).schedule()

    def schedule_of(self, version: int) -> Schedule:
        """These hours as they were in a version. CalendarEdition.DoesNotExist when that version was
        replaced before anything was counted by it.
        """
        if version == self.version:
            return self.schedule()
        return self.editions.get(version=version).schedule()

    def as_entered(self) -> Schedule:
        """The schedule of the present rows; a calendar that was never saved has no lists."""
        listed: Iterable[ListedDay] = ()
        if not self._state.adding:
            listed = (
                HolidayDate.objects.filter(holiday_list__uses__calendar=self)
                .order_by("holiday_list__uses__sort_order", "holiday_list__uses__pk", "on")
                .values_list("on", "starts", "ends", "name")
            )
        return self.schedule_with(
            self.openings.values_list("weekday", "opens", "closes", "effective_from"),
            self.days.values_list("kind", "on", "starts", "ends", "name"),
            listed,
        )

    def schedule_with(
        self,
        openings: Iterable[tuple[int, int, int, date | None]],
        special_days: Iterable[SpecialDay],
        listed: Iterable[ListedDay] = (),
    ) -> Schedule:
        """The schedule of these (weekday, opens, closes, effective from), special days and days of
        holiday lists, in the zone and with the public holidays of this calendar.

        For one date a special day wins over the lists, and an earlier list over a later one.
        """
        patterns: dict[date | None, list[tuple[int, int, int]]] = {}
        for weekday, opens, closes, since in openings:
            patterns.setdefault(since, []).append((weekday, opens, closes))
        days: dict[str, list[tuple[date, int, int]]] = {kind: [] for kind in CalendarDay.Kind}
        names: dict[date, str] = {}
        own = set()
        for kind, on, starts, ends, name in special_days:
            days[kind].append((on, starts or 0, MINUTES_A_DAY if ends is None else ends))
            if kind in CalendarDay.HOLIDAYS:
                own.add(on)
                names[on] = name
        for on, starts, ends, name in listed:
            if on in own:
                continue
            own.add(on)
            names[on] = name
            kind = CalendarDay.Kind.HOLIDAY if ends is None else CalendarDay.Kind.HALF_DAY
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
            public_holidays=PublicHolidays(self.holiday_country, self.holiday_subdivision)
            if self.holiday_country
            else None,
            names={on: name for on, name in names.items() if name},
        )


class CalendarEdition(models.Model):
    """What a calendar was in one version; never changed (`SLA-7`).

    A clock counted by a former version is counted again by its edition. Kept by whoever first
    counts by it and by every edit in the admin.
    """

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="editions")
    version = models.PositiveIntegerField()
    edition = models.UUIDField(unique=True)
    # The form of itil.calendars.hours.definition, public holidays of the nearer years written out.
    definition = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["calendar", "version"]
        verbose_name = _("edition of a calendar")
        constraints = [
            # Which hours a version stands for is never ambiguous.
            models.UniqueConstraint(fields=["calendar", "version"], name="edition_per_version")
        ]

    def __str__(self):
        return f"{self.calendar_id} v{self.version}"

    @classmethod
    def of(cls, calendar: BusinessCalendar) -> "CalendarEdition":
        """The edition of a saved calendar as it stands, kept now if nobody did before."""
        kept = cls.objects.filter(edition=calendar.edition).first()
        if kept is None:
            now = timezone.now()
            years = range(now.year - _YEARS_BEFORE, now.year + _YEARS_AFTER + 1)
            kept, _made = cls.objects.get_or_create(
                edition=calendar.edition,
                defaults={
                    "calendar": calendar,
                    "version": calendar.version,
                    "definition": definition(calendar.as_entered(), years),
                    "saved_at": now,
                },
            )
        return kept

    def schedule(self) -> Schedule:
        """The opening hours of this edition."""
        known = _schedules.get(self.edition)
        return known or _remembered(self.edition, schedule_from(self.definition, is_kept=True))


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

    # The kinds that a holiday list has as well.
    HOLIDAYS = (Kind.HOLIDAY, Kind.HALF_DAY)

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


class HolidayUse(Orderable):
    """That a calendar follows a holiday list; of two lists with one date the upper one counts."""

    calendar = ParentalKey(BusinessCalendar, on_delete=models.CASCADE, related_name="holiday_lists")
    holiday_list = models.ForeignKey(
        HolidayList, models.PROTECT, related_name="uses", verbose_name=_("holiday list")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("holiday list")

    def __str__(self):
        return str(self.holiday_list)
