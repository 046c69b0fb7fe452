"""Recorded work. Knows tickets and people, not money."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from portal.people.models import User

from .querysets import TimeEntryQuerySet


class Activity(models.Model):
    """The kind of work done, such as analysis or travel; contracts set rates by it."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    billable = models.BooleanField(_("billable unless said otherwise"), default=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self):
        return self.name


class BillingKind(models.TextChoices):
    BILLABLE = "billable", _("Billable")
    NON_BILLABLE = "non_billable", _("Not billable")
    INCLUDED = "included", _("Included in the contract")


class EntryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    INVOICED = "invoiced", _("Invoiced")
    WRITTEN_OFF = "written_off", _("Written off")


class TimeEntry(models.Model):
    """Minutes one person worked on one ticket on one day (`BIL-1`).

    `minutes` is raw: whole minutes of real elapsed time (`BIL-3`). Rounding and price belong to
    the contract and are never written back here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="time_entries")
    agent = models.ForeignKey(User, models.PROTECT, related_name="time_entries")
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="time_entries", verbose_name=_("activity")
    )
    # The local date in the business time zone; decides the month it is billed in.
    work_date = models.DateField(_("date"))
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    note = models.CharField(_("what was done"), max_length=500, blank=True)
    billing_kind = models.CharField(
        _("billing"), max_length=12, choices=BillingKind, default=BillingKind.BILLABLE
    )
    state = models.CharField(max_length=12, choices=EntryState, default=EntryState.APPROVED)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["work_date", "pk"]
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        indexes = [
            # The month-end run and the hours report.
            models.Index(fields=["work_date", "state"], name="entry_date_state"),
            models.Index(fields=["agent", "work_date"], name="entry_agent_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=24 * 60),
                name="entry_minutes_within_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="entry_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.minutes} min {self.work_date}"


class Timer(models.Model):
    """The running measurement of one person; at most one each (`BIL-2`)."""

    agent = models.OneToOneField(User, models.CASCADE, related_name="timer")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="timers")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        verbose_name = _("timer")

    def __str__(self):
        return f"{self.agent_id} on {self.ticket_id}"
