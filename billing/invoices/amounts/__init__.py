"""Money and VAT by EN 16931, in decimals (`BIL-18` to `BIL-20`). The one place that rounds money.

Order of rounding, and nowhere else: each line, then VAT once for each category and rate
(docs/algorithms/invoice-amounts.md).
"""

from billing.contracts.amounts import decimals_of, is_current, rounded

from .categories import (
    AMOUNT_CATEGORIES,
    OUTSIDE_SCOPE,
    STANDARD,
    mixes_outside_scope,
    vat_problem,
)
from .interest import interest_of
from .lines import HOUR, MINUTE, Quantity, line_net, price_of, quantity_of, share_of
from .reading import WrongAmounts, totals_of_json
from .totals import Tax, TaxedAmount, Totals, converted, totals_of

__all__ = [
    "AMOUNT_CATEGORIES",
    "HOUR",
    "MINUTE",
    "OUTSIDE_SCOPE",
    "STANDARD",
    "Quantity",
    "Tax",
    "TaxedAmount",
    "Totals",
    "WrongAmounts",
    "converted",
    "decimals_of",
    "interest_of",
    "is_current",
    "line_net",
    "mixes_outside_scope",
    "price_of",
    "quantity_of",
    "rounded",
    "share_of",
    "totals_of",
    "totals_of_json",
    "vat_problem",
]
