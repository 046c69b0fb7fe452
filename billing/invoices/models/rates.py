"""What one currency was worth in another on a day (`BIL-23`)."""

import uuid
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import currency_code
from billing.invoices.querysets import ExchangeRateQuerySet
from portal.people.models import User

# Enough for a yen in dinars, and to turn a rate round without losing a cent.
DECIMALS = 12


class ExchangeRate(models.Model):
    """One unit of `base` cost `rate` units of `currency` on this day, says `source`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base = models.CharField(
        _("one unit of"), max_length=3, default="EUR", validators=[currency_code]
    )
    currency = models.CharField(_("in"), max_length=3, validators=[currency_code])
    on = models.DateField(_("day"))
    rate = models.DecimalField(
        _("rate"),
        max_digits=24,
        decimal_places=DECIMALS,
        validators=[MinValueValidator(Decimal("0.000000000001"))],
    )
    # Printed on invoices, such as "ECB".
    source = models.CharField(_("source"), max_length=100)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "base", "currency"]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            # One answer for a day; also finds the newest before it.
            models.UniqueConstraint(fields=["base", "currency", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_above_zero"),
            models.CheckConstraint(
                condition=~models.Q(base=models.F("currency")), name="rate_of_two_currencies"
            ),
        ]

    def __str__(self):
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency}, {self.on}"
