"""The portfolio: what the organization provides to its customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.calendars.models import BusinessCalendar
from portal.people.models import Team, User


class Service(models.Model):
    """What is provided to achieve an outcome for the customer (domain vocabulary)."""

    class Criticality(models.IntegerChoices):
        HIGH = 1, _("High")
        MEDIUM = 2, _("Medium")
        LOW = 3, _("Low")

    class Status(models.TextChoices):
        """Where it stands in the portfolio."""

        PLANNED = "planned", _("Planned")
        LIVE = "live", _("In operation")
        RETIRING = "retiring", _("Being phased out")
        RETIRED = "retired", _("Ended")

    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    # The team that gets new tickets about this service.
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="services", verbose_name=_("team")
    )
    # Who answers for it: asked when somebody wants more of it than everyone may have.
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_services",
        verbose_name=_("owner"),
    )
    # Impact of an incident on this service when nobody says otherwise (`PRI-2`).
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality, default=Criticality.LOW
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.LIVE)
    # When somebody is there for it; empty: as the agreements say.
    support_hours = models.ForeignKey(
        BusinessCalendar,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("support hours"),
    )
    # May be chosen for new records.
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self):
        return self.name


class ServiceOffering(models.Model):
    """A packaged variant of a service for a group of consumers (domain vocabulary)."""

    service = models.ForeignKey(
        Service, models.PROTECT, related_name="offerings", verbose_name=_("service")
    )
    name = models.CharField(_("name"), max_length=200)
    terms = models.TextField(_("terms"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["service__name", "name"]
        verbose_name = _("service offering")
        verbose_name_plural = _("service offerings")
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="offering_once")]

    def __str__(self):
        return f"{self.service} · {self.name}"
