"""When an incident is proposed as a major one without anybody asking (`INC-8`)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from portal.people.models import User

from .major import DEFAULT_INTERVAL, LONGEST_INTERVAL, SHORTEST_INTERVAL


class CandidateRule(models.Model):
    """One sign of a major incident. It proposes; it accepts only when told to."""

    class Sign(models.TextChoices):
        CHILDREN = "children", _("many incidents below one, on one service")
        SERVICE_DOWN = "service_down", _("a critical service is down (priority 1)")

    name = models.CharField(_("name"), max_length=120, unique=True)
    sign = models.CharField(_("sign"), max_length=12, choices=Sign)
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Left empty, every service; of a service that is down, every critical one."),
    )
    least_children = models.PositiveSmallIntegerField(
        _("incidents"), default=5, validators=[MinValueValidator(2)]
    )
    within_minutes = models.PositiveSmallIntegerField(
        _("received within minutes"), default=30, validators=[MinValueValidator(1)]
    )
    accepts = models.BooleanField(
        _("accept at once"),
        default=False,
        help_text=_("Without a person: give the owner who then leads it."),
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    interval_minutes = models.PositiveSmallIntegerField(
        _("minutes between updates"),
        default=DEFAULT_INTERVAL,
        validators=[MinValueValidator(SHORTEST_INTERVAL), MaxValueValidator(LONGEST_INTERVAL)],
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("rule for major incidents")
        verbose_name_plural = _("rules for major incidents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepts=False) | models.Q(owner__isnull=False),
                name="candidate_rule_accepts_with_owner",
                violation_error_message=_("Choose the owner who leads what is accepted at once."),
            ),
        ]

    def __str__(self):
        return self.name
