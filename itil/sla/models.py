"""What was promised, and the clocks that measure it (domain section 4)."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from itil.calendars.hours import add, between
from itil.calendars.models import BusinessCalendar
from itil.services.models import Service
from itil.tickets.models import Channel, Priority, Ticket
from portal.people.models import Organization

from .querysets import AgreementQuerySet, SlaClockQuerySet


class Agreement(ClusterableModel):
    """A written level of service. All conditions are optional; all given ones must match.

    Saving an existing agreement raises its version; clocks keep the number they were made by.
    """

    class Kind(models.TextChoices):
        SLA = "sla", _("With a customer (SLA)")
        OLA = "ola", _("Between our teams (OLA)")
        UC = "uc", _("With a supplier (underpinning contract)")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=3, choices=Kind, default=Kind.SLA)
    calendar = models.ForeignKey(
        BusinessCalendar, models.PROTECT, related_name="agreements", verbose_name=_("calendar")
    )
    is_default = models.BooleanField(_("default"), default=False)
    active = models.BooleanField(_("active"), default=True)
    # Lower goes first; administrators use it to force an order (`SLA-5`).
    rank = models.PositiveIntegerField(_("rank"), default=100)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("organization"),
    )
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("service"),
    )
    requester_vip = models.BooleanField(_("VIP only"), default=False)
    ticket_kind = models.CharField(_("ticket type"), max_length=20, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)

    requester_sees_due = models.BooleanField(_("requester sees due times"), default=True)
    vendor_pauses = models.BooleanField(_("waiting for a supplier pauses"), default=False)
    at_risk_percent = models.PositiveSmallIntegerField(_("at risk from percent"), default=75)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "name"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(is_default=True, active=True),
                name="agreement_one_default_per_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(at_risk_percent__range=(1, 100)),
                name="agreement_at_risk_percent_in_range",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        """Save; an existing agreement becomes a new version (`SLA-7`)."""
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(**kwargs)


class Metric(models.TextChoices):
    """What is measured (`SLA-2`)."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    FIRST_RESPONSE = "first_response", _("First response")
    RESOLUTION = "resolution", _("Resolution")


class ServiceTarget(models.Model):
    """The promise for one metric at one priority: seconds of the agreement's business time."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(_("metric"), max_length=16, choices=Metric)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)
    seconds = models.PositiveIntegerField(_("business time in seconds"))
    # Empty: the calendar of the agreement. Critical tickets often run day and night.
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("other calendar"),
    )

    class Meta:
        ordering = ["metric", "priority"]
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "metric", "priority"], name="target_once"),
            models.CheckConstraint(condition=models.Q(seconds__gt=0), name="target_not_zero"),
        ]

    def __str__(self):
        return f"{self.get_metric_display()} P{self.priority}"


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(models.TextChoices):
    PENDING = "pending", _("Pending")
    MET = "met", _("Met")
    BREACHED = "breached", _("Missed")
    EXCLUDED = "excluded", _("Excluded")


class Exclusion(models.TextChoices):
    """Why a clock is left out of the compliance figure."""

    CANCELLED = "cancelled", _("The ticket was cancelled")
    MERGED = "merged", _("The ticket was merged")
    NO_TARGET = "no_target", _("The agreement that now applies has no such target")


class SlaClock(models.Model):
    """One measured run of one target on one ticket (`SLA-15`, `SLA-16`).

    `intervals` lists the active stretches as pairs of ISO 8601 UTC instants, the last one open
    (null) while running. Elapsed business time is the sum over them; nothing else is trusted.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="clocks")
    agreement_version = models.PositiveIntegerField()
    # Why this agreement was chosen, as shown to agents (`SLA-5`).
    reason = models.CharField(max_length=250, blank=True)
    calendar = models.ForeignKey(BusinessCalendar, models.PROTECT, related_name="+")
    # The version of the calendar that the instants below were counted by.
    calendar_version = models.PositiveIntegerField(default=1)
    metric = models.CharField(max_length=16, choices=Metric)
    # The priority whose column of the target table applies.
    priority = models.PositiveSmallIntegerField()
    target_seconds = models.PositiveIntegerField()
    # Raised by every re-target; escalations fire once per version (`SLA-24`).
    target_version = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=9, choices=ClockState, default=ClockState.RUNNING)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    started_at = models.DateTimeField()
    intervals = models.JSONField(default=list)
    # Empty while paused: there is no due time then (`SLA-16`).
    due_at = models.DateTimeField(null=True, blank=True)
    at_risk_at = models.DateTimeField(null=True, blank=True)
    # Business seconds of the closed stretches; the time since the open one began comes on top.
    elapsed_seconds = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    # Always the computed due time, never a job's time (`SLA-24`).
    breached_at = models.DateTimeField(null=True, blank=True)
    # The instant that decides the reporting period (`SLA-27`).
    outcome_at = models.DateTimeField(null=True, blank=True)
    # Why it counts neither as met nor as missed (`SLA-28`): see Exclusion.
    exclusion = models.CharField(max_length=20, choices=Exclusion, blank=True)
    at_risk_noticed_at = models.DateTimeField(null=True, blank=True)
    breach_noticed_at = models.DateTimeField(null=True, blank=True)

    # What the row held when it was locked; see itil.sla.actions. Not a column.
    facts_as_stored: str = ""

    objects = SlaClockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            # What falls due or becomes at risk: cost independent of closed tickets.
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="running", breach_noticed_at__isnull=True),
                name="clock_falls_due",
            ),
            models.Index(
                fields=["at_risk_at"],
                condition=models.Q(state="running", at_risk_noticed_at__isnull=True),
                name="clock_becomes_at_risk",
            ),
            # Compliance by period.
            models.Index(fields=["outcome_at", "metric"], name="clock_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric"],
                condition=~models.Q(state="cancelled"),
                name="clock_one_live_per_metric",
            )
        ]

    def __str__(self):
        return f"{self.get_metric_display()} of {self.ticket_id}"

    # What follows from the stretches. No queries when `calendar` is loaded, apart from the first
    # use of an edition of a calendar in a process.

    def stretches(self) -> list[tuple[datetime, datetime | None]]:
        """The active stretches as instants; the end of the last is None while it runs."""
        return [
            (datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
            for start, end in self.intervals
        ]

    def last_activity(self) -> datetime:
        """The last recorded instant; nothing may happen to the clock before it."""
        if not self.intervals:
            return self.started_at
        start, end = self.intervals[-1]
        return datetime.fromisoformat(end or start)

    def elapsed_at(self, now: datetime) -> int:
        """Business seconds used up at `now`."""
        if self.state != ClockState.RUNNING or not self.intervals:
            return self.elapsed_seconds
        start = datetime.fromisoformat(self.intervals[-1][0])
        return self.elapsed_seconds + between(self.calendar.schedule(), start, now)

    def reached_at(self, seconds: int) -> datetime | None:
        """The earliest instant with `seconds` used up, or None when it is never got to.

        A clock that stands still never gets further than its closed stretches.
        """
        schedule = self.calendar.schedule()
        left, reached = seconds, None
        for start, end in self.stretches():
            if end is None:
                return add(schedule, start, left)
            used = between(schedule, start, end)
            if used >= left:
                reached = add(schedule, start, left)
                # Used up at the very end of a stretch: the next one begins with nothing left.
                if reached < end:
                    return reached
            left = max(0, left - used)
        return reached

    def percent_mark(self, percent: int) -> datetime | None:
        """The instant at which `percent` of the target is used up (`SLA-23`)."""
        return self.reached_at(-(-self.target_seconds * percent // 100))
