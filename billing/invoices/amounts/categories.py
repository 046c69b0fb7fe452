"""VAT categories of EN 16931 and what may stand together (`BIL-20`)."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

STANDARD = "S"
OUTSIDE_SCOPE = "O"
# Standard, zero, exempt, reverse charge, goods within the Union, export, outside the scope.
AMOUNT_CATEGORIES = (STANDARD, "Z", "E", "AE", "K", "G", OUTSIDE_SCOPE)


def vat_problem(category: str, rate: Decimal) -> str:
    """Why `rate` percent cannot stand in `category`, as a sentence; "" when it can."""
    if category not in AMOUNT_CATEGORIES:
        return _("“%(category)s” is no VAT category. There are %(all)s.") % {
            "category": category[:20],
            "all": ", ".join(AMOUNT_CATEGORIES),
        }
    if category == STANDARD and rate <= 0:
        return _("Category S needs a rate above 0. For a rate of 0 use Z, E, AE, K, G or O.")
    if category != STANDARD and rate != 0:
        return _("Category %(category)s has a rate of 0, not %(rate)s.") % {
            "category": category,
            "rate": rate,
        }
    return ""


def mixes_outside_scope(categories: Iterable[str]) -> bool:
    """True when category O stands beside another one, which no invoice may do (`BIL-20`)."""
    found = set(categories)
    return OUTSIDE_SCOPE in found and len(found) > 1
