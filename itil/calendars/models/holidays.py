"""Lists of holidays that calendars share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from itil.calendars.hours import MINUTES_A_DAY
from itil.calendars.hours.holiday_file import LONGEST_NAME
from itil.calendars.hours.public import countries


def unknown_region(country: str, subdivision: str, prefix: str = "") -> dict[str, str]:
    """What is wrong with the codes of a country and its region, by field."""
    # Asking loads the rules of all countries.
    regions = countries() if country else {}
    if country and country not in regions:
        return {f"{prefix}country": _("No public holidays are known for this country code.")}
    if subdivision and subdivision not in regions.get(country, ()):
        return {f"{prefix}subdivision": _("No public holidays are known for this region.")}
    return {}


class HolidayList(ClusterableModel):
    """Named dates on which calendars are closed, wholly or in part (`SLA-12`).

    Its dates are written out year by year. Whoever changes it wraps that in `actions.changing`, so
    that the calendars that use it become new versions.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    # Whose public holidays it was filled with last; ISO codes.
    country = models.CharField(_("country"), max_length=2, blank=True)
    subdivision = models.CharField(_("region"), max_length=6, blank=True)
    # Raised by every edit; a form that was shown an older one is refused.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("holiday list")
        verbose_name_plural = _("holiday lists")

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse codes for which no public holidays are known."""
        errors = unknown_region(self.country, self.subdivision)
        if errors:
            raise ValidationError(errors)

    def save(self, **kwargs: Any) -> None:
        """Save; an existing list becomes a new version."""
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(**kwargs)


class HolidayDate(models.Model):
    """One date of a list: closed all day, or open only between `starts` and `ends`."""

    holiday_list = ParentalKey(HolidayList, on_delete=models.CASCADE, related_name="dates")
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    # Minutes after local midnight; both empty: closed all day.
    starts = models.PositiveSmallIntegerField(_("open from"), null=True, blank=True)
    ends = models.PositiveSmallIntegerField(_("open until"), null=True, blank=True)

    class Meta:
        ordering = ["on"]
        verbose_name = _("holiday")
        constraints = [
            models.UniqueConstraint(fields=["holiday_list", "on"], name="holiday_once_per_list"),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, ends__isnull=True)
                | models.Q(starts__lt=MINUTES_A_DAY, ends__lte=MINUTES_A_DAY),
                name="holiday_whole_or_in_part",
            ),
        ]

    def __str__(self):
        return f"{self.on} {self.name}"
