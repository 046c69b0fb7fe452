"""Computed figures: kept so that pages show them without computing, and so that they stay."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from itil.tickets.models import Priority
from portal.people.models import Organization, Team, User

from .querysets import DashboardQuerySet, DeliveryQuerySet, SubscriptionQuerySet


class ReportSnapshot(models.Model):
    """The figures of one report: one row per report and what it is about, such as period, team,
    organization and zone.

    A worker fills `data`; it holds numbers and keys only, no sentences, so that every reader gets
    the own language. Figures hold no confidential ticket and are the same for all who may see
    reports, so a row does not belong to a person.
    """

    # Made from `filters` and the version of the structure of `data`.
    key = models.CharField(max_length=64, unique=True)
    filters = models.JSONField()
    data = models.JSONField(null=True, blank=True)
    # A long list behind the figures, as bytes; the report that has one knows their form.
    listed = models.BinaryField(null=True, blank=True)
    # When somebody last asked for fresh figures, and when they were ready.
    requested_at = models.DateTimeField(null=True, blank=True)
    # Tickets and events up to this instant are in the figures.
    computed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("report snapshot")
        indexes = [models.Index(fields=["used_at"], name="snapshot_used")]

    def __str__(self):
        return f"{self.filters.get('from')} – {self.filters.get('to')}"

    @property
    def is_ready(self) -> bool:
        return self.computed_at is not None


class CountedRecord(models.Model):
    """A record that a point of a figure counts, `times` times; the snapshot says what `record` is
    the primary key of.

    Rows instead of a list of keys: the database joins a hundred thousand of them to what the reader
    may see.
    """

    snapshot = models.ForeignKey(
        ReportSnapshot, models.CASCADE, related_name="records", db_index=False
    )
    record = models.BigIntegerField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("counted record")
        constraints = [
            # Its index finds the records of a snapshot, and whether it holds one.
            models.UniqueConstraint(fields=["snapshot", "record"], name="counted_record_once")
        ]

    def __str__(self):
        return f"{self.snapshot_id}: {self.record}"


class ClosedPeriod(models.Model):
    """The service levels of a month that is over, as they were first computed after its end.

    They stay: what changes later is told beside them (`SLA-27`). One row per month, team,
    organization and zone.
    """

    # Made from `filters`, as for a snapshot.
    key = models.CharField(max_length=64, unique=True)
    filters = models.JSONField()
    figures = models.JSONField()
    closed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("closed period")

    def __str__(self):
        return f"{self.filters.get('from')} – {self.filters.get('to')}"


class Dashboard(models.Model):
    """Tiles that a person chose, shown to the own eyes or also to a team.

    Figures are those that each reader may see: sharing a dashboard gives nobody a figure.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="dashboards", verbose_name=_("owner")
    )
    title = models.CharField(_("title"), max_length=80)
    # Whose members may look; only the owner changes it.
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dashboards",
        verbose_name=_("shared with"),
    )
    created_at = models.DateTimeField()

    objects = DashboardQuerySet.as_manager()

    class Meta:
        verbose_name = _("own dashboard")
        verbose_name_plural = _("own dashboards")
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:own", args=[self.pk])


class DashboardTile(models.Model):
    """What one tile of an own dashboard asks; see `reports.metrics.tile`."""

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="tiles")
    # From 1 on, in the order of the page.
    place = models.PositiveSmallIntegerField()
    # Empty: it is named after what it asks.
    title = models.CharField(_("title"), max_length=80, blank=True)
    indicators = models.JSONField()
    by = models.CharField(max_length=20, blank=True)
    split = models.CharField(max_length=20, blank=True)
    chart = models.CharField(_("chart"), max_length=10)

    class Meta:
        verbose_name = _("tile")
        ordering = ["dashboard", "place", "pk"]

    def __str__(self):
        return self.title or ", ".join(self.indicators)


