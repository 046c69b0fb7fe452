"""What an hour of work costs us."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import BillingRole, currency_code
from portal.people.models import User

from .querysets import CostQuerySet, CostRateQuerySet


def home_currency() -> str:
    return str(settings.BUSINESS_CURRENCY)


class CostRate(models.Model):
    """What an hour costs the desk from a day on: of one person, of a billing role, or of everybody
    who has neither. No two of one kind hold on the same day (`actions.add_cost`).
    """

    person = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    role = models.ForeignKey(
        BillingRole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("billing role"),
    )
    hourly_cost = models.DecimalField(
        _("cost of an hour"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(
        _("currency"), max_length=3, default=home_currency, validators=[currency_code]
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = CostRateQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "role__name", "-valid_from", "pk"]
        verbose_name = _("cost rate")
        verbose_name_plural = _("cost rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None) | Q(role=None),
                name="cost_of_person_or_role",
                violation_error_message=_("A cost rate is for a person or for a role, not both."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="cost_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(condition=Q(hourly_cost__gte=0), name="cost_not_negative"),
        ]

    def __str__(self):
        return f"{self.whom}: {self.hourly_cost.normalize():f} {self.currency}"

    @property
    def whom(self) -> str:
        return str(self.person or self.role or _("Everybody else"))


class CostEvent(models.Model):
    """What was changed about costs, by whom; appended, never edited."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        ENDED = "ended", _("Ended")
        REMOVED = "removed", _("Removed")

    kind = models.CharField(max_length=8, choices=Kind)
    # None: the system.
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=300)

    objects = CostQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of costs")
        verbose_name_plural = _("events of costs")

    def __str__(self):
        return f"{self.kind} {self.text}"
