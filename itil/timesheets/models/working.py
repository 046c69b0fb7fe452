"""When a person is to work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.calendars.models import BusinessCalendar
from itil.timesheets.querysets import WorkingHoursQuerySet
from portal.people.models import User


class WorkingHours(models.Model):
    """From a day on a person works when a calendar is open, until the next row says otherwise.

    Part time is a calendar of its own; holidays are those of the calendar.
    """

    person = models.ForeignKey(
        User, models.CASCADE, related_name="working_hours", verbose_name=_("person")
    )
    # Empty: from then on nothing is expected, as after the last day.
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Its open hours are the hours to work. Empty: none from that day on."),
    )
    since = models.DateField(_("from"))

    objects = WorkingHoursQuerySet.as_manager()

    class Meta:
        ordering = ["person", "since"]
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            # What a day asks for must not depend on chance; serves the read of one person too.
            models.UniqueConstraint(
                fields=["person", "since"],
                name="working_hours_once_a_day",
                violation_error_message=_("This person has other hours from that day on already."),
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.since:%Y-%m-%d}"
