"""VAT categories and currencies, as contracts, charges and invoices name them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.amounts import currency_code

__all__ = ["CATEGORIES_WITH_REASON", "VatCategory", "currency_code"]


class VatCategory(models.TextChoices):
    """Codes of EN 16931 (`BIL-20`); goods (K) and export (G) do not occur for hours."""

    STANDARD = "S", _("Standard or reduced rate")
    ZERO = "Z", _("Zero rate")
    EXEMPT = "E", _("Exempt")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    OUTSIDE_SCOPE = "O", _("Outside the scope of VAT")


CATEGORIES_WITH_REASON = (
    VatCategory.EXEMPT,
    VatCategory.REVERSE_CHARGE,
    VatCategory.OUTSIDE_SCOPE,
)
