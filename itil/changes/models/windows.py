"""When changes must not run, and when they should: freezes and maintenance windows (`CHG-4`)."""

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.changes.definition import Risk
from itil.changes.hours import BadRuleError, Recurrence, checked_rule
from itil.changes.lifecycle import ChangeType
from itil.changes.querysets import WindowQuerySet
from itil.cmdb.models import Environment, ItemClass
from itil.services.models import Service
from portal.people.models import User

from .change import Change

RULE_MISTAKES = {
    "syntax": _("This is no calendar rule. Write it as FREQ=MONTHLY;BYDAY=2TU."),
    "part": _("Use only FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS."),
    "often": _("Repeat daily, weekly, monthly or yearly."),
    "never": _("This rule has no date in the next nine years."),
}


def business_zone() -> str:
    return settings.BUSINESS_TIME_ZONE


class Window(models.Model):
    """A time for certain changes: once, or by a calendar rule in local time (`CHG-5`).

    Dates and times are those on the wall of `time_zone`; the first occurrence is from `begins_on`,
    `begins_at` to `ends_on`, `ends_at`, later ones are as long on the wall. An empty criterion
    fits every change, several must all fit; within one of them any value does.
    Changed only by `itil.changes.actions.windows`.
    """

    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("what it is for"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default=business_zone)
    begins_on = models.DateField(_("begins on"))
    begins_at = models.TimeField(_("begins at"))
    ends_on = models.DateField(_("ends on"))
    ends_at = models.TimeField(_("ends at"))
    # An RRULE by the day; empty: it comes once.
    rule = models.CharField(_("calendar rule"), max_length=200, blank=True)
    until = models.DateField(_("last date"), null=True, blank=True)

    services = models.ManyToManyField(
        Service, blank=True, related_name="+", verbose_name=_("services")
    )
    item_classes = models.ManyToManyField(
        ItemClass, blank=True, related_name="+", verbose_name=_("classes of items")
    )
    environments = models.JSONField(_("environments"), default=list, blank=True)
    risks = models.JSONField(_("risks"), default=list, blank=True)
    types = models.JSONField(_("types of changes"), default=list, blank=True)

    active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = WindowQuerySet.as_manager()

    # As in the address of its pages.
    SLUG = ""

    class Meta:
        abstract = True
        ordering = ["begins_on", "begins_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on"))
                | Q(ends_on=F("begins_on"), ends_at__gt=F("begins_at")),
                name="%(class)s_ends_later",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("changes:window", args=[self.SLUG, self.pk])

    def clean(self):
        errors = {}
        if self.time_zone not in available_timezones():
            errors["time_zone"] = _now("There is no such time zone; write it as Europe/Amsterdam.")
        if self._ends_too_early():
            errors["ends_at"] = _now("It must end after it begins.")
        if self.rule and self.begins_on:
            try:
                self.rule = checked_rule(self.rule, self.begins_on)
            except BadRuleError as mistake:
                errors["rule"] = str(RULE_MISTAKES[mistake.code])
        if self.until and self.begins_on and self.until < self.begins_on:
            errors["until"] = _now("The last date must not be before the first one.")
        if errors:
            raise ValidationError(errors)

    def _ends_too_early(self) -> bool:
        parts = (self.begins_on, self.begins_at, self.ends_on, self.ends_at)
        return all(part is not None for part in parts) and parts[2:] <= parts[:2]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def recurrence(self) -> Recurrence:
        """When it is, for the arithmetic of `itil.changes.hours`."""
        return Recurrence(
            zone=self.zone,
            first=self.begins_on,
            begins=self.begins_at.hour * 60 + self.begins_at.minute,
            ends=self.ends_at.hour * 60 + self.ends_at.minute,
            days=(self.ends_on - self.begins_on).days,
            rule=self.rule,
            until=self.until,
        )

    @property
    def environment_labels(self) -> list[str]:
        return [str(Environment(value).label) for value in self.environments]

    @property
    def risk_labels(self) -> list[str]:
        return [str(Risk(value).label) for value in self.risks]

    @property
    def type_labels(self) -> list[str]:
        return [str(ChangeType(value).label) for value in self.types]


class FreezeWindow(Window):
    """A period in which matching changes must not run; who is partly inside is inside."""

    SLUG = "freeze"

    class Meta(Window.Meta):
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")


class MaintenanceWindow(Window):
    """A period in which matching changes should run."""

    SLUG = "maintenance"

    class Meta(Window.Meta):
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")


class FreezeExemption(models.Model):
    """An emergency change that may run in a freeze, by name and with a reason (`CHG-4`)."""

    freeze = models.ForeignKey(FreezeWindow, models.PROTECT, related_name="exemptions")
    change = models.ForeignKey(Change, models.CASCADE, related_name="exemptions")
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["granted_at", "pk"]
        verbose_name = _("exemption from a freeze")
        verbose_name_plural = _("exemptions from freezes")
        constraints = [
            models.UniqueConstraint(fields=["freeze", "change"], name="freeze_exemption_once")
        ]

    def __str__(self):
        return f"{self.change_id} in {self.freeze_id}"


class WindowEvent(models.Model):
    """One thing that happened to a window; never edited.

    `data` has the `window` as it was then and, for a change, the old and new values in `changes`.
    """

    freeze = models.ForeignKey(
        FreezeWindow, models.CASCADE, null=True, blank=True, related_name="events"
    )
    maintenance = models.ForeignKey(
        MaintenanceWindow, models.CASCADE, null=True, blank=True, related_name="events"
    )
    what = models.CharField(max_length=8)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a window")
        constraints = [
            models.CheckConstraint(
                condition=Q(freeze__isnull=True, maintenance__isnull=False)
                | Q(freeze__isnull=False, maintenance__isnull=True),
                name="window_event_of_one",
            ),
        ]

    def __str__(self):
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
