"""What a contract says beside hours: orders of the catalog, and credits for missed targets."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CreditUnit(models.TextChoices):
    """What the credits of a contract are given in, and their cap with them."""

    AMOUNT = "amount", _("An amount")
    PERCENT = "percent", _("Percent of what the month costs")


def _credit(label: str) -> models.DecimalField:
    """So much for each missed target, in the unit; empty: none."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )


class BesideHours(models.Model):
    """The columns of a contract about what is billed, or given back, beside hours."""

    # By the day of delivery; empty: orders are not charged under this contract.
    orders_charged_from = models.DateField(
        _("delivered orders of the catalog are charged from"), null=True, blank=True
    )
    credit_unit = models.CharField(
        _("credits are given in"), max_length=7, choices=CreditUnit, default=CreditUnit.AMOUNT
    )
    response_credit = _credit(_("for each late first response"))
    resolution_credit = _credit(_("for each late solution"))
    credit_cap = _credit(_("at most in a month"))

    class Meta:
        abstract = True

    @property
    def gives_credits(self) -> bool:
        return self.response_credit is not None or self.resolution_credit is not None


def credits_within_the_month() -> models.CheckConstraint:
    """More than all of it cannot be given back."""
    shares = ("response_credit", "resolution_credit", "credit_cap")
    fits = models.Q(credit_unit="amount")
    rest = models.Q(credit_unit="percent")
    for name in shares:
        rest &= models.Q(**{name: None}) | models.Q(**{f"{name}__lte": 100})
    return models.CheckConstraint(
        condition=fits | rest,
        name="contract_credit_percent",
        violation_error_message=_("A credit is at most 100 percent of the month."),
    )
