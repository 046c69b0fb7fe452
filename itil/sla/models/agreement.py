"""What was promised (domain 4.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from itil.calendars.models import BusinessCalendar
from itil.services.models import Service
from itil.sla.querysets import AgreementQuerySet
from itil.tickets.models import Channel, Priority, Severity
from portal.people.models import Location, Organization, Team


class Agreement(ClusterableModel):
    """A written level of service. All conditions are optional; all given ones must match.

    Saving an existing agreement raises its version; clocks keep the number they were made by.
    """

    class Kind(models.TextChoices):
        SLA = "sla", _("With a customer (SLA)")
        OLA = "ola", _("Between our teams (OLA)")
        UC = "uc", _("With a supplier (underpinning contract)")

    class TargetKey(models.TextChoices):
        """What names the column of the target table (`PRI-4`)."""

        PRIORITY = "priority", _("Priority of the ticket")
        SEVERITY = "severity", _("Severity by the contract")

        def level_text(self, level: int) -> str:
            """The column of the target table: "P1 Critical" or "sev1".

            A level that the scale does not have is told as its number: rows of an agreement that
            has changed its scale may name one.
            """
            levels = Severity if self == self.SEVERITY else Priority
            if level not in levels.values:
                return str(level)
            label = str(levels(level).label)
            return label if self == self.SEVERITY else f"P{level} {label}"

    class ReopenPolicy(models.TextChoices):
        """What a reopening does to the resolution clock (`SLA-19`)."""

        RESUME = "resume", _("Go on; the time in between is not counted")
        COUNT_GAP = "count_gap", _("Go on; the time in between is counted")
        RESTART = "restart", _("Begin anew with the whole target")

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
    # Where the requester works.
    location = models.ForeignKey(
        Location,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("location"),
    )
    # An OLA is with one team, an underpinning contract with one supplier; empty: with any.
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("team"),
    )
    supplier = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="supplies",
        verbose_name=_("supplier"),
    )
    requester_vip = models.BooleanField(_("VIP only"), default=False)
    ticket_kind = models.CharField(_("ticket type"), max_length=20, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)

    target_key = models.CharField(
        _("targets by"), max_length=8, choices=TargetKey, default=TargetKey.PRIORITY
    )
    reopen_policy = models.CharField(
        _("a reopened ticket"),
        max_length=9,
        choices=ReopenPolicy,
        default=ReopenPolicy.RESUME,
    )
    requester_sees_due = models.BooleanField(_("requester sees due times"), default=True)
    vendor_pauses = models.BooleanField(_("waiting for a supplier pauses"), default=False)
    at_risk_percent = models.PositiveSmallIntegerField(_("at risk from percent"), default=75)
    # So much of the time in which a service is degraded counts as time down (`KPI-18`).
    degraded_percent = models.PositiveSmallIntegerField(
        _("a degraded service counts as down, in percent"), default=0
    )
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
            models.CheckConstraint(
                condition=models.Q(degraded_percent__range=(0, 100)),
                name="agreement_degraded_percent_in_range",
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
    NEXT_RESPONSE = "next_response", _("Next response")
    UPDATE = "update", _("Regular update")
    RESOLUTION = "resolution", _("Resolution")
    FULFILMENT = "fulfilment", _("Fulfilment")
    OLA_RESOLUTION = "ola_resolution", _("Time with the team")
    UC_RESPONSE = "uc_response", _("Supplier's response")
    UC_RESOLUTION = "uc_resolution", _("Supplier's solution")


# Which agreements promise what; an OLA or a supplier's contract never alters the SLA (`SLA-1`).
METRICS_OF = {
    Agreement.Kind.SLA: (
        Metric.ACKNOWLEDGE,
        Metric.FIRST_RESPONSE,
        Metric.NEXT_RESPONSE,
        Metric.UPDATE,
        Metric.RESOLUTION,
        Metric.FULFILMENT,
    ),
    Agreement.Kind.OLA: (Metric.OLA_RESOLUTION,),
    Agreement.Kind.UC: (Metric.UC_RESPONSE, Metric.UC_RESOLUTION),
}


class Form(models.TextChoices):
    """How a target is written down (`SLA-3`)."""

    DURATION = "duration", _("Business time")
    BUSINESS_DAYS = "business_days", _("Business days")
    CUTOFF = "cutoff", _("Same day if received before a time, else the next one")
    FIXED_INSTANT = "fixed_instant", _("The date agreed on the ticket")


class ServiceTarget(models.Model):
    """The promise for one metric at one priority or severity."""

    class Snap(models.TextChoices):
        END_OF_DAY = "end_of_day", _("at the end of the day")
        SAME_TIME = "same_time", _("at the same time of day")

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(_("metric"), max_length=16, choices=Metric)
    # The column of the target table; a severity when the agreement counts by severity.
    priority = models.PositiveSmallIntegerField(_("priority or severity"), choices=Priority)
    form = models.CharField(_("form"), max_length=13, choices=Form, default=Form.DURATION)
    seconds = models.PositiveIntegerField(_("business time in seconds"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("business days"), null=True, blank=True)
    snap = models.CharField(
        _("due"), max_length=10, choices=Snap, default=Snap.END_OF_DAY, blank=True
    )
    # Minutes after local midnight.
    cutoff = models.PositiveSmallIntegerField(_("cut-off time"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=models.Q(form="duration", seconds__gt=0)
                | models.Q(form="business_days", days__gt=0)
                | models.Q(form="cutoff", cutoff__gt=0, cutoff__lt=1440)
                | models.Q(form="fixed_instant"),
                name="target_not_zero",
            ),
        ]

    def __str__(self):
        return f"{self.get_metric_display()} P{self.priority}"


class EscalationStep(models.Model):
    """What happens when a share of a target is used up (`SLA-23`)."""

    class Action(models.TextChoices):
        NOTIFY_ASSIGNEE = "notify_assignee", _("Tell the assignee")
        NOTIFY_LEAD = "notify_lead", _("Tell the team's leads")
        NOTIFY_MANAGER = "notify_manager", _("Tell the managers")
        HAND_OVER = "hand_over", _("Hand over to a team")
        PROPOSE_MAJOR = "propose_major", _("Propose a major incident")

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="steps")
    percent = models.PositiveSmallIntegerField(_("percent of the target"))
    # Empty: every metric of the agreement.
    metric = models.CharField(_("metric"), max_length=16, choices=Metric, blank=True)
    action = models.CharField(_("then"), max_length=15, choices=Action)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    # A warning that falls into the night of this calendar waits until it opens.
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only while this calendar is open"),
    )

    class Meta:
        ordering = ["percent", "pk"]
        verbose_name = _("escalation step")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__range=(1, 100)), name="step_percent_in_range"
            ),
            models.CheckConstraint(
                condition=~models.Q(action="hand_over") | models.Q(team__isnull=False),
                name="step_hands_over_to_a_team",
            ),
            models.UniqueConstraint(
                fields=["agreement", "metric", "percent", "action"], name="step_once"
            ),
        ]

    def __str__(self):
        return f"{self.percent} %: {self.get_action_display()}"