class ReportKey(models.Model):
    """With this key another program reads the figures that its owner may see; only its digest is
    kept, so it can be shown only once. It opens nothing once the person may no longer sign in.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="report_key")
    # SHA-256 of the key, in hexadecimal digits.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("key to figures")
        verbose_name_plural = _("keys to figures")

    def __str__(self):
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"


class ReportSubscription(models.Model):
    """Figures that are mailed again and again, to each recipient those that he may see.

    `board` is a dashboard of ours, the report for a customer, or `OWN`: then `dashboard` is one
    that somebody put together. `tiles` are asked in the place of a dashboard of ours when there are
    some. Which day it is and which period is over is told by each recipient's zone.
    """

    class Frequency(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    class Format(models.TextChoices):
        PDF = "pdf", _("PDF")
        XLSX = "xlsx", _("Excel workbook")
        CSV = "csv", _("CSV")
        PARQUET = "parquet", _("Parquet")

    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="report_subscriptions",
        verbose_name=_("owner"),
    )
    board = models.CharField(_("dashboard"), max_length=40)
    # Gone when its owner deleted it: then nobody gets anything.
    dashboard = models.ForeignKey(
        Dashboard, models.SET_NULL, null=True, blank=True, related_name="subscriptions"
    )
    # As `reports.actions.boards.plain_tile` writes them.
    tiles = models.JSONField(default=list, blank=True)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_subscriptions",
        verbose_name=_("organization"),
    )
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_subscriptions",
        verbose_name=_("team"),
    )
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_subscriptions",
        verbose_name=_("service"),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, null=True, blank=True
    )
    # A type of tickets; empty for all.
    kind = models.CharField(_("type"), max_length=40, blank=True)
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency, default=Frequency.MONTHLY
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday, default=Weekday.MONDAY
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=7, validators=[MaxValueValidator(23)]
    )
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="received_reports", verbose_name=_("recipients")
    )
    formats = models.JSONField(_("files"), default=list)
    # Of the service manager, on the first page.
    comment = models.TextField(_("comment"), blank=True)
    # Each period waits until a person has commented on it and released it.
    needs_release = models.BooleanField(_("a person releases each report"), default=False)
    is_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    # What was due before this instant is not sent: it was made, resumed or given other days then.
    since = models.DateTimeField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled report")
        verbose_name_plural = _("scheduled reports")
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("reports:subscription", args=[self.pk])


class ReportDelivery(models.Model):
    """One period of a subscription for one recipient."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Waits for its release")
        WAITING = "waiting", _("Being made")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        WITHHELD = "withheld", _("Not sent")

    class Reason(models.TextChoices):
        RIGHTS = "rights", _("The person may not see these figures (any more).")
        ADDRESS = "address", _("Mail to this person comes back.")

    subscription = models.ForeignKey(
        ReportSubscription, models.CASCADE, related_name="deliveries", db_index=False
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="report_deliveries"
    )
    # Local days in `zone`, both included.
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=64)
    # Sent to oneself to look at it; may be repeated.
    is_test = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # Why nothing was sent.
    reason = models.CharField(max_length=8, choices=Reason, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    data_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a report")
        verbose_name_plural = _("deliveries of reports")
        ordering = ["-pk"]
        constraints = [
            # A period is sent to a person once, however many workers look.
            models.UniqueConstraint(
                fields=["subscription", "recipient", "first", "last"],
                condition=models.Q(is_test=False),
                name="report_sent_once",
            )
        ]
        indexes = [
            # The log of a subscription.
            models.Index(fields=["subscription", "-id"], name="report_delivery_log"),
            # What is to be made.
            models.Index(
                fields=["next_at"], condition=models.Q(state="waiting"), name="report_delivery_due"
            ),
        ]

    def __str__(self):
        return f"{self.subscription}, {self.first} – {self.last}"


def delivered_path(file: "DeliveredFile", name: str) -> str:
    return f"reports/{file.uuid}/{name}"


class DeliveredFile(models.Model):
    """A file that was mailed, as it was."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(ReportDelivery, models.CASCADE, related_name="files")
    format = models.CharField(max_length=8, choices=ReportSubscription.Format)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=delivered_path, max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("mailed file")
        ordering = ["pk"]

    def __str__(self):
        return self.name
