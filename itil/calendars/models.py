"""When the desk is open (domain 4.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

MINUTES_A_DAY = 24 * 60


class BusinessCalendar(models.Model):
    """Opening hours in one time zone; versions take effect from a date (`SLA-11`, `SLA-18`)."""

    class HolidayPolicy(models.TextChoices):
        SHIFT_START_DAY = "shift_start_day", _("A shift belongs to the day it starts on")
        CIVIL_DAY = "civil_day", _("A holiday cuts at local midnight")

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Amsterdam")
    always_open = models.BooleanField(_("open day and night"), default=False)
    holiday_policy = models.CharField(
        max_length=16, choices=HolidayPolicy, default=HolidayPolicy.SHIFT_START_DAY
    )
    # ISO codes of a public holiday list; empty: only the days listed by hand.
    holiday_country = models.CharField(_("public holidays of country"), max_length=2, blank=True)
    holiday_subdivision = models.CharField(_("and region"), max_length=6, blank=True)
    # Raised by every edit; clocks keep the number they were counted by (`SLA-7`).
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")

    def __str__(self):
        return self.name


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

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="openings")
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
        return f"{self.get_weekday_display()} {self.opens}-{self.closes}"


class CalendarDay(models.Model):
    """A date that differs from the week: a holiday, a half day, an extra opening or closing."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        HALF_DAY = "half_day", _("Half day, open until")
        CLOSED = "closed", _("Closed between")
        OPEN = "open", _("Also open between")

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="days")
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
                condition=models.Q(kind="holiday") | models.Q(starts__isnull=False, ends__isnull=False),
                name="special_day_has_hours",
            )
        ]

    def __str__(self):
        return f"{self.on} {self.get_kind_display()}"
