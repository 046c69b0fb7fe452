"""Prices of a contract for what is no hour: kilometers from a day on, and parts."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from billing.contracts.querysets import MoneyQuerySet

from .charges import UnitCode
from .contract import Contract


class KilometreRate(models.Model):
    """What a kilometer costs from a day on, in the currency of the contract (`BIL-6`)."""

    contract = ParentalKey(Contract, on_delete=models.CASCADE, related_name="kilometre_rates")
    price = models.DecimalField(
        _("price of a kilometer"),
        max_digits=10,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )
    valid_from = models.DateField(_("from"))

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("price of a kilometer")
        verbose_name_plural = _("prices of a kilometer")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "valid_from"],
                name="kilometre_rate_once_a_day",
                violation_error_message=_("There is a price from the same day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="kilometre_rate_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.price} km"


class PartPrice(models.Model):
    """A part that may be used under a contract, with what it costs the customer."""

    contract = ParentalKey(Contract, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField(_("name"), max_length=150)
    number = models.CharField(_("article number"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=3, choices=UnitCode, default=UnitCode.PIECE)
    unit_price = models.DecimalField(
        _("price of one"),
        max_digits=12,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0))],
    )

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "number"]
        verbose_name = _("part")
        verbose_name_plural = _("parts")
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "name", "number"],
                name="part_once",
                violation_error_message=_("This part is on the list already."),
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0), name="part_price_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.number})" if self.number else self.name
