"""The clocks that measure what was promised (domain 4.4)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.calendars.hours import Schedule, add, between
from itil.calendars.models import BusinessCalendar, schedule_of
from itil.sla.querysets import SlaClockQuerySet
from itil.tickets.models import Ticket
from portal.people.models import Organization, Team

from .agreement import Agreement, Form, Metric


class ClockState(models.TextChoices):
    NOT_STARTED = "waiting", _("Not started")
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
    """Why a clock is left out of the compliance figure (`SLA-28`)."""

    CANCELLED = "cancelled", _("The ticket was cancelled")
    MERGED = "merged", _("The ticket was merged")
    NO_TARGET = "no_target", _("The agreement that now applies has no such target")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    CUSTOMER_CAUSED = "customer_caused", _("Caused by the customer")
    DUPLICATE = "duplicate", _("Duplicate")
    SPAM = "spam", _("Spam")
    TEST = "test", _("Test")


# What a lead may choose; the others follow from what happened to the ticket.
BY_LEAD = (
    Exclusion.FORCE_MAJEURE,
    Exclusion.CUSTOMER_CAUSED,
    Exclusion.DUPLICATE,
    Exclusion.SPAM,
    Exclusion.TEST,
)


class SlaClock(models.Model):
    """One measured run of one target on one ticket (`SLA-15`, `SLA-16`).

    A projection of the ticket's events: `itil.sla.clock` computes it from them and nothing else.
    `intervals` lists the active stretches as pairs of ISO 8601 UTC instants, the last one open
    (null) while running. Elapsed business time is the sum over them.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="clocks")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="clocks")
    agreement_version = models.PositiveIntegerField()
    # Why this agreement was chosen, as shown to agents (`SLA-5`).
    reason = models.CharField(max_length=250, blank=True)
    metric = models.CharField(max_length=16, choices=Metric)
    # An OLA measures the stays with one team, a supplier's contract one handover.
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Counts the runs of a metric that repeats (`SLA-2`).
    cycle = models.PositiveIntegerField(default=1)
    calendar = models.ForeignKey(BusinessCalendar, models.PROTECT, related_name="+")
    # The version of the calendar that the instants below were counted by, and its edition.
    calendar_version = models.PositiveIntegerField(default=1)
    calendar_edition = models.UUIDField()
    # The priority or severity whose column of the target table applies, and which of the two it is:
    # the scale of the agreement when this was promised, whatever it counts by today.
    priority = models.PositiveSmallIntegerField()
    target_key = models.CharField(
        max_length=8, choices=Agreement.TargetKey, default=Agreement.TargetKey.PRIORITY
    )
    # The target in business seconds; of the other forms what they come to for this ticket.
    target_seconds = models.PositiveIntegerField()
    # The promise as it was when it was made: form, rules and steps; see `itil.sla.terms`.
    terms = models.JSONField(default=dict)
    # Raised by every re-target; escalations fire once per version (`SLA-24`).
    target_version = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=9, choices=ClockState, default=ClockState.RUNNING)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    # Empty until it starts.
    started_at = models.DateTimeField(null=True, blank=True)
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
    # Why it counts neither as met nor as missed (`SLA-28`).
    exclusion = models.CharField(max_length=20, choices=Exclusion, blank=True)

    # What the worker has told of it; not derived from the ticket's events.
    at_risk_noticed_at = models.DateTimeField(null=True, blank=True)
    breach_noticed_at = models.DateTimeField(null=True, blank=True)
    # When the next escalation step is due, and those this target version has had.
    escalates_at = models.DateTimeField(null=True, blank=True)
    escalated = models.JSONField(default=list)

    # What the row held when it was locked; see itil.sla.actions. Not a column.
    facts_as_stored: str = ""

    objects = SlaClockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        indexes = [
            # What falls due, becomes at risk or escalates: cost independent of closed tickets.
            models.Index(
                fields=["due_at"],
                condition=models.Q(
                    state="running", outcome="pending", breach_noticed_at__isnull=True
                ),
                name="clock_falls_due",
            ),
            models.Index(
                fields=["at_risk_at"],
                condition=models.Q(
                    state="running", outcome="pending", at_risk_noticed_at__isnull=True
                ),
                name="clock_becomes_at_risk",
            ),
            models.Index(
                fields=["escalates_at"],
                condition=models.Q(state="running", escalates_at__isnull=False),
                name="clock_escalates",
            ),
            # What an edited calendar or agreement moves.
            models.Index(
                fields=["calendar", "calendar_version"],
                condition=models.Q(state="running"),
                name="clock_running_calendar",
            ),
            models.Index(
                fields=["agreement", "agreement_version"],
                condition=~models.Q(state="waiting") & models.Q(outcome="pending"),
                name="clock_pending_agreement",
            ),
            # Compliance by period.
            models.Index(fields=["outcome_at", "metric"], name="clock_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "metric", "cycle"],
                condition=~models.Q(state="cancelled") & models.Q(team__isnull=True),
                name="clock_one_live_per_metric",
            ),
            models.UniqueConstraint(
                fields=["ticket", "metric", "team", "cycle"],
                condition=~models.Q(state="cancelled") & models.Q(team__isnull=False),
                name="clock_one_live_per_team",
            ),
        ]

    def __str__(self):
        return f"{self.get_metric_display()} of {self.ticket_id}"

    # What follows from the stretches. No queries, apart from the first use of an edition of a
    # calendar in a process.

    def schedule(self) -> Schedule:
        """The opening hours this clock is counted by, as they were in its version."""
        return schedule_of(self.calendar_edition)

    @property
    def is_live(self) -> bool:
        """Neither stopped nor cancelled."""
        return self.state in (ClockState.NOT_STARTED, ClockState.RUNNING, ClockState.PAUSED)

    @property
    def level_text(self) -> str:
        """What the promise is for, by the scale it was made by: "P1 Critical" or "sev1"."""
        return Agreement.TargetKey(self.target_key).level_text(self.priority)

    @property
    def form(self) -> str:
        return self.terms.get("form", Form.DURATION)

    def stretches(self) -> list[tuple[datetime, datetime | None]]:
        """The active stretches as instants; the end of the last is None while it runs."""
        return [
            (datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
            for start, end in self.intervals
        ]

    def last_activity(self) -> datetime | None:
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
        return self.elapsed_seconds + between(self.schedule(), start, now)

    def reached_at(self, seconds: int) -> datetime | None:
        """The earliest instant with `seconds` used up, or None when it is never got to.

        A clock that stands still never gets further than its closed stretches.
        """
        return reached(self.schedule(), self.stretches(), seconds)

    def percent_mark(self, percent: int) -> datetime | None:
        """The instant at which `percent` of the target is used up (`SLA-23`).

        Never after the due time: one that is a date does not wait for a reopening, and may lie
        outside opening hours, with no business time before it.
        """
        if self.state == ClockState.RUNNING and (percent == 100 or self.target_seconds == 0):
            return self.due_at
        mark = self.reached_at(-(-self.target_seconds * percent // 100))
        return mark if mark is None or self.due_at is None else min(mark, self.due_at)


def reached(
    schedule: Schedule, stretches: Iterable[tuple[datetime, datetime | None]], seconds: int
) -> datetime | None:
    """The earliest instant at which `seconds` of business time lie in the stretches, or None."""
    left, found = seconds, None
    for start, end in stretches:
        if end is None:
            return add(schedule, start, left)
        used = between(schedule, start, end)
        if used >= left:
            found = add(schedule, start, left)
            # Used up at the very end of a stretch: the next one begins with nothing left.
            if found < end:
                return found
        left = max(0, left - used)
    return found
