"""Schedules that open records by a calendar rule, and the log of their runs."""

from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.calendars.models import BusinessCalendar
from itil.tickets.errors import Refused
from itil.tickets.lifecycle import Actor
from itil.tickets.models import Ticket
from portal.people.models import Team, User

from .definition import OffDays, Timing, in_words, opener_of, upcoming
from .querysets import RunQuerySet, ScheduleQuerySet

# A run that was missed for longer than a week is missed by any measure.
MOST_GRACE = 168  # hours


class Schedule(models.Model):
    """A record that is opened again and again. Changed only by `itil.schedules.actions`."""

    class Missed(models.TextChoices):
        ALL = "all", _("Make up each of them")
        LATEST = "latest", _("Make up only the last one")
        NONE = "none", _("Leave them out")

    title = models.CharField(_("name"), max_length=200)
    # The kind of the `Opener`, and the values of its form.
    kind = models.SlugField(max_length=40)
    values = models.JSONField(default=dict)
    # Where what is opened comes to lie, and the duty that answers for it in every team; told by
    # the opener, and kept here because they decide who may see and change the schedule.
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    managed_by = models.CharField(
        max_length=24, choices=[(one.value, one.value) for one in Actor], blank=True
    )

    # Text of an RRULE as `definition.rules` takes it; dates and time are those of the zone.
    rule = models.CharField(_("rule"), max_length=200)
    first_on = models.DateField(_("first date"))
    at_time = models.TimeField(_("time"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    ends_on = models.DateField(_("last date"), null=True, blank=True)
    off_days = models.CharField(
        _("on days off"), max_length=4, choices=OffDays, default=OffDays.OPEN
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar"),
    )

    missed = models.CharField(_("missed runs"), max_length=6, choices=Missed, default=Missed.LATEST)
    # A run that begins later than this after its moment counts as missed.
    grace_hours = models.PositiveSmallIntegerField(
        _("hours of grace"), default=4, validators=[MaxValueValidator(MOST_GRACE)]
    )
    is_active = models.BooleanField(_("on"), default=True)
    # Answers for it: is told of failures, and is the person for whom or by whom it is opened.
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # The next moment that was not dealt with; empty when none is left.
    next_at = models.DateTimeField(_("next run"), null=True, blank=True)
    # Counts the edits; a form that was shown an older one is refused. Runs do not count.
    version = models.PositiveIntegerField(default=1)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        indexes = [
            # What is due, asked every minute.
            models.Index(
                fields=["next_at"], condition=models.Q(is_active=True), name="schedule_due"
            ),
        ]
        constraints = [
            # Days off are those of a calendar.
            models.CheckConstraint(
                condition=models.Q(off_days=OffDays.OPEN) | models.Q(calendar__isnull=False),
                name="schedule_days_off_of_a_calendar",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("schedules:schedule", args=[self.pk])

    @property
    def timing(self) -> Timing:
        """The rule as it is counted. One query for a calendar that this process does not know."""
        kept = self.off_days == OffDays.OPEN or self.calendar is None
        return Timing(
            rule=self.rule,
            first_on=self.first_on,
            at=self.at_time,
            zone=self.time_zone,
            ends_on=self.ends_on,
            off_days=self.off_days,
            hours=None if kept else self.calendar.schedule(),
        )

    def after(self, moment: datetime) -> datetime | None:
        """The first run after `moment`, or None when none is left."""
        return next(iter(upcoming(self.timing, moment, 1)), None)

    @property
    def rule_in_words(self) -> str:
        return in_words(self.rule, first_on=self.first_on, at=self.at_time, zone=self.time_zone)

    @property
    def kind_label(self) -> str:
        """What it opens, in words."""
        try:
            return str(opener_of(self.kind).label)
        except Refused:
            return self.kind

    @property
    def grace(self) -> timedelta:
        return timedelta(hours=self.grace_hours)


class ScheduleRun(models.Model):
    """One line of the log: what came of one planned moment. Never edited."""

    class Outcome(models.TextChoices):
        OPENED = "opened", _("Opened")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    planned_at = models.DateTimeField(_("planned for"))
    ran_at = models.DateTimeField(_("run"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, blank=True, related_name="schedule_runs"
    )
    # Why it was skipped or failed, or what is to be known about what was opened.
    reason = models.TextField(_("reason"), blank=True)
    # It began after the grace.
    is_late = models.BooleanField(default=False)
    # Who ran it by hand; empty when it ran by itself.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        verbose_name = _("run of a schedule")
        verbose_name_plural = _("runs of schedules")
        constraints = [
            # Two workers, or one that was killed and began anew, deal with a moment once.
            models.UniqueConstraint(fields=["schedule", "planned_at"], name="schedule_run_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="opened") | ~models.Q(reason=""),
                name="schedule_run_says_why_not",
            ),
        ]

    def __str__(self):
        return f"{self.schedule_id} {self.planned_at:%Y-%m-%d %H:%M} {self.outcome}"
