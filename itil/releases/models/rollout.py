"""A release reaches its users in groups, and stays with them until the next one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import Environment
from itil.releases.lifecycle import DeploymentStatus
from itil.releases.querysets import DeploymentQuerySet
from portal.people.models import Location, Organization, User

from .release import Release


class Wave(models.Model):
    """A group that gets the release at the same time."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="waves")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=120)
    planned_start = models.DateTimeField(_("planned start"))
    planned_end = models.DateTimeField(_("planned end"))

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        constraints = [
            models.UniqueConstraint(fields=["release", "position"], name="wave_position_once"),
            models.CheckConstraint(
                condition=Q(planned_end__gt=F("planned_start")), name="wave_ends_later"
            ),
        ]

    def __str__(self):
        return self.name


class Deployment(models.Model):
    """The release on its way to one customer or one of its places, with planned and real times."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="deployments")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="deployments")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="deployments", verbose_name=_("customer")
    )
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    # The key of the place; 0 is the whole organization.
    place = models.BigIntegerField(default=0, editable=False)
    environment = models.CharField(
        _("environment"), max_length=12, choices=Environment, default=Environment.PRODUCTION
    )
    status = models.CharField(
        _("status"), max_length=11, choices=DeploymentStatus, default=DeploymentStatus.PLANNED
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    note = models.TextField(_("what came of it"), blank=True)
    carried_out_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        indexes = [
            # Which customer runs which version.
            models.Index(
                fields=["organization", "environment", "place", "-ended_at"],
                condition=Q(status="successful"),
                name="deployment_running",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "organization", "place", "environment"],
                name="deployment_once",
            ),
        ]

    def __str__(self):
        return f"{self.release_id} {self.organization_id}"
