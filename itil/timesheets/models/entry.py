"""Entries of time, and their history."""

import uuid
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from itil.timesheets.hours import MOST_MINUTES
from itil.timesheets.lifecycle import CORRECTABLE, ENTRY, EntryState
from itil.timesheets.querysets import TimeEntryQuerySet, refuse_frozen
from portal.people.models import User

from .activity import Activity


class BillingKind(models.TextChoices):
    BILLABLE = "billable", _("Billable")
    NON_BILLABLE = "non_billable", _("Not billable")
    INCLUDED = "included", _("Included in the contract")
    PREPAID = "prepaid", _("Prepaid")


class NoteVisibility(models.TextChoices):
    INTERNAL = "internal", _("For us only")
    INVOICE_TEXT = "invoice_text", _("The customer reads it on the invoice")


class TimeEntry(models.Model):
    """Minutes one person worked on one ticket on one day (`BIL-1`).

    `minutes` is raw: whole minutes of real elapsed time (`BIL-3`). Rounding and price belong to
    the contract and are never written back here. Frozen by `save`, `update` and `delete` once
    invoiced.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="time_entries")
    agent = models.ForeignKey(User, models.PROTECT, related_name="time_entries")
    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="time_entries", verbose_name=_("activity")
    )
    # The local date in the business time zone; decides the month it is billed in.
    work_date = models.DateField(_("date"))
    # Both or neither: when minutes were given, it is not known when they were worked. Only the
    # start is kept of a forgotten timer.
    started_at = models.DateTimeField(_("from"), null=True, blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    # Driven for it; of travel only (`BIL-6`).
    kilometres = models.DecimalField(
        _("kilometers"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    note = models.CharField(_("what was done"), max_length=500, blank=True)
    note_visibility = models.CharField(
        _("who reads it"),
        max_length=12,
        choices=NoteVisibility,
        default=NoteVisibility.INTERNAL,
    )
    billing_kind = models.CharField(
        _("billing"), max_length=12, choices=BillingKind, default=BillingKind.BILLABLE
    )
    non_billable_reason = models.CharField(_("why not billable"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=EntryState, default=EntryState.APPROVED
    )
    # Of a rejection or a write-off.
    state_reason = models.CharField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # Empty while approved: by the rule of the contract, not by a person.
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The person said that working on two things at once was no mistake (`BIL-2`).
    overlap_confirmed = models.BooleanField(default=False)
    # What a line of an imported file is known by, so that a second run makes no second entry.
    import_key = models.CharField(max_length=100, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        ordering = ["work_date", "pk"]
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        indexes = [
            # The month-end run and the hours report.
            models.Index(fields=["work_date", "state"], name="entry_date_state"),
            # Week sheets, and what else somebody did at that time.
            models.Index(fields=["agent", "work_date"], name="entry_agent_date"),
            # What waits for a decision.
            models.Index(fields=["state", "work_date"], name="entry_state_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                name="entry_minutes_within_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(kilometres=None) | models.Q(kilometres__gt=0),
                name="entry_kilometres_above_0",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("started_at")),
                name="entry_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | models.Q(approved_at__isnull=False),
                name="entry_approver_with_date",
            ),
            models.UniqueConstraint(
                fields=["agent", "import_key"],
                condition=~models.Q(import_key=""),
                name="entry_imported_once",
            ),
        ]

    def __str__(self):
        return f"{self.minutes} min {self.work_date}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse changes to what was invoiced. One query more for an existing row."""
        if not self._state.adding:
            self._refuse_when_invoiced()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("desk:entry", args=[self.uuid])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse when it was invoiced. One query more."""
        self._refuse_when_invoiced()
        return super().delete(*args, **kwargs)

    @property
    def is_correctable(self) -> bool:
        return self.state in CORRECTABLE

    def allows(self, verb: str) -> bool:
        """The life cycle has this step from the present state."""
        return ENTRY.find(verb, self.state) is not None

    def _refuse_when_invoiced(self) -> None:
        if TimeEntry.objects.filter(pk=self.pk).invoiced().exists():
            raise refuse_frozen()


class EntryEvent(models.Model):
    """What happened to an entry: who, when, why, and each value before and after (`GEN-6`).

    Appended, never edited. It outlives an entry that was removed, under the entry's `uuid`.
    """

    class Kind(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CORRECTED = "corrected", _("Corrected")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        REOPENED = "reopened", _("Reopened")
        WRITTEN_OFF = "written_off", _("Written off")
        INVOICED = "invoiced", _("Put on an invoice")
        RELEASED = "released", _("Released, the invoice was credited")
        REMOVED = "removed", _("Removed")

    entry = models.ForeignKey(TimeEntry, models.SET_NULL, null=True, related_name="events")
    entry_uuid = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    # Empty: a rule.
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    # For each field [before, after]: plain values, of records their names.
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of a time entry")
        verbose_name_plural = _("events of time entries")

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
