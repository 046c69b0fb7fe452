"""The portfolio: what the organization provides to its customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.models import Team, User


class Service(models.Model):
    """What is provided to achieve an outcome for the customer (domain vocabulary)."""

    class Criticality(models.IntegerChoices):
        HIGH = 1, _("High")
        MEDIUM = 2, _("Medium")
        LOW = 3, _("Low")

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
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self):
        return self.name
