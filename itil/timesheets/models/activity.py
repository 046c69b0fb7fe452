"""The kinds of work."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    """What an activity is to a contract: travel is a line of its own (`BIL-6`)."""

    WORK = "work", _("Work")
    TRAVEL = "travel", _("Travel")
    WAITING = "waiting", _("Waiting")


class Activity(models.Model):
    """The kind of work done, such as analysis or travel; contracts set rates by it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(
        _("kind"), max_length=8, choices=ActivityKind, default=ActivityKind.WORK
    )
    billable = models.BooleanField(_("billable unless said otherwise"), default=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self):
        return self.name
