"""Prices of an hour on all levels of `BIL-5`, each from a day on, and who has which role."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from billing.contracts.querysets import MoneyQuerySet
from itil.timesheets.models import Activity
from portal.people.models import Organization, User

from .contract import Contract
from .vat import currency_code


def once(*keys: Any, name: str) -> models.UniqueConstraint:
    """A price changes once on a day: these columns, a role, an activity and the day are unique,
    where an empty one counts as a value of its own.
    """
    whom = [
        Coalesce(column, Value(0), output_field=models.BigIntegerField())
        for column in ("role", "activity")
    ]
    day = Coalesce("valid_from", Value(date.min), output_field=models.DateField())
    return models.UniqueConstraint(
        *keys,
        *whom,
        day,
        name=name,
        violation_error_message=_("There is a rate for this from the same day already."),
    )


class BillingRole(models.Model):
    """What customers pay somebody as, such as consultant or senior; not a duty in this program."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("billing role")
        verbose_name_plural = _("billing roles")

    def __str__(self):
        return self.name


class PersonRole(models.Model):
    """The billing role of a person from a day on, until the next such row."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="billing_roles", verbose_name=_("person")
    )
    role = models.ForeignKey(
        BillingRole, models.PROTECT, related_name="people", verbose_name=_("billing role")
    )
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty: from the beginning.")
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["person__name", "valid_from"]
        verbose_name = _("billing role of a person")
        verbose_name_plural = _("billing roles of people")
        constraints = [
            models.UniqueConstraint(fields=["person", "valid_from"], name="person_role_once_a_day"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(valid_from__isnull=True),
                name="person_first_role_once",
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.role}"


class HourlyRate(models.Model):
    """The price of an hour for a role, an activity, both or neither, from `valid_from` on."""

    role = models.ForeignKey(
        BillingRole,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("billing role"),
    )
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("activity"),
    )
    # Four decimals, as EN 16931 allows for net prices (`BIL-18`).
    hourly_rate = models.DecimalField(
        _("hourly rate"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty: from the beginning.")
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        abstract = True


class ContractRate(HourlyRate):
    """A rate that was agreed in a contract, in its currency."""

    contract = ParentalKey(Contract, on_delete=models.CASCADE, related_name="rates")

    class Meta:
        ordering = ["role__name", "activity__name", "valid_from"]
        verbose_name = _("hourly rate")
        verbose_name_plural = _("hourly rates")
        constraints = [
            once("contract", name="contract_rate_once"),
            models.CheckConstraint(
                condition=models.Q(hourly_rate__gte=0), name="contract_rate_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.role or ''} {self.activity or ''} {self.hourly_rate}".strip()


class GeneralRate(HourlyRate):
    """A rate of a customer whatever the contract, or our price list when no customer is named.

    It applies to contracts in the same currency only: rates are never converted.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hourly_rates",
        verbose_name=_("customer"),
        help_text=_("Empty: for all customers."),
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[currency_code]
    )

    class Meta:
        ordering = ["organization__name", "role__name", "activity__name", "currency", "valid_from"]
        verbose_name = _("general rate")
        verbose_name_plural = _("general rates")
        constraints = [
            once(
                Coalesce("organization", Value(0), output_field=models.BigIntegerField()),
                "currency",
                name="general_rate_once",
            ),
            # `BIL-5` knows role, activity and default for all customers, not the two together.
            models.CheckConstraint(
                condition=models.Q(organization__isnull=False)
                | models.Q(role__isnull=True)
                | models.Q(activity__isnull=True),
                name="general_rate_role_or_activity",
                violation_error_message=_(
                    "A rate for all customers is for a role or for an activity, not for both."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(hourly_rate__gte=0), name="general_rate_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.organization or ''} {self.hourly_rate} {self.currency}".strip()
