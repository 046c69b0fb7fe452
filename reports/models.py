"""Computed figures: kept so that pages show them without computing, and so that they stay."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
